"""The entry page: the form as its paper, filled from the records, with its margin, checks and hand-in."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from relief.lib import clock
from reporting import actions
from reporting.actions.filling import Typed
from reporting.cells import Cell, blocks, entry_cells
from reporting.deadlines import Instants, timing
from reporting.enums import SubmissionState
from reporting.figures import Sheet, sheet_of
from reporting.layout import grid
from reporting.models import Comment, Submission
from reporting.outputs.sheet import SheetData, head_lines
from reporting.rounds import head_of
from reporting.spec import Severity
from reporting.statement_links import statement_url
from reporting.values import EntryFault, Value, parse_entry
from reporting.views import reports
from reporting.views.loading import is_form, is_own, load, may, sent, submissions, tabs
from unions.idempotency import new_key
from unions.models import Person
from unions.policy import Refused, Stale, can, may_anywhere
from unions.web import page, person_of, whole_number


@dataclass
class Posted:
    """What came back from the entry page: typed leaves, faults at their cells, explanations."""

    typed: dict[str, Typed] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    explanations: dict[str, str] = field(default_factory=dict)
    version: int = 0
    missing_note: str | None = None


@page("submission.read")
def submission_list(request: HttpRequest) -> HttpResponse:
    """What the person's own unions owe and have handed in, newest campaign first."""
    person = person_of(request)
    rows = (
        submissions(person)
        .filter(union__in=[post.union_id for post in person.posts_now()])
        .order_by("-deliverable__campaign__year", "-deliverable__campaign_id", "deliverable__order", "union__code")
    )
    may_upload = may_anywhere(person, "figures.save")
    context = {"rows": rows, "now": clock.db_now(), "may_upload": may_upload}
    return render(request, "reporting/submission_list.html", context)


@page("submission.read", methods=("GET", "POST"))
def submission_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in, save and hand in; whoever does not work at the union sees what was handed in."""
    submission, person = load(request, pk), person_of(request)
    if not is_own(person, submission):
        return redirect("review_page", pk=pk) if submission.round_number else _nothing_yet(request, submission)
    if not is_form(submission):
        return reports.report_page(request, submission)
    if request.method == "POST":
        return _save(request, submission, person)
    return _show(request, sheet_of(submission), person)


def _nothing_yet(request: HttpRequest, submission: Submission) -> HttpResponse:
    return render(request, "reporting/nothing_yet.html", {"submission": submission, "now": clock.db_now()})


def _save(request: HttpRequest, submission: Submission, person: Person) -> HttpResponse:
    sheet = sheet_of(submission)
    posted = read_posted(request.POST, sheet)
    if posted.faults:
        return _show(request, sheet, person, posted=request.POST, faults=posted.faults, status=422)
    handing_in, key = request.POST.get("act") == "submit", request.POST.get("request_key", "")
    body = sent(request)
    try:
        if handing_in and actions.earlier_round(by=person, submission=submission, key=key, body=body):
            return redirect("history_page", pk=submission.pk)
        _write(person, submission, posted)
        if handing_in:
            frozen = actions.hand_in(
                by=person,
                submission=submission,
                version=submission.version,
                key=key,
                missing_note=posted.missing_note,
                body=body,
            )
            messages.success(
                request, f"已上报第 {frozen.number} 轮，回执号 {frozen.receipt}，校验码 {frozen.check_code}。"
            )
            return redirect("history_page", pk=submission.pk)
    except Stale as stale:
        return _show(
            request, sheet_of(load(request, submission.pk)), person, posted=request.POST, stale=stale, status=409
        )
    except Refused as refusal:
        if refusal.status != 422:
            raise
        return _show(request, sheet_of(load(request, submission.pk)), person, refusal=refusal, status=422)
    messages.success(request, "已保存。")
    return redirect("submission_page", pk=submission.pk)


def _write(person: Person, submission: Submission, posted: Posted) -> None:
    """Save what was typed; explanations first raise no version, so the page's version still fits."""
    for key, text in posted.explanations.items():
        actions.explain_check(by=person, submission=submission, key=key, text=text)
    actions.save_figures(by=person, submission=submission, version=posted.version, typed=posted.typed)
    if posted.missing_note is not None and posted.missing_note.strip() != submission.missing_note:
        actions.save_missing_note(
            by=person, submission=submission, version=submission.version, text=posted.missing_note
        )


def read_posted(data: Mapping[str, str], sheet: Sheet) -> Posted:
    """Read the posted cells; a cell that the person did not touch is not written, so the records stay in force."""
    version = str(data.get("version", ""))
    posted = Posted(version=whole_number(version), missing_note=data.get("missing_note"))
    for code in sheet.spec.leaves:
        text, seen, note = data.get(f"v-{code}"), data.get(f"s-{code}", ""), data.get(f"n-{code}", "")
        if text is None or (text.strip() == seen.strip() and note.strip() == sheet.own.note(code)):
            continue
        item = sheet.spec.item(code)
        try:
            posted.typed[code] = Typed(parse_entry(item, text), note, _seen(item, seen))
        except EntryFault as fault:
            posted.faults[code] = str(fault)
    posted.explanations = {
        name.removeprefix("x-"): text for name, text in data.items() if name.startswith("x-") and text.strip()
    }
    return posted


def _seen(item: Any, text: str) -> Value | None:
    try:
        return parse_entry(item, text)
    except EntryFault:
        return None


def _show(
    request: HttpRequest,
    sheet: Sheet,
    person: Person,
    *,
    posted: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    stale: Stale | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    submission, now = sheet.submission, person.asked_at
    saving = can(person, "figures.save", submission)
    cells = entry_cells(sheet, editable=bool(saving), posted=posted, faults=faults)
    comments = _open_comments(submission, cells)
    context = {
        "submission": submission,
        "sheet": sheet,
        "grid": grid(sheet.spec, union=submission.addressee.union_name),
        "cells": cells,
        "cell_template": "reporting/_cell_entry.html",
        "margin_template": "reporting/_margin_entry.html",
        "head_lines": head_lines(SheetData(sheet.spec, sheet.own.values, _head(submission, person))),
        "handed_in": submission.state not in (SubmissionState.DRAFT, SubmissionState.RETURNED),
        "editable": bool(saving),
        "why_not": saving.reason,
        "findings": _findings(sheet, clock.day_of(now), may_anywhere(person, "ledger.read")),
        "counts": _counts(sheet),
        "blocks": blocks(sheet),
        "timing": _timing(submission, now),
        "now": now,
        "stale": stale,
        "refusal": refusal,
        "faults": [(cells[code], words) for code, words in (faults or {}).items()],
        "tabs": tabs(person, submission, "page", has_children=sheet.has_children),
        "request_key": new_key(),
        "may_withdraw": may(person, "submission.withdraw", submission),
        "may_nil": bool(saving) and not sheet.own.typed and not sheet.recorded_codes,
        "missing_note": (posted or {}).get("missing_note", submission.missing_note),
        "comments": comments,
    }
    return render(request, "reporting/submission_page.html", context, status=status)


def _head(submission: Submission, person: Person) -> dict[str, str]:
    head = head_of(submission, None, person)
    return {"union": head["union"], "filer": head["filer"], "phone": head["phone"], "date": ""}


def _open_comments(submission: Submission, cells: Mapping[str, Cell]) -> list[Comment]:
    """The reviewer's open remarks, each put to its cell too; there are none before the first hand-in."""
    if not submission.round_number:
        return []
    comments = list(submission.comments.filter(solved_at__isnull=True).select_related("by", "round"))
    for comment in comments:
        if comment.code in cells:
            cells[comment.code].comments.append(comment)
    return comments


def _findings(sheet: Sheet, today: datetime.date, ledger: bool) -> list[dict[str, Any]]:
    rows = []
    for finding in sheet.findings:
        note = sheet.notes.get(finding.key)
        waived = note is not None and note.is_waived_on(today)
        statement = statement_url(sheet.spec, finding.codes, sheet.submission) if ledger else ""
        rows.append({"finding": finding, "note": note, "waived": waived, "statement": statement})
    return rows


def _counts(sheet: Sheet) -> dict[str, Any]:
    findings, blocking = sheet.findings, sheet.blocking()
    errors = sum(1 for f in findings if f.severity == Severity.REFUSE)
    questions = sum(1 for f in findings if f.severity == Severity.ASK and f.key not in sheet.notes)
    return {
        "errors": errors,
        "questions": questions,
        "errors_word": f"{errors} 错误",
        "questions_word": f"{questions} 核实",
        "explained": sum(1 for f in findings if f.severity == Severity.ASK and f.key in sheet.notes),
        "hints": sum(1 for f in findings if f.severity == Severity.HINT),
        "filled": sheet.filled_count,
        "total": len(sheet.spec.items),
        "blocking": len(blocking),
        "next_code": blocking[0].codes[0] if blocking else "",
    }


def _timing(submission: Submission, now: Any) -> Any:
    a = submission.addressee
    return timing(
        Instants(a.opens_at, a.due_at, a.late_until, a.edit_until),
        now,
        after_return=submission.state == SubmissionState.RETURNED,
        sealed=submission.sealed,
    )


@page("figures.save", methods=("POST",))
def figure_restore(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Put one typed leaf back to its records."""
    submission = load(request, pk)
    version = request.POST.get("version", "")
    actions.restore_figure(by=person_of(request), submission=submission, version=whole_number(version), code=code)
    messages.success(request, f"{code} 已改回台账数。")
    return redirect("submission_page", pk=pk)


@page("submission.submit", methods=("POST",))
def submission_nil(request: HttpRequest, pk: int) -> HttpResponse:
    """零报告 in one click, with its reason."""
    submission = load(request, pk)
    frozen = actions.nil_report(
        by=person_of(request),
        submission=submission,
        version=submission.version,
        key=request.POST.get("request_key", ""),
        reason=request.POST.get("reason", ""),
    )
    messages.success(request, f"零报告已上报，回执号 {frozen.receipt}。")
    return redirect("history_page", pk=pk)


@page("submission.withdraw", methods=("POST",))
def submission_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a hand-in back before it is opened."""
    submission = load(request, pk)
    actions.withdraw(by=person_of(request), submission=submission, version=submission.version)
    messages.success(request, "已撤回，可以继续修改；改好后请重新上报。")
    return redirect("submission_page", pk=pk)
