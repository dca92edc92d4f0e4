from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.formulas import FormulaFault, compile_formula, compute
from reporting.spec import load_spec
from reporting.values import Value
from tests.reporting.pure.conftest import read_form

SHAANXI = load_spec(read_form("fixtures/forms/shaanxi-2024.json"))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("B1+B2", 5),
        ("09_1 + 01A*2", 11),
        ("{10} - 05", 3),
        ("(B1 + B2) / 2", Fraction(5, 2)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("max(B1, B2, 09_1) - min(B1, B2) + abs(-3) + sum(B1, B2)", 11),
        ("B1 < B2 <= 3", True),
        ("(B1 > 0) == (B2 > 0)", True),
        ("not (B1 >= 2 and B2 != 3) or B1 == 7", True),
    ],
)
def test_formulas_are_exact_and_codes_need_not_be_python_names(text, result):
    values = {"B1": 2, "B2": 3, "09_1": 5, "01A": 3, "10": 7, "05": 4}
    assert compile_formula(text).evaluate(values) == result


def test_a_code_of_digits_is_a_code_where_the_form_has_it():
    assert compile_formula("10 + 1", frozenset({"10"})).names == ("10",)
    assert compile_formula("10 + 1").names == ()
    assert compile_formula("05 + 5").names == ("05",)


def test_decimals_stay_exact():
    assert (
        compile_formula("A + B == C").evaluate({"A": Decimal("0.1"), "B": Decimal("0.2"), "C": Decimal("0.3")}) is True
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "B1 +",
        "B1 ** 99",
        "B1 // 2",
        "__import__('os')",
        "B1.real",
        "B1[0]",
        "lambda: 1",
        "max",
        "max()",
        "abs(B1, B2)",
        "open(B1)",
        "B1 if B2 else 3",
        "(B1 := 3)",
        "[B1]",
        "B1; B2",
        "f'{B1}'",
        "B1 in B2",
        "max(*B1)",
        "9" * 30,
        "(" * 400 + "B1" + ")" * 400,
        "-" * 1500 + "B1",
        "B1+" * 900 + "B1",
    ],
)
def test_everything_else_is_refused_with_words(text):
    with pytest.raises(FormulaFault) as caught:
        compile_formula(text)
    assert str(caught.value).endswith("。")


@given(st.text(alphabet="AB1 +-*/()<>=andormxsu,.{}_0中", max_size=40))
def test_no_text_does_more_than_compile_or_be_refused(text):
    try:
        formula = compile_formula(text)
    except FormulaFault:
        return
    assert set(formula.names) <= set(text.replace("{", " ").replace("}", " ").split()) or formula.names


def test_the_printed_formulas_of_the_sheet(school):
    totals = {code: school[code].number for code in "BCDEF"}
    assert totals == {"B": 3_460_000, "C": 52, "D": 4_200_000, "E": 16, "F": 298}


def test_a_formula_blank_is_computed_whatever_was_given(shaanxi):
    leaves = {code: Value.of(1) for code in shaanxi.leaves}
    assert compute(shaanxi, leaves | {"B": Value.of(99)})["B"] == Value.of(6)


@pytest.mark.parametrize(
    ("parts", "total"),
    [
        ((Value.empty(), Value.empty(), Value.empty()), Value.empty()),
        ((Value.na(), Value.na(), Value.na()), Value.na()),
        ((Value.na(), Value.empty(), Value.na()), Value.empty()),
        ((Value.na(), Value.of(0), Value.empty()), Value.of(0)),
        ((Value.of(2), Value.of(3), Value.na()), Value.of(5)),
    ],
)
def test_sums_skip_what_is_not_filled_and_what_does_not_apply(shaanxi, parts, total):
    assert compute(shaanxi, dict(zip(("F1", "F2", "F3"), parts, strict=True)))["F"] == total


def test_a_quotient_wants_all_its_numbers(mini_raw):
    mini_raw["items"][7] |= {"formula": "01A / 05_1", "source": None}
    spec = load_spec(mini_raw)
    assert compute(spec, {"01A": Value.of(5), "05_1": Value.of(2)})["05"] == Value.of(3)
    assert compute(spec, {"01A": Value.of(5)})["05"] == Value.empty()
    assert compute(spec, {"01A": Value.of(5), "05_1": Value.of(0)})["05"] == Value.na()


def test_a_product_past_what_the_database_holds_is_no_number(mini_raw):
    mini_raw["items"][7] |= {"formula": "01A * 05_1", "source": None}
    spec, most = load_spec(mini_raw), 2**63 - 1
    assert compute(spec, {"01A": Value.of(1), "05_1": Value.of(most)})["05"] == Value.of(most)
    assert compute(spec, {"01A": Value.of(2), "05_1": Value.of(most)})["05"] == Value.na()


def test_yuan_and_wan_yuan_are_added_in_one_unit(mini_raw):
    mini_raw["items"][3] |= {"unit": "万元"}
    values = compute(load_spec(mini_raw), {"02A": Value.of(1_000_000), "02B": Value.of(100)})
    assert values["02"] == Value.of(1_000_100)


@given(st.lists(st.integers(min_value=0, max_value=10**13), min_size=6, max_size=6))
def test_a_sum_of_money_loses_no_cent(parts):
    leaves = {f"B{number}": Value.of(part) for number, part in enumerate(parts, 1)}
    assert compute(SHAANXI, leaves)["B"] == Value.of(sum(parts))


NUMBERS = {"A": 3, "01B": Fraction(7, 4), "09_1": 0, "05": 12}
ATOMS = st.sampled_from([(name, Fraction(number)) for name, number in NUMBERS.items()]) | st.decimals(
    min_value=0, max_value=999, places=2
).map(lambda number: (f"{number:f}", Fraction(number)))


def joined(pair):
    """Two expressions put together: as written, and the number that exact arithmetic gives."""
    (left, left_number), sign, (right, right_number) = pair
    number = {"+": left_number + right_number, "-": left_number - right_number, "*": left_number * right_number}[sign]
    return f"({left} {sign} {right})", number


@given(st.recursive(ATOMS, lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(joined), max_leaves=20))
def test_any_arithmetic_gives_the_exact_number(expression):
    text, number = expression
    assert compile_formula(text).evaluate(NUMBERS) == number
