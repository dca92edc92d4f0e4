"""Two-way tables: heads of columns × labels at the side; every crossing is a blank called 行：列."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from reporting.designing.recognising.codes import Codes, find_bases, find_blocks
from reporting.designing.recognising.lines import Record
from reporting.designing.recognising.relating import Edge, find_parents, take_over
from reporting.designing.recognising.rows import HEADS, Row, read_row
from reporting.designing.recognising.sentences import Blank, has_blank, is_only_blank
from reporting.designing.recognising.words import UNITS, kind_of, same_class, unit_in

SIDE_HEADS = HEADS - {"合计", "总计", "数量", "金额", "本期", "填报数", "数值", "填报内容", "数据"}
LEFT_OUT = frozenset("备注 说明".split())
_NOT_ASKED = frozenset({"—", "——", "/", "／", "×", "-", "\\"})
_TOTAL = re.compile(r"合计|总计|小计")


@dataclass
class Column:
    """A column of values: where it stands, its words from top to bottom, whether it is an 其中 of another one."""

    place: int
    heads: tuple[str, ...]
    part_of: int | None = None

    @property
    def label(self) -> str:
        words = [unit_in(head)[1] for head in self.heads if unit_in(head)[1]]
        return "，".join(dict.fromkeys(words))

    @property
    def unit(self) -> str:
        return next((unit for head in reversed(self.heads) for unit in [unit_in(head)[0]] if unit), "")


@dataclass
class CrossTable:
    """The heads and the rows of a two-way table; `blanks[row][column]` is None where nothing is asked."""

    heads: list[Record]
    columns: list[Column]
    rows: list[Row]
    blanks: list[list[Blank | None]] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    marks: dict[tuple[int, int], str] = field(default_factory=dict)


def find_cross(records: Sequence[Record], money_unit: str) -> CrossTable | None:
    """The two-way table that the records are, or nothing when they have one column of values or several sentences."""
    if not records:
        return None
    heads = _heads(records)
    columns = _columns(heads)
    if len(columns) < 2:
        return None
    body = records[len(heads) :]
    if all(_is_empty_line(record) for record in body):
        return _one_line(heads, columns, money_unit)
    if not all(_is_side(record, columns) for record in body):
        return None
    sides = [Record(record.cells[: columns[0].place]) for record in body]
    rows = [read_row(side, money_unit) for side in sides]
    table = CrossTable(heads, columns, rows)
    _fill(table, body, money_unit)
    return table


def _is_empty_line(record: Record) -> bool:
    """Whether nothing but a running number or the word for the total stands in the line, as in a list to be filled."""
    return all(re.fullmatch(r"\d{1,3}|合计|总计|…+", cell.strip()) for cell in record.filled)


def _one_line(heads: list[Record], columns: list[Column], money_unit: str) -> CrossTable | None:
    """Heads alone, as of a list with one line per union: one line of blanks, called after their columns."""
    if any(has_blank(cell) for head in heads for cell in head.cells):
        return None
    if sum(1 for column in columns if kind_of(column.label, column.unit, money_unit).unit) < 2:
        return None
    table = CrossTable(heads, columns, [Row()])
    _fill(table, [Record(())], money_unit)
    return table


def _heads(records: Sequence[Record]) -> list[Record]:
    """The first record, and the second where it only goes on under merged heads."""
    if len(records) < 2:
        return [records[0]]
    first, second = records[0], records[1]
    left_empty = second.cells and not second.cells[0].strip()
    merged = any(not cell.strip() for cell in first.cells[1:]) or len(first.cells) < len(second.cells)
    worded = len(second.filled) > 1 and all(is_only_blank(cell) is None for cell in second.filled)
    return [first, second] if left_empty and merged and worded else [first]


def _columns(heads: list[Record]) -> list[Column]:
    if any(is_only_blank(cell) is not None or re.fullmatch(r"[\d.,]+", cell.strip()) for cell in heads[0].filled):
        return []
    width = max(len(head.cells) for head in heads)
    spread = [_spread(heads[0], width, len(heads) > 1)]
    spread += [[cell.strip() for cell in head.cells] + [""] * (width - len(head.cells)) for head in heads[1:]]
    columns: list[Column] = []
    for place in range(width):
        words = tuple(dict.fromkeys(row[place] for row in spread if row[place]))
        bare = {re.sub(r"[\s　]", "", unit_in(word)[1]) for word in words}
        if not words or (bare & LEFT_OUT) or (not columns and (place == 0 or bare & SIDE_HEADS)):
            continue
        columns.append(Column(place, words))
    _relate_columns(columns)
    return columns


def _spread(head: Record, width: int, merged: bool) -> list[str]:
    """The words of a head row; where a second one follows, a merged head goes on to its right."""
    words, last = [], ""
    for cell in [*head.cells, *[""] * (width - len(head.cells))]:
        last = cell.strip() or (last if merged else "")
        words.append(last)
    return words


def _relate_columns(columns: list[Column]) -> None:
    whole = 0
    for number, column in enumerate(columns):
        if column.heads[-1].startswith("其中") and number:
            column.part_of = whole
        else:
            whole = number


def _is_side(record: Record, columns: list[Column]) -> bool:
    """Whether the record has words at its side only, and room for values under the heads."""
    values = [cell.strip() for cell in record.cells[columns[0].place :]]
    empty = all(not cell or is_only_blank(cell) is not None or cell in _NOT_ASKED or cell in UNITS for cell in values)
    return empty and any(cell.strip() for cell in record.cells[: columns[0].place])


def _fill(table: CrossTable, body: Sequence[Record], money_unit: str) -> None:
    for number, (row, record) in enumerate(zip(table.rows, body, strict=True)):
        row.blanks = []
        line: list[Blank | None] = []
        for column in table.columns:
            cell = record.cells[column.place].strip() if column.place < len(record.cells) else ""
            if cell in _NOT_ASKED and cell:
                table.marks[number, column.place] = cell
                line.append(None)
                continue
            line.append(_crossing(row, column, money_unit, is_only_blank(cell) or ""))
        table.blanks.append(line)
        row.blanks = [blank for blank in line if blank is not None]


def _crossing(row: Row, column: Column, money_unit: str, given: str) -> Blank:
    kind = kind_of(column.label, column.unit, money_unit)
    if not kind.unit and kind.kind == "number":
        kind = kind_of(row.label, row.unit, money_unit)
    return Blank(
        label=f"{row.label}：{column.label}" if row.label else column.label,
        kind=kind,
        given=given,
        printed=row.printed,
        measure=column.label,
    )


def relate_cross(table: CrossTable, codes: Codes) -> None:
    """Find blocks, codes and relations: 其中 at the side for each column, 其中 in a head for each row, and totals."""
    main = [_first_only(row) for row in table.rows]
    find_blocks(table.rows)
    find_bases(table.rows)
    for row, single in zip(table.rows, main, strict=True):
        single.base, single.block = row.base, row.block
    side = {id(child): (id(parent), kind) for child, parent, kind in find_parents(main, [])}
    places = {id(row.blanks[0]): number for number, row in enumerate(main) if row.blanks}
    _give_codes(table, codes)
    for number, single in enumerate(main):
        found = side.get(id(single.blanks[0])) if single.blanks else None
        if found is not None:
            _edges_down(table, number, places[found[0]], found[1])
    for line in table.blanks:
        _edges_across(table, line)
    _totals(table, main)


def _first_only(row: Row) -> Row:
    """The row with one stand-in blank, so that rows are related to each other once and not per column."""
    stand_in = [Blank(label=row.label, kind=kind_of("", "个"))] if row.blanks else []
    return Row(
        marks=row.marks,
        label=row.label,
        printed=row.printed,
        blanks=stand_in,
        indent=row.indent,
        within=row.within,
        colon=row.colon,
    )


def _give_codes(table: CrossTable, codes: Codes) -> None:
    for row, line in zip(table.rows, table.blanks, strict=True):
        stem = row.base or codes.letter()
        for number, blank in enumerate(line, 1):
            if blank is not None:
                blank.block = row.block
                codes.name(blank, blank.given or (f"{stem}{number}" if stem[-1:].isalpha() else f"{stem}_{number}"))


def _edges_down(table: CrossTable, child: int, parent: int, kind: str) -> None:
    for part, whole in zip(table.blanks[child], table.blanks[parent], strict=True):
        if part is not None and whole is not None:
            take_over(part, whole)
            table.edges.append((part, whole, kind))


def _edges_across(table: CrossTable, line: list[Blank | None]) -> None:
    for column, part in zip(table.columns, line, strict=True):
        whole = line[column.part_of] if column.part_of is not None else None
        if part is not None and whole is not None and same_class(part.unit, whole.unit):
            table.edges.append((part, whole, "subset"))


def _totals(table: CrossTable, main: list[Row]) -> None:
    """合计 at the side adds up the lines that are no 其中; in a head it adds up the columns of its unit."""
    lines = [number for number, row in enumerate(main) if row.blanks and row.blanks[0].parent is None]
    summed = [number for number in lines if _TOTAL.fullmatch(table.rows[number].label)]
    for total in summed:
        parts = [number for number in lines if number not in summed]
        for place, blank in enumerate(table.blanks[total]):
            _sum(table, blank, [table.blanks[number][place] for number in parts])
    for place, column in enumerate(table.columns):
        if _TOTAL.fullmatch(column.label):
            others = [n for n, c in enumerate(table.columns) if n != place and c.part_of is None]
            for number, line in enumerate(table.blanks):
                if number not in summed:
                    _sum(table, line[place], [line[other] for other in others])


def _sum(table: CrossTable, total: Blank | None, parts: list[Blank | None]) -> None:
    listed = [part for part in parts if part is not None and total is not None and part.unit == total.unit]
    if total is None or len(listed) < 2 or total.formula:
        return
    total.formula = "+".join(part.code for part in listed)
    table.edges += [(part, total, "partition") for part in listed]


def lay_cross(table: CrossTable, width: int) -> list[dict[str, Any]]:
    """Layout rows over `width` columns: the label takes what the columns of values leave."""
    first = width - len(table.columns)
    laid = [head_row(table, number, first) for number in range(len(table.heads))]
    for number, (row, line) in enumerate(zip(table.rows, table.blanks, strict=True)):
        cells: list[dict[str, Any]] = [_span({"col": 0, "style": "label", "content": [row.printed]}, first)]
        for place, (column, blank) in enumerate(zip(table.columns, line, strict=True)):
            content: list[Any] = [{"blank": blank.code}] if blank else [table.marks.get((number, column.place), "")]
            cells.append({"col": first + place, "style": "value" if blank else "no", "content": content})
        laid.append({"cells": cells})
    return laid


def _span(cell: dict[str, Any], colspan: int, rowspan: int = 1) -> dict[str, Any]:
    spans = {"colspan": colspan, "rowspan": rowspan}
    return {**cell, **{name: span for name, span in spans.items() if span > 1}}


def head_row(table: CrossTable, number: int, first: int) -> dict[str, Any]:
    """One line of heads: the corner over the labels, merged heads over the columns they share."""
    cells: list[dict[str, Any]] = []
    deep = len(table.heads)
    if number == 0:
        corner = next((cell.strip() for cell in table.heads[0].cells[: table.columns[0].place] if cell.strip()), "项目")
        cells.append(_span({"col": 0, "style": "head", "content": [corner]}, first, deep))
    place = 0
    while place < len(table.columns):
        heads = table.columns[place].heads
        if number >= len(heads):
            place += 1
            continue
        span = 1
        while number == 0 and len(heads) > 1 and _shares(table, place + span, heads[0]):
            span += 1
        cell = {"col": first + place, "style": "head", "content": [heads[number]]}
        cells.append(_span(cell, span, deep if len(heads) == 1 and number == 0 else 1))
        place += span
    return {"cells": cells}


def _shares(table: CrossTable, place: int, head: str) -> bool:
    return place < len(table.columns) and len(table.columns[place].heads) > 1 and table.columns[place].heads[0] == head
