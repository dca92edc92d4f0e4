"""Rounded totals of the shipped forms: each way of rounding, and the gap that one of them leaves, shown."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.formulas import compute
from reporting.rounding import printed_numbers, rounding_gaps, shown_texts
from reporting.spec import load_spec
from reporting.values import Value, base_units
from tests.forms.conftest import FORMS, shipped

WITH_MONEY_TOTALS = {
    "jiaozuo-2018-centre": {"P10", "P15"},
    "jiaozuo-2019-campaign": {"B", "D"},
    "jinshan-2020-donation": {"J6B"},
    "shaanxi-2024": {"B", "D"},
    "suzhou-2013": {"05"},
}
NAMES = sorted(WITH_MONEY_TOTALS)
ROUND_SUM = {name: shipped(name) for name in NAMES}
SUM_OF_ROUNDED = {name: load_spec({**spec.raw, "rounding": "sum_of_rounded"}) for name, spec in ROUND_SUM.items()}


def filled(spec, fen):
    """Every money leaf with the next of these amounts, round and round; every count with 1."""
    leaves, amounts = {}, iter(fen * len(spec.leaves))
    for code in spec.leaves:
        item = spec.item(code)
        if item.is_numeric:
            leaves[code] = Value.of(next(amounts) if item.kind == "money" else 1)
    return compute(spec, leaves)


def test_every_form_with_a_money_total_is_tried():
    with_totals = {
        path.stem
        for path in FORMS.glob("*.json")
        if any(item.kind == "money" for item in shipped(path.stem).formula_items)
    }
    assert with_totals == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_money_totals_are_those_of_the_notice(name):
    totals = {item.code for item in ROUND_SUM[name].formula_items if item.kind == "money"}
    assert totals == WITH_MONEY_TOTALS[name]


@settings(max_examples=25)
@given(st.sampled_from(NAMES), st.lists(st.integers(0, 10**11), min_size=1, max_size=7))
def test_a_rounded_sum_is_rounded_once_half_up(name, fen):
    spec = ROUND_SUM[name]
    values = filled(spec, fen)
    for code in WITH_MONEY_TOTALS[name]:
        item = spec.item(code)
        exact = Fraction(sum(values[part].units for part in spec.parts(code)), base_units(item))
        steps = exact * 10**item.places
        half_up = (steps.numerator * 2 + steps.denominator) // (2 * steps.denominator)
        assert printed_numbers(spec, values)[code] == Decimal(half_up).scaleb(-item.places)


@settings(max_examples=25)
@given(st.sampled_from(NAMES), st.lists(st.integers(0, 10**11), min_size=1, max_size=7))
def test_printed_lines_add_up_or_the_gap_is_told(name, fen):
    exact, lines = ROUND_SUM[name], SUM_OF_ROUNDED[name]
    values = filled(exact, fen)
    assert rounding_gaps(lines, values) == []
    printed, summed = printed_numbers(exact, values), printed_numbers(lines, values)
    told = {gap.code: (gap.total, gap.parts) for gap in rounding_gaps(exact, values)}
    for code in WITH_MONEY_TOTALS[name]:
        assert summed[code] == sum(printed[part] for part in exact.parts(code))
        assert told.get(code, (summed[code], summed[code])) == (printed[code], summed[code])


def test_yuan_with_two_places_leaves_no_gap():
    spec = ROUND_SUM["jinshan-2020-donation"]
    values = filled(spec, [1, 33, 4999, 123_456_789])
    assert rounding_gaps(spec, values) == []
    assert shown_texts(spec, values)["J6B"] == "1,234,618.23"


def test_the_gap_of_the_big_sheet_is_the_one_of_its_lines():
    spec = ROUND_SUM["suzhou-2013"]
    values = filled(spec, [3_333])
    assert [tuple(map(str, gap)) for gap in rounding_gaps(spec, values)] == [("05", "0.01", "0.00")]
    assert shown_texts(SUM_OF_ROUNDED["suzhou-2013"], values)["05"] == "0.00"
