"""The numbers as printed for a whole form, and where printed lines do not add up to the printed total.

`round_sum` rounds every total once from its exact sum; `sum_of_rounded` prints the sum of the rounded lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from relief.lib import money
from reporting.values import Value, printed_number, shown

if TYPE_CHECKING:
    from reporting.spec.model import FormSpec, Item


class Gap(NamedTuple):
    """A total whose printed number is not the sum of its printed parts."""

    code: str
    total: Decimal
    parts: Decimal


def printed_numbers(spec: FormSpec, values: Mapping[str, Value]) -> dict[str, Decimal | None]:
    """The printed number of each blank under the form's way of rounding; nothing where none is printed."""
    numbers = {item.code: printed_number(item, values[item.code]) for item in spec.items}
    if spec.rounding == "sum_of_rounded":
        for item in spec.formula_items:
            total = _sum_of_printed(spec, item, numbers)
            if total is not None and numbers[item.code] is not None:
                numbers[item.code] = total
    return numbers


def shown_texts(spec: FormSpec, values: Mapping[str, Value]) -> dict[str, str]:
    """The printed text of each blank under the form's way of rounding."""
    numbers = printed_numbers(spec, values)
    return {
        item.code: shown(item, values[item.code]) if numbers[item.code] is None else money.grouped(numbers[item.code])
        for item in spec.items
    }


def rounding_gaps(spec: FormSpec, values: Mapping[str, Value]) -> list[Gap]:
    """The totals whose printed number differs from the sum of their printed parts; none under `sum_of_rounded`."""
    numbers = printed_numbers(spec, values)
    gaps = []
    for item in spec.formula_items:
        total, parts = numbers[item.code], _sum_of_printed(spec, item, numbers)
        if total is not None and parts is not None and total != parts:
            gaps.append(Gap(item.code, total, parts))
    return sorted(gaps, key=lambda gap: spec.codes.index(gap.code))


def _sum_of_printed(spec: FormSpec, item: Item, numbers: Mapping[str, Decimal | None]) -> Decimal | None:
    """The formula over the printed numbers, or nothing when it is no sum of lines in the same unit."""
    formula = spec.formula(item.code)
    if not formula.additive or any(spec.item(name).unit != item.unit for name in formula.names):
        return None
    result = Fraction(formula.evaluate({name: numbers[name] or 0 for name in formula.names}))
    return money.rounded(Decimal(result.numerator) / Decimal(result.denominator), item.places)
