"""审批限额: which payouts are too large for the usual approver, so that the next level up approves them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum

from beneficiaries.enums import PayoutState, ThresholdWay
from beneficiaries.models import ApprovalThreshold, Payout, PayoutLine
from relief.lib.money import grouped
from unions.models import Union


@dataclass(frozen=True)
class Passed:
    """A threshold that was passed, in words for the approver."""

    threshold: ApprovalThreshold
    sentence: str


def in_force(unions: Iterable[Union], campaigns: Iterable[int | None], day: datetime.date) -> list[ApprovalThreshold]:
    """The rows that hold on a day for these unions: their own and those of everybody above them."""
    line = {union_id for union in unions for union_id in union.line_ids()}
    rows = ApprovalThreshold.objects.filter(union__in=line, valid_from__lte=day).select_related("union")
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    return list(rows.filter(Q(campaign__isnull=True) | Q(campaign__in=[pk for pk in campaigns if pk])))


def passed(payouts: Sequence[Payout], *, day: datetime.date, way: str = ThresholdWay.UPWARD) -> dict[int, Passed]:
    """Per payout id the threshold it passes; one large line, or the sum, takes its whole batch along.

    A row below never loosens one above it: the first amount that is passed counts.
    """
    known = in_force({payout.union for payout in payouts}, {payout.campaign_id for payout in payouts}, day)
    rows = [row for row in known if row.way == way]
    if not rows:
        return {}
    totals = _batch_totals({payout.batch_id for payout in payouts if payout.batch_id})
    found: dict[int, Passed] = {}
    batches: dict[int, Passed] = {}
    for payout in payouts:
        amount = sum((line.amount for line in payout.lines.all()), Decimal(0))
        one = _first(rows, payout, amount, totals.get(payout.batch_id or 0))
        if one is not None:
            found[payout.pk] = one
            if payout.batch_id:
                batches.setdefault(payout.batch_id, one)
    for payout in payouts:
        if payout.batch_id in batches:
            found.setdefault(payout.pk, batches[payout.batch_id])
    return found


def sentences(payouts: Sequence[Payout], *, day: datetime.date) -> list[str]:
    """What passes a threshold of either way, in words for the pages of a batch.

    Drafts are told what holds today; what was sent off is told what was settled then (decision 0019).
    """
    said = []
    for way in ThresholdWay.values:
        held = [payout for payout in payouts if payout.state == PayoutState.DRAFT or _settled(payout, way)]
        told = next((one.sentence for one in passed(held, day=day, way=way).values()), "")
        if not told and way == ThresholdWay.SECOND and any(_settled(payout, way) for payout in held):
            told = "送审时超过审批限额，还要由第二位审批人审批，两位不能是同一个人。"
        said.append(told)
    return [sentence for sentence in said if sentence]


def _settled(payout: Payout, way: str) -> bool:
    """Whether this way was settled for a payout when it was sent off; a threshold set or ended later changes nothing."""
    if payout.state == PayoutState.DRAFT:
        return False
    return payout.second_needed if way == ThresholdWay.SECOND else payout.approve_union_id != payout.union_id


def _first(
    rows: Iterable[ApprovalThreshold], payout: Payout, amount: Decimal, batch_total: Decimal | None
) -> Passed | None:
    line = payout.union.line_ids()
    for row in rows:
        if row.union_id not in line or row.campaign_id not in (None, payout.campaign_id):
            continue
        if row.per_payout is not None and amount > row.per_payout:
            return Passed(row, _words("单笔", amount, row.per_payout, row))
        if row.per_batch is not None and (batch_total or amount) > row.per_batch:
            return Passed(row, _words("本批合计", batch_total or amount, row.per_batch, row))
    return None


def _words(what: str, amount: Decimal, limit: Decimal, row: ApprovalThreshold) -> str:
    return (
        f"{what} {grouped(amount, 2)} 元，超过审批限额 {grouped(limit, 2)} 元，{ThresholdWay(row.way).label}。"
        f"依据：{row.origin}（{row.union.called}）。"
    )


def _batch_totals(batches: Iterable[int]) -> dict[int, Decimal]:
    rows = PayoutLine.objects.filter(payout__batch__in=list(batches)).order_by()
    return dict(rows.values_list("payout__batch").annotate(total=Sum("amount")))
