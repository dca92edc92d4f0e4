"""The proposed lines of the sheet, laid into the columns that the form has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reporting.designing.recognising.rows import Row
from reporting.designing.recognising.sentences import Blank
from reporting.designing.recognising.words import unit_in

Cell = dict[str, Any]


def lay(rows: Sequence[Row], width: int) -> list[dict[str, Any]]:
    """Layout rows that fill `width` columns: 编号 merged over its block, code or letter, label and value, or a sentence."""
    lines = [line for row in rows for line in _lines(row)]
    laid: list[dict[str, Any]] = []
    for number, (row, blank) in enumerate(lines):
        cells = [] if width < 3 else _number_cell(lines, number, width)
        cells += _sentence(row, width) if row.is_sentence or blank is None else _label(lines, number, width)
        laid.append({"cells": sorted(cells, key=lambda cell: cell["col"])})
    return laid


def _lines(row: Row) -> list[tuple[Row, Blank | None]]:
    """A label with several measures takes a line for each; a sentence is one line."""
    if row.is_sentence or len(row.blanks) < 2:
        return [(row, row.main)]
    return [(row, blank) for blank in row.blanks]


def _number_cell(lines: Sequence[tuple[Row, Blank | None]], number: int, width: int) -> list[Cell]:
    """The number of the block, merged down over its lines; one empty cell per line where nothing is numbered."""
    row = lines[number][0]
    if width == 3 and not any(line.is_sentence for line, _ in lines):
        return []  # 代码, 项目, 数值: no column is left for a number
    style = "row_no" if row.is_sentence else "no"
    if not row.block:
        return [_cell(0, style, [])]
    if number and lines[number - 1][0].block == row.block:
        return []
    span = 1
    while number + span < len(lines) and lines[number + span][0].block == row.block:
        span += 1
    return [_cell(0, style, [row.block], rowspan=span)]


def _sentence(row: Row, width: int) -> list[Cell]:
    content: list[Any] = [piece if isinstance(piece, str) else {"blank": piece.code} for piece in row.pieces]
    content = content or [row.printed]
    if width < 3:
        mark = [_cell(0, "letter", [_mark_text(row)])] if width == 2 else []
        return [*mark, _cell(width - 1, "sentence", content)]
    if not _mark_text(row):
        return [_cell(1, "sentence", content, colspan=width - 1)]
    return [_cell(1, "letter", [_mark_text(row)]), _cell(2, "sentence", content, colspan=width - 2)]


def _mark_text(row: Row) -> str:
    mark = row.mark("letter", "sub", "code", "item", "dotted")
    if mark is None:
        return ""
    return f"（{mark.text}）" if mark.sort in ("letter", "sub") else mark.text


def _label(lines: Sequence[tuple[Row, Blank | None]], number: int, width: int) -> list[Cell]:
    row, blank = lines[number]
    assert blank is not None
    value = _cell(width - 1, "value", [{"blank": blank.code}])
    if width == 1:
        return [_cell(0, "sentence", [f"{row.printed} ", {"blank": blank.code}])]
    first = {2: 0, 3: 1}.get(width, 2)
    code = [] if width == 2 else [_cell(first - 1, "code", [blank.code])]
    room = width - 1 - first
    if not blank.measure:
        return [*code, _cell(first, "label", _words(row, blank), colspan=room), value]
    if room < 2:
        return [*code, _cell(first, "label", [f"{_group_label(lines, number)} {blank.measure}"]), value]
    measure = _cell(width - 2, "measure", [blank.measure])
    if number and _belongs(lines, number):
        return [*code, measure, value]
    span = 1
    while number + span < len(lines) and _belongs(lines, number + span):
        span += 1
    return [*code, _cell(first, "label", [row.printed], colspan=room - 1, rowspan=span), measure, value]


def _belongs(lines: Sequence[tuple[Row, Blank | None]], number: int) -> bool:
    """Whether the line's label is merged with the one above."""
    row = lines[number][0]
    return row.follows or lines[number - 1][0] is row


def _group_label(lines: Sequence[tuple[Row, Blank | None]], number: int) -> str:
    while number and _belongs(lines, number):
        number -= 1
    return lines[number][0].printed


def _words(row: Row, blank: Blank) -> list[Any]:
    """The printed label, with its unit where that stood in a cell of its own, and the printed formula."""
    unit = blank.unit if blank.unit and not unit_in(row.printed)[0] else ""
    words: list[Any] = [f"{row.printed}({unit})" if unit else row.printed]
    return [*words, {"formula": blank.printed_formula}] if blank.printed_formula else words


def _cell(col: int, style: str, content: list[Any], *, colspan: int = 1, rowspan: int = 1) -> Cell:
    cell: Cell = {"col": col, "style": style, "content": content}
    if colspan > 1:
        cell["colspan"] = colspan
    if rowspan > 1:
        cell["rowspan"] = rowspan
    return cell
