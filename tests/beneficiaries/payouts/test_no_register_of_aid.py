"""A clerk who types a stranger's number learns nothing of what other unions gave; who decides about it does (D19)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from beneficiaries.actions import draft_payout, plan_payouts, review_payouts
from beneficiaries.models import FundRule
from beneficiaries.payouts.facts import findings_of, for_checking
from relief.lib import clock
from tests.beneficiaries.payouts.conftest import DAY, fresh, line, number_of, pairs
from tests.cast import log_in
from unions.idempotency import new_key
from unions.policy import Refused

NUMBER = number_of(77)


@pytest.fixture
def given_elsewhere(till):
    """The school has given 3,800 元 to somebody; a yearly cap of 4,000 元 holds."""
    FundRule.objects.filter(key="cap_per_year").update(valid_to=None, parameters={"yuan": "4000.00"})
    cast = till.cast
    there = draft_payout(
        by=cast.school_clerk, union=cast.school, campaign=till.campaign, planned_on=DAY, relief_group="festival_duty",
        purpose="relief_visit", recipient="魏建国", id_number=NUMBER, reason="春节值守",
        lines=[line("own_union", "cash", "3800.00")],
    )  # fmt: skip
    plan_payouts(by=cast.school_clerk, payouts=pairs(there), key=new_key())
    return there


def typed(till, amount="300.00", **more):
    return till.named(id_number=NUMBER, lines=[line("own_union", "cash", amount)], **more)


def told(payout, **more):
    row = for_checking().get(pk=payout.pk)
    found = findings_of([row], today=clock.today(), **more)[payout.pk]
    return [finding.key for finding in found if finding.key in ("same_household", "cap_per_year")]


def test_a_stranger_s_number_tells_the_clerk_nothing(client, till, given_elsewhere):
    payout = typed(till)
    log_in(client, till.cast.clerk)
    for page in (reverse("payout_edit", args=[payout.pk]), f"{reverse('payout_step', args=['plan'])}?p={payout.pk}"):
        shown = client.get(page).content.decode()
        assert [word in shown for word in (till.cast.school.name, "3,800", "4,100", "每人每年")] == [False] * 4
    plan_payouts(by=till.cast.clerk, payouts=pairs(payout), key=new_key())
    for page in ("payout_detail", "payout_edit"):
        assert till.cast.school.name not in client.get(reverse(page, args=[payout.pk])).content.decode()


def test_nor_does_the_file_of_somebody_else(till, given_elsewhere):
    assert (
        told(typed(till, dossier=till.dossier, recipient="魏建国", purpose="medical", relief_group="dossier_holder"))
        == []
    )


def test_who_reviews_it_is_told_and_stopped(client, till, given_elsewhere):
    payout = typed(till)
    plan_payouts(by=till.cast.clerk, payouts=pairs(payout), key=new_key())
    with pytest.raises(Refused) as refusal:
        review_payouts(by=till.cast.reviewer, payouts=pairs(payout), key=new_key())
    assert [word in refusal.value.reason for word in (till.cast.school.name, "超过每人每年 4,000.00 元")] == [
        True,
        True,
    ]
    log_in(client, till.cast.reviewer)
    shown = client.get(f"{reverse('payout_step', args=['review'])}?p={payout.pk}").content.decode()
    assert "超过每人每年 4,000.00 元" in shown
    assert fresh(payout).reviewed_by is None


def test_what_the_own_union_gave_still_counts_at_once(till):
    FundRule.objects.filter(key="cap_per_year").update(valid_to=None, parameters={"yuan": "4000.00"})
    first = typed(till, "3800.00", reason="春节值守")
    plan_payouts(by=till.cast.clerk, payouts=pairs(first), key=new_key())
    assert told(typed(till, "300.00", purpose="living")) == ["cap_per_year"]
