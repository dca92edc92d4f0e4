"""What may be stored as a form's data at all: known keys, plain text, limited size and depth. Faults of sense are not here."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 12
MOST_PARTS = 2_000
MOST_TEXT = 4_000
MOST_EXAMPLES = 20
MOST_DIGITS = 18

_CELL = {"col": None, "colspan": None, "rowspan": None, "style": None, "align": None, "content": None}
_LAYOUT = {
    "kind": None,
    "orientation": None,
    "columns": {"width": None},
    "rows": {"height": None, "cells": _CELL},
    "line": {"height": None, "cells": _CELL},
    "total": {"label": None},
    "footnotes": None,
    "seal": None,
}
_TERMS = {"terms": {"measure": None, "where": "any", "period": None}}
KNOWN: dict[str, Any] = {
    "id": None,
    "version": None,
    "title": None,
    "titles_year": None,
    "rounding": None,
    "head": None,
    "blocks": {"no": None, "title": None},
    "items": {
        **dict.fromkeys("code label printed measure unit places kind required over_children block".split()),
        **dict.fromkeys("formula printed_formula last_year change_limit hint note".split()),
        "source": {**_TERMS, "last_year": None, "form": None, "code": None},
        "against": _TERMS,
    },
    "relations": dict.fromkeys("child parent kind severity".split()),
    "checks": {
        **dict.fromkeys("key kind severity items expression message when_empty".split()),
        "passing": "any",
        "failing": "any",
    },
    "layout": _LAYOUT,
}
"""The keys of a form's data, level by level; `any` takes keys that are codes or names of filters."""
LISTS = ("items", "relations", "checks", "blocks", "head")


class UnreadableForm(ValueError):
    """The text is no form's data; the message is a sentence for the person who sent it."""


def read_form_file(content: bytes) -> dict[str, Any]:
    """The form's data in an exported file or a request body; UnreadableForm with a sentence when it is none."""
    if len(content) > MOST_BYTES:
        raise UnreadableForm(f"表样数据超过 {MOST_BYTES // 1024} KB，请删去不用的内容后再试。")
    try:
        # Broken numbers stay text, so that 0.30 is not changed by going through here.
        raw = json.loads(content.decode("utf-8-sig"), parse_float=str, parse_constant=_no_constant)
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise UnreadableForm("文件不是表样数据（JSON），请选择从本系统“导出”的表样文件。") from None
    if not isinstance(raw, dict):
        raise UnreadableForm("文件里没有表样，请选择从本系统“导出”的表样文件。")
    return raw


def _no_constant(word: str) -> None:
    raise ValueError(word)


def refuse_shape(raw: Any) -> None:
    """Raise UnreadableForm with the first sentences of `shape_faults`."""
    faults = list(dict.fromkeys(shape_faults(raw)))
    if faults:
        more = f"（另有 {len(faults) - 5} 处）" if len(faults) > 5 else ""
        raise UnreadableForm("；".join(faults[:5]) + more + "。")


def shape_faults(raw: Any) -> Iterator[str]:
    """A sentence for each thing that keeps the data from being stored, without its full stop."""
    if not isinstance(raw, Mapping):
        yield "表样数据不是一个对象"
        return
    deep = _too_deep(raw, 0)
    if deep:
        yield f"表样数据的层次超过 {MOST_DEPTH} 层"
        return
    yield from _list_faults(raw)
    yield from _key_faults(raw, KNOWN, "表样")
    yield from _text_faults(raw)


def _too_deep(value: Any, depth: int) -> bool:
    if depth > MOST_DEPTH:
        return True
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return any(_too_deep(part, depth + 1) for part in parts)


def _list_faults(raw: Mapping[str, Any]) -> Iterator[str]:
    layout = raw.get("layout")
    if not isinstance(layout, Mapping):
        yield "表样没有版面（layout）"
        layout = {}
    if not isinstance(raw.get("items"), list):
        yield "表样没有项目表（items）"
    named = [(key, raw.get(key)) for key in LISTS] + [(f"layout.{key}", layout.get(key)) for key in ("rows", "columns")]
    for key, parts in named:
        if parts is not None and not isinstance(parts, list):
            yield f"“{key}”要是列表"
        elif parts is not None and len(parts) > MOST_PARTS:
            yield f"“{key}”有 {len(parts)} 条，最多 {MOST_PARTS} 条"
    for check in raw["checks"] if isinstance(raw.get("checks"), list) else ():
        examples = [check.get(kind) for kind in ("passing", "failing")] if isinstance(check, Mapping) else ()
        if any(isinstance(listed, list) and len(listed) > MOST_EXAMPLES for listed in examples):
            yield f"有一条校验的例子超过 {MOST_EXAMPLES} 个"


def _key_faults(value: Any, known: Any, where: str) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _key_faults(part, known, where)
    elif isinstance(value, Mapping) and isinstance(known, Mapping):
        for key, part in value.items():
            if key not in known:
                yield f"{where}里有不认识的内容“{_short(str(key))}”"
            elif isinstance(known[key], Mapping) and part is not None:
                if not isinstance(part, (Mapping, list)) or (
                    isinstance(part, list) and not all(isinstance(p, Mapping) for p in part)
                ):
                    yield f"“{key}”的结构读不懂"
                yield from _key_faults(part, known[key], f"“{key}”")


def _text_faults(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) > MOST_TEXT:
            yield f"有一段文字超过 {MOST_TEXT} 个字"
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\n" for sign in value):
            yield f"“{_short(value)}”里有不能保存的控制字符"
    elif isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 10**MOST_DIGITS:
            yield f"有一个数超过 {MOST_DIGITS} 位"
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _text_faults(key)
            yield from _text_faults(part)
    elif isinstance(value, list):
        for part in value:
            yield from _text_faults(part)


def _short(text: str) -> str:
    plain = "".join(sign if sign.isprintable() else "�" for sign in text)
    return plain if len(plain) <= 20 else f"{plain[:20]}…"
