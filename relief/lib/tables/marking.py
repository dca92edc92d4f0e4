"""The person's own file back, with what is wrong coloured and said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from relief.lib.child import Child, ChildDied, ChildLate
from relief.lib.tables.model import Fault
from relief.lib.xlsx import Column, stream_table
from relief.lib.xlsx_worker import column_name

SECONDS = 120
LIST = (
    Column("工作表"),
    Column("行", "number", 8, "0"),
    Column("列", width=16),
    Column("值（末尾）", width=16),
    Column("哪里不对", width=48),
    Column("怎么改", width=40),
)


def marked_copy(data: bytes, faults: Sequence[Fault]) -> tuple[bytes, bool]:
    """The file with its bad cells coloured and a column of words, and True.

    A list of the faults and False when the file is too large or too odd to be coloured.
    """
    child = Child("relief.lib.xlsx_marker")
    try:
        reply = child.ask(json.dumps(_marks(faults)).encode() + b"\n" + data, SECONDS)
    except (ChildDied, ChildLate):
        reply = b"-"
    finally:
        child.close()
    if reply[:1] == b"+":
        return reply[1:], True
    return stream_table(LIST, (_line(fault) for fault in faults), "检查结果"), False


def _marks(faults: Sequence[Fault]) -> dict[str, Any]:
    """By sheet: cells to colour, words per row, and the row where the head of the words may stand."""
    marks: dict[str, Any] = {}
    for fault in faults:
        told = marks.setdefault(fault.sheet, {"cells": [], "words": {}, "head": 1})
        if fault.row and fault.column:
            told["cells"].append([fault.row, fault.column])
        told["words"].setdefault(fault.row or 2, []).append(_words(fault))
    for told in marks.values():
        told["head"] = max(min(told["words"]) - 1, 1)
        told["words"] = [[row, "\n".join(words)] for row, words in told["words"].items()]
    return marks


def _words(fault: Fault) -> str:
    where = f"{fault.head}：" if fault.head else ""
    return f"{where}{fault.says}{fault.todo}。"


def _line(fault: Fault) -> list[Any]:
    column = f"{column_name(fault.column)} {fault.head}" if fault.column else ""
    return [fault.sheet, fault.row, column, fault.tail, fault.says, fault.todo]
