"""Write the workbooks of the cases to should_pass/ and should_fail/."""

from __future__ import annotations

from pathlib import Path

from tests.lib.tables.sheets import workbook
from tests.workbooks.failing import SHOULD_FAIL
from tests.workbooks.passing import SHOULD_PASS

HERE = Path(__file__).parent
FOLDERS = {"should_pass": SHOULD_PASS, "should_fail": SHOULD_FAIL}


def write() -> None:
    """Write all files anew."""
    for folder, cases in FOLDERS.items():
        (HERE / folder).mkdir(exist_ok=True)
        for old in (HERE / folder).glob("*.xlsx"):
            old.unlink()
        for case in cases:
            (HERE / folder / f"{case.name}.xlsx").write_bytes(workbook(*case.rows, change=case.change))


if __name__ == "__main__":
    write()
