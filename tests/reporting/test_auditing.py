"""From a filed B or D to the rows of the ledger: their sum is the figure, and what changed since is seen."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries.models import Payout, PayoutReversal
from relief.lib import clock
from reporting.auditing import compared, money_items, rows_behind, spec_for, table_of
from reporting.formstore import load_forms, spec_of
from reporting.models import FormVersion
from tests.beneficiaries.payouts.conftest import Till, line, number_of
from tests.cast import log_in
from tests.reporting.test_main_job import DAY, fresh, hand_in, raise_funds
from unions.listings import listing_of


@pytest.fixture
def filed(published, cast):
    """The mill handed in a form with 2 figures of money: 24,600.50 raised, 380.00 paid, one of two payouts by two sources."""
    raise_funds(cast.clerk, cast.mill, published.campaign, "16000.00")
    raise_funds(cast.clerk, cast.mill, published.campaign, "8600.50", "donation")
    pay(published, cast, 1, line("own_union", "card", "150.00"))
    pay(published, cast, 2, line("own_union", "cash", "200.00"), line("donation", "goods", "30.00", "大米"))
    hand_in(cast.clerk, published.submission(cast.mill))
    return published


def pay(published, cast, sequence, *lines, union=None):
    till = Till(cast, published.campaign, None)
    payout = till.named(sequence, lines=list(lines), id_number=number_of(sequence))
    Payout.objects.filter(pk=payout.pk).update(state="paid", paid_on=DAY, union=union or cast.mill)
    return payout


def filing_of(published, union):
    return fresh(published.submission(union))


def test_every_money_figure_is_the_sum_of_its_rows(filed, cast):
    filing, spec = filing_of(filed, cast.mill), spec_for(filed.form)
    items = money_items(spec)
    figures = {each.item.code: each for each in compared([filing], items, spec)[filing.pk]}
    assert (figures["B"].filed, figures["D"].filed) == (Decimal("24600.50"), Decimal("380.00"))
    for item in items:
        total = sum((row.amount for row in rows_behind(filing, item)), Decimal(0))
        assert (figures[item.code].filed, figures[item.code].ledger, figures[item.code].differs) == (total, total, 0)


def test_a_payout_taken_back_after_filing_is_seen_as_a_difference(filed, cast):
    payout = Payout.objects.get(lines__amount=Decimal("150.00"))
    PayoutReversal.objects.create(
        payout=payout, reversed_on=DAY, reason="重复", proposed_by=cast.cashier, proposed_at=clock.db_now(),
        confirmed_by=cast.approver, confirmed_at=clock.db_now(),
    )  # fmt: skip
    filing, spec = filing_of(filed, cast.mill), spec_for(filed.form)
    (figure,) = compared([filing], [spec.item("D")], spec)[filing.pk]
    assert (figure.filed, figure.ledger, figure.differs) == (Decimal("380.00"), Decimal("230.00"), Decimal("150.00"))


@pytest.mark.parametrize(
    ("form_id", "whole"),
    [
        ("shaanxi-2024", ["B", "D"]),
        ("jiaozuo-2019-campaign", ["B", "D"]),
        ("jiaozuo-2018-centre", ["P10", "P15"]),
        ("suzhou-2013", ["05", "06"]),
        ("shanghai-2019", ["S2", "S6"]),
        ("jinshan-2020-donation", []),
    ],
)
def test_the_whole_figures_of_money_of_each_form(db, form_id, whole):
    load_forms()
    spec = spec_of(FormVersion.objects.get(form_id=form_id))
    assert [item.code for item in money_items(spec, whole=True)] == whole


def test_the_pages_lead_from_the_filing_to_the_line_without_a_name(client, filed, cast):
    log_in(client, cast.auditor)
    page = client.get(reverse("audit_filings"))
    ((filing, figures),) = page.context["rows"]
    assert (filing.union, [each.item.code for each in figures]) == (cast.mill, ["B", "D"])
    paid = client.get(reverse("audit_figure", args=[filing.pk, "D"]))
    assert (paid.context["total"], len(paid.context["rows"])) == (Decimal("380.00"), 3)
    assert {row.who for _, row in paid.context["rows"]} == {""}
    assert "魏" not in paid.content.decode()
    raised = client.get(reverse("audit_figure", args=[filing.pk, "B4"]))
    ((_, row),) = raised.context["rows"]
    assert (row.amount, [paper.text for paper in row.papers]) == (Decimal("8600.50"), ["没有凭证号", "没有凭证原件"])


def test_what_is_no_money_or_no_filing_is_not_there(client, filed, cast):
    filing = filing_of(filed, cast.mill)
    assert [table_of(spec_for(filed.form).item(code)) for code in ("A", "B", "C", "D1")] == ["", "funds", "", "lines"]
    log_in(client, cast.auditor)
    for pk, code in ((filing.pk, "C"), (filing.pk, "Z9"), (filing_of(filed, cast.school).pk, "B"), (0, "B")):
        assert client.get(reverse("audit_figure", args=[pk, code])).status_code == 404
    assert client.get(reverse("audit_filings"), {"form": "x"}).status_code == 200
    log_in(client, cast.clerk)
    assert client.get(reverse("audit_filings")).status_code == 403
    assert client.get(reverse("audit_figure", args=[filing.pk, "B"])).status_code == 403


def test_without_a_filing_the_page_says_so(client, cast):
    log_in(client, cast.auditor)
    assert "还没有上报的统计表" in client.get(reverse("audit_filings")).content.decode()


def test_the_comparison_goes_to_excel(filed, cast):
    listing = listing_of("audit_filings")
    for given in ({}, {"form": str(filed.form.pk)}, {"form": "x"}):
        rows = listing.rows(cast.auditor, given)
        told = [[field.read(row) for field in listing.fields][4:] for row in rows.iterator(chunk_size=10)]
        assert (len(told), told[0]) == (
            rows.count(),
            ["B", "筹集慰问款物总额", Decimal("24600.50"), Decimal("24600.50"), 0],
        )
    assert listing.rows(cast.clerk, {}).count() == 0


def test_more_filings_and_more_lines_cost_no_more_queries(client, filed, cast):
    filing = filing_of(filed, cast.mill)
    urls = [reverse("audit_filings"), *(reverse("audit_figure", args=[filing.pk, code]) for code in "BD")]
    log_in(client, cast.auditor)
    counts = []
    for turn in range(2):
        counts.append([])
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts[turn].append(len(queries))
        if not turn:
            hand_in(cast.school_clerk, filed.submission(cast.school))
            hand_in(cast.county_clerk, filed.submission(cast.county), missing_note="其余单位未报")
            raise_funds(cast.clerk, cast.mill, filed.campaign, "5.00")
            for sequence in (11, 12):
                pay(filed, cast, sequence, line("own_union", "cash", "5.00"))
    assert counts[0] == counts[1]
