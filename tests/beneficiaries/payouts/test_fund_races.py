"""Fifty approvals against a fund for ten: exactly ten get the money, and other unions are not held up or mixed in (T6)."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connections

from beneficiaries import actions
from beneficiaries.enums import PayoutState
from beneficiaries.funds import balances
from beneficiaries.models import Payout
from campaigns import actions as campaign_actions
from campaigns.balances import free
from campaigns.models import Allocation
from tests.beneficiaries.payouts.conftest import DAY, Till, line, make_till, pairs, raise_funds
from tests.cast import build
from unions.idempotency import new_key
from unions.models import AuditEvent
from unions.policy import Refused
from unions.verifiers import audit_chain

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
MANY, COVERED, ELSEWHERE = 50, 10, 5


@pytest.fixture
def till() -> Till:
    return make_till(build())


def at_once(acts) -> tuple[list[str], list[str]]:
    """Who got through and what the others were told; any other error fails the test."""
    answers, told, broken = [], [], []
    start = threading.Barrier(len(acts))

    def run(act) -> None:
        start.wait()
        try:
            answers.append(act())
        except Refused as refusal:
            told.append(refusal.reason)
        except Exception as fault:
            broken.append(repr(fault))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    return answers, told


def reviewed(till: Till, count: int, *, union, by, reviewer, source: str) -> list[Payout]:
    """Payouts of 100 元 that wait for approval; planned while there was money for all of them."""
    made = [
        till.named(union=union, by=by, id_number="", recipient="魏建国", lines=[line(source, "cash", "100.00")])
        for _ in range(count)
    ]
    actions.plan_payouts(by=by, payouts=pairs(*made), key=new_key())
    actions.review_payouts(by=reviewer, payouts=pairs(*made), key=new_key())
    return made


def approval(payout: Payout, by):
    seen = pairs(payout)
    return lambda: actions.approve_payouts(by=by, payouts=seen, key=new_key()) and payout.number


def test_fifty_approvals_against_a_fund_for_ten(till):
    cast = till.cast
    raise_funds(cast.mill, cast.clerk, "local", "1000.00")
    wrong = raise_funds(cast.mill, cast.clerk, "local", "4000.00")
    raise_funds(cast.museum, cast.museum_clerk, "local", "500.00")
    mine = reviewed(till, MANY, union=cast.mill, by=cast.clerk, reviewer=cast.reviewer, source="local")
    theirs = reviewed(
        till, ELSEWHERE, union=cast.museum, by=cast.museum_clerk, reviewer=cast.city_reviewer, source="local"
    )
    campaign_actions.reverse_funds(by=cast.clerk, funds=wrong, reason="金额录错", reversed_on=DAY)
    acts = [approval(payout, cast.approver) for payout in mine]
    acts += [approval(payout, cast.city_approver) for payout in theirs]
    answers, told = at_once(acts)
    approved = Payout.objects.filter(state=PayoutState.APPROVED)
    assert approved.filter(union=cast.mill).count() == COVERED
    assert approved.filter(union=cast.museum).count() == ELSEWHERE
    assert (len(answers), len(told)) == (COVERED + ELSEWHERE, MANY - COVERED)
    assert [reason.partition("：")[2].partition("，")[0] for reason in told] == ["市县财政可用 0.00 元"] * len(told)
    assert free([cast.mill.pk])[cast.mill.pk, "local"] == Decimal("0.00")
    assert AuditEvent.objects.filter(act="payout.approve", outcome="done").count() == COVERED + ELSEWHERE
    assert list(audit_chain()) == []


def test_the_same_money_is_not_allocated_and_approved(till):
    """Twenty hands on the last thousand of the county: allocations, returns and payouts take it once."""
    cast = till.cast
    raise_funds(cast.county, cast.county_clerk, "local", "1000.00")
    payouts = [
        till.named(id_number="", lines=[line("local", "cash", "600.00")], paid_from=cast.county) for _ in range(5)
    ]
    for payout in payouts:
        actions.plan_payouts(by=cast.clerk, payouts=pairs(payout), key=new_key())
        actions.review_payouts(by=cast.reviewer, payouts=pairs(payout), key=new_key())

    def down():
        from_county = {"by": cast.county_clerk, "giver": cast.county, "receiver": cast.mill, "campaign": None}
        return campaign_actions.record_allocation(
            **from_county, source="local", amount=Decimal("600.00"), allocated_on=DAY
        )

    answers, told = at_once([*[approval(payout, cast.approver) for payout in payouts], *[down] * 5])
    assert (len(answers), len(told)) == (1, 9)
    assert free([cast.county.pk])[cast.county.pk, "local"] == Decimal("400.00")
    assert Allocation.objects.count() + Payout.objects.filter(state=PayoutState.APPROVED).count() == 1
    assert balances.balances([cast.county.pk])[cast.county.pk]["local"].balance >= Decimal("400.00")
