"""Funds that came in, and what is left of each source."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from campaigns import actions
from campaigns.balances import Balance, balances, free
from campaigns.enums import FundSource
from campaigns.forms.ledger import FundsForm, LedgerFilter, VoucherForm
from campaigns.models import FundsRaised
from campaigns.views.answers import page_of
from campaigns.views.entry import ENTER, REVERSE, Entry, keyed, marked, taken_back, typed
from relief.lib import clock
from unions import attachments
from unions.models import Person, Union
from unions.policy import may_anywhere, require
from unions.web import current_union, page, person_of


@page("ledger.read")
def funds(request: HttpRequest) -> HttpResponse:
    """Money and goods that came in at the person's unions, newest first."""
    person = person_of(request)
    narrowed = LedgerFilter(
        request.GET or None, person=person, code="source", label="来源", choices=FundSource.choices, day="received_on"
    )
    rows = FundsRaised.objects.visible_to(person).filter(**narrowed.filters())
    shown = page_of(request, marked(rows).select_related("union", "campaign", "drive"))
    vouchers = attachments.of_all(FundsRaised, [row.pk for row in shown])
    context = {
        "page": shown,
        "rows": [{"row": row, "vouchers": vouchers[row.pk]} for row in shown],
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
    row = _row(person, pk)
    entry = Entry(row.union, "冲销筹集", "funds", REVERSE, _said(row))
    return taken_back(request, row, "funds.reverse", entry, partial(actions.reverse_funds, by=person, funds=row))


@page("funds.voucher", methods=("GET", "POST"))
def funds_voucher_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the scan of the voucher to a row."""
    person = person_of(request)
    row = _row(person, pk)
    require(person, "funds.voucher", row)

    def write(values: dict[str, Any]) -> str:
        actions.attach_voucher(by=person, funds=row, **values)
        return "凭证已上传。"

    entry = Entry(row.union, "上传到账凭证", "funds", "上传", _said(row))
    return typed(request, keyed(request, VoucherForm), entry, write)


@page("ledger.read")
def funds_voucher(request: HttpRequest, pk: int, attachment_id: int) -> HttpResponse:
    """One voucher as a download; every download is written down."""
    person = person_of(request)
    row = _row(person, pk)
    voucher = get_object_or_404(attachments.of(row), pk=attachment_id)
    return attachments.download_response(actions.open_voucher(by=person, funds=row, attachment=voucher))


def _row(person: Person, pk: int) -> FundsRaised:
    return get_object_or_404(FundsRaised.objects.visible_to(person).select_related("union", "campaign"), pk=pk)


def _said(row: FundsRaised) -> str:
    return f"{row.get_source_display()} {row.amount:,.2f} 元，{row.received_on.isoformat()} 到账，凭证 {row.voucher or '—'}"


@page("ledger.read")
def fund_balances(request: HttpRequest) -> HttpResponse:
    """What the current union has of each source now."""
    union = current_union(request)
    rows = _balance_rows(union)
    context = {"union": union, "rows": rows, "total": _total(rows), "tab": "balances"}
    return render(request, "campaigns/balances.html", context)


COLUMNS = ("raised", "allocated_in", "returned_in", "allocated_out", "returned_out", "on_the_way")


def _balance_rows(union: Union) -> list[dict[str, Any]]:
    found, left = balances([union.pk]).get(union.pk, {}), free([union.pk])
    rows = []
    for source in FundSource:
        has, held = left.get((union.pk, source)), found.get(source, Balance())
        if has is not None or source in found:
            free_now = has or Decimal(0)
            amounts = {name: getattr(held, name) for name in COLUMNS}
            rows.append({"source": source.label, **amounts, "spent": held.available - free_now, "free": free_now})
    return rows


def _total(rows: list[dict[str, Any]]) -> dict[str, Decimal]:
    return {name: sum((row[name] for row in rows), Decimal(0)) for name in (*COLUMNS, "spent", "free")}
