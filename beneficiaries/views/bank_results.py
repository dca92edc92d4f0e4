"""The bank's answer: read it dry, see per line what it would do, say yes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries.actions.bank_checks import check_bank_file
from beneficiaries.actions.banking import keep_result, record_result
from beneficiaries.bankfiles.facts import (
    CONTRARY,
    FAIL,
    OPEN,
    SAME,
    SETTLE,
    PlannedLine,
    amount_of,
    examined,
    file_digest,
    planned,
    seen_digest,
)
from beneficiaries.bankfiles.rows import bank_line_row
from beneficiaries.banking.returned import MOST_BYTES
from beneficiaries.forms.banking import CheckForm, RecordForm, ResultForm
from beneficiaries.models import BankFile, BankResult
from beneficiaries.views.bank_files import file_page, loaded
from relief.lib import clock
from relief.lib.money import grouped
from relief.lib.tables import told_once
from relief.lib.xlsx import BadWorkbook
from unions.idempotency import new_key
from unions.policy import can, require
from unions.web import page, person_of

EFFECTS: dict[str, tuple[str, str]] = {
    SETTLE: ("登记到账", "ok"),
    FAIL: ("登记失败", "bad"),
    SAME: ("不变", "neutral"),
    CONTRARY: ("有矛盾，不动", "warn"),
    OPEN: ("还没有结果", "outline"),
}


@page("bank.read_result", methods=("POST",))
def bank_result_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a result file; with faults nothing is kept and all of them are told."""
    found, person = loaded(request, pk), person_of(request)
    require(person, "bank.read_result", found)
    form = ResultForm(request.POST, request.FILES)
    if not form.is_valid():
        return file_page(request, found, result_form=form, status=422)
    data = form.cleaned_data["file"].read(MOST_BYTES + 1)
    before = BankResult.objects.visible_to(person).filter(bank_file=found, digest=file_digest(data)).first()
    if before is not None:
        messages.info(request, "这份结果文件以前读过，这里是那一次的结果。")
        return redirect("bank_result", pk=before.pk)
    try:
        control, _ = examined(found, data)
    except BadWorkbook as fault:
        return file_page(request, found, unreadable=str(fault), status=422)
    if control.faults:
        return file_page(request, found, faults=told_once(control.faults), status=422)
    result = keep_result(by=person, bank_file=found, data=data, control=control)
    return redirect("bank_result", pk=result.pk)


@page("bank.check", methods=("POST",))
def bank_file_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold a file at hand against what was made, cell by cell; nothing is kept of it."""
    found, person = loaded(request, pk), person_of(request)
    require(person, "bank.check", found)
    form = CheckForm(request.POST, request.FILES, prefix="check")
    if not form.is_valid():
        return file_page(request, found, check_form=form, status=422)
    try:
        faults = check_bank_file(by=person, bank_file=found, data=form.cleaned_data["file"].read(MOST_BYTES + 1))
    except BadWorkbook as fault:
        return file_page(request, found, unreadable=str(fault), checked=True, status=422)
    if faults:
        return file_page(request, found, faults=told_once(faults), checked=True, status=422)
    messages.success(request, f"一致：{found.count} 笔，{grouped(found.total, 2)} 元，与系统里的逐格相同。")
    return redirect("bank_file", pk=found.pk)


@page("bank.read_result", methods=("GET", "POST"))
def bank_result(request: HttpRequest, pk: int) -> HttpResponse:
    """What recording the answer would do, line by line (GET); record it (POST)."""
    person = person_of(request)
    reach = BankResult.objects.visible_to(person).select_related("bank_file__union", "read_by", "applied_by")
    result = get_object_or_404(reach, pk=pk)
    lines = planned(result)
    open_lines = amount_of(lines, OPEN)[0]
    if request.method == "POST":
        form = RecordForm(request.POST, today=clock.today(), open_lines=open_lines)
        if form.is_valid():
            given = form.cleaned_data
            counts = record_result(
                by=person,
                result=result,
                paid_on=given["paid_on"],
                seen=given["seen"],
                partial=given.get("partial", False),
                key=given["request_key"],
            )
            messages.success(request, f"已登记：到账 {counts[SETTLE]} 笔，失败 {counts[FAIL]} 笔。")
            return redirect("bank_file", pk=result.bank_file_id)
        return _page(request, result, lines, form, status=422)
    start = {"paid_on": clock.today(), "seen": seen_digest(result, lines), "request_key": new_key()}
    return _page(request, result, lines, RecordForm(initial=start, today=clock.today(), open_lines=open_lines))


def _page(request, result: BankResult, lines: list[PlannedLine], form: RecordForm, *, status: int = 200):
    done = result.applied_at is not None
    bank_file: BankFile = result.bank_file
    counts = {effect: amount_of(lines, effect) for effect in EFFECTS}
    context: dict[str, Any] = {
        "result": result,
        "file": bank_file,
        "form": form,
        "done": done,
        "rows": [_row(each) for each in sorted(lines, key=_worst_first)],
        "tiles": [(*EFFECTS[effect], *counts[effect]) for effect in EFFECTS if counts[effect][0]],
        "closes": (bank_file.count, bank_file.total) == (result.returned, result.returned_total),
        "gap": bank_file.total - result.returned_total,
        "may_record": not done
        and bool(can(person_of(request), "bank.record_result", result))
        and counts[SETTLE][0] + counts[FAIL][0] > 0,
        "contrary": counts[CONTRARY][0],
        "arriving": counts[SETTLE],
        "failing": counts[FAIL],
        "nothing": Decimal(0),
    }
    return render(request, "beneficiaries/bank_result.html", context, status=status)


def _row(each: PlannedLine) -> dict[str, Any]:
    words, tone = EFFECTS[each.effect]
    shown = bank_line_row(each.payout, each.line.amount, each.line.serial, each.line.release)
    said = {"paid": "成功", "failed": "失败", "pending": "处理中"}.get(each.outcome, "没有返回")
    return {"line": shown, "said": said, "reason": each.reason, "words": words, "tone": tone, "note": each.note}


def _worst_first(each: PlannedLine) -> tuple[int, int]:
    return [CONTRARY, FAIL, OPEN, SETTLE, SAME].index(each.effect), each.line.serial
