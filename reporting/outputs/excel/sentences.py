"""Cells with words and blanks: as text, as a live formula over the blanks' own cells, and how much room they need."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from reporting.layout import GridCell
from reporting.outputs.excel.formats import number_format
from reporting.spec import FormSpec, Item

OPEN_BLANK = "____"
MOST_LITERAL, MOST_FORMULA = 250, 8000
WIDE, NARROW, PADDING = Decimal("3.45"), Decimal("1.9"), Decimal(2)


def sentence_text(placed: GridCell, texts: Mapping[str, str]) -> str:
    """The cell as printed, with a line where nothing is filled in."""
    parts = []
    for piece in placed.content:
        if piece.is_blank:
            parts.append(texts[piece.code] or OPEN_BLANK)
        else:
            parts.append(f"  {piece.text}" if piece.is_formula else piece.text)
    return "".join(parts)


def sentence_formula(spec: FormSpec, placed: GridCell, addresses: Mapping[str, str]) -> str | None:
    """The sentence as a formula that takes over what is filled in beside it; nothing for words alone."""
    if not placed.codes:
        return None
    parts: list[str] = []
    for piece in placed.content:
        if piece.is_blank:
            parts.append(taken_over(spec.item(piece.code), addresses[piece.code]))
        else:
            parts.extend(literals(f"  {piece.text}" if piece.is_formula else piece.text))
    formula = "=" + "&".join(parts)
    return formula if len(formula) <= MOST_FORMULA else None


def literals(text: str) -> Iterator[str]:
    """The text as string constants of a formula, none longer than Excel takes."""
    for start in range(0, len(text), MOST_LITERAL):
        yield '"' + text[start : start + MOST_LITERAL].replace('"', '""') + '"'


def taken_over(item: Item, cell: str) -> str:
    """What is filled in at the cell, as printed, as part of a string formula."""
    if item.kind == "date":
        day = f'YEAR({cell})&"年"&MONTH({cell})&"月"&DAY({cell})&"日"'
        return f'IF({cell}="","{OPEN_BLANK}",IF(ISNUMBER({cell}),{day},{cell}))'
    if item.is_numeric:
        return f'IF({cell}="","{OPEN_BLANK}",IF(ISNUMBER({cell}),TEXT({cell},"{number_format(item)}"),{cell}))'
    return f'IF({cell}="","{OPEN_BLANK}",{cell})'


def lines_needed(text: str, width: Decimal) -> int:
    """How many printed lines the text takes in a cell of that width in mm."""
    room = max(width - PADDING, WIDE)
    count = 0
    for line in text.split("\n"):
        count += max(1, math.ceil(_length(line) / room))
    return count


def spread(groups: Sequence[str], width: Decimal) -> str:
    """The texts over one line of that width in mm, with ideographic spaces between them."""
    free = width - PADDING - sum(map(_length, groups))
    spaces = max(2, int(free / max(len(groups) - 1, 1) / WIDE))
    return ("　" * spaces).join(groups)


def _length(line: str) -> Decimal:
    """How long a line is in mm."""
    return sum((WIDE if unicodedata.east_asian_width(ch) in "WFA" else NARROW for ch in line), Decimal(0))
