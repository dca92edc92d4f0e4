"""Many people at once, with real threads and connections (T6, R-32): one release, one draft, one reversal."""

import threading
from decimal import Decimal

import pytest
from django.db import connections

from beneficiaries import actions
from beneficiaries.enums import PayoutState
from beneficiaries.models import Payout
from tests.beneficiaries.payouts.conftest import DAY, fresh, line, make_till, pairs, raise_funds
from tests.beneficiaries.payouts.test_steps import to_approved, to_paid
from tests.cast import build
from unions.models import AuditEvent
from unions.policy import Refused

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
MANY, ELSEWHERE = 20, 5


@pytest.fixture
def till():
    return make_till(build())


def at_once(act, many: int = MANY) -> tuple[list, list[str]]:
    """What the threads got, and what they were told; any other error fails the test."""
    answers, told, broken = [], [], []
    start = threading.Barrier(many)

    def run(number: int) -> None:
        start.wait()
        try:
            answers.append(act(number))
        except Refused as refusal:
            told.append(refusal.reason)
        except Exception as fault:
            broken.append(repr(fault))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    return answers, told


def _elsewhere(till) -> list[Payout]:
    """Payouts of the museum that wait for the cashier of their city."""
    cast = till.cast
    raise_funds(cast.museum, cast.museum_clerk, "own_union")
    made = [
        till.named(
            150 + at,
            [line("own_union", "card", "100.00")],
            union=cast.museum,
            by=cast.museum_clerk,
            card_number="6222020000000000000",
            bank="云岭银行望海支行",
        )
        for at in range(ELSEWHERE)
    ]
    actions.plan_payouts(by=cast.museum_clerk, payouts=pairs(*made), key="plan")
    actions.review_payouts(by=cast.city_reviewer, payouts=pairs(*made), key="review")
    actions.approve_payouts(by=cast.city_approver, payouts=pairs(*made), key="approve")
    return made


def test_twenty_releases_are_one_while_another_union_pays(till):
    """Twenty hands on one line, and among them five releases of another union: one of the twenty, and all five."""
    payout, others = till.draft(), _elsewhere(till)
    to_approved(till.cast, payout)
    seen, theirs = pairs(payout), [pairs(other) for other in others]
    cashier, of_the_city = till.cast.cashier, till.cast.city_cashier

    def act(n: int) -> tuple[str, str]:
        if n < MANY:
            return "here", actions.release_payouts(by=cashier, payouts=seen, key=f"click-{n}")
        return "there", actions.release_payouts(by=of_the_city, payouts=theirs[n - MANY], key=f"there-{n}")

    answers, told = at_once(act, MANY + ELSEWHERE)
    here = [receipt for place, receipt in answers if place == "here"]
    assert (len(here), len(answers) - len(here), len(told)) == (1, ELSEWHERE, MANY - 1)
    assert (fresh(payout).state, fresh(payout).receipt) == (PayoutState.RELEASED, here[0])
    assert {fresh(other).state for other in others} == {PayoutState.RELEASED}
    assert AuditEvent.objects.filter(act="payout.release", outcome="done").count() == 1 + ELSEWHERE


def test_twenty_clicks_on_one_page_get_one_receipt(till):
    payout = till.draft()
    to_approved(till.cast, payout)
    seen = pairs(payout)
    cashier = till.cast.cashier
    answers, told = at_once(lambda n: actions.release_payouts(by=cashier, payouts=seen, key="one-page"))
    assert (len(answers), len(set(answers)), told) == (MANY, 1, [])
    assert AuditEvent.objects.filter(act="payout.release").count() == 1


def test_twenty_drafts_for_one_person_are_one(till):
    answers, told = at_once(lambda n: till.draft())
    assert (len(answers), Payout.objects.count()) == (1, 1)
    assert set(told) == {"同一个人在同一活动、同一天、同一用途已经有一笔发放（2024-01-16，医疗救助），不能重复发放。"}


def test_twenty_confirmations_of_a_reversal_are_one(till):
    payout = till.named()
    to_paid(till.cast, payout)
    reversal = actions.propose_reversal(by=till.cast.cashier, payout=fresh(payout), reversed_on=DAY, reason="重复发放")
    approver = till.cast.approver
    answers, told = at_once(lambda n: actions.confirm_reversal(by=approver, reversal=reversal))
    assert (len(answers), set(told)) == (1, {"这笔冲正已经确认过。"})


def test_twenty_second_approvals_are_one_and_never_the_first_approvers(till):
    cast = till.cast
    actions.set_threshold(
        by=cast.approver, union=cast.mill, per_payout=Decimal("100.00"), per_batch=None, origin="办法", valid_from=DAY,
        way="second",
    )  # fmt: skip
    payout = till.named()
    to_approved(cast, payout)
    seen, hands = pairs(payout), (cast.approver, cast.county_approver)
    answers, told = at_once(lambda n: actions.second_payouts(by=hands[n % 2], payouts=seen, key=f"k{n}"))
    assert (len(answers), len(told)) == (1, MANY - 1)
    now = fresh(payout)
    assert (now.state, now.approved_by, now.second_by) == (PayoutState.APPROVED, *hands)


def test_approval_and_return_at_once_leave_one_of_them(till):
    payout = till.named()
    actions.plan_payouts(by=till.cast.clerk, payouts=pairs(payout), key="a")
    actions.review_payouts(by=till.cast.reviewer, payouts=pairs(payout), key="b")
    seen, approver = pairs(payout), till.cast.approver

    def act(n: int):
        if n % 2:
            return actions.approve_payouts(by=approver, payouts=seen, key=f"k{n}")
        return actions.return_payouts(by=approver, payouts=seen, reason="金额待核") or "returned"

    answers, _ = at_once(act)
    assert len(answers) == 1
    now = fresh(payout)
    assert (now.state, bool(now.approved_mac)) in ((PayoutState.APPROVED, True), (PayoutState.DRAFT, False))
