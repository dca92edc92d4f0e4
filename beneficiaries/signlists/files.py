"""A payout list as a file: PDF by the PDF worker, Excel with every text written as text; both A4 on its side."""

from __future__ import annotations

import io
from decimal import Decimal
from math import ceil

import openpyxl
from django.template.loader import render_to_string
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import save_workbook

from beneficiaries.sheets.files import MM_PER_CHARACTER, css_text
from beneficiaries.signlists.content import PayoutList
from relief.lib.pdf import render_pdf
from relief.lib.xlsx import put_number, put_text

KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
HEAD_ROW = 3
STYLE = """
@page { size: 297mm 210mm; margin: 14mm 12mm 16mm;
  @bottom-left { content: "%(foot)s"; font: 8pt var(--song); color: #444 }
  @bottom-right { content: "第 " counter(page) " 页，共 " counter(pages) " 页"; font: 8pt var(--song); color: #444 } }
html { font-family: var(--song); font-size: 9.5pt; color: #000 }
body { margin: 0 }
h1 { margin: 0 0 3mm; font-family: var(--title); font-size: 18pt; font-weight: bold; text-align: center }
.under { display: flex; justify-content: space-between; margin: 0 0 1.5mm; font-size: 9pt }
table { width: 273mm; border-collapse: collapse; table-layout: fixed; border: 0.5mm solid #000 }
th, td { border: 0.2mm solid #000; padding: 0.8mm 1mm; line-height: 1.3; vertical-align: middle; overflow-wrap: anywhere }
th { font-family: var(--hei); font-weight: normal; text-align: center }
tr { break-inside: avoid } thead { display: table-header-group }
td { height: %(height)smm } .place { text-align: center }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.total td { font-family: var(--hei) }
.signatures { display: flex; justify-content: space-between; margin: 4mm 6mm 0 }
"""


def list_file(sheet: PayoutList, kind: str) -> bytes:
    """The list as `pdf` or `xlsx`; `relief.lib.pdf.PdfFailed` when the PDF cannot be made."""
    return list_pdf(sheet) if kind == "pdf" else list_xlsx(sheet)


def list_pdf(sheet: PayoutList) -> bytes:
    """The list on A4 pages on their side, its head repeated on each."""
    height = "9" if sheet.paper == "sign" else "6"
    columns = "".join(f"col:nth-child({at}) {{ width: {one.width}mm }}\n" for at, one in enumerate(sheet.columns, 1))
    css = STYLE % {"foot": css_text(sheet.foot), "height": height} + columns
    looks = [column.look for column in sheet.columns]
    context = {
        "sheet": sheet,
        "css": css,
        "rows": [list(zip(row, looks, strict=True)) for row in sheet.rows],
        "before": sheet.amount_column,
        "after": len(sheet.columns) - sheet.amount_column - 1,
        "width": len(sheet.columns),
    }
    return render_pdf(render_to_string("beneficiaries/payout_list_sheet.html", context))


def list_xlsx(sheet: PayoutList) -> bytes:
    """The list as a workbook that prints on A4 pages on their side, one page wide, its head on each page."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "签收表" if sheet.paper == "sign" else "发放清册"
    _paper(page, sheet)
    _top(page, sheet)
    line = Border(**{edge: Side(style="thin") for edge in ("left", "right", "top", "bottom")})
    for at, texts in enumerate(sheet.rows, HEAD_ROW + 1):
        for column, (text, spec) in enumerate(zip(texts, sheet.columns, strict=True), 1):
            cell = _number(page, at, column, text) if spec.look == "number" else put_text(page, at, column, text)
            side = {"number": "right", "place": "center"}.get(spec.look, "left")
            cell.font, cell.border = Font(name="宋体", size=10), line
            cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
        lines = max(_lines(text, spec.width) for text, spec in zip(texts, sheet.columns, strict=True))
        page.row_dimensions[at].height = max(27, 13 * lines + 4)
    _totals(page, sheet, line)
    stream = io.BytesIO()
    save_workbook(book, stream)
    return stream.getvalue()


def _lines(text: str, millimetres: int) -> int:
    """How many lines a text takes in a column so wide, a Chinese character being two wide."""
    room = max(2, int(millimetres / MM_PER_CHARACTER) - 1)
    return ceil(sum(1 if ord(character) < 256 else 2 for character in text) / room)


def _number(page: Worksheet, row: int, column: int, text: str):
    return put_number(page, row, column, Decimal(text.replace(",", "")))


def _paper(page: Worksheet, sheet: PayoutList) -> None:
    page.page_setup.paperSize, page.page_setup.orientation = page.PAPERSIZE_A4, page.ORIENTATION_LANDSCAPE
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.47
    page.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    page.freeze_panes = page.cell(HEAD_ROW + 1, 1)
    # "&" starts a code in the foot of a page
    page.oddFooter.left.text = sheet.foot.replace("&", "&&")
    page.oddFooter.right.text = "第 &P 页，共 &N 页"
    page.sheet_view.showGridLines = False
    for at, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(at)].width = column.width / MM_PER_CHARACTER


def _top(page: Worksheet, sheet: PayoutList) -> None:
    width = len(sheet.columns)
    title = put_text(page, 1, 1, sheet.title)
    title.font = Font(name="宋体", size=18, bold=True)
    title.alignment = Alignment(horizontal="center", vertical="center", shrink_to_fit=True)
    page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=width)
    page.row_dimensions[1].height = 32
    for column, end, text, side in ((1, 4, sheet.under[0], "left"), (5, width, sheet.under[1], "right")):
        cell = put_text(page, 2, column, text)
        cell.font, cell.alignment = Font(name="宋体", size=10), Alignment(horizontal=side, shrink_to_fit=True)
        page.merge_cells(start_row=2, end_row=2, start_column=column, end_column=end)
    line = Border(**{edge: Side(style="thin") for edge in ("left", "right", "top", "bottom")})
    for at, spec in enumerate(sheet.columns, 1):
        cell = put_text(page, HEAD_ROW, at, spec.title)
        cell.font, cell.border = Font(name="宋体", size=10, bold=True), line
        cell.fill = PatternFill("solid", fgColor="F0F0F0")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    page.row_dimensions[HEAD_ROW].height = 30


def _totals(page: Worksheet, sheet: PayoutList, line: Border) -> None:
    """Totals in figures and in capitals, by class, and the places to sign."""
    row, width, amount = HEAD_ROW + len(sheet.rows) + 1, len(sheet.columns), sheet.amount_column + 1
    put_text(page, row, 1, f"合计 {sheet.count} 人次　大写：{sheet.capitals}")
    put_number(page, row, amount, sheet.total)
    put_text(page, row + 1, 1, f"分类：{sheet.by_class}" if sheet.by_class else "")
    last = row + 1 + len(sheet.bank)
    for at, words in enumerate(sheet.bank, row + 2):
        put_text(page, at, 1, words)
    for at in range(row, last + 1):
        for column in range(1, width + 1):
            cell = page.cell(at, column)
            cell.font, cell.border = Font(name="宋体", size=10, bold=at == row), line
            cell.alignment = Alignment(
                horizontal="right" if column == amount and at == row else "left", vertical="center", wrap_text=True
            )
        page.row_dimensions[at].height = 24
    page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=amount - 1)
    page.merge_cells(start_row=row, end_row=row, start_column=amount + 1, end_column=width)
    for at in range(row + 1, last + 1):
        page.merge_cells(start_row=at, end_row=at, start_column=1, end_column=width)
    put_text(page, last + 2, 1, "　　　　　　　　".join(sheet.signatures)).font = Font(name="宋体", size=10)
    page.merge_cells(start_row=last + 2, end_row=last + 2, start_column=1, end_column=width)
