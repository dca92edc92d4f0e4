"""The lists a designer picks from: measures with their filters, periods, units, and the blanks of other forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reporting import measures

UNITS = (
    *("家", "人", "人次", "户", "户次", "对", "件", "场次", "场", "次", "个", "张", "列", "节", "辆", "艘", "架"),
    *("名", "份", "项", "元", "万元", "%"),
)


def catalogue(forms: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The lists as the designer's page takes them; `forms` are the data of other forms a blank may be taken from."""
    others = [{"id": raw["id"], "title": raw["title"], "codes": codes_of(raw)} for raw in forms]
    return {**measures.catalogue(), "units": list(UNITS), "forms": others}


def codes_of(raw: Mapping[str, Any]) -> list[dict[str, str]]:
    """Code and label of every blank of a form that is in use."""
    return [{"code": str(item["code"]), "label": str(item["label"])} for item in raw["items"]]
