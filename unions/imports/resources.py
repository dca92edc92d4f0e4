"""What an app says about one kind of list: its fields, what a file would change, and how that is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from relief.lib.tables import Fault, Field, Row, Table
from unions.models import Person, Union

PIECE = 500
"""Rows whose facts are told together."""


@dataclass(frozen=True)
class Change:
    """A row of the file that differs from the record it means: which record, as which version, old and new in words."""

    row: Row
    pk: int
    version: int
    said: tuple[tuple[str, str, str], ...]


@dataclass
class Plan:
    """What a file would do: new rows, changes, rows that are there already, what is wrong, and what only is to be known.

    `made` holds what a resource has prepared for its own `write`; it follows from the rows.
    """

    new: list[Row] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)
    hints: list[Fault] = field(default_factory=list)
    amount: Decimal | None = None
    made: list[Any] = field(default_factory=list)

    def facts(self) -> Iterator[Any]:
        """What a confirmation stands for, in pieces: the same facts, the same writes."""
        for start in range(0, len(self.new), PIECE):
            yield [[row.sheet, row.row, row.values] for row in self.new[start : start + PIECE]]
        for start in range(0, len(self.changed), PIECE):
            some = self.changed[start : start + PIECE]
            yield [[change.row.values, change.pk, change.version] for change in some]
        yield [len(self.new), len(self.changed), self.same]


@dataclass(frozen=True)
class Resource:
    """One kind of list: `plan` reads only; `write` runs inside the transaction of the job and writes no audit event."""

    kind: str
    label: str
    unit: str
    act: str
    back: str
    fields: Callable[[Person, Union], Sequence[Field]]
    plan: Callable[[Person, Union, Table], Plan]
    write: Callable[[Person, Union, Plan], None]
    note: str = ""
    money: bool = False
    personal: bool = False
    """Whether rows are about persons: what the report says of their cells is sealed."""
    empty: str = "台账里还没有"


_resources: dict[str, Resource] = {}


def register_import(*found: Resource) -> None:
    """Add the resources of an app; called once when Django starts."""
    _resources.update({resource.kind: resource for resource in found})


def resource_of(kind: str) -> Resource | None:
    return _resources.get(kind)


def resources() -> list[Resource]:
    return list(_resources.values())
