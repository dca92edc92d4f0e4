"""Donation drives and the remittances with which they are sent on."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from campaigns import actions
from campaigns.actions.donations import body_label
from campaigns.donation_forms import DonationForm, RemittanceForm, SlipForm
from campaigns.enums import DonationBody, DonationKind
from campaigns.ledger_forms import LedgerFilter
from campaigns.models import Donation, Remittance
from campaigns.views.answers import page_of
from campaigns.views.entry import ENTER, REVERSE, Entry, keyed, marked, taken_back, typed
from relief.lib import clock
from unions import attachments
from unions.models import Attachment
from unions.policy import may_anywhere, require
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
        "page": page_of(request, marked(rows).select_related("union", "campaign")),
        "filter": narrowed,
        "total": rows.aggregate(total=Sum("amount"))["total"] or Decimal(0),
        "tab": "donations",
        "may_record": may_anywhere(person, "donation.record"),
        "enters": set(person.union_ids(ENTER)),
    }
    return render(request, "campaigns/donations.html", context)


@page("donation.record", methods=("GET", "POST"))
def donation_new(request: HttpRequest) -> HttpResponse:
    """Record one day of a drive at the current union."""
    person, union = person_of(request), current_union(request, ENTER)
    form = keyed(request, DonationForm, person=person, initial={"donated_on": clock.today()})

    def write(values: dict[str, Any]) -> str:
        actions.record_donations(by=person, union=union, **values)
        return f"已登记{DonationKind(values['kind']).label} {DonationForm.total(values['given']):,.2f} 元。"

    return typed(request, form, Entry(union, "登记捐款", "donations"), write)


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


@page("ledger.read")
def remittances(request: HttpRequest) -> HttpResponse:
    """Remittances of the person's unions with their slips, newest first."""
    person = person_of(request)
    narrowed = LedgerFilter(request.GET or None, person=person, day="remitted_on")
    rows = Remittance.objects.visible_to(person).filter(**narrowed.filters())
    shown = page_of(request, marked(rows).select_related("union", "campaign"))
    slips = _slips([row.pk for row in shown])
    context = {
        "page": shown,
        "rows": [{"remittance": row, "slips": slips.get(row.pk, [])} for row in shown],
        "filter": narrowed,
        "total": rows.aggregate(total=Sum("amount"))["total"] or Decimal(0),
        "tab": "remittances",
        "may_record": may_anywhere(person, "remittance.record"),
        "enters": set(person.union_ids(ENTER)),
    }
    return render(request, "campaigns/remittances.html", context)


def _slips(ids: list[int]) -> dict[int, list[Attachment]]:
    """The slips of all rows of a page in one query."""
    found: dict[int, list[Attachment]] = {}
    kept = Attachment.objects.filter(owner_type=Remittance._meta.label, owner_id__in=ids, removed_at__isnull=True)
    for slip in kept.order_by("pk"):
        found.setdefault(slip.owner_id, []).append(slip)
    return found


@page("remittance.record", methods=("GET", "POST"))
def remittance_new(request: HttpRequest) -> HttpResponse:
    """Record donations that the current union sent on, with the scan of the slip."""
    person, union = person_of(request), current_union(request, ENTER)
    form = keyed(request, RemittanceForm, person=person, initial={"remitted_on": clock.today()})

    def write(values: dict[str, Any]) -> str:
        row = actions.record_remittance(by=person, union=union, **values)
        return f"已登记汇款 {row.amount:,.2f} 元，凭证号 {row.slip_number}。"

    return typed(request, form, Entry(union, "登记汇款", "remittances"), write)


@page("remittance.reverse", methods=("GET", "POST"))
def remittance_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one remittance back."""
    person = person_of(request)
    row = get_object_or_404(Remittance.objects.visible_to(person).select_related("union", "campaign"), pk=pk)
    entry = Entry(row.union, "冲销汇款", "remittances", REVERSE, _said(row))
    return taken_back(
        request, row, "remittance.reverse", entry, partial(actions.reverse_remittance, by=person, remittance=row)
    )


def _said(row: Remittance) -> str:
    return f"{row.amount:,.2f} 元，{row.remitted_on.isoformat()} 汇出，凭证 {row.slip_number}"


@page("remittance.slip", methods=("GET", "POST"))
def remittance_slip_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the scan of the slip to a remittance recorded before."""
    person = person_of(request)
    row = get_object_or_404(Remittance.objects.visible_to(person).select_related("union"), pk=pk)
    require(person, "remittance.slip", row)

    def write(values: dict[str, Any]) -> str:
        actions.attach_slip(by=person, remittance=row, **values)
        return "单据已上传。"

    entry = Entry(row.union, "上传汇款单据", "remittances", "上传", _said(row))
    return typed(request, keyed(request, SlipForm), entry, write)


@page("ledger.read")
def remittance_slip(request: HttpRequest, pk: int, attachment_id: int) -> HttpResponse:
    """One slip as a download; every download is written down."""
    person = person_of(request)
    row = get_object_or_404(Remittance.objects.visible_to(person).select_related("union"), pk=pk)
    slip = get_object_or_404(attachments.of(row), pk=attachment_id)
    return attachments.download_response(actions.open_slip(by=person, remittance=row, attachment=slip))
