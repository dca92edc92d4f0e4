"""Going on although a rule asked for a reason: what was said and what was answered is kept beside the payout."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from beneficiaries.models import Payout, RuleOverride
from beneficiaries.rules import WARN, Finding
from unions.models import Person

Place = tuple[int, int, str, str]


def keep_overrides(
    *,
    by: Person,
    step: str,
    payouts: Sequence[Payout],
    findings: Mapping[int, Sequence[Finding]],
    at: datetime.datetime,
) -> None:
    """Write down each warning that a step went past with the reason given; the same one is not written twice.

    Call it inside the transaction of the step, whose audit row covers it.
    """
    wanted: dict[Place, RuleOverride] = {}
    for payout in payouts:
        for finding in findings[payout.pk]:
            if finding.severity == WARN and payout.reason and finding.rule:
                row = RuleOverride(
                    payout_id=payout.pk, rule_id=finding.rule, step=step, sentence=finding.sentence[:400],
                    reason=payout.reason, made_by=by, made_at=at,
                )  # fmt: skip
                wanted[_place(row)] = row
    if not wanted:
        return
    known = RuleOverride.objects.filter(payout__in={payout_id for payout_id, *_ in wanted})
    for row in known:
        wanted.pop(_place(row), None)
    RuleOverride.objects.bulk_create(wanted.values(), batch_size=500)


def _place(row: RuleOverride) -> Place:
    return row.payout_id, row.rule_id, row.sentence, row.reason
