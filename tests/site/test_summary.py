"""The one summary line of ./test."""

import subprocess
import sys
from pathlib import Path

import pytest

SUMMARY = Path(__file__).resolve().parents[2] / ".ci" / "summary.py"


def report(tmp_path: Path, name: str, *, tests: int, failures: int = 0, errors: int = 0, skipped: int = 0) -> str:
    path = tmp_path / f"{name}.xml"
    path.write_text(
        f'<testsuites><testsuite name="pytest" tests="{tests}" failures="{failures}" errors="{errors}"'
        f' skipped="{skipped}"/></testsuites>'
    )
    return str(path)


def summary(*arguments: str) -> tuple[str, int]:
    done = subprocess.run([sys.executable, SUMMARY, *arguments], capture_output=True, text=True, check=False)
    return done.stdout, done.returncode


def test_both_databases_are_summed(tmp_path):
    reports = [report(tmp_path, "sqlite", tests=10, skipped=1), report(tmp_path, "postgresql", tests=10, skipped=2)]

    assert summary("0", *reports) == ("17 passed, 0 failed, 3 skipped\n", 0)


@pytest.mark.parametrize("kind", ["failures", "errors"])
def test_one_failure_fails_the_whole(tmp_path, kind):
    reports = [report(tmp_path, "sqlite", tests=3), report(tmp_path, "postgresql", tests=3, **{kind: 1})]

    assert summary("0", *reports) == ("5 passed, 1 failed, 0 skipped\n", 1)


def test_a_run_that_broke_off_fails_even_without_a_failed_test(tmp_path):
    assert summary("1", report(tmp_path, "sqlite", tests=3)) == ("3 passed, 0 failed, 0 skipped\n", 1)


def test_no_report_at_all_fails(tmp_path):
    assert summary("0", str(tmp_path / "missing.xml")) == ("0 passed, 0 failed, 0 skipped\n", 1)
