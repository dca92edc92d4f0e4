"""Payout batches: the list, opening one, its page with all lines, and writing amounts into it."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from beneficiaries import actions
from beneficiaries.actions.batch_entries import BatchFaults
from beneficiaries.actions.batch_steps import SIGNED
from beneficiaries.bankfiles.facts import waiting
from beneficiaries.batches import page as batch_page
from beneficiaries.enums import PayoutState, Route
from beneficiaries.forms.batches import BatchForm, BatchHeadForm, BatchTermsForm, InvoiceForm
from beneficiaries.models import BankFile, PayoutBatch
from beneficiaries.payouts import thresholds
from beneficiaries.payouts.rows import route_rows, source_rows
from campaigns.models import Campaign
from relief.lib import clock
from relief.lib.money import parse_amount
from unions import attachments, audit
from unions.enums import Role
from unions.idempotency import new_key
from unions.models import Person
from unions.policy import Refused, can, may_anywhere
from unions.web import current_union, page, person_of, whole_number

PER_PAGE = 50
LINES_PER_PAGE = 100


@page("payout.read")
def batch_list(request: HttpRequest) -> HttpResponse:
    """The batches the person may see, newest first."""
    person = person_of(request)
    shown = Paginator(batch_page.listed(PayoutBatch.objects.visible_to(person)), PER_PAGE).get_page(
        request.GET.get("page")
    )
    amounts = batch_page.amounts_of(shown.object_list)
    rows = [
        (batch, batch_page.state_words(batch_page.counts_of(batch)), amounts.get(batch.pk, Decimal(0)))
        for batch in shown.object_list
    ]
    context = {"rows": rows, "page": shown, "may_open": may_anywhere(person, "batch.open")}
    return render(request, "beneficiaries/batch_list.html", context)


@page("batch.open", methods=("GET", "POST"))
def batch_new(request: HttpRequest) -> HttpResponse:
    """Open a batch; its values are what new lines start with."""
    union, person = current_union(request, {Role.ENTER}), person_of(request)
    campaigns = Campaign.objects.visible_to(person).published().filter(closed_at__isnull=True)
    start = {
        "planned_on": clock.today(),
        "paid_from": union,
        "campaign": campaigns.first(),
        "request_key": new_key(),
    }
    form = BatchForm(request.POST or None, union=union, person=person, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            batch = actions.open_batch(by=person, union=union, key=form.cleaned_data["request_key"], **form.facts())
        except Refused as refusal:
            form.add_error(None, f"{refusal.reason}{refusal.next_step}")
        else:
            messages.success(request, f"已开立批次 {batch.number}，现在加入发放对象。")
            return redirect("batch_detail", pk=batch.pk)
    return render(request, "beneficiaries/batch_new.html", {"form": form, "union": union})


@page("payout.read")
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The batch with its lines, what the rules say, its totals and what comes next."""
    return show(request, load(person_of(request), pk))


@page("batch.change", methods=("POST",))
def batch_head(request: HttpRequest, pk: int) -> HttpResponse:
    """Write title, day and usual amount anew."""
    person = person_of(request)
    batch = load(person, pk)
    form = BatchHeadForm(request.POST)
    if not form.is_valid():
        return show(request, batch, head_form=form)
    actions.change_batch(by=person, batch=batch, **form.cleaned_data)
    messages.success(request, "批次已保存。")
    return redirect("batch_detail", pk=batch.pk)


@page("batch.change", methods=("POST",))
def batch_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Give all lines another purpose and source; with a fault nothing is written and every fault is told."""
    person = person_of(request)
    batch = load(person, pk)
    form = BatchTermsForm(request.POST)
    if not form.is_valid():
        return show(request, batch, terms_form=form, told="用途或资金来源没有选对，请从列表里重新选择。")
    try:
        count = actions.change_terms(by=person, batch=batch, **form.cleaned_data)
    except BatchFaults as fault:
        audit.record_refusal(act="batch.change", by=person, obj=batch, reason=fault.reason)
        return show(request, batch, terms_form=form, terms_fault=fault)
    messages.success(request, f"批次和 {count} 笔明细的用途、资金来源已改。")
    return redirect("batch_detail", pk=batch.pk)


@page("batch.fill", methods=("POST",))
def batch_amounts(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the amounts and reasons of the grid, or one amount for all drafts; on a fault what was typed stays."""
    person = person_of(request)
    batch = load(person, pk)
    typed = {name: str(text) for name, text in request.POST.items() if name.startswith(("amount-", "reason-"))}
    amounts, faults = _typed_amounts(request, batch, typed)
    if faults:
        return show(request, batch, typed=typed, faults=faults)
    reasons = {whole_number(name[7:]): text for name, text in typed.items() if name.startswith("reason-")}
    try:
        changed = actions.set_amounts(
            by=person, batch=batch, version=whole_number(request.POST.get("version")), amounts=amounts, reasons=reasons
        )
    except Refused as refusal:
        audit.record_refusal(act="batch.fill", by=person, obj=batch, reason=refusal.reason)
        return show(request, load(person, pk), typed=typed, told=f"{refusal.reason}{refusal.next_step}")
    messages.success(request, f"已保存，改动 {changed} 笔。" if changed else "没有改动。")
    return redirect("batch_detail", pk=batch.pk)


@page("batch.fill", methods=("POST",))
def batch_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Move ticked drafts out of the batch, or delete them."""
    person = person_of(request)
    batch = load(person, pk)
    keep = request.POST.get("how") != "delete"
    count = actions.drop_lines(
        by=person, batch=batch, version=whole_number(request.POST.get("version")), keep=keep,
        payouts=[whole_number(text) for text in request.POST.getlist("p")],
    )  # fmt: skip
    messages.success(request, f"{count} 笔已移出，成为单独的草稿。" if keep else f"{count} 笔已删除。")
    return redirect("batch_detail", pk=batch.pk)


@page("batch.delete", methods=("POST",))
def batch_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an empty batch."""
    person = person_of(request)
    batch = load(person, pk)
    actions.delete_batch(by=person, batch=batch, version=whole_number(request.POST.get("version")))
    messages.success(request, f"空批次 {batch.number} 已删除。")
    return redirect("batch_list")


def load(person: Person, pk: int) -> PayoutBatch:
    reach = PayoutBatch.objects.visible_to(person).select_related("union", "paid_from", "campaign", "entered_by")
    return get_object_or_404(reach, pk=pk)


def _said_of_all(lines: batch_page.Lines) -> str:
    """Which lines came back and why, when it is one reason; else every line says its own."""
    back = [(place, payout.failure) for place, payout in enumerate(lines.payouts, 1) if payout.failure]
    said = {failure for _, failure in back}
    if len(said) != 1:
        return ""
    if len(back) == len(lines.payouts):
        return said.pop()
    places = "、".join(str(place) for place, _ in back[:5])
    reason = said.pop()
    more, joint = f"等 {len(back)} 笔" if len(back) > 5 else "", "" if reason.startswith("退回") else "："
    return f"第 {places} 行{more}{joint}{reason}"


def show(request: HttpRequest, batch: PayoutBatch, **more) -> HttpResponse:
    """The page of a batch; `typed` and `faults` bring back what was typed and what is wrong with it."""
    person, today = person_of(request), clock.today()
    lines = batch_page.lines_of(batch, by=person, today=today)
    check = request.GET.get("check", "")
    chosen = [line for line in lines.rows if not check or line.row.verdict_tone == check]
    typed, faults = more.get("typed") or {}, more.get("faults") or {}
    shown = Paginator(chosen, LINES_PER_PAGE).get_page(request.GET.get("page"))
    drafts = any(payout.state == PayoutState.DRAFT for payout in lines.payouts)
    fills = can(person, "batch.fill", batch)
    context = {
        "batch": batch,
        "lines": lines,
        "page": shown,
        "grid": [(line, *_cells(line, typed, faults)) for line in shown.object_list],
        "chips": [("", "全部", len(lines.rows)), *((tone, word, lines.counts[tone]) for tone, word in batch_page.CHECKS.items())],
        "check": check,
        "steps": batch_page.chain(batch, lines.payouts),
        "ahead": batch_page.next_steps(person, lines),
        "returned": _said_of_all(lines),
        "may_fill": bool(fills),
        "editable": bool(fills) and drafts,
        "routes": route_rows(lines.payouts),
        "sources": source_rows(
            batch.paid_from_id, batch_page.by_source(lines.payouts), without=[payout.pk for payout in lines.payouts]
        ),
        "threshold": "".join(thresholds.sentences(lines.payouts, day=today)) if lines.payouts else "",
        "for_bank": waiting(person).filter(batch=batch).count(),
        "bank_files": list(BankFile.objects.visible_to(person).filter(batch=batch).order_by("-pk")),
        "signed": attachments.of(batch).filter(kind=SIGNED),
        "invoices": _invoices(batch) if batch.route == Route.GOODS else [],
        "invoice_form": InvoiceForm() if batch.route == Route.GOODS and can(person, "batch.invoice", batch) else None,
        "head_form": more.get("head_form") or _head_form(batch),
        "terms_form": more.get("terms_form") or _terms_form(batch),
        "terms_fault": more.get("terms_fault"),
        "may_recast": bool(can(person, "batch.change", batch)) and all(each.state == PayoutState.DRAFT for each in lines.payouts),
        "may_change": bool(can(person, "batch.change", batch)) and (drafts or not lines.payouts),
        "bank": _bank(person, batch, lines),
        "may_full": bool(lines.payouts) and all(can(person, "payout.papers", payout) for payout in lines.payouts),
        "fault_count": len(faults),
        "told": more.get("told", ""),
    }  # fmt: skip
    wrong = faults or more.get("told") or more.get("terms_fault")
    return render(request, "beneficiaries/batch_detail.html", context, status=422 if wrong else 200)


def _bank(person: Person, batch: PayoutBatch, lines: batch_page.Lines) -> str:
    """Where the cashier makes the bank file of what was released; empty when nothing waits for one."""
    sent = [payout for payout in lines.payouts if payout.state == PayoutState.RELEASED]
    if not any(can(person, "payout.papers", payout) for payout in sent):
        return ""
    return f"{reverse('bank_file_new')}?from={batch.paid_from_id}&batch={batch.pk}"


def _head_form(batch: PayoutBatch) -> BatchHeadForm:
    return BatchHeadForm(
        initial={"title": batch.title, "planned_on": batch.planned_on, "amount": batch.amount, "version": batch.version}
    )


def _terms_form(batch: PayoutBatch) -> BatchTermsForm:
    return BatchTermsForm(initial={"purpose": batch.purpose, "source": batch.source, "version": batch.version})


def _invoices(batch: PayoutBatch) -> list[tuple]:
    return [(invoice, attachments.of(invoice).first()) for invoice in batch.invoices.all()]


def _cells(line: batch_page.BatchLine, typed: dict[str, str], faults: dict[str, str]) -> tuple[str, str, str]:
    """Amount and reason as they stand in the boxes, and what is wrong with the amount."""
    amount, reason = f"amount-{line.row.pk}", f"reason-{line.row.pk}"
    return typed.get(amount, f"{line.row.amount:f}"), typed.get(reason, line.row.reason), faults.get(amount, "")


def _typed_amounts(
    request: HttpRequest, batch: PayoutBatch, typed: dict[str, str]
) -> tuple[dict[int, Decimal], dict[str, str]]:
    """Per payout the amount that was typed, and the boxes that hold none; one amount for all goes before the grid."""
    amounts: dict[int, Decimal] = {}
    faults: dict[str, str] = {}
    for name, text in typed.items():
        if name.startswith("amount-"):
            try:
                amounts[whole_number(name[7:])] = parse_amount(text)
            except ValueError as fault:
                faults[name] = str(fault)
    if request.POST.get("for") != "all":
        return amounts, faults
    return _for_all(request, batch)


def _for_all(request: HttpRequest, batch: PayoutBatch) -> tuple[dict[int, Decimal], dict[str, str]]:
    """One amount for every draft with one line, or for those of a hardship class, or per member of the household."""
    try:
        amount = parse_amount(request.POST.get("amount", ""))
    except ValueError as fault:
        return {}, {"amount": str(fault)}
    only, per_member = request.POST.get("only", ""), request.POST.get("per") == "member"
    amounts = {}
    for payout in batch.payouts.filter(state=PayoutState.DRAFT).select_related("dossier").prefetch_related("lines"):
        hardship = payout.dossier.hardship_class if payout.dossier else ""
        if len(payout.lines.all()) == 1 and (not only or hardship == only):
            household: dict[str, int] = payout.snapshot  # type: ignore[assignment]
            amounts[payout.pk] = amount * (household.get("members", 1) if per_member else 1)
    return amounts, {}
