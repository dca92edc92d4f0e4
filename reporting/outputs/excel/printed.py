"""One printed sheet of a workbook: title, head lines, table, notes, foot, page set-up, blanks of sentences beside it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from relief.lib import xlsx
from reporting.layout import GridCell, GridRow
from reporting.outputs.excel.formats import BESIDE, OPEN, THICK, THIN, Formats, number_format
from reporting.outputs.excel.placing import SIDE_HEAD, Placing
from reporting.outputs.excel.sentences import lines_needed, sentence_formula, sentence_text, spread
from reporting.outputs.live import live_formula, live_total
from reporting.outputs.sheet import SheetData, head_lines, notes, sheet_grid
from reporting.rounding import shown_texts
from reporting.spec import Item
from reporting.values import Value, exact

PAGE_HEIGHT = {"portrait": 297, "landscape": 210}
MARGIN, MARGIN_INCHES, FOOTER_INCHES = 12, 0.47, 0.2
DEFAULT_ROW, LINE_HEIGHT = Decimal("7"), Decimal("4.3")
# Two lines of a merged label need more height in a spreadsheet than in the PDF.
STRETCH = Decimal("1.12")
PIXELS = Decimal(96) / Decimal("25.4")
SIDE_WIDTH, GAP_WIDTH = 15, 2


class Printed:
    """Writes one sheet from top to bottom; `opened` unlocks the blanks of an offline template."""

    def __init__(self, ws: Worksheet, sheet: SheetData, formats: Formats, *, opened: bool = False) -> None:
        self.ws = ws
        self.sheet = sheet
        self.formats = formats
        self.opened = opened
        self.spec = sheet.spec
        self.placing = Placing(sheet.spec, sheet_grid(sheet))
        self.grid = self.placing.grid
        self.texts = shown_texts(sheet.spec, sheet.values)
        self.last_col = self.placing.last_col
        self.row = 0
        self.height = Decimal(0)

    def write(self) -> Placing:
        """Write everything; the placing says where the blanks are."""
        self._wide_line(self.sheet.heading, "title", Decimal("10"), "center")
        for line in head_lines(self.sheet):
            self._head_line(line)
        for row in self.grid.rows:
            self._row(row)
        self.row = self.placing.bottom + 1
        for note in notes(self.sheet):
            self._wide_line(note, "small", Decimal("5"))
        if self.sheet.foot:
            self._wide_line(self.sheet.foot, "small", Decimal("6"))
        self._beside()
        self._page()
        return self.placing

    def _wide_line(self, text: str, face: str, height: Decimal, align: str = "left") -> None:
        lines = lines_needed(text, self.grid.total_width) if face == "small" else 1
        self._text(self.row, 0, self.row, self.last_col, text, self.formats.of(face, align))
        self._set_height(self.row, max(height, LINE_HEIGHT * lines))
        self.row += 1

    def _head_line(self, groups: list[str]) -> None:
        split = self._middle() if len(groups) == 2 else None
        if split is None:
            self._wide_line(spread(groups, self.grid.total_width), "body", Decimal("5.2"))
            return
        self._text(self.row, 0, self.row, split, groups[0], self.formats.of("body", "left"))
        self._text(self.row, split + 1, self.row, self.last_col, groups[1], self.formats.of("body", "right"))
        self._set_height(self.row, Decimal("5.2"))
        self.row += 1

    def _middle(self) -> int | None:
        """The column after which a head line is split in two, where one lies near the middle."""
        passed = Decimal(0)
        for number, width in enumerate(self.grid.widths[:-1]):
            passed += width
            if Decimal("0.4") <= passed / self.grid.total_width <= Decimal("0.75"):
                return number
        return None

    # The table

    def _row(self, row: GridRow) -> None:
        at = self.placing.top + row.number
        needed = Decimal(0)
        for placed in row.cells:
            self._cell(row, placed)
            if placed.rowspan == 1 and not placed.is_single_blank:
                needed = max(needed, LINE_HEIGHT * lines_needed(self._roomy(placed), placed.width))
        self._set_height(at, max((row.height or DEFAULT_ROW) * STRETCH, needed))

    def _roomy(self, placed: GridCell) -> str:
        """The sentence with room for eight digits in every blank, so that no row is too low for what comes."""
        return sentence_text(placed, {code: self.texts[code].rjust(8, "0") for code in placed.codes})

    def _cell(self, row: GridRow, placed: GridCell) -> None:
        at = (self.placing.top + row.number, placed.col, self.placing.top + placed.last_row, placed.last_col)
        look = self._borders(placed)
        face = "head" if placed.style == "head" or row.is_total else "body"
        if placed.is_single_blank:
            self._single(row, placed, at, face, look)
            return
        formula = sentence_formula(self.spec, placed, self.placing.addresses)
        text = sentence_text(placed, self.texts)
        form = self.formats.of(face, placed.align, **look)
        if formula is None:
            self._text(*at, text, form)
        else:
            self._span(*at, form)
            self.ws.write_formula(at[0], at[1], formula, self._general(face, placed.align, look), text)

    def _general(self, face: str, align: str, look: Mapping[str, Any]) -> Any:
        """A formula needs a cell that is no text cell, or a spreadsheet shows the formula itself."""
        return self.formats.of(face, align, "General", **({"text_wrap": True, "shrink": False} | dict(look)))

    def _single(self, row: GridRow, placed: GridCell, at: tuple[int, int, int, int], face: str, look: dict) -> None:
        piece = placed.content[0]
        item = self.spec.item(piece.code)
        if piece.is_shown:
            line = self.sheet.lines[row.line or 0]
            value = None if line.values is None else line.values.get(item.code)
            self._put(at, item, value or Value.empty(), piece.text, face, placed.align, look)
        elif row.is_total:
            formula = live_total(self.sheet, item, self._column(placed))
            self._put(at, item, self.sheet.values[item.code], self.texts[item.code], face, placed.align, look, formula)
        else:
            self._own(at, item, face, placed.align, look)

    def _own(self, at: tuple[int, int, int, int], item: Item, face: str, align: str, look: dict) -> None:
        """The value of a blank of the filing itself, with its live formula where it has one."""
        value = self.sheet.values[item.code]
        formula = live_formula(self.spec, item, self.placing.numeric, value)
        if self.opened and not item.is_formula:
            look = look | OPEN
        self._put(at, item, value, self.texts[item.code], face, align, look, formula)

    def _put(
        self,
        at: tuple[int, int, int, int],
        item: Item,
        value: Value,
        text: str,
        face: str,
        align: str,
        look: dict,
        formula: str | None = None,
    ) -> None:
        number, row, col = exact(item, value), at[0], at[1]
        open_number = self.opened and item.kind != "text"
        form = self.formats.of(face, align, number_format(item), **look)
        if formula is not None:
            self._span(*at, form)
            self.ws.write_formula(row, col, formula, form, text if number is None else number)
        elif number is not None:
            self._span(*at, form)
            self.ws.write_number(row, col, number, form)
        elif item.kind == "date" and value.text:
            self._span(*at, form)
            self.ws.write_datetime(row, col, datetime.date.fromisoformat(value.text), form)
        else:
            self._text(*at, text, form if open_number else self.formats.of(face, align, **look))

    def _column(self, placed: GridCell) -> str:
        first, last = self.placing.top + self.grid.head_rows, self.placing.bottom - 1
        return f"{xl_rowcol_to_cell(first, placed.col)}:{xl_rowcol_to_cell(last, placed.col)}"

    def _borders(self, placed: GridCell) -> dict[str, Any]:
        """Thin lines inside, a heavier line around."""
        return {
            "top": THICK if placed.row == 0 else THIN,
            "bottom": THICK if placed.last_row == len(self.grid.rows) - 1 else THIN,
            "left": THICK if placed.col == 0 else THIN,
            "right": THICK if placed.last_col == self.last_col else THIN,
        }

    # Beside the paper

    def _beside(self) -> None:
        """The cells of the blanks inside sentences, with 本行第 n 空 above them."""
        placing = self.placing
        if not placing.side_count:
            return
        self.ws.set_column(self.last_col + 1, self.last_col + 1, GAP_WIDTH)
        self.ws.set_column(placing.side, placing.side + placing.side_count - 1, SIDE_WIDTH)
        head = self.formats.of("side", "center")
        for number in range(placing.side_count):
            self.ws.write_string(placing.top - 1, placing.side + number, SIDE_HEAD.format(number + 1), head)
        for code, (row, col) in placing.inputs.items():
            if placing.is_beside(code):
                item = self.spec.item(code)
                look = BESIDE if not item.is_formula else BESIDE | {"bg_color": "#EFF1F3"}
                self._own((row, col, row, col), item, "body", "right" if item.is_numeric else "left", dict(look))

    # Cells and page

    def _text(self, row: int, col: int, last_row: int, last_col: int, text: str, form: Any) -> None:
        self._span(row, col, last_row, last_col, form)
        if text:
            self.ws.write_string(row, col, xlsx.clean_text(text), form)
        else:
            self.ws.write_blank(row, col, None, form)

    def _span(self, row: int, col: int, last_row: int, last_col: int, form: Any) -> None:
        if (row, col) != (last_row, last_col):
            self.ws.merge_range(row, col, last_row, last_col, "", form)

    def _set_height(self, row: int, millimetres: Decimal) -> None:
        self.height += millimetres
        self.ws.set_row_pixels(row, round(millimetres * PIXELS))

    def _page(self) -> None:
        ws, orientation = self.ws, self.spec.layout.orientation
        for col, width in enumerate(self.grid.widths):
            ws.set_column_pixels(col, col, round(width * PIXELS))
        ws.print_area(0, 0, self.row - 1, self.last_col)
        if self.grid.head_rows:
            ws.repeat_rows(self.placing.top, self.placing.top + self.grid.head_rows - 1)
        ws.set_paper(9)
        ws.set_landscape() if orientation == "landscape" else ws.set_portrait()
        # A sheet that nearly fits one page is kept on one; a long one runs on.
        one_page = self.height <= (PAGE_HEIGHT[orientation] - 2 * MARGIN) * Decimal("1.2")
        ws.fit_to_pages(1, 1 if one_page else 0)
        ws.center_horizontally()
        ws.set_margins(MARGIN_INCHES, MARGIN_INCHES, MARGIN_INCHES, MARGIN_INCHES)
        ws.set_footer("&R&8第 &P 页　共 &N 页", {"margin": FOOTER_INCHES})
        ws.hide_gridlines(2)
        ws.freeze_panes(self.placing.top + self.grid.head_rows, 0)
