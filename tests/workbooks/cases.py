"""Small workbooks as people really save them, described row by row, each with what the check has to say.

`python -m tests.workbooks` writes them to should_pass/ and should_fail/; the tests read the files, not this page.
The clerk of the mill (青岬县第一中学工会) imports them; one active file G1-0001 (唐志远) is kept there.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from relief.lib import idnumber

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Case:
    """One workbook: which list it is, its rows, what else is done to it, and what the check says.

    A file that passes says how many rows are new; one that fails says each fault as "B3 sentence" (cell and words).
    """

    name: str
    kind: str
    rows: Rows
    says: int | tuple[str, ...]
    change: Callable[[Any], None] | None = None
    title: str = "导入"


def number(sequence: int, year: int = 1975) -> str:
    """A valid number of region 9999xx, born on 5 March."""
    return idnumber.make("999901", datetime.date(year, 3, 5), sequence)


FUNDS = ["到账日期", "资金来源", "金额（元）", "形式", "凭证号", "备注"]
DUES = ["2024-01-05", "本级工会经费", 16000, "资金", "记-012", ""]
GIVEN = ["捐款日期", "募捐种类", "接收机构", "捐款人数", "捐款金额（元）", "凭证号", "备注"]
GIFT = ["2024-01-05", "联合募捐", "红十字会", 20, 900.5, "", ""]
DAYS = ["日期", "类别", "数量", "人次", "其中新生代农民工人次", "说明"]
TALK = ["2024-01-20", "心理健康服务", None, 30, 12, "讲座"]
PAID = ["姓名", "身份证号", "对象类别", "发放日期", "用途", "资金来源", "方式", "金额", "实物名称", "银行卡号"]
HOLDER = ["唐志远", number(1), "建档困难职工", "2024-01-16", "生活救助", "中央财政", "银行卡", 300, "", ""]
GUARD = ["魏建国", number(50), "春节坚守岗位职工", "2024-01-16", "慰问", "本级工会经费", "现金", 150, "", ""]
NAMED = ["姓名", "身份证号", "慰问类别", "慰问日期", "资金来源", "方式", "慰问金额", "农民工", "存折号"]
LIN = ["林晓", number(60), "先进模范人物", "2024-01-17", "本级工会经费", "现金", 500, "", ""]
HOME = [
    "与户主关系",
    "姓名",
    "身份证号",
    "性别",
    "出生日期",
    "健康状况",
    "主要致困原因",
    "手机",
    "邮政编码",
    "月收入（元）",
]
QIN = ["户主", "秦素云", number(2, 1980), "", "", "良好", "子女上学", "", "", 2600]
SON = ["儿子", "秦小川", number(3, 2012), "", "", "良好", "", "", "", ""]


def but(row: Sequence[Any], **changed: Any) -> list[Any]:
    """The row with cells changed by letter: but(DUES, C=0)."""
    new = list(row)
    for letter, value in changed.items():
        new[ord(letter) - ord("A")] = value
    return new


def hide_row(row: int) -> Callable[[Any], None]:
    return lambda book: setattr(book.active.row_dimensions[row], "hidden", True)


def merge(*areas: str) -> Callable[[Any], None]:
    return lambda book: [book.active.merge_cells(area) for area in areas]


def sheet(name: str, *rows: Sequence[Any], state: str = "visible") -> Callable[[Any], None]:
    def add(book: Any) -> None:
        made = book.create_sheet(name)
        for row in rows:
            made.append(list(row))
        made.sheet_state = state

    return add


def error(cell: str) -> Callable[[Any], None]:
    return lambda book: setattr(book.active[cell], "data_type", "e")
