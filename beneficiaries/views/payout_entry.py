"""Entering a payout: the draft with its lines, what the rules say about it, and what is left of each source."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries.actions import change_payout, delete_draft, draft_payout
from beneficiaries.enums import Trait
from beneficiaries.forms.payouts import PayoutForm, line_set
from beneficiaries.models import Dossier, Payout
from beneficiaries.payouts.facts import findings_of
from beneficiaries.payouts.rows import row, source_rows, steps
from beneficiaries.rules import REFUSE, WARN
from campaigns.models import Campaign
from relief.lib import clock
from unions import audit
from unions.enums import Role
from unions.idempotency import new_key
from unions.models import Union
from unions.policy import Refused, Stale, can, require
from unions.web import current_union, page, person_of, whole_number

BLANK_ROWS, MORE_ROWS = 4, 2


@page("payout.draft", methods=("GET", "POST"))
def payout_new(request: HttpRequest) -> HttpResponse:
    """An empty payout; `?dossier=` starts from a household."""
    union = current_union(request, {Role.ENTER})
    person = person_of(request)
    if request.method == "POST":
        form = PayoutForm(request.POST, union=union, person=person)
        lines = line_set(BLANK_ROWS)(request.POST, prefix="lines")
        if form.is_valid() & lines.is_valid():
            try:
                payout = draft_payout(
                    by=person, union=union, lines=lines.lines(), key=form.cleaned_data["request_key"], **form.facts()
                )
            except Refused as refusal:
                return _refused(request, refusal, form, lines, union)
            messages.success(request, f"已存为草稿 {payout.number}。")
            return redirect("payout_edit", pk=payout.pk)
        return _entry(request, form, lines, union)
    form = PayoutForm(union=union, person=person, initial=_start(request, union))
    return _entry(request, form, line_set(BLANK_ROWS)(prefix="lines"), union)


@page("payout.change", methods=("GET", "POST"))
def payout_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft with its findings; personal numbers stay hidden and are kept when left empty."""
    person = person_of(request)
    payout = _loaded(request, pk)
    require(person, "payout.change", payout)
    if request.method == "POST":
        form = PayoutForm(request.POST, union=payout.union, person=person, payout=payout)
        lines = line_set(MORE_ROWS)(request.POST, prefix="lines")
        if form.is_valid() & lines.is_valid():
            version = form.cleaned_data["version"] or 0
            try:
                change_payout(by=person, payout=payout, version=version, lines=lines.lines(), **form.facts())
            except Refused as refusal:
                return _refused(request, refusal, form, lines, payout.union, payout)
            messages.success(request, "已保存。")
            return redirect("payout_edit", pk=payout.pk)
        return _entry(request, form, lines, payout.union, payout)
    form = PayoutForm(union=payout.union, person=person, payout=payout, initial=_stored(payout))
    given = [
        {"source": line.source, "route": line.route, "item": line.item, "amount": line.amount}
        for line in payout.lines.all()
    ]
    return _entry(request, form, line_set(MORE_ROWS)(prefix="lines", initial=given), payout.union, payout)


@page("payout.delete", methods=("POST",))
def payout_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft."""
    payout = _loaded(request, pk)
    version = request.POST.get("version", "")
    delete_draft(by=person_of(request), payout=payout, version=whole_number(version))
    messages.success(request, f"草稿 {payout.number} 已删除。")
    return redirect("payout_list")


def _loaded(request: HttpRequest, pk: int) -> Payout:
    reach = Payout.objects.visible_to(person_of(request)).select_related(
        "union", "paid_from", "campaign", "dossier", "batch"
    )
    return get_object_or_404(reach.prefetch_related("lines", "reversals"), pk=pk)


def _start(request: HttpRequest, union: Union) -> dict[str, Any]:
    """First values: the newest campaign, today, own money, and the traits of the household it starts from."""
    campaigns = Campaign.objects.visible_to(person_of(request)).published().filter(closed_at__isnull=True)
    start: dict[str, Any] = {
        "planned_on": clock.today(),
        "paid_from": union,
        "request_key": new_key(),
        "campaign": campaigns.first(),
    }
    wanted = request.GET.get("dossier", "")
    if wanted.isdecimal():
        dossier = Dossier.objects.visible_to(person_of(request)).filter(union=union, pk=wanted).first()
        if dossier is not None:
            marks = [trait for trait in Trait.values if getattr(dossier, trait, False)]
            start |= {"dossier": dossier, "relief_group": "dossier_holder", "traits": marks}
    return start


def _stored(payout: Payout) -> dict[str, Any]:
    names = ("campaign", "dossier", "relief_group", "purpose", "planned_on", "paid_from", "reason", "version")
    marks = [trait for trait in Trait.values if getattr(payout, trait)]
    member = {True: "yes", False: "no", None: ""}[payout.union_member]
    stored = {name: getattr(payout, name) for name in names}
    return stored | {"traits": marks, "union_member": member, "students": payout.students}


def _refused(request, refusal: Refused, form, lines, union: Union, payout: Payout | None = None) -> HttpResponse:
    """The page again with what was typed, the refusal on top; a stale save shows both values."""
    audit.record_refusal(act=refusal.act or "payout.draft", by=person_of(request), obj=payout, reason=refusal.reason)
    differences: list[tuple[str, str, str]] = []
    if isinstance(refusal, Stale) and payout is not None:
        differences = refusal.differences
        form.data = form.data.copy()
        form.data["version"] = Payout.objects.values_list("version", flat=True).get(pk=payout.pk)
    form.add_error(None, f"{refusal.reason}{refusal.next_step}")
    return _entry(request, form, lines, union, payout, differences=differences, status=refusal.status)


def _entry(
    request, form, lines, union: Union, payout: Payout | None = None, *, differences=(), status: int = 200
) -> HttpResponse:
    findings = findings_of([payout], today=clock.today())[payout.pk] if payout else []
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    for line in payout.lines.all() if payout else ():
        amounts[line.source] += line.amount
    source = payout.paid_from if payout else union
    stopped = [finding for finding in findings if finding.severity == REFUSE]
    silent = [finding for finding in findings if finding.severity == WARN and not (payout and payout.reason)]
    context = {
        "form": form,
        "lines": lines,
        "union": union,
        "payout": row(payout, findings) if payout else None,
        "batch": payout.batch if payout else None,
        "steps": steps(payout) if payout else None,
        "returned": payout.failure if payout else "",
        "findings": [(finding, [(way.label, f"id_{way.field}") for way in finding.ways]) for finding in findings],
        "stopped": len(stopped),
        "silent": len(silent),
        "sources": source_rows(source.pk, amounts, without=[payout.pk] if payout else ()),
        "source_union": source,
        "differences": differences,
        "may_plan": can(person_of(request), "payout.plan", payout) if payout else None,
    }
    return render(request, "beneficiaries/payout_form.html", context, status=status)
