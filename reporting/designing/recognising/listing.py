"""Heads alone: a list with one line per union and a total line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from reporting.designing.recognising.crossing import CrossTable, head_row
from reporting.designing.recognising.words import unit_in

NUMBERED = frozenset("序号 编号 行次 行号".split())
UNIONS = frozenset("单位 单位名称 填报单位 报送单位 工会 工会名称 基层工会".split())
TOTAL = {"label": "合计"}
_WIDTHS = {"no": 14, "union": 44}


def side_fields(table: CrossTable) -> list[str]:
    """What the columns before the values hold, `no` and `union`; nothing unless the first head names the line."""
    side = table.heads[0].cells[: table.columns[0].place]
    fields = [_field(cell) for cell in side if cell.strip()]
    return fields if fields and all(fields) and len(fields) == len(set(fields)) == len(side) else []


def _field(head: str) -> str:
    bare = re.sub(r"[\s　]", "", unit_in(head)[1])
    return "no" if bare in NUMBERED else "union" if bare in UNIONS else ""


def lay_list(
    table: CrossTable, fields: Sequence[str]
) -> tuple[list[dict[str, int]], list[dict[str, Any]], dict[str, Any]]:
    """Columns, head rows and the line that every union fills."""
    room = max(12, (170 - sum(_WIDTHS[name] for name in fields)) // len(table.columns))
    columns = [*({"width": _WIDTHS[name]} for name in fields), *({"width": room} for _ in table.columns)]
    rows = [head_row(table, number, len(fields)) for number in range(len(table.heads))]
    deep = {"rowspan": len(rows)} if len(rows) > 1 else {}
    sides = [
        {"col": col, "style": "head", "content": [table.heads[0].cells[col].strip()], **deep}
        for col in range(len(fields))
    ]
    rows[0]["cells"] = [*sides, *(cell for cell in rows[0]["cells"] if cell["col"] >= len(fields))]
    named = [
        {"col": col, "align": "center" if name == "no" else "left", "content": [{"field": name}]}
        for col, name in enumerate(fields)
    ]
    blanks = [
        {"col": col, "align": "right", "content": [{"blank": blank.code}]}
        for col, blank in enumerate(table.blanks[0], len(fields))
        if blank is not None
    ]
    return columns, rows, {"cells": [*named, *blanks]}
