"""Every rule as data with a payout that passes and one that fails; the rules of several unions together; what a reason leaves."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from beneficiaries import actions
from beneficiaries.enums import RuleState
from beneficiaries.models import FundRule, RuleOverride
from beneficiaries.payouts.facts import findings_of, for_checking
from beneficiaries.payouts.overrides import override_rows
from beneficiaries.payouts.rules_in_force import in_force, rows_in_force
from beneficiaries.rules import CHECKS, HINT, REFUSE, WARN, DossierFacts, LineFacts, PayoutFacts, Rule, check
from beneficiaries.rules.catalogue import CATALOGUE
from campaigns.enums import FundSource
from tests.beneficiaries.payouts.conftest import DAY, fresh, line, number_of, open_dossier, pairs
from tests.beneficiaries.payouts.test_steps import to_approved, to_planned

FINANCE = frozenset({"central", "province"})
ALL = frozenset()
OPENED = datetime.date(2023, 6, 12)
DOSSIER = DossierFacts("G1-0001", OPENED, True, "在档", OPENED)
PLENTY = {source: Decimal(100_000) for source in FundSource.values}
YUAN = {"yuan": "3000.00"}


def money(amount="300.00", source="central", route="card", item="") -> LineFacts:
    return LineFacts(source, route, Decimal(amount), item)


GOOD = PayoutFacts(DAY, "medical", (money(),), DOSSIER, available=PLENTY, self_paid=Decimal("5000.00"))


def but(**changes) -> PayoutFacts:
    return replace(GOOD, **changes)


def paid(*lines: LineFacts, **changes) -> PayoutFacts:
    return but(lines=lines, **changes)


def living(amount: str, before: str = "0", **changes) -> PayoutFacts:
    facts = {"purpose": "living", "totals": {("living", "central"): Decimal(before)}, "standard": Decimal("250.00")}
    return paid(money(amount), **{**facts, **changes})


def study(amount: str, **changes) -> PayoutFacts:
    return paid(money(amount), **{"purpose": "study", "standard": Decimal("250.00"), **changes})


# key, sources, parameters, effect, a payout that passes, one that fails, the severity it then has
EXAMPLES = [
    ("dossier_required", FINANCE, {}, REFUSE, GOOD, but(dossier=None), REFUSE),
    ("dossier_required", FINANCE, {}, REFUSE, paid(money(source="own_union"), dossier=None), but(dossier=None), REFUSE),
    ("dossier_required", FINANCE, {}, REFUSE, GOOD, but(dossier=replace(DOSSIER, active=False)), REFUSE),
    ("dossier_required", FINANCE, {}, REFUSE, GOOD, but(dossier=replace(DOSSIER, opened_on=DAY)), REFUSE),
    ("dossier_age", FINANCE, {"months": 12}, HINT, GOOD, but(day=datetime.date(2024, 6, 12)), HINT),
    ("dossier_age", FINANCE, {"months": 6}, REFUSE, but(day=datetime.date(2023, 12, 11)), GOOD, REFUSE),
    ("route_allowed", FINANCE, {"routes": ["card"]}, REFUSE, GOOD, paid(money(route="cash")), REFUSE),
    (
        "route_allowed",
        FINANCE,
        {"routes": ["card", "passbook"]},
        REFUSE,
        paid(money(route="passbook")),
        paid(money(route="goods", item="米")),
        REFUSE,
    ),
    ("real_name", FINANCE, {}, REFUSE, GOOD, but(has_id=False), REFUSE),
    ("real_name", FINANCE, {}, REFUSE, GOOD, paid(money(source="own_union"), id_fault="末位不对。"), WARN),
    (
        "member_required",
        frozenset({"central"}),
        {},
        REFUSE,
        but(farmer_worker=True, union_member=True),
        but(farmer_worker=True, union_member=False),
        REFUSE,
    ),
    (
        "member_required",
        frozenset({"central"}),
        {"unknown": "warn"},
        REFUSE,
        paid(money(source="province"), farmer_worker=True, union_member=False),
        but(farmer_worker=True),
        WARN,
    ),
    (
        "purpose_allowed",
        FINANCE,
        {"purposes": ["living", "medical"]},
        REFUSE,
        GOOD,
        but(purpose="relief_visit"),
        REFUSE,
    ),
    (
        "banned_goods",
        ALL,
        {"words": ["购物卡"], "whole": ["酒"]},
        REFUSE,
        paid(money(route="goods", item="酒精")),
        paid(money(route="goods", item="超市购物卡")),
        REFUSE,
    ),
    ("procurement", ALL, {}, WARN, GOOD, paid(money(route="goods", item="棉被")), WARN),
    ("card_number", ALL, {}, WARN, GOOD, but(card_fault="卡号末位不符。"), WARN),
    ("funds_cover", ALL, {}, WARN, GOOD, but(available={"central": Decimal("299.99")}), WARN),
    ("funds_cover", ALL, {}, REFUSE, but(available={"central": Decimal("300")}), but(available={}), REFUSE),
    ("same_household", ALL, {}, WARN, GOOD, but(others=("青岬县实验小学工会",)), WARN),
    ("one_per_purpose", ALL, {}, WARN, GOOD, but(again=("FF-2024-000001",)), WARN),
    (
        "one_per_purpose",
        FINANCE,
        {},
        REFUSE,
        paid(money(source="other"), again=("FF-1",)),
        but(again=("FF-1",)),
        REFUSE,
    ),
    ("sign_off", ALL, {}, HINT, GOOD, paid(money(route="cash")), HINT),
    ("case_decision", ALL, YUAN, WARN, paid(money("3000.00")), paid(money("3000.01")), WARN),
    ("cap_per_contact", ALL, YUAN, WARN, paid(money("3000.00")), paid(money("2000"), money("1000.01")), WARN),
    ("cap_per_contact", FINANCE, YUAN, REFUSE, paid(money("9000", "own_union")), paid(money("3000.01")), REFUSE),
    (
        "cap_per_year",
        ALL,
        {"yuan": "6000.00"},
        WARN,
        but(year_total={"central": Decimal("5700.00")}),
        but(year_total={"central": Decimal("5700.01")}),
        WARN,
    ),
    (
        "cap_per_household",
        ALL,
        {"yuan": "6000.00"},
        REFUSE,
        but(totals={("living", "central"): Decimal("5000"), ("medical", "own_union"): Decimal("700")}),
        but(totals={("living", "central"): Decimal("5000"), ("medical", "own_union"): Decimal("700.01")}),
        REFUSE,
    ),
    (
        "cap_per_year",
        FINANCE,
        {"yuan": "6000.00"},
        WARN,
        but(year_total={"own_union": Decimal(9000)}),
        but(year_total={"province": Decimal("5700.01")}),
        WARN,
    ),
    (
        "cap_per_household",
        FINANCE,
        {"yuan": "6000.00"},
        REFUSE,
        but(totals={("living", "own_union"): Decimal(9000)}),
        but(totals={("living", "province"): Decimal("5700.01")}),
        REFUSE,
    ),
    (
        "cap_living",
        FINANCE,
        {"months": 12},
        REFUSE,
        but(purpose="living", standard=Decimal(250), totals={("living", "own_union"): Decimal(9000)}),
        but(purpose="living", standard=Decimal(250), totals={("living", "province"): Decimal("2700.01")}),
        REFUSE,
    ),
    (
        "cap_per_purpose",
        ALL,
        {"purposes": {"living": "1000.00"}},
        REFUSE,
        but(totals={("medical", "central"): Decimal(90_000)}),
        living("0.01", "1000.00"),
        REFUSE,
    ),
    ("cap_living", FINANCE, {"months": 12}, REFUSE, living("2999.99", "0.01"), living("3000.00", "0.01"), REFUSE),
    ("cap_living", FINANCE, {"months": 12}, REFUSE, living("99999", standard=None), living("3000.01"), REFUSE),
    ("cap_medical", FINANCE, {}, REFUSE, paid(money("5000.00")), paid(money("5000.01")), REFUSE),
    ("cap_medical", FINANCE, {"missing": "warn"}, REFUSE, GOOD, but(self_paid=None), WARN),
    ("cap_study", FINANCE, {"months": 10}, REFUSE, study("5000.00", students=2), study("2500.01"), REFUSE),
    ("cap_study", FINANCE, {"months": 10, "yuan": "100.00"}, REFUSE, study("1000"), study("1000.01"), REFUSE),
]


@pytest.mark.parametrize(("key", "sources", "parameters", "effect", "passing", "failing", "severity"), EXAMPLES)
def test_a_payout_passes_and_another_fails(key, sources, parameters, effect, passing, failing, severity):
    rule = Rule(key, effect, "依据一", sources, parameters, 7)
    assert check(passing, [rule]) == []
    (finding, *more) = check(failing, [rule])
    assert (finding.key, finding.severity, finding.rule, more) == (key, severity, 7, [])
    assert finding.sentence.endswith("依据：依据一。")


def test_every_rule_has_an_example_words_and_a_check():
    assert {each[0] for each in EXAMPLES} == set(CHECKS) == set(CATALOGUE)


def test_the_hardest_of_several_unions_speaks():
    """The county asks for less than the province: both are said once, by the one that stops."""
    rules = [
        Rule("cap_per_contact", WARN, "省标准", ALL, {"yuan": "200.00"}),
        Rule("cap_per_contact", REFUSE, "县标准", ALL, {"yuan": "250.00"}),
    ]
    assert [(finding.severity, finding.sentence) for finding in check(GOOD, rules)] == [
        (REFUSE, "本次 300.00 元，超过每人次 250.00 元。依据：县标准。")
    ]


# ---------------------------------------------------------------- which version holds


def standing(key, scope, version=1, **more) -> FundRule:
    given = {
        "effect": "refuse",
        "origin": f"第 {version} 版",
        "valid_from": datetime.date(2024, 1, 1),
        "issuer": "某工会",
    }
    return FundRule.objects.create(key=key, scope=scope, version=version, **{**given, **more})


def origins(union, key, on=DAY, campaign=None) -> list[str]:
    rows = FundRule.objects.filter(key=key).select_related("campaign__issuer")
    return [rule.origin for rule in in_force(rows, campaign, on, union.line_ids())]


def test_a_union_below_makes_a_rule_harder_and_never_softer(cast):
    (shipped,) = origins(cast.mill, "route_allowed")
    standing("route_allowed", cast.county, origin="县里另加", parameters={"routes": ["card"]})
    assert origins(cast.mill, "route_allowed") == [shipped, "县里另加"]
    assert origins(cast.museum, "route_allowed") == [shipped]
    standing("route_allowed", cast.province, origin="省里定", parameters={"routes": ["card"]})
    assert origins(cast.mill, "route_allowed") == ["省里定", "县里另加"]
    assert origins(cast.museum, "route_allowed") == ["省里定"]


def test_the_newest_confirmed_version_of_the_day_holds(cast):
    standing("cap_per_contact", cast.county, 1, parameters=YUAN)
    standing("cap_per_contact", cast.county, 2, parameters=YUAN, valid_from=DAY)
    standing("cap_per_contact", cast.county, 3, parameters=YUAN, state=RuleState.PROPOSED)
    assert origins(cast.mill, "cap_per_contact", DAY - datetime.timedelta(days=1)) == ["第 1 版"]
    assert origins(cast.mill, "cap_per_contact") == ["第 2 版"]
    standing("cap_per_contact", cast.county, 4, effect="off", valid_from=DAY)
    assert origins(cast.mill, "cap_per_contact") == []


def test_a_campaign_speaks_instead_of_its_issuer_and_beside_those_below(till, cast):
    standing("cap_per_contact", cast.province, parameters=YUAN, origin="省里常年")
    standing("cap_per_contact", cast.county, parameters=YUAN, origin="县里常年")
    FundRule.objects.create(
        key="cap_per_contact", campaign=till.campaign, effect="warn", origin="这次活动", parameters=YUAN, valid_from=DAY
    )
    assert origins(cast.mill, "cap_per_contact", campaign=till.campaign.pk) == ["这次活动", "县里常年"]
    assert origins(cast.mill, "cap_per_contact") == ["省里常年", "县里常年"]


def test_every_shipped_rule_names_who_issued_it(cast):
    rows = FundRule.objects.filter(campaign=None, scope=None)
    assert {row.key for row in rows} == set(CHECKS)
    assert [row.key for row in rows if not row.issuer or not row.origin] == []
    assert [row.key for row in rows_in_force(rows, None, DAY) if CATALOGUE[row.key].protects] == [
        "banned_goods",
        "dossier_required",
        "purpose_allowed",
        "real_name",
        "route_allowed",
    ]


# ---------------------------------------------------------------- from the database to the finding


def test_what_stands_in_the_database_reaches_the_rules(till, cast):
    """Member, bills, students, the age of the file and the second payout of a household, all asked at once."""
    FundRule.objects.filter(key="dossier_age").update(effect="warn", parameters={"months": 6})
    FundRule.objects.filter(key="one_per_purpose").update(effect="refuse")
    till.dossier.assessments.update(assessed_at=datetime.datetime(2023, 6, 13, tzinfo=datetime.UTC))
    first = till.draft(basis={"self_paid": Decimal("300.00"), "union_member": True}, traits=["farmer_worker"])
    assert told(till, first) == ["dossier_age"]
    actions.change_payout(
        by=cast.clerk, payout=first, version=first.version, campaign=till.campaign, planned_on=OPENED.replace(month=11),
        relief_group="dossier_holder", purpose="medical", dossier=till.dossier, lines=[line("central", "card", "300.00")],
    )  # fmt: skip
    first = fresh(first)
    assert (first.union_member, first.self_paid) == (True, "300.00")
    to_planned(cast, first)
    again = till.draft(basis={"self_paid": Decimal("299.99"), "union_member": False}, traits=["farmer_worker"])
    assert told(till, again) == ["cap_medical", "member_required", "one_per_purpose", "dossier_age"]
    other = open_dossier(cast.mill, cast.clerk, "秦岚", 31)
    assert told(till, till.draft(dossier=other, purpose="study", basis={"students": 2})) == ["dossier_age"]


def told(till, payout) -> list[str]:
    from_db = findings_of(list(for_checking().filter(pk=payout.pk)), today=DAY)
    return [finding.key for finding in from_db[payout.pk]]


def test_two_payouts_of_one_step_count_each_other(till, cast):
    """Split in two, the same household is over its cap and down twice."""
    FundRule.objects.filter(key="cap_per_household").update(valid_to=None, parameters={"yuan": "500.00"})
    basis = {"self_paid": Decimal("900.00")}
    days = (DAY, DAY.replace(day=17))
    both = [till.draft(planned_on=on, basis=basis) for on in days]
    rows = list(for_checking().filter(pk__in=[each.pk for each in both]))
    together, alone = findings_of(rows, today=DAY), findings_of(rows, today=DAY, together=False)
    assert [[finding.key for finding in together[each.pk]] for each in both] == [
        ["cap_per_household", "one_per_purpose"]
    ] * 2
    assert [alone[each.pk] for each in both] == [[], []]


def test_a_reason_is_kept_with_the_rule_it_answers(till, cast):
    payout = till.named(lines=[line("employer", "cash", "100.00")], reason="厂里 2 月拨付", id_number=number_of(9))
    to_approved(cast, payout)
    (row,) = RuleOverride.objects.filter(payout=payout)
    assert (row.rule.key, row.step, row.reason, row.made_by) == (
        "funds_cover",
        "payout.plan",
        "厂里 2 月拨付",
        cast.clerk,
    )
    assert row.sentence.startswith("行政拨付可用 0.00 元，这一笔要 100.00 元，少 100.00 元")
    (shown,) = override_rows(payout)
    assert (shown.rule, shown.step, shown.by) == ("资金足额", "送审", "何晓芸")
    assert RuleOverride.objects.visible_to(cast.reviewer).count() == 1
    assert RuleOverride.objects.visible_to(cast.stranger).count() == 0
    actions.settle_payouts(by=cast.cashier, payouts=pairs(payout), paid_on=DAY, key="s")
    assert RuleOverride.objects.filter(payout=payout).count() == 1
