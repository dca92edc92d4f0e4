"""The figures of a form as a plain list: 代码, 项目, 单位, 数值, 状态, 来源."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from relief.lib import xlsx
from reporting.outputs.excel.formats import Formats, number_format
from reporting.outputs.sheet import SheetData
from reporting.rounding import printed_numbers
from reporting.values import NOT_APPLICABLE, State

DATA_SHEET = "数据"
STATE_WORDS = {State.FILLED: "已填", State.EMPTY: "未填", State.NA: "不适用"}
DATA_HEADS = ("代码", "项目", "单位", "数值", "状态", "来源")
DATA_WIDTHS = (9, 76, 8, 18, 9, 14)


def write_figures(ws: Worksheet, sheet: SheetData, formats: Formats) -> None:
    """One line per blank, the number in the printed unit and places."""
    numbers = printed_numbers(sheet.spec, sheet.values)
    head, text = formats.of("head"), formats.of("body")
    for col, (title, width) in enumerate(zip(DATA_HEADS, DATA_WIDTHS, strict=True)):
        ws.write_string(0, col, title, head)
        ws.set_column(col, col, width)
    for row, item in enumerate(sheet.spec.items, 1):
        value, number = sheet.values[item.code], numbers[item.code]
        words = {0: item.code, 1: item.label, 2: item.unit, 4: STATE_WORDS[value.state]}
        words[5] = sheet.origins.get(item.code, "")
        if number is not None:
            ws.write_number(row, 3, number, formats.of("body", "right", number_format(item)))
        elif not value.is_empty:
            words[3] = NOT_APPLICABLE if value.is_na else value.text or ""
        for col, word in words.items():
            if word:
                ws.write_string(row, col, xlsx.clean_text(word), text)
    ws.freeze_panes(1, 0)
    ws.set_paper(9)
    ws.fit_to_pages(1, 0)
    ws.repeat_rows(0)
