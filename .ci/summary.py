"""Prints `N passed, N failed, N skipped` over several JUnit reports; exit 1 when anything failed or broke off."""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def main(broken: str, reports: list[str]) -> int:
    tests = failed = skipped = 0
    for report in reports:
        # Our own pytest wrote it a moment ago: nothing foreign is parsed here.
        for suite in ElementTree.parse(Path(report)).getroot().iter("testsuite"):
            tests += int(suite.get("tests", 0))
            failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped += int(suite.get("skipped", 0))
    sys.stderr.flush()
    sys.stdout.write(f"{max(tests - failed - skipped, 0)} passed, {failed} failed, {skipped} skipped\n")
    return 1 if failed or broken != "0" or not reports else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], [name for name in sys.argv[2:] if Path(name).exists()]))
