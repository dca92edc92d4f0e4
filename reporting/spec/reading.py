"""Reading a form from its data, with every fault told at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from reporting.layout import read_layout
from reporting.spec.faults import placed, spec_faults
from reporting.spec.model import (
    Block,
    Check,
    CheckKind,
    Fault,
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
CHECKED_KINDS = frozenset({"within", "between", "ledger", "last_year"})
WHEN_EMPTY = frozenset({"skip", "zero"})
MOST_CHANGE = 10000
_LAST_YEAR = re.compile(r"([a-z0-9][a-z0-9-]{0,63}:)?[A-Za-z0-9_]{1,16}")
_CODE = re.compile(r"[A-Za-z0-9_]{1,16}")
_FORM_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def load_spec(raw: Mapping[str, Any]) -> FormSpec:
    """The form written in the data. Raises SpecFault with all faults when it cannot be used."""
    spec, faults = read_spec(raw)
    if faults or spec is None:
        raise SpecFault(faults)
    return spec


def spec_findings(raw: Mapping[str, Any], forms: Mapping[str, Iterable[str]] | None = None) -> list[Fault]:
    """Every fault of the form with its place, for the designer; nothing when it may be used.

    With `forms`, {form id: codes}, a reference to an unknown blank of one of these forms is a fault too.
    """
    return read_spec(raw, forms)[1]


def read_spec(
    raw: Mapping[str, Any], forms: Mapping[str, Iterable[str]] | None = None
) -> tuple[FormSpec | None, list[Fault]]:
    """The form as far as it can be read, with every fault; the form is nothing when its data have no shape."""
    faults: list[Fault] = []
    try:
        spec = _read_form(raw, faults)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return None, [*faults, Fault(_unreadable(error))]
    if not faults:
        faults.extend(spec_faults(spec, forms))
    return spec, list(dict.fromkeys(faults))


def _unreadable(error: Exception) -> str:
    """In words why the data cannot be read on."""
    what = f"缺少“{error.args[0]}”一项" if isinstance(error, KeyError) else "有一处应写成一组数据，却写了别的"
    return f"表样的结构读不懂：{what}。请与本系统“导出”的表样文件对照，改好再试。"


def _read_form(raw: Mapping[str, Any], faults: list[Fault]) -> FormSpec:
    if not _FORM_ID.fullmatch(str(raw["id"])):
        faults.append(Fault(f"表样标识“{raw['id']}”只能用小写字母、数字和连字符。"))
    if not isinstance(raw["version"], int) or raw["version"] < 1:
        faults.append(Fault("表样版本要是从 1 开始的整数。"))
    if not str(raw["title"]).strip():
        faults.append(Fault("表样没有标题。"))
    rounding = _one_of(raw.get("rounding", "round_sum"), ROUNDINGS, "取整方式", faults)
    told: list[str] = []
    layout = read_layout(raw["layout"], told)
    faults.extend(placed(words) for words in told)
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
        layout=layout,
        raw=raw,
    )


def _one_of(
    word: Any, allowed: frozenset[str], what: str, faults: list[Fault], *, codes: tuple[str, ...] = (), check: str = ""
) -> str:
    if word not in allowed:
        words = f"{what}“{word}”只能是 {'、'.join(sorted(allowed))} 之一。"
        faults.append(Fault(words, codes, check or None))
        return sorted(allowed)[0]
    return word


def _read_item(raw: Mapping[str, Any], faults: list[Fault]) -> Item:
    code = str(raw["code"])
    what = f"项目“{code}”的"
    found: list[Fault] = []
    label = str(raw.get("label") or "").strip()
    item = Item(
        code=code,
        label=label,
        printed=str(raw.get("printed") or label),
        measure=str(raw.get("measure") or ""),
        unit=str(raw.get("unit") or ""),
        places=raw.get("places", 0),
        kind=_one_of(raw.get("kind", "number"), KINDS, f"{what}类型", found, codes=(code,)),
        required=bool(raw.get("required", True)),
        over_children=_one_of(raw.get("over_children", "sum"), OVER_CHILDREN, f"{what}汇总方式", found, codes=(code,)),
        block=str(raw.get("block") or ""),
        formula=str(raw.get("formula") or ""),
        printed_formula=str(raw.get("printed_formula") or ""),
        source=_read_source(raw.get("source")),
        last_year=str(raw.get("last_year") or "") or None,
        against=_read_source(raw.get("against")),
        change_limit=_read_limit(raw.get("change_limit")),
        hint=str(raw.get("hint") or "").strip(),
    )
    found.extend(Fault(words, (code,)) for words in _shape_faults(item, what))
    faults.extend(found)
    return item


def _shape_faults(item: Item, what: str) -> Iterator[str]:
    if not _CODE.fullmatch(item.code):
        yield f"项目代码“{item.code}”只能用字母、数字和下划线，最多 16 个。"
    if not item.label:
        yield f"{what}名称是空的。"
    yield from _comparison_faults(item, what)
    if not isinstance(item.places, int) or isinstance(item.places, bool):
        yield f"{what}小数位数要是整数。"
        return
    if item.kind == "money" and item.unit not in MONEY_UNITS:
        yield f"{what}单位“{item.unit}”不是金额单位，只能是万元或元。"
        return
    if item.kind == "number" and not item.unit:
        yield f"{what}单位没有写。"
    most = MONEY_PLACES_SHOWN[item.unit] if item.kind == "money" else NUMBER_PLACES_SHOWN if item.is_numeric else 0
    if not 0 <= item.places <= most:
        yield f"{what}小数位数只能是 0 到 {most}。"
    if not item.is_numeric and item.over_children != "none":
        yield f"{what}汇总方式只能是 none，文字和日期不能相加。"


def _comparison_faults(item: Item, what: str) -> Iterator[str]:
    """What is wrong with the way the blank looks at last year."""
    if item.last_year is not None and not _LAST_YEAR.fullmatch(item.last_year):
        yield f"{what}上年对应“{item.last_year}”看不懂，请写上年的代码，或“表样:代码”。"
    if item.change_limit is not None:
        if not item.is_numeric:
            yield f"{what}变动幅度没有意义：文字和日期不和上年比。"
        elif not (item.change_limit.is_finite() and 0 < item.change_limit <= MOST_CHANGE):
            yield f"{what}变动幅度要是大于 0、不超过 {MOST_CHANGE} 的百分数。"


def _read_limit(raw: Any) -> Decimal | None:
    if raw is None or raw == "":
        return None
    if isinstance(raw, bool):
        return Decimal("NaN")
    try:
        return Decimal(str(raw))
    except ArithmeticError:
        return Decimal("NaN")


def _read_source(raw: Mapping[str, Any] | None) -> Source | None:
    if not raw:
        return None
    return Source(
        terms=tuple(
            Term(
                str(term["measure"]),
                tuple((str(name), _words(words)) for name, words in sorted((term.get("where") or {}).items())),
                str(term.get("period") or "main"),
            )
            for term in raw.get("terms", ())
        ),
        last_year=str(raw.get("last_year") or ""),
        form=str(raw.get("form") or ""),
        code=str(raw.get("code") or ""),
    )


def _words(raw: Any) -> tuple[str, ...]:
    return (raw,) if isinstance(raw, str) else tuple(str(word) for word in raw)


def _read_relation(raw: Mapping[str, Any], faults: list[Fault]) -> Relation:
    child, parent = str(raw["child"]), str(raw["parent"])
    kind = _one_of(raw.get("kind"), RELATION_KINDS, f"“{child}”和“{parent}”的关系", faults, codes=(child, parent))
    severity = _severity(raw.get("severity", "refuse"), f"{child}→{parent}", faults, codes=(child, parent))
    return Relation(child, parent, kind, severity)


def _read_check(raw: Mapping[str, Any], faults: list[Fault]) -> Check:
    key = str(raw["key"])
    kind = _one_of(raw.get("kind", "within"), CHECKED_KINDS, f"校验“{key}”的种类", faults, check=key)
    when_empty = _one_of(raw.get("when_empty", "skip"), WHEN_EMPTY, f"校验“{key}”遇空", faults, check=key)
    return Check(
        key=key,
        kind=CheckKind(kind),
        severity=_severity(raw.get("severity"), key, faults, check=key),
        items=tuple(str(code) for code in raw.get("items", ())),
        expression=str(raw.get("expression") or ""),
        message=str(raw.get("message") or ""),
        when_empty=when_empty,
        passing=tuple(_example(example) for example in raw.get("passing", ())),
        failing=tuple(_example(example) for example in raw.get("failing", ())),
    )


def _example(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """The example's values; its names may be written with their braces."""
    return {str(name).strip("{}"): value for name, value in raw.items()}


def _severity(raw: Any, what: str, faults: list[Fault], *, codes: tuple[str, ...] = (), check: str = "") -> Severity:
    levels = frozenset(level.value for level in Severity)
    return Severity(_one_of(raw, levels, f"“{what}”的严重程度", faults, codes=codes, check=check))
