"""Rows pasted from a sheet into a text box: tab-separated lines, headings optional, every fault with its line. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from beneficiaries.enums import Trait
from relief.lib import idnumber
from relief.lib.money import parse_amount

TITLES: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "职工姓名", "领款人", "收款人", "户名", "收款人姓名", "慰问对象"),
    "id_number": ("身份证号", "身份证号码", "身份证", "公民身份号码", "证件号", "证件号码"),
    "amount": ("金额", "发放金额", "慰问金额", "补助金额", "救助金额", "折价", "金额或折价", "慰问金"),
    "card_number": ("银行卡号", "卡号", "银行账号", "账号", "收款账号", "存折号"),
    "bank": ("开户银行", "开户行", "开户银行及支行", "支行名称", "收款银行"),
    "reason": ("提醒说明", "说明", "备注", "原因"),
    **{trait.value: (trait.label, f"是否{trait.label}") for trait in Trait},
}
IGNORED = ("序号", "行号", "编号", "性别", "年龄", "联系电话", "手机号码", "单位", "工作单位")
YES = frozenset({"是", "有", "√", "1", "y", "Y"})
NO = frozenset({"", "否", "无", "0", "n", "N", "×"})
TOTALS = ("合计", "总计", "小计")
ORDER = ("name", "id_number", "amount", "card_number", "bank", "reason")
"""The columns of a paste without headings, unless what stands in them says otherwise."""


@dataclass
class Pasted:
    """One line as it was read: texts cleaned, `amount` None where the cell was empty."""

    line: int
    name: str = ""
    id_number: str = ""
    amount: Decimal | None = None
    card_number: str = ""
    bank: str = ""
    reason: str = ""
    traits: set[str] = field(default_factory=set)


def read(text: str) -> tuple[list[Pasted], list[tuple[int, str]]]:
    """The rows and all faults as (line number, sentence); empty lines and totals rows are passed over.

    >>> rows, faults = read("姓名\\t金额\\n魏建国\\t３００元\\n\\n合计\\t300")
    >>> [(row.line, row.name, str(row.amount)) for row in rows], faults
    ([(2, '魏建国', '300.00')], [])
    >>> read("魏建国\\t11010519491231002X\\t五百")[1]
    [(1, '“五百”不是金额，请只写数字，单位是元，例如 1234.56。')]
    """
    lines = [(at, _cells(line)) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        return [], []
    columns, faults = _columns(lines[0])
    if columns is None:
        columns = _guessed([cells for _, cells in lines])
    else:
        lines = lines[1:]
    rows = []
    for at, cells in lines:
        if any(_bare(cell) in TOTALS for cell in cells[:3]):
            continue
        row, wrong = _row(at, cells, columns)
        faults += wrong
        rows.append(row)
    return rows, faults


def _cells(line: str) -> list[str]:
    """The cells of a line: by tabs, else by commas or wide gaps."""
    if "\t" in line:
        return [cell.strip() for cell in line.split("\t")]
    parts = re.split(r"[,，;；]|\s{2,}", line.strip())
    return [cell.strip() for cell in (parts if len(parts) > 1 else line.split())]


def _bare(text: str) -> str:
    return re.sub(r"[\s*:：]|[（(](?:元|必填|选填)[)）]", "", unicodedata.normalize("NFKC", text))


def _columns(first: tuple[int, list[str]]) -> tuple[dict[int, str] | None, list[tuple[int, str]]]:
    """Which column is what, if the first line is a head; a heading that nobody knows is a fault, not silence."""
    at, cells = first
    names = {title: name for name, titles in TITLES.items() for title in titles}
    known = {column: names[_bare(cell)] for column, cell in enumerate(cells) if _bare(cell) in names}
    if "name" not in known.values() or any(any(sign.isdigit() for sign in cell) for cell in cells):
        return None, []
    faults = []
    for column, cell in enumerate(cells):
        if cell and column not in known and _bare(cell) not in IGNORED:
            faults.append(
                (
                    at,
                    f"第 {column + 1} 列的标题“{cell[:20]}”不认识，请改成姓名、身份证号、金额、银行卡号等，或删去这一列。",
                )
            )
    for name in set(known.values()):
        if list(known.values()).count(name) > 1:
            faults.append((at, f"“{TITLES[name][0]}”有两列，请只留一列。"))
    return known, faults


def _guessed(lines: Sequence[list[str]]) -> dict[int, str]:
    """Columns of a paste without headings, by what most of their cells look like."""
    width = max(len(cells) for cells in lines)
    found: dict[int, str] = {}
    for column in range(width):
        cells = [cells[column] for cells in lines if column < len(cells) and cells[column]]
        kind = _kind(cells)
        if kind and kind not in found.values():
            found[column] = kind
    rest = [name for name in ORDER if name not in found.values()]
    for column in range(width):
        if column not in found and rest:
            found[column] = rest.pop(0)
    return found


def _kind(cells: Sequence[str]) -> str:
    tests = {
        "id_number": lambda text: re.fullmatch(r"\d{17}[\dXx]|\d{15}", text) is not None,
        "card_number": lambda text: re.fullmatch(r"\d{16,17}|\d{19}", text) is not None,
        "amount": lambda text: re.fullmatch(r"[¥￥]?[\d,]{1,9}(\.\d+)?元?", text) is not None,
        "name": lambda text: re.fullmatch(r"[\u4e00-\u9fff·]{2,12}", text) is not None,
    }
    texts = [re.sub(r"[\s\-']", "", unicodedata.normalize("NFKC", cell)) for cell in cells]
    for kind, fits in tests.items():
        if texts and sum(map(fits, texts)) * 2 > len(texts):
            return kind
    return ""


def _row(at: int, cells: list[str], columns: dict[int, str]) -> tuple[Pasted, list[tuple[int, str]]]:
    row, faults = Pasted(at), []
    for column, name in columns.items():
        text = cells[column] if column < len(cells) else ""
        try:
            _put(row, name, text)
        except ValueError as fault:
            faults.append((at, str(fault)))
    if not row.name:
        faults.append((at, "没有姓名。"))
    extra = [cell for column, cell in enumerate(cells) if cell and column > max(columns)]
    if extra:
        faults.append((at, f"这一行有 {len(cells)} 列，比标题多，请核对。"))
    return row, faults


def _put(row: Pasted, name: str, text: str) -> None:
    if name == "amount":
        row.amount = parse_amount(text) if text else None
    elif name in ("id_number", "card_number"):
        if _is_destroyed(text):
            what = "身份证号" if name == "id_number" else "银行卡号"
            raise ValueError(f"{what}被表格改成了科学计数，后几位已丢失；请在表格里设为文本、重填后再粘贴。")
        read_number = idnumber.normalise if name == "id_number" else idnumber.normalise_card
        setattr(row, name, read_number(text.lstrip("'")))
    elif name in Trait.values:
        if text in YES:
            row.traits.add(name)
        elif text not in NO:
            raise ValueError(f"“{Trait(name).label}”请写是或否。")
    else:
        setattr(row, name, text)


def _is_destroyed(text: str) -> bool:
    return re.fullmatch(r"\d(\.\d+)?[Ee]\+?\d+", unicodedata.normalize("NFKC", text)) is not None
