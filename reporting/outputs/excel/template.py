"""The offline template (下载填报 Excel): locked labels, open blanks, validation, live checks, and who it is for."""

from __future__ import annotations

import io
from collections.abc import Sequence

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from relief.lib import xlsx
from reporting.outputs.excel.book import free_name, new_book
from reporting.outputs.excel.conditions import Condition, conditions, left_out
from reporting.outputs.excel.formats import Formats
from reporting.outputs.excel.placing import Placing
from reporting.outputs.excel.printed import Printed
from reporting.outputs.excel.sentences import MOST_FORMULA, literals
from reporting.outputs.sheet import SheetData
from reporting.spec import Item
from reporting.values import MONEY_PLACES, NOT_APPLICABLE, TEXT_LIMIT

FORM_SHEET, IDENTITY_SHEET = "填报表", "填报信息"
HOW_TO = (
    "只填浅黄色的格子；其余格子已锁定，合计自动计算。",
    "没有发生填 0，本单位不涉及填“—”，还不清楚就空着。句子里的空格填在表右侧“本行第几空”。",
    "右侧“检查”变红的要改正；改好后在系统里“上传填好的表”，系统会先列出改动再请您确认。",
    "请不要改动本页，也不要删行、移动单元格或改表里的文字。",
)
MOST_CELLS = 200
"""Cells that one check cell may name: Excel takes 255 arguments, and 8192 characters."""
CHECK_HEADS = ("检查", "说明")
TONES = {
    "错误": {"bg_color": "#C00000", "font_color": "#FFFFFF", "bold": True},
    "未填": {"bg_color": "#FFE699", "font_color": "#7F6000"},
    "核实": {"bg_color": "#FFC000", "font_color": "#000000"},
    "提示": {"bg_color": "#DDEBF7", "font_color": "#1F4E79"},
    "通过": {"font_color": "#1A7F37"},
}
WRONG = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
EARLIEST, LATEST = 36526, 73051
"""Excel's numbers of 2000-01-01 and 2100-01-01."""


def offline_workbook(sheet: SheetData, identity: Sequence[tuple[str, str]]) -> bytes:
    """The form to be filled in offline, prefilled with the sheet's values; `identity` are labels and words."""
    stream = io.BytesIO()
    with new_book(stream) as book:
        formats, names = Formats(book), list[str]()
        ws = book.add_worksheet(free_name(names, FORM_SHEET))
        placing = Printed(ws, sheet, formats, opened=True).write()
        for code in sheet.spec.leaves:
            _validate(ws, placing, sheet.spec.item(code))
        _Checks(ws, placing, formats).write()
        ws.protect("", {"format_columns": True, "format_rows": True})
        _write_identity(book.add_worksheet(free_name(names, IDENTITY_SHEET)), identity, formats)
    return stream.getvalue()


def _validate(ws: Worksheet, placing: Placing, item: Item) -> None:
    row, col = placing.inputs[item.code]
    cell = xl_rowcol_to_cell(row, col)
    rule, wanted = _rule(item, cell)
    ws.data_validation(
        row,
        col,
        row,
        col,
        {
            "validate": "custom",
            "value": rule,
            "input_title": item.code,
            "input_message": _clipped(f"{item.label}{f'（{item.unit}）' if item.unit else ''}\n{wanted}"),
            "error_title": "填得不对",
            "error_message": _clipped(f"“{item.name}”{wanted}"),
        },
    )


def _rule(item: Item, cell: str) -> tuple[str, str]:
    """The validation as a formula, and what may be filled in, in words."""
    if item.kind == "text":
        return f"=LEN({cell})<={TEXT_LIMIT}", f"最多填 {TEXT_LIMIT} 个字；没有填“—”。"
    if item.kind == "date":
        test = f"AND(ISNUMBER({cell}),{cell}>={EARLIEST},{cell}<{LATEST})"
        return f'=OR({cell}="{NOT_APPLICABLE}",{test})', "要填日期，例如 2024-02-24；没有填“—”。"
    places = MONEY_PLACES[item.unit] if item.kind == "money" else item.places
    test = f"AND(ISNUMBER({cell}),N({cell})>=0,ROUND(N({cell}),{places})=N({cell}))"
    what = f"要填不小于 0 的数，最多 {places} 位小数" if places else "要填不小于 0 的整数"
    return f'=OR({cell}="{NOT_APPLICABLE}",{test})', f"{what}；没有发生填 0，不涉及填“—”。"


def _clipped(text: str) -> str:
    """Excel takes 255 characters."""
    return text if len(text) <= 250 else f"{text[:249]}…"


class _Checks:
    """The check cells to the right of the paper."""

    def __init__(self, ws: Worksheet, placing: Placing, formats: Formats) -> None:
        self.ws, self.placing, self.formats = ws, placing, formats
        self.col = placing.checks
        self.row = placing.top
        self.words = formats.of("side", "left", "General", text_wrap=False, shrink=False)
        self.result = formats.of("side", "center", "General", shrink=False)

    def write(self) -> None:
        """Head, one line per check, a line for what is not filled in yet, the sum of it all at the top."""
        ws, placing = self.ws, self.placing
        ws.set_column(self.col - 1, self.col - 1, 2)
        ws.set_column(self.col, self.col, 9)
        ws.set_column(self.col + 1, self.col + 1, 70)
        for number, head in enumerate(CHECK_HEADS):
            ws.write_string(placing.top - 1, self.col + number, head, self.formats.of("side", "center"))
        first = self.row
        self._required()
        for condition in conditions(placing.spec, placing.addresses):
            self._line(condition)
        if left_out(placing.spec, placing.addresses):
            told = "与台账、上年和其他表的核对，上传后由系统检查。"
            ws.write_string(self.row, self.col + 1, told, self.words)
        self._summary(first)

    def _required(self) -> None:
        spec, addresses = self.placing.spec, self.placing.addresses
        cells = [addresses[code] for code in spec.leaves if spec.item(code).required]
        for first in range(0, len(cells), MOST_CELLS):
            count = "+".join(f'({cell}="")' for cell in cells[first : first + MOST_CELLS])
            self._write(f'=IF({count}=0,"通过","未填")', f'=IF({count}=0,"必填的都填了",{count}&" 格必填的还没有填")')

    def _line(self, condition: Condition) -> None:
        result = xl_rowcol_to_cell(self.row, self.col, row_abs=True, col_abs=True)
        here = result.replace("$", "")
        label = next(literals(_clipped(condition.label)), '""')
        if condition.said_when.count(",") > MOST_CELLS or len(condition.result) > MOST_FORMULA:
            # Excel takes no such formula, and repairs the whole file by throwing it away.
            self._write('="提示"', f'={label}&"：太长，上传后由系统检查。"')
            return
        words = f'=IF(OR({here}="",{here}="通过"),{label},{condition.words})'
        if len(words) > MOST_FORMULA:
            words = f"={label}"
        self._write(condition.result, words)
        if condition.severity.value == "refuse":
            red = self.formats.book.add_format(WRONG)
            for code in condition.codes:
                place = self.placing.inputs[code]
                self.ws.conditional_format(*place, *place, _when(f'={result}="{condition.severity.label}"', red))

    def _write(self, result: str, words: str) -> None:
        # An empty stored result makes every program compute it when the file is opened.
        self.ws.write_formula(self.row, self.col, result, self.result, "")
        self.ws.write_formula(self.row, self.col + 1, words, self.words, "")
        self.row += 1

    def _summary(self, first: int) -> None:
        last = max(self.row - 1, first)
        area = f"{xl_rowcol_to_cell(first, self.col)}:{xl_rowcol_to_cell(last, self.col)}"
        wrong, doubtful = f'COUNTIF({area},"错误")', f'COUNTIF({area},"核实")'
        told = f'=IF({wrong}>0,"错误",IF({doubtful}>0,"核实",IF(COUNTIF({area},"未填")>0,"未填","通过")))'
        self.ws.write_formula(0, self.col, told, self.result, "")
        counted = f'={wrong}&" 处错误，"&{doubtful}&" 处核实"'
        self.ws.write_formula(0, self.col + 1, counted, self.words, "")
        for word, tone in TONES.items():
            form = self.formats.book.add_format(tone)
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": form}
            self.ws.conditional_format(first, self.col, last, self.col, rule)
            self.ws.conditional_format(0, self.col, 0, self.col, dict(rule))


def _when(formula: str, form: object) -> dict[str, object]:
    return {"type": "formula", "criteria": formula, "format": form}


def _write_identity(ws: Worksheet, identity: Sequence[tuple[str, str]], formats: Formats) -> None:
    """Who this file is for: labels in A, words in B; told to be left alone, and sealed by its last line."""
    ws.set_column(0, 0, 16)
    ws.set_column(1, 1, 84)
    for row, words in enumerate(HOW_TO):
        ws.merge_range(row, 0, row, 1, words, formats.of("body"))
    for row, (label, words) in enumerate(identity, len(HOW_TO) + 1):
        ws.write_string(row, 0, label, formats.of("side"))
        ws.write_string(row, 1, xlsx.clean_text(words), formats.of("body"))
    ws.protect("")
    ws.hide_gridlines(2)
