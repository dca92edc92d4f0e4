"""One workbook with a sheet for each union, behind a first sheet 目录 with links."""

from __future__ import annotations

import io
from typing import Any

from xlsxwriter.worksheet import Worksheet

from relief.lib import xlsx
from reporting.bundles.archive import BundleFailed
from reporting.bundles.contents import Contents, Entry
from reporting.bundles.listing import local, marks
from reporting.bundles.names import sheet_names
from reporting.outputs.excel.book import new_book
from reporting.outputs.excel.formats import Formats
from reporting.outputs.excel.printed import Printed
from reporting.outputs.sheet import SheetData

CONTENTS = "目录"
MOST_SHEETS = 300
"""Sheets of one workbook; a workbook is held in memory as a whole."""
HEADS = ("序号", "单位", "工会代码", "状态", "轮次", "上报时间", "标记", "回执号", "校验码")
WIDTHS = (6, 40, 12, 16, 6, 20, 14, 26, 12)
LINK: dict[str, Any] = {"font_size": 10, "font_color": "#0B57A4", "underline": 1}
BODY: dict[str, Any] = {"font_size": 10}
TITLE: dict[str, Any] = {"font_name": "SimHei", "font_size": 14}


def names_of(entries: list[Entry]) -> list[str]:
    """The sheet of each filed union, by its short name."""
    return sheet_names([entry.union.called for entry in entries], taken=[CONTENTS])


def book(contents: Contents, sheets: list[SheetData], names: list[str]) -> bytes:
    """The workbook; `sheets` carry the `names` and stand in the order of `contents.filed`."""
    stream = io.BytesIO()
    with new_book(stream) as made:
        formats = Formats(made)
        _write_contents(made.add_worksheet(CONTENTS), contents, names, formats)
        for sheet in sheets:
            Printed(made.add_worksheet(sheet.name), sheet, formats).write()
    return stream.getvalue()


def refuse_too_many(contents: Contents) -> None:
    """BundleFailed when the workbook would have more sheets than fit into memory."""
    if len(contents.filed) > MOST_SHEETS:
        raise BundleFailed(
            f"共有 {len(contents.filed)} 家已上报，一个工作簿最多放 {MOST_SHEETS} 家。请只选直接下级，或改用压缩包。"
        )


def _write_contents(ws: Worksheet, contents: Contents, names: list[str], formats: Formats) -> None:
    title, filed = contents.groups[0][0].title if contents.groups else "", iter(names)
    plain: dict[str, Any] = {"text_wrap": False}
    heading = xlsx.clean_text(f"{contents.campaign.title}　{title}")
    ws.write_string(0, 0, heading, formats.of("body", **TITLE, **plain))
    told = f"{contents.union.name}　应报 {len(contents.entries)} 家，已报 {len(contents.filed)} 家，未报 {len(contents.missing)} 家"
    ws.write_string(1, 0, told, formats.of("body", **BODY, **plain))
    for column, (head, width) in enumerate(zip(HEADS, WIDTHS, strict=True)):
        ws.write_string(3, column, head, formats.of("head", **BODY))
        ws.set_column(column, column, width)
    for number, entry in enumerate(contents.entries, 1):
        _line(ws, 3 + number, number, entry, next(filed) if entry.frozen else None, formats)
    ws.freeze_panes(4, 0)
    ws.repeat_rows(3)
    ws.set_landscape()
    ws.set_paper(9)
    ws.fit_to_pages(1, 0)


def _line(ws: Worksheet, row: int, number: int, entry: Entry, sheet: str | None, formats: Formats) -> None:
    frozen, text = entry.frozen, formats.of("body", **BODY, text_wrap=False)
    ws.write_number(row, 0, number, formats.of("body", "left", "0", **BODY))
    texts = {1: entry.name, 2: entry.union.code, 3: entry.state_words, 6: marks(entry)}
    if frozen is not None:
        ws.write_number(row, 4, frozen.number, formats.of("body", "left", "0", **BODY))
        texts |= {5: local(frozen.handed_in_at), 7: frozen.receipt, 8: frozen.check_code}
    for column, words in texts.items():
        if words:
            ws.write_string(row, column, xlsx.clean_text(words), formats.of("body", **BODY) if column == 1 else text)
    if sheet is not None:
        link = formats.of("body", **LINK)
        ws.write_url(row, 1, f"internal:'{sheet}'!A1", link, xlsx.clean_text(entry.name))
