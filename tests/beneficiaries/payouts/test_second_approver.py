"""A threshold may ask for a second, different approver: both are recorded, and nothing is paid with one alone."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from beneficiaries import actions
from beneficiaries.actions.batch_steps import control
from beneficiaries.batches import page
from beneficiaries.enums import PayoutState, ThresholdWay
from beneficiaries.models import Payout
from beneficiaries.payouts import thresholds
from beneficiaries.payouts.rows import state_of, steps
from relief.lib import clock
from tests.beneficiaries.payouts.conftest import DAY, fresh, pairs
from tests.beneficiaries.payouts.test_batches import opened, states, step, workers
from tests.beneficiaries.payouts.test_steps import to_approved
from unions.actions import grant_post
from unions.enums import Role
from unions.models import AuditEvent, Person
from unions.policy import Refused, can


@pytest.fixture
def limit(cast):
    """Above 100 yuan a payout of the mill asks for two approvers."""
    return actions.set_threshold(
        by=cast.approver, union=cast.mill, per_payout=Decimal("100.00"), per_batch=None, origin="厂工会办法第八条",
        valid_from=datetime.date(2024, 1, 1), way=ThresholdWay.SECOND,
    )  # fmt: skip


@pytest.fixture
def second(cast):
    """A colleague of the approver at the same union."""
    person = Person.objects.create(name="纪文秀")
    grant_post(by=None, person=person, union=cast.mill, role=Role.APPROVE)
    return Person.objects.get(pk=person.pk)


def first_approved(till) -> Payout:
    """A payout that one approver has approved."""
    payout = till.named()
    to_approved(till.cast, payout)
    return fresh(payout)


def test_a_large_batch_is_approved_by_two_people_with_control_totals_at_both_hops(till, cast, limit, second):
    batch = opened(till)
    actions.add_recipients(by=cast.clerk, batch=batch, recipients=workers(2))
    step(actions.plan_batch, cast.clerk, batch, "plan")
    step(actions.review_batch, cast.reviewer, batch, "review")
    step(actions.approve_batch, cast.approver, batch, "approve")
    assert (states(batch), control(batch, "approve").count) == (["planned"] * 2, 0)
    assert (control(batch, "second").count, control(batch, "second").amount) == (2, Decimal("300.00"))
    step(actions.second_batch, second, batch, "second")
    rows = list(batch.payouts.order_by("pk"))
    assert [(row.state, row.approved_by, row.second_by) for row in rows] == [("approved", cast.approver, second)] * 2
    told = AuditEvent.objects.filter(act__in=("payout.approve", "payout.second")).order_by("pk")
    assert [(event.act, event.person_id, event.detail["count"], event.detail["fen"]) for event in told] == [
        ("payout.approve", cast.approver.pk, 2, 30000),
        ("payout.second", second.pk, 2, 30000),
    ]
    chain = page.chain(batch, page.lines_of(batch, by=cast.clerk, today=clock.today()).payouts)
    assert [(each["label"], each["state"]) for each in chain] == [
        ("制单", "done"), ("审核", "done"), ("审批", "done"), ("第二审批", "done"), ("发放", "current"),
    ]  # fmt: skip


def test_a_batch_sent_off_tells_what_was_settled_then(till, cast):
    """A threshold set after the sending off asks nobody, and an ended one still does: the pages say the same."""
    day, given = clock.today(), {"per_payout": Decimal("100.00"), "per_batch": None, "origin": "办法"}
    batch = opened(till)
    actions.add_recipients(by=cast.clerk, batch=batch, recipients=workers(1))
    step(actions.plan_batch, cast.clerk, batch, "plan")
    limit = actions.set_threshold(
        by=cast.approver, union=cast.mill, valid_from=datetime.date(2024, 1, 1), way=ThresholdWay.SECOND, **given
    )
    assert thresholds.sentences(list(batch.payouts.all()), day=day) == []
    later = opened(till, title="第二批")
    actions.add_recipients(by=cast.clerk, batch=later, recipients=workers(2)[1:])
    step(actions.plan_batch, cast.clerk, later, "plan")
    actions.end_threshold(by=cast.approver, threshold=limit)
    rows = list(later.payouts.all())
    assert thresholds.sentences(rows, day=day + datetime.timedelta(days=1)) == [
        "送审时超过审批限额，还要由第二位审批人审批，两位不能是同一个人。"
    ]


def test_a_batch_names_both_thresholds_it_passes(till, cast, limit):
    actions.set_threshold(
        by=cast.approver, union=cast.mill, per_payout=None, per_batch=Decimal("200.00"), origin="办法",
        valid_from=datetime.date(2024, 1, 1),
    )  # fmt: skip
    batch = opened(till)
    actions.add_recipients(by=cast.clerk, batch=batch, recipients=workers(2))
    lines = page.lines_of(batch, by=cast.clerk, today=clock.today()).payouts
    assert thresholds.sentences(lines, day=datetime.date(2024, 2, 1)) == [
        f"本批合计 300.00 元，超过审批限额 200.00 元，由上一级审批。依据：办法（{cast.mill.called}）。",
        f"单笔 150.00 元，超过审批限额 100.00 元，再由第二人审批。依据：厂工会办法第八条（{cast.mill.called}）。",
    ]


def test_no_earlier_hand_is_the_second_and_none_of_them_pays(till, cast, limit, second):
    payout = first_approved(till)
    for person in (cast.reviewer, cast.approver):
        with pytest.raises(Refused):
            actions.second_payouts(by=person, payouts=pairs(payout), key=f"k{person.pk}")
    with pytest.raises(Refused):
        actions.release_payouts(by=cast.cashier, payouts=pairs(payout), key="r")
    with pytest.raises(Refused):
        actions.settle_payouts(by=cast.cashier, payouts=pairs(payout), paid_on=DAY, key="s")
    with pytest.raises(Refused, match="正等第二人审批"):
        actions.approve_payouts(by=second, payouts=pairs(payout), key="a")
    grant_post(by=None, person=second, union=cast.mill, role=Role.PAY)
    both = Person.objects.get(pk=second.pk)
    actions.second_payouts(by=both, payouts=pairs(payout), key="b")
    refusal = can(both, "payout.settle", fresh(payout))
    assert (refusal.allowed, refusal.reason) == (
        False, "您已经办过这一件的前一步，“登记已发放”必须由另一个人办理（不相容岗位分离）。",
    )  # fmt: skip


def test_a_union_with_one_approver_asks_the_level_above(till, cast, limit):
    payout = first_approved(till)
    assert (payout.second_union, state_of(payout)[1]) == (cast.county, "待第二审批")
    assert Payout.objects.visible_to(cast.county_approver).filter(pk=payout.pk).exists()
    actions.second_payouts(by=cast.county_approver, payouts=pairs(payout), key="b")
    assert fresh(payout).state == PayoutState.APPROVED


def test_where_only_one_person_approves_nothing_is_sent_off(till, cast, limit):
    cast.county_approver.posts.filter(role=Role.APPROVE).delete()
    others = Person.objects.filter(posts__role=Role.APPROVE, posts__union__in=cast.mill.line_ids())
    for person in others.exclude(pk=cast.approver.pk):
        person.posts.filter(role=Role.APPROVE).delete()
    payout = till.named()
    with pytest.raises(Refused, match="没有第二位审批人"):
        actions.plan_payouts(by=cast.clerk, payouts=pairs(payout), key="p")
    assert fresh(payout).state == PayoutState.DRAFT


def test_the_second_may_send_it_back_and_everything_begins_anew(till, cast, limit, second):
    payout = first_approved(till)
    with pytest.raises(Refused):
        actions.return_payouts(by=cast.reviewer, payouts=pairs(payout), reason="金额待核")
    actions.return_payouts(by=second, payouts=pairs(payout), reason="金额待核")
    now = fresh(payout)
    assert (now.state, now.failure) == ("draft", "退回：金额待核")
    assert [now.approved_by, now.second_union, now.second_by, now.second_needed] == [None, None, None, False]


def test_the_page_shows_both_approvers(till, cast, limit, second):
    payout = first_approved(till)
    actions.second_payouts(by=second, payouts=pairs(payout), key="b")
    told = [(each["label"], each["state"], each["person"].split("，")[0]) for each in steps(fresh(payout))]
    assert told[2:] == [
        ("审批", "done", cast.approver.name), ("第二审批", "done", "纪文秀"), ("发放", "current", f"由{cast.mill.called}办理"),
    ]  # fmt: skip


def test_small_amounts_keep_one_approver(till, cast, limit):
    payout = till.named(lines=[{"source": "own_union", "route": "cash", "amount": Decimal("100.00"), "item": ""}])
    to_approved(cast, payout)
    assert (fresh(payout).state, fresh(payout).second_needed) == (PayoutState.APPROVED, False)


@pytest.mark.parametrize(
    "tamper",
    [
        {"state": PayoutState.APPROVED},
        {"state": PayoutState.PAID, "paid_on": DAY},
        {"second_by": "approver"},
        {"second_by": "reviewer"},
        {"second_by": "clerk"},
    ],
)
def test_the_database_holds_it_too(till, cast, limit, tamper):
    payout = first_approved(till)
    given = {name: getattr(cast, value) if name == "second_by" else value for name, value in tamper.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Payout.objects.filter(pk=payout.pk).update(**given)
    assert fresh(payout) == payout


def test_the_need_of_two_cannot_be_taken_away_unseen(till, cast, limit):
    payout = first_approved(till)
    Payout.objects.filter(pk=payout.pk).update(second_needed=False, state=PayoutState.APPROVED)
    with pytest.raises(Refused, match="完整性异常"):
        actions.settle_payouts(by=cast.cashier, payouts=pairs(payout), paid_on=DAY, key="s")
