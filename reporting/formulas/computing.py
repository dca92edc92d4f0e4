"""Computing of formula blanks from leaf blanks, with the three states kept apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from reporting.formulas.grammar import Formula, day_number
from reporting.values import MONEY_UNITS, Value, base_units, in_unit, whole

if TYPE_CHECKING:
    from reporting.spec.model import FormSpec, Item

MOST = 2**63 - 1
"""The largest number that a database column holds; products of products go past it, and grow without end."""


def compute(spec: FormSpec, leaves: Mapping[str, Value]) -> dict[str, Value]:
    """A value for every blank in the order of the form; formula blanks are always computed, whatever was given.

    Sums skip what is not filled and what is not applicable.
    """
    values = {code: leaves.get(code, Value.empty()) for code in spec.leaves}
    for item in spec.formula_items:
        values[item.code] = evaluate_item(spec, item, values)
    return {item.code: values[item.code] for item in spec.items}


def evaluate_item(spec: FormSpec, item: Item, values: Mapping[str, Value]) -> Value:
    """The value of one formula blank; its parts must be among the values. What divides by zero or is past `MOST` is —."""
    formula = spec.formula(item.code)
    parts = [values[name] for name in formula.names]
    state = _joint_state(formula, parts)
    if state is not None:
        return state
    numbers = numbers_in_unit(spec, formula.names, values, unit=item.unit)
    try:
        result = Fraction(formula.evaluate(numbers))
    except ZeroDivisionError:
        return Value.na()
    number = whole(result * base_units(item))
    return Value.of(number) if abs(number) <= MOST else Value.na()


def numbers_in_unit(
    spec: FormSpec, names: Iterable[str], values: Mapping[str, Value], *, unit: str | None = None
) -> dict[str, Fraction]:
    """The exact numbers in printed units, money all in `unit` when that is a money unit; what holds no number is 0."""
    return {name: number_in_unit(spec.item(name), values[name], unit=unit) for name in names}


def number_in_unit(item: Item, value: Value, *, unit: str | None = None) -> Fraction:
    """The exact number of one blank; a day as its number of days, what holds nothing as 0."""
    if item.kind == "date":
        return Fraction(day_number(value.text)) if value.text else Fraction(0)
    number = value.number if value.is_filled and value.number is not None else 0
    if item.kind == "money" and unit in MONEY_UNITS:
        return Fraction(number, MONEY_UNITS[unit])
    return in_unit(item, number)


def _joint_state(formula: Formula, parts: list[Value]) -> Value | None:
    """Empty or not applicable when no number can come out, else nothing."""
    filled = [part for part in parts if part.is_filled]
    if filled and (formula.additive or len(filled) == len(parts)):
        return None
    if not parts:
        return None
    return Value.na() if not any(part.is_empty for part in parts) else Value.empty()
