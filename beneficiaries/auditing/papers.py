"""The papers of money lines: for each row of a page its voucher, sign list, invoice and bank file, or that one is missing."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse

from beneficiaries.actions.batch_steps import SIGNED
from beneficiaries.enums import Route
from beneficiaries.models import BankFile, BankFileLine, GoodsInvoice, Payout, PayoutBatch, PayoutLine
from campaigns.models import FundsRaised
from relief.lib import idnumber
from unions import attachments
from unions.models import Person


@dataclass(frozen=True)
class Paper:
    """One paper in words: `url` opens it where the person may, `missing` marks one that should be there."""

    text: str
    url_name: str = ""
    arguments: tuple[int, ...] = ()
    missing: bool = False

    @property
    def url(self) -> str:
        return reverse(self.url_name, args=self.arguments) if self.url_name else ""


@dataclass(frozen=True)
class MoneyRow:
    """One row of money with its papers; `opens` is the payout's id where the person may open it, `who` is masked."""

    day: datetime.date
    number: str
    source: str
    way: str
    amount: Decimal
    who: str = ""
    opens: int | None = None
    papers: list[Paper] = field(default_factory=list)


def raised_rows(rows: Iterable[FundsRaised]) -> list[MoneyRow]:
    """Money that came in, each with its vouchers; one query."""
    shown = list(rows)
    files = attachments.of_all(FundsRaised, [row.pk for row in shown])
    found = []
    for row in shown:
        papers = [Paper(f"凭证 {row.voucher}") if row.voucher else Paper("没有凭证号", missing=True)]
        papers += [Paper("凭证原件", "funds_voucher", (row.pk, file.pk)) for file in files[row.pk]]
        if not files[row.pk]:
            papers.append(Paper("没有凭证原件", missing=True))
        way = f"{row.get_form_display()}{'，冲销' if row.reverses_id else ''}"
        found.append(MoneyRow(row.received_on, row.voucher, row.get_source_display(), way, row.amount, papers=papers))
    return found


def line_rows(lines: Sequence[PayoutLine], person: Person, *, sign: int = 1, day: str = "paid_day") -> list[MoneyRow]:
    """Payout lines (loaded with payout and batch, and their day under a name), each with its papers; a fixed number of queries."""
    payouts = {line.payout_id for line in lines}
    seen = set(Payout.objects.visible_to(person).filter(pk__in=payouts).values_list("pk", flat=True))
    files = _Files(lines, person)
    return [
        MoneyRow(
            getattr(line, day),
            line.payout.number,
            line.get_source_display(),
            f"{line.get_route_display()}{f'：{line.item}' if line.item and line.payout_id in seen else ''}",
            sign * line.amount,
            idnumber.mask_name(line.payout.recipient) if line.payout_id in seen else "",
            line.payout_id if line.payout_id in seen else None,
            files.of(line),
        )
        for line in lines
    ]


class _Files:
    """Sign lists, invoices and bank files of the payouts of some lines."""

    def __init__(self, lines: Sequence[PayoutLine], person: Person) -> None:
        payouts, batches = {line.payout_id for line in lines}, {line.payout.batch_id or 0 for line in lines}
        self.of_batch = attachments.of_all(PayoutBatch, batches)
        self.of_payout = attachments.of_all(Payout, payouts)
        self.open_batches = _ids(PayoutBatch.objects.visible_to(person).filter(pk__in=batches))
        self.invoices: defaultdict[tuple[str, int], list[str]] = defaultdict(list)
        bills = GoodsInvoice.objects.filter(batch__in=batches) | GoodsInvoice.objects.filter(payout__in=payouts)
        for bill in bills.order_by("pk"):
            of = ("batch", bill.batch_id) if bill.batch_id else ("payout", bill.payout_id or 0)
            self.invoices[of].append(bill.number)
        sent = BankFileLine.objects.filter(payout__in=payouts, copied=False).select_related("bank_file")
        self.sent: defaultdict[int, list[BankFile]] = defaultdict(list)
        for row in sent.order_by("pk"):
            self.sent[row.payout_id].append(row.bank_file)
        files = {file.pk for found in self.sent.values() for file in found}
        self.open_files = _ids(BankFile.objects.visible_to(person).filter(pk__in=files))

    def of(self, line: PayoutLine) -> list[Paper]:
        if line.route in (Route.CARD, Route.PASSBOOK):
            return self._bank(line)
        return [*self._signed(line), *(self._bills(line) if line.route == Route.GOODS else [])]

    def _signed(self, line: PayoutLine) -> list[Paper]:
        batch = line.payout.batch_id
        scans = [scan for scan in self.of_batch.get(batch, []) if scan.kind == SIGNED] if batch else []
        if scans and batch in self.open_batches:
            return [Paper("签收表", "batch_scan", (batch, scan.pk)) for scan in scans]
        if scans or any(scan.kind == SIGNED for scan in self.of_payout.get(line.payout_id, [])):
            return [Paper("有签收表")]
        return [Paper("没有签收表", missing=True)]

    def _bills(self, line: PayoutLine) -> list[Paper]:
        batch = line.payout.batch_id
        numbers = self.invoices[("payout", line.payout_id)] + (self.invoices[("batch", batch)] if batch else [])
        return [Paper(f"发票 {number}") for number in numbers] or [Paper("没有发票", missing=True)]

    def _bank(self, line: PayoutLine) -> list[Paper]:
        files = self.sent[line.payout_id]
        if not files:
            return [Paper("没有银行文件", missing=True)]
        return [
            Paper(f"银行文件 {file.number}", "bank_file", (file.pk,))
            if file.pk in self.open_files
            else Paper(f"银行文件 {file.number}")
            for file in files
        ]


def _ids(rows: QuerySet) -> set[int]:
    return set(rows.values_list("pk", flat=True))
