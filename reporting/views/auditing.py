"""经审: filed figures beside the ledger, and from a figure down to line and voucher."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from beneficiaries.auditing.papers import MoneyRow, line_rows, raised_rows
from reporting.auditing import (
    audited_deliverables,
    audited_filings,
    chosen_of,
    compared,
    money_items,
    rows_behind,
    spec_for,
    table_of,
)
from unions.models import Person
from unions.web import page, person_of

PER_PAGE = 50


@page("auditing.read")
def audit_filings(request: HttpRequest) -> HttpResponse:
    """What the audited unions filed as raised and paid, beside what the ledger says now."""
    person = person_of(request)
    deliverables = audited_deliverables(person)
    chosen = chosen_of(deliverables, request.GET.get("form", ""))
    context: dict[str, Any] = {"deliverables": deliverables, "chosen": chosen, "rows": []}
    if chosen is not None:
        spec = spec_for(chosen)
        items = money_items(spec, whole=True)
        shown = Paginator(audited_filings(person).filter(deliverable=chosen), PER_PAGE).get_page(
            request.GET.get("page")
        )
        filings = list(shown)
        figures = compared(filings, items, spec)
        context |= {"page": shown, "items": items, "rows": [(each, figures[each.pk]) for each in filings]}
    return render(request, "reporting/audit_filings.html", context)


@page("auditing.read")
def audit_figure(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The rows of the ledger behind one filed figure, each with its papers."""
    person = person_of(request)
    filing = get_object_or_404(audited_filings(person), pk=pk)
    spec = spec_for(filing.deliverable)
    item = spec.by_code.get(code)
    if item is None or not table_of(item):
        raise Http404
    rows = rows_behind(filing, item)
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    paid = table_of(item) == "lines"
    (figure,) = compared([filing], [item], spec)[filing.pk]
    context = {
        "filing": filing,
        "item": item,
        "figure": figure,
        "near": [each for each in money_items(spec) if table_of(each) == table_of(item)],
        "page": shown,
        "rows": [(filing.union.called, row) for row in _with_papers(list(shown), person, paid=paid)],
        "of_payouts": paid,
        "total": rows.order_by().aggregate(total=Sum("amount"))["total"] or Decimal("0.00"),
    }
    return render(request, "reporting/audit_figure.html", context)


def _with_papers(rows: list[Any], person: Person, *, paid: bool) -> list[MoneyRow]:
    return line_rows(rows, person) if paid else raised_rows(rows)
