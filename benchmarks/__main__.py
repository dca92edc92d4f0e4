"""The command: `python -m benchmarks pages [--json] [--requests N]`, on the database of the settings (load the demo first)."""

import argparse
import json
import os
import sys

import django


def main() -> int:
    """Run the named benchmark, print one line per measurement, return 0."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("name", choices=["pages"])
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--requests", type=int, default=40, help="requests per page")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relief.settings.dev")
    django.setup()
    from benchmarks import pages

    lines = pages.measure(options.requests)
    if options.json:
        json.dump(lines, sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        for line in lines:
            print(f"{line['page']:<14} {line['path']:<32} median {line['median_ms']:>6} ms  goal {line['goal_ms']} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
