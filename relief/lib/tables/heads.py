"""Where the head of a list is and which column is which, in any order, with titles above and merged cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from relief.lib.tables.model import Field, plain
from relief.lib.xlsx import Sheet
from relief.lib.xlsx_worker import column_number

DEEPEST = 20
"""Rows of titles and remarks above a head, at most."""
_RANGE = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")
_WAN = "万元"


@dataclass(frozen=True)
class Head:
    """The head of one sheet: its last row, the column of each field, and what is not imported."""

    first: int
    last: int
    columns: dict[str, int]
    titles: dict[str, str]
    wan: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()
    twice: tuple[tuple[str, int], ...] = field(default=())
    """Headings that mean a field which another column has already, with their column."""


def find_head(sheet: Sheet, fields: Sequence[Field]) -> Head | None:
    """The head that knows most fields, one or two rows deep; None when no row names two of them."""
    names = {alias: f.name for f in fields for alias in map(bare_title, (f.title, *f.aliases))}
    filled = _filled(sheet)
    best: Head | None = None
    # one row first: two rows are a head only when they know more together
    for depth in (1, 2):
        for row in range(1, min(len(sheet.rows), DEEPEST) + 1):
            found = _head_at(sheet, filled, names, row, depth)
            if len(found.columns) >= min(2, len(fields)) and (best is None or len(found.columns) > len(best.columns)):
                best = found
    return best


def bare_title(title: object) -> str:
    """A heading as it is compared: without stars, spaces and units in brackets.

    >>> bare_title("* 金 额（元）"), bare_title("其中：农民工人次")
    ('金额', '其中农民工人次')
    """
    return re.sub(r"[*:、,]|\((?:元|万元|必填|选填|人|人次|名|个|单位:元)\)|\[.*?\]", "", plain(title))


def _filled(sheet: Sheet) -> dict[tuple[int, int], str]:
    """The text of each cell near the top; a merged area says the same everywhere."""
    cells = {
        (row, column): str(value).strip()
        for row, line in enumerate(sheet.rows[: DEEPEST + 1], 1)
        for column, value in enumerate(line, 1)
        if value is not None and str(value).strip()
    }
    for area in sheet.merged:
        found = _RANGE.fullmatch(area)
        if not found or int(found[2]) > DEEPEST + 1:
            continue
        left, top, right, bottom = column_number(found[1]), int(found[2]), column_number(found[3]), int(found[4])
        text = cells.get((top, left))
        if text:
            for row in range(top, min(bottom, DEEPEST + 1) + 1):
                cells.update({(row, column): text for column in range(left, min(right, left + 59) + 1)})
    return cells


def _head_at(sheet: Sheet, cells: dict[tuple[int, int], str], names: dict[str, str], row: int, depth: int) -> Head:
    last = row + depth - 1
    columns: dict[str, int] = {}
    titles: dict[str, str] = {}
    unknown, twice, wan = [], [], set()
    for column in range(1, max((len(line) for line in sheet.rows[:last]), default=0) + 1):
        top, low = cells.get((row, column), ""), cells.get((last, column), "")
        said = [low] if depth == 1 or top == low else [f"{top}{low}", low or top]
        title = next((text for text in said if bare_title(text) in names), "")
        if not title:
            unknown += [low or top] if low or top else []
            continue
        name = names[bare_title(title)]
        if name in columns:
            twice.append((title, column))
            continue
        columns[name], titles[name] = column, title
        if _WAN in plain(title):
            wan.add(name)
    return Head(row, last, columns, titles, frozenset(wan), tuple(unknown), tuple(twice))
