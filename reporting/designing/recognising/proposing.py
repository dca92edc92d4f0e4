"""The proposal for a pasted text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Proposal:
    """What was recognised, in the form's own data format, to be merged at the chosen row."""

    items: list[dict[str, Any]] = field(default_factory=list)
    relations: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    blocks: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The proposal as the designer's page takes it."""
        return dict(vars(self))


def recognise(text: str, raw: Mapping[str, Any]) -> Proposal:
    """The proposal for the text, with codes that the form does not use yet."""
    return Proposal(notes=[])
