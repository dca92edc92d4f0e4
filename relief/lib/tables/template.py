"""The empty list to be filled in: one head row, drop-downs, and a second sheet with the words."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter
from django.conf import settings

from relief.lib.tables.model import Field
from relief.lib.tables.reading import GUIDE_SHEETS
from relief.lib.xlsx import clean_text
from relief.lib.xlsx_worker import column_name

ROWS = 2_000
"""Rows that have drop-downs and formats; more may be filled in."""
FORMATS = {"text": "@", "money": "#,##0.00", "day": "yyyy-mm-dd", "whole": "0"}


def blank_workbook(title: str, fields: Sequence[Field]) -> bytes:
    """A workbook with the sheet `title`, whose columns are the fields, 填写说明 and 词表."""
    out = io.BytesIO()
    options = {
        "tmpdir": getattr(settings, "FILE_UPLOAD_TEMP_DIR", None),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        sheet, guide, words = book.add_worksheet(title), *(book.add_worksheet(name) for name in GUIDE_SHEETS)
        head = book.add_format({"bold": True, "bg_color": "#F3E9E7", "bottom": 1, "num_format": "@"})
        need = book.add_format({"bold": True, "bg_color": "#F6D5D2", "bottom": 1, "num_format": "@"})
        formats = {kind: book.add_format({"num_format": shown}) for kind, shown in FORMATS.items()}
        for place, each in enumerate(fields):
            sheet.set_column(place, place, max(12, 2 * len(each.title) + 4), formats[each.kind])
            sheet.write_string(
                0, place, f"{each.title}*" if each.required else each.title, need if each.required else head
            )
            if each.choices:
                _offer(sheet, words, place, each, head)
        sheet.freeze_panes(1, 0)
        _explain(guide, fields, head)
    return out.getvalue()


def _offer(sheet, words, place: int, each: Field, head) -> None:
    """Write the words of a field into 词表 and let its cells choose from them."""
    words.write_string(0, place, each.title, head)
    words.set_column(place, place, 24)
    for line, word in enumerate(each.choices, 1):
        words.write_string(line, place, clean_text(word))
    letter = column_name(place + 1)
    rule = {
        "validate": "list",
        "source": f"={GUIDE_SHEETS[1]}!${letter}$2:${letter}${len(each.choices) + 1}",
        "error_title": "词表里没有",
        "error_message": f"请从下拉选择{each.title}。"[:255],
    }
    sheet.data_validation(1, place, ROWS, place, rule)


def _explain(guide, fields: Sequence[Field], head) -> None:
    guide.set_column(0, 0, 24)
    guide.set_column(1, 1, 80)
    guide.write_string(0, 0, "这一列", head)
    guide.write_string(0, 1, "怎么填", head)
    for line, each in enumerate(fields, 1):
        guide.write_string(line, 0, each.title)
        said = (
            ("必填。" if each.required else "" if "必填" in each.hint else "可不填。")
            + each.hint
            + ("从下拉选择，词表在第 3 页。" if each.choices else "")
        )
        guide.write_string(line, 1, said)
    guide.write_string(len(fields) + 2, 0, "列的顺序可以改，也可以用自己的表：表头写上面的名称即可。")
