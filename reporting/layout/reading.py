"""Reading a layout from the form's data; what is wrong is added to the faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from reporting.layout.model import (
    ALIGNS,
    DEFAULT_ALIGNS,
    FIELDS,
    KINDS,
    ORIENTATIONS,
    STYLES,
    Cell,
    Layout,
    Line,
    Piece,
    Row,
)

MOST_ROWS = 400
MOST_COLUMNS = 60


def read_layout(raw: Mapping[str, Any], faults: list[str]) -> Layout:
    """The layout written in the form's data; what is wrong is added to the faults."""
    orientation = raw.get("orientation", "portrait")
    if orientation not in ORIENTATIONS:
        faults.append(f"版面的纸张方向“{orientation}”只能是 portrait 或 landscape。")
    kind = raw.get("kind") or "sheet"
    if kind not in KINDS:
        faults.append(f"版面的种类“{kind}”只能是 sheet（一张表）或 list（一单位一行）。")
    widths = tuple(
        _millimetres(column.get("width"), f"第 {n} 列的宽度", faults) for n, column in _numbered(raw, "columns")
    )
    if not widths:
        faults.append("版面至少要有一列。")
    if len(widths) > MOST_COLUMNS or len(raw.get("rows", ())) > MOST_ROWS:
        faults.append(f"版面最多 {MOST_ROWS} 行、{MOST_COLUMNS} 列。")
    rows = tuple(
        Row(_height(row, n, faults), tuple(_read_cell(cell, f"版面第 {n} 行", faults) for cell in row.get("cells", ())))
        for n, row in _numbered(raw, "rows")
    )
    footnotes = tuple(str(note) for note in raw.get("footnotes", ()))
    line = _read_line(raw, faults) if kind == "list" else None
    total = str((raw.get("total") or {}).get("label") or "") if kind == "list" else ""
    return Layout(orientation, widths, rows, footnotes, bool(raw.get("seal", False)), kind, line, total)


def _read_line(raw: Mapping[str, Any], faults: list[str]) -> Line:
    written = raw.get("line")
    if not isinstance(written, Mapping):
        faults.append("一单位一行的版面要写明单位的那一行（line）。")
        return Line(None, ())
    cells = tuple(_read_cell(cell, "版面的单位行", faults, line=True) for cell in written.get("cells", ()))
    return Line(_height(written, "单位", faults), cells)


def _height(row: Mapping[str, Any], n: int | str, faults: list[str]) -> Decimal | None:
    return None if row.get("height") is None else _millimetres(row["height"], f"第 {n} 行的高度", faults)


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


def _read_cell(raw: Mapping[str, Any], where: str, faults: list[str], *, line: bool = False) -> Cell:
    spans = [raw.get("col"), raw.get("colspan", 1), raw.get("rowspan", 1)]
    if not all(
        isinstance(span, int) and not isinstance(span, bool) and span >= least
        for span, least in zip(spans, (0, 1, 1), strict=True)
    ):
        faults.append(f"{where}有单元格的位置或跨度不是整数。")
        spans = [0, 1, 1]
    content = tuple(_read_piece(piece, where, faults, line=line) for piece in raw.get("content", ()))
    style = raw.get("style") or (_line_style(content) if line else "label")
    if style not in STYLES:
        faults.append(f"{where}的单元格样式“{style}”不认识。")
    align = raw.get("align") or DEFAULT_ALIGNS.get(style, "center")
    if align not in ALIGNS:
        faults.append(f"{where}的对齐方式“{align}”不认识。")
    col, colspan, rowspan = spans
    return Cell(col, colspan, rowspan, style, align, content)


def _line_style(content: tuple[Piece, ...]) -> str:
    if len(content) == 1 and content[0].is_blank:
        return "value"
    return "row_no" if content == (Piece("field", text="no"),) else "label"


def _read_piece(raw: Any, where: str, faults: list[str], *, line: bool) -> Piece:
    if isinstance(raw, str):
        return Piece("text", text=raw)
    if isinstance(raw, Mapping) and len(raw) == 1:
        ((kind, content),) = raw.items()
        if kind == "blank":
            return Piece("blank", code=str(content))
        if kind == "formula":
            return Piece("formula", text=str(content))
        if kind == "field" and line and content in FIELDS:
            return Piece("field", text=str(content))
    faults.append(f"{where}有一段内容既不是文字，也不是空格或公式。")
    return Piece("text")
