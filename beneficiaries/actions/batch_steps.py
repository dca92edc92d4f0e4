"""The steps of a whole batch: the moves of single payouts for all its lines at once, with control totals at every hop."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from beneficiaries.actions.payout_bulk import Pair
from beneficiaries.actions.payout_steps import (
    approve_payouts,
    plan_payouts,
    release_payouts,
    return_payouts,
    review_payouts,
    second_payouts,
    settle_payouts,
)
from beneficiaries.enums import PayoutState, Route
from beneficiaries.models import Payout, PayoutBatch, PayoutLine
from beneficiaries.payouts.stages import is_routed_to
from beneficiaries.querysets import PayoutQuerySet
from relief.lib import crypto
from relief.lib.money import grouped
from unions import attachments, idempotency
from unions.models import Person
from unions.policy import Refused, Stale, can, require

SIGNED = "signed_list"
"""The kind of attachment that a signed list is."""


@dataclass(frozen=True)
class Control:
    """The control totals of the payouts that a step would take, and a token of exactly these payouts as they are now."""

    count: int
    persons: int
    amount: Decimal
    token: str


def ready_for(batch: PayoutBatch, step: str, by: Person | None = None) -> QuerySet[Payout]:
    """The payouts of the batch that wait for the step; for `by` those that the person sees and whose step it is.

    Lines may be routed to different unions, each takes its own. Where none is the person's, all are there to be refused.
    """
    rows = _waiting(batch, step)
    if by is None:
        return rows
    seen = list(rows.visible_to(by))
    mine = [payout.pk for payout in seen if is_routed_to(by, step, payout)]
    return rows.filter(pk__in=mine or [payout.pk for payout in seen])


def _waiting(batch: PayoutBatch, step: str) -> PayoutQuerySet:
    rows = batch.payouts.order_by("pk")
    bank = Exists(PayoutLine.objects.filter(payout=OuterRef("pk"), route__in=(Route.CARD, Route.PASSBOOK)))
    if step == "plan":
        return rows.filter(state=PayoutState.DRAFT)
    if step == "review":
        return rows.filter(state=PayoutState.PLANNED, reviewed_by__isnull=True)
    if step == "approve":
        return rows.filter(state=PayoutState.PLANNED, reviewed_by__isnull=False, approved_by__isnull=True)
    if step == "second":
        return rows.filter(state=PayoutState.PLANNED, approved_by__isnull=False)
    if step == "release":
        return rows.filter(Q(state=PayoutState.FAILED) | Q(bank, state=PayoutState.APPROVED))
    if step == "settle":
        return rows.filter(~Q(bank), state=PayoutState.APPROVED)
    if step == "return":
        return rows.filter(state__in=(PayoutState.PLANNED, PayoutState.APPROVED, PayoutState.FAILED))
    raise ValueError(f"no step {step}")


def control(batch: PayoutBatch, step: str, by: Person | None = None) -> Control:
    """What the step would take now, `by` as in `ready_for`; at most three queries."""
    rows = list(ready_for(batch, step, by).values_list("pk", "version", "id_index"))
    picked = [pk for pk, _, _ in rows]
    amount = PayoutLine.objects.filter(payout__in=picked).order_by().aggregate(total=Sum("amount"))["total"]
    known = {index for _, _, index in rows if index}
    total = amount or Decimal(0)
    token = crypto.keyed_digest([batch.pk, step, sorted((pk, version) for pk, version, _ in rows), str(total)])
    return Control(len(rows), len(known) + sum(1 for row in rows if not row[2]), total, token[:32])


def plan_batch(*, by: Person, batch: PayoutBatch, seen: str, key: str) -> str:
    """Send all drafts of the batch to review; `seen` is the token of the totals that were shown. Returns the receipt."""
    return _step("plan", plan_payouts, by=by, batch=batch, seen=seen, key=key)


def review_batch(*, by: Person, batch: PayoutBatch, seen: str, key: str) -> str:
    """Stamp the reviewer on all planned lines."""
    return _step("review", review_payouts, by=by, batch=batch, seen=seen, key=key)


def approve_batch(*, by: Person, batch: PayoutBatch, seen: str, key: str) -> str:
    """Approve and seal all reviewed lines."""
    return _step("approve", approve_payouts, by=by, batch=batch, seen=seen, key=key)


def second_batch(*, by: Person, batch: PayoutBatch, seen: str, key: str) -> str:
    """Approve, as the second and different person, all lines that a first one has approved."""
    return _step("second", second_payouts, by=by, batch=batch, seen=seen, key=key)


def release_batch(*, by: Person, batch: PayoutBatch, seen: str, key: str) -> str:
    """Send all approved lines that go through a bank; failed ones again."""
    return _step("release", release_payouts, by=by, batch=batch, seen=seen, key=key)


def return_batch(*, by: Person, batch: PayoutBatch, seen: str, reason: str, only: Collection[int] | None = None) -> int:
    """Send the batch, or `only` these lines of it, back to the enterer with a reason; how many lines went back."""
    with transaction.atomic():
        rows = _checked(by, batch, "return", seen)
        if only is not None:
            rows = _chosen(batch, rows, only, "payout.return_review")
        return_payouts(by=by, payouts=rows, reason=reason, batch=batch)
    return len(rows)


def settle_signed(
    *,
    by: Person,
    batch: PayoutBatch,
    signed: Collection[int],
    paid_on: datetime.date,
    seen: str,
    key: str,
    upload: UploadedFile | None = None,
) -> str:
    """Record who signed for cash or goods on that day; the others stay approved. A signed list must lie in the batch."""
    with transaction.atomic():
        claim, new = idempotency.claim(by=by, act="batch.settle", key=key, body=[batch.pk, sorted(signed), paid_on])
        if not new:
            return claim.receipt
        rows = _chosen(batch, _checked(by, batch, "settle", seen), signed, "payout.settle")
        if upload is not None:
            add_signed_list(by=by, batch=batch, upload=upload)
        elif not attachments.of(batch).filter(kind=SIGNED).exists():
            raise Refused(
                "还没有上传签收表，现金和实物凭签收表登记。",
                "请把签过字的签收表拍照或扫描后，在这一页一起上传。",
                status=422,
                act="payout.settle",
                obj=batch,
            )
        receipt = settle_payouts(by=by, payouts=rows, paid_on=paid_on, key=key, batch=batch)
        return idempotency.remember(claim, receipt)


def add_signed_list(*, by: Person, batch: PayoutBatch, upload: UploadedFile) -> None:
    """Keep a scan of the signed list with the batch; only who pays out one of its lines may add it."""
    require(by, "batch.sign", batch)
    sent = batch.payouts.filter(pay_union__isnull=False).only("pay_union")
    if not any(can(by, "payout.papers", payout) for payout in sent):
        raise Refused("签收表由这一批的出纳登记。", "请交给有出纳岗位的同事。", status=403, act="batch.sign", obj=batch)
    attachments.attach(by=by, union=batch.union, owner=batch, upload=upload, kind=SIGNED)


def _step(
    name: str, run: Callable[..., str], *, by: Person, batch: PayoutBatch, seen: str, key: str, **more: Any
) -> str:
    """The single moves for all lines that wait for the step, once per request key."""
    with transaction.atomic():
        claim, new = idempotency.claim(by=by, act=f"batch.{name}", key=key, body=[batch.pk, seen])
        if not new:
            return claim.receipt
        rows = _checked(by, batch, name, seen)
        return idempotency.remember(claim, run(by=by, payouts=rows, key=key, batch=batch, **more))


def _checked(by: Person, batch: PayoutBatch, step: str, seen: str) -> list[Pair]:
    """The lines that wait for the step of this person, if they are still what was shown."""
    now = control(batch, step, by)
    if now.token != seen:
        shown = f"{now.count} 笔，{grouped(now.amount, 2)} 元"
        raise Stale([("批次的控制数", shown, "打开页面时看到的数")], act=f"payout.{step}", obj=batch)
    if not now.count:
        raise Refused("批次里没有等这一步的发放。", "请刷新批次页，按最新状态办理。", act=f"payout.{step}", obj=batch)
    return [(payout, payout.version) for payout in ready_for(batch, step, by)]


def _chosen(batch: PayoutBatch, rows: Sequence[Pair], wanted: Collection[int], act: str) -> list[Pair]:
    chosen = [pair for pair in rows if pair[0].pk in set(wanted)]
    if not chosen or len(chosen) != len(set(wanted)):
        raise Refused("没有选中可以办理的行。", "请刷新后重新勾选。", status=422, act=act, obj=batch)
    return chosen
