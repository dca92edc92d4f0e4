"""R-18: pinned with hashes, no index address, never below the floor."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# From security.md R-18, not from pyproject.toml: this is the floor that stays when somebody loosens a pin.
FLOORS = {
    "django": (5, 2, 19),
    "weasyprint": (70, 0),
    "openpyxl": (3, 1, 5),
    "defusedxml": (0, 7, 1),
    "nh3": (0, 3, 8),
    "django-import-export": (4, 4, 3),
}
PIN = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / name).read_text()))


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))


@pytest.mark.parametrize("package", FLOORS)
def test_nothing_is_below_its_floor(package):
    assert numbers(version(package)) >= FLOORS[package]
    assert numbers(pins("requirements.lock")[package]) >= FLOORS[package]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_a_hash_and_no_lock_names_an_index(lock):
    text = (ROOT / lock).read_text()
    blocks = re.split(r"\n(?=[a-z0-9])", text.strip())

    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"https?://|--index|--find-links", text) == []


def test_the_tests_run_on_the_very_versions_of_the_application():
    application, tests = pins("requirements.lock"), pins("requirements-dev.lock")

    assert {name: tests.get(name) for name in application} == application
