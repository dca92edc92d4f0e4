"""Donations: what was given to which receiving body, on one day of a drive."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from campaigns.actions.drive_zeros import withdraw_nothing
from campaigns.actions.drives import refuse_outside
from campaigns.actions.ledger import claim, refuse_future, refuse_sealed, remember
from campaigns.enums import DonationBody, DonationKind
from campaigns.models import Campaign, Donation, Drive
from relief.lib import clock
from unions import audit
from unions.models import Person, Union
from unions.policy import Refused, require

ALL_BODIES = ""
"""The row that counts each donor once, however many bodies he gave to; it carries no money."""
Given = Mapping[str, tuple[int, Decimal]]


def record_donations(
    *,
    by: Person,
    union: Union,
    campaign: Campaign | None,
    kind: str,
    donated_on: datetime.date,
    given: Given,
    voucher: str = "",
    note: str = "",
    drive: Drive | None = None,
    key: str | None = None,
) -> list[Donation]:
    """Record one day of a drive and return its rows: `given` maps a receiving body to (donors, 元).

    The body "" stands for the donors over all bodies. One audit row for the day; the same request `key` twice gives the
    same rows. With a `drive` kind and campaign are the drive's.
    """
    require(by, "donation.record", union)
    if drive is not None:
        refuse_outside(drive, union)
        kind, campaign = drive.kind, drive.campaign
    check_given(given)
    check_day(kind, donated_on, given, drive)
    refuse_sealed(campaign)
    values = {
        "campaign_id": campaign and campaign.pk,
        "drive_id": drive and drive.pk,
        "kind": kind,
        "donated_on": donated_on,
        "voucher": voucher.strip(),
        "note": note.strip(),
    }
    lines = {body: [donors, amount] for body, (donors, amount) in given.items()}
    with transaction.atomic():
        claimed, receipt = claim(by, "donation.record", key, {"union": union.pk, "given": lines, **values})
        if receipt:
            return list(Donation.objects.filter(pk__in=receipt.split(",")).order_by("pk"))
        fell = withdraw_nothing(by=by, union=union, drives=[drive.pk] if drive is not None else [])
        rows = [_insert(by, union, values, body, *line) for body, line in given.items()]
        remember(claimed, ",".join(str(row.pk) for row in rows))
        audit.record(
            act="donation.record",
            by=by,
            union=union,
            obj=rows[0],
            fields=[*values, "body", "donors", "amount"],
            after={**values, "given": lines},
            detail={"rows": len(rows), **({"zero_withdrawn": True} if fell else {})},
            money=True,
        )
    return rows


def _insert(by: Person, union: Union, values: dict[str, Any], body: str, donors: int, amount: Decimal) -> Donation:
    return Donation.objects.create(
        union=union, body=body, donors=donors, amount=amount, entered_by=by, entered_at=clock.db_now(), **values
    )


def check_day(
    kind: str, donated_on: datetime.date, given: Given, drive: Drive | None, today: datetime.date | None = None
) -> None:
    """Raise unless the kind is known, the day has come, and both day and bodies are the drive's."""
    if kind not in DonationKind.values:
        raise Refused("募捐种类不在列表里。", "请从列表中选择募捐种类。")
    refuse_future(donated_on, "捐款日期", today)
    if drive is None:
        return
    if not drive.starts_on <= donated_on <= drive.account_by:
        raise Refused(
            f"捐款日期不在“{drive.title}”的{drive.starts_on.isoformat()}至{drive.account_by.isoformat()}之内。",
            "请核对日期，或不选这次募捐。",
        )
    other = [body_label(body) for body in given if body not in (ALL_BODIES, *drive.bodies)]
    if other:
        raise Refused(
            f"“{drive.title}”不向{'、'.join(other)}捐款。",
            f"这次的接收机构是{'、'.join(words for _, words in drive.asked)}。",
        )


def check_given(given: Given) -> None:
    """Raise unless every line says something and the donors over all bodies fit the donors of each."""
    if not given:
        raise Refused("没有填写任何捐款。", "请至少填写一个接收机构的捐款人数和金额。")
    for body, (donors, amount) in given.items():
        if body not in (ALL_BODIES, *DonationBody.values):
            raise Refused("接收机构不在列表里。", "请从列表中选择接收机构。")
        if donors < 0 or amount < 0 or not (donors or amount):
            raise Refused(
                f"{body_label(body)}的捐款人数和金额不能都是 0，也不能是负数。",
                "要冲减已登记的一笔，请在那一笔上点“冲销”。",
            )
    total, money = given.get(ALL_BODIES, (None, Decimal(0)))
    if money:
        raise Refused("各机构合计只记捐款人数，不记金额。", "请把金额填在接收机构的那一行。")
    each = [donors for body, (donors, _) in given.items() if body != ALL_BODIES]
    if total is not None and each and not max(each) <= total <= sum(each):
        raise Refused(
            f"捐款总人数 {total} 应在 {max(each)} 与 {sum(each)} 之间：一人向几个机构捐款只算一人。",
            "请核对总人数和各机构的捐款人数。",
        )


def body_label(body: str) -> str:
    """The receiving body in words."""
    return str(DonationBody(body).label) if body else "各机构合计"
