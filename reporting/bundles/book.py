"""One workbook with a sheet for each union, behind a first sheet 目录 with links."""

from __future__ import annotations

import io

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from relief.lib import xlsx
from reporting.bundles.archive import BundleFailed
from reporting.bundles.contents import Contents, Entry
from reporting.bundles.listing import local, marks
from reporting.bundles.names import sheet_names
from reporting.outputs.excel import workbook
from reporting.outputs.sheet import SheetData

CONTENTS = "目录"
MOST_SHEETS = 300
"""Sheets of one workbook; a workbook is held in memory as a whole."""
HEADS = ("序号", "单位", "工会代码", "状态", "轮次", "上报时间", "标记", "回执号", "校验码")
WIDTHS = (6, 40, 12, 16, 6, 20, 14, 26, 12)
LINK = Font(name="SimSun", size=10, color="0B57A4", underline="single", charset=134)
BODY = Font(name="SimSun", size=10, charset=134)
HEAD = Font(name="SimSun", size=10, bold=True, charset=134)


def names_of(entries: list[Entry]) -> list[str]:
    """The sheet of each filed union, by its short name."""
    return sheet_names([entry.union.called for entry in entries], taken=[CONTENTS])


def book(contents: Contents, sheets: list[SheetData], names: list[str]) -> bytes:
    """The workbook; `sheets` carry the `names` and stand in the order of `contents.filed`."""
    made = openpyxl.Workbook()
    if sheets:
        made = openpyxl.load_workbook(io.BytesIO(workbook(sheets)))
        # The lists of figures behind the printed sheets have names that do not say whose they are.
        for extra in [ws for ws in made.worksheets if ws.title not in names]:
            made.remove(extra)
    else:
        made.remove(made.active)
    first = made.create_sheet(CONTENTS, 0)
    _write_contents(first, contents, names)
    made.active = 0
    for ws in made.worksheets[1:]:
        ws.sheet_view.tabSelected = False
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def refuse_too_many(contents: Contents) -> None:
    """BundleFailed when the workbook would have more sheets than fit into memory."""
    if len(contents.filed) > MOST_SHEETS:
        raise BundleFailed(
            f"共有 {len(contents.filed)} 家已上报，一个工作簿最多放 {MOST_SHEETS} 家。请只选直接下级，或改用压缩包。"
        )


def _write_contents(ws: Worksheet, contents: Contents, names: list[str]) -> None:
    title, filed = contents.groups[0][0].title if contents.groups else "", iter(names)
    xlsx.put_text(ws, 1, 1, f"{contents.campaign.title}　{title}").font = Font(name="SimHei", size=14, charset=134)
    told = f"{contents.union.name}　应报 {len(contents.entries)} 家，已报 {len(contents.filed)} 家，未报 {len(contents.missing)} 家"
    xlsx.put_text(ws, 2, 1, told).font = BODY
    for column, (head, width) in enumerate(zip(HEADS, WIDTHS, strict=True), 1):
        xlsx.put_text(ws, 4, column, head).font = HEAD
        ws.column_dimensions[openpyxl.utils.get_column_letter(column)].width = width
    for number, entry in enumerate(contents.entries, 1):
        _line(ws, 4 + number, number, entry, next(filed) if entry.frozen else None)
    ws.freeze_panes = "A5"
    ws.print_title_rows = "4:4"
    ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", ws.PAPERSIZE_A4
    ws.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
    ws.page_setup.fitToHeight = 0


def _line(ws: Worksheet, row: int, number: int, entry: Entry, sheet: str | None) -> None:
    frozen = entry.frozen
    xlsx.put_number(ws, row, 1, number, "0").font = BODY
    texts = {2: entry.name, 3: entry.union.code, 4: entry.state_words, 7: marks(entry)}
    if frozen is not None:
        xlsx.put_number(ws, row, 5, frozen.number, "0").font = BODY
        texts |= {6: local(frozen.handed_in_at), 8: frozen.receipt, 9: frozen.check_code}
    for column, text in texts.items():
        cell = xlsx.put_text(ws, row, column, text)
        cell.font = BODY
        cell.alignment = Alignment(vertical="center", wrap_text=column == 2)
    if sheet is not None:
        cell = ws.cell(row, 2)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!A1", display=entry.name)
        cell.font = LINK
