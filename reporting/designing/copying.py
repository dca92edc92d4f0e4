"""A form's data made new: from nothing, as the next version, as another form, with its years moved on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

HEAD = [["填报单位：", "{union}", "{date}"], ["填报人：", "{filer}", "联系电话：", "{phone}"]]
WIDTHS = (12, 14, 92, 28, 28)
HEADINGS = (("编号", 0, 1), ("代码", 1, 1), ("项目", 2, 2), ("合计", 4, 1))
_YEAR_IN_WORDS = re.compile(r"(?<!\d)(?:19|20)\d\d(?=\s*年)")
_YEAR_OF_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d(?=-\d\d-\d\d)")
# Checks that name days, {day:2020-01-10}, and their examples.
_DATED = frozenset({"expression", "passing", "failing"})
# Texts outside of which a year is part of a code or a rule and stays.
_WORDY = frozenset(
    {"title", "label", "printed", "measure", "hint", "message", "content", "footnotes", "head", "blocks"}
)


def blank_form(form_id: str, title: str, year: int | None = None) -> dict[str, Any]:
    """An empty form with the usual five columns (编号, 代码, 项目 over two, 合计) and their heads."""
    heads = [{"col": col, "colspan": span, "style": "head", "content": [text]} for text, col, span in HEADINGS]
    return {
        "id": form_id,
        "version": 1,
        "title": title,
        "titles_year": year,
        "rounding": "round_sum",
        "head": deepcopy(HEAD),
        "blocks": [],
        "items": [],
        "relations": [],
        "checks": [],
        "layout": {
            "orientation": "portrait",
            "columns": [{"width": width} for width in WIDTHS],
            "rows": [{"cells": heads}],
            "footnotes": [],
            "seal": False,
        },
    }


def as_new_version(raw: Mapping[str, Any], number: int, *, year: int | None = None) -> dict[str, Any]:
    """The form as draft of its version `number`: every blank compares with its own old code; years moved on if asked."""
    copied = deepcopy(dict(raw))
    copied["version"] = number
    for item in copied["items"]:
        item["last_year"] = item["code"]
    return moved_to_year(copied, year) if year else copied


def as_new_form(raw: Mapping[str, Any], form_id: str, title: str, *, year: int | None = None) -> dict[str, Any]:
    """The form as version 1 of another one. With a year it is the same form in another year: blanks compare with it."""
    copied = deepcopy(dict(raw))
    source, copied["id"], copied["version"] = raw["id"], form_id, 1
    for item in copied["items"]:
        item["last_year"] = f"{source}:{item['code']}" if year else None
    if year:
        copied = moved_to_year(copied, year)
    if title:
        copied["title"] = title
    return copied


def moved_to_year(raw: Mapping[str, Any], year: int) -> dict[str, Any]:
    """The form with the year of its titles, the one before and the one after moved to `year`; other years stay.

    >>> moved_to_year({"titles_year": 2019, "title": "2019年春节", "items": [{"label": "2018年度总数，1980年后出生"}]}, 2020)
    {'titles_year': 2020, 'title': '2020年春节', 'items': [{'label': '2019年度总数，1980年后出生'}]}
    """
    copied = deepcopy(dict(raw))
    old = copied.get("titles_year") or _year_in(str(copied.get("title", "")))
    copied["titles_year"] = year
    if not isinstance(old, int) or old == year:
        return copied
    near = {str(old + step): str(year + step) for step in (-1, 0, 1)}
    return {key: _moved(value, near, _years_of(key)) for key, value in copied.items()}


def _year_in(title: str) -> int | None:
    found = _YEAR_IN_WORDS.search(title)
    return int(found.group()) if found else None


def _moved(value: Any, near: Mapping[str, str], years: re.Pattern[str] | None) -> Any:
    if isinstance(value, str) and years is not None:
        return years.sub(lambda match: near.get(match.group(), match.group()), value)
    if isinstance(value, list):
        return [_moved(part, near, years) for part in value]
    if isinstance(value, dict):
        return {key: _moved(part, near, _years_of(key) or years) for key, part in value.items()}
    return value


def _years_of(key: str) -> re.Pattern[str] | None:
    return _YEAR_IN_WORDS if key in _WORDY else _YEAR_OF_DAY if key in _DATED else None
