"""From a workbook to located rows and faults: nothing is left out without being said."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from relief.lib.tables.heads import Head, find_head
from relief.lib.tables.model import Columns, Fault, Field, Row, Table, Unreadable, cell_at, plain, tail_of
from relief.lib.tables.readers import refuse_large
from relief.lib.xlsx import Cell, Sheet, Workbook, cell_name
from relief.lib.xlsx_worker import column_name

GUIDE_SHEETS = ("填写说明", "词表")
"""Sheets of our own templates that hold no data."""
TOTALS = ("合计", "总计", "小计", "共计", "本页合计", "本页小计")
GRAND = ("合计", "总计", "共计")
_WIDE = re.compile("[０-９]")
EVERY = 500
"""Rows between two signs of progress."""


def read_table(
    book: Workbook,
    fields: Sequence[Field],
    progress: Callable[[int], None] = lambda done: None,
    *,
    without_head: str = "可以下载模板填写",
) -> Table:
    """All rows of all sheets that have a head for these fields, and every fault with its place.

    `without_head` is what to do with a file that has none.
    """
    table, counted = Table(), Counter[str]()
    for sheet in book.sheets:
        if sheet.name in GUIDE_SHEETS or not any(value is not None for line in sheet.rows for value in line):
            continue
        if not sheet.visible:
            table.faults.append(Fault(sheet.name, 0, 0, "", "", "工作表被隐藏。", "取消隐藏后再上传；不要的请删去"))
            continue
        head = find_head(sheet, fields)
        if head is None:
            table.notes.append(f"工作表“{sheet.name}”里没有认得出的表头，没有读")
            continue
        _SheetReader(table, sheet, head, fields, counted, progress).read()
    if not table.mapping:
        wanted = "、".join([each.title for each in fields if each.required] or [each.title for each in fields[:3]])
        table.faults.append(Fault("", 0, 0, "", "", "文件里认不出表头。", f"表头要有：{wanted}；{without_head}"))
    _note(table, counted)
    return table


class _SheetReader:
    """Reads one sheet into the table."""

    def __init__(
        self,
        table: Table,
        sheet: Sheet,
        head: Head,
        fields: Sequence[Field],
        counted: Counter[str],
        progress: Callable[[int], None],
    ):
        self.table, self.sheet, self.head, self.counted, self.progress = table, sheet, head, counted, progress
        self.fields = [each for each in fields if each.name in head.columns]
        self.missing = [each for each in fields if each.required and each.name not in head.columns]
        self.sums = {each.name: Decimal(0) for each in self.fields if each.sums}
        self.places = [(each, head.columns[each.name], column_name(head.columns[each.name])) for each in self.fields]
        secrets = frozenset(each.name for each in self.fields if each.secret)
        self.columns = Columns(sheet.name, head.columns, head.titles, secrets)
        self.odd = sheet.formulas | sheet.errors.keys()

    def read(self) -> None:
        """Head first, then row by row."""
        self._read_head()
        hidden = set(self.sheet.hidden_rows)
        for number in range(self.head.last + 1, self._last_row() + 1):
            line = self.sheet.rows[number - 1] if number <= len(self.sheet.rows) else []
            if not any(_filled(cell_at(line, column)) for _, column, _ in self.places) and not self._named(number):
                self.counted["blank"] += 1
                continue
            word = _totals_word(line)
            if word:
                self.counted["totals"] += 1
                self._compare(number, word, line)
                continue
            self.table.seen += 1
            if number in hidden:
                self._fault(number, None, None, "这一行被隐藏或筛选掉了。", "取消隐藏和筛选后再上传；不要的请删去")
            self._read_row(number, line)
            if self.table.seen % EVERY == 0:
                self.progress(self.table.seen)

    def _read_head(self) -> None:
        table, sheet, head = self.table, self.sheet, self.head
        for each in self.fields:
            table.mapping.append((sheet.name, head.titles[each.name], each.title))
        table.mapping += [(sheet.name, title, "") for title in head.unknown]
        if head.first > 1:
            table.notes.append(f"“{sheet.name}”的表头在第 {head.first} 行，上面的标题没有当作数据")
        if head.last > head.first:
            table.notes.append(f"“{sheet.name}”的表头是两行，已合起来认")
        for name in sorted(head.wan):
            table.notes.append(f"“{sheet.name}”的“{head.titles[name]}”已从万元换算成元")
        for each in self.missing:
            table.faults.append(
                Fault(sheet.name, head.last, 0, each.title, "", f"没有“{each.title}”这一列。", "补上这一列")
            )
        for title, column in head.twice:
            says = "有两列是同一项，不知道该用哪一列。"
            table.faults.append(Fault(sheet.name, head.last, column, title, "", says, "删去一列，或改掉它的表头"))

    def _last_row(self) -> int:
        """The last row with a value, or with a formula that has none."""
        named = (int(name.lstrip(ascii_uppercase)) for name in self.sheet.formulas | self.sheet.errors.keys())
        return max(len(self.sheet.rows), *named, 0)

    def _named(self, number: int) -> bool:
        """Whether a field of the row has a formula or an error where no value is stored."""
        names = [cell_name(number, column) for column in self.head.columns.values()]
        return any(name in self.sheet.formulas or name in self.sheet.errors for name in names)

    def _compare(self, number: int, word: str, line: Sequence[Cell]) -> None:
        for each, column, _ in self.places:
            cell = cell_at(line, column)
            if each.name in self.sums and word in GRAND and _filled(cell):
                try:
                    said = self._scaled(each, each.read(cell))
                except Unreadable:
                    continue
                title = self.head.titles[each.name]
                self.table.totals.append((self.sheet.name, number, title, said, self.sums[each.name]))

    def _read_row(self, number: int, line: Sequence[Cell]) -> None:
        values: dict[str, Any] = {}
        before, width = len(self.table.faults), len(line)
        for each, column, letters in self.places:
            cell = line[column - 1] if column <= width else None
            try:
                if self.odd and (name := f"{letters}{number}") in self.odd:
                    self._refuse_odd(each, name)
                values[each.name] = self._value(each, cell)
            except Unreadable as fault:
                self._fault(number, each, cell, fault.says, fault.todo)
        for name in self.sums:
            self.sums[name] += values.get(name) or 0
        if len(self.table.faults) == before and not self.missing:
            self.table.rows.append(Row(self.columns, number, values, line))

    def _refuse_odd(self, each: Field, name: str) -> None:
        if name in self.sheet.errors:
            raise Unreadable(f"公式引用已失效（{self.sheet.errors[name]}），单元格里没有数。", f"填入{each.title}")
        if name in self.sheet.formulas:
            raise Unreadable("这里是公式，不是填写的值。", "复制后“选择性粘贴”为数值")

    def _value(self, each: Field, cell: Cell):
        if not _filled(cell):
            if each.required:
                raise Unreadable(f"没有填{each.title}。", f"填入{each.title}")
            return None
        found = each.read(cell)
        if isinstance(cell, str):
            if isinstance(found, datetime.date):
                self.counted["days"] += 1
            if not cell.isascii() and _WIDE.search(cell):
                self.counted["wide"] += 1
        return self._scaled(each, found)

    def _scaled(self, each: Field, value):
        if each.name not in self.head.wan or not isinstance(value, Decimal):
            return value
        refuse_large(value * 10_000)
        return value * 10_000

    def _fault(self, number: int, each: Field | None, cell: Cell, says: str, todo: str) -> None:
        column = self.head.columns[each.name] if each else 0
        title = self.head.titles[each.name] if each else ""
        tail = self.sheet.errors.get(cell_name(number, column), "") if column else ""
        tail = tail or tail_of(cell, each.secret if each else False)
        self.table.faults.append(Fault(self.sheet.name, number, column, title, tail, says, todo))


def _filled(cell: Cell) -> bool:
    return cell is not None and (not isinstance(cell, str) or cell.strip(" \t\r\n\u3000\u00a0") != "")


def _totals_word(line: Sequence[Cell]) -> str:
    """The word of a totals row: the first filled cell says 合计 or the like."""
    first = next((cell for cell in line if _filled(cell)), None)
    if not isinstance(first, str) or "计" not in first:
        return ""
    word = plain(first).rstrip(":")
    return word if word in TOTALS else ""


def _note(table: Table, counted: Counter[str]) -> None:
    for name, words in (
        ("totals", "合计行 {} 行，不当作数据"),
        ("blank", "看似有内容的空白行 {} 行，略过"),
        ("wide", "全角字符 {} 处，已换算"),
        ("days", "文本日期 {} 处，已换算"),
    ):
        if counted[name]:
            table.notes.append(words.format(counted[name]))
