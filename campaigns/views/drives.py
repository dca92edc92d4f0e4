"""Drives: the list, what is asked, who stands where, and the page of one union."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from campaigns import actions
from campaigns.actions.donations import body_label
from campaigns.enums import DonationBody, DriveState
from campaigns.forms.drives import DriveFilter, DriveForm, RetainForm, StatusFilter
from campaigns.models import Donation, Drive, FundsRaised, NothingCollected, Remittance
from campaigns.querysets import own_line
from campaigns.standings import NOTHING, narrowed, standing, totals, unions_in, with_standing
from campaigns.views.answers import page_of, posted_version, show_refusal
from campaigns.views.entry import ENTER, Entry, keyed, marked, typed
from relief.lib import clock
from unions import attachments
from unions.enums import Role
from unions.models import Person, Union
from unions.policy import Refused, can, may_anywhere, require
from unions.web import current_post, current_union, page, person_of

OPENERS = (Role.ORGANISE, Role.ENTER)
MOST = 100
"""Remittances and retained rows of one union on its page; the lists of the ledger show all."""


def drive_of(person: Person, pk: int) -> Drive:
    """The visible drive of this number, or 404."""
    found = Drive.objects.visible_to(person).select_related("issuer", "campaign", "receiver", "entered_by")
    return get_object_or_404(found, pk=pk)


@page("ledger.read")
def drives(request: HttpRequest) -> HttpResponse:
    """Drives of the person's unions and of those above and below them, newest first."""
    person = person_of(request)
    chosen = DriveFilter(request.GET or None, person=person)
    rows = Drive.objects.visible_to(person).filter(**chosen.filters()).select_related("issuer", "campaign")
    context = {
        "page": page_of(request, rows),
        "filter": chosen,
        "tab": "drives",
        "may_start": may_anywhere(person, "drive.open"),
        "today": clock.today(),
    }
    return render(request, "campaigns/drives.html", context)


@page("drive.open", methods=("GET", "POST"))
def drive_new(request: HttpRequest) -> HttpResponse:
    """Open a drive at the current union."""
    person, issuer = person_of(request), current_union(request, OPENERS)
    today = clock.today()
    form = keyed(request, DriveForm, person=person, issuer=issuer, initial={"year": today.year, "starts_on": today})

    def write(values: dict[str, Any]) -> str:
        row = actions.open_drive(by=person, issuer=issuer, **values)
        return f"已发起“{row.title}”，本单位和下级现在就可以登记。"

    return typed(request, form, Entry(issuer, "发起募捐", "drives", "发起"), write)


@page("drive.change", methods=("GET", "POST"))
def drive_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what an open drive asks."""
    person = person_of(request)
    drive = drive_of(person, pk)
    require(person, "drive.change", drive)
    scope: dict[str, Any] = {"person": person, "issuer": drive.issuer, "drive": drive}
    form = keyed(request, DriveForm, initial=DriveForm.shown(drive), **scope)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        del values["key"]
        try:
            actions.change_drive(by=person, drive=drive, version=form.cleaned_data["version"] or 0, **values)
        except Refused as refusal:
            show_refusal(form, refusal, Drive.objects.get(pk=pk).version)
        else:
            messages.success(request, "修改已保存。")
            return redirect("drive", pk)
    entry = Entry(drive.issuer, "修改募捐", "drive", "保存", drive.title, (pk,))
    context = {"form": form, "entry": entry, "files": False, "fields": "components/_fields.html"}
    return render(request, "campaigns/ledger_form.html", context, status=422 if form.errors else 200)


@page("drive.close", methods=("POST",))
def drive_close(request: HttpRequest, pk: int) -> HttpResponse:
    """End a drive."""
    drive = drive_of(person_of(request), pk)
    actions.close_drive(by=person_of(request), drive=drive, version=posted_version(request))
    messages.success(request, "募捐已结束，各单位不能再登记；在途的汇款还可以确认。")
    return redirect("drive", pk)


@page("drive.reopen", methods=("POST",))
def drive_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the unions record again."""
    drive = drive_of(person_of(request), pk)
    actions.reopen_drive(by=person_of(request), drive=drive, version=posted_version(request))
    messages.success(request, "募捐已重新开放。")
    return redirect("drive", pk)


@page("ledger.read")
def drive(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has recorded, sent on and is confirmed, with what is left per union; who sees one union only gets its page."""
    person = person_of(request)
    found = drive_of(person, pk)
    everybody = unions_in(found, person)
    own = _own_union(request, found)
    if own is not None and own.pk != found.issuer_id and not Union.objects.filter(parent=own).exists():
        return redirect("drive_union", pk, own.pk)
    chosen = StatusFilter(request.GET or None)
    rows = with_standing(everybody, found)
    context = {
        "drive": found,
        "page": page_of(request, narrowed(rows, chosen.chosen)),
        "filter": chosen,
        "total": totals(rows),
        "own": own,
        "tab": "drives",
        "change": can(person, "drive.change", found),
        "reopen": can(person, "drive.reopen", found),
    }
    return render(request, "campaigns/drive.html", context)


def _own_union(request: HttpRequest, found: Drive) -> Union | None:
    """The union in which the person works just now, if it belongs to the drive."""
    post = current_post(request)
    return post.union if post is not None and post.union.is_within(found.issuer) else None


@page("ledger.read")
def drive_union(request: HttpRequest, pk: int, union_id: int) -> HttpResponse:
    """What one union collected, sent on and kept, and what it still has in hand."""
    person = person_of(request)
    found = drive_of(person, pk)
    inside = Union.objects.subtree(found.issuer).filter(own_line(person, "path"))
    union = get_object_or_404(inside, pk=union_id)
    enters = union.pk in person.union_ids(ENTER) and found.state == DriveState.OPEN
    donations = marked(Donation.objects.filter(drive=found, union=union))
    context = {
        "drive": found,
        "union": union,
        "standing": standing(union, found),
        "bodies": _by_body(found, union),
        "page": page_of(request, donations),
        "sent": _with_slips(Remittance.objects.filter(drive=found, union=union)),
        "received": _with_slips(Remittance.objects.filter(drive=found, confirms_at=union).exclude(union=union)),
        "kept": marked(FundsRaised.objects.filter(drive=found, union=union))[:MOST],
        "tab": "drives",
        "zero": NothingCollected.objects.filter(drive=found, union=union).standing().select_related("said_by").first(),
        "may_record": enters,
        "enters": set(person.union_ids(ENTER)),
        "confirms": set(person.union_ids({Role.ENTER, Role.PAY})),
        "person_id": person.pk,
    }
    return render(request, "campaigns/drive_union.html", context)


@page("drive.zero", methods=("POST",))
def drive_nothing(request: HttpRequest, pk: int) -> HttpResponse:
    """Say for the current union that nothing was collected (报 0), or take that back."""
    person, union = person_of(request), current_union(request, ENTER)
    found = drive_of(person, pk)
    if request.POST.get("how") == "back":
        actions.take_back_nothing(by=person, union=union, drive=found)
        messages.success(request, "已撤回报 0。")
    else:
        actions.report_nothing(by=person, union=union, drive=found)
        messages.success(request, f"{union.called}已报 0；以后登记捐款时自动撤回。")
    return redirect("drive_union", pk, union.pk)


def _by_body(found: Drive, union: Union) -> list[tuple[str, int, Any]]:
    """(receiving body, donors, 元) of the bodies that are asked or were given to; the donors over all of them last."""
    sums = Donation.objects.filter(drive=found, union=union).order_by().values_list("body")
    by_body = {body: (donors, amount) for body, donors, amount in sums.annotate(Sum("donors"), Sum("amount"))}
    order = [body for body in DonationBody.values if body in found.bodies or body in by_body]
    given = [(body_label(body), *by_body.get(body, (0, NOTHING))) for body in order]
    return [*given, ("捐款总人数（不重复）", by_body[""][0], None)] if "" in by_body else given


def _with_slips(rows: Any) -> list[dict[str, Any]]:
    """Remittances with their slips, newest first."""
    shown = list(marked(rows).select_related("union", "confirms_at", "decided_by")[:MOST])
    slips = attachments.of_all(Remittance, [row.pk for row in shown])
    return [{"it": row, "slips": slips[row.pk]} for row in shown]


@page("donation.retain", methods=("GET", "POST"))
def drive_retain(request: HttpRequest, pk: int) -> HttpResponse:
    """Take donations that were not sent on into the current union's own funds."""
    person, union = person_of(request), current_union(request, ENTER)
    found = drive_of(person, pk)
    form = keyed(request, RetainForm, initial={"retained_on": clock.today()})

    def write(values: dict[str, Any]) -> str:
        row = actions.retain_donations(by=person, union=union, drive=found, **values)
        return f"已留存 {row.amount:,.2f} 元，计入本会“社会捐助”资金。"

    about = f"{found.title}，手中 {standing(union, found).left:,.2f} 元"
    entry = Entry(union, "登记留存", "drive_union", "登记", about, (pk, union.pk))
    return typed(request, form, entry, write)
