"""The resolved sheet that every output and every page walks through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from reporting.layout.model import Cell, Layout, Line, Piece, Row, Run

if TYPE_CHECKING:
    from reporting.spec.model import FormSpec

NOT_HANDED_IN = "未报"
UNION_HEAD, UNION_WIDTH = "单位", Decimal(38)
WIDE_LIST = 9


@dataclass(frozen=True)
class LineWords:
    """What is printed on one unit's line of a superior's list; no texts stand for a unit that is missing (未报)."""

    union: str
    texts: Mapping[str, str] | None


@dataclass(frozen=True)
class GridCell:
    """A cell at its place; rows and columns count from 0, `head` is what stands above its column, `width` is in mm."""

    row: int
    cell: Cell
    head: str = ""
    width: Decimal = Decimal(0)

    @property
    def col(self) -> int:
        return self.cell.col

    @property
    def last_row(self) -> int:
        return self.row + self.cell.rowspan - 1

    @property
    def last_col(self) -> int:
        return self.cell.col + self.cell.colspan - 1

    @property
    def colspan(self) -> int:
        return self.cell.colspan

    @property
    def rowspan(self) -> int:
        return self.cell.rowspan

    @property
    def style(self) -> str:
        return self.cell.style

    @property
    def align(self) -> str:
        return self.cell.align

    @property
    def content(self) -> tuple[Piece, ...]:
        return self.cell.content

    @property
    def codes(self) -> tuple[str, ...]:
        return self.cell.codes

    @property
    def runs(self) -> tuple[Run, ...]:
        return self.cell.runs

    @property
    def is_single_blank(self) -> bool:
        return self.cell.is_single_blank

    @property
    def css_class(self) -> str:
        """The classes that style the cell on every page and in the PDF."""
        return f"sheet-{self.style.replace('_', '-')} sheet-{self.align}"


@dataclass(frozen=True)
class GridRow:
    """A line of the grid: its number, height in mm or nothing, and the cells that begin in it.

    On a list `line` counts the units from 0 (the one line of a filing is 0), and `is_total` marks the sums.
    """

    number: int
    height: Decimal | None
    cells: tuple[GridCell, ...]
    is_head: bool
    line: int | None = None
    is_total: bool = False

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for placed in self.cells for code in placed.cell.codes)

    @property
    def css_class(self) -> str:
        """The class of the row's printed height, which the PDF gives in mm and a page may ignore."""
        words = ["sheet-row", f"sheet-row-{'auto' if self.height is None else int(self.height * 100)}"]
        if self.is_total:
            words.append("sheet-total")
        elif self.line is not None:
            words.append("sheet-line")
        return " ".join(words)


@dataclass(frozen=True)
class Grid:
    """The resolved sheet that every output and every page walks through."""

    layout: Layout
    rows: tuple[GridRow, ...]

    @property
    def widths(self) -> tuple[Decimal, ...]:
        return self.layout.widths

    @cached_property
    def total_width(self) -> Decimal:
        return sum(self.widths, Decimal(0))

    @cached_property
    def shares(self) -> tuple[str, ...]:
        """The column widths in per cent of the sheet, for `<col width>`."""
        return tuple(f"{width * 100 / self.total_width:.2f}%" for width in self.widths)

    @cached_property
    def head_rows(self) -> int:
        """How many lines at the top are heads and are repeated on each page."""
        count = 0
        for row in self.rows:
            if not row.is_head:
                break
            count += 1
        return count

    @property
    def rows_of_head(self) -> tuple[GridRow, ...]:
        return self.rows[: self.head_rows]

    @property
    def rows_of_body(self) -> tuple[GridRow, ...]:
        return self.rows[self.head_rows :]

    @cached_property
    def places(self) -> dict[str, GridCell]:
        """The cell of each blank; on a superior's list that of the total line."""
        return {code: placed for row in self.rows for placed in row.cells for code in placed.cell.codes}

    @property
    def is_list(self) -> bool:
        return self.layout.is_list

    @property
    def css_class(self) -> str:
        """The classes of the table: a list is shown as cards on a phone, a wide single line on every screen."""
        if not self.is_list:
            return "sheet"
        single = sum(1 for row in self.rows if row.line is not None or row.is_total) == 1
        return "sheet sheet-list sheet-cards" if single and len(self.widths) > WIDE_LIST else "sheet sheet-list"


def grid(spec: FormSpec, lines: Sequence[LineWords] = (), union: str = "") -> Grid:
    """The resolved grid of a form; a list with one line for `union`, or the lines of the units and the total."""
    text_codes = frozenset(item.code for item in spec.items if not item.is_numeric)
    return resolve(spec.layout, lines, union, text_codes)


def resolve(
    layout: Layout, lines: Sequence[LineWords] = (), union: str = "", text_codes: frozenset[str] = frozenset()
) -> Grid:
    """The grid of a layout that has no faults."""
    if layout.line is not None and lines and not layout.line.has_union:
        layout = _with_union_column(layout)
    rows = [
        GridRow(number, row.height, tuple(_placed(layout, number, cell) for cell in row.cells), row.is_head)
        for number, row in enumerate(layout.rows)
    ]
    if layout.line is not None:
        rows += _list_rows(layout, layout.line, lines, union, text_codes)
    return Grid(layout, tuple(rows))


def _list_rows(
    layout: Layout, line: Line, lines: Sequence[LineWords], union: str, text_codes: frozenset[str]
) -> list[GridRow]:
    start = len(layout.rows)
    rows = []
    if not lines:
        words = {"no": "1", "union": union}
        rows.append(_line_row(layout, start, [_filled(cell, words, text_codes) for cell in line.cells], 0))
        return rows
    for place, unit in enumerate(lines):
        cells = _unit_cells(line, place + 1, unit, text_codes)
        rows.append(_line_row(layout, start + place, cells, place))
    if layout.total:
        cells = _total_cells(line, layout.total, text_codes)
        rows.append(replace(_line_row(layout, start + len(lines), cells, None), is_total=True))
    return rows


def _line_row(layout: Layout, number: int, cells: Sequence[Cell], line: int | None) -> GridRow:
    height = layout.line.height if layout.line is not None else None
    placed = tuple(_placed(layout, number, cell, layout.heads[cell.col]) for cell in cells)
    return GridRow(number, height, placed, False, line)


def _placed(layout: Layout, number: int, cell: Cell, head: str = "") -> GridCell:
    return GridCell(number, cell, head, sum(layout.widths[cell.col : cell.col + cell.colspan], Decimal(0)))


def _filled(cell: Cell, words: Mapping[str, str], text_codes: frozenset[str]) -> Cell:
    """The cell with the words of the line in it; text and days wrap, so they are no number cells."""
    content = tuple(Piece("text", text=words[p.text]) if p.kind == "field" else p for p in cell.content)
    wraps = cell.style == "value" and any(piece.code in text_codes for piece in content)
    return replace(cell, content=content, style="label" if wraps else cell.style)


def _unit_cells(line: Line, number: int, unit: LineWords, text_codes: frozenset[str]) -> list[Cell]:
    """One unit's cells with its figures as shown text; a missing unit says so in its first blank."""
    words = {"no": str(number), "union": unit.union}
    missing = unit.texts is None
    cells, told = [], False
    for cell in line.cells:
        pieces = []
        for piece in _filled(cell, words, text_codes).content:
            if piece.is_blank:
                text = (unit.texts or {}).get(piece.code, "")
                if missing and not told:
                    text, told = NOT_HANDED_IN, True
                piece = Piece("shown", text=text, code=piece.code)
            pieces.append(piece)
        cells.append(replace(_filled(cell, words, text_codes), content=tuple(pieces)))
    return cells


def _total_cells(line: Line, label: str, text_codes: frozenset[str]) -> list[Cell]:
    """The label in the unit's cell, a blank for each number, nothing for text and days."""
    words = {"no": "", "union": label} if line.has_union else {"no": label, "union": ""}
    cells = []
    for cell in line.cells:
        content = tuple(
            Piece("text") if piece.is_blank and piece.code in text_codes else piece
            for piece in _filled(cell, words, text_codes).content
        )
        cells.append(replace(_filled(cell, words, text_codes), content=content))
    return cells


def _with_union_column(layout: Layout) -> Layout:
    """The list with a column 单位 behind its first one, for a sheet with several units whose form prints none.

    The other columns give up the width in proportion, so that the paper stays as wide as it was.
    """
    total = sum(layout.widths, Decimal(0))
    share = (total - UNION_WIDTH) / total
    widths = [(width * share).quantize(Decimal("0.01")) for width in layout.widths]
    line = layout.line or Line(None, ())
    spanned = any(cell.col == 0 and cell.colspan > 1 for row in (*layout.rows, line) for cell in row.cells)
    at = 0 if spanned else 1
    rows = []
    for number, row in enumerate(layout.rows):
        head = Cell(at, 1, len(layout.rows), "head", "center", (Piece("text", text=UNION_HEAD),))
        rows.append(Row(row.height, _with_cell(row.cells, head) if number == 0 else _moved(row.cells, at)))
    unit = Cell(at, 1, 1, "label", "left", (Piece("field", text="union"),))
    widths.insert(at, UNION_WIDTH)
    return replace(layout, widths=tuple(widths), rows=tuple(rows), line=Line(line.height, _with_cell(line.cells, unit)))


def _moved(cells: Sequence[Cell], at: int) -> tuple[Cell, ...]:
    return tuple(replace(cell, col=cell.col + 1) if cell.col >= at else cell for cell in cells)


def _with_cell(cells: Sequence[Cell], added: Cell) -> tuple[Cell, ...]:
    return tuple(sorted((*_moved(cells, added.col), added), key=lambda cell: cell.col))
