"""Warnings are errors, and no pinned version lies below its floor (R-18)."""

from __future__ import annotations

import re
import tomllib
import warnings

import pytest

from tests.guards.sources import ROOT

FLOORS = {
    "django": (5, 2, 19),
    "weasyprint": (70, 0),
    "openpyxl": (3, 1, 5),
    "defusedxml": (0, 7, 1),
    "nh3": (0, 3, 8),
    "django-import-export": (4, 4, 3),
}
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[a-z,]+\])?==([0-9][0-9a-z.]*)", re.MULTILINE)


def pins(lock: str) -> dict[str, tuple[int, ...]]:
    return {
        name.lower().replace("_", "-"): tuple(int(part) for part in version.split(".") if part.isdigit())
        for name, version in PIN.findall(lock)
    }


def below(lock: str) -> list[str]:
    """Packages below their floor, or missing from the lock."""
    found = pins(lock)
    return sorted(name for name, floor in FLOORS.items() if found.get(name, ()) < floor)


def without_hash(lock: str) -> list[str]:
    """Pinned lines that no hash follows."""
    blocks = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)
    return [block.split("==")[0] for block in blocks if PIN.match(block) and "--hash=sha256:" not in block]


@pytest.mark.parametrize("name", LOCKS)
def test_versions_are_above_their_floors(name):
    assert below((ROOT / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_its_hash(name):
    assert without_hash((ROOT / name).read_text(encoding="utf-8")) == []


def test_warnings_are_errors():
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    assert options["filterwarnings"][0] == "error"
    with pytest.raises(UserWarning):
        warnings.warn("a made-up warning", UserWarning, stacklevel=1)


def test_an_old_version_is_seen():
    lock = "\n".join(f"{name}=={'.'.join(map(str, floor))}" for name, floor in FLOORS.items())
    assert below(lock) == []
    assert below(lock.replace("django==5.2.19", "django==5.2.18")) == ["django"]
    assert below(lock.replace("nh3==0.3.8", "")) == ["nh3"]


def test_a_pin_without_hash_is_seen():
    assert without_hash("django==5.2.19 \\\n    --hash=sha256:aa\nnh3==0.3.8\n") == ["nh3"]
