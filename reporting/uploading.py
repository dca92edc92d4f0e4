"""Figures that come back in a filled Excel: read from its sheet 数据, checked whole, never half taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from relief.lib import xlsx
from reporting.actions.filling import Typed
from reporting.checks import check_printed_formulas
from reporting.figures import Sheet
from reporting.formulas import compute
from reporting.spec import Item
from reporting.values import EntryFault, Value, parse_entry, shown

FIGURES = "数据"
CODE, NUMBER = "代码", "数值"


@dataclass
class Uploaded:
    """What a file says: the leaves that differ from what stands now, and every fault as a sentence."""

    typed: dict[str, Typed] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def read_form(sheet: Sheet, data: bytes) -> Uploaded:
    """Read a downloaded and filled form of this submission; `xlsx.BadWorkbook` when it is no workbook at all.

    Leaves printed as they stand now are left alone, so that rounding to printed places changes nothing. A total that was
    filled in must fit its printed formula (B=B1+…); left empty it is computed.
    """
    table = xlsx.read_workbook(data, xlsx.FORM).sheet(FIGURES)
    heads = [str(cell).strip() for cell in table.rows[0]] if table is not None and table.rows else []
    if table is None or CODE not in heads or NUMBER not in heads:
        return Uploaded(
            faults=[f"文件里没有工作表“{FIGURES}”或缺“{CODE}”“{NUMBER}”两列。请先在本页下载 Excel，填好后再上传。"]
        )
    found = Uploaded()
    given = _given(sheet, table, heads.index(CODE), heads.index(NUMBER), found)
    if not found.faults:
        found.faults = [fault.message for fault in check_printed_formulas(sheet.spec, given)]
    return found


def _given(sheet: Sheet, table: xlsx.Sheet, code_at: int, number_at: int, found: Uploaded) -> dict[str, Value]:
    """The value of every blank the file names; faults go to `found` with row and code."""
    leaves: dict[str, Value] = {code: sheet.own.values[code] for code in sheet.spec.leaves}
    totals: dict[str, Value] = {}
    seen: set[str] = set()
    for place, cells in enumerate(table.rows[1:], start=2):
        code = str(cells[code_at]).strip() if len(cells) > code_at and cells[code_at] is not None else ""
        if not code:
            continue
        cell = cells[number_at] if len(cells) > number_at else None
        fault = _fault(sheet, table, code, seen, xlsx.cell_name(place, number_at + 1))
        if fault:
            found.faults.append(f"“{FIGURES}”第 {place} 行：{fault}")
            continue
        seen.add(code)
        try:
            _take(sheet, sheet.spec.item(code), cell, leaves, totals, found)
        except EntryFault as wrong:
            found.faults.append(f"“{FIGURES}”第 {place} 行：{wrong}")
    missing = [code for code in sheet.spec.codes if code not in seen]
    if missing and not found.faults:
        found.faults.append(
            f"“{FIGURES}”少了 {len(missing)} 行：{'、'.join(missing[:5])}等。请用本页下载的 Excel 填写，不要删行。"
        )
    computed = compute(sheet.spec, leaves)
    # A total in printed places that shows what is computed stands for the exact one.
    wrong_totals = {
        code: value
        for code, value in totals.items()
        if shown(sheet.spec.item(code), value) != shown(sheet.spec.item(code), computed[code])
    }
    return computed | wrong_totals


def _fault(sheet: Sheet, table: xlsx.Sheet, code: str, seen: set[str], cell: str) -> str:
    if code not in sheet.spec.by_code:
        return f"“{code[:20]}”不是这张表的代码。"
    if code in seen:
        return f"“{code}”出现了两次，请只留一行。"
    if cell in table.formulas:
        return f"{cell} 是公式，请粘贴为数值后再上传。"
    if cell in table.errors:
        return f"{cell} 是错误值 {table.errors[cell]}，请改正后再上传。"
    return ""


def _take(
    sheet: Sheet, item: Item, cell: Any, leaves: dict[str, Value], totals: dict[str, Value], found: Uploaded
) -> None:
    value = parse_entry(item, _words(cell))
    if item.is_formula:
        if not value.is_empty:
            totals[item.code] = value
        return
    now = sheet.own.values[item.code]
    if shown(item, value) != shown(item, now):
        leaves[item.code] = value
        found.typed[item.code] = Typed(value, sheet.own.note(item.code), now)


def _words(cell: Any) -> str:
    return f"{cell:f}" if isinstance(cell, Decimal) else "" if cell is None else str(cell)
