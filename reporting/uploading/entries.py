"""A cell of a foreign workbook as the value of a blank, or a sentence that says what is wrong with it."""

from __future__ import annotations

import datetime
from decimal import Decimal

from relief.lib import xlsx
from reporting.spec import Item
from reporting.values import EntryFault, Value, parse_entry

FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
"""Excel's day numbers of 1954 and 2119: what stands in a date blank without a date format."""
LOST_DIGITS = 10**15


def entry(item: Item, cell: xlsx.Cell) -> Value:
    """The value of a cell for the item; EntryFault with a sentence that names the item."""
    return parse_entry(item, words(item, cell))


def words(item: Item, cell: xlsx.Cell) -> str:
    """The cell as somebody would have typed it into the blank."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        raise EntryFault(f"“{item.name}”是“{'TRUE' if cell else 'FALSE'}”，不是要填的内容，请改正。")
    if isinstance(cell, datetime.datetime | datetime.date):
        if item.kind != "date":
            raise EntryFault(f"“{item.name}”被 Excel 当成了日期（{cell:%Y-%m-%d}），请把这一格设为常规格式后重填。")
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, int | Decimal):
        return _number_words(item, Decimal(cell))
    return cell.strip() if item.kind != "text" else cell


def _number_words(item: Item, cell: Decimal) -> str:
    if item.kind == "date" and cell == int(cell) and FIRST_SERIAL <= cell <= LAST_SERIAL:
        return (datetime.date(1899, 12, 30) + datetime.timedelta(days=int(cell))).isoformat()
    if item.kind == "text" and abs(cell) >= LOST_DIGITS:
        raise EntryFault(f"“{item.name}”的号码被 Excel 当成数字，超过 15 位的部分已经丢失。请把这一格设为文本后重填。")
    return f"{cell:f}"
