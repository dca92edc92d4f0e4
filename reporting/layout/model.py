"""A layout as written in a form: paper, columns, rows of cells, or one line per union under a head."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

STYLES = frozenset({"head", "no", "code", "label", "measure", "value", "sentence", "row_no", "letter"})
ALIGNS = frozenset({"left", "center", "right"})
DEFAULT_ALIGNS = {"label": "left", "measure": "left", "sentence": "left", "value": "right"}
ORIENTATIONS = frozenset({"portrait", "landscape"})
KINDS = frozenset({"sheet", "list"})
FIELDS = frozenset({"no", "union"})
# A unit and its stop stay with the blank before them: "12 户；" is never broken apart.
_UNIT_AFTER_BLANK = re.compile(r"\s*[^\s，,。；;：:、（(]{0,4}[，,。；;：:、]?")


@dataclass(frozen=True)
class Piece:
    """One run inside a cell: printed text, a printed formula, the blank of a code, or a word of the line (`field`).

    On a superior's list the figures of the units are `shown`: text that belongs to a code, not a blank to fill.
    """

    kind: str
    text: str = ""
    code: str = ""

    @property
    def is_blank(self) -> bool:
        return self.kind == "blank"

    @property
    def is_formula(self) -> bool:
        return self.kind == "formula"

    @property
    def is_shown(self) -> bool:
        return self.kind == "shown"


@dataclass(frozen=True)
class Run:
    """Pieces in reading order; those of a run that is kept together stand on one line."""

    pieces: tuple[Piece, ...]
    together: bool


@dataclass(frozen=True)
class Cell:
    """A cell as written in the form: its column, how far it reaches, its style and its pieces."""

    col: int
    colspan: int
    rowspan: int
    style: str
    align: str
    content: tuple[Piece, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(piece.code for piece in self.content if piece.is_blank)

    @property
    def text(self) -> str:
        """The printed words of the cell, without blanks."""
        return "".join(piece.text for piece in self.content if piece.kind == "text")

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The content with each blank of a sentence bound to the unit behind it."""
        runs: list[Run] = []
        rest = list(self.content)
        while rest:
            piece = rest.pop(0)
            if piece.is_blank and rest and rest[0].kind == "text":
                text = rest.pop(0).text
                unit = _UNIT_AFTER_BLANK.match(text)
                end = unit.end() if unit else 0
                runs.append(Run((piece, Piece("text", text=text[:end])), True))
                if text[end:]:
                    runs.append(Run((Piece("text", text=text[end:]),), False))
            else:
                runs.append(Run((piece,), False))
        return tuple(runs)

    @property
    def is_single_blank(self) -> bool:
        """Whether the cell is nothing but one blank, so that its value may be a number in Excel."""
        return len(self.content) == 1 and self.content[0].kind in ("blank", "shown")


@dataclass(frozen=True)
class Row:
    """A printed line with the cells that begin in it; the height in mm when the form gives one."""

    height: Decimal | None
    cells: tuple[Cell, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for cell in self.cells for code in cell.codes)

    @property
    def is_head(self) -> bool:
        return bool(self.cells) and all(cell.style == "head" for cell in self.cells)


@dataclass(frozen=True)
class Line(Row):
    """The line of one union on a list, printed as often as there are unions."""

    @property
    def has_union(self) -> bool:
        return any(piece.kind == "field" and piece.text == "union" for cell in self.cells for piece in cell.content)


@dataclass(frozen=True)
class Layout:
    """Paper, column widths in mm, rows, footnotes and whether a seal line is printed.

    A list has head rows only, the `line` of one union, and the words before the sums of a superior's sheet (`total`).
    """

    orientation: str
    widths: tuple[Decimal, ...]
    rows: tuple[Row, ...]
    footnotes: tuple[str, ...]
    seal: bool
    kind: str = "sheet"
    line: Line | None = None
    total: str = ""

    @property
    def is_list(self) -> bool:
        return self.line is not None

    @property
    def codes(self) -> tuple[str, ...]:
        """The blanks in reading order, as often as they are written."""
        rows = (*self.rows, self.line) if self.line is not None else self.rows
        return tuple(code for row in rows for code in row.codes)

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """The words above each column: those of its head cells from top to bottom, each once."""
        words: list[list[str]] = [[] for _ in self.widths]
        for row in self.rows:
            if row.is_head:
                for cell in row.cells:
                    text = "".join(cell.text.split("\n")).strip()
                    for col in range(cell.col, min(cell.col + cell.colspan, len(words))):
                        if text and text not in words[col]:
                            words[col].append(text)
        return tuple("：".join(found) for found in words)
