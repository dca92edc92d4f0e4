"""Whether a check holds, its examples with their results, and the repair of an expression that lets one slip through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import Any

from reporting.formulas.computing import number_in_unit
from reporting.formulas.grammar import Formula, FormulaFault, compile_formula, reference
from reporting.formulas.grammar import split as tokens
from reporting.spec.model import Check, FormSpec, Item
from reporting.values import EntryFault, Value, parse_entry

Outside = Mapping[str, tuple[Item, Value]]
"""What stands outside the own row, by its name in the grammar: the item it counts like, and its value."""


def plain_item(code: str, label: str, unit: str, places: int, kind: str) -> Item:
    """An item that stands for a figure outside the form."""
    return Item(code, label, label, "", unit, places, kind, False, "none", "", "", "", None)


MOST_TRIED = 400
"""Expressions that a repair tries: enough for every sign and every part of a large total."""
CAP = plain_item("cap:per_contact", "每人次标准", "元", 2, "money")


@dataclass(frozen=True)
class ExampleResult:
    """One example of a check: what the expression says of it, and what is to be done when that is not what was wanted.

    `holds` is the truth of the expression, nothing when it could not be said; `message` is empty when all is well.
    `proposal` is an expression that would do right, when one can be found.
    """

    check: str
    kind: str
    number: int
    holds: bool | None
    message: str = ""
    proposal: str = ""

    @property
    def is_right(self) -> bool:
        return not self.message


def check_holds(
    spec: FormSpec, check: Check, values: Mapping[str, Value], outside: Outside | None = None
) -> bool | None:
    """Whether the check's expression is true; nothing when it cannot be said for want of a number.

    A reference without a value is such a want whatever the check says of empty blanks. Money is compared in the unit
    of the first money figure of the expression.
    """
    return _holds(spec, compile_formula(check.expression, spec.known_codes), check.when_empty, values, outside or {})


def _holds(
    spec: FormSpec, formula: Formula, when_empty: str, values: Mapping[str, Value], outside: Outside
) -> bool | None:
    named: dict[str, tuple[Item, Value]] = {}
    for name in formula.names:
        if ":" in name:
            if name not in outside or not outside[name][1].is_filled:
                return None
            named[name] = outside[name]
        else:
            item, value = spec.item(name), values.get(name, Value.empty())
            if not value.is_filled and (when_empty == "skip" or item.kind == "date"):
                return None
            named[name] = (item, value)
    unit = next((item.unit for item, _ in named.values() if item.kind == "money"), None)
    try:
        return bool(
            formula.evaluate({name: number_in_unit(item, value, unit=unit) for name, (item, value) in named.items()})
        )
    except ZeroDivisionError:
        return None


def counts_like(spec: FormSpec, check: Check, name: str) -> Item:
    """The item by which a name of the check is read and printed; KeyError for an unknown code.

    A figure of another form, which this form alone does not know, counts like the first blank of the check.
    """
    found = reference(name)
    if found is None:
        return spec.item(name)
    if found.kind == "cap":
        return CAP
    if found.kind != "form":
        return spec.item(found.code)
    codes = (*check.items, *compile_formula(check.expression, spec.known_codes).names)
    like = next((spec.item(code) for code in codes if code in spec.by_code and spec.item(code).is_numeric), None)
    return replace(like, code=name) if like is not None else plain_item(name, name, "", 4, "number")


def example_values(spec: FormSpec, check: Check, example: Mapping[str, Any]) -> tuple[dict[str, Value], Outside]:
    """What an example gives for the blanks and for what stands outside; EntryFault or KeyError when it cannot be read."""
    values, outside = {}, {}
    for name, raw in example.items():
        text = "" if raw is None else raw if isinstance(raw, str) else f"{Decimal(str(raw)):f}"
        item = counts_like(spec, check, name)
        value = parse_entry(item, text, signed=True)
        if ":" in name:
            outside[name] = (item, value)
        else:
            values[name] = value
    return values, outside


def example_results(spec: FormSpec) -> list[ExampleResult]:
    """Every example of every check that can be read, in the order of the form."""
    return [result for check in spec.checks for result in results_of(spec, check)]


def results_of(spec: FormSpec, check: Check) -> list[ExampleResult]:
    """The examples of one check; none when its expression cannot be read."""
    try:
        formula = compile_formula(check.expression, spec.known_codes)
    except FormulaFault:
        return []
    if not formula.logical or any(":" not in name and name not in spec.known_codes for name in formula.names):
        return []
    found = []
    for kind, examples in (("passing", check.passing), ("failing", check.failing)):
        for number, example in enumerate(examples, 1):
            found.append(_result(spec, check, formula, kind, number, example))
    return found


def _result(
    spec: FormSpec, check: Check, formula: Formula, kind: str, number: int, example: Mapping[str, Any]
) -> ExampleResult:
    what = f"校验“{check.key}”第 {number} 个{'通过' if kind == 'passing' else '不通过'}的例子"
    try:
        values, outside = example_values(spec, check, example)
        holds = _holds(spec, formula, check.when_empty, values, outside)
    except KeyError as error:
        return ExampleResult(check.key, kind, number, None, f"{what}里的“{error.args[0]}”不是本表的项目。")
    except (EntryFault, FormulaFault, ArithmeticError) as error:
        return ExampleResult(check.key, kind, number, None, f"{what}读不懂：{error}")
    if holds is None:
        return ExampleResult(check.key, kind, number, None, f"{what}没有给全数字，校验没有运行。")
    if holds is (kind == "passing"):
        return ExampleResult(check.key, kind, number, holds)
    message, proposal = f"{what}实际上{'通过了' if holds else '没有通过'}。", ""
    if kind == "failing":
        proposal, forgotten = repair(spec, check, example)
        if proposal:
            missing = f"算式漏了 {'、'.join(forgotten)}，补上即可" if forgotten else "比较的方向或符号不对，可改为"
            message = f"{check.key} 的反例没有拦住：{missing}：{proposal}"
    return ExampleResult(check.key, kind, number, holds, message, proposal)


# Repair


def repair(spec: FormSpec, check: Check, example: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """An expression that stops the counter-example and still lets every passing one through, and the codes it adds.

    Nothing when none is found by adding what the expression forgot or by another sign of comparison.
    """
    tried = list(islice(_candidates(spec, check, example), MOST_TRIED))
    for strict in (True, False):
        for text, added in tried:
            if _does_right(spec, check, text, strict):
                return text, added
    return "", ()


def _does_right(spec: FormSpec, check: Check, text: str, strict: bool) -> bool:
    """Whether all examples come out as wanted; unless `strict`, a passing one may lack a number that is new."""
    try:
        formula = compile_formula(text, spec.known_codes)
        for examples, wanted in ((check.passing, True), (check.failing, False)):
            for example in examples:
                values, outside = example_values(spec, check, example)
                holds = _holds(spec, formula, check.when_empty, values, outside)
                if holds is not wanted and (strict or holds is not None or not wanted):
                    return False
    except (FormulaFault, EntryFault, KeyError, ArithmeticError):
        return False
    return True


def _candidates(spec: FormSpec, check: Check, example: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for codes in _forgotten(spec, check, example):
        yield from ((text, codes) for text in _with_added(spec, check, codes))
    yield from ((text, ()) for text in _other_signs(check.expression))


def _forgotten(spec: FormSpec, check: Check, example: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Codes that the expression may have forgotten, likeliest first: named by the example, then parts of the same whole."""
    named = set(compile_formula(check.expression, spec.known_codes).names)
    spoken = [code for code in (*example, *check.items) if code in spec.by_code and code not in named]
    wholes = {edge.parent for edge in spec.relations} | {item.code for item in spec.items if item.is_formula}
    lists = [spec.parts(parent) for parent in spec.codes if parent in wholes]
    parts = [code for listed in lists if named & set(listed) for code in listed if code not in named]
    for codes in (spoken, parts):
        listed = tuple(dict.fromkeys(codes))
        if len(listed) > 1:
            yield listed
        yield from ((code,) for code in listed)


def _with_added(spec: FormSpec, check: Check, codes: tuple[str, ...]) -> Iterator[str]:
    """The expression with the codes added behind one of its blanks of the same kind, last ones of a sum first."""
    text, kind = check.expression, spec.item(codes[0]).kind
    places = [end for name, end in _code_ends(text, spec) if name in spec.by_code and spec.item(name).kind == kind]
    for end in sorted(places, key=lambda end: (not text[:end].rpartition("+")[1], -end)):
        yield text[:end] + "".join(f"+{_written(code)}" for code in codes) + text[end:]


def _code_ends(text: str, spec: FormSpec) -> Iterator[tuple[str, int]]:
    from_here = 0
    for kind, token in tokens(text, spec.known_codes):
        from_here = text.index(token, from_here) + len(token)
        if kind == "code" and text[from_here : from_here + 1] != "}":
            yield token, from_here
        elif kind == "code":
            yield token, from_here + 1


def _written(code: str) -> str:
    return f"{{{code}}}" if code.isdigit() else code


_OTHER_SIGNS = {
    "<=": ("<", "==", ">="),
    ">=": (">", "==", "<="),
    "<": ("<=", ">"),
    ">": (">=", "<"),
    "==": ("<=", ">="),
    "!=": ("==",),
}


def _other_signs(text: str) -> Iterator[str]:
    position = 0
    while position < len(text):
        sign = next((sign for sign in ("<=", ">=", "==", "!=", "<", ">") if text.startswith(sign, position)), "")
        for other in _OTHER_SIGNS.get(sign, ()):
            yield text[:position] + other + text[position + len(sign) :]
        position += len(sign) or 1
