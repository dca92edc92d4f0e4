"""Profiles: dev (./run, with the demo), test, production; what they share is in base."""
