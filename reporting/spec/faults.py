"""What can be wrong with a form as a whole: codes, formulas, relations, checks and their examples, layout."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from reporting.formulas.computing import numbers_in_unit
from reporting.formulas.grammar import RESERVED, Formula, FormulaFault, compile_formula
from reporting.layout import layout_faults
from reporting.measures import term_faults
from reporting.spec.model import Check, CheckKind, FormSpec, FormulaCycle, Item, evaluation_order
from reporting.values import EntryFault, Value, parse_entry

_PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_]+)\}")
HEAD_WORDS = frozenset({"union", "filer", "phone", "date"})


def spec_faults(spec: FormSpec) -> Iterator[str]:
    """A sentence for everything that makes the form unusable; nothing when it may be used."""
    duplicates = [code for code, count in Counter(item.code for item in spec.items).items() if count > 1]
    yield from (f"项目代码“{code}”重复。" for code in duplicates)
    if not spec.items:
        yield "表样没有项目。"
    yield from _item_faults(spec)
    yield from _head_faults(spec)
    formulas_hold = True
    for fault in _formula_faults(spec):
        formulas_hold = False
        yield fault
    yield from _relation_faults(spec, formulas_hold)
    if formulas_hold and not duplicates:
        yield from _check_faults(spec)
    yield from layout_faults(spec.layout, spec.codes)


def _item_faults(spec: FormSpec) -> Iterator[str]:
    blocks = {block.no for block in spec.blocks}
    labels = Counter(item.label for item in spec.items)
    for item in spec.items:
        if item.code in RESERVED:
            yield f"项目代码“{item.code}”是公式里的词，请换一个。"
        if labels[item.label] > 1:
            yield f"项目“{item.code}”的名称“{item.label}”和别的项目相同，分不清。"
        if item.block and item.block not in blocks:
            yield f"项目“{item.code}”的编号“{item.block}”不在编号表里。"
        if item.source is not None:
            if item.is_formula:
                yield f"项目“{item.code}”有公式，就不能再从台账取数。"
            for term in item.source.terms:
                yield from term_faults(item, term)


def _head_faults(spec: FormSpec) -> Iterator[str]:
    words = {word for line in spec.head for part in line for word in _PLACEHOLDER.findall(part)}
    yield from (f"表头里的“{{{word}}}”不认识。" for word in sorted(words - HEAD_WORDS))


def _formula_faults(spec: FormSpec) -> Iterator[str]:
    sound = True
    for item in spec.items:
        if item.is_formula:
            for fault in _one_formula_faults(spec, item):
                sound = False
                yield fault
    if sound:
        try:
            evaluation_order(spec.items, spec.known_codes)
        except FormulaCycle as cycle:
            yield f"公式绕成了圈：{cycle}。"


def _one_formula_faults(spec: FormSpec, item: Item) -> Iterator[str]:
    what = f"项目“{item.code}”的公式"
    if not item.is_numeric:
        yield f"{what}没有意义：文字和日期不能计算。"
    formula = _compiled(item.formula, spec)
    if isinstance(formula, str):
        yield f"{what}有误：{formula}"
        return
    if formula.logical:
        yield f"{what}算出来的是“对错”，不是数。"
    parts = []
    for name in formula.names:
        if name not in spec.known_codes:
            yield f"{what}里的“{name}”不是本表的项目。"
        elif not spec.item(name).is_numeric:
            yield f"{what}里的“{name}”是文字或日期，不能计算。"
        else:
            parts.append(spec.item(name))
    if formula.additive and any(part.kind != item.kind for part in parts):
        yield f"{what}把金额和数量加在了一起。"


def _compiled(text: str, spec: FormSpec) -> Formula | str:
    try:
        return compile_formula(text, spec.known_codes)
    except FormulaFault as fault:
        return str(fault)


def _relation_faults(spec: FormSpec, formulas_hold: bool) -> Iterator[str]:
    seen: Counter[tuple[str, str]] = Counter((edge.child, edge.parent) for edge in spec.relations)
    yield from (f"“{child}”和“{parent}”的关系写了两次。" for (child, parent), count in seen.items() if count > 1)
    for edge in spec.relations:
        unknown = [code for code in (edge.child, edge.parent) if code not in spec.known_codes]
        if unknown:
            yield from (f"关系里的“{code}”不是本表的项目。" for code in unknown)
            continue
        child, parent = spec.item(edge.child), spec.item(edge.parent)
        if child.kind != parent.kind or not child.is_numeric:
            yield f"“{edge.child}”和“{edge.parent}”不是一类数，不能写成部分和合计。"
        elif (
            edge.kind == "partition"
            and formulas_hold
            and parent.is_formula
            and edge.child not in spec.formula(edge.parent).names
        ):
            yield f"“{edge.child}”写成“{edge.parent}”的组成部分，却不在它的公式里。"
    yield from _circle_of_relations(spec)


def _circle_of_relations(spec: FormSpec) -> Iterator[str]:
    parents: dict[str, set[str]] = {}
    for edge in spec.relations:
        parents.setdefault(edge.child, set()).add(edge.parent)
    for start in parents:
        reached, waiting = set(), set(parents[start])
        while waiting:
            code = waiting.pop()
            reached.add(code)
            waiting |= parents.get(code, set()) - reached
        if start in reached:
            yield f"“{start}”通过“其中”关系成了自己的部分。"


def _check_faults(spec: FormSpec) -> Iterator[str]:
    yield from (f"校验“{key}”重复。" for key, count in Counter(check.key for check in spec.checks).items() if count > 1)
    for check in spec.checks:
        if check.kind in (CheckKind.BETWEEN, CheckKind.LAST_YEAR):
            continue  # their names point into other filings, which a form alone does not know
        faults = list(_one_check_faults(spec, check))
        yield from faults or _example_faults(spec, check)


def _one_check_faults(spec: FormSpec, check: Check) -> Iterator[str]:
    what = f"校验“{check.key}”"
    formula = _compiled(check.expression, spec)
    if isinstance(formula, str):
        yield f"{what}的算式有误：{formula}"
        return
    if not formula.logical:
        yield f"{what}的算式要能判断对错，例如 A >= B。"
    for name in dict.fromkeys((*formula.names, *check.items, *_PLACEHOLDER.findall(check.message))):
        if name not in spec.known_codes:
            yield f"{what}里的“{name}”不是本表的项目。"
        elif name in formula.names and not spec.item(name).is_numeric:
            yield f"{what}里的“{name}”是文字或日期，不能计算。"
    if not check.message.strip():
        yield f"{what}没有写说明。"
    if not check.passing or not check.failing:
        yield f"{what}至少要有一个通过的例子和一个不通过的例子。"


def _example_faults(spec: FormSpec, check: Check) -> Iterator[str]:
    for examples, wanted in ((check.passing, True), (check.failing, False)):
        for number, example in enumerate(examples, 1):
            what = f"校验“{check.key}”第 {number} 个{'通过' if wanted else '不通过'}的例子"
            try:
                holds = check_holds(spec, check, _example_values(spec, example))
            except (EntryFault, KeyError) as error:
                yield f"{what}读不懂：{error}"
                continue
            if holds is None:
                yield f"{what}没有给全数字，校验没有运行。"
            elif holds is not wanted:
                yield f"{what}实际上{'通过了' if holds else '没有通过'}。"


def _example_values(spec: FormSpec, example: Mapping[str, Any]) -> dict[str, Value]:
    values = {}
    for code, raw in example.items():
        text = "" if raw is None else raw if isinstance(raw, str) else f"{Decimal(str(raw)):f}"
        values[code] = parse_entry(spec.item(code), text, signed=True)
    return values


def check_holds(spec: FormSpec, check: Check, values: Mapping[str, Value]) -> bool | None:
    """Whether the check's expression is true; nothing when it cannot be said for want of a number.

    Money is compared in the unit of the first money blank of the expression.
    """
    formula = compile_formula(check.expression, spec.known_codes)
    named = {name: values.get(name, Value.empty()) for name in formula.names}
    if check.when_empty == "skip" and not all(value.is_filled for value in named.values()):
        return None
    units = [spec.item(name).unit for name in formula.names if spec.item(name).kind == "money"]
    try:
        return bool(formula.evaluate(numbers_in_unit(spec, formula.names, named, unit=units[0] if units else None)))
    except ZeroDivisionError:
        return None
