"""Funds, allocations and what is left of each source."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Case, CharField, QuerySet, Sum, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse

from campaigns import actions
from campaigns.actions.ledger import reversal_mark
from campaigns.balances import Balance, balances
from campaigns.enums import FundSource
from campaigns.ledger_forms import AllocationForm, AllocationReversalForm, FundsForm, LedgerFilter
from campaigns.models import Allocation, FundsRaised
from campaigns.views.answers import page_of
from campaigns.views.entry import ENTER, REVERSE, Entry, keyed, marked, taken_back, typed
from relief.lib import clock
from unions.models import Person, Union
from unions.policy import can, may_anywhere
from unions.web import current_union, page, person_of


@page("ledger.read")
def funds(request: HttpRequest) -> HttpResponse:
    """Money and goods that came in at the person's unions, newest first."""
    person = person_of(request)
    narrowed = LedgerFilter(
        request.GET or None, person=person, code="source", label="来源", choices=FundSource.choices, day="received_on"
    )
    rows = FundsRaised.objects.visible_to(person).filter(**narrowed.filters())
    context = {
        "page": page_of(request, marked(rows).select_related("union", "campaign")),
        "filter": narrowed,
        "total": rows.aggregate(total=Sum("amount"))["total"] or Decimal(0),
        "tab": "funds",
        "may_record": may_anywhere(person, "funds.record"),
        "enters": set(person.union_ids(ENTER)),
    }
    return render(request, "campaigns/funds.html", context)


@page("funds.record", methods=("GET", "POST"))
def funds_new(request: HttpRequest) -> HttpResponse:
    """Record money or goods that came in at the current union."""
    person, union = person_of(request), current_union(request, ENTER)
    form = keyed(request, FundsForm, person=person, initial={"received_on": clock.today(), "form": "cash"})

    def write(values: dict[str, Any]) -> str:
        row = actions.record_funds(by=person, union=union, **values)
        return f"已登记{row.get_source_display()} {row.amount:,.2f} 元。"

    return typed(request, form, Entry(union, "登记筹集", "funds"), write)


@page("funds.reverse", methods=("GET", "POST"))
def funds_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one row back by a reversal."""
    person = person_of(request)
    row = get_object_or_404(FundsRaised.objects.visible_to(person).select_related("union", "campaign"), pk=pk)
    said = f"{row.get_source_display()} {row.amount:,.2f} 元，{row.received_on.isoformat()} 到账，凭证 {row.voucher or '—'}"
    entry = Entry(row.union, "冲销筹集", "funds", REVERSE, said)
    return taken_back(request, row, "funds.reverse", entry, partial(actions.reverse_funds, by=person, funds=row))


@page("ledger.read")
def allocations(request: HttpRequest) -> HttpResponse:
    """Money handed down by or to the person's unions, newest first."""
    person = person_of(request)
    narrowed = LedgerFilter(
        request.GET or None, person=person, code="source", label="来源", choices=FundSource.choices, day="allocated_on"
    )
    rows = Allocation.objects.visible_to(person).filter(**narrowed.filters())
    shown = page_of(request, _with_reversal(rows).select_related("giver", "receiver", "campaign"))
    reversed_marks = {reversal_mark(row) for row in shown}
    found = Allocation.objects.filter(payout_ref__in=reversed_marks).values_list("payout_ref", flat=True)
    context = {
        "page": shown,
        "filter": narrowed,
        "tab": "allocations",
        "may_record": Union.objects.filter(parent__in=person.union_ids(ENTER)).exists(),
        "enters": set(person.union_ids(ENTER)),
        "reversed_ids": {int(mark.rpartition(" ")[2]) for mark in found},
    }
    return render(request, "campaigns/allocations.html", context)


def _with_reversal(rows: QuerySet[Allocation]) -> QuerySet[Allocation]:
    """Each row with where it came from: typed, a reversal, a payout."""
    origin = Case(
        When(payout_ref="", then=Value("typed")),
        When(payout_ref__startswith="冲销 ", then=Value("reversal")),
        default=Value("payout"),
        output_field=CharField(),
    )
    return rows.annotate(origin=origin)


@page("allocation.record", methods=("GET", "POST"))
def allocation_new(request: HttpRequest) -> HttpResponse:
    """Record money that the current union hands down."""
    person, giver = person_of(request), current_union(request, ENTER)
    form = keyed(request, AllocationForm, person=person, giver=giver, initial={"allocated_on": clock.today()})

    def write(values: dict[str, Any]) -> str:
        row = actions.record_allocation(by=person, giver=giver, **values)
        return f"已登记拨付 {row.amount:,.2f} 元。"

    return typed(request, form, Entry(giver, "登记拨付", "allocations"), write)


@page("allocation.reverse", methods=("GET", "POST"))
def allocation_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one typed allocation back."""
    person = person_of(request)
    found = Allocation.objects.visible_to(person).select_related("giver", "receiver", "campaign")
    row = get_object_or_404(found, pk=pk)
    said = f"拨给{row.receiver.name}，{row.get_source_display()} {row.amount:,.2f} 元，{row.allocated_on.isoformat()}"
    entry = Entry(row.giver, "冲销拨付", "allocations", REVERSE, said)
    back = partial(actions.reverse_allocation, by=person, allocation=row)
    return taken_back(request, row, "allocation.reverse", entry, back, AllocationReversalForm)


@page("ledger.read")
def fund_balances(request: HttpRequest) -> HttpResponse:
    """What the current union has of each source; payouts are filled in by the app above."""
    person, union = person_of(request), current_union(request)
    rows = _balance_rows(union)
    context = {
        "union": union,
        "rows": rows,
        "total": _total([row["balance"] for row in rows]),
        "tab": "balances",
        "paid_url": _paid_url(union, person),
    }
    return render(request, "campaigns/balances.html", context)


def _balance_rows(union: Union) -> list[dict[str, Any]]:
    found = balances([union.pk]).get(union.pk, {})
    return [
        {"source": FundSource(source).label, "balance": found[source]}
        for source in FundSource.values
        if source in found
    ]


def _total(each: list[Balance]) -> Balance:
    return Balance(
        sum((one.raised for one in each), Decimal(0)),
        sum((one.allocated_in for one in each), Decimal(0)),
        sum((one.allocated_out for one in each), Decimal(0)),
    )


def _paid_url(union: Union, person: Person) -> str:
    """Where the paid part comes from; empty while no app gives it."""
    if not can(person, "ledger.read"):
        return ""
    try:
        return f"{reverse('funds_paid_part')}?union={union.pk}"
    except NoReverseMatch:
        return ""
