"""Invoices of single payouts with goods: kept with their scan, shown on the page, each look on record."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries import actions
from beneficiaries.models import GoodsInvoice
from tests.beneficiaries.payouts.conftest import line
from tests.beneficiaries.payouts.test_batches import opened, signed_list, workers
from tests.cast import log_in
from unions.models import AuditEvent
from unions.policy import Refused

SENT = {"number": "24537000000012345678", "issued_on": "2024-01-10", "amount": "80.00"}


@pytest.fixture
def goods(till):
    return till.named(lines=[line("own_union", "goods", "80.00", "大米")])


def test_an_invoice_is_kept_and_its_scan_given_out(client, cast, goods):
    log_in(client, cast.clerk).post(reverse("payout_invoice", args=[goods.pk]), {**SENT, "upload": signed_list()})
    row = GoodsInvoice.objects.get()
    assert (row.payout, row.batch, row.amount, row.issued_on) == (
        goods,
        None,
        Decimal("80.00"),
        datetime.date(2024, 1, 10),
    )
    assert SENT["number"] in client.get(reverse("payout_detail", args=[goods.pk])).content.decode()
    answer = client.get(reverse("payout_invoice_scan", args=[goods.pk, row.pk]))
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    acts = AuditEvent.objects.filter(act__contains="invoice").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["payout.invoice", "payout.take_invoice"]


def test_the_same_invoice_twice_is_told_and_what_was_typed_stays(client, cast, goods):
    page = log_in(client, cast.clerk)
    for _ in range(2):
        answer = page.post(reverse("payout_invoice", args=[goods.pk]), SENT)
    assert answer.context["invoice_form"].non_field_errors() == ["这张发票已经登记过。请核对发票号码。"]
    assert (GoodsInvoice.objects.count(), SENT["number"] in answer.content.decode()) == (1, True)


def test_money_has_no_invoice_and_a_batch_keeps_its_own(till, cast):
    batch = opened(till, route="goods", item="大米")
    actions.add_recipients(by=cast.clerk, batch=batch, recipients=workers(1))
    given = {"by": cast.clerk, "number": "1", "issued_on": datetime.date(2024, 1, 10), "amount": Decimal("80.00")}
    with pytest.raises(Refused, match="在批次里"):
        actions.add_payout_invoice(payout=batch.payouts.get(), **given)
    with pytest.raises(Refused, match="没有实物"):
        actions.add_payout_invoice(payout=till.named(), **given)


def test_three_invoices_cost_no_more_queries_than_one(client, cast, goods):
    page, costs = log_in(client, cast.clerk), []
    for numbers in (["1"], ["2", "3"]):
        for number in numbers:
            actions.add_payout_invoice(
                by=cast.clerk, payout=goods, number=number, issued_on=datetime.date(2024, 1, 10), amount=Decimal("9.00")
            )
        with CaptureQueriesContext(connection) as queries:
            page.get(reverse("payout_detail", args=[goods.pk]))
        costs.append(len(queries))
    assert costs[0] == costs[1]
