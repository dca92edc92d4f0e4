"""The sheet of a form as a grid of merged cells, the one source of entry page, Excel and PDF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reporting.spec.model import FormSpec

STYLES = frozenset({"head", "no", "code", "label", "measure", "value", "sentence", "row_no", "letter"})
ALIGNS = frozenset({"left", "center", "right"})
DEFAULT_ALIGNS = {"label": "left", "measure": "left", "sentence": "left", "value": "right"}
# A unit and its stop stay with the blank before them: "12 户；" is never broken apart.
_UNIT_AFTER_BLANK = re.compile(r"\s*[^\s，,。；;：:、（(]{0,4}[，,。；;：:、]?")
ORIENTATIONS = frozenset({"portrait", "landscape"})


@dataclass(frozen=True)
class Piece:
    """One run inside a cell: printed text, a printed formula, or the blank of a code."""

    kind: str
    text: str = ""
    code: str = ""

    @property
    def is_blank(self) -> bool:
        return self.kind == "blank"

    @property
    def is_formula(self) -> bool:
        return self.kind == "formula"


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
        return len(self.content) == 1 and self.content[0].is_blank


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
class Layout:
    """Paper, column widths in mm, rows, footnotes and whether a seal line is printed."""

    orientation: str
    widths: tuple[Decimal, ...]
    rows: tuple[Row, ...]
    footnotes: tuple[str, ...]
    seal: bool


@dataclass(frozen=True)
class GridCell:
    """A cell at its place; rows and columns count from 0."""

    row: int
    cell: Cell

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
    def is_merged(self) -> bool:
        return self.cell.rowspan > 1 or self.cell.colspan > 1

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
    """A line of the grid: its number, height in mm or nothing, and the cells that begin in it."""

    number: int
    height: Decimal | None
    cells: tuple[GridCell, ...]
    is_head: bool

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for placed in self.cells for code in placed.cell.codes)

    @property
    def css_class(self) -> str:
        """The class of the row's printed height, which the PDF gives in mm and a page may ignore."""
        return "sheet-row" if self.height is None else f"sheet-row sheet-row-{int(self.height * 100)}"


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
        """The cell of each blank."""
        return {code: placed for row in self.rows for placed in row.cells for code in placed.cell.codes}


def grid(spec: FormSpec) -> Grid:
    """The resolved grid of a form."""
    return resolve(spec.layout)


def resolve(layout: Layout) -> Grid:
    """The grid of a layout that has no faults."""
    rows = tuple(
        GridRow(number, row.height, tuple(GridCell(number, cell) for cell in row.cells), row.is_head)
        for number, row in enumerate(layout.rows)
    )
    return Grid(layout, rows)


def layout_faults(layout: Layout, codes: Iterable[str]) -> Iterator[str]:
    """A sentence for each cell that overlaps or reaches outside, each hole, and each blank that is not there once."""
    owner: dict[tuple[int, int], bool] = {}
    height, width = len(layout.rows), len(layout.widths)
    for number, row in enumerate(layout.rows):
        for cell in row.cells:
            where = f"版面第 {number + 1} 行第 {cell.col + 1} 列的单元格"
            if cell.col + cell.colspan > width or number + cell.rowspan > height:
                yield f"{where}伸到了表格外面。"
                continue
            places = [
                (number + down, cell.col + right) for down in range(cell.rowspan) for right in range(cell.colspan)
            ]
            if any(place in owner for place in places):
                yield f"{where}和别的单元格重叠。"
            owner.update(dict.fromkeys(places, True))
    for number in range(height):
        holes = [str(col + 1) for col in range(width) if (number, col) not in owner]
        if holes:
            yield f"版面第 {number + 1} 行第 {'、'.join(holes)} 列没有单元格。"
    yield from _blank_faults(layout, codes)


def _blank_faults(layout: Layout, codes: Iterable[str]) -> Iterator[str]:
    known = list(codes)
    seen = [code for row in layout.rows for code in row.codes]
    for code in dict.fromkeys(seen):
        if code not in known:
            yield f"版面里的空格“{code}”不是本表的项目。"
        elif seen.count(code) > 1:
            yield f"项目“{code}”在版面里出现了 {seen.count(code)} 次，只能出现一次。"
    for code in known:
        if code not in seen:
            yield f"项目“{code}”在版面里没有空格。"


def read_layout(raw: Mapping[str, Any], faults: list[str]) -> Layout:
    """The layout written in the form's data; what is wrong is added to the faults."""
    orientation = raw.get("orientation", "portrait")
    if orientation not in ORIENTATIONS:
        faults.append(f"版面的纸张方向“{orientation}”只能是 portrait 或 landscape。")
    widths = tuple(
        _millimetres(column.get("width"), f"第 {n} 列的宽度", faults) for n, column in _numbered(raw, "columns")
    )
    if not widths:
        faults.append("版面至少要有一列。")
    rows = tuple(
        Row(
            None if row.get("height") is None else _millimetres(row["height"], f"第 {n} 行的高度", faults),
            tuple(_read_cell(cell, n, faults) for cell in row.get("cells", ())),
        )
        for n, row in _numbered(raw, "rows")
    )
    footnotes = tuple(str(note) for note in raw.get("footnotes", ()))
    return Layout(orientation, widths, rows, footnotes, bool(raw.get("seal", False)))


def _numbered(raw: Mapping[str, Any], key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    return enumerate(raw.get(key, ()), 1)


def _millimetres(raw: Any, what: str, faults: list[str]) -> Decimal:
    try:
        number = Decimal(str(raw))
    except ArithmeticError:
        number = Decimal(0)
    if not (number.is_finite() and 0 < number <= 1000):
        faults.append(f"版面{what}要是 0 到 1000 之间的毫米数。")
        return Decimal(10)
    return number


def _read_cell(raw: Mapping[str, Any], row: int, faults: list[str]) -> Cell:
    where = f"版面第 {row} 行"
    spans = [raw.get("col"), raw.get("colspan", 1), raw.get("rowspan", 1)]
    if not all(isinstance(span, int) and span >= least for span, least in zip(spans, (0, 1, 1), strict=True)):
        faults.append(f"{where}有单元格的位置或跨度不是整数。")
        spans = [0, 1, 1]
    style = raw.get("style", "label")
    if style not in STYLES:
        faults.append(f"{where}的单元格样式“{style}”不认识。")
    align = raw.get("align") or DEFAULT_ALIGNS.get(style, "center")
    if align not in ALIGNS:
        faults.append(f"{where}的对齐方式“{align}”不认识。")
    col, colspan, rowspan = spans
    return Cell(
        col,
        colspan,
        rowspan,
        style,
        align,
        tuple(_read_piece(piece, where, faults) for piece in raw.get("content", ())),
    )


def _read_piece(raw: Any, where: str, faults: list[str]) -> Piece:
    if isinstance(raw, str):
        return Piece("text", text=raw)
    if isinstance(raw, Mapping) and len(raw) == 1:
        ((kind, content),) = raw.items()
        if kind == "blank":
            return Piece("blank", code=str(content))
        if kind == "formula":
            return Piece("formula", text=str(content))
    faults.append(f"{where}有一段内容既不是文字，也不是空格或公式。")
    return Piece("text")
