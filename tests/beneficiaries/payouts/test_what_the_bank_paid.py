"""What the bank really paid can always be recorded; what a rule says on that day is kept beside it."""

import datetime

import pytest

from beneficiaries import actions
from beneficiaries.enums import PayoutState
from beneficiaries.models import FundRule, RuleOverride
from relief.lib import clock
from tests.beneficiaries.payouts.conftest import DAY, fresh, pairs
from tests.beneficiaries.payouts.test_steps import to_approved, to_released
from unions.policy import Refused


def paid() -> datetime.date:
    return clock.today() - datetime.timedelta(days=1)


@pytest.fixture
def cap(db):
    """A cap of 100 yuan per contact that comes into force between release and payment."""
    return FundRule.objects.create(
        key="cap_per_contact", version=7, sources=[], parameters={"yuan": "100.00"}, effect="refuse",
        origin="新办法", issuer="省总工会", valid_from=paid(),
    )  # fmt: skip


def test_a_rule_of_the_day_of_payment_does_not_stop_the_record_of_it(cast, till, cap):
    payout = till.draft()
    with clock.as_of(clock.db_now() - datetime.timedelta(days=2)):
        to_released(cast, payout)
    actions.settle_payouts(by=cast.cashier, payouts=pairs(payout), paid_on=paid(), key="k")
    assert (fresh(payout).state, fresh(payout).paid_on) == (PayoutState.PAID, paid())
    kept = list(RuleOverride.objects.values_list("payout", "rule", "step", "reason", "sentence"))
    sentence = "本次 300.00 元，超过每人次 100.00 元。依据：新办法。"
    assert kept == [(payout.pk, cap.pk, "payout.settle", "出账以后银行已付款，如实登记。", sentence)]


def test_a_day_before_the_release_is_asked_about_like_any_other(cast, till, cap):
    before = DAY + datetime.timedelta(days=2)
    FundRule.objects.filter(pk=cap.pk).update(valid_from=before, valid_to=before)
    payout = till.draft()
    to_released(cast, payout)
    with pytest.raises(Refused) as refusal:
        actions.settle_payouts(by=cast.cashier, payouts=pairs(payout), paid_on=before, key="k")
    assert refusal.value.reason == f"发放 {payout.number}：本次 300.00 元，超过每人次 100.00 元。依据：新办法。"
    assert fresh(payout).state == PayoutState.RELEASED


def test_a_warning_about_a_day_before_the_release_asks_for_no_reason_that_nobody_can_write(cast, till, cap):
    before = DAY + datetime.timedelta(days=2)
    FundRule.objects.filter(pk=cap.pk).update(valid_from=before, valid_to=before, effect="warn")
    payout = till.draft()
    to_released(cast, payout)
    actions.settle_payouts(by=cast.cashier, payouts=pairs(payout), paid_on=before, key="k")
    kept = list(RuleOverride.objects.values_list("rule", "reason"))
    assert (fresh(payout).state, kept) == (PayoutState.PAID, [(cap.pk, "出账以后银行已付款，如实登记。")])


def test_cash_that_is_handed_out_by_the_union_stays_under_the_rules(cast, till, cap):
    payout = till.named()
    to_approved(cast, payout)
    with pytest.raises(Refused) as refusal:
        actions.settle_payouts(by=cast.cashier, payouts=pairs(payout), paid_on=paid(), key="k")
    assert refusal.value.reason == f"发放 {payout.number}：本次 150.00 元，超过每人次 100.00 元。依据：新办法。"
    assert fresh(payout).state == PayoutState.APPROVED
