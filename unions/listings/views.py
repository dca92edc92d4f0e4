"""Pages of exported lists: ask, see, let a second person agree, fetch."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from urllib.parse import quote, urlencode

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from relief.lib import clock
from unions import attachments, background
from unions.actions import list_files
from unions.actions import listings as actions
from unions.listings.gate import ALONE, Grade, needs_second
from unions.listings.model import Listing, listing_of
from unions.listings.rights import earlier_rows
from unions.models import ListExport
from unions.policy import Refused, can, may_anywhere, require
from unions.web import current_union, page, person_of

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _listing(key: str) -> Listing:
    found = listing_of(key)
    if found is None:
        raise Http404
    return found


@page("list.export", methods=("GET", "POST"))
def list_export_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for a list as it is filtered; the address carries its filters."""
    listing, person = _listing(kind), person_of(request)
    require(person, listing.act)
    if request.method == "POST":
        try:
            export = actions.ask_export(
                by=person,
                union=current_union(request),
                listing=listing,
                conditions=request.GET.dict(),
                full=request.POST.get("full") == "1",
                purpose=request.POST.get("purpose", "")[:200],
            )
        except Refused as refusal:
            if refusal.status != 422:
                raise
            return _ask(request, listing, fault=f"{refusal.reason}{refusal.next_step}", status=422)
        return redirect("list_export", pk=export.pk)
    return _ask(request, listing)


def _ask(request: HttpRequest, listing: Listing, *, fault: str = "", status: int = 200) -> HttpResponse:
    person, asked = person_of(request), listing.asked(request.GET.dict())
    rows = listing.rows(person, asked).count()
    may_full = bool(listing.full_act) and may_anywhere(person, listing.full_act)
    ways = []
    for full in (False, True) if may_full else (False,):
        grade, taken = listing.grade(full), listing.taken(person, asked, full).count() if full else rows
        earlier = earlier_rows(person, grade)
        ways.append(
            {
                "full": full,
                "grade": Grade(grade).label,
                "second": needs_second(grade, taken, earlier),
                "rows": taken,
                "limit": ALONE[grade],
                "long": taken > settings.RELIEF_LIST_ROWS,
                "earlier": earlier,
                "columns": "、".join(field.title for field in listing.chosen(full)),
            }
        )
    context = {
        "listing": listing,
        "conditions": listing.words(asked),
        "rows": rows,
        "ways": ways,
        "at_once": settings.RELIEF_LIST_ROWS,
        "fault": fault,
        "purpose": request.POST.get("purpose", ""),
        "chosen_full": request.POST.get("full") == "1",
        "back": f"{reverse(listing.back)}?{urlencode(asked)}" if asked else reverse(listing.back),
    }
    return render(request, "unions/list_export_new.html", context, status=status)


@page("list.export")
def list_exports(request: HttpRequest) -> HttpResponse:
    """The person's own exports and those that wait for their word, newest first."""
    person = person_of(request)
    seen = (
        ListExport.objects.visible_to(person).select_related("union", "asked_by", "job").defer("held").order_by("-pk")
    )
    shown = Paginator(seen, PER_PAGE).get_page(request.GET.get("page"))
    now = clock.db_now()
    context = {
        "page": shown,
        "rows": [
            {
                "export": export,
                "title": _title(export),
                "own": export.asked_by_id == person.pk,
                "over": export.is_over(now),
                "making": background.standing(export.job, now) if export.job else {},
            }
            for export in shown
        ],
        "now": now,
    }
    return render(request, "unions/list_exports.html", context)


def _title(export: ListExport) -> str:
    known = listing_of(export.listing)
    return known.title if known else export.listing


@page("list.export")
def list_export(request: HttpRequest, pk: int) -> HttpResponse:
    """One export: what was asked, who agrees, and the file while it can be fetched."""
    return _show(request, pk)


def _show(request: HttpRequest, pk: int, *, fault: str = "", status: int = 200) -> HttpResponse:
    person, now = person_of(request), clock.db_now()
    export = _load(request, pk)
    known = listing_of(export.listing)
    context = {
        "export": export,
        "title": _title(export),
        "conditions": known.words(export.conditions) if known else "",
        "columns": "、".join(field.title for field in known.chosen(export.full)) if known else "",
        "unit": known.unit if known else "条",
        "over": export.is_over(now),
        "making": _making(export, now),
        "own": export.asked_by_id == person.pk,
        "confirm": can(person, "list.confirm", export),
        "now": now,
        "fault": fault,
        "reason": request.POST.get("reason", ""),
    }
    part = request.headers.get("HX-Request") == "true" and context["making"]
    template = "unions/_list_export_progress.html" if part else "unions/list_export.html"
    return render(request, template, context, status=status)


def _making(export: ListExport, now: datetime) -> dict[str, Any]:
    """How far the file of a long list is; empty for a short one, which is made at the download."""
    if export.job is None:
        return {}
    standing = background.standing(export.job, now)
    killed = standing["state"] == "killed"
    words = list_files.KILLED if killed else export.job.outcome.get("message", "")
    return {**standing, "message": words, "file": list_files.file_of(export)}


def _load(request: HttpRequest, pk: int) -> ListExport:
    seen = ListExport.objects.visible_to(person_of(request)).select_related(
        "union", "confirm_union", "asked_by", "decided_by", "job"
    )
    return get_object_or_404(seen, pk=pk)


@page("list.confirm", methods=("POST",))
def list_export_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree as the second person."""
    actions.confirm_export(by=person_of(request), export=_load(request, pk))
    messages.success(request, "已同意导出，申请人 24 小时内可以下载。")
    return redirect("list_export", pk=pk)


@page("list.refuse", methods=("POST",))
def list_export_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse as the second person, with a reason."""
    try:
        actions.refuse_export(by=person_of(request), export=_load(request, pk), reason=request.POST.get("reason", ""))
    except Refused as refusal:
        if refusal.status != 422:
            raise
        return _show(request, pk, fault=f"{refusal.reason}{refusal.next_step}", status=422)
    messages.success(request, "已回绝，申请人会看到原因。")
    return redirect("list_export", pk=pk)


@page("list.take", methods=("POST",))
def list_export_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook, a short one made now, a long one from its job; each download is audited."""
    export, person = _load(request, pk), person_of(request)
    if export.job is not None:
        # Views are typed by their usual answer; a stream passes through every layer as well.
        return cast(HttpResponse, attachments.stream_response(list_files.give_out(by=person, export=export)))
    answer = HttpResponse(actions.take_export(by=person, export=export), content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(list_files.filename(_title(export)))}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@page("list.take", methods=("POST",))
def list_export_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the file of a long list once more."""
    list_files.again(by=person_of(request), export=_load(request, pk))
    messages.success(request, "已重新开始生成。")
    return redirect("list_export", pk=pk)
