"""The sheet as a file: PDF by the PDF worker, Excel with every text written as text (T4)."""

from __future__ import annotations

import io
from math import ceil

import openpyxl
from django.template.loader import render_to_string
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import save_workbook

from beneficiaries.sheets.content import COLUMNS, Cell, Sheet
from relief.lib.pdf import render_pdf
from relief.lib.xlsx import put_text

KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MM_PER_CHARACTER = 1.85
LINE_POINTS, LEAST_POINTS, PLACE_POINTS = 14, 22, 58

STYLE = """
@page { size: 210mm 297mm; margin: 16mm 16mm 18mm;
  @bottom-left { content: "%(foot)s"; font: 8pt var(--song); color: #444 }
  @bottom-right { content: "第 " counter(page) " 页，共 " counter(pages) " 页"; font: 8pt var(--song); color: #444 } }
html { font-family: var(--song); font-size: 10pt; color: #000 }
body { margin: 0 }
h1 { margin: 0 0 4mm; font-family: var(--title); font-size: 20pt; font-weight: bold; text-align: center }
.under { display: flex; justify-content: space-between; margin: 0 0 1.5mm }
table { width: 178mm; border-collapse: collapse; table-layout: fixed; border: 0.5mm solid #000 }
td { border: 0.2mm solid #000; padding: 1.1mm 1.4mm; height: 5.4mm; line-height: 1.35; vertical-align: middle;
  overflow-wrap: anywhere; white-space: pre-line }
tr { break-inside: avoid }
.label, .head { text-align: center; font-family: var(--hei) } .section { font-family: var(--hei); text-align: center }
.section, .head { break-after: avoid }
.number { text-align: right; font-variant-numeric: tabular-nums }
.place { text-align: center; color: #555 } tr.tall td { height: 18mm }
"""


def sheet_file(sheet: Sheet, kind: str) -> bytes:
    """The sheet as `pdf` or `xlsx`; `relief.lib.pdf.PdfFailed` when the PDF cannot be made."""
    return sheet_pdf(sheet) if kind == "pdf" else sheet_xlsx(sheet)


def sheet_pdf(sheet: Sheet) -> bytes:
    """The sheet on upright A4 pages."""
    columns = "".join(f"col:nth-child({at}) {{ width: {width}mm }}\n" for at, width in enumerate(COLUMNS, 1))
    css = STYLE % {"foot": css_text(sheet.foot)} + columns
    rows = [{"tall": is_tall(cells), "cells": cells} for cells in sheet.rows]
    context = {"sheet": sheet, "rows": rows, "columns": COLUMNS, "css": css}
    return render_pdf(render_to_string("beneficiaries/dossier_sheet.html", context))


def is_tall(cells: list[Cell]) -> bool:
    """Whether the row leaves room for a signature or a seal."""
    return any(cell.look == "place" and cell.rows == 1 for cell in cells)


def css_text(text: str) -> str:
    """Text inside a CSS string; everything but letters and digits as a code, so that a name cannot leave the string.

    >>> css_text('a"b</style>')
    'a\\\\22 b\\\\3c \\\\2f style\\\\3e '
    """
    return "".join(character if character.isalnum() else f"\\{ord(character):x} " for character in text)


def sheet_xlsx(sheet: Sheet) -> bytes:
    """The sheet as a workbook that prints on upright A4 pages, one page wide."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "档案表"
    _paper(page, sheet)
    width = len(COLUMNS)
    title = put_text(page, 1, 1, sheet.title)
    title.font, title.alignment = (
        Font(name="宋体", size=20, bold=True),
        Alignment(horizontal="center", vertical="center"),
    )
    page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=width)
    page.row_dimensions[1].height = 34
    for column, text, side in ((1, sheet.subtitle[0], "left"), (5, sheet.subtitle[1], "right")):
        put_text(page, 2, column, text).alignment = Alignment(horizontal=side, vertical="center", shrink_to_fit=True)
        page.merge_cells(start_row=2, end_row=2, start_column=column, end_column=column + 3)
    taken: set[tuple[int, int]] = set()
    for row, cells in enumerate(sheet.rows, 3):
        _row(page, row, cells, taken)
    stream = io.BytesIO()
    save_workbook(book, stream)
    return stream.getvalue()


def _paper(page: Worksheet, sheet: Sheet) -> None:
    page.page_setup.paperSize, page.page_setup.orientation = page.PAPERSIZE_A4, page.ORIENTATION_PORTRAIT
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.63
    # "&" starts a code in the foot of a page
    page.oddFooter.left.text = sheet.foot.replace("&", "&&")
    page.oddFooter.right.text = "第 &P 页，共 &N 页"
    page.sheet_view.showGridLines = False
    for at, width in enumerate(COLUMNS, 1):
        page.column_dimensions[get_column_letter(at)].width = width / MM_PER_CHARACTER


def _row(page: Worksheet, row: int, cells: list[Cell], taken: set[tuple[int, int]]) -> None:
    """Write one row, past the places that a cell from above still takes."""
    column, lines = 1, 1
    for cell in cells:
        while (row, column) in taken:
            column += 1
        _cell(page, row, column, cell)
        taken |= {(row + down, column + right) for down in range(cell.rows) for right in range(cell.span)}
        if cell.rows == 1:
            lines = max(lines, _lines(cell, sum(COLUMNS[column - 1 : column - 1 + cell.span])))
        column += cell.span
    least = PLACE_POINTS if is_tall(cells) else LEAST_POINTS
    page.row_dimensions[row].height = max(least, lines * LINE_POINTS + 6)


def _cell(page: Worksheet, row: int, column: int, cell: Cell) -> None:
    written = put_text(page, row, column, cell.text)
    heavy = cell.look in ("label", "head", "section")
    side = {"value": "left", "number": "right"}.get(cell.look, "center")
    written.font = Font(name="宋体", size=10, bold=heavy)
    written.alignment = Alignment(
        horizontal=side, vertical="center", wrap_text=True, indent=0 if side == "center" else 1
    )
    line = Border(**{edge: Side(style="thin") for edge in ("left", "right", "top", "bottom")})
    for down in range(cell.rows):
        for right in range(cell.span):
            page.cell(row + down, column + right).border = line
    if cell.look == "section":
        written.fill = PatternFill("solid", fgColor="F0F0F0")
    if cell.span > 1 or cell.rows > 1:
        end_row, end_column = row + cell.rows - 1, column + cell.span - 1
        page.merge_cells(start_row=row, end_row=end_row, start_column=column, end_column=end_column)


def _lines(cell: Cell, millimetres: int) -> int:
    """How many lines the text takes in a cell so wide, a Chinese character being two wide.

    >>> _lines(Cell("一二三四五六七八九十"), 20), _lines(Cell("甲\\n乙"), 20)
    (3, 2)
    """
    room = max(2, int(millimetres / MM_PER_CHARACTER) - 2)
    wide = (sum(1 if ord(character) < 256 else 2 for character in part) for part in cell.text.split("\n"))
    return sum(max(1, ceil(width / room)) for width in wide)
