"""Donations by receiving body."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from campaigns import actions
from campaigns.actions.donations import body_label
from campaigns.enums import DonationBody, DonationKind
from campaigns.forms.donations import DonationForm
from campaigns.forms.ledger import LedgerFilter
from campaigns.models import Donation
from campaigns.views.answers import page_of
from campaigns.views.entry import ENTER, REVERSE, Entry, keyed, marked, taken_back, typed
from campaigns.views.remittances import asked_drive, entry_of
from relief.lib import clock
from unions.policy import may_anywhere
from unions.web import current_union, page, person_of

ALL = [("-", "各机构合计（不重复人数）")]


@page("ledger.read")
def donations(request: HttpRequest) -> HttpResponse:
    """Donations by receiving body at the person's unions, newest first."""
    person = person_of(request)
    narrowed = LedgerFilter(
        request.GET or None,
        person=person,
        code="body",
        label="接收机构",
        choices=[*DonationBody.choices, *ALL],
        day="donated_on",
    )
    filters = narrowed.filters()
    if filters.get("body") == "-":
        filters["body"] = ""
    rows = Donation.objects.visible_to(person).filter(**filters)
    context = {
        "page": page_of(request, marked(rows).select_related("union", "campaign", "drive")),
        "filter": narrowed,
        "total": rows.aggregate(total=Sum("amount"))["total"] or Decimal(0),
        "tab": "donations",
        "may_record": may_anywhere(person, "donation.record"),
        "enters": set(person.union_ids(ENTER)),
    }
    return render(request, "campaigns/donations.html", context)


@page("donation.record", methods=("GET", "POST"))
def donation_new(request: HttpRequest) -> HttpResponse:
    """Record one day of donations at the current union; ?drive=… for a drive."""
    person, union = person_of(request), current_union(request, ENTER)
    drive = asked_drive(request, person)
    form = keyed(request, DonationForm, person=person, drive=drive, initial={"donated_on": clock.today()})

    def write(values: dict[str, Any]) -> str:
        rows = actions.record_donations(by=person, union=union, drive=drive, **values)
        return f"已登记{DonationKind(rows[0].kind).label} {DonationForm.total(values['given']):,.2f} 元。"

    return typed(request, form, entry_of(union, "登记捐款", drive, "donations"), write)


@page("donation.reverse", methods=("GET", "POST"))
def donation_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the donors and money of one body back."""
    person = person_of(request)
    row = get_object_or_404(Donation.objects.visible_to(person).select_related("union", "campaign"), pk=pk)
    said = f"{body_label(row.body)} {row.donors} 人 {row.amount:,.2f} 元，{row.donated_on.isoformat()}"
    entry = Entry(row.union, "冲销捐款", "donations", REVERSE, said)
    return taken_back(
        request, row, "donation.reverse", entry, partial(actions.reverse_donation, by=person, donation=row)
    )
