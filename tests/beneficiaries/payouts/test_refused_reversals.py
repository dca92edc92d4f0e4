"""A wrong 冲正 proposal is refused with a reason; it never counted, and the right one can be proposed."""

import datetime

import pytest
from django.urls import reverse

from beneficiaries import actions
from beneficiaries.models import Payout, PayoutReversal
from relief.lib import clock
from tests.beneficiaries.payouts.conftest import DAY, fresh
from tests.beneficiaries.payouts.test_steps import to_paid
from tests.cast import log_in
from unions.models import AuditEvent
from unions.policy import Refused

WRONG = DAY + datetime.timedelta(days=5)


@pytest.fixture
def proposed(cast, till) -> PayoutReversal:
    payout = till.named()
    to_paid(cast, payout)
    return actions.propose_reversal(by=cast.cashier, payout=fresh(payout), reversed_on=WRONG, reason="重复发放")


def test_a_refused_proposal_leaves_room_for_the_right_one(cast, proposed):
    actions.refuse_reversal(by=cast.approver, reversal=proposed, why="冲正日期写错")
    assert (PayoutReversal.objects.count(), Payout.objects.counted().count()) == (0, 1)
    event = AuditEvent.objects.get(act="payout.refuse_reversal")
    assert (event.money, event.person, event.detail) == (
        True,
        cast.approver,
        {
            "number": proposed.payout.number,
            "on": WRONG.isoformat(),
            "proposer": cast.cashier.pk,
            "reason": "冲正日期写错",
        },
    )
    right = actions.propose_reversal(by=cast.cashier, payout=fresh(proposed.payout), reversed_on=DAY, reason="重复发放")
    actions.confirm_reversal(by=cast.approver, reversal=right)
    assert Payout.objects.counted().count() == 0


def test_what_is_confirmed_is_not_refused_any_more(cast, proposed):
    actions.confirm_reversal(by=cast.approver, reversal=proposed)
    with pytest.raises(Refused) as refusal:
        actions.refuse_reversal(by=cast.approver, reversal=proposed, why="冲正日期写错")
    assert (refusal.value.reason, PayoutReversal.objects.count()) == ("这笔冲正已经确认或退回过。", 1)


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        (" ", "退回冲正须写明原因（110 字以内）。"),
        ("卡号 6222020000000000000 不对", "原因里有证件号或卡号一类的号码。"),
    ],
)
def test_a_refusal_says_why_and_no_number(cast, proposed, why, sentence):
    with pytest.raises(Refused) as refusal:
        actions.refuse_reversal(by=cast.approver, reversal=proposed, why=why)
    assert (refusal.value.reason, PayoutReversal.objects.count()) == (sentence, 1)


def test_the_cashier_does_not_refuse(cast, proposed):
    with pytest.raises(Refused):
        actions.refuse_reversal(by=cast.cashier, reversal=proposed, why="冲正日期写错")


def test_the_approver_refuses_on_the_page(client, cast, proposed):
    page = reverse("payout_detail", args=[proposed.payout_id])
    log_in(client, cast.approver)
    assert client.get(page).content.decode().count("提得不对，退回冲正") == 1
    url = reverse("payout_reversal_refuse", args=[proposed.payout_id])
    assert client.post(url, {"why": ""}).context["refuse_form"].errors == {"why": ["请写明为什么退回这笔冲正。"]}
    answer = client.post(url, {"why": "冲正日期写错", "reversal": proposed.pk}, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert [str(told) for told in answer.context["messages"]] == ["已退回冲正，统计没有变；要冲正请重新提出。"]
    assert PayoutReversal.objects.count() == 0


@pytest.mark.parametrize("name", ["payout_reversal_confirm", "payout_reversal_refuse"])
def test_nobody_decides_on_a_reversal_other_than_the_one_on_the_page(client, cast, proposed, name):
    log_in(client, cast.approver)
    page = client.get(reverse("payout_detail", args=[proposed.payout_id])).content.decode()
    assert page.count(f'name="reversal" value="{proposed.pk}"') == 2
    payout, seen = proposed.payout, proposed.pk
    actions.refuse_reversal(by=cast.approver, reversal=proposed, why="冲正日期写错")
    now = actions.propose_reversal(by=cast.cashier, payout=payout, reversed_on=clock.today(), reason="重复发放")
    address = reverse(name, args=[payout.pk])
    for sent in ({"reversal": seen}, {}):
        assert client.post(address, {"why": "日期还是不对", **sent}).status_code == 409
    now.refresh_from_db()
    assert now.confirmed_at is None
