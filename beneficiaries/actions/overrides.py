"""Going on although a rule asked for a reason: what was said and what was answered is kept beside the payout."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from beneficiaries.enums import PayoutState
from beneficiaries.models import Payout, RuleOverride
from beneficiaries.rules import REFUSE, WARN, Finding
from relief.lib import clock
from unions.models import Person

Place = tuple[int, int, str, str]
ALREADY_PAID = "出账以后银行已付款，如实登记。"
"""The reason of what the bank has paid: nobody goes past a rule by saying what happened."""


def keep_overrides(
    *,
    by: Person,
    step: str,
    payouts: Sequence[Payout],
    findings: Mapping[int, Sequence[Finding]],
    at: datetime.datetime,
) -> None:
    """Write down what a step went past, with the reason given; the same one is not written twice.

    That is each warning, and for what the bank has already paid also what would have been refused.

    Call it inside the transaction of the step, whose audit row covers it.
    """
    wanted: dict[Place, RuleOverride] = {}
    for payout in payouts:
        for finding in findings[payout.pk]:
            reason = _reason(payout, finding)
            if reason and finding.rule:
                row = RuleOverride(
                    payout_id=payout.pk, rule_id=finding.rule, step=step, sentence=finding.sentence[:400],
                    reason=reason, made_by=by, made_at=at,
                )  # fmt: skip
                wanted[_place(row)] = row
    if not wanted:
        return
    known = RuleOverride.objects.filter(payout__in={payout_id for payout_id, *_ in wanted})
    for row in known:
        wanted.pop(_place(row), None)
    RuleOverride.objects.bulk_create(wanted.values(), batch_size=500)


def stands(payout: Payout) -> bool:
    """Whether the bank paid it after it was released: what happened is recorded, the rules were asked at the release.

    A day before the release was not asked about then, so the rules decide on it as on any other.
    """
    if payout.state != PayoutState.RELEASED or payout.paid_on is None or payout.released_at is None:
        return False
    return payout.paid_on >= clock.day_of(payout.released_at)


def _reason(payout: Payout, finding: Finding) -> str:
    """Why the step went on; empty where there is nothing to write down."""
    if finding.severity == WARN and payout.reason:
        return payout.reason
    if payout.state == PayoutState.RELEASED and finding.severity in (REFUSE, WARN):
        return ALREADY_PAID
    return ""


def _place(row: RuleOverride) -> Place:
    return row.payout_id, row.rule_id, row.sentence, row.reason
