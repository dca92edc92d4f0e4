"""Which payouts stand at which stage of their way, as conditions: the list and its export ask the same."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from beneficiaries.enums import PayoutState
from beneficiaries.models import Payout, PayoutReversal
from unions.models import Person
from unions.policy import ACTS

NOT_REVIEWED = Q(reviewed_by__isnull=True)
RETURNS = {"review": "payout.return_review", "second": "payout.return_second"}
STAGE: dict[str, Q] = {
    "draft": Q(state=PayoutState.DRAFT),
    "to_review": Q(state=PayoutState.PLANNED) & NOT_REVIEWED,
    "to_approve": Q(state=PayoutState.PLANNED, approved_by__isnull=True) & ~NOT_REVIEWED,
    "to_second": Q(state=PayoutState.PLANNED, approved_by__isnull=False),
    "approved": Q(state=PayoutState.APPROVED),
    "released": Q(state=PayoutState.RELEASED),
    "paid": Q(state=PayoutState.PAID, taken_back=False),
    "failed": Q(state=PayoutState.FAILED),
    "reversed": Q(taken_back=True),
}


def waits_for(payout: Payout) -> str:
    """Who decides next about a payout that was sent off: review, approve or second; "" in every other state."""
    if payout.state != PayoutState.PLANNED:
        return ""
    if payout.reviewed_by_id is None:
        return "review"
    return "approve" if payout.approved_by_id is None else "second"


def return_act(payout: Payout) -> str:
    """The act that sends the payout back to its enterer: it belongs to who would decide next."""
    return RETURNS.get(waits_for(payout), "payout.return_approve")


def act_of(step: str, payout: Payout) -> str:
    """The act on a payout behind a step of its batch."""
    return return_act(payout) if step == "return" else f"payout.{step}"


def is_routed_to(person: Person, step: str, payout: Payout) -> bool:
    """Whether the person holds the post at the union that takes this step of this payout."""
    act = ACTS.get(act_of(step, payout))
    return act is not None and getattr(payout, act.at) in person.union_ids(act.roles)


def with_reversal(payouts: QuerySet[Payout]) -> QuerySet[Payout]:
    """Each payout with whether a confirmed reversal took it back, as `taken_back`."""
    confirmed = PayoutReversal.objects.filter(payout=OuterRef("pk"), confirmed_at__isnull=False)
    return payouts.annotate(taken_back=Exists(confirmed))
