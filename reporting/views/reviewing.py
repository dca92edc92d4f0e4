"""The reviewer's page of one filing, its history, and the acts on it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from relief.lib import clock
from reporting import actions
from reporting.boards import review_queue
from reporting.cells import Cell, frozen_cells, put_beside
from reporting.comparing import year_changes
from reporting.enums import Part
from reporting.exports import day_words, default_part
from reporting.figures import frozen_values, rounds_below
from reporting.formstore import spec_of
from reporting.frozen import recorded_in
from reporting.lines import frozen_lines
from reporting.models import CheckNote, Comment, Round, RoundFigure, Submission
from reporting.outputs.sheet import SheetData, head_lines, sheet_grid
from reporting.outside import last_year_of
from reporting.rounding import shown_texts
from reporting.rounds import is_whole
from reporting.spec import CheckKind, FormSpec
from reporting.statement_links import statement_url
from reporting.values import Value
from reporting.views.loading import is_form, is_own, load, may, tabs
from unions.models import Person
from unions.policy import Refused, can
from unions.web import page, person_of, whole_number

ACTS: dict[str, Callable[..., Submission]] = {
    "open": actions.open_review,
    "accept": actions.accept,
    "finalise": actions.finalise,
}
DONE = {
    "open": "已开始审核，填报单位不能再撤回。",
    "accept": "已接收。",
    "finalise": "已定稿。",
    "return": "已退回，原因和意见已发给填报单位。",
    "reopen": "已重开，请填报单位改正后重报。",
}


@page("submission.read", methods=("GET", "POST"))
def review_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The frozen round as printed, with the margin of the reviewer: records, difference, round before, remarks."""
    submission, person = load(request, pk), person_of(request)
    if request.method == "POST":
        return _decide(request, submission, person)
    frozen = _round(submission, request.GET.get("round"))
    context = _context(submission, person, frozen)
    return render(request, "reporting/review_page.html", context)


@page("check.waive", methods=("POST",))
def check_waive(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the explanation of one 核实, or take that back."""
    submission, person = load(request, pk), person_of(request)
    key = request.POST.get("key", "")
    if request.POST.get("act") == "withdraw":
        actions.unwaive_check(by=person, submission=submission, key=key)
        messages.success(request, "已撤回认可。")
        return redirect("review_page", pk=pk)
    try:
        until = _day(request.POST.get("until", ""))
        if until is None and request.POST.get("until", "").strip():
            raise Refused("认可的截止日看不懂。", "请写成 2024-02-29 这样的日期，或空着。", status=422)
        actions.waive_check(
            by=person, submission=submission, key=key, reason=request.POST.get("reason", ""), until=until
        )
    except Refused as refusal:
        if refusal.status != 422:
            raise
        context = _context(submission, person, _round(submission, None)) | {
            "refusal": refusal,
            "posted_waiver": {name: request.POST.get(name, "") for name in ("key", "reason", "until")},
        }
        return render(request, "reporting/review_page.html", context, status=422)
    messages.success(request, "已认可说明。")
    return redirect("review_page", pk=pk)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        return None


def _round(submission: Submission, number: str | None) -> Round:
    rounds = Round.objects.filter(submission=submission).select_related("form_version", "submitted_by")
    if number and number.isdigit():
        return get_object_or_404(rounds, number=whole_number(number))
    found = rounds.order_by("-number").first()
    if found is None:
        raise Http404
    return found


def _decide(request: HttpRequest, submission: Submission, person: Person) -> HttpResponse:
    act = request.POST.get("act", "")
    version = request.POST.get("version", "")
    seen = whole_number(version)
    reason = request.POST.get("reason", "")
    pins = {
        name.removeprefix("pin-"): text
        for name, text in request.POST.dict().items()
        if name.startswith("pin-") and text.strip()
    }
    try:
        if act in ACTS:
            ACTS[act](by=person, submission=submission, version=seen)
        elif act == "return":
            actions.return_submission(by=person, submission=submission, version=seen, reason=reason, pins=pins)
        elif act == "reopen":
            actions.reopen(by=person, submission=submission, version=seen, reason=reason)
        else:
            raise Http404
    except Refused as refusal:
        if refusal.status != 422:
            raise
        again = load(request, submission.pk)
        context = _context(again, person, _round(again, None)) | {
            "refusal": refusal,
            "reason": reason,
            "posted_pins": pins,
        }
        return render(request, "reporting/review_page.html", context, status=422)
    messages.success(request, DONE[act])
    following = next_in_queue(person, submission) if act == "accept" else None
    if following is not None:
        return redirect("review_page", pk=following.pk)
    return redirect("review_page", pk=submission.pk)


def next_in_queue(person: Person, done: Submission) -> Submission | None:
    return next((s for s in review_queue(person) if s.pk != done.pk), None)


def _context(submission: Submission, person: Person, frozen: Round) -> dict[str, Any]:
    own = is_own(person, submission)
    context: dict[str, Any] = {
        "submission": submission,
        "frozen": frozen,
        "own": own,
        "whole": is_whole(frozen),
        "now": clock.db_now(),
        "decisions": {
            act: can(person, f"submission.{act}", submission)
            for act in ("open", "return", "accept", "reopen", "finalise")
        },
        "may_waive": bool(can(person, "check.waive", submission)),
        "latest": frozen.number == submission.round_number,
        "rounds": list(Round.objects.filter(submission=submission).order_by("-number").only("number", "handed_in_at")),
        "tabs": tabs(person, submission, "review", has_children=default_part(submission) == Part.CONSOLIDATED and own),
        "threads": threads(submission),
        "reason": "",
        "posted_pins": {},
        "posted_waiver": {},
        "queue": len(review_queue(person)),
        "files": frozen.attachments,
        "refusal": None,
        "spec": None,
        "counts": {"refuse": 0, "ask": 0, "hint": 0, "open": 0},
        "why_not": can(person, "submission.open", submission).reason,
    }
    if is_form(submission):
        context.update(_sheet(submission, frozen))
    return context


def _sheet(submission: Submission, frozen: Round) -> dict[str, Any]:
    spec = spec_of(frozen.form_version)  # type: ignore[arg-type]
    part = Part.CONSOLIDATED if RoundFigure.objects.filter(round=frozen, origin="children").exists() else Part.OWN
    figures = {f.code: f for f in RoundFigure.objects.filter(round=frozen, part=part)}
    own = {f.code: f for f in RoundFigure.objects.filter(round=frozen, part=Part.OWN)}
    values = _values(spec, frozen, part)
    cells = frozen_cells(spec, values, {code: f.origin for code, f in figures.items()})
    before = Round.objects.filter(submission=submission, number=frozen.number - 1).first()
    earlier = _values(spec, before, part) if before is not None else {}
    changed = round_changes(spec, earlier, values) if before is not None else []
    _mark(cells, spec, own, {row["code"] for row in changed}, submission)
    records = recorded_in(spec, rounds_below([frozen.pk]) if part == Part.CONSOLIDATED else [frozen.pk])
    years = year_changes(spec, values, last_year_of(submission, spec.earlier_forms).of(part))
    put_beside(cells, values, records, years)
    findings = _findings(submission, frozen, spec)
    counts = {level: sum(1 for row in findings if row["severity"] == level) for level in ("refuse", "ask", "hint")}
    waived = sum(1 for row in findings if row["waiver"] is not None)
    head = {
        "union": frozen.union_name,
        "filer": frozen.filer_name,
        "phone": frozen.filer_phone,
        "date": day_words(frozen.handed_in_at),
    }
    printed = SheetData(
        spec, values, head, lines=frozen_lines(submission, spec, frozen) if part == Part.CONSOLIDATED else ()
    )
    return {
        "spec": spec,
        "part": part,
        "grid": sheet_grid(printed),
        "cells": cells,
        "cell_template": "reporting/_cell_review.html",
        "margin_template": "reporting/_margin_review.html",
        "head_lines": head_lines(printed),
        "changes": changed,
        "before": before,
        "findings": findings,
        "counts": counts | {"open": counts["ask"] - waived},
        "counts_words": {"ask": f"核实 {counts['ask']}", "hint": f"提示 {counts['hint']}"},
    }


def _findings(submission: Submission, frozen: Round, spec: FormSpec) -> list[dict[str, Any]]:
    """The findings of the round, each with the reviewer's waiver of it while that holds."""
    notes = {
        note.check_key: note for note in CheckNote.objects.filter(submission=submission).select_related("waived_by")
    }
    today = clock.today()
    rows = []
    for row in frozen.findings:
        note = notes.get(row["key"]) if frozen.number == submission.round_number and row["severity"] == "ask" else None
        kind = CheckKind(row["kind"]).label
        rows.append(
            {
                **row,
                "kind_word": kind,
                "waiver": note if note is not None and note.is_waived_on(today) else None,
                "statement": statement_url(spec, row["codes"], submission),
            }
        )
    return rows


def _values(spec: FormSpec, frozen: Round, part: str) -> dict[str, Value]:
    found = frozen_values([frozen.pk], part)[frozen.pk]
    return {code: found.get(code, Value.empty()) for code in spec.codes}


def round_changes(spec: FormSpec, before: dict[str, Value], after: dict[str, Value]) -> list[dict[str, Any]]:
    """The blanks that differ between two rounds, as shown texts."""
    old, new = shown_texts(spec, before), shown_texts(spec, after)
    return [
        {"code": code, "label": spec.item(code).label, "before": old[code] or "未填", "after": new[code] or "未填"}
        for code in spec.codes
        if before[code] != after[code]
    ]


def _mark(
    cells: dict[str, Cell], spec: FormSpec, own: dict[str, RoundFigure], changed: set[str], submission: Submission
) -> None:
    """Put records, difference, note, change and remarks beside each cell."""
    records = {
        code: Value.of(f.record_number) if f.record_number is not None else Value.empty() for code, f in own.items()
    }
    texts = shown_texts(spec, {code: records.get(code, Value.empty()) for code in spec.codes})
    for code, cell in cells.items():
        figure = own.get(code)
        if figure is None or cell.item.is_formula:
            continue
        cell.records_text, cell.has_records = texts[code], figure.record_number is not None
        cell.differs = figure.record_number is not None and figure.number != figure.record_number
        cell.typed, cell.note = figure.origin == "typed", figure.note
        if cell.differs:
            cell.look = "typed"
    for code in changed:
        cells[code].look += " changed"
    for comment in Comment.objects.filter(submission=submission).exclude(code="").select_related("by", "round"):
        if comment.code in cells:
            cells[comment.code].comments.append(comment)


def threads(submission: Submission) -> list[dict[str, Any]]:
    """Moves and remarks in the order of time, round by round."""
    rows: list[dict[str, Any]] = [
        {"at": move.at, "move": move, "round": move.round.number if move.round else 0}
        for move in submission.moves.select_related("by", "round")
    ]
    rows += [
        {"at": comment.at, "comment": comment, "round": comment.round.number}
        for comment in submission.comments.select_related("by", "round")
    ]
    return sorted(rows, key=lambda row: (row["at"], "comment" in row))


@page("submission.read")
def history_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Every round with receipt and check code, and the whole thread."""
    submission, person = load(request, pk), person_of(request)
    rounds = list(Round.objects.filter(submission=submission).select_related("submitted_by").order_by("-number"))
    own = is_own(person, submission)
    context = {
        "submission": submission,
        "rounds": rounds,
        "is_form": is_form(submission),
        "threads": threads(submission),
        "may_withdraw": may(person, "submission.withdraw", submission),
        "may_answer": may(person, "comment.answer_filed", submission)
        or may(person, "comment.answer_reviewed", submission),
        "tabs": tabs(person, submission, "history", has_children=own and default_part(submission) == Part.CONSOLIDATED),
        "now": clock.db_now(),
    }
    return render(request, "reporting/history_page.html", context)


@page("comment.answer", methods=("POST",))
def comment_answer(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    """Answer a remark."""
    submission = load(request, pk)
    row = get_object_or_404(Comment.objects.filter(submission=submission), pk=comment)
    actions.answer_comment(by=person_of(request), comment=row, text=request.POST.get("text", ""))
    messages.success(request, "已回复。")
    return redirect("history_page", pk=pk)
