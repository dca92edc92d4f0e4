"""One payout with its chain, household, money, findings and reversal; and the parts other pages take in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from beneficiaries.actions import (
    add_payout_invoice,
    confirm_reversal,
    fail_payout,
    propose_reversal,
    refuse_reversal,
    take_invoice,
)
from beneficiaries.actions.batch_papers import HANDED_OUT
from beneficiaries.enums import PayoutState, Route
from beneficiaries.forms.batches import InvoiceForm
from beneficiaries.forms.payouts import FailForm, RefuseReversalForm, ReverseForm
from beneficiaries.models import Dossier, GoodsInvoice, Payout, PayoutReversal
from beneficiaries.payouts.facts import by_bank, findings_of
from beneficiaries.payouts.overrides import basis_words, override_rows
from beneficiaries.payouts.rows import CHECKED, aid_history, route_rows, row, snapshot_words, steps
from beneficiaries.payouts.stages import return_act, waits_for
from beneficiaries.rules import Finding
from relief.lib import clock, idnumber
from unions import attachments
from unions.models import Person
from unions.policy import Decision, Refused, Stale, can, require
from unions.web import page, person_of, whole_number

AHEAD: dict[str, tuple[tuple[str, str], ...]] = {
    PayoutState.DRAFT: (("plan", "送审"),),
    PayoutState.APPROVED: (("release", "出账"), ("return", "退回")),
    PayoutState.RELEASED: (("settle", "登记已发放"),),
    PayoutState.FAILED: (("release", "重新出账"), ("return", "退回")),
}

DECIDES = {"review": ("review", "审核通过"), "approve": ("approve", "审批"), "second": ("second", "第二审批")}


@page("payout.read")
def payout_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A payout, masked."""
    return _detail(request, _loaded(request, pk))


@page("payout.fail", methods=("POST",))
def payout_fail(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the bank returned the money."""
    payout = _loaded(request, pk)
    form = FailForm(request.POST)
    if not form.is_valid():
        return _detail(request, payout, fail_form=form)
    fail_payout(
        by=person_of(request),
        payout=payout,
        reason=form.cleaned_data["reason"],
        version=form.cleaned_data["version"],
    )
    messages.success(request, "已登记失败；改正账号请先退回，账号无误可重新出账。")
    return redirect("payout_detail", pk=payout.pk)


@page("payout.reverse", methods=("POST",))
def payout_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose a reversal."""
    payout = _loaded(request, pk)
    form = ReverseForm(request.POST)
    if not form.is_valid():
        return _detail(request, payout, reverse_form=form)
    propose_reversal(by=person_of(request), payout=payout, **form.cleaned_data)
    messages.success(request, "已提出冲正，等另一个人确认；确认以前统计不变。")
    return redirect("payout_detail", pk=payout.pk)


@page("payout.confirm_reversal", methods=("POST",))
def payout_reversal_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the reversal of a payout."""
    payout = _loaded(request, pk)
    confirm_reversal(by=person_of(request), reversal=_reversal(request, payout, "payout.confirm_reversal"))
    messages.success(request, "冲正已确认，这一笔不再计入统计。")
    return redirect("payout_detail", pk=payout.pk)


@page("payout.refuse_reversal", methods=("POST",))
def payout_reversal_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a proposed reversal that is wrong; the right one can be proposed then."""
    payout = _loaded(request, pk)
    form = RefuseReversalForm(request.POST)
    if not form.is_valid():
        return _detail(request, payout, refuse_form=form)
    reversal = _reversal(request, payout, "payout.refuse_reversal")
    refuse_reversal(by=person_of(request), reversal=reversal, why=form.cleaned_data["why"])
    messages.success(request, "已退回冲正，统计没有变；要冲正请重新提出。")
    return redirect("payout_detail", pk=payout.pk)


def _reversal(request: HttpRequest, payout: Payout, act: str) -> PayoutReversal:
    """The reversal that the page showed; Stale when it was refused since and another one waits."""
    person = person_of(request)
    reversals = PayoutReversal.objects.visible_to(person).select_related("payout__union", "payout__paid_from")
    found = get_object_or_404(reversals, payout=payout)
    require(person, act, found)
    if whole_number(request.POST.get("reversal")) != found.pk:
        raise Stale([("冲正", "另提的一笔", "打开页面时的那一笔")], act=act, obj=payout)
    return found


@page("payout.invoice", methods=("POST",))
def payout_invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an invoice of the goods; on a fault what was typed stays."""
    payout, person = _loaded(request, pk), person_of(request)
    form = InvoiceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            add_payout_invoice(by=person, payout=payout, **form.cleaned_data)
        except Refused as refusal:
            if refusal.status != 422:
                raise
            form.add_error(None, f"{refusal.reason}{refusal.next_step}")
        else:
            messages.success(request, "发票已登记。")
            return redirect("payout_detail", pk=payout.pk)
    return _detail(request, payout, invoice_form=form)


@page("payout.take_invoice")
def payout_invoice_scan(request: HttpRequest, pk: int, invoice: int) -> HttpResponse:
    """The scan of an invoice; each look is written down."""
    payout = _loaded(request, pk)
    row = get_object_or_404(GoodsInvoice.objects.filter(payout=payout), pk=invoice)
    return attachments.download_response(take_invoice(by=person_of(request), payout=payout, invoice=row))


@page("payout.read")
def dossier_payouts(request: HttpRequest, pk: int) -> HttpResponse:
    """The aid history of a household, for the page of its dossier."""
    dossier = get_object_or_404(Dossier.objects.visible_to(person_of(request)), pk=pk)
    context = {"history": aid_history(dossier, clock.today())}
    return render(request, "beneficiaries/_dossier_payouts.html", context)


def _loaded(request: HttpRequest, pk: int) -> Payout:
    reach = Payout.objects.visible_to(person_of(request)).select_related(
        "union", "paid_from", "campaign", "dossier", "entered_by", "reviewed_by", "approved_by", "second_by",
        "released_by", "review_union", "approve_union", "second_union", "pay_union", "batch", "proxy",
    )  # fmt: skip
    return get_object_or_404(
        reach.prefetch_related("lines", "reversals__proposed_by", "reversals__confirmed_by"), pk=pk
    )


def _detail(request: HttpRequest, payout: Payout, **forms) -> HttpResponse:
    person = person_of(request)
    findings: list[Finding] = []
    if payout.state in CHECKED:
        findings = findings_of([payout], today=clock.today())[payout.pk]
    reversal = next(iter(payout.reversals.all()), None)
    if reversal is not None:
        reversal.payout = payout
    sees_dossier = payout.dossier_id and Dossier.objects.visible_to(person).filter(pk=payout.dossier_id).exists()
    context = {
        "payout": row(payout, findings),
        "findings": findings,
        "steps": steps(payout),
        "reason": payout.reason,
        "overrides": override_rows(payout),
        "basis": basis_words(payout),
        "failure": payout.failure,
        "paid_from": payout.paid_from.name if payout.paid_from_id != payout.union_id else "",
        "receipt": payout.receipt,
        "card": f"尾号 {idnumber.mask_card(payout.card_number)[-4:]}" if payout.card_number else "",
        "dossier_number": payout.dossier.number if payout.dossier else "",
        "dossier_url": reverse("dossier_detail", args=[payout.dossier_id]) if sees_dossier else "",
        "snapshot": snapshot_words(payout),
        "batch": payout.batch,
        "proxy": getattr(payout, "proxy", None),
        "may_proxy": can(person, "payout.proxy", payout) and payout.state in HANDED_OUT,
        "routes": route_rows([payout]),
        **_invoices(person, payout, forms.get("invoice_form")),
        "buttons": _buttons(person, payout),
        "may_change": can(person, "payout.change", payout),
        "may_fail": can(person, "payout.fail", payout),
        "may_reverse": can(person, "payout.reverse", payout) if reversal is None else None,
        **_reversal_part(person, reversal, forms.get("refuse_form")),
        "fail_form": forms.get("fail_form") or FailForm(initial={"version": payout.version}),
        "reverse_form": forms.get("reverse_form") or ReverseForm(initial={"reversed_on": clock.today()}),
    }
    return render(request, "beneficiaries/payout_detail.html", context)


def _reversal_part(person: Person, reversal: PayoutReversal | None, form: RefuseReversalForm | None) -> dict[str, Any]:
    """The reversal, and what this person may decide about it while it waits."""
    waits = reversal is not None and not reversal.confirmed_at
    return {
        "reversal": reversal,
        "may_confirm": can(person, "payout.confirm_reversal", reversal) if waits else None,
        "refuse_form": form or RefuseReversalForm()
        if waits and can(person, "payout.refuse_reversal", reversal)
        else None,
    }


def _invoices(person: Person, payout: Payout, form: InvoiceForm | None) -> dict[str, Any]:
    """Invoices of the goods with whether each has a scan; nothing where the batch keeps them or no goods are given."""
    if payout.batch_id is not None or all(line.route != Route.GOODS for line in payout.lines.all()):
        return {"invoices": [], "invoice_form": None}
    rows = list(payout.invoices.all())
    scans = attachments.of_all(GoodsInvoice, [row.pk for row in rows])
    may = can(person, "payout.invoice", payout)
    return {
        "invoices": [(row, bool(scans[row.pk])) for row in rows],
        "invoice_form": (form or InvoiceForm(initial={"issued_on": payout.planned_on})) if may else None,
    }


def _buttons(person: Person, payout: Payout) -> list[dict[str, object]]:
    """The steps ahead with their decisions: what is refused is shown grey with its sentence."""
    ahead = AHEAD.get(payout.state, ())
    if payout.state == PayoutState.PLANNED:
        ahead = ((DECIDES[waits_for(payout)]), ("return", "退回"))
    if payout.state == PayoutState.APPROVED and not by_bank(payout):
        ahead = (("settle", "登记已发放"), ("return", "退回"))
    shown = []
    for at, (step, label) in enumerate(ahead):
        decision = can(person, _act(step, payout), payout)
        shown.append(
            {
                "label": label,
                "url": f"{reverse('payout_step', args=[step])}?p={payout.pk}",
                "decision": decision,
                "primary": at == 0 and bool(decision),
                "why": _short(decision),
            }
        )
    return shown


def _short(decision: Decision) -> str:
    return "" if decision else decision.reason


def _act(step: str, payout: Payout) -> str:
    if step != "return":
        return f"payout.{step}"
    return return_act(payout)
