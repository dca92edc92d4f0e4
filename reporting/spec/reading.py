"""Reading a form from its data, with every fault told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reporting.layout import read_layout
from reporting.spec.faults import spec_faults
from reporting.spec.model import (
    Block,
    Check,
    CheckKind,
    FormSpec,
    Item,
    Relation,
    Severity,
    Source,
    SpecFault,
    Term,
)
from reporting.values import MONEY_UNITS

KINDS = frozenset({"number", "money", "text", "date"})
OVER_CHILDREN = frozenset({"sum", "distinct_household", "distinct_person", "none"})
ROUNDINGS = frozenset({"round_sum", "sum_of_rounded"})
RELATION_KINDS = frozenset({"partition", "subset", "memo"})
MONEY_PLACES_SHOWN = {"万元": 4, "元": 2}
NUMBER_PLACES_SHOWN = 4
_CODE = re.compile(r"[A-Za-z0-9_]{1,16}")
_FORM_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def load_spec(raw: Mapping[str, Any]) -> FormSpec:
    """The form written in the data. Raises SpecFault with all faults when it cannot be used."""
    faults: list[str] = []
    try:
        spec = _read_form(raw, faults)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SpecFault(
            [*faults, f"表样的结构读不懂（{type(error).__name__}: {error}），请对照表样格式检查。"]
        ) from error
    if not faults:
        faults.extend(spec_faults(spec))
    if faults:
        raise SpecFault(list(dict.fromkeys(faults)))
    return spec


def _read_form(raw: Mapping[str, Any], faults: list[str]) -> FormSpec:
    if not _FORM_ID.fullmatch(str(raw["id"])):
        faults.append(f"表样标识“{raw['id']}”只能用小写字母、数字和连字符。")
    if not isinstance(raw["version"], int) or raw["version"] < 1:
        faults.append("表样版本要是从 1 开始的整数。")
    if not str(raw["title"]).strip():
        faults.append("表样没有标题。")
    rounding = _one_of(raw.get("rounding", "round_sum"), ROUNDINGS, "取整方式", faults)
    return FormSpec(
        id=str(raw["id"]),
        version=raw["version"],
        title=str(raw["title"]),
        titles_year=raw.get("titles_year"),
        rounding=rounding,
        head=tuple(tuple(str(part) for part in line) for line in raw.get("head", ())),
        blocks=tuple(Block(str(block["no"]), str(block["title"])) for block in raw.get("blocks", ())),
        items=tuple(_read_item(item, faults) for item in raw["items"]),
        relations=tuple(_read_relation(edge, faults) for edge in raw.get("relations", ())),
        checks=tuple(_read_check(check, faults) for check in raw.get("checks", ())),
        layout=read_layout(raw["layout"], faults),
        raw=raw,
    )


def _one_of(word: Any, allowed: frozenset[str], what: str, faults: list[str]) -> str:
    if word not in allowed:
        faults.append(f"{what}“{word}”只能是 {'、'.join(sorted(allowed))} 之一。")
        return sorted(allowed)[0]
    return word


def _read_item(raw: Mapping[str, Any], faults: list[str]) -> Item:
    code = str(raw["code"])
    what = f"项目“{code}”的"
    kind = _one_of(raw.get("kind", "number"), KINDS, f"{what}类型", faults)
    item = Item(
        code=code,
        label=str(raw["label"]).strip(),
        printed=str(raw.get("printed") or raw["label"]),
        measure=str(raw.get("measure") or ""),
        unit=str(raw.get("unit") or ""),
        places=raw.get("places", 0),
        kind=kind,
        required=bool(raw.get("required", True)),
        over_children=_one_of(raw.get("over_children", "sum"), OVER_CHILDREN, f"{what}汇总方式", faults),
        block=str(raw.get("block") or ""),
        formula=str(raw.get("formula") or ""),
        printed_formula=str(raw.get("printed_formula") or ""),
        source=_read_source(raw.get("source")),
        last_year=raw.get("last_year") or None,
    )
    _check_item_shape(item, what, faults)
    return item


def _check_item_shape(item: Item, what: str, faults: list[str]) -> None:
    if not _CODE.fullmatch(item.code):
        faults.append(f"项目代码“{item.code}”只能用字母、数字和下划线，最多 16 个。")
    if not item.label:
        faults.append(f"{what}名称是空的。")
    if not isinstance(item.places, int) or isinstance(item.places, bool):
        faults.append(f"{what}小数位数要是整数。")
        return
    if item.kind == "money" and item.unit not in MONEY_UNITS:
        faults.append(f"{what}单位“{item.unit}”不是金额单位，只能是万元或元。")
        return
    if item.kind == "number" and not item.unit:
        faults.append(f"{what}单位没有写。")
    most = MONEY_PLACES_SHOWN[item.unit] if item.kind == "money" else NUMBER_PLACES_SHOWN if item.is_numeric else 0
    if not 0 <= item.places <= most:
        faults.append(f"{what}小数位数只能是 0 到 {most}。")
    if not item.is_numeric and item.over_children != "none":
        faults.append(f"{what}汇总方式只能是 none，文字和日期不能相加。")


def _read_source(raw: Mapping[str, Any] | None) -> Source | None:
    if not raw:
        return None
    return Source(
        tuple(
            Term(
                str(term["measure"]),
                tuple((str(name), _words(words)) for name, words in sorted((term.get("where") or {}).items())),
                str(term.get("period") or "main"),
            )
            for term in raw["terms"]
        )
    )


def _words(raw: Any) -> tuple[str, ...]:
    return (raw,) if isinstance(raw, str) else tuple(str(word) for word in raw)


def _read_relation(raw: Mapping[str, Any], faults: list[str]) -> Relation:
    child, parent = str(raw["child"]), str(raw["parent"])
    kind = _one_of(raw["kind"], RELATION_KINDS, f"“{child}”和“{parent}”的关系", faults)
    return Relation(child, parent, kind, _severity(raw.get("severity", "refuse"), f"{child}→{parent}", faults))


def _read_check(raw: Mapping[str, Any], faults: list[str]) -> Check:
    key = str(raw["key"])
    kind = _one_of(raw.get("kind", "within"), frozenset(CHECKED_KINDS), f"校验“{key}”的种类", faults)
    return Check(
        key=key,
        kind=CheckKind(kind),
        severity=_severity(raw["severity"], key, faults),
        items=tuple(str(code) for code in raw["items"]),
        expression=str(raw["expression"]),
        message=str(raw["message"]),
        when_empty=_one_of(raw.get("when_empty", "skip"), frozenset({"skip", "zero"}), f"校验“{key}”遇空", faults),
        passing=tuple(raw.get("passing", ())),
        failing=tuple(raw.get("failing", ())),
    )


CHECKED_KINDS = ("within", "between", "ledger", "last_year")


def _severity(raw: Any, what: str, faults: list[str]) -> Severity:
    return Severity(_one_of(raw, frozenset(level.value for level in Severity), f"“{what}”的严重程度", faults))
