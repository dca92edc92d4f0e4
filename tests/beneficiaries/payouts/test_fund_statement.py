"""The statement closes from one year to the next, and every figure of it is the sum of the rows behind it."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries import actions
from beneficiaries.funds import balances
from beneficiaries.funds.statement import COLUMNS, Period, entries, statement, year_of
from campaigns import actions as ledger
from tests.beneficiaries.payouts.conftest import DAY, fresh, line, pairs, raise_funds
from tests.beneficiaries.payouts.test_steps import to_approved
from tests.cast import log_in

LATER = datetime.date(2025, 3, 3)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def year(till, cast):
    """2024: raised, received, paid, one payout taken back in 2025, money handed up in 2025."""
    raise_funds(cast.county, cast.county_clerk, "central", "9000.00")
    raise_funds(cast.county, cast.county_clerk, "local", "500.00")
    down = ledger.record_allocation(
        by=cast.county_clerk, giver=cast.county, receiver=cast.mill, campaign=None, source="central",
        amount=Decimal("4000.00"), allocated_on=day("2024-12-30"), note="第二批",
    )  # fmt: skip
    ledger.confirm_allocation(by=cast.clerk, allocation=down, confirmed_on=day("2025-01-02"))
    for amount in ("150.00", "250.00"):
        pay(till, cast, amount)
    (first, _) = till.cast.mill.payouts.order_by("pk")
    reversal = actions.propose_reversal(by=cast.cashier, payout=fresh(first), reversed_on=LATER, reason="重复发放")
    actions.confirm_reversal(by=cast.approver, reversal=reversal)
    up = ledger.return_funds(
        by=cast.clerk, giver=cast.mill, receiver=cast.county, campaign=None, source="central",
        amount=Decimal("1000.00"), allocated_on=day("2025-02-01"), note="余款",
    )  # fmt: skip
    ledger.confirm_allocation(by=cast.county_clerk, allocation=up, confirmed_on=day("2025-02-03"))
    pay(till, cast, "300.00", paid_from=cast.county, lines=[line("local", "cash", "300.00")])
    return till


def pay(till, cast, amount, **more):
    payout = till.named(id_number="", **{"lines": [line("own_union", "cash", amount)], **more})
    to_approved(cast, payout)
    by = cast.cashier if payout.paid_from_id == cast.mill.pk else cast.county_cashier
    actions.settle_payouts(by=by, payouts=pairs(payout), paid_on=DAY, key=f"pay-{payout.pk}")


def shown(union, period) -> dict[str, list[str]]:
    return {
        each.source: [str(each.opening), *map(str, each.flows.values()), str(each.closing), str(each.on_the_way)]
        for each in statement(union.pk, period).lines
    }


def test_a_year_carries_over_into_the_next(year, cast):
    old, new = shown(cast.mill, year_of(2024)), shown(cast.mill, year_of(2025))
    # opening, raised, received, returned from below, given, paid, returned up, closing, on the way
    assert old["own_union"] == ["0.00", "10000.00", *["0.00"] * 3, "400.00", "0.00", "9600.00", "0.00"]
    assert new["own_union"] == ["9600.00", *["0.00"] * 4, "-150.00", "0.00", "9750.00", "0.00"]
    assert old["central"] == ["0.00", "10000.00", *["0.00"] * 5, "10000.00", "4000.00"]
    assert new["central"] == ["10000.00", "0.00", "4000.00", *["0.00"] * 3, "1000.00", "13000.00", "0.00"]
    assert old["local"] == ["0.00", "0.00", "300.00", "0.00", "0.00", "300.00", "0.00", "0.00", "0.00"]
    county = shown(cast.county, year_of(2025))["central"]
    assert county == ["5000.00", "0.00", "0.00", "1000.00", "0.00", "0.00", "0.00", "6000.00", "0.00"]


def test_the_last_closing_is_the_balance(year, cast):
    for union in (cast.mill, cast.county):
        held = balances.balances([union.pk])[union.pk]
        closing = {each.source: each.closing for each in statement(union.pk, year_of(2026)).lines}
        assert closing == {source: funds.balance for source, funds in held.items()}


@pytest.mark.parametrize("period", [year_of(2024), year_of(2025), Period(day("2024-01-10"), day("2025-02-28"))])
def test_every_figure_is_the_sum_of_its_rows(year, cast, period):
    for union in (cast.mill, cast.county):
        found = statement(union.pk, period)
        for each in [*found.lines, found.total]:
            for column in COLUMNS:
                for keeper in (True, False):
                    rows = entries(union.pk, column, each.source, period, keeper=keeper)
                    assert sum((row.amount for row in rows), Decimal(0)) == each.flows[column]


def test_more_paid_than_raised_is_explained_with_one_click(client, year, cast):
    """The address with a form's period says where the money came from; each figure opens its rows."""
    log_in(client, cast.clerk)
    days = {"union": cast.mill.pk, "first": "2024-01-10", "last": "2024-02-24"}
    page = client.get(reverse("fund_statement"), days)
    assert page.context["explained"] == [
        ("多发放", Decimal("700.00")),
        ("期初结余", Decimal("40000.00")),
        ("上级拨入", Decimal("300.00")),
    ]
    for row in [*page.context["rows"], page.context["total"]]:
        for amount, url in row["flows"]:
            assert client.get(url).context["total"] == amount
    before = client.get(page.context["opening_url"])
    assert before.context["total"]["closing"] == Decimal("40000.00")


def test_who_does_not_keep_the_payouts_sees_days(client, year, cast):
    address = {"union": cast.mill.pk, "year": "2024", "column": "paid", "source": "own_union"}
    log_in(client, cast.clerk)
    own = client.get(reverse("fund_statement_rows"), address)
    assert [(entry.amount, entry.payout is not None) for entry in own.context["page"]] == [
        (Decimal("150.00"), True),
        (Decimal("250.00"), True),
    ]
    log_in(client, cast.county_clerk)
    above = client.get(reverse("fund_statement_rows"), address)
    assert [(entry.what, entry.amount, entry.payout) for entry in above.context["page"]] == [
        ("发放 2 笔", Decimal("400.00"), None)
    ]
    for person in (cast.stranger, cast.museum_clerk):
        log_in(client, person)
        assert client.get(reverse("fund_statement"), address).status_code == 404
        assert client.get(reverse("fund_statement_rows"), address).status_code == 404


def test_odd_addresses_are_answered(client, cast):
    log_in(client, cast.clerk)
    assert client.get(reverse("fund_statement"), {"year": "1x", "first": "gestern", "last": "2024"}).status_code == 200
    assert client.get(reverse("fund_statement_rows"), {"column": "secret"}).status_code == 404
    assert client.get(reverse("fund_statement_rows"), {"column": "paid", "source": "gold"}).status_code == 404


def test_the_pages_ask_no_more_for_more_rows(client, year, cast):
    log_in(client, cast.clerk)
    urls = (reverse("fund_statement") + "?year=2024", reverse("fund_statement_rows") + "?year=2024&column=paid")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            for url in urls:
                client.get(url)
        counts.append(len(queries))
        pay(year, cast, "5.00")
        raise_funds(cast.mill, cast.clerk, "local", "5.00")
    assert counts[0] == counts[1]
