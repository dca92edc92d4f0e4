"""Donation drives: what was given to which receiving body, and the bank slip with which it was sent on."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from campaigns.actions.ledger import claim, refuse_future, refuse_sealed, remember
from campaigns.enums import DonationBody, DonationKind
from campaigns.models import Campaign, Donation, Remittance
from relief.lib import clock
from unions import attachments, audit
from unions.models import Attachment, Person, Union
from unions.policy import Refused, require

ALL_BODIES = ""
"""The row that counts each donor once, however many bodies he gave to; it carries no money."""
SLIP = "slip"
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
    key: str | None = None,
) -> list[Donation]:
    """Record one day of a drive and return its rows: `given` maps a receiving body to (donors, 元).

    The body "" stands for the donors over all bodies. One audit row for the day; the same request `key` twice gives the
    same rows.
    """
    require(by, "donation.record", union)
    if kind not in DonationKind.values:
        raise Refused("募捐种类不在列表里。", "请从列表中选择募捐种类。")
    _check(given)
    refuse_sealed(campaign)
    refuse_future(donated_on, "捐款日期")
    values = {
        "campaign_id": campaign and campaign.pk,
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
        rows = [_insert(by, union, values, body, *line) for body, line in given.items()]
        remember(claimed, ",".join(str(row.pk) for row in rows))
        audit.record(
            act="donation.record",
            by=by,
            union=union,
            obj=rows[0],
            fields=[*values, "body", "donors", "amount"],
            after={**values, "given": lines},
            detail={"rows": len(rows)},
            money=True,
        )
    return rows


def _insert(by: Person, union: Union, values: dict[str, Any], body: str, donors: int, amount: Decimal) -> Donation:
    return Donation.objects.create(
        union=union, body=body, donors=donors, amount=amount, entered_by=by, entered_at=clock.db_now(), **values
    )


def _check(given: Given) -> None:
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
    key: str | None = None,
) -> Remittance:
    """Record donations sent on by bank, with the scan of the slip where it is at hand."""
    require(by, "remittance.record", union)
    if amount <= 0:
        raise Refused("汇款金额要大于 0。", "要冲减已登记的一笔，请在那一笔上点“冲销”。")
    if not slip_number.strip():
        raise Refused("汇款凭证号没有填。", "请照银行回单填写凭证号或流水号。")
    refuse_sealed(campaign)
    refuse_future(remitted_on, "汇款日期")
    values = {
        "campaign_id": campaign and campaign.pk,
        "remitted_on": remitted_on,
        "amount": amount,
        "slip_number": slip_number.strip(),
        "note": note.strip(),
    }
    with transaction.atomic():
        claimed, receipt = claim(by, "remittance.record", key, {"union": union.pk, **values})
        if receipt:
            return Remittance.objects.get(pk=receipt)
        row = Remittance.objects.create(union=union, entered_by=by, entered_at=clock.db_now(), **values)
        if slip is not None:
            attachments.attach(by=by, union=union, owner=row, upload=slip, kind=SLIP)
        remember(claimed, row.pk)
        audit.record(act="remittance.record", by=by, union=union, obj=row, fields=values, after=values, money=True)
    return row


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
