"""What the apps hand down to the lowest one: verifiers and menu entries. Filled when Django starts (D20)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing `verify` found: which check, which row, and what is wrong (no L3 or L4 values)."""

    check: str
    table: str
    row: str
    message: str


Verifier = Callable[[], Iterator[Finding]]
_verifiers: dict[str, Verifier] = {}


def register_verifier(name: str, verifier: Verifier) -> None:
    """Add a check that `manage.py verify` runs."""
    _verifiers[name] = verifier


def verifiers() -> dict[str, Verifier]:
    """All registered checks by name."""
    return dict(_verifiers)


@dataclass(frozen=True)
class MenuEntry:
    """One entry of the header: shown to whoever may do the act anywhere."""

    label: str
    url_name: str
    act: str
    order: int
    prefix: str


_menu: list[MenuEntry] = []


def register_menu(*entries: MenuEntry) -> None:
    _menu.extend(entries)
    _menu.sort(key=lambda entry: entry.order)


def menu() -> list[MenuEntry]:
    return list(_menu)
