import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.checks import check_printed_formulas, rounding_gaps, run_checks
from reporting.formulas import compute
from reporting.rounding import printed_numbers, shown_texts
from reporting.spec import load_spec
from reporting.values import Value
from tests.reporting.pure.conftest import read_form

SUM_OF_ROUNDED = load_spec(read_form("fixtures/forms/shaanxi-2024.json") | {"rounding": "sum_of_rounded"})


def told(findings):
    return [(finding.severity.value, finding.kind.value, finding.codes, finding.message) for finding in findings]


def test_the_filed_sheet_needs_one_explanation(shaanxi, school):
    assert told(run_checks(shaanxi, school)) == [
        (
            "ask",
            "within",
            ("D", "B"),
            "D 发放 4.20 万元，多于 B 筹集 3.46 万元。如有上年结转或上级拨入，请说明。",
        )
    ]


def test_a_required_blank_that_is_open_is_refused(shaanxi, school):
    first = run_checks(shaanxi, compute(shaanxi, school | {"F3": Value.empty()}))[0]
    assert (first.key, first.severity, first.codes) == ("required:F3", "refuse", ("F3",))
    assert first.message == "“提供其他生活保障服务”还没有填。没有发生请填 0；本单位不涉及请填“—”。"


def test_people_without_money_are_asked_about(shaanxi, school):
    findings = run_checks(shaanxi, compute(shaanxi, school | {"D9": Value.of(100)}))
    assert told(findings)[1] == (
        "ask",
        "within",
        ("C9", "D9"),
        "C9 慰问对象填了 0 人次，D9 发放款物填了 0.00 万元：两项应当都是 0 或者都大于 0。请改正，或说明原因。",
    )


def test_memo_lines_may_not_pass_the_total(shaanxi, school):
    findings = run_checks(shaanxi, compute(shaanxi, school | {"J1": Value.of(60), "J2": Value.of(5)}))
    assert [finding.key for finding in findings] == ["paid_within_raised", "memo_j1"]


def test_a_check_waits_for_all_its_numbers(shaanxi, school):
    values = compute(shaanxi, school | {"C9": Value.na(), "D9": Value.of(100)})
    assert [finding.key for finding in run_checks(shaanxi, values)] == ["paid_within_raised"]


def test_a_difference_in_words_adds_up_when_print_would_round_it(shaanxi, school):
    values = compute(shaanxi, school | {"D4": Value.of(345_600)})
    findings = run_checks(shaanxi, values, {"D4": Value.of(200_000)})
    assert [finding.message for finding in findings if finding.kind == "ledger"] == [
        "填了 0.3456 万元，台账 0.20 万元，多 0.1456 万元。请写明原因，或改回台账数。"
    ]


def test_a_difference_to_the_records_is_told_until_it_is_explained(shaanxi, school):
    values = compute(shaanxi, school | {"D4": Value.of(400_000), "B": Value.of(0)})
    records = {"D4": Value.of(200_000), "C5": Value.of(6), "A": Value.of(2), "C6": Value.of(0)}
    findings = [finding for finding in run_checks(shaanxi, values, records) if finding.kind == "ledger"]
    assert told(findings) == [
        ("refuse", "ledger", ("A",), "填的是“不适用”，台账有 2 家。请写明原因，或改回台账数。"),
        (
            "refuse",
            "ledger",
            ("D4",),
            "填了 0.40 万元，台账 0.20 万元，多 0.20 万元。请写明原因，或改回台账数。",
        ),
    ]
    settled = run_checks(shaanxi, values, records, explained={"A", "D4"})
    assert [finding.kind.value for finding in settled] == ["within"]


def test_a_difference_below_the_printed_places_is_told_with_all_its_places(shaanxi, school):
    values = compute(shaanxi, school | {"D4": Value.of(200_050)})
    findings = run_checks(shaanxi, values, {"D4": Value.of(200_000)})
    assert findings[0].message == ("填了 0.20005 万元，台账 0.20 万元，多 0.00005 万元。请写明原因，或改回台账数。")


def test_a_part_may_not_exceed_its_whole(mini, mini_values):
    values = compute(mini, mini_values | {"01A1": Value.of(1300)})
    assert told(run_checks(mini, values)) == [
        (
            "refuse",
            "within",
            ("01A1", "01A"),
            "“其中深度困难家庭”1,300 户，不能大于“建立档案的困难职工家庭”1,200 户。",
        )
    ]


def test_an_open_optional_number_is_a_hint(mini, mini_values):
    assert told(run_checks(mini, mini_values)) == [
        ("hint", "required", ("01A1",), "“其中深度困难家庭”没有填，不按 0 计。")
    ]


def test_the_check_of_the_small_form_compares(mini, mini_values):
    values = compute(mini, mini_values | {"01A1": Value.of(1), "05": Value.of(1), "05_1": Value.of(2)})
    assert [finding.message for finding in run_checks(mini, values)] == [
        "05 服务 1 人次，少于开展活动 2 场次，请核实。"
    ]


def test_a_complete_list_without_a_formula_is_checked(mini_raw, mini_values):
    mini_raw["items"][2] |= {"formula": None, "printed_formula": None}
    mini = load_spec(mini_raw)
    values = compute(mini, mini_values | {"01A1": Value.of(1), "02": Value.of(100_00)})
    assert [finding.message for finding in run_checks(mini, values)] == [
        "02 应等于 02A+02B = 123,457.28，填的是 100.00。"
    ]


def test_a_broken_printed_formula_is_refused_with_both_numbers(shaanxi, school):
    given_figures = school | {"B": Value.of(3_400_000)}
    assert told(check_printed_formulas(shaanxi, given_figures)) == [
        ("refuse", "formula", ("B", "B1", "B2", "B3", "B4", "B5", "B6"), "B 应等于 B1+…+B6 = 3.46，填的是 3.40。")
    ]
    assert check_printed_formulas(shaanxi, school) == []


def test_a_total_rounded_on_paper_is_right_but_not_when_stored(shaanxi, school):
    leaves = school | {"B1": Value.of(1_234), "B": Value.of(3_460_000)}
    assert check_printed_formulas(shaanxi, leaves) == []
    assert [finding.message for finding in check_printed_formulas(shaanxi, leaves, to_the_cent=True)] == [
        "B 应等于 B1+…+B6 = 3.461234，填的是 3.46。"
    ]


def test_a_total_where_nothing_can_be_summed_is_told_as_empty(shaanxi):
    assert [finding.message for finding in check_printed_formulas(shaanxi, {"F": Value.of(3)})] == [
        "F 应等于 F1+F2+F3 = 空，填的是 3。"
    ]


@pytest.fixture
def thirds(shaanxi):
    """Three lines of 33.33 元, each printed 0.00 万元, together 0.01."""
    return compute(shaanxi, {f"B{number}": Value.of(3_333) for number in range(1, 4)})


def test_the_gap_between_printed_lines_and_total_is_told(shaanxi, thirds):
    assert [tuple(map(str, gap)) for gap in rounding_gaps(shaanxi, thirds)] == [("B", "0.01", "0.00")]


def test_a_form_may_print_the_sum_of_the_rounded_lines(thirds):
    spec = SUM_OF_ROUNDED
    assert shown_texts(spec, thirds)["B"] == "0.00"
    assert rounding_gaps(spec, thirds) == []


@given(st.lists(st.integers(min_value=0, max_value=10**12), min_size=11, max_size=11))
def test_printed_lines_add_up_to_the_printed_total_when_the_form_says_so(parts):
    spec = SUM_OF_ROUNDED
    numbers = printed_numbers(spec, compute(spec, {f"D{n}": Value.of(part) for n, part in enumerate(parts, 1)}))
    assert numbers["D"] == sum(numbers[f"D{n}"] for n in range(1, 12))
