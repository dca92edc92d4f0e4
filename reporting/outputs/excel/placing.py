"""Where everything of a form stands in its workbook: one arithmetic for writing and for reading back.

A blank that is a cell of its own is filled in there. The blanks inside a sentence are filled in to the right of the
paper, in the same row and in reading order (本行第1空, 本行第2空 …); the sentence on the paper takes them over by formula.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_rowcol_to_cell

from reporting.layout import Grid, GridCell, GridRow
from reporting.outputs.sheet import SheetData, sheet_grid
from reporting.spec import FormSpec
from reporting.values import Value

SIDE_HEAD = "本行第{}空"


@dataclass(frozen=True)
class Placing:
    """The grid of a form on a worksheet; rows and columns count from 0."""

    spec: FormSpec
    grid: Grid

    @property
    def top(self) -> int:
        """The first row of the table: title and head lines stand above it."""
        return 1 + len(self.spec.head)

    @property
    def bottom(self) -> int:
        """The last row of the table."""
        return self.top + len(self.grid.rows) - 1

    @property
    def last_col(self) -> int:
        return len(self.grid.widths) - 1

    @property
    def side(self) -> int:
        """The first column of the blanks of sentences; one empty column lies between."""
        return self.last_col + 2

    @cached_property
    def side_count(self) -> int:
        """How many columns the blanks of sentences take."""
        return max((len(list(_within(row))) for row in self.grid.rows), default=0)

    @property
    def checks(self) -> int:
        """The first column of the check cells."""
        return self.side + (self.side_count + 1 if self.side_count else 0)

    @cached_property
    def inputs(self) -> dict[str, tuple[int, int]]:
        """Row and column of the cell that holds each blank's value."""
        found = {}
        for row in self.grid.rows:
            at = self.top + row.number
            for placed in row.cells:
                if placed.is_single_blank and placed.content[0].is_blank:
                    found[placed.content[0].code] = (at, placed.col)
            for number, code in enumerate(_within(row)):
                found[code] = (at, self.side + number)
        return found

    @cached_property
    def addresses(self) -> dict[str, str]:
        """The input cell of each blank as Excel names it."""
        return {code: xl_rowcol_to_cell(*place) for code, place in self.inputs.items()}

    @cached_property
    def numeric(self) -> dict[str, str]:
        """The addresses of the blanks that hold numbers."""
        return {code: name for code, name in self.addresses.items() if self.spec.item(code).is_numeric}

    def is_beside(self, code: str) -> bool:
        """Whether the blank is filled in to the right of the paper."""
        return self.inputs[code][1] > self.last_col

    def labels(self) -> Iterator[tuple[str, str]]:
        """(address, text) of every cell whose words are those of the form, for noticing an edited template."""
        for row in self.grid.rows:
            for placed in row.cells:
                text = fixed_text(placed)
                if text:
                    yield xl_rowcol_to_cell(self.top + row.number, placed.col), text


def _within(row: GridRow) -> Iterator[str]:
    """The codes of a row that stand inside sentences, in reading order."""
    for placed in row.cells:
        if not placed.is_single_blank:
            yield from placed.codes


def fixed_text(placed: GridCell) -> str:
    """The words of a cell without blanks; nothing where a blank stands in it."""
    if any(piece.is_blank or piece.is_shown for piece in placed.content):
        return ""
    return "".join(f"  {piece.text}" if piece.is_formula else piece.text for piece in placed.content)


def placing_of(spec: FormSpec, union: str = "") -> Placing:
    """The placing of a filing's own sheet."""
    return Placing(spec, sheet_grid(SheetData(spec, {c: Value.empty() for c in spec.codes}, {"union": union})))
