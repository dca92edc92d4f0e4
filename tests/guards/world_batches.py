"""What the small world of the guards holds of payout batches: one still a draft, one approved with its signed list."""

from __future__ import annotations

import base64
import datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from beneficiaries import actions
from beneficiaries.actions import paper_jobs
from beneficiaries.actions.batch_entries import Recipient
from beneficiaries.actions.batch_steps import control
from beneficiaries.models import PayoutBatch
from campaigns.models import Campaign
from relief.lib import idnumber
from tests.cast import Cast
from unions import attachments
from unions.idempotency import new_key

DAY = datetime.date(2024, 1, 22)
PROXY_ID = idnumber.make("999902", datetime.date(1982, 11, 3), 41)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""The smallest picture there is."""


def add(cast: Cast, campaign: Campaign, rows: dict[str, Any]) -> None:
    """Put the batches, a threshold and a signed list into the rows."""
    rows["batch"] = _batch(cast, campaign, "贺春生", 31)
    signed = _batch(cast, campaign, "柳如眉", 33)
    for name, run, by in (
        ("plan", actions.plan_batch, cast.clerk),
        ("review", actions.review_batch, cast.reviewer),
        ("approve", actions.approve_batch, cast.approver),
    ):
        run(by=by, batch=signed, seen=control(signed, name).token, key=new_key())
    actions.add_signed_list(by=cast.cashier, batch=signed, upload=SimpleUploadedFile("signed.pdf", PDF))
    rows["signed_batch"], rows["signed_payout"] = signed, signed.payouts.get()
    rows["paper_job"] = paper_jobs.order(by=cast.cashier, batch=signed, paper="sign", full=False)
    rows["signed_scan"] = attachments.of(signed).get()
    actions.record_proxy(
        by=cast.cashier, payout=rows["signed_payout"], name="秦素云", relation="配偶", id_number=PROXY_ID
    )
    rows["goods_payout"] = actions.draft_payout(
        by=cast.clerk, union=cast.mill, campaign=campaign, planned_on=DAY, relief_group="festival_duty",
        purpose="relief_visit", recipient="邢开泰", id_number=idnumber.make("999902", datetime.date(1979, 5, 6), 61),
        lines=[{"source": "own_union", "route": "goods", "amount": Decimal("90.00"), "item": "大米"}],
    )  # fmt: skip
    rows["goods_invoice"] = actions.add_payout_invoice(
        by=cast.clerk, payout=rows["goods_payout"], number="24537000000000000001", issued_on=DAY,
        amount=Decimal("90.00"), upload=SimpleUploadedFile("invoice.pdf", PDF),
    )  # fmt: skip
    actions.add_visit_photos(by=cast.clerk, visit=rows["visit"], photos=[SimpleUploadedFile("photo.png", PNG)])
    rows["photo"] = attachments.of(rows["visit"]).get()
    rows["threshold"] = actions.set_threshold(
        by=cast.approver, union=cast.mill, per_payout=Decimal("90000.00"), per_batch=None, origin="厂工会办法第六条",
        valid_from=DAY,
    )  # fmt: skip


def _batch(cast: Cast, campaign: Campaign, name: str, sequence: int) -> PayoutBatch:
    batch = actions.open_batch(
        by=cast.clerk, union=cast.mill, campaign=campaign, title="坚守岗位慰问", relief_group="festival_duty",
        purpose="relief_visit", planned_on=DAY, source="own_union", route="cash", amount=Decimal("100.00"),
    )  # fmt: skip
    number = idnumber.make("999902", datetime.date(1979, 5, 6), sequence)
    actions.add_recipients(by=cast.clerk, batch=batch, recipients=[Recipient(name=name, id_number=number, line=1)])
    return batch
