"""The papers of a batch: its lists to take away, invoices of goods, and who collected for somebody else."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from beneficiaries.enums import PayoutState, Route
from beneficiaries.models import GoodsInvoice, Payout, PayoutBatch, PayoutProxy
from relief.lib import clock, idnumber
from unions import attachments, audit
from unions.models import Attachment, Person
from unions.policy import Refused, can, require

INVOICE = "invoice"
HANDED_OUT = (PayoutState.APPROVED, PayoutState.RELEASED, PayoutState.PAID)


def allow_list(*, by: Person, batch: PayoutBatch, kind: str, full: bool) -> str:
    """The act of taking one list; in full only for the cashier of a batch that is approved to the last line (D18)."""
    act = "batch.list_full" if full else "batch.list"
    require(by, act, batch)
    if full:
        rows = list(batch.payouts.only("state", "pay_union"))
        if not rows or any(payout.state not in HANDED_OUT for payout in rows):
            raise Refused(
                "完整清册要在整批审批以后才能取。",
                "现在可以取遮蔽版；还没有审批的行请先办完，或移出本批。",
                act=act,
                obj=batch,
            )
        pays = all(can(by, "payout.papers", payout) for payout in rows)
        # the scan is the voucher that an audit compares
        audits = kind == "scan" and can(by, "batch.audit", batch)
        if not pays and not audits:
            raise Refused("完整清册由办理这一批的出纳取。", "可以改取遮蔽版。", status=403, act=act, obj=batch)
    return act


@transaction.atomic
def take_list(*, by: Person, batch: PayoutBatch, paper: str, kind: str, full: bool) -> None:
    """Write the audit row of one list that the person may take."""
    act = allow_list(by=by, batch=batch, kind=kind, full=full)
    count = batch.payouts.visible_to(by).count()
    audit.record(
        act=act,
        by=by,
        union=batch.union,
        obj=batch,
        fields=["id_number", "card_number", "bank"] if full else ["list"],
        detail={"number": batch.number, "paper": paper, "kind": kind, "full": full, "count": count},
    )


def record_proxy(*, by: Person, payout: Payout, name: str, relation: str, id_number: str) -> PayoutProxy:
    """Keep who collected cash or goods in the recipient's stead, as the signed list says; written anew when wrong."""
    require(by, "payout.proxy", payout)
    name, relation, number = name.strip(), relation.strip(), idnumber.normalise(id_number)
    if payout.state not in HANDED_OUT:
        raise Refused("审批以后、发放时才登记代领。", "请先办完审批。", act="payout.proxy", obj=payout)
    if not 0 < len(name) <= 40 or not 0 < len(relation) <= 20:
        raise Refused(
            "请填写代领人姓名和与领款人的关系。", "例如：配偶、子女、同事。", status=422, act="payout.proxy", obj=payout
        )
    fault = idnumber.fault(number) if number else "请填写代领人的身份证号。"
    if fault:
        raise Refused(f"代领人身份证号：{fault}", "请照代领人的证件核对。", status=422, act="payout.proxy", obj=payout)
    if number == idnumber.normalise(payout.id_number):
        raise Refused(
            "代领人和领款人是同一个身份证号。", "本人领取不用登记代领。", status=422, act="payout.proxy", obj=payout
        )
    with transaction.atomic():
        PayoutProxy.objects.filter(payout=payout).delete()
        proxy = PayoutProxy.objects.create(
            payout=payout, name=name, relation=relation, id_number=number, recorded_by=by, recorded_at=clock.db_now()
        )
        audit.record(
            act="payout.proxy", by=by, union=payout.union, obj=payout, fields=["proxy"], money=True,
            after=[name, relation, number], detail={"number": payout.number},
        )  # fmt: skip
    return proxy


def add_invoice(
    *,
    by: Person,
    batch: PayoutBatch,
    number: str,
    issued_on: datetime.date,
    amount: Decimal,
    upload: UploadedFile | None = None,
) -> GoodsInvoice:
    """Keep an invoice of the goods of a batch, with its scan; by those who enter or pay at its union."""
    return _keep_invoice(by, "batch.invoice", batch, GoodsInvoice(batch=batch), number, issued_on, amount, upload)


def add_payout_invoice(
    *,
    by: Person,
    payout: Payout,
    number: str,
    issued_on: datetime.date,
    amount: Decimal,
    upload: UploadedFile | None = None,
) -> GoodsInvoice:
    """The same of a single payout with goods; one that stands in a batch has its invoice there."""
    if payout.batch_id is not None:
        raise Refused("这一笔在批次里。", "请在批次页登记发票。", act="payout.invoice", obj=payout)
    if not payout.lines.filter(route=Route.GOODS).exists():
        raise Refused("这一笔没有实物。", "发实物的才登记发票。", act="payout.invoice", obj=payout)
    return _keep_invoice(by, "payout.invoice", payout, GoodsInvoice(payout=payout), number, issued_on, amount, upload)


def _keep_invoice(
    by: Person,
    act: str,
    owner: PayoutBatch | Payout,
    row: GoodsInvoice,
    number: str,
    issued_on: datetime.date,
    amount: Decimal,
    upload: UploadedFile | None,
) -> GoodsInvoice:
    require(by, act, owner)
    number = number.strip()
    wrong = (
        "请填写发票号码，40 个字以内。" if not 0 < len(number) <= 40
        else "发票金额须大于 0。" if amount <= 0
        else "开票日期不能晚于今天。" if issued_on > clock.today()
        else ""
    )  # fmt: skip
    if wrong:
        raise Refused(wrong, "请照发票改正。", status=422, act=act, obj=owner)
    row.number, row.issued_on, row.amount, row.added_by, row.added_at = number, issued_on, amount, by, clock.db_now()
    with transaction.atomic():
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise Refused("这张发票已经登记过。", "请核对发票号码。", status=422, act=act, obj=owner) from None
        if upload is not None:
            attachments.attach(by=by, union=owner.union, owner=row, upload=upload, kind=INVOICE)
        audit.record(
            act=act, by=by, union=owner.union, obj=owner, fields=["invoices"], money=True,
            detail={"number": owner.number, "invoice": number, "with_file": upload is not None},
        )  # fmt: skip
    return row


@transaction.atomic
def take_invoice(*, by: Person, payout: Payout, invoice: GoodsInvoice) -> Attachment:
    """Write the audit row of a look at the scan of an invoice and return it; refused when there is none."""
    require(by, "payout.take_invoice", payout)
    scan = attachments.of(invoice).filter(kind=INVOICE).first()
    if scan is None:
        raise Refused(
            "这张发票没有扫描件。", "请联系登记发票的同事。", status=409, act="payout.take_invoice", obj=payout
        )
    audit.record(
        act="payout.take_invoice", by=by, union=payout.union, obj=payout, fields=["invoices"],
        detail={"number": payout.number, "invoice": invoice.number},
    )  # fmt: skip
    return scan
