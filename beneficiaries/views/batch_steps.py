"""The steps of a batch, each with its control totals shown and confirmed; signing off cash and goods; who collected."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries import actions
from beneficiaries.actions.batch_steps import SIGNED, control, ready_for
from beneficiaries.bankfiles.facts import bank_part
from beneficiaries.batches import page as batch_page
from beneficiaries.forms.batches import BatchStepForm, ProxyForm, ReturnForm, SignedForm
from beneficiaries.models import Payout, PayoutBatch
from beneficiaries.payouts import thresholds
from beneficiaries.payouts.rows import route_rows
from beneficiaries.views.batches import load
from relief.lib import clock, idnumber
from unions import attachments, audit
from unions.idempotency import new_key
from unions.models import Person
from unions.policy import Refused, Stale, can, require
from unions.web import page, person_of, whole_number

RUN: dict[str, Callable[..., str]] = {
    "plan": actions.plan_batch,
    "review": actions.review_batch,
    "approve": actions.approve_batch,
    "second": actions.second_batch,
    "release": actions.release_batch,
}
DONE = {
    "plan": "已送审",
    "review": "已审核",
    "approve": "已审批",
    "second": "已由第二人审批",
    "release": "已出账",
    "settle": "已登记签收",
    "return": "已退回",
}


@page("payout.read", methods=("GET", "POST"))
def batch_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Confirm (GET) and do (POST) a step for all lines that wait for it."""
    if step not in batch_page.WORDS:
        raise Http404
    batch = load(person_of(request), pk)
    if request.method == "GET":
        return _confirm(request, batch, step, _form(request, batch, step))
    form = _form(request, batch, step, bound=True)
    if not form.is_valid():
        return _confirm(request, batch, step, form)
    try:
        told = _do(request, batch, step, form)
    except Stale as stale:
        audit.record_refusal(act=stale.act, by=person_of(request), obj=batch, reason=stale.reason)
        messages.warning(request, f"控制数变了，没有办理：现在是 {stale.differences[0][1]}。请重新核对。")
        return redirect("batch_step", pk=batch.pk, step=step)
    except Refused as refusal:
        audit.record_refusal(act=refusal.act, by=person_of(request), obj=batch, reason=refusal.reason)
        form.add_error(None, f"{refusal.reason}{refusal.next_step}")
        return _confirm(request, batch, step, form, status=refusal.status)
    messages.success(request, told)
    return redirect("batch_detail", pk=batch.pk)


def _form(request: HttpRequest, batch: PayoutBatch, step: str, *, bound: bool = False) -> Any:
    now = control(batch, step, person_of(request))
    start = {"seen": now.token, "request_key": new_key(), "paid_on": clock.today()}
    sent = request.POST if bound else None
    if step == "return":
        return ReturnForm(sent, initial=start)
    if step == "settle":
        files = request.FILES if bound else None
        return SignedForm(sent, files, initial=start, total=_ticked(request, batch), today=clock.today())
    return BatchStepForm(sent, initial=start, control=now)


def _picked(request: HttpRequest) -> set[int]:
    return {whole_number(text) for text in request.POST.getlist("p")}


def _ticked(request: HttpRequest, batch: PayoutBatch) -> tuple[int, Decimal]:
    """Number and sum of the ticked lines: what the signed list must say."""
    rows = ready_for(batch, "settle", person_of(request)).filter(pk__in=_picked(request)).prefetch_related("lines")
    amounts = [sum((line.amount for line in payout.lines.all()), Decimal(0)) for payout in rows]
    return len(amounts), sum(amounts, Decimal(0))


def _do(request: HttpRequest, batch: PayoutBatch, step: str, form: Any) -> str:
    """Do the step; the sentence to show."""
    person, given = person_of(request), form.cleaned_data
    if step == "return":
        whole = request.POST.get("which") == "all"
        count = actions.return_batch(
            by=person, batch=batch, seen=given["seen"], reason=given["reason"], only=None if whole else _picked(request)
        )
        return f"{count} 笔{DONE[step]}。"
    if step == "settle":
        receipt = actions.settle_signed(
            by=person, batch=batch, signed=_picked(request), paid_on=given["paid_on"], seen=given["seen"],
            key=given["request_key"], upload=given["upload"],
        )  # fmt: skip
        return f"{given['count']} 笔{DONE[step]}。回执 {receipt}。"
    receipt = RUN[step](by=person, batch=batch, seen=given["seen"], key=given["request_key"])
    return f"{given['count']} 笔{DONE[step]}。回执 {receipt}。"


def _confirm(request: HttpRequest, batch: PayoutBatch, step: str, form: Any, *, status: int = 200) -> HttpResponse:
    person = person_of(request)
    now, ready = control(batch, step, person), list(ready_for(batch, step, person))
    waiting = {payout.pk for payout in ready}
    # what other unions gave is told to whoever takes the step, not to everybody who may look at the page
    takes = step not in ("plan", "return") and not _why_not(person, step, ready)
    everything = batch_page.lines_of(batch, by=person, today=clock.today(), elsewhere=takes)
    lines = [line for line in everything.rows if line.row.pk in waiting]
    payouts = [payout for payout in everything.payouts if payout.pk in waiting]
    deciding = step in ("plan", "review", "approve", "second")
    why = _why_not(person, step, payouts)
    context = {
        "batch": batch,
        "step": step,
        "words": batch_page.WORDS[step],
        "form": form,
        "lines": lines,
        "picked": _picked(request) if request.method == "POST" else waiting,
        "control": now,
        "why": why,
        "stopped": [line for line in lines if line.row.verdict_tone == "bad"],
        "threshold": "".join(thresholds.sentences(payouts, day=clock.today())) if deciding else "",
        "routes": route_rows(payouts),
        "bank_part": bank_part(payouts) if step == "release" else None,
        "signed": attachments.of(batch).filter(kind=SIGNED),
    }
    return render(request, "beneficiaries/batch_step.html", context, status=status)


def _why_not(person: Person, step: str, payouts: list[Payout]) -> str:
    """Why this person cannot take the step; empty when they can. The action asks everything again."""
    for payout in payouts[:1]:
        decision = can(person, batch_page.act_of(step, payout), payout)
        if not decision:
            return f"{decision.reason}{decision.next_step}"
    return ""


@page("payout.proxy", methods=("GET", "POST"))
def payout_proxy(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down who collected a payout for its recipient."""
    person = person_of(request)
    reach = Payout.objects.visible_to(person).select_related("union", "batch", "proxy")
    payout = get_object_or_404(reach, pk=pk)
    require(person, "payout.proxy", payout)
    form = ProxyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_proxy(by=person, payout=payout, **form.cleaned_data)
        except Refused as refusal:
            audit.record_refusal(act="payout.proxy", by=person, obj=payout, reason=refusal.reason)
            form.add_error(None, f"{refusal.reason}{refusal.next_step}")
        else:
            messages.success(request, "代领已登记。")
            if payout.batch_id:
                return redirect("batch_step", pk=payout.batch_id, step="settle")
            return redirect("payout_detail", pk=payout.pk)
    proxy = getattr(payout, "proxy", None)
    context = {
        "payout": payout,
        "name": idnumber.mask_name(payout.recipient),
        "form": form,
        "proxy": proxy,
        "proxy_name": idnumber.mask_name(proxy.name) if proxy else "",
        "proxy_tail": idnumber.last4(proxy.id_number) if proxy else "",
    }
    return render(request, "beneficiaries/payout_proxy.html", context)
