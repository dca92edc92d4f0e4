"""Money coming in, and what every row of the ledger is asked. Rows are never changed: a reversal is a row of its own (R-34)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction

from campaigns.balances import free
from campaigns.enums import FundForm, FundSource
from campaigns.models import Campaign, FundsRaised
from relief.lib import clock
from relief.lib.money import grouped
from unions import attachments, audit, idempotency
from unions.models import Attachment, IdempotencyKey, Person, Union
from unions.policy import Refused, require

VOUCHER = "到账凭证"


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


def lock_funds(union_ids: Iterable[int]) -> None:
    """Let others who spend money of these unions wait until this transaction ends: sums read from now on hold (T6).

    SQLite has one writer, there the lock is the transaction itself. PostgreSQL waits in line longer than for other locks:
    many may approve at the same moment.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{settings.RELIEF_FUND_WAIT}s"])
    rows = Union.objects.select_for_update(no_key=True).filter(pk__in=set(union_ids)).order_by("pk")
    list(rows.values_list("pk"))


def refuse_overdraft(union: Union, source: str, amount: Decimal, what: str, next_step: str) -> None:
    """Raise unless the union has the amount left of the source; call it after `lock_funds`."""
    left = free([union.pk]).get((union.pk, source), Decimal(0))
    if amount > left:
        raise Refused(
            f"{union.name}的{FundSource(source).label}可用 {grouped(left, 2)} 元，{what} {grouped(amount, 2)} 元，"
            f"少 {grouped(amount - left, 2)} 元。",
            next_step,
        )


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
    scan: UploadedFile | None = None,
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
        if scan is not None:
            attachments.attach(by=by, union=union, owner=row, upload=scan, kind=VOUCHER)
        remember(claimed, row.pk)
        audit.record(act="funds.record", by=by, union=union, obj=row, fields=values, after=values, money=True)
    return row


def attach_voucher(*, by: Person, funds: FundsRaised, upload: UploadedFile, key: str | None = None) -> Attachment:
    """Add the scan of the voucher to money recorded before; the same request `key` twice keeps one file."""
    require(by, "funds.voucher", funds)
    with transaction.atomic():
        claimed, receipt = claim(by, "funds.voucher", key, {"funds": funds.pk, "size": upload.size})
        if receipt:
            return Attachment.objects.get(pk=receipt)
        row = attachments.attach(by=by, union=funds.union, owner=funds, upload=upload, kind=VOUCHER)
        remember(claimed, row.pk)
    return row


@transaction.atomic
def open_voucher(*, by: Person, funds: FundsRaised, attachment: Attachment) -> Attachment:
    """The voucher, to be given out, with the audit row of the download (R-13)."""
    require(by, "ledger.read", funds)
    audit.record(
        act="funds.voucher_read", by=by, union=funds.union, obj=funds, detail={"attachment": attachment.pk}, money=True
    )
    return attachment
