"""Money coming in and going down. Rows are never changed: a reversal is a row of its own (R-34)."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from campaigns.enums import FundForm, FundSource
from campaigns.models import Allocation, Campaign, FundsRaised
from relief.lib import clock
from unions import audit, idempotency
from unions.models import IdempotencyKey, Person, Union
from unions.policy import Refused, require


def refuse_future(day: datetime.date, label: str, today: datetime.date | None = None) -> None:
    """Raise unless the day has come; whoever asks for many rows asks the clock once."""
    today = today or clock.today()
    if day > today:
        raise Refused(
            f"{label}{day.year}年{day.month}月{day.day}日还没有到。",
            f"今天是{today.year}年{today.month}月{today.day}日，请等实际发生后再登记。",
        )


def refuse_sealed(campaign: Campaign | None) -> None:
    if campaign is not None and campaign.closed_at is not None:
        raise Refused(f"“{campaign.title}”已封存，不能再记到这个活动下。", "请不选活动，或选择其他活动。")


def check_money(source: str, amount: Decimal, campaign: Campaign | None) -> None:
    """Raise unless the source is known, the amount positive and the campaign open."""
    if source not in FundSource.values:
        raise Refused("资金来源不在列表里。", "请从列表中选择资金来源。")
    if amount <= 0:
        raise Refused("金额要大于 0。", "要冲减已登记的一笔，请在那一笔上点“冲销”。")
    refuse_sealed(campaign)


def claim(by: Person, act: str, key: str | None, body: dict[str, Any]) -> tuple[IdempotencyKey | None, str]:
    """The claimed key and the receipt of an earlier answer; (None, "") for callers that need no key (world files)."""
    if key is None:
        return None, ""
    row, new = idempotency.claim(by=by, act=act, key=key, body=body)
    return row, "" if new else row.receipt


def remember(row: IdempotencyKey | None, receipt: int | str) -> None:
    if row is not None:
        idempotency.remember(row, str(receipt))


def record_funds(
    *,
    by: Person,
    union: Union,
    campaign: Campaign | None,
    source: str,
    form: str,
    amount: Decimal,
    received_on: datetime.date,
    voucher: str = "",
    note: str = "",
    key: str | None = None,
) -> FundsRaised:
    """Record money or valued goods that came in at the union; the same request `key` twice gives the same row."""
    require(by, "funds.record", union)
    check_money(source, amount, campaign)
    if form not in FundForm.values:
        raise Refused("形式不在列表里。", "请选择资金或实物折价。")
    refuse_future(received_on, "到账日期")
    values = {
        "campaign_id": campaign and campaign.pk,
        "source": source,
        "form": form,
        "amount": amount,
        "received_on": received_on,
        "voucher": voucher.strip(),
        "note": note.strip(),
    }
    with transaction.atomic():
        claimed, receipt = claim(by, "funds.record", key, {"union": union.pk, **values})
        if receipt:
            return FundsRaised.objects.get(pk=receipt)
        row = FundsRaised.objects.create(union=union, entered_by=by, entered_at=clock.db_now(), **values)
        remember(claimed, row.pk)
        audit.record(act="funds.record", by=by, union=union, obj=row, fields=values, after=values, money=True)
    return row


def record_allocation(
    *,
    by: Person,
    giver: Union,
    receiver: Union,
    campaign: Campaign | None,
    source: str,
    amount: Decimal,
    allocated_on: datetime.date,
    voucher: str = "",
    payout_ref: str = "",
    key: str | None = None,
) -> Allocation:
    """Record money handed down from the giver to a union below it.

    With `payout_ref` the row follows from a payout that was decided there (D6): then neither the role nor the
    direction is asked again, and the amount may be negative (a reversed payout).
    """
    if not payout_ref:
        require(by, "allocation.record", giver)
        check_money(source, amount, campaign)
        if receiver.pk == giver.pk or not receiver.is_within(giver):
            raise Refused(f"{receiver.name}不是{giver.name}的下级，不能拨付。", "请从下级工会里选择收到工会。")
    refuse_future(allocated_on, "拨付日期")
    values = {
        "receiver_id": receiver.pk,
        "campaign_id": campaign and campaign.pk,
        "source": source,
        "amount": amount,
        "allocated_on": allocated_on,
        "voucher": voucher.strip(),
        "payout_ref": payout_ref,
    }
    with transaction.atomic():
        claimed, receipt = claim(by, "allocation.record", key, {"giver": giver.pk, **values})
        if receipt:
            return Allocation.objects.get(pk=receipt)
        row = Allocation.objects.create(giver=giver, entered_by=by, entered_at=clock.db_now(), **values)
        remember(claimed, row.pk)
        audit.record(act="allocation.record", by=by, union=giver, obj=row, fields=values, after=values, money=True)
    return row


def reversal_mark(allocation: Allocation) -> str:
    """What the `payout_ref` of an allocation's reversal says."""
    return f"冲销 {allocation.pk}"


def reverse_allocation(
    *, by: Person, allocation: Allocation, reversed_on: datetime.date, key: str | None = None
) -> Allocation:
    """Take a typed allocation back by a negative row; one that came from a payout goes back with the payout."""
    require(by, "allocation.reverse", allocation)
    if allocation.payout_ref:
        raise Refused(
            "这一笔不是手工登记的拨付，不能在这里冲销。",
            "由发放带出的，请冲销那一笔发放；本身是冲销的，请重新登记。",
            act="allocation.reverse",
            obj=allocation,
        )
    refuse_future(reversed_on, "冲销日期")
    if reversed_on < allocation.allocated_on:
        raise Refused(
            "冲销日期早于拨付日期。", "请把冲销日期改到拨付当天或以后。", act="allocation.reverse", obj=allocation
        )
    with transaction.atomic():
        claimed, receipt = claim(by, "allocation.reverse", key, {"allocation": allocation.pk, "on": reversed_on})
        if receipt:
            return Allocation.objects.get(pk=receipt)
        # the lock makes two clerks queue on PostgreSQL; SQLite has one writer anyway
        Allocation.objects.select_for_update().get(pk=allocation.pk)
        mark = reversal_mark(allocation)
        if Allocation.objects.filter(payout_ref=mark).exists():
            raise Refused("这一笔已经冲销过了。", "请刷新页面查看冲销记录。", act="allocation.reverse", obj=allocation)
        row = Allocation.objects.create(
            giver=allocation.giver,
            receiver=allocation.receiver,
            campaign=allocation.campaign,
            source=allocation.source,
            amount=-allocation.amount,
            allocated_on=reversed_on,
            voucher=allocation.voucher,
            payout_ref=mark,
            entered_by=by,
            entered_at=clock.db_now(),
        )
        remember(claimed, row.pk)
        audit.record(act="allocation.reverse", by=by, union=allocation.giver, obj=allocation, money=True)
    return row
