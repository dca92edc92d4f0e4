"""The written report: text, files, hand-in; the same states and receipts as a form."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from relief.lib import clock
from reporting import actions
from reporting.models import Submission
from reporting.views.loading import is_own, load, may, sent, tabs
from unions import attachments
from unions.idempotency import new_key
from unions.policy import Refused, Stale, can, require
from unions.web import page, person_of, whole_number


def report_page(request: HttpRequest, submission: Submission) -> HttpResponse:
    """Write, attach, save and hand in a report."""
    if request.method == "POST":
        return _save(request, submission)
    return _show(request, submission)


def _save(request: HttpRequest, submission: Submission) -> HttpResponse:
    person, text = person_of(request), request.POST.get("report_text", "")
    version = request.POST.get("version", "")
    handing_in, key = request.POST.get("act") == "submit", request.POST.get("request_key", "")
    body = sent(request)
    try:
        if handing_in and actions.earlier_round(by=person, submission=submission, key=key, body=body):
            return redirect("history_page", pk=submission.pk)
        actions.save_report(by=person, submission=submission, version=whole_number(version), text=text)
        if handing_in:
            frozen = actions.hand_in(by=person, submission=submission, version=submission.version, key=key, body=body)
            messages.success(request, f"报告已上报第 {frozen.number} 轮，回执号 {frozen.receipt}。")
            return redirect("history_page", pk=submission.pk)
    except Stale as stale:
        return _show(request, load(request, submission.pk), text=text, stale=stale, status=409)
    except Refused as refusal:
        if refusal.status != 422:
            raise
        return _show(request, load(request, submission.pk), text=text, refusal=refusal, status=422)
    messages.success(request, "报告已保存。")
    return redirect("submission_page", pk=submission.pk)


def _show(
    request: HttpRequest,
    submission: Submission,
    *,
    text: str | None = None,
    stale: Stale | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    person = person_of(request)
    saving = can(person, "figures.save", submission)
    context = {
        "submission": submission,
        "text": submission.report_text if text is None else text,
        "files": list(attachments.of(submission)),
        "editable": bool(saving),
        "why_not": saving.reason,
        "stale": stale,
        "refusal": refusal,
        "now": clock.db_now(),
        "request_key": new_key(),
        "tabs": tabs(person, submission, "page", has_children=False),
        "may_withdraw": may(person, "submission.withdraw", submission),
        "comments": list(submission.comments.filter(solved_at__isnull=True).select_related("by", "round")),
    }
    return render(request, "reporting/report_page.html", context, status=status)


@page("figures.save", methods=("POST",))
def report_attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a file to the report."""
    submission, person = load(request, pk), person_of(request)
    require(person, "figures.save", submission)
    upload = request.FILES.get("file")
    if upload is None:
        raise Refused("没有选文件。", "请先选择一个文件再上传。", status=422, act="figures.save", obj=submission)
    row = attachments.attach(by=person, union=submission.union, owner=submission, upload=upload, kind="报告附件")
    messages.success(request, f"已上传“{row.filename}”。")
    return redirect("submission_page", pk=pk)


@page("figures.save", methods=("POST",))
def report_detach(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Take a file off the report before it is handed in."""
    submission, person = load(request, pk), person_of(request)
    require(person, "figures.save", submission)
    attachments.remove(by=person, attachment=get_object_or_404(attachments.of(submission), pk=file))
    messages.success(request, "附件已移除。")
    return redirect("submission_page", pk=pk)


@page("submission.read")
def report_file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Download a file of the report; checked again at download (R-10)."""
    submission, person = load(request, pk), person_of(request)
    rows = attachments.of(submission)
    if not is_own(person, submission):
        handed_in = {row["id"] for frozen in submission.rounds.all() for row in frozen.attachments}
        rows = rows.filter(pk__in=handed_in)
    return attachments.download_response(get_object_or_404(rows, pk=file))
