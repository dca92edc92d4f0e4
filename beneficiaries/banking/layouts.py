"""The layout of a bank batch file as data: columns in order, fixed values, limits (domain.md 6)."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

SHIPPED = Path("fixtures") / "codes" / "bank_profiles.json"
KINDS = {"xlsx": "Excel（.xlsx）", "csv": "CSV（.csv）", "txt": "文本（.txt）"}
ENCODINGS = {"utf-8": "UTF-8", "gb18030": "GB18030（国标）"}
SEPARATORS = {",": "逗号", "|": "竖线", "\t": "制表符", ";": "分号"}
FIELDS = {
    "serial": "序号",
    "account": "收款账号",
    "name": "户名",
    "amount": "金额",
    "bank": "开户行及支行",
    "phone": "手机号",
    "number": "发放编号",
    "union": "发放工会",
    "purpose": "用途",
}
"""What a column can be filled with; a column without a field has a fixed value."""
NEEDED = ("account", "name", "amount")
MOST_LINES = 500
MOST_COLUMNS = 30
MOST_HEAD = 30
MOST_FIXED = 60


@dataclass(frozen=True)
class Column:
    """One column: its heading, and the field or the fixed value that fills it.

    `required` wants a value in every line; `choices` are the words the bank offers for a fixed value.
    """

    head: str
    field: str = ""
    fixed: str = ""
    width: int = 14
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """One kind of bank batch file.

    `own_bank` names the bank when it takes accounts of its own only; words apart by 、. `longest_name` in characters.
    """

    key: str
    title: str
    kind: str
    columns: tuple[Column, ...]
    max_lines: int = MOST_LINES
    encoding: str = "utf-8"
    separator: str = ","
    headed: bool = True
    own_bank_only: bool = False
    own_bank: str = ""
    longest_name: int = 30
    sheet: str = "代发"
    note: str = ""
    origin: str = ""

    @property
    def bank_words(self) -> tuple[str, ...]:
        """What an account's bank is called when it is the own one."""
        return tuple(filter(None, (word.strip() for word in self.own_bank.split("、"))))

    def column_of(self, field: str) -> Column | None:
        return next((column for column in self.columns if column.field == field), None)


def to_json(layout: Layout) -> dict[str, Any]:
    """The layout as plain values, to be kept."""
    return json.loads(json.dumps(asdict(layout), ensure_ascii=False))


def from_json(raw: dict[str, Any]) -> Layout:
    """The layout that was kept; names that do not belong to it are an error."""
    known = {each.name for each in fields(Layout)}
    if set(raw) - known:
        raise ValueError(f"unknown in a layout: {sorted(set(raw) - known)}")
    columns = tuple(Column(**{**each, "choices": tuple(each.get("choices", ()))}) for each in raw["columns"])
    return Layout(**{**raw, "columns": columns})


@lru_cache
def shipped() -> dict[str, Layout]:
    """The layouts that come with the system, by key, in their order."""
    raw = json.loads((Path(settings.BASE_DIR) / SHIPPED).read_text(encoding="utf-8"))
    return {layout.key: layout for layout in map(from_json, raw["profiles"])}


def layout_faults(layout: Layout) -> list[str]:
    """Everything that stops a layout from being used, one sentence each; empty when it can be used."""
    return [*_file_faults(layout), *_column_faults(layout.columns)]


def _file_faults(layout: Layout) -> list[str]:
    said = []
    if not layout.title.strip():
        said.append("方案还没有名称。")
    if layout.kind not in KINDS:
        said.append("文件类型不在可选范围，请选 xlsx、csv 或 txt。")
    if layout.encoding not in ENCODINGS:
        said.append("文字编码不在可选范围，请选 UTF-8 或 GB18030。")
    if layout.separator not in SEPARATORS:
        said.append("分隔符不在可选范围，请从下拉选择。")
    if not 1 <= layout.max_lines <= MOST_LINES:
        said.append(f"每个文件的笔数须在 1 至 {MOST_LINES} 之间。")
    if not 2 <= layout.longest_name <= 60:
        said.append("户名最多字数须在 2 至 60 之间。")
    if layout.own_bank_only and not layout.bank_words:
        said.append("只收本行账户的方案须写明本行名称，例如：工商银行、工行。")
    if layout.kind == "xlsx" and not layout.headed:
        said.append("Excel 文件须有表头。")
    return said


def _names_the_payee(head: str) -> bool:
    """Whether the bank pays by this column: a fixed value there would send every line to one account."""
    payer = re.search("付款|付方|出账|单位|企业|代发", head)
    paid = re.search(r"(账号|账户|帐号|帐户|卡号|收款人|户名|姓名|名称|金额)\s*([（(].*[）)])?$", head.strip())
    return paid is not None and payer is None


def _column_faults(columns: tuple[Column, ...]) -> list[str]:
    said = []
    if len(columns) > MOST_COLUMNS:
        said.append(f"列数超过 {MOST_COLUMNS} 列。")
    for at, column in enumerate(columns, 1):
        if not column.head.strip():
            said.append(f"第 {at} 列没有表头。")
        if len(column.head) > MOST_HEAD:
            said.append(f"第 {at} 列的表头超过 {MOST_HEAD} 个字。")
        if column.field and column.field not in FIELDS:
            said.append(f"第 {at} 列的内容不在可选范围，请从下拉选择。")
        if len(column.fixed) > MOST_FIXED:
            said.append(f"第 {at} 列的固定值超过 {MOST_FIXED} 个字。")
        if column.fixed.strip() and not column.field and _names_the_payee(column.head):
            said.append(f"第 {at} 列“{column.head}”是收款人的账号、户名或金额，只能取自发放记录，不能填固定值。")
        if not column.field and column.required and not column.fixed.strip():
            said.append(f"第 {at} 列“{column.head}”要填固定值，例如本单位的付款账号。")
    heads = Counter(column.head.strip() for column in columns if column.head.strip())
    said += [f"有 {count} 列的表头都是“{head}”，请改成不同的。" for head, count in heads.items() if count > 1]
    used = Counter(column.field for column in columns if column.field)
    said += [f"有 {count} 列都填{FIELDS.get(name, name)}，请只留一列。" for name, count in used.items() if count > 1]
    said += [f"还缺一列{FIELDS[name]}。" for name in NEEDED if name not in used]
    return said
