"""Money going down and back up inside the tree: given by one union, confirmed by the other (D6, docs/decisions/0012)."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from campaigns.actions.ledger import check_money, claim, lock_funds, refuse_future, refuse_overdraft, remember
from campaigns.enums import AllocationKind
from campaigns.models import Allocation, Campaign
from relief.lib import clock
from unions import audit
from unions.enums import Role
from unions.models import Person, Post, Union
from unions.policy import Refused, Stale, require

RECEIVERS = frozenset({Role.ENTER, Role.PAY})
"""Who confirms that money arrived."""
MORE_FIRST = "请减少金额，或先登记到账；上级拨来的款先确认收到。"


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
    note: str = "",
    payout_ref: str = "",
    past: bool = False,
    key: str | None = None,
) -> Allocation:
    """Record money handed down from the giver to a union below it; it counts there from its confirmation on.

    With `payout_ref` the row follows from a payout that was decided there (D6): then neither the role nor the
    direction is asked again, the amount may be negative (a reversed payout), and the money has arrived.
    `past` takes over records of before, which are as they are: what the giver had is not asked.
    """
    if not payout_ref:
        require(by, "allocation.record", giver)
        check_money(source, amount, campaign)
        if receiver.pk == giver.pk or not receiver.is_within(giver):
            raise Refused(f"{receiver.name}不是{giver.name}的下级，不能拨付。", "请从下级工会里选择收到工会。")
    refuse_future(allocated_on, "拨付日期")
    values = _values(receiver, campaign, source, amount, allocated_on, voucher, note, payout_ref)
    with transaction.atomic():
        claimed, receipt = claim(by, "allocation.record", key, {"giver": giver.pk, **values})
        if receipt:
            return Allocation.objects.get(pk=receipt)
        if not payout_ref and not past:
            lock_funds([giver.pk])
            refuse_overdraft(giver, source, amount, "要拨付", MORE_FIRST)
        row = _insert(by, giver, values, arrived=bool(payout_ref) or not _somebody_confirms(receiver, by))
        remember(claimed, row.pk)
        audit.record(act="allocation.record", by=by, union=giver, obj=row, fields=values, after=values, money=True)
    return row


def return_funds(
    *,
    by: Person,
    giver: Union,
    receiver: Union,
    campaign: Campaign | None,
    source: str,
    amount: Decimal,
    allocated_on: datetime.date,
    voucher: str = "",
    note: str = "",
    key: str | None = None,
) -> Allocation:
    """Record money that a union gives back to one above it (退回上级); it counts there from its confirmation on."""
    require(by, "allocation.return", giver)
    check_money(source, amount, campaign)
    if receiver.pk == giver.pk or not giver.is_within(receiver):
        raise Refused(f"{receiver.name}不是{giver.name}的上级，不能退回。", "请从上级工会里选择收到工会。")
    refuse_future(allocated_on, "退回日期")
    values = _values(receiver, campaign, source, amount, allocated_on, voucher, note, "")
    values["kind"] = AllocationKind.RETURN.value
    with transaction.atomic():
        claimed, receipt = claim(by, "allocation.return", key, {"giver": giver.pk, **values})
        if receipt:
            return Allocation.objects.get(pk=receipt)
        lock_funds([giver.pk])
        refuse_overdraft(giver, source, amount, "要退回", "请减少金额；已审批未发放的款也算已用。")
        row = _insert(by, giver, values, arrived=not _somebody_confirms(receiver, by))
        remember(claimed, row.pk)
        audit.record(act="allocation.return", by=by, union=giver, obj=row, fields=values, after=values, money=True)
    return row


def confirm_allocation(
    *, by: Person, allocation: Allocation, confirmed_on: datetime.date, key: str | None = None
) -> Allocation:
    """Say at the receiving union that the money arrived, on which day; from now on it can be paid out there."""
    require(by, "allocation.confirm", allocation)
    refuse_future(confirmed_on, "收到日期")
    if confirmed_on < allocation.allocated_on:
        raise Refused(
            "收到日期早于拨付日期。", "请把收到日期改到拨付当天或以后。", act="allocation.confirm", obj=allocation
        )
    with transaction.atomic():
        claimed, receipt = claim(by, "allocation.confirm", key, {"allocation": allocation.pk, "on": confirmed_on})
        if receipt:
            return Allocation.objects.get(pk=receipt)
        row = _locked(allocation)
        if row.reverses_id is not None or _reversed(row):
            raise Refused("这一笔已由拨出工会冲销，不用确认。", "请刷新页面。", act="allocation.confirm", obj=row)
        found = Allocation.objects.filter(pk=row.pk, confirmed_on__isnull=True)
        if found.update(confirmed_on=confirmed_on, confirmed_by=by, confirmed_at=clock.db_now()) != 1:
            raise Stale([("收到日期", f"{row.confirmed_on}", f"{confirmed_on}")], act="allocation.confirm", obj=row)
        remember(claimed, row.pk)
        audit.record(
            act="allocation.confirm", by=by, union=row.receiver, obj=row, fields=["confirmed_on"],
            after={"allocation": row.pk, "on": confirmed_on}, money=True,
        )  # fmt: skip
    return Allocation.objects.get(pk=row.pk)


def reverse_allocation(
    *, by: Person, allocation: Allocation, reversed_on: datetime.date, key: str | None = None
) -> Allocation:
    """Take a typed row back by a negative one while it is on its way; what has arrived comes back by a return.

    One that came from a payout goes back with the payout.
    """
    require(by, "allocation.reverse", allocation)
    if allocation.payout_ref or allocation.reverses_id is not None:
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
        now = _locked(allocation)
        if _reversed(now):
            raise Refused("这一笔已经冲销过了。", "请刷新页面查看冲销记录。", act="allocation.reverse", obj=allocation)
        if now.confirmed_on is not None and now.confirmed_by_id != now.entered_by_id:
            raise Refused(
                f"{now.receiver.name}已确认收到这一笔，不能冲销。",
                "款要退回来的，请收到工会登记“退回上级”；多退的，请重新拨付。",
                act="allocation.reverse",
                obj=allocation,
            )
        row = _take_back(by, now, reversed_on)
        remember(claimed, row.pk)
        audit.record(act="allocation.reverse", by=by, union=allocation.giver, obj=allocation, money=True)
    return row


def _take_back(by: Person, row: Allocation, on: datetime.date) -> Allocation:
    """The negative row; where nobody confirms, the money is there and must be there still."""
    if row.confirmed_on is not None:
        refuse_overdraft(row.receiver, row.source, row.amount, "要收回", "款已用掉的，请先冲正发放。")
    values = _values(row.receiver, row.campaign, row.source, -row.amount, on, row.voucher, row.note, "")
    values |= {"kind": row.kind, "reverses_id": row.pk}
    return _insert(by, row.giver, values, arrived=row.confirmed_on is not None)


def _values(
    receiver: Union,
    campaign: Campaign | None,
    source: str,
    amount: Decimal,
    allocated_on: datetime.date,
    voucher: str,
    note: str,
    payout_ref: str,
) -> dict[str, Any]:
    return {
        "receiver_id": receiver.pk,
        "campaign_id": campaign and campaign.pk,
        "source": source,
        "amount": amount,
        "allocated_on": allocated_on,
        "voucher": voucher.strip(),
        "note": note.strip(),
        "payout_ref": payout_ref,
    }


def _insert(by: Person, giver: Union, values: dict[str, Any], *, arrived: bool) -> Allocation:
    now = clock.db_now()
    receipt = {"confirmed_on": values["allocated_on"], "confirmed_by": by, "confirmed_at": now} if arrived else {}
    return Allocation.objects.create(giver=giver, entered_by=by, entered_at=now, **values, **receipt)


def _somebody_confirms(receiver: Union, by: Person) -> bool:
    """A union without another person who could confirm has the money at once: a step that nobody can take holds nothing up."""
    posts = Post.objects.in_force(clock.db_now())
    return posts.filter(union=receiver, role__in=RECEIVERS).exclude(person=by).exists()


def _locked(allocation: Allocation) -> Allocation:
    """The row as it is now, after everybody else who moves money of these unions."""
    lock_funds([allocation.giver_id, allocation.receiver_id])
    rows = Allocation.objects.select_for_update(of=("self",)).select_related("giver", "receiver", "campaign")
    return rows.get(pk=allocation.pk)


def _reversed(allocation: Allocation) -> bool:
    return Allocation.objects.filter(reverses=allocation.pk).exists()
