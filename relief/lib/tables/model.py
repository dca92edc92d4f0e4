"""What a list consists of: its fields, its located rows, and the faults found in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from relief.lib.xlsx import Cell
from relief.lib.xlsx_worker import column_name

MOST_TAIL = 12
MOST_ROWS_TOLD = 20
"""Rows named in one line of the report; the count tells the rest."""


class Unreadable(ValueError):
    """A cell that cannot be taken: what is wrong, and what to do. Neither sentence repeats personal data."""

    def __init__(self, says: str, todo: str):
        super().__init__(says)
        self.says, self.todo = says, todo


@dataclass(frozen=True)
class Field:
    """One column: how people call it, how a cell is read, and what the template offers.

    `sums` marks the amounts that a totals row adds up; of `secret` values only a short end is ever told.
    """

    name: str
    title: str
    read: Callable[[Cell], Any]
    kind: str = "text"
    aliases: tuple[str, ...] = ()
    required: bool = False
    choices: tuple[str, ...] = ()
    hint: str = ""
    secret: bool = False
    sums: bool = False


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong at one place; column 0 is the whole row.

    Faults of one column and one `kind` are told once; without a kind it is the words that make them the same.
    """

    sheet: str
    row: int
    column: int
    head: str
    tail: str
    says: str
    todo: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the fields of a sheet stand (from 1), how its head calls them, and which are secret."""

    sheet: str
    places: Mapping[str, int]
    titles: Mapping[str, str]
    secrets: frozenset[str]


@dataclass(slots=True)
class Row:
    """One row of data: where it stands and what its cells say, by field name; absent columns are not in it.

    `line` is the row as the file has it, not copied: a long list has hundreds of thousands of cells.
    """

    head: Columns
    row: int
    values: dict[str, Any]
    line: Sequence[Cell]

    @property
    def sheet(self) -> str:
        return self.head.sheet

    @property
    def columns(self) -> Mapping[str, int]:
        return self.head.places

    def cell(self, name: str) -> Cell:
        """What stands in the file; None where it has no such column."""
        return cell_at(self.line, self.head.places.get(name, 0))

    def fault(self, name: str, says: str, todo: str, kind: str = "") -> Fault:
        """A fault at one of the row's fields; at the whole row when the file has no such column."""
        head = self.head
        tail = tail_of(self.cell(name), name in head.secrets)
        return Fault(head.sheet, self.row, head.places.get(name, 0), head.titles.get(name, ""), tail, says, todo, kind)


def cell_at(line: Sequence[Cell], column: int) -> Cell:
    """The cell in this column (from 1); None outside."""
    return line[column - 1] if 0 < column <= len(line) else None


@dataclass
class Table:
    """What was read: good rows, all faults, what was tolerated, and which heading became which field."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    mapping: list[tuple[str, str, str]] = field(default_factory=list)
    seen: int = 0
    totals: list[tuple[str, int, str, Any, Any]] = field(default_factory=list)
    """Sheet, row, heading, what the totals row says, what the rows add up to."""


@dataclass(frozen=True)
class Told:
    """One fault told once, with the rows where it stands."""

    sheet: str
    letter: str
    head: str
    rows: tuple[int, ...]
    count: int
    tail: str
    says: str
    todo: str


def told_once(faults: Iterable[Fault]) -> list[Told]:
    """The faults in the order they were met, the same one of a column told once; different whole words stay apart."""
    groups: dict[tuple[str, int, str, str, str], list[Fault]] = {}
    for fault in faults:
        word = "" if fault.tail.startswith("…") else fault.tail
        same = (fault.kind, "", "") if fault.kind else (fault.says, fault.todo, word)
        groups.setdefault((fault.sheet, fault.column, *same), []).append(fault)
    return [_told(group) for group in groups.values()]


def _told(group: list[Fault]) -> Told:
    first = group[0]
    letter = column_name(first.column) if first.column else ""
    rows = tuple(fault.row for fault in group[:MOST_ROWS_TOLD])
    return Told(first.sheet, letter, first.head, rows, len(group), first.tail, first.says, first.todo)


def tail_of(value: Cell, secret: bool = False) -> str:
    """So much of a cell as finds it again: short words whole, long ones and secrets by their end.

    >>> tail_of("中央专项"), tail_of(123456789012345000), tail_of("6222020000001111", secret=True), tail_of(None)
    ('中央专项', '…5000', '…1111', '')
    >>> tail_of("终末期肾病", secret=True), tail_of("唐志远", secret=True)
    ('…病', '…')
    """
    text = "" if value is None else " ".join(str(value).split())
    if secret and text:
        # a quarter at most: the end of a short word would be the word
        shown = min(4, len(text) // 4)
        return f"…{text[-shown:]}" if shown else "…"
    return f"…{text[-4:]}" if len(text) > MOST_TAIL else text


def plain(value: object) -> str:
    """A text as it is compared: half-width, without spaces, capitals small.

    >>> plain(" 资金 来源（Ａ） ")
    '资金来源(a)'
    """
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", "" if value is None else str(value))).casefold()


def repeated(rows: Iterable[Row], key: Callable[[Row], Any], name: str, todo: str) -> list[Fault]:
    """A fault for each row that says the same as one before it."""
    first: dict[Any, Row] = {}
    faults = []
    for row in rows:
        before = first.setdefault(key(row), row)
        if before is not row:
            faults.append(row.fault(name, f"与“{before.sheet}”第 {before.row} 行重复。", todo))
    return faults
