"""Two versions of a form beside each other: codes added, removed, renamed through the code map, and changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

COMPARED = {
    "label": "名称",
    "unit": "单位",
    "places": "小数位",
    "formula": "公式",
    "over_children": "下级汇总",
    "required": "必填",
}
# A label that moved on with the year is the same label.
_YEAR = re.compile(r"(?:19|20)\d\d\s*年")
DEFAULTS = {"places": 0, "over_children": "sum", "required": True}


@dataclass(frozen=True)
class Comparison:
    """What changed from an older version: (code, label) lists, (old code, new code, label), (code, 名称, before, after)."""

    added: list[tuple[str, str]] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    renamed: list[tuple[str, str, str]] = field(default_factory=list)
    changed: list[tuple[str, str, str, str]] = field(default_factory=list)
    kept: int = 0

    @property
    def is_equal(self) -> bool:
        """Whether nothing a filer or a comparison over years would notice has changed."""
        return not (self.added or self.removed or self.renamed or self.changed)


def compare_forms(older: Mapping[str, Any], newer: Mapping[str, Any]) -> Comparison:
    """The differences of two versions; a blank is the same one when its `last_year` names the older code.

    >>> old = {"id": "f", "items": [{"code": "A", "label": "走访"}, {"code": "B", "label": "筹集"}]}
    >>> new = {"id": "f", "items": [{"code": "A1", "label": "走访", "last_year": "A"}, {"code": "C", "label": "新增"}]}
    >>> found = compare_forms(old, new)
    >>> found.added, found.removed, found.renamed, found.changed
    ([('C', '新增')], [('B', '筹集')], [('A', 'A1', '走访')], [])
    """
    before = {str(item.get("code")): item for item in older.get("items", ())}
    found, met = Comparison(), set()
    kept = 0
    for item in newer.get("items", ()):
        code, label = str(item.get("code")), str(item.get("label", ""))
        old = old_code(item, str(older.get("id", "")))
        if old not in before or old in met:
            found.added.append((code, label))
            continue
        met.add(old)
        kept += 1
        if old != code:
            found.renamed.append((old, code, label))
        found.changed.extend(_changes(code, before[old], item))
    found.removed.extend((code, str(item.get("label", ""))) for code, item in before.items() if code not in met)
    return Comparison(found.added, found.removed, found.renamed, found.changed, kept)


def old_code(item: Mapping[str, Any], form_id: str) -> str:
    """The code of the older version that the blank compares with: its map, else its own code."""
    mapped = str(item.get("last_year") or "")
    if not mapped:
        return str(item.get("code"))
    named, _, code = mapped.rpartition(":")
    return code if named in ("", form_id) else ""


def _changes(code: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    found = []
    for name, words in COMPARED.items():
        before, after = (_plain(item.get(name), DEFAULTS.get(name, "")) for item in (old, new))
        if _YEAR.sub("年", before) != _YEAR.sub("年", after):
            found.append((code, words, before, after))
    return found


def _plain(value: Any, default: Any) -> str:
    said = default if value is None else value
    return ("是" if said else "否") if isinstance(said, bool) else str(said)
