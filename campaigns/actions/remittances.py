"""Donations sent on by bank: recorded below with the slip, confirmed by another person above, or sent back."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F

from campaigns.actions.drives import refuse_kept, refuse_outside
from campaigns.actions.ledger import claim, lock_funds, refuse_future, refuse_sealed, remember
from campaigns.enums import RemittanceState
from campaigns.models import Campaign, Drive, Remittance
from relief.lib import clock
from unions import attachments, audit
from unions.enums import Role
from unions.models import Attachment, Person, Post, Union
from unions.policy import Refused, Stale, require

SLIP = "slip"
CONFIRMERS = frozenset({Role.ENTER, Role.PAY})
"""Who sees the account and says that the money arrived."""


def confirming_union(union: Union, drive: Drive | None, by: Person) -> Union:
    """Who confirms: whoever the drive names, else the union above; the issuer's own money a colleague there.

    Where nobody else could do it the step moves up (security.md 2.1); at the top it waits for a second person.
    """
    first = _named(union, drive)
    line = first.line_ids()
    posts = Post.objects.in_force(clock.db_now()).filter(union__in=line, role__in=CONFIRMERS).exclude(person=by)
    holders = set(posts.values_list("union_id", flat=True))
    found = next((pk for pk in reversed(line) if pk in holders), first.pk)
    return first if found == first.pk else Union.objects.get(pk=found)


def _named(union: Union, drive: Drive | None) -> Union:
    if drive is not None:
        if union.pk == drive.issuer_id:
            return union
        if drive.receiver is not None and drive.receiver_id != union.pk:
            return drive.receiver
    return union.parent or union


def record_remittance(
    *,
    by: Person,
    union: Union,
    campaign: Campaign | None,
    remitted_on: datetime.date,
    amount: Decimal,
    slip_number: str,
    note: str = "",
    slip: UploadedFile | None = None,
    drive: Drive | None = None,
    key: str | None = None,
) -> Remittance:
    """Record donations sent on by bank, with the scan of the slip where it is at hand; it waits for confirmation.

    A remittance of a drive stands under the drive's campaign.
    """
    require(by, "remittance.record", union)
    if amount <= 0:
        raise Refused("汇款金额要大于 0。", "要冲减已登记的一笔，请在那一笔上点“冲销”。")
    if not slip_number.strip():
        raise Refused("汇款凭证号没有填。", "请照银行回单填写凭证号或流水号。")
    campaign = drive.campaign if drive is not None else campaign
    refuse_sealed(campaign)
    refuse_future(remitted_on, "汇款日期")
    if drive is not None:
        refuse_outside(drive, union)
        if remitted_on < drive.starts_on:
            raise Refused("汇款日期早于捐款开始的日期。", f"请写{drive.starts_on.isoformat()}或以后的日期。")
    values = {
        "campaign_id": campaign and campaign.pk,
        "drive_id": drive and drive.pk,
        "remitted_on": remitted_on,
        "amount": amount,
        "slip_number": slip_number.strip(),
        "note": note.strip(),
    }
    with transaction.atomic():
        claimed, receipt = claim(by, "remittance.record", key, {"union": union.pk, **values})
        if receipt:
            return Remittance.objects.get(pk=receipt)
        if drive is not None:
            lock_funds([union.pk])
            refuse_kept(union, drive, amount, "要汇出")
        row = _insert(by, union, confirming_union(union, drive, by), values)
        if slip is not None:
            attachments.attach(by=by, union=union, owner=row, upload=slip, kind=SLIP)
        remember(claimed, row.pk)
        audit.record(act="remittance.record", by=by, union=union, obj=row, fields=values, after=values, money=True)
    return row


def _insert(by: Person, union: Union, confirms_at: Union, values: dict[str, Any]) -> Remittance:
    return Remittance.objects.create(
        union=union,
        entered_by=by,
        entered_at=clock.db_now(),
        state=RemittanceState.WAITING,
        confirms_at=confirms_at,
        **values,
    )


def confirm_remittance(*, by: Person, remittance: Remittance, version: int, arrived_on: datetime.date) -> Remittance:
    """Say at the receiving union that the money arrived, on which day."""
    require(by, "remittance.confirm", remittance)
    refuse_future(arrived_on, "到账日期")
    if arrived_on < remittance.remitted_on:
        raise Refused("到账日期早于汇款日期。", "请把到账日期改到汇款当天或以后。", obj=remittance)
    fields = {"state": RemittanceState.CONFIRMED, "arrived_on": arrived_on, "returned_reason": ""}
    return _decided(by, remittance, version, "remittance.confirm", fields)


def return_remittance(*, by: Person, remittance: Remittance, version: int, reason: str) -> Remittance:
    """Send a remittance back with the reason: it did not arrive, or is not what the slip says. Also after a confirmation."""
    require(by, "remittance.return", remittance)
    if not reason.strip():
        raise Refused("退回原因没有填。", "请写明为什么退回，例如“账户没有收到这笔款”。", obj=remittance)
    fields = {"state": RemittanceState.RETURNED, "arrived_on": None, "returned_reason": reason.strip()}
    return _decided(by, remittance, version, "remittance.return", fields)


def resubmit_remittance(*, by: Person, remittance: Remittance, version: int) -> Remittance:
    """Hand a returned remittance in again, after its slip was completed or the bank was asked."""
    require(by, "remittance.resubmit", remittance)
    drive = remittance.drive
    to = confirming_union(remittance.union, drive, by)
    fields = {"state": RemittanceState.WAITING, "confirms_at": to}
    return _decided(by, remittance, version, "remittance.resubmit", fields)


def _decided(by: Person, seen: Remittance, version: int, act: str, fields: dict[str, Any]) -> Remittance:
    """The remittance after the move, which starts from the state and version that were seen."""
    with transaction.atomic():
        # both unions, and before the row is read: a reversal or a retained row of the same money waits
        lock_funds({seen.union_id, seen.confirms_at_id or seen.union_id})
        if Remittance.objects.filter(reverses=seen.pk).exists():
            raise Refused("这一笔已经冲销，不用办理。", "请刷新页面。", act=act, obj=seen)
        _refuse_hole(seen, act)
        stamp = {"decided_by": by, "decided_at": clock.db_now(), "version": F("version") + 1}
        found = Remittance.objects.filter(pk=seen.pk, state=seen.state, version=version)
        if found.update(**fields, **stamp) != 1:
            raise Stale(_differences(seen, fields["state"]), act=act, obj=seen)
        to = fields.get("confirms_at", seen.confirms_at)
        after = {**fields, "confirms_at": to and to.pk, "amount": seen.amount}
        audit.record(
            act=act, by=by, union=seen.confirms_at if act != "remittance.resubmit" else seen.union, obj=seen,
            fields=["state", "arrived_on"], before={"state": seen.state}, after=after, money=True,
        )  # fmt: skip
    return Remittance.objects.get(pk=seen.pk)


def _refuse_hole(seen: Remittance, act: str) -> None:
    """Nobody keeps more of a drive than it has: not the receiver whose receipt goes, not the sender whose money leaves."""
    if seen.drive is None or seen.confirms_at is None:
        return
    if act == "remittance.resubmit":
        refuse_kept(seen.union, seen.drive, seen.amount, "要汇出")
    elif seen.state == RemittanceState.CONFIRMED and seen.confirms_at_id != seen.union_id:
        refuse_kept(seen.confirms_at, seen.drive, seen.amount, "要退回")


def _differences(seen: Remittance, wanted: str) -> list[tuple[str, str, str]]:
    now = Remittance.objects.get(pk=seen.pk)
    return [("状态", str(now.get_state_display()), str(RemittanceState(wanted).label))]


def attach_slip(*, by: Person, remittance: Remittance, upload: UploadedFile) -> Attachment:
    """Add the scan of the bank slip to a remittance recorded before."""
    require(by, "remittance.slip", remittance)
    return attachments.attach(by=by, union=remittance.union, owner=remittance, upload=upload, kind=SLIP)


@transaction.atomic
def open_slip(*, by: Person, remittance: Remittance, attachment: Attachment) -> Attachment:
    """The slip, to be given out, with the audit row of the download (R-13): a bank's slip may name who paid."""
    require(by, "ledger.read", remittance)
    audit.record(
        act="remittance.slip_read", by=by, union=remittance.union, obj=remittance, detail={"attachment": attachment.pk}
    )
    return attachment
