"""Assessing line by line: sums, exclusions, other rules for reference, and which rule decides."""

from decimal import Decimal

import pytest
from django.urls import reverse

from beneficiaries import actions
from beneficiaries.assessing import classrules, classtests, income
from beneficiaries.assessing.assessment import CLASS_2X, EXCLUSIONS, Inputs, Parameters, assess
from beneficiaries.dossiers.intake import Faults
from beneficiaries.models import Assessment, AssessmentLines, ClassRule, SubsistenceStandard
from relief.lib import clock
from tests.beneficiaries import households as made
from tests.cast import log_in
from unions.policy import Refused

RULE = Parameters.read(CLASS_2X | {"exclusions": EXCLUSIONS})
L = Decimal("780")


def verdicts(key: str, persons: int = 1, **amounts: str) -> dict[str, bool]:
    rule = ClassRule.objects.get(key=key)
    given = {name: Decimal(value) for name, value in amounts.items()}
    return {one.result: one.holds for one in classtests.verdicts(rule.parameters, given, persons, L)}


def test_a_ticked_exclusion_refuses_whatever_the_sum_says():
    outcome = assess(Inputs(4, Decimal("109560"), Decimal("74480")), RULE, L, ["two_homes"])
    assert (outcome.computed, outcome.result) == ("deep", "none")
    assert outcome.sentence.endswith("属深度困难。但有不予建档情形：有两套及以上住房，按规定不予建档。")


def test_the_steps_say_the_whole_calculation():
    inputs = Inputs(2, Decimal("36000"), Decimal("0"), Decimal("1200"))
    assert assess(inputs, RULE, L).steps == (
        "全家一年可支配收入 36,000.00 元。",
        "减去一年刚性支出 0.00 元，余 36,000.00 元。",
        "除以 12 个月、2 口人，人均每月 1,500.00 元。",
        "深度困难线：人均每月低于低保标准 780.00 元。本户不符合。",
        "再减去一年必要就业成本 1,200.00 元，人均每月 1,450.00 元。",
        "相对困难线：人均每月不超过低保标准的 2 倍 1,560.00 元。本户符合。",
        "按收入测算：相对困难。",
        "不予建档情形逐项核对，均否。",
    )


def test_an_empty_wage_takes_the_registered_month_twelve_times():
    earners = [income.Earner("holder", "户主", Decimal("6850")), income.Earner("7", "薛*梅（妻子）", None)]
    lines = income.income_lines(earners, {"7": Decimal("25200")}, {"transfer": Decimal("2160"), "other": None})
    assert [income.sentence(line) for line in lines] == [
        "户主 工资 6,850.00 × 12 = 82,200.00",
        "薛*梅（妻子） 工资 25,200.00",
        "全家 转移净收入 2,160.00",
    ]
    assert (income.total(lines, "income"), income.opened(income.stored(lines))) == (Decimal("109560"), lines)


@pytest.mark.parametrize(
    ("key", "amounts", "expected"),
    [
        ("class_150", {"income": "9000", "rigid": "0"}, ["低保户", "低保边缘户", "意外致困户"]),
        ("class_150", {"income": "14040", "rigid": "4680"}, ["低保边缘户", "意外致困户"]),
        ("class_150", {"income": "20000", "rigid": "15000"}, ["意外致困户"]),
        ("class_150", {"income": "40000", "rigid": "35000", "savings": "4000"}, ["意外致困户"]),
        ("class_150", {"income": "40000", "rigid": "35000", "savings": "9000"}, []),
        ("accident_50", {"income": "10000", "loss": "5000"}, []),
        ("accident_50", {"income": "10000", "loss": "5000.01"}, ["意外致困"]),
        ("study_3x", {"income": "28080", "rigid": "16128"}, ["可申请助学"]),
        ("study_3x", {"income": "28080", "rigid": "16127.99"}, []),
        ("civil_rigid", {"income": "10000", "rigid": "8000"}, ["刚性支出困难家庭"]),
        ("civil_border", {"income": "14040", "rigid": "1"}, ["扣除医疗、教育、康复、灾害支出后属低保边缘家庭"]),
    ],
)
def test_the_rules_for_reference_at_their_limits(db, key, amounts, expected):
    rule = ClassRule.objects.get(key=key)
    given = {name: Decimal(value) for name, value in amounts.items()}
    found = [one.result for one in classtests.verdicts(rule.parameters, given, 1, L) if one.holds]
    assert (list(dict.fromkeys(found)), rule.decides) == (expected, False)


def test_the_national_rule_with_its_exclusions_decides(db):
    rule = classrules.rule_on(clock.today())
    assert (rule.key, rule.version, rule.parameters["exclusions"]) == ("class_2x", 2, EXCLUSIONS)


@pytest.fixture
def standard(county):
    return SubsistenceStandard.objects.create(union=county, year=clock.today().year, monthly=L)


def test_a_union_adopts_a_rule_for_itself_and_below(standard, cast):
    below = ClassRule.objects.get(key="class_2x_below", union=None)
    adopted = actions.adopt_rule(by=cast.county_approver, union=cast.county, rule=below)
    today = clock.today()
    assert (classrules.rule_on(today, cast.mill), classrules.rule_on(today, cast.city).key) == (adopted, "class_2x")
    dossier = made.draft(cast.clerk, cast.mill)
    assert made.assess(cast.clerk, dossier, income="18720", rigid="0", persons=1).result == "none"
    with pytest.raises(Refused):
        actions.adopt_rule(by=cast.clerk, union=cast.mill, rule=below)
    with pytest.raises(Refused):
        actions.adopt_rule(by=cast.approver, union=cast.mill, rule=ClassRule.objects.get(key="civil_rigid"))


def test_an_exclusion_needs_what_was_found_and_an_override_its_reason(standard, clerk, mill):
    dossier = made.draft(clerk, mill)
    with pytest.raises(Faults) as faults:
        made.assess(clerk, dossier, exclusions=["two_cars"])
    assert faults.value.errors == {"exclusion_note": "勾选了不予建档情形，请写明核实的情况和依据。"}
    row = made.assess(clerk, dossier, exclusions=["two_cars"], exclusion_note="车管所查询")
    dossier.refresh_from_db()
    assert (row.result, row.exclusions, dossier.hardship_class) == ("none", ["two_cars"], "none")
    made.assess(
        clerk,
        dossier,
        exclusions=["two_cars"],
        exclusion_note="一辆已报废",
        override="deep",
        override_reason="一辆已报废，正在注销",
    )
    dossier.refresh_from_db()
    assert dossier.hardship_class == "deep"


def form_of(dossier, **typed) -> dict:
    return {"version": dossier.version, "persons": "4", **typed}


def test_the_page_adds_up_lines_and_keeps_them_sealed(standard, client, clerk, mill):
    dossier = made.draft(clerk, mill)
    url = reverse("dossier_assess", args=[dossier.pk])
    typed = form_of(dossier, wages_holder="82200", transfer="2160", less_medical="50000", less_schooling="24480")
    assert log_in(client, clerk).post(url, typed).status_code == 302
    row = Assessment.objects.get()
    # the wife's registered 2,100.00 a month stands in for her empty box
    assert (row.yearly_income, row.rigid_expenses, row.result) == (Decimal("109560"), Decimal("74480"), "deep")
    assert len(AssessmentLines.objects.get().body) == 5
    masked = client.get(reverse("dossier_detail", args=[dossier.pk])).content.decode()
    assert ("5 项明细已遮蔽" in masked, "50,000.00" in masked) == (True, False)
    looked = {"purpose": "verify", "reason": "核对收入"}
    full = client.post(reverse("household_unmask", args=[dossier.pk]), looked).content.decode()
    assert "全家 医疗自付 50,000.00 元" in full


def test_the_page_takes_a_bare_total_and_asks_when_there_is_nothing(standard, client, clerk, mill):
    dossier = made.draft(clerk, mill, name="独居", id_number=made.number(1981, 7))
    url = reverse("dossier_assess", args=[dossier.pk])
    empty = log_in(client, clerk).post(url, form_of(dossier))
    assert (empty.status_code, "请填写各人工资和其他收入，或直接填合计。" in empty.content.decode()) == (422, True)
    assert client.post(url, form_of(dossier, yearly_income="12000", persons="1")).status_code == 302
    assert (Assessment.objects.get().yearly_income, AssessmentLines.objects.count()) == (Decimal("12000"), 0)


def test_the_page_of_standards_shows_the_rule_and_lets_the_approver_change_it(standard, client, cast):
    page = log_in(client, cast.county_approver).get(reverse("standards"))
    assert "全国标准（2 倍线） 第 2 版" in page.content.decode()
    rule = ClassRule.objects.get(key="class_2x_below", union=None)
    assert client.post(reverse("class_rule_adopt"), {"rule": rule.pk}).status_code == 302
    assert classrules.rule_on(clock.today(), cast.county).key == "class_2x_below"
