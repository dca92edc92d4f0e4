"""Reading a filled workbook of ours: every fault at once with sheet and cell, and what would change blank by blank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from relief.lib import xlsx
from reporting.actions.filling import Typed
from reporting.checks import check_printed_formulas
from reporting.figures import Sheet
from reporting.formulas import compute
from reporting.outputs.excel.figures import DATA_SHEET
from reporting.outputs.excel.placing import placing_of
from reporting.spec import FormSpec
from reporting.uploading.entries import entry
from reporting.uploading.printed import AGAIN, Cells, edited, find_layout, read_printed
from reporting.values import EntryFault, entry_text, shown

CODE, NUMBER = "代码", "数值"


@dataclass(frozen=True)
class Change:
    """One blank that the file would change: what stands there now and what will."""

    code: str
    label: str
    unit: str
    before: str
    after: str
    where: str


@dataclass
class Uploaded:
    """What a file says: the leaves that differ from what stands now, every fault, and words beside them."""

    typed: dict[str, Typed] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    where: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def changes(self, sheet: Sheet) -> list[Change]:
        """The blanks that will change, in the order of the form."""
        return [
            Change(
                item.code,
                item.label,
                item.unit,
                _said(item.kind, entry_text(item, sheet.own.values[item.code])),
                _said(item.kind, entry_text(item, self.typed[item.code].value)),
                self.where.get(item.code, ""),
            )
            for item in sheet.spec.items
            if item.code in self.typed
        ]


def _said(kind: str, text: str) -> str:
    return text or "未填"


def read_template(
    sheet: Sheet, book: xlsx.Workbook, *, spec: FormSpec | None = None, codes: Mapping[str, str] | None = None
) -> Uploaded:
    """What a filled template says; `spec` and `codes` when it was made by an older version with another code map.

    `codes` maps the older version's codes to those of now; what has no partner is told in the notes.
    """
    older = spec or sheet.spec
    placing = placing_of(older, sheet.submission.addressee.union_name)
    table = find_layout(book, placing)
    if table is None:
        return Uploaded(faults=[f"文件里没有这张表的版面：标题应是“{older.title}”。{AGAIN}"])
    found = read_printed(placing, table)
    if codes is not None:
        found = _carried_over(sheet, older, found, codes)
    return _differing(sheet, found, exact=True)


def _carried_over(sheet: Sheet, older: FormSpec, found: Cells, codes: Mapping[str, str]) -> Cells:
    """The figures of an older version under the codes of now; a unit that differs is not carried over."""
    moved = Cells(faults=found.faults)
    lost = []
    for code, value in found.leaves.items():
        new = codes.get(code)
        if new is None or new not in sheet.spec.leaves or not _same_kind(older, code, sheet.spec, new):
            lost += [] if value.is_empty else [code]
            continue
        moved.leaves[new], moved.where[new] = value, found.where[code]
    moved.notes.append(f"这是表样第 {older.version} 版的模板，已按代码对应到第 {sheet.spec.version} 版。")
    if lost:
        moved.notes.append(f"新版没有对应的格子，没有带过来：{'、'.join(lost)}。")
    return moved


def _same_kind(older: FormSpec, code: str, newer: FormSpec, new: str) -> bool:
    one, other = older.item(code), newer.item(new)
    return (one.kind, one.unit, one.places if one.kind == "number" else 0) == (
        other.kind,
        other.unit,
        other.places if other.kind == "number" else 0,
    )


def _differing(sheet: Sheet, found: Cells, *, exact: bool) -> Uploaded:
    """The leaves that differ from now; totals that were typed must fit their printed formula.

    With `exact` every digit counts, else the printed places: rounding to print changes nothing.
    """
    upload = Uploaded(faults=found.faults, where=found.where, notes=found.notes)
    for code, value in found.leaves.items():
        item, now = sheet.spec.item(code), sheet.own.values[code]
        same = value == now if exact else shown(item, value) == shown(item, now)
        if not same:
            upload.typed[code] = Typed(value, sheet.own.note(code), now)
    if not upload.faults and found.totals:
        upload.faults = _wrong_totals(sheet, upload, found)
    return upload


def _wrong_totals(sheet: Sheet, upload: Uploaded, found: Cells) -> list[str]:
    leaves = {code: sheet.own.values[code] for code in sheet.spec.leaves}
    computed = compute(sheet.spec, leaves | {code: entry.value for code, entry in upload.typed.items()})
    wrong = {
        code: value
        for code, value in found.totals.items()
        if shown(sheet.spec.item(code), value) != shown(sheet.spec.item(code), computed[code])
    }
    return [fault.message for fault in check_printed_formulas(sheet.spec, computed | wrong)]


# The official Excel: layout and, behind it, the list 数据


def read_official(sheet: Sheet, book: xlsx.Workbook) -> Uploaded | None:
    """What a filled official Excel says, on its printed layout and in its list 数据; nothing when it is another file."""
    listed = next((table for table in book.sheets if _heads(table)), None)
    placing = placing_of(sheet.spec, sheet.submission.addressee.union_name)
    printed = find_layout(book, placing)
    if listed is None and printed is None:
        return None
    parts = []
    if printed is not None and not list(edited(placing, printed)):
        parts.append(_differing(sheet, read_printed(placing, printed), exact=True))
    if listed is not None:
        parts.append(_differing(sheet, _read_list(sheet, listed), exact=False))
    if not parts and printed is not None:
        return Uploaded(faults=list(edited(placing, printed)))
    return _joined(sheet, parts)


def _joined(sheet: Sheet, parts: list[Uploaded]) -> Uploaded:
    """Changes of both places together; one blank with two new values is a fault."""
    whole = Uploaded(faults=list(dict.fromkeys(fault for part in parts for fault in part.faults)))
    for part in parts:
        for code, typed in part.typed.items():
            other = whole.typed.get(code)
            item = sheet.spec.item(code)
            if other is not None and shown(item, other.value) != shown(item, typed.value):
                whole.faults.append(
                    f"{code} 在 {whole.where[code]} 填的是 {shown(item, other.value) or '空'}，"
                    f"在 {part.where[code]} 填的是 {shown(item, typed.value) or '空'}，请改成一样。"
                )
            elif other is None:
                whole.typed[code], whole.where[code] = typed, part.where.get(code, "")
    return whole


def _heads(table: xlsx.Sheet) -> list[str]:
    heads = [str(cell).strip() for cell in table.rows[0]] if table.rows else []
    return heads if table.name.startswith(DATA_SHEET) and CODE in heads and NUMBER in heads else []


def _read_list(sheet: Sheet, table: xlsx.Sheet) -> Cells:
    heads = _heads(table)
    code_at, number_at = heads.index(CODE), heads.index(NUMBER)
    found, seen = Cells(), set[str]()
    named = {str(cells[code_at]).strip() for cells in table.rows[1:] if len(cells) > code_at and cells[code_at]}
    if len(named & sheet.spec.known_codes) * 2 < len(named):
        found.faults.append(f"这份 Excel 是另一张表的，代码和“{sheet.spec.title}”对不上。{AGAIN}")
        return found
    for place, cells in enumerate(table.rows[1:], start=2):
        code = str(cells[code_at]).strip() if len(cells) > code_at and cells[code_at] is not None else ""
        if not code:
            continue
        address = xlsx.cell_name(place, number_at + 1)
        fault = _list_fault(sheet, table, code, seen, address, place)
        if fault:
            found.faults.append(f"“{table.name}”第 {place} 行：{fault}")
            continue
        seen.add(code)
        try:
            _take(sheet, code, cells[number_at] if len(cells) > number_at else None, found)
        except EntryFault as wrong:
            found.faults.append(f"“{table.name}”第 {place} 行：{wrong}")
        found.where[code] = f"{table.name}!{address}"
    missing = [code for code in sheet.spec.codes if code not in seen]
    if missing and not found.faults:
        told = f"{'、'.join(missing[:5])}{'等' if len(missing) > 5 else ''}"
        found.faults.append(f"“{table.name}”少了 {len(missing)} 行：{told}。不要删行。{AGAIN}")
    return found


def _take(sheet: Sheet, code: str, cell: xlsx.Cell, found: Cells) -> None:
    item = sheet.spec.item(code)
    value = entry(item, cell)
    if not item.is_formula:
        found.leaves[code] = value
    elif not value.is_empty:
        found.totals[code] = value


def _list_fault(sheet: Sheet, table: xlsx.Sheet, code: str, seen: set[str], cell: str, row: int) -> str:
    if code not in sheet.spec.by_code:
        return f"“{code[:20]}”不是这张表的代码。"
    if code in seen:
        return f"“{code}”出现了两次，请只留一行。"
    if row in table.hidden_rows:
        return "这一行被隐藏，看不到里面的数。请取消隐藏，核对后再上传。"
    if cell in table.errors:
        return f"{cell} 是错误值 {table.errors[cell]}，请改正后再上传。"
    return f"{cell} 是公式，请粘贴为数值后再上传。" if cell in table.formulas else ""
