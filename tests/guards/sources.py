"""The project's own source files, parsed, for the guards that read code."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("unions", "campaigns", "beneficiaries", "reporting")
ROOMS = (*APPS, "relief")


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the project's root and its text."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.path, self.text)

    @property
    def room(self) -> str:
        """The package a rule of imports speaks about: an app, `relief.lib`, or `relief` (the top)."""
        parts = self.path.split("/")
        return "relief.lib" if parts[:2] == ["relief", "lib"] else parts[0]

    @property
    def is_action(self) -> bool:
        """Whether the file is the actions module or package of an app."""
        parts = self.path.split("/")
        return parts[0] in APPS and parts[1] in ("actions", "actions.py")


@cache
def _parsed(path: str, text: str) -> ast.Module:
    return ast.parse(text, path)


def python_files(*, migrations: bool = False) -> list[Source]:
    """Every Python file of the product, without tests; migrations only when asked for."""
    found = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [
        Source(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for path in found
        if migrations or "migrations" not in path.parts
    ]


def complaints(guard, files: Iterable[Source] | None = None) -> list[str]:
    """What a guard says about the files: `path:line what`, sorted."""
    given = python_files() if files is None else files
    return sorted(f"{file.path}:{line} {what}" for file in given for line, what in guard(file))


def sample(path: str, text: str) -> list[Source]:
    """A small made-up file, to see a guard complain."""
    return [Source(path, text)]
