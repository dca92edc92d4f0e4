"""Small workbooks of the tests, as a person would save them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl

from relief.lib.tables import Field, Table, read_table
from relief.lib.tables import readers as read
from relief.lib.xlsx import LIST, read_workbook

SOURCES = {"中央财政": "central", "本级工会经费": "own_union", "工会经费": "own_union"}
FIELDS = (
    Field(
        "source",
        "资金来源",
        read.choice(SOURCES, "资金来源"),
        aliases=("来源",),
        required=True,
        choices=("中央财政", "本级工会经费"),
    ),
    Field("amount", "金额", read.money, kind="money", aliases=("补助金额",), required=True, sums=True),
    Field("received_on", "到账日期", read.day, kind="day", aliases=("日期",), required=True),
    Field("voucher", "凭证号", read.text(60)),
    Field("persons", "其中农民工人数", read.whole, kind="whole"),
)
HEAD = ["资金来源", "金额（元）", "到账日期", "凭证号"]
GOOD = ["中央财政", 300, "2024-01-05", "记-001"]


def workbook(*rows: Sequence[Any], change: Callable[[Any], None] | None = None) -> bytes:
    """An xlsx with these rows on its first sheet, changed before it is saved."""
    book = openpyxl.Workbook()
    book.active.title = "筹集"
    for row in rows:
        book.active.append(list(row))
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(*rows: Sequence[Any], change: Callable[[Any], None] | None = None) -> Table:
    """What the engine reads from such a workbook."""
    return read_table(read_workbook(workbook(*rows, change=change), LIST), FIELDS)


def values(found: Table, *names: str) -> list[tuple]:
    """The named values of each good row."""
    return [tuple(row.values.get(name) for name in names) for row in found.rows]
