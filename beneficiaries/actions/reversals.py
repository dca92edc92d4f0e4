"""冲正: taking a paid payout back by a row of its own, proposed by one person and confirmed by another (D5)."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from beneficiaries.models import Payout, PayoutReversal
from campaigns.actions import record_allocation
from relief.lib import clock
from relief.lib.money import to_fen
from unions import audit
from unions.models import Person
from unions.policy import Refused, require
from unions.words import refuse_numbers


def propose_reversal(*, by: Person, payout: Payout, reversed_on: datetime.date, reason: str) -> PayoutReversal:
    """Return the reversal that waits for a second person; nothing is counted off yet."""
    require(by, "payout.reverse", payout)
    now, reason = clock.db_now(), reason.strip()
    if not reason or len(reason) > 200:
        raise _refused("冲正须写明原因（200 字以内）。", "例如：重复发放，款已退回。", payout)
    refuse_numbers(reason, "原因", "发放编号", act="payout.reverse", obj=payout)
    if reversed_on > clock.today(now):
        raise _refused(f"冲正日期 {reversed_on:%Y-%m-%d} 在今天之后。", "请填写今天或以前的日期。", payout)
    if payout.paid_on is not None and reversed_on < payout.paid_on:
        raise _refused(f"冲正日期早于发放日期 {payout.paid_on:%Y-%m-%d}。", "请改为发放当天或以后的日期。", payout)
    with transaction.atomic():
        reversal = PayoutReversal(
            payout=payout, reversed_on=reversed_on, reason=reason, proposed_by=by, proposed_at=now
        )
        try:
            with transaction.atomic():
                reversal.save(force_insert=True)
        except IntegrityError:
            raise _refused("这一笔已经有冲正记录，不能再提一次。", "请打开这一笔查看冲正的进度。", payout) from None
        audit.record(
            act="payout.reverse", by=by, union=payout.union, obj=payout, after=[reason, reversed_on],
            detail={"number": payout.number, "on": reversed_on.isoformat()}, money=True,
        )  # fmt: skip
    return reversal


def confirm_reversal(*, by: Person, reversal: PayoutReversal) -> None:
    """Make the reversal count; money that came from another union goes back there."""
    require(by, "payout.confirm_reversal", reversal)
    payout = reversal.payout
    with transaction.atomic():
        waiting = PayoutReversal.objects.filter(pk=reversal.pk, confirmed_at__isnull=True)
        if waiting.update(confirmed_by=by, confirmed_at=clock.db_now()) != 1:
            raise _refused("这笔冲正已经确认过。", "请刷新页面。", payout, act="payout.confirm_reversal")
        lines = list(payout.lines.all())
        if payout.paid_from_id != payout.union_id:
            _give_back(by, payout, lines, reversal.reversed_on)
        audit.record(
            act="payout.confirm_reversal", by=by, union=payout.union, obj=payout,
            detail={"number": payout.number, "fen": sum(to_fen(line.amount) for line in lines)}, money=True,
        )  # fmt: skip


def refuse_reversal(*, by: Person, reversal: PayoutReversal, why: str) -> None:
    """Take away a proposal that is wrong, so that the right one can be made; it never counted.

    The audit record keeps what was proposed, by whom, and why it was refused.
    """
    require(by, "payout.refuse_reversal", reversal)
    payout, why = reversal.payout, why.strip()
    if not why or len(why) > 110:
        raise _refused(
            "退回冲正须写明原因（110 字以内）。", "例如：冲正日期写错。", payout, act="payout.refuse_reversal"
        )
    refuse_numbers(why, "原因", "发放编号", act="payout.refuse_reversal", obj=payout)
    with transaction.atomic():
        # the row is taken first, so that nobody confirms it between the question and the removal
        taken = PayoutReversal.objects.filter(pk=reversal.pk, confirmed_at__isnull=True)
        if taken.update(reversed_on=reversal.reversed_on) != 1:
            raise _refused("这笔冲正已经确认或退回过。", "请刷新页面。", payout, act="payout.refuse_reversal")
        PayoutReversal.objects.filter(pk=reversal.pk).delete()
        audit.record(
            act="payout.refuse_reversal", by=by, union=payout.union, obj=payout,
            before=[reversal.reason, reversal.reversed_on],
            detail={
                "number": payout.number, "on": reversal.reversed_on.isoformat(),
                "proposer": reversal.proposed_by_id, "reason": why,
            }, money=True,
        )  # fmt: skip


def _give_back(by: Person, payout: Payout, lines, on: datetime.date) -> None:
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line.source] = sums.get(line.source, Decimal(0)) + line.amount
    for source, amount in sums.items():
        record_allocation(
            by=by,
            giver=payout.paid_from,
            receiver=payout.union,
            campaign=payout.campaign,
            source=source,
            amount=-amount,
            allocated_on=on,
            payout_ref=payout.number,
        )


def _refused(reason: str, next_step: str, payout: Payout, *, act: str = "payout.reverse") -> Refused:
    return Refused(reason, next_step, act=act, obj=payout)
