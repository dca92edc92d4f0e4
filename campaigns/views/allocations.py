"""Money going down and back up: given, on its way, received."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Case, CharField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from campaigns import actions
from campaigns.actions.allocations import RECEIVERS
from campaigns.enums import AllocationKind, FundSource
from campaigns.forms.ledger import AllocationForm, AllocationReversalForm, LedgerFilter, ReceiptForm, ReturnForm
from campaigns.models import Allocation
from campaigns.views.answers import page_of
from campaigns.views.entry import ENTER, REVERSE, Entry, keyed, taken_back, typed
from relief.lib import clock
from unions.models import Person, Union
from unions.policy import require
from unions.web import current_union, page, person_of


@page("ledger.read")
def allocations(request: HttpRequest) -> HttpResponse:
    """Money handed down by or to the person's unions, newest first; what waits for a receipt can be confirmed here."""
    person = person_of(request)
    narrowed = LedgerFilter(
        request.GET or None, person=person, code="source", label="来源", choices=FundSource.choices, day="allocated_on"
    )
    rows = Allocation.objects.visible_to(person).filter(**narrowed.filters())
    shown = page_of(request, _with_origin(rows).select_related("giver", "receiver", "campaign"))
    enters = set(person.union_ids(ENTER))
    context = {
        "page": shown,
        "filter": narrowed,
        "tab": "allocations",
        "may_record": Union.objects.filter(parent__in=enters).exists(),
        "may_return": Union.objects.filter(pk__in=enters, parent__isnull=False).exists(),
        "enters": enters,
        "receives": set(person.union_ids(RECEIVERS)),
        "reversed_ids": _reversed_ids(shown),
    }
    return render(request, "campaigns/allocations.html", context)


def _with_origin(rows: QuerySet[Allocation]) -> QuerySet[Allocation]:
    """Each row with where it came from: typed, a reversal, a payout."""
    origin = Case(
        When(reverses__isnull=False, then=Value("reversal")),
        When(payout_ref="", then=Value("typed")),
        default=Value("payout"),
        output_field=CharField(),
    )
    return rows.annotate(origin=origin)


def _reversed_ids(shown: Any) -> set[int]:
    found = Allocation.objects.filter(reverses__in=[row.pk for row in shown])
    return {pk for pk in found.values_list("reverses", flat=True) if pk is not None}


@page("allocation.record", methods=("GET", "POST"))
def allocation_new(request: HttpRequest) -> HttpResponse:
    """Record money that the current union hands down."""
    person, giver = person_of(request), current_union(request, ENTER)
    form = keyed(request, AllocationForm, person=person, giver=giver, initial={"allocated_on": clock.today()})

    def write(values: dict[str, Any]) -> str:
        row = actions.record_allocation(by=person, giver=giver, **values)
        return f"已登记拨付 {row.amount:,.2f} 元。{_until_confirmed(row)}"

    return typed(request, form, Entry(giver, "登记拨付", "allocations"), write)


@page("allocation.return", methods=("GET", "POST"))
def allocation_return(request: HttpRequest) -> HttpResponse:
    """Record money that the current union gives back to one above it."""
    person, giver = person_of(request), current_union(request, ENTER)
    first = {"allocated_on": clock.today(), "receiver": giver.parent_id}
    form = keyed(request, ReturnForm, person=person, giver=giver, initial=first)

    def write(values: dict[str, Any]) -> str:
        row = actions.return_funds(by=person, giver=giver, **values)
        return f"已登记退回 {row.amount:,.2f} 元。{_until_confirmed(row)}"

    return typed(request, form, Entry(giver, "退回上级", "allocations"), write)


def _until_confirmed(row: Allocation) -> str:
    return f"{row.receiver.name}确认收到以前算在途。" if row.confirmed_on is None else ""


@page("allocation.confirm", methods=("GET", "POST"))
def allocation_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the money arrived, and when."""
    person = person_of(request)
    row = _row(person, pk)
    require(person, "allocation.confirm", row)
    form = keyed(request, ReceiptForm, initial={"confirmed_on": clock.today()})

    def write(values: dict[str, Any]) -> str:
        done = actions.confirm_allocation(by=person, allocation=row, **values)
        return f"已确认收到 {done.amount:,.2f} 元，可以使用。"

    what = "退回" if row.kind == AllocationKind.RETURN else "拨付"
    about = f"{row.giver.name}{what}，{row.get_source_display()} {row.amount:,.2f} 元，{row.allocated_on.isoformat()}"
    return typed(request, form, Entry(row.receiver, "确认收到", "allocations", "确认收到", about), write)


@page("allocation.reverse", methods=("GET", "POST"))
def allocation_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one typed row back that is still on its way."""
    person = person_of(request)
    row = _row(person, pk)
    said = f"拨给{row.receiver.name}，{row.get_source_display()} {row.amount:,.2f} 元，{row.allocated_on.isoformat()}"
    entry = Entry(row.giver, "冲销拨付", "allocations", REVERSE, said)
    back = partial(actions.reverse_allocation, by=person, allocation=row)
    return taken_back(request, row, "allocation.reverse", entry, back, AllocationReversalForm)


def _row(person: Person, pk: int) -> Allocation:
    found = Allocation.objects.visible_to(person).select_related("giver", "receiver", "campaign")
    row: Allocation = get_object_or_404(found, pk=pk)
    return row
