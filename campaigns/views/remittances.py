"""Donations sent on by bank: the list with its slips, typing, and what the union above says of them."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from campaigns import actions
from campaigns.actions.remittances import CONFIRMERS
from campaigns.enums import RemittanceState
from campaigns.forms.donations import RemittanceForm, SlipForm
from campaigns.forms.drives import ArrivalForm, SendBackForm
from campaigns.forms.ledger import LedgerFilter
from campaigns.models import Drive, Remittance
from campaigns.views.answers import page_of, posted_version
from campaigns.views.entry import ENTER, REVERSE, Entry, keyed, marked, taken_back, typed
from relief.lib import clock
from unions import attachments
from unions.models import Person, Union
from unions.policy import may_anywhere, require
from unions.web import current_union, page, person_of, whole_number


def asked_drive(request: HttpRequest, person: Person) -> Drive | None:
    """The drive that the address names, or None; one that is not there is 404."""
    named = request.GET.get("drive")
    if not named:
        return None
    found = Drive.objects.visible_to(person).select_related("issuer", "campaign", "receiver")
    return get_object_or_404(found, pk=whole_number(named))


def entry_of(union: Union, title: str, drive: Drive | None, plain: str) -> Entry:
    """The page on which a row is typed, which leads back to the drive or to the list."""
    if drive is None:
        return Entry(union, title, plain)
    return Entry(union, title, "drive_union", about=drive.title, back_args=(drive.pk, union.pk))


@page("ledger.read")
def remittances(request: HttpRequest) -> HttpResponse:
    """Remittances of the person's unions with their slips, newest first; what waits can be confirmed here."""
    person = person_of(request)
    narrowed = LedgerFilter(
        request.GET or None, person=person, code="state", label="状态", choices=RemittanceState.choices,
        day="remitted_on",
    )  # fmt: skip
    rows = Remittance.objects.visible_to(person).filter(**narrowed.filters())
    shown = page_of(request, marked(rows).select_related("union", "campaign", "drive", "confirms_at"))
    slips = attachments.of_all(Remittance, [row.pk for row in shown])
    context = {
        "page": shown,
        "rows": [{"it": row, "slips": slips[row.pk]} for row in shown],
        "filter": narrowed,
        "total": rows.aggregate(total=Sum("amount"))["total"] or Decimal(0),
        "tab": "remittances",
        "may_record": may_anywhere(person, "remittance.record"),
        "enters": set(person.union_ids(ENTER)),
        "confirms": set(person.union_ids(CONFIRMERS)),
        "person_id": person.pk,
    }
    return render(request, "campaigns/remittances.html", context)


@page("remittance.record", methods=("GET", "POST"))
def remittance_new(request: HttpRequest) -> HttpResponse:
    """Record donations that the current union sent on, with the scan of the slip; ?drive=… for a drive, else chosen from the open ones."""
    person, union = person_of(request), current_union(request, ENTER)
    drive = asked_drive(request, person)
    form = keyed(
        request, RemittanceForm, person=person, union=union, drive=drive, initial={"remitted_on": clock.today()}
    )

    def write(values: dict[str, Any]) -> str:
        row = actions.record_remittance(by=person, union=union, **values)
        waits = f"等{row.confirms_at.name}确认到账。" if row.confirms_at else ""
        return f"已登记汇款 {row.amount:,.2f} 元，凭证号 {row.slip_number}，{waits}"

    return typed(request, form, entry_of(union, "登记汇款", drive, "remittances"), write)


@page("remittance.reverse", methods=("GET", "POST"))
def remittance_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one remittance back."""
    person = person_of(request)
    row = _row(person, pk)
    entry = Entry(row.union, "冲销汇款", "remittances", REVERSE, _said(row))
    return taken_back(
        request, row, "remittance.reverse", entry, partial(actions.reverse_remittance, by=person, remittance=row)
    )


@page("remittance.confirm", methods=("GET", "POST"))
def remittance_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the money arrived, and when."""
    person = person_of(request)
    row = _row(person, pk)
    require(person, "remittance.confirm", row)
    form = keyed(request, ArrivalForm, initial={"arrived_on": clock.today(), "version": row.version})

    def write(values: dict[str, Any]) -> str:
        done = actions.confirm_remittance(by=person, remittance=row, **values)
        return f"已确认到账 {done.amount:,.2f} 元。"

    return typed(request, form, _decision(row, "确认到账"), write)


@page("remittance.return", methods=("GET", "POST"))
def remittance_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a remittance back with the reason."""
    person = person_of(request)
    row = _row(person, pk)
    require(person, "remittance.return", row)
    form = keyed(request, SendBackForm, initial={"version": row.version})

    def write(values: dict[str, Any]) -> str:
        actions.return_remittance(by=person, remittance=row, **values)
        return f"已退回{row.union.name}，这笔汇款不再计入。"

    return typed(request, form, _decision(row, "退回汇款"), write)


def _decision(row: Remittance, title: str) -> Entry:
    return _step(row, title, row.confirms_at or row.union)


def _step(row: Remittance, title: str, at: Union) -> Entry:
    """A step on a remittance, which leads back to the page of the union that takes it."""
    about = f"{row.union.name}，{_said(row)}"
    if row.drive is None or not at.is_within(row.drive.issuer):
        return Entry(at, title, "remittances", title, about)
    return Entry(at, title, "drive_union", title, about, (row.drive.pk, at.pk))


@page("remittance.resubmit", methods=("POST",))
def remittance_resubmit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a returned remittance in again."""
    person = person_of(request)
    row = _row(person, pk)
    done = actions.resubmit_remittance(by=person, remittance=row, version=posted_version(request))
    messages.success(request, f"已重新报送，等{done.confirms_at.name if done.confirms_at else '上级'}确认到账。")
    return redirect(_step(row, "重新报送", row.union).back_url)


def _row(person: Person, pk: int) -> Remittance:
    found = Remittance.objects.visible_to(person).select_related("union", "campaign", "drive__issuer", "confirms_at")
    return get_object_or_404(found, pk=pk)


def _said(row: Remittance) -> str:
    return f"{row.amount:,.2f} 元，{row.remitted_on.isoformat()} 汇出，凭证 {row.slip_number}"


@page("remittance.slip", methods=("GET", "POST"))
def remittance_slip_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the scan of the slip to a remittance recorded before."""
    person = person_of(request)
    row = _row(person, pk)
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
    row = _row(person, pk)
    slip = get_object_or_404(attachments.of(row), pk=attachment_id)
    return attachments.download_response(actions.open_slip(by=person, remittance=row, attachment=slip))
