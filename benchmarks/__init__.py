"""Measurements: `python -m benchmarks pages --json`. Never asserted in a test: timings depend on the machine."""
