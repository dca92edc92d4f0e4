"""The sum of the assessment at its boundaries, and the standard and rule it uses."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries import actions
from beneficiaries.assessing import classrules
from beneficiaries.assessing.assessment import CLASS_2X, Inputs, Parameters, assess, faults
from beneficiaries.dossiers.intake import Faults
from beneficiaries.models import ClassRule, DossierPeriod, SubsistenceStandard
from relief.lib import clock
from tests.beneficiaries import households as made
from unions.policy import Refused

RULE = Parameters.read(CLASS_2X)
L = Decimal("780")
money = st.decimals(min_value=0, max_value=10_000_000, places=2)
persons = st.integers(min_value=1, max_value=51)


@given(persons, money, money, st.decimals(min_value=1, max_value=5000, places=2))
def test_deep_is_below_the_standard_and_relative_up_to_twice(n, income, rigid, standard):
    outcome = assess(Inputs(n, income, rigid), RULE, standard)
    yearly, line = income - rigid, standard * 12 * n
    expected = "deep" if yearly < line else "relative" if yearly <= 2 * line else "none"
    assert outcome.result == expected


@given(persons, st.decimals(min_value=1, max_value=5000, places=2))
def test_the_lines_themselves(n, standard):
    line = standard * 12 * n
    cent = Decimal("0.01")
    results = [
        assess(Inputs(n, income), RULE, standard).result for income in (line - cent, line, 2 * line, 2 * line + cent)
    ]
    assert results == ["deep", "relative", "relative", "none"]


@given(persons, money, money, money)
def test_the_cost_of_working_never_makes_a_household_deep(n, income, rigid, job):
    plain, with_job = assess(Inputs(n, income, rigid), RULE, L), assess(Inputs(n, income, rigid, job), RULE, L)
    assert (plain.result == "deep") == (with_job.result == "deep")


@given(money, money)
def test_the_hint_of_accidental_hardship_begins_above_four_fifths(income, loss):
    outcome = assess(Inputs(3, income, accidental_loss=loss), RULE, L)
    assert outcome.accidental_hint == (loss * 100 > income * 80)


def test_the_sentence_names_the_sum_and_the_distance():
    assert [
        assess(Inputs(4, Decimal("109560"), Decimal("74480")), RULE, L).sentence,
        assess(Inputs(2, Decimal("36000"), Decimal("0"), Decimal("1200")), RULE, L).sentence,
        assess(Inputs(1, Decimal("60000")), RULE, L).sentence,
        assess(Inputs(1, Decimal("18720")), RULE, L).sentence,
    ] == [
        "（109,560.00 − 74,480.00）÷ 12 ÷ 4 = 730.83 元，低于低保标准 780.00 元，差 49.17 元，属深度困难。",
        "（36,000.00 − 0.00 − 必要就业成本 1,200.00）÷ 12 ÷ 2 = 1,450.00 元，不超过低保标准的 2 倍 1,560.00 元，差 110.00 元，属相对困难。",
        "（60,000.00 − 0.00）÷ 12 ÷ 1 = 5,000.00 元，超过低保标准的 2 倍 1,560.00 元，多 3,440.00 元，不符合。",
        "（18,720.00 − 0.00）÷ 12 ÷ 1 = 1,560.00 元，不超过低保标准的 2 倍 1,560.00 元，差距不足 1 分或正好相等，属相对困难。",
    ]


def test_wrong_inputs_are_named():
    assert faults(Inputs(0, Decimal("-1"))) == {
        "persons": "家庭人口应是 1 至 51 人，请填写共同生活的人数。",
        "yearly_income": "年可支配收入不能是负数，没有就填 0。",
    }


def test_the_rule_stands_in_the_database(db):
    rule = ClassRule.objects.get(key="class_2x", version=1)
    assert rule.parameters == CLASS_2X
    assert str(rule) == "全国标准（2 倍线） 第 1 版"


def test_the_nearest_standard_of_the_year_holds(mill, county, province):
    SubsistenceStandard.objects.create(union=province, year=2025, monthly=Decimal("700"))
    SubsistenceStandard.objects.create(union=county, year=2025, monthly=Decimal("750"))
    SubsistenceStandard.objects.create(union=province, year=2026, monthly=Decimal("760"))
    assert classrules.standard_for(mill, 2025).monthly == Decimal("750")
    assert classrules.standard_for(mill, 2026).monthly == Decimal("760")
    assert classrules.standard_for(mill, 2027).words == (
        "云岭省教科文卫体工会委员会 2026 年低保标准 760.00 元/人·月（2027 年的标准还没有登记，沿用 2026 年）"
    )


def test_a_missing_standard_is_said(cast, clerk, mill):
    dossier = made.draft(clerk, mill)
    with pytest.raises(Refused) as refusal:
        made.assess(clerk, dossier)
    assert (
        refusal.value.reason
        == f"青岬县第一中学工会及其上级工会都没有登记 {clock.today().year} 年的低保标准，不能测算。"
    )


@pytest.fixture
def standard(county):
    return SubsistenceStandard.objects.create(union=county, year=clock.today().year, monthly=L)


def test_an_override_needs_a_reason_and_keeps_the_result(standard, clerk, mill):
    dossier = made.draft(clerk, mill)
    with pytest.raises(Faults) as faults:
        made.assess(clerk, dossier, income="200000", override="accidental")
    assert faults.value.errors == {"override_reason": "人工认定要写明理由；测算结果仍会保留在旁边。"}
    row = made.assess(clerk, dossier, income="200000", rigid="0", override="accidental", override_reason="火灾后的损失")
    dossier.refresh_from_db()
    assert (row.result, row.override, dossier.hardship_class) == ("none", "accidental", "accidental")


def test_a_new_class_of_an_active_file_goes_through_the_chain_again(standard, cast):
    active = made.walk(cast, made.draft(cast.clerk, cast.mill))
    made.assess(cast.clerk, active, income="109560", rigid="60000")
    active.refresh_from_db()
    assert (active.state, active.hardship_class, active.reviewed_by) == ("applied", "relative", None)
    last = DossierPeriod.objects.filter(dossier=active, valid_to__isnull=True).get()
    assert (last.state, last.hardship_class) == ("applied", "relative")


def test_an_active_file_that_is_no_longer_eligible_keeps_its_class_until_it_leaves(standard, cast):
    active = made.walk(cast, made.draft(cast.clerk, cast.mill))
    made.assess(cast.clerk, active, income="900000", rigid="0")
    active.refresh_from_db()
    assert (active.state, active.hardship_class) == ("active", "deep")


def test_only_filers_of_the_union_assess(standard, cast, clerk, mill, school_clerk):
    dossier = made.draft(clerk, mill)
    with pytest.raises(Refused) as refusal:
        made.assess(school_clerk, dossier)
    assert refusal.value.reason == "“困难评估”由青岬县第一中学工会的填报办理，您在该工会没有这个岗位。"


def test_a_standard_is_registered_by_its_union(cast, mill):
    row = actions.set_standard(by=cast.reviewer, union=mill, year=2026, monthly=Decimal("810.50"))
    assert (row.union, row.year, row.monthly) == (mill, 2026, Decimal("810.50"))
    with pytest.raises(Faults) as faults:
        actions.set_standard(by=cast.reviewer, union=mill, year=2026, monthly=Decimal("0"))
    assert faults.value.errors == {"monthly": "月标准应大于 0 元、小于 10 万元，请核对单位。"}
