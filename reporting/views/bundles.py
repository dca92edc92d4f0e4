"""Exports of an upper union: order one, watch it, fetch the file; and the receipt of one hand-in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from campaigns.enums import DeliverableKind
from campaigns.models import Campaign, Deliverable
from relief.lib import clock
from relief.lib.pdf import PdfFailed
from reporting import exports
from reporting.actions import bundling
from reporting.bundles.asking import FORMATS, PREFIX, Asked, BundleKind, Scope, asked_of
from reporting.bundles.contents import seen
from reporting.bundles.receipts import receipt_pdf
from reporting.enums import SubmissionState
from reporting.models import Round
from reporting.views.loading import load
from reporting.workflow import BUNDLERS
from unions import attachments, background
from unions.models import Attachment, Job, Union
from unions.policy import Refused
from unions.web import current_post, page, person_of, whole_number

PER_PAGE = 50


@page("bundle.create", methods=("GET", "POST"))
def bundle_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what to take along of one campaign: forms as zip, forms as workbook, or the whole material."""
    campaign = get_object_or_404(Campaign.objects.visible_to(person_of(request)).published(), pk=pk)
    union = _bundle_union(request, campaign)
    deliverables = _counted(request, union, campaign)
    if request.method == "POST":
        return _order(request, union, campaign, deliverables)
    return _show(request, union, campaign, deliverables)


def _bundle_union(request: HttpRequest, campaign: Campaign) -> Union:
    """The own union whose line is exported: the one asked for, the one of the current post, else the first reached."""
    person, post = person_of(request), current_post(request)
    mine = {p.union_id: p.union for p in person.posts_now() if p.role in BUNDLERS}
    reached = [pk for pk in sorted(mine) if seen(person, mine[pk], campaign).exists()]
    wanted = whole_number(request.GET.get("union"))
    for union_id in (wanted, post.union_id if post is not None else 0, *reached):
        if union_id in reached:
            return mine[union_id]
    raise Http404


def _counted(request: HttpRequest, union: Union, campaign: Campaign) -> list[Deliverable]:
    """The deliverables that reach the union, with how many are there and how many have come in."""
    below = seen(person_of(request), union, campaign)
    counts = {
        row["deliverable"]: row
        for row in below.values("deliverable")
        .annotate(
            expected=Count("pk"),
            filed=Count("pk", filter=~Q(state=SubmissionState.DRAFT)),
            returned=Count("pk", filter=Q(state=SubmissionState.RETURNED)),
        )
        .order_by()
    }
    found = []
    for deliverable in Deliverable.objects.filter(pk__in=counts).order_by("order", "pk"):
        deliverable.counts = counts[deliverable.pk]  # type: ignore[attr-defined]
        found.append(deliverable)
    return found


def _order(request: HttpRequest, union: Union, campaign: Campaign, deliverables: list[Deliverable]) -> HttpResponse:
    """Read the order from positive lists, put it into the queue, lead to its page."""
    forms = {d.pk: d for d in deliverables if d.kind == DeliverableKind.FORM}
    kind = request.POST.get("kind", "")
    form = forms.get(whole_number(request.POST.get("deliverable")))
    scope = request.POST.get("scope", "")
    formats = tuple(fmt for fmt in FORMATS if fmt in request.POST.getlist("formats"))
    fault = ""
    if kind not in BundleKind.values or scope not in Scope.values:
        fault = "请先选择导出什么、导出哪些单位。"
    elif kind != BundleKind.CAMPAIGN and form is None:
        fault = "请选择要导出的统计表。"
    elif kind != BundleKind.BOOK and not formats:
        fault = "请至少选一种格式：Excel 或 PDF。"
    if fault:
        return _show(request, union, campaign, deliverables, fault=fault, status=422)
    whole = kind == BundleKind.CAMPAIGN or form is None
    asked = Asked(
        kind=kind,
        campaign=campaign.pk,
        deliverable=None if whole else form.pk,  # type: ignore[union-attr]
        scope=scope,
        formats=tuple(FORMATS) if kind == BundleKind.BOOK else formats,
    )
    title = campaign.title if whole else form.title  # type: ignore[union-attr]
    job = bundling.start(by=person_of(request), union=union, campaign=campaign, asked=asked, title=title)
    return redirect("bundle_job", pk=job.pk)


def _show(
    request: HttpRequest,
    union: Union,
    campaign: Campaign,
    deliverables: list[Deliverable],
    *,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    forms = [d for d in deliverables if d.kind == DeliverableKind.FORM]
    wanted = whole_number(request.POST.get("deliverable") or request.GET.get("deliverable"))
    lower = any(d.counts["expected"] > 1 for d in deliverables)  # type: ignore[attr-defined]
    context = {
        "campaign": campaign,
        "union": union,
        "deliverables": deliverables,
        "forms": forms if lower else [],
        "wanted": wanted if wanted in {d.pk for d in forms} else (forms[0].pk if forms else 0),
        "has_lower": lower,
        "scopes": Scope.choices,
        "formats": list(FORMATS.items()),
        "fault": fault,
        "days": settings.RELIEF_EXPORT_DAYS,
        "rows": _rows(list(_mine(request)[:5])),
        "now": clock.db_now(),
    }
    return render(request, "reporting/bundle_page.html", context, status=status)


def _mine(request: HttpRequest) -> Any:
    """The person's own exports, newest first."""
    return Job.objects.visible_to(person_of(request)).filter(kind__startswith=PREFIX).select_related("union")


def _rows(jobs: list[Job]) -> list[dict[str, Any]]:
    """What a line says of each export: order, state, file with its day of vanishing (one query for all files)."""
    now = clock.db_now()
    files = {
        row.owner_id: row
        for row in Attachment.objects.filter(owner_type=Job._meta.label, owner_id__in=[job.pk for job in jobs])
    }
    return [_row(job, files.get(job.pk), now) for job in jobs]


def _row(job: Job, file: Attachment | None, now: datetime) -> dict[str, Any]:
    standing = background.standing(job, now)
    gone = file is not None and (file.removed_at is not None or bundling.is_past(file, now))
    return {
        "job": job,
        "label": BundleKind(job.kind).label,
        "title": job.outcome["title"],
        "campaign": job.outcome["campaign"],
        "words": asked_of(job.outcome).words,
        "filed": job.outcome.get("filed"),
        "missing": job.outcome.get("missing"),
        "files": job.outcome.get("files"),
        **standing,
        "state": "gone" if gone else standing["state"],
        "message": bundling.KILLED if standing["state"] == "killed" else job.outcome.get("message", ""),
        "file": None if gone else file,
        "expires": file.uploaded_at + timedelta(days=settings.RELIEF_EXPORT_DAYS) if file else None,
    }


@page("bundle.read")
def bundle_list(request: HttpRequest) -> HttpResponse:
    """All own exports: what, when, how large, until when."""
    shown = Paginator(_mine(request), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": shown, "rows": _rows(list(shown)), "now": clock.db_now(), "days": settings.RELIEF_EXPORT_DAYS}
    return render(request, "reporting/bundle_list.html", context)


@page("bundle.read")
def bundle_job(request: HttpRequest, pk: int) -> HttpResponse:
    """One export: its progress while it is made, then its file; asks again by itself until it is finished."""
    job = get_object_or_404(_mine(request), pk=pk)
    (row,) = _rows([job])
    context = {"row": row, "job": job, "asked": asked_of(job.outcome), "now": clock.db_now()}
    part = request.headers.get("HX-Request") == "true"
    return render(request, "reporting/_bundle_progress.html" if part else "reporting/bundle_job.html", context)


@page("bundle.read")
def bundle_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file; rights are asked again, and the download is audited."""
    row = bundling.give_out(by=person_of(request), job=get_object_or_404(_mine(request), pk=pk))
    # Views are typed by their usual answer; a stream passes through every layer as well.
    return cast(HttpResponse, attachments.stream_response(row))


@page("bundle.create", methods=("POST",))
def bundle_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Order again what failed or was killed."""
    job = bundling.again(by=person_of(request), job=get_object_or_404(_mine(request), pk=pk))
    messages.success(request, "已重新开始导出。")
    return redirect("bundle_job", pk=job.pk)


@page("submission.read")
def round_receipt(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The receipt of one hand-in as PDF."""
    submission, person = load(request, pk), person_of(request)
    frozen = get_object_or_404(Round, submission=submission, number=number)
    try:
        data = receipt_pdf(submission, frozen)
    except PdfFailed as fault:
        raise Refused(str(fault), "请稍后再试。", act="submission.read", obj=submission) from None
    with transaction.atomic():
        exports.note_export(by=person, submission=submission, fmt="receipt")
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="receipt-{frozen.receipt}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
