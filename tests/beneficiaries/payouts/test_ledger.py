"""The ledger closes: whatever is paid, taken from the county and reversed, what came in is what went out and is left."""

from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beneficiaries import actions
from beneficiaries.funds import balances
from beneficiaries.models import FundRule, Payout, PayoutLine
from beneficiaries.payouts.facts import findings_of, for_checking
from beneficiaries.payouts.rules_in_force import in_force
from beneficiaries.verifiers import payouts as verifiers_payouts
from campaigns.models import Allocation
from relief.lib import clock
from tests.beneficiaries.payouts.conftest import DAY, fresh, line, number_of, open_dossier, pairs, raise_funds
from tests.beneficiaries.payouts.test_steps import to_approved, to_paid, to_planned
from unions.policy import Refused

SOURCES = ("own_union", "donation")


def found(name: str) -> list[tuple[str, str]]:
    return [(each.row, each.message) for each in getattr(verifiers_payouts, name)()]


payments = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from(SOURCES), st.integers(1, 500_000)), min_size=1, max_size=3),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payments)
def test_what_came_in_is_paid_or_left(till, cast, given_payments):
    before = balances.balances([cast.mill.pk, cast.county.pk])
    left = defaultdict(Decimal)
    for lines, from_county, taken_back in given_payments:
        payout = till.named(
            id_number="",
            recipient="魏建国",
            reason="补录",
            lines=[line(source, "cash", str(Decimal(fen) / 100)) for source, fen in lines],
            paid_from=cast.county if from_county else None,
        )
        to_approved(cast, payout)
        cashier = cast.county_cashier if from_county else cast.cashier
        actions.settle_payouts(by=cashier, payouts=pairs(payout), paid_on=DAY, key=f"settle-{payout.pk}")
        if taken_back:
            reversal = actions.propose_reversal(by=cashier, payout=fresh(payout), reversed_on=DAY, reason="退回")
            actions.confirm_reversal(by=cast.approver, reversal=reversal)
            continue
        for source, fen in lines:
            left[cast.county.pk if from_county else cast.mill.pk, source] -= Decimal(fen) / 100
    after = balances.balances([cast.mill.pk, cast.county.pk])
    for union in (cast.mill, cast.county):
        for source in SOURCES:
            started = before[union.pk].get(source, balances.Funds()).balance
            ended = after[union.pk].get(source, balances.Funds()).balance
            assert ended == started + left[union.pk, source]
    assert found("payout_allocation") == found("payout_seal") == found("payout_lines") == found("payout_index") == []


def test_verify_is_clean_and_names_what_was_altered(till, cast):
    good, bad = till.named(1), till.draft(paid_from=cast.county, reason="县里补足")
    to_approved(cast, good, bad)
    actions.release_payouts(by=cast.county_cashier, payouts=pairs(bad), key="a")
    actions.settle_payouts(by=cast.county_cashier, payouts=pairs(bad), paid_on=DAY, key="b")
    checks = ("payout_seal", "payout_lines", "payout_index", "payout_allocation", "fund_balance", "fund_rules")
    raise_funds(cast.county, cast.county_clerk, "central")
    assert [found(check) for check in checks] == [[]] * 6
    PayoutLine.objects.filter(payout=bad).update(amount=Decimal("301.00"))
    assert found("payout_seal") == [(bad.number, "发放的对象、金额或账号与审批时不一致")]
    assert found("payout_allocation") == [(bad.number, "出资工会的拨付与发放金额不符")]
    PayoutLine.objects.filter(payout=bad).update(amount=Decimal("300.00"))
    Payout.objects.filter(pk=good.pk).update(id_index="0" * 64)
    assert found("payout_index") == [(good.number, "身份证号与去重索引不符")]
    PayoutLine.objects.filter(payout=good).delete()
    assert found("payout_lines") == [(good.number, "发放没有款物")]
    Allocation.objects.all().delete()
    assert found("payout_allocation") == [(bad.number, "出资工会的拨付与发放金额不符")]
    FundRule.objects.filter(key="real_name").delete()
    assert found("fund_rules") == [("real_name", "资金规则缺失或已停用")]


def test_a_silent_overdraft_is_found(till, cast):
    to_paid(cast, till.named(1, lines=[line("employer", "cash", "100.00")], reason="厂里 2 月拨付"))
    assert found("fund_balance") == []
    Payout.objects.update(reason="")
    assert found("fund_balance") == [("G1", "行政拨付余额为负，且没有写明原因")]


def test_a_warning_needs_a_written_reason(till, cast):
    payout = till.named(1, lines=[line("employer", "cash", "100.00")])
    with pytest.raises(Refused) as refusal:
        to_planned(cast, payout)
    assert refusal.value.reason == (
        f"发放 {payout.number} 须写明原因：行政拨付可用 0.00 元，这一笔要 100.00 元，少 100.00 元："
        "减少金额，或写明何时补足。依据：资金足额使用要求。"
    )


def test_the_second_payout_of_a_group_counts_the_first(till, cast):
    first, second = (till.named(n, lines=[line("own_union", "cash", "6000.00")]) for n in (1, 2))
    payouts = list(for_checking().filter(pk__in=[first.pk, second.pk]))
    told = findings_of(payouts, today=clock.today())
    assert [[each.key for each in told[payout.pk] if each.severity == "warn"] for payout in payouts] == [
        ["funds_cover"]
    ] * 2
    assert [each.key for each in findings_of(payouts[:1], today=clock.today())[payouts[0].pk]] == ["sign_off"]


def test_the_same_household_at_two_unions_is_told(till, cast):
    theirs = till.draft(
        [line("own_union", "cash", "100.00")],
        by=cast.school_clerk,
        union=cast.school,
        dossier=None,
        recipient="唐志远",
        id_number=number_of(1),
        purpose="living",
        reason="学校会费 2 月到账",
    )
    actions.plan_payouts(by=cast.school_clerk, payouts=pairs(theirs), key="k")
    payout = for_checking().get(pk=till.draft(purpose="living").pk)
    assert [each.sentence for each in findings_of([payout], today=clock.today())[payout.pk]] == [
        "同一户在本活动、同一用途已由青岬县实验小学工会登记发放，请先与对方核对。依据：防止重复救助。"
    ]


@pytest.mark.parametrize("state", ["draft", "applied", "reviewed", "out_of_hardship", "closed"])
def test_central_money_needs_an_active_dossier_at_release(till, cast, state):
    payout = till.draft()
    to_approved(cast, payout)
    till.dossier.periods.update(state=state)
    type(till.dossier).objects.filter(pk=till.dossier.pk).update(state=state)
    with pytest.raises(Refused) as refusal:
        actions.release_payouts(by=cast.cashier, payouts=pairs(payout), key="k")
    label = fresh(payout).dossier.get_state_display()
    assert refusal.value.reason == (
        f"发放 {payout.number}：中央财政资金先建档、后帮扶：档案 G1-0001 是“{label}”，发放时须已在档。"
        "依据：《通知》四（二）先建档、后帮扶。"
    )


def test_a_dossier_opened_on_the_day_is_too_late_when_it_is_paid(till, cast):
    late = open_dossier(cast.mill, cast.clerk, "秦岚", 31, opened_on=DAY)
    payout = till.draft(dossier=late, planned_on=DAY.replace(day=20))
    to_approved(cast, payout)
    actions.release_payouts(by=cast.cashier, payouts=pairs(payout), key="a")
    with pytest.raises(Refused):
        actions.settle_payouts(by=cast.cashier, payouts=pairs(payout), paid_on=DAY, key="b")
    actions.settle_payouts(by=cast.cashier, payouts=pairs(payout), paid_on=DAY.replace(day=17), key="c")
    assert fresh(payout).state == "paid"


def test_a_campaign_overrules_the_general_rule(till, cast):
    FundRule.objects.create(
        key="route_allowed",
        campaign=till.campaign,
        sources=["central"],
        parameters={"routes": ["card", "passbook"]},
        effect="refuse",
        origin="市工会补充通知",
        valid_from=DAY,
    )
    rules = {rule.key: rule for rule in in_force(FundRule.objects.all(), till.campaign.pk, DAY)}
    assert rules["route_allowed"].parameters == {"routes": ["card", "passbook"]}
    assert {"cap_per_contact", "cap_per_year", "cap_per_household", "case_decision"} & set(rules) == set()
    before = {rule.key: rule for rule in in_force(FundRule.objects.all(), till.campaign.pk, DAY.replace(day=1))}
    assert before["route_allowed"].parameters == {"routes": ["card"]}
