"""Last year beside this year: partners through the map, exact percentages, words instead of wrong comparisons."""

import copy
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.checks import run_checks
from reporting.comparing import PastForm, change, partner, percent, signed_percent, year_changes
from reporting.formulas import compute
from reporting.spec import load_spec
from reporting.values import Value
from tests.reporting.pure.conftest import read_form

RAW = read_form("tests/fixtures/forms/mini.json")


def spec_with(form_id: str = "mini", **items):
    raw = copy.deepcopy(RAW) | {"id": form_id}
    for item in raw["items"]:
        item |= items.get(f"i{item['code']}", {})
    return load_spec(raw)


def past_of(spec, **numbers):
    leaves = {name.removeprefix("v"): Value.of(number) for name, number in numbers.items()}
    return {spec.id: PastForm(spec, compute(spec, leaves))}


def now_of(spec, **numbers):
    return compute(spec, {name.removeprefix("v"): Value.of(number) for name, number in numbers.items()})


def beside(spec, values, past, code):
    found = year_changes(spec, values, past)[code]
    return found.before, found.change, found.words


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (402, 216, "+86.1%"),
        (16, 14, "+14.3%"),
        (372, 415, "−10.4%"),
        (600, 600, "0.0%"),
        (2001, 2000, "+0.1%"),
        (2000, 2001, "0.0%"),
        (20009, 20000, "0.0%"),
        (0, 5, "−100.0%"),
        (60_000, 5, "+1,199,900.0%"),
    ],
)
def test_a_change_is_exact_and_rounded_half_up(now, before, words):
    assert signed_percent(change(Fraction(now), Fraction(before))) == words


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**9), st.integers(0, 4))
def test_a_rounded_share_is_at_most_half_a_place_away(top, bottom, places):
    share = Fraction(top, bottom)
    gap = abs(Fraction(percent(share, places)) - share) * 10**places
    assert gap <= Fraction(1, 2)
    assert gap < Fraction(1, 2) or abs(Fraction(percent(share, places))) >= abs(share)


def test_the_same_code_of_the_same_form_is_the_partner():
    spec = spec_with()
    assert beside(spec, now_of(spec, v05=12), past_of(spec, v05=10), "05") == ("10", "+20.0%", "")


def test_a_map_names_the_partner_in_another_form_and_what_is_not_mapped_has_none():
    spec = spec_with("mini-2024", i05={"last_year": "mini:05_1"}, i05_1={"last_year": "mini:09"})
    past, values = past_of(spec_with(), v05=1, v05_1=8), now_of(spec, v05=12, v05_1=3)
    # 05_1 counts events and 05 people: they are not to be compared.
    assert beside(spec, values, past, "05") == ("", "", "不可比")
    assert beside(spec, values, past, "05_1") == ("", "", "上年表无此项")
    assert beside(spec, values, past, "01A") == ("", "", "上年表无此项")


def test_a_partner_in_a_form_that_was_not_filed_says_so():
    spec = spec_with("mini-2024", i05={"last_year": "mini:05"}, i05_1={"last_year": "centre:05_1"})
    past = past_of(spec_with(), v05=1)
    assert beside(spec, now_of(spec, v05_1=3), past, "05_1") == ("", "", "上年未报")


def test_without_last_year_there_is_no_column():
    spec = spec_with()
    assert year_changes(spec, now_of(spec, v05=12), {}) == {}
    assert partner(spec, "05", {}) is None


def test_persons_are_persons_whether_written_名_or_人():
    old, spec = spec_with(i05={"unit": "名"}), spec_with(i05={"unit": "人"})
    assert beside(spec, now_of(spec, v05=3), past_of(old, v05=2), "05") == ("2", "+50.0%", "")


def test_money_is_compared_across_units_and_shown_in_this_forms_unit():
    old = spec_with()
    spec = spec_with(i02A={"unit": "万元"}, i02B={"unit": "万元"}, i02={"unit": "万元"})
    past = past_of(old, v02A=1_000_000, v02B=0)
    assert beside(spec, now_of(spec, v02A=1_250_000, v02B=0), past, "02A") == ("1.00", "+25.0%", "")


def test_numbers_with_other_places_are_compared_by_their_worth():
    old, spec = spec_with(), spec_with(i05={"places": 1})
    assert beside(spec, now_of(spec, v05=125), past_of(old, v05=10), "05") == ("10", "+25.0%", "")


def test_zero_last_year_has_no_percentage():
    spec = spec_with()
    past = past_of(spec, v05=0, v05_1=0)
    values = now_of(spec, v05=3, v05_1=0)
    assert beside(spec, values, past, "05") == ("0", "上年为 0", "")
    assert beside(spec, values, past, "05_1") == ("0", "—", "")


def test_what_is_empty_or_does_not_apply_has_no_percentage():
    spec = spec_with()
    past = {"mini": PastForm(spec, compute(spec, {"05": Value.na(), "05_1": Value.of(4)}))}
    values = compute(spec, {"05": Value.of(3), "05_1": Value.na()})
    assert beside(spec, values, past, "05") == ("—", "—", "")
    assert beside(spec, values, past, "05_1") == ("4", "—", "")
    assert beside(spec, values, past, "02D") == ("—", "", "")


def test_a_total_that_sums_rounded_lines_is_shown_as_it_was_printed():
    raw = copy.deepcopy(read_form("fixtures/forms/shaanxi-2024.json")) | {"rounding": "sum_of_rounded"}
    spec = load_spec(raw)
    thirds = {f"B{n}": 3_333 for n in range(1, 4)}
    past = {spec.id: PastForm(spec, compute(spec, {code: Value.of(fen) for code, fen in thirds.items()}))}
    values = compute(spec, {"B1": Value.of(20_000)})
    assert beside(spec, values, past, "B") == ("0.00", "+100.0%", "")


def limits(limit, now, before):
    spec = spec_with(i05={"change_limit": limit})
    values = now_of(spec, v05=now)
    return [f.message for f in run_checks(spec, values, past=past_of(spec, v05=before)) if f.kind == "last_year"]


def test_a_change_of_just_the_limit_is_not_too_much():
    assert limits(30, 130, 100) == []
    assert limits(30, 70, 100) == []
    assert limits("12.5", 112, 100) == []
    assert limits("12.5", 113, 100) == ["05 比上年增长 13.0%（100 → 113 人次），超过 12.5%。请核实，或写明原因。"]


def test_a_change_just_above_the_limit_shows_as_many_places_as_it_needs():
    assert limits(30, 130_001, 100_000) == [
        "05 比上年增长 30.001%（100,000 → 130,001 人次），超过 30%。请核实，或写明原因。"
    ]


def test_something_out_of_nothing_is_too_much():
    assert limits(30, 5, 0) == ["05 上年为 0，今年 5 人次，变动超过 30%。请核实，或写明原因。"]
    assert limits(30, 0, 0) == []


def test_the_limit_is_marked_in_the_margin():
    spec = spec_with(i05={"change_limit": 30})
    past = past_of(spec, v05=100)
    marks = [year_changes(spec, now_of(spec, v05=now), past)["05"].too_much for now in (130, 131, 69, 70)]
    assert marks == [False, True, True, False]
