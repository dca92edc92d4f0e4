"""Whether a bank file at hand is still what was made: every cell of it, differences told by their place."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from typing import Any

from beneficiaries.banking.layouts import Column, Layout
from beneficiaries.banking.returned import MOST_BYTES, decoded
from beneficiaries.banking.transfers import Transfer
from beneficiaries.banking.writing import rows_of
from relief.lib.tables import Fault
from relief.lib.tables.model import tail_of
from relief.lib.xlsx import FORM, BadWorkbook, Sheet, read_csv_text, read_workbook

TODO = "这份文件不要交银行；请重新下载，不要改动"
SECRET = ("account", "name", "phone", "bank")
_OLD = b"\xd0\xcf\x11\xe0"
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")


def differences(layout: Layout, transfers: Sequence[Transfer], data: bytes) -> list[Fault]:
    """Every place where the file differs from what these transfers make; `BadWorkbook` when it cannot be read."""
    sheets = _sheets(layout, data)
    found = [Fault(each.name, 0, 0, "", "", "多出一张工作表。", TODO) for each in sheets[1:]]
    sheet = sheets[0]
    found += [
        Fault(sheet.name, 0, 0, "", "", f"{cell} 是公式，不是填写的值。", TODO) for cell in sorted(sheet.formulas)
    ]
    head: list[list[Any]] = [[column.head for column in layout.columns]] if layout.headed else []
    wanted = [*head, *rows_of(layout, transfers)]
    given = [row for row in sheet.rows if any(value is not None for value in row)]
    for at, (ours, theirs) in enumerate(zip_longest(wanted, given), 1):
        found += _row(layout.columns, sheet.name, at, ours, theirs)
    return found


def _row(columns: Sequence[Column], sheet: str, at: int, ours: list | None, theirs: list | None) -> Iterator[Fault]:
    if theirs is None:
        yield Fault(sheet, at, 0, "", "", "少了这一行。", TODO)
    elif ours is None:
        yield Fault(sheet, at, 0, "", "", "多出这一行，系统里没有。", TODO)
    else:
        for place, (mine, value) in enumerate(zip_longest(ours, theirs)):
            if not _same(mine, value):
                column = columns[place] if place < len(columns) else Column("")
                yield Fault(
                    sheet, at, place + 1, column.head, tail_of(value, secret=column.field in SECRET),
                    "与系统里的不一致。" if column.head else "多出这一格。", TODO,
                )  # fmt: skip


def _same(mine: Any, value: Any) -> bool:
    if isinstance(mine, Decimal | int):
        # what Python reads as a number, 6e2 or 6_00, the bank may read as another
        if isinstance(value, str) and not _PLAIN.fullmatch(value):
            return False
        try:
            return Decimal(str(value)) == mine
        except InvalidOperation:
            return False
    return str(mine or "").strip() == ("" if value is None else str(value).strip())


def _sheets(layout: Layout, data: bytes) -> list[Sheet]:
    if not data:
        raise BadWorkbook("文件是空的，请选下载的那一份。")
    if len(data) > MOST_BYTES:
        raise BadWorkbook(f"文件超过 {MOST_BYTES >> 20} MB，不是这里做的银行文件。")
    if data[:4] == _OLD:
        raise BadWorkbook("另存成的 .xls 读不了，请选下载时的那一份，或另存为不带密码的 .xlsx 再核对。")
    if data[:2] == b"PK":
        return read_workbook(data, FORM).sheets or [Sheet("", [])]
    lines = decoded(data).splitlines()
    if len(lines) > FORM.rows:
        raise BadWorkbook(f"文件超过 {FORM.rows:,} 行，不是这里做的银行文件。")
    if layout.kind == "csv":
        # one line, one row: a quote that never closes must not swallow the rest of the file
        rows = [_cells(each, layout.separator) for each in lines]
    else:
        rows = [each.split(layout.separator) for each in lines]
    return [Sheet("银行文件", [[cell.strip() or None for cell in row] for row in rows])]


def _cells(line: str, separator: str) -> list[str]:
    try:
        return [read_csv_text(cell) for cell in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:
        raise BadWorkbook("有一格太长，不是这里做的银行文件，请选下载的那一份。") from None
