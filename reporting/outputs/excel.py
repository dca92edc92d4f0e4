"""The official Excel: the printed layout with live formulas, and the figures as a plain list behind it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import copy
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from relief.lib import xlsx
from reporting.layout import Grid, GridCell, grid
from reporting.outputs.live import live_formula
from reporting.outputs.sheet import SheetData, head_lines, notes
from reporting.rounding import printed_numbers, shown_texts
from reporting.spec.model import Item
from reporting.values import NOT_APPLICABLE, State, exact

STATE_WORDS = {State.FILLED: "已填", State.EMPTY: "未填", State.NA: "不适用"}
DATA_HEADS = ("代码", "项目", "单位", "数值", "状态", "来源")
DATA_WIDTHS = (9, 76, 8, 18, 9, 14)
# Character sets keep a Chinese face where the named one is not installed.
TITLE_FONT = Font(name="方正小标宋简体", size=18, bold=True, charset=134, family=1)
BODY_FONT = Font(name="SimSun", size=9.5, charset=134, family=1)
SMALL_FONT = Font(name="SimSun", size=9, charset=134, family=1)
HEAD_FONT = Font(name="SimSun", size=9.5, bold=True, charset=134, family=1)
THIN, THICK = Side(style="thin"), Side(style="medium")
PAGE_HEIGHT = {"portrait": 297, "landscape": 210}
MARGIN = 12
DEFAULT_ROW = Decimal("7")
# Two lines of a merged label need more height in a spreadsheet than in the PDF.
STRETCH = Decimal("1.12")


def workbook(sheets: Sequence[SheetData]) -> bytes:
    """An xlsx file: each sheet in its printed layout, then for each a list of its figures called 数据."""
    book = Workbook()
    book.remove(book.active)
    book.properties.creator = book.properties.lastModifiedBy = "送温暖"
    for sheet in sheets:
        _Printed(book.create_sheet(_free_name(book, sheet.name)), sheet).write()
    for sheet in sheets:
        _write_figures(book.create_sheet(_free_name(book, "数据")), sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _free_name(book: Workbook, name: str) -> str:
    """A sheet name that Excel takes and that is not there yet."""
    plain = "".join(" " if character in "[]:*?/\\'" else character for character in name).strip()[:28] or "表"
    names = {existing.lower() for existing in book.sheetnames}
    tries = (plain if number == 1 else f"{plain}{number}" for number in range(1, len(names) + 2))
    return next(candidate for candidate in tries if candidate.lower() not in names)


def number_format(item: Item) -> str:
    """The Excel format that shows the item's places, grouped."""
    return "#,##0" + ("." + "0" * item.places if item.places else "")


class _Printed:
    """Writes one sheet from top to bottom; `row` is the next free line."""

    def __init__(self, ws: Worksheet, sheet: SheetData) -> None:
        self.ws = ws
        self.sheet = sheet
        self.grid: Grid = grid(sheet.spec)
        self.texts = shown_texts(sheet.spec, sheet.values)
        self.last_col = len(self.grid.widths)
        self.row = 1
        self.height = Decimal(0)

    def write(self) -> None:
        self._title()
        for line in head_lines(self.sheet):
            self._head_line(line)
        self.top = self.row
        self._cells()
        self._frame()
        for note in notes(self.sheet):
            self._wide_line(note, SMALL_FONT, Decimal("5"))
        if self.sheet.foot:
            self._wide_line(self.sheet.foot, SMALL_FONT, Decimal("6"))
        self._page()

    def _title(self) -> None:
        self._wide_line(self.sheet.heading, TITLE_FONT, Decimal("10"), "center")

    def _wide_line(self, text: str, font: Font, height: Decimal, align: str = "left") -> None:
        self._merge(self.row, 1, self.row, self.last_col)
        self._text(self.row, 1, text, font, align)
        self._set_height(self.row, height)
        self.row += 1

    def _head_line(self, groups: list[str]) -> None:
        split = self._middle() if len(groups) == 2 else None
        if split is None:
            self._wide_line("　　　　".join(groups), BODY_FONT, Decimal("5.2"))
            return
        self._merge(self.row, 1, self.row, split)
        self._merge(self.row, split + 1, self.row, self.last_col)
        self._text(self.row, 1, groups[0], BODY_FONT, "left")
        self._text(self.row, split + 1, groups[1], BODY_FONT, "right")
        self._set_height(self.row, Decimal("5.2"))
        self.row += 1

    def _middle(self) -> int | None:
        """The column after which a head line is split in two, where one lies near the middle."""
        passed = Decimal(0)
        for number, width in enumerate(self.grid.widths, 1):
            passed += width
            if Decimal("0.4") <= passed / self.grid.total_width <= Decimal("0.75"):
                return number
        return None

    def _cells(self) -> None:
        for row in self.grid.rows:
            self._set_height(self.top + row.number, (row.height or DEFAULT_ROW) * STRETCH)
            for placed in row.cells:
                self._cell(placed)
        self.row = self.top + len(self.grid.rows)

    def _cell(self, placed: GridCell) -> None:
        row, col = self.top + placed.row, placed.col + 1
        self._merge(row, col, self.top + placed.last_row, placed.last_col + 1)
        font = HEAD_FONT if placed.style == "head" else BODY_FONT
        if placed.is_single_blank:
            self._blank(row, col, self.sheet.spec.item(placed.content[0].code), placed.align)
        else:
            self._text(row, col, self._sentence(placed), font, placed.align)

    def _sentence(self, placed: GridCell) -> str:
        parts = []
        for piece in placed.content:
            if piece.is_blank:
                parts.append(self.texts[piece.code] or "____")
            else:
                parts.append(f"  {piece.text}" if piece.is_formula else piece.text)
        return "".join(parts)

    def _blank(self, row: int, col: int, item: Item, align: str) -> None:
        value = self.sheet.values[item.code]
        formula = live_formula(self.sheet.spec, item, self._addresses(), value)
        number = exact(item, value)
        if formula is None and number is None:
            self._text(row, col, self.texts[item.code], BODY_FONT, align)
            return
        if formula is not None:
            xlsx.put_formula(self.ws, row, col, formula, number_format(item))
        else:
            xlsx.put_number(self.ws, row, col, number, number_format(item))
        self._dress(row, col, BODY_FONT, align)

    def _addresses(self) -> dict[str, str]:
        """The cell of each blank that has a cell of its own and holds a number there."""
        return {
            code: f"{get_column_letter(placed.col + 1)}{self.top + placed.row}"
            for code, placed in self.grid.places.items()
            if placed.is_single_blank and self.sheet.spec.item(code).is_numeric
        }

    def _text(self, row: int, col: int, text: str, font: Font, align: str) -> None:
        if text:
            xlsx.put_text(self.ws, row, col, text)
        self._dress(row, col, font, align)

    def _dress(self, row: int, col: int, font: Font, align: str) -> None:
        cell = self.ws.cell(row, col)
        cell.font = copy(font)
        cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=align != "right")

    def _merge(self, row: int, col: int, last_row: int, last_col: int) -> None:
        if (row, col) != (last_row, last_col):
            self.ws.merge_cells(start_row=row, start_column=col, end_row=last_row, end_column=last_col)

    def _set_height(self, row: int, millimetres: Decimal) -> None:
        self.height += millimetres
        self.ws.row_dimensions[row].height = (millimetres * 72 / Decimal("25.4")).quantize(Decimal("0.1"))

    def _frame(self) -> None:
        """Thin lines inside, a heavier line around; merged cells need it on every cell they cover."""
        bottom = self.row - 1
        for row in range(self.top, self.row):
            for col in range(1, self.last_col + 1):
                self.ws.cell(row, col).border = Border(
                    top=THICK if row == self.top else THIN,
                    bottom=THICK if row == bottom else THIN,
                    left=THICK if col == 1 else THIN,
                    right=THICK if col == self.last_col else THIN,
                )

    def _page(self) -> None:
        ws, layout = self.ws, self.sheet.spec.layout
        for number, width in enumerate(self.grid.widths, 1):
            pixels = width * 96 / Decimal("25.4")
            ws.column_dimensions[get_column_letter(number)].width = ((pixels - 5) / 7).quantize(Decimal("0.01"))
        ws.print_area = f"A1:{get_column_letter(self.last_col)}{self.row - 1}"
        if self.grid.head_rows:
            ws.print_title_rows = f"{self.top}:{self.top + self.grid.head_rows - 1}"
        ws.page_setup.paperSize = ws.PAPERSIZE_A4
        ws.page_setup.orientation = layout.orientation
        ws.sheet_properties.pageSetUpPr.fitToPage = True
        ws.page_setup.fitToWidth = 1
        # A sheet that nearly fits one page is kept on one; a long one runs on.
        one_page = self.height <= (PAGE_HEIGHT[layout.orientation] - 2 * MARGIN) * Decimal("1.2")
        ws.page_setup.fitToHeight = 1 if one_page else 0
        ws.print_options.horizontalCentered = True
        margin = round(MARGIN / 25.4, 2)
        ws.page_margins.left = ws.page_margins.right = ws.page_margins.top = ws.page_margins.bottom = margin
        ws.page_margins.header = ws.page_margins.footer = round(5 / 25.4, 2)
        ws.oddFooter.right.text = "第 &P 页　共 &N 页"
        ws.oddFooter.right.size = 8
        ws.sheet_view.showGridLines = False
        ws.freeze_panes = ws.cell(self.top + self.grid.head_rows, 1).coordinate


def _write_figures(ws: Worksheet, sheet: SheetData) -> None:
    """代码, 项目, 单位, 数值 in the printed unit and places, 状态, 来源; one line per blank."""
    numbers = printed_numbers(sheet.spec, sheet.values)
    for col, (head, width) in enumerate(zip(DATA_HEADS, DATA_WIDTHS, strict=True), 1):
        xlsx.put_text(ws, 1, col, head)
        ws.cell(1, col).font = copy(HEAD_FONT)
        ws.column_dimensions[get_column_letter(col)].width = width
    for row, item in enumerate(sheet.spec.items, 2):
        value, number = sheet.values[item.code], numbers[item.code]
        for col, text in ((1, item.code), (2, item.label), (3, item.unit)):
            xlsx.put_text(ws, row, col, text)
        if number is not None:
            xlsx.put_number(ws, row, 4, number, number_format(item))
        elif not value.is_empty:
            xlsx.put_text(ws, row, 4, NOT_APPLICABLE if value.is_na else value.text)
        xlsx.put_text(ws, row, 5, STATE_WORDS[value.state])
        xlsx.put_text(ws, row, 6, sheet.origins.get(item.code, ""))
    ws.freeze_panes = "A2"
    ws.sheet_properties.pageSetUpPr.fitToPage = True
    ws.page_setup.paperSize, ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = ws.PAPERSIZE_A4, 1, 0
    ws.print_title_rows = "1:1"
