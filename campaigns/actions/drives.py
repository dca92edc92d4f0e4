"""Drives: a union asks itself and those below to collect, and closes the accounts; what a union keeps of it (D30)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from campaigns.actions.campaigns import differences
from campaigns.actions.ledger import claim, lock_funds, refuse_future, refuse_sealed, remember
from campaigns.enums import DonationBody, DonationKind, DriveState, FundForm, FundSource
from campaigns.models import Campaign, Drive, FundsRaised
from campaigns.standings import standing
from relief.lib import clock
from relief.lib.money import grouped
from unions import audit
from unions.models import Person, Union
from unions.policy import Refused, Stale, require

LABELS = {
    "title": "名称",
    "bodies": "接收机构",
    "starts_on": "捐款开始",
    "ends_on": "捐款截止",
    "account_by": "缴款截止",
    "receiver_id": "汇款由谁确认",
    "keeps": "允许留存",
    "note": "说明",
}


def open_drive(
    *,
    by: Person,
    issuer: Union,
    title: str,
    kind: str,
    year: int,
    bodies: Sequence[str],
    starts_on: datetime.date,
    ends_on: datetime.date,
    account_by: datetime.date,
    campaign: Campaign | None = None,
    receiver: Union | None = None,
    keeps: bool = False,
    note: str = "",
    key: str | None = None,
) -> Drive:
    """Open a drive for the issuer and everybody below it; `receiver` None lets each union's superior confirm."""
    require(by, "drive.open", issuer)
    if kind not in DonationKind.values:
        raise Refused("募捐种类不在列表里。", "请从列表中选择募捐种类。")
    refuse_sealed(campaign)
    asked = _values(issuer, title, bodies, starts_on, ends_on, account_by, receiver, keeps, note)
    values = {"campaign_id": campaign and campaign.pk, "kind": kind, "year": year, **asked}
    with transaction.atomic():
        claimed, receipt = claim(by, "drive.open", key, {"issuer": issuer.pk, **values})
        if receipt:
            return Drive.objects.get(pk=receipt)
        try:
            with transaction.atomic():
                row = Drive.objects.create(issuer=issuer, entered_by=by, entered_at=clock.db_now(), **values)
        except IntegrityError:
            raise _same_title(title) from None
        remember(claimed, row.pk)
        audit.record(act="drive.open", by=by, union=issuer, obj=row, fields=values, after=values, money=True)
    return row


def change_drive(
    *,
    by: Person,
    drive: Drive,
    version: int,
    title: str,
    bodies: Sequence[str],
    starts_on: datetime.date,
    ends_on: datetime.date,
    account_by: datetime.date,
    receiver: Union | None = None,
    keeps: bool = False,
    note: str = "",
) -> Drive:
    """Change what is asked while the drive is open; kind and year stay. What is recorded already stays as it is."""
    require(by, "drive.change", drive)
    values = _values(drive.issuer, title, bodies, starts_on, ends_on, account_by, receiver, keeps, note)
    gone = set(drive.donations.not_reversed().exclude(body="").values_list("body", flat=True)) - set(bodies)  # type: ignore[attr-defined]
    if gone:
        labels = "、".join(str(DonationBody(body).label) for body in sorted(gone))
        raise Refused(f"{labels}已有捐款登记，不能去掉。", "请保留这些接收机构，或先冲销登记。", obj=drive)
    with transaction.atomic():
        before = {name: getattr(drive, name) for name in values}
        try:
            with transaction.atomic():
                found = Drive.objects.filter(pk=drive.pk, state=DriveState.OPEN, version=version)
                changed = found.update(**values, version=F("version") + 1)
        except IntegrityError:
            raise _same_title(title) from None
        if changed != 1:
            raise Stale(differences(LABELS, Drive.objects.get(pk=drive.pk), values), act="drive.change", obj=drive)
        audit.record(
            act="drive.change", by=by, union=drive.issuer, obj=drive, fields=values, before=before, after=values,
            money=True,
        )  # fmt: skip
    return Drive.objects.get(pk=drive.pk)


def close_drive(*, by: Person, drive: Drive, version: int) -> Drive:
    """End the drive: nobody records or keeps anything any more; remittances on their way can still be confirmed."""
    return _moved(by, drive, version, "drive.close", DriveState.OPEN, DriveState.CLOSED)


def reopen_drive(*, by: Person, drive: Drive, version: int) -> Drive:
    """Let the unions record again."""
    return _moved(by, drive, version, "drive.reopen", DriveState.CLOSED, DriveState.OPEN)


def _moved(by: Person, drive: Drive, version: int, act: str, before: str, after: str) -> Drive:
    require(by, act, drive)
    with transaction.atomic():
        found = Drive.objects.filter(pk=drive.pk, state=before, version=version)
        if found.update(state=after, version=F("version") + 1) != 1:
            raise Stale(act=act, obj=drive)
        audit.record(
            act=act, by=by, union=drive.issuer, obj=drive, fields=["state"], before={"state": before},
            after={"state": after}, money=True,
        )  # fmt: skip
    return Drive.objects.get(pk=drive.pk)


def _values(
    issuer: Union,
    title: str,
    bodies: Sequence[str],
    starts_on: datetime.date,
    ends_on: datetime.date,
    account_by: datetime.date,
    receiver: Union | None,
    keeps: bool,
    note: str,
) -> dict[str, Any]:
    """The values of a drive, or a refusal."""
    if not title.strip():
        raise Refused("募捐名称没有填。", "例如：2024年“工会一日捐”。")
    if not bodies or set(bodies) - set(DonationBody.values):
        raise Refused("接收机构没有选，或不在列表里。", "请从列表中选择一个或几个接收机构。")
    if not starts_on <= ends_on <= account_by:
        raise Refused("日期的先后不对。", "捐款开始不晚于捐款截止，捐款截止不晚于缴款截止。")
    if receiver is not None and not receiver.is_within(issuer):
        raise Refused(f"{receiver.name}不在{issuer.name}范围内，不能确认汇款。", "请从本工会和下级工会里选择。")
    return {
        "title": title.strip(),
        "bodies": [body for body in DonationBody.values if body in bodies],
        "starts_on": starts_on,
        "ends_on": ends_on,
        "account_by": account_by,
        "receiver_id": receiver and receiver.pk,
        "keeps": keeps,
        "note": note.strip(),
    }


def _same_title(title: str) -> Refused:
    return Refused(f"本年度已有“{title.strip()}”。", "请换一个名称，或在原来的募捐上修改。")


def refuse_outside(drive: Drive, union: Union) -> None:
    """Raise unless the drive is open and the union belongs to it."""
    if drive.state != DriveState.OPEN:
        raise Refused(
            f"“{drive.title}”已结束，不能再登记。", f"需要补登的，请联系{drive.issuer.name}重新开放。", obj=drive
        )
    if not union.is_within(drive.issuer):
        raise Refused(f"{union.name}不在“{drive.title}”的范围内。", "请选择本单位或上级发起的募捐。", obj=drive)


def refuse_kept(union: Union, drive: Drive, less: Decimal, what: str) -> None:
    """Raise when a union that kept money of the drive would have kept more than it has in hand; after `lock_funds`."""
    now = standing(union, drive)
    if now.retained > 0 and now.left < less:
        raise Refused(
            f"{union.name}已留存 {grouped(now.retained, 2)} 元，手中只剩 {grouped(now.left, 2)} 元，{what} {grouped(less, 2)} 元。",
            "请减少金额，或先在筹集里冲销留存的那一笔。",
            obj=drive,
        )


def retain_donations(
    *,
    by: Person,
    union: Union,
    drive: Drive,
    amount: Decimal,
    retained_on: datetime.date,
    voucher: str = "",
    note: str = "",
    key: str | None = None,
) -> FundsRaised:
    """Take donations of the drive into the union's own funds: never more than is in hand, and only if the drive allows it.

    The row is an ordinary receipt of source 社会捐助, linked to the drive; it goes back by `reverse_funds`.
    """
    require(by, "donation.retain", union)
    refuse_outside(drive, union)
    if not drive.keeps:
        raise Refused(
            f"“{drive.title}”不允许留存，捐款应全部汇出。",
            f"确需留存的，请{drive.issuer.name}先在募捐里允许。",
            obj=drive,
        )
    if amount <= 0:
        raise Refused("金额要大于 0。", "要冲减已登记的留存，请在筹集里“冲销”。")
    refuse_future(retained_on, "留存日期")
    if retained_on < drive.starts_on:
        raise Refused("留存日期早于捐款开始的日期。", f"请写{drive.starts_on.isoformat()}或以后的日期。")
    values = {
        "campaign_id": drive.campaign_id,
        "drive_id": drive.pk,
        "source": FundSource.DONATION.value,
        "form": FundForm.CASH.value,
        "amount": amount,
        "received_on": retained_on,
        "voucher": voucher.strip(),
        "note": note.strip(),
    }
    with transaction.atomic():
        claimed, receipt = claim(by, "donation.retain", key, {"union": union.pk, **values})
        if receipt:
            return FundsRaised.objects.get(pk=receipt)
        lock_funds([union.pk])
        left = standing(union, drive).left
        if amount > left:
            raise Refused(
                f"要留存 {grouped(amount, 2)} 元，手中只有 {grouped(max(left, Decimal(0)), 2)} 元"
                "（捐款 + 收到下级 − 汇出 − 已留存）。",
                "请减少金额，或先登记捐款。",
                obj=drive,
            )
        row = FundsRaised.objects.create(union=union, entered_by=by, entered_at=clock.db_now(), **values)
        remember(claimed, row.pk)
        audit.record(act="donation.retain", by=by, union=union, obj=row, fields=values, after=values, money=True)
    return row
