"""A step goes to a union where somebody may really take it: typists and the reviewer do not count (R-09)."""

import pytest

from beneficiaries import actions
from beneficiaries.enums import PayoutState
from beneficiaries.models import Payout
from relief.lib import clock
from tests.beneficiaries.payouts.conftest import DAY, fresh, line, pairs
from unions.models import Person


def only_at_the_mill(cast, role: str, person: Person) -> None:
    """The person is the only one of the mill in the role."""
    cast.mill.posts.filter(role=role).delete()
    person.posts.create(union=cast.mill, role=role, granted_at=clock.db_now())
    person.__dict__.pop("_posts_now", None)


def taken_over(cast, till) -> Payout:
    """A draft that the second clerk typed and the clerk changed."""
    payout = till.draft(by=cast.second_clerk)
    actions.change_payout(
        by=cast.clerk, payout=payout, version=1, campaign=till.campaign, planned_on=DAY, relief_group="dossier_holder",
        purpose="medical", lines=[line("central", "card", "301.00")], dossier=till.dossier,
    )  # fmt: skip
    return fresh(payout)


@pytest.mark.parametrize(
    ("role", "place"), [("review", "review_union"), ("approve", "approve_union"), ("pay", "pay_union")]
)
def test_a_step_moves_up_where_only_an_earlier_typist_holds_the_post(cast, till, role, place):
    only_at_the_mill(cast, role, cast.second_clerk)
    payout = taken_over(cast, till)
    actions.plan_payouts(by=cast.clerk, payouts=pairs(payout), key="a")
    assert getattr(fresh(payout), place) == cast.county


def test_an_approval_moves_up_where_only_the_reviewer_holds_the_post(cast, till):
    only_at_the_mill(cast, "approve", cast.reviewer)
    payout = till.draft()
    actions.plan_payouts(by=cast.clerk, payouts=pairs(payout), key="a")
    assert fresh(payout).approve_union == cast.mill
    actions.review_payouts(by=cast.reviewer, payouts=pairs(payout), key="b")
    assert fresh(payout).approve_union == cast.county
    actions.approve_payouts(by=cast.county_approver, payouts=pairs(payout), key="c")
    assert fresh(payout).state == PayoutState.APPROVED
