"""The roll-up of a union: own row, children and adjustments side by side, and what may be changed there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from relief.lib import clock
from reporting import actions
from reporting.enums import SubmissionState
from reporting.figures import staleness
from reporting.formstore import spec_of
from reporting.matrix import matrix_of
from reporting.models import Adjustment, Submission
from reporting.values import EntryFault, parse_entry
from reporting.views.loading import is_form, is_own, load, tabs
from unions.policy import Refused, can, may_anywhere
from unions.web import page, person_of, whole_number

EDITABLE = (SubmissionState.DRAFT, SubmissionState.RETURNED)


@page("submission.read")
def rollup_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The matrix: live while the own union can still edit, else the round as it was handed in."""
    return _show(request, _loaded(request, pk))


@page("adjustment.propose", methods=("POST",))
def rollup_adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose an adjustment of one blank of the total."""
    submission, person = _loaded(request, pk), person_of(request)
    spec = spec_of(submission.deliverable.form_link.form_version)
    typed = {name: request.POST.get(name, "").strip() for name in ("code", "number", "title", "reason")}
    try:
        if typed["code"] not in spec.by_code:
            raise EntryFault("请先选择要调整的指标。")
        number = parse_entry(spec.item(typed["code"]), typed["number"], signed=True).number or 0
        actions.propose_adjustment(
            by=person,
            submission=submission,
            code=typed["code"],
            number=number,
            title=typed["title"],
            reason=typed["reason"],
        )
    except EntryFault as fault:
        return _show(request, submission, typed=typed, fault=str(fault), status=422)
    except Refused as refusal:
        if refusal.status != 422:
            raise
        return _show(request, submission, typed=typed, fault=f"{refusal.reason}{refusal.next_step}", status=422)
    messages.success(request, "已提出调整，由另一个人复核后计入合计。")
    return redirect("rollup_page", pk=pk)


@page("adjustment.confirm", methods=("POST",))
def adjustment_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm an adjustment as the second person."""
    rows = Adjustment.objects.visible_to(person_of(request)).select_related("submission__union")
    row = get_object_or_404(rows, pk=pk)
    actions.confirm_adjustment(by=person_of(request), adjustment=row)
    messages.success(request, f"调整“{row.title}”已复核，计入合计。")
    return redirect("rollup_page", pk=row.submission_id)


@page("figures.save", methods=("POST",))
def rollup_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the explanation of the missing children (缺报说明)."""
    submission, version = _loaded(request, pk), request.POST.get("version", "")
    actions.save_missing_note(
        by=person_of(request),
        submission=submission,
        version=whole_number(version),
        text=request.POST.get("missing_note", ""),
    )
    messages.success(request, "缺报说明已保存。")
    return redirect("rollup_page", pk=pk)


def _loaded(request: HttpRequest, pk: int) -> Submission:
    submission = load(request, pk)
    if not is_form(submission):
        raise Http404
    return submission


def _show(
    request: HttpRequest,
    submission: Submission,
    *,
    typed: dict[str, str] | None = None,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    person = person_of(request)
    own = is_own(person, submission)
    live = own and submission.state in EDITABLE
    spec = spec_of(submission.deliverable.form_link.form_version)
    matrix = matrix_of(submission, live=live, form=spec)
    if matrix is None:
        # Nothing to roll up: the filing itself is the page, or says that nothing was handed in.
        return redirect("submission_page", pk=submission.pk)
    propose = can(person, "adjustment.propose", submission)
    context: dict[str, Any] = {
        "submission": submission,
        "matrix": matrix,
        "own": own,
        "live": live,
        "only_total": request.GET.get("view") == "total",
        "stale": None if live else staleness([submission]).get(submission.pk),
        "now": clock.db_now(),
        "tabs": tabs(person, submission, "rollup", has_children=True),
        "note": matrix.frozen.missing_note if matrix.frozen else submission.missing_note,
        "may_fill": live and bool(can(person, "figures.save", submission)),
        "may_note": live and bool(can(person, "figures.save", submission)),
        "propose": propose,
        "may_bundle": may_anywhere(person, "bundle.create"),
        "leaves": [spec.item(code) for code in spec.leaves if spec.item(code).is_numeric] if live and propose else [],
        "confirmations": _confirmations(person, matrix.adjustments) if live else {},
        "typed": typed or {"code": "", "number": "", "title": "", "reason": ""},
        "fault": fault,
    }
    return render(request, "reporting/rollup_page.html", context, status=status)


def _confirmations(person: Any, adjustments: list[dict[str, Any]]) -> dict[int, Any]:
    """Per open adjustment whether this person may confirm it; put on the row for the template."""
    found = {}
    for row in adjustments:
        row["confirm"] = can(person, "adjustment.confirm", row["row"]) if not row["confirmed_by"] else None
        found[row["pk"]] = row["confirm"]
    return found
