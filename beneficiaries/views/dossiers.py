"""Pages of dossiers: the list, the file and its steps; its form is in `dossier_entry`."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries import actions, keyset
from beneficiaries.actions import households
from beneficiaries.dossiers import holder_facts, masking, queries
from beneficiaries.dossiers import page as dossier_page
from beneficiaries.enums import DossierState, HardshipClass
from beneficiaries.forms.dossiers import (
    EvidenceForm,
    ReasonForm,
    UnmaskForm,
)
from beneficiaries.models import Dossier, FieldChange, Opinion, Pairing, Payout
from beneficiaries.payouts.rows import aid_history
from relief.lib import clock, idnumber
from unions.models import Person
from unions.policy import can, may_anywhere
from unions.web import page, person_of

PER_PAGE = 50
NAME_FILTER = "dossier_name"
SEALED = ("birth_date", "phone", "address", "health", "cause", "bank", "card_number", "note")
"""Columns that no row of the list shows: not fetched."""


def load(person: Person, pk: int) -> Dossier:
    """The dossier when the person may see it, else 404."""
    rows = Dossier.objects.visible_to(person).select_related("union", "review_union", "approve_union", "contact_person")
    return get_object_or_404(rows, pk=pk)


@page("dossier.read")
def dossier_list(request: HttpRequest) -> HttpResponse:
    """The files the person may see, by number, filtered by state, question, class, number and name."""
    person, today = person_of(request), clock.today()
    seen = Dossier.objects.visible_to(person)
    number, name = request.GET.get("number", "").strip()[:40], request.session.get(NAME_FILTER, "")
    if number:
        seen = seen.filter(Q(number__startswith=number) | Q(number__startswith=number.upper()))
    if name:
        seen = seen.filter(name__startswith=name)
    chosen = request.GET.get("class", "")
    if chosen in HardshipClass.values:
        seen = seen.filter(hardship_class=chosen)
    counts = queries.counts(seen)
    state = request.GET.get("state", "")
    rows = seen.filter(state=state) if state in DossierState.values else seen
    question = request.GET.get("ask", "")
    rows = queries.filtered(rows, question).select_related("union").defer(*SEALED)
    after, before = request.GET.get("after", "")[:40], request.GET.get("before", "")[:40]
    shown = keyset.slice_of(rows, "number", PER_PAGE, after=after, before=before)
    may_review = question == "review" and may_anywhere(person, "review.record")
    context = {
        "slice": shown,
        "rows": [_list_row(dossier, today) for dossier in shown.rows],
        "chips": [(value, label, counts.states[value]) for value, label in DossierState.choices],
        "total": counts.total,
        "most_in_all": queries.MOST,
        "most": counts.most,
        "state": state,
        "questions": counts.questions,
        "question": question,
        "may_review": may_review,
        "chosen": chosen,
        "number": number,
        "name": name,
        "classes": [choice for choice in HardshipClass.choices if choice[0] != HardshipClass.NONE],
        "may_open": may_anywhere(person, "dossier.open"),
        "may_ask": may_anywhere(person, "dossier.requests"),
        "may_check": may_anywhere(person, "check.read"),
        "filtered": bool(number or name or chosen or state or question),
    }
    return render(request, "beneficiaries/dossier_list.html", context)


def _list_row(dossier: Dossier, today: datetime.date) -> dict[str, Any]:
    return {
        "pk": dossier.pk,
        "number": dossier.number,
        "name": idnumber.mask_name(dossier.name),
        "id_number": f"···{idnumber.last4(dossier.id_number)}" if dossier.id_number else masking.MISSING,
        "class": dossier.get_hardship_class_display(),
        "tone": "bad" if dossier.hardship_class == HardshipClass.DEEP else "warn",
        "state": dossier.state,
        "level": dossier.get_level_display(),
        "union": dossier.union.called,
        "opened_on": dossier.opened_on,
        "review_due_on": dossier.review_due_on,
        "due": dossier_page.review_is_due(dossier, today),
    }


@page("dossier.read", methods=("POST",))
def dossier_search(request: HttpRequest) -> HttpResponse:
    """Keep the name to look for in the session: names never stand in an address."""
    name = request.POST.get("name", "").strip()[:40]
    if name and "clear" not in request.POST:
        request.session[NAME_FILTER] = name
    else:
        request.session.pop(NAME_FILTER, None)
    return redirect("dossier_list")


@page("dossier.read")
def dossier_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One file, masked; in full, with one audit row, when the case waits for this person's decision (D18)."""
    person = person_of(request)
    dossier = load(person, pk)
    return detail_page(request, dossier, full=actions.open_case(by=person, dossier=dossier))


def detail_page(
    request: HttpRequest,
    dossier: Dossier,
    *,
    full: bool = False,
    given: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a file; `given` holds forms that came back with errors."""
    person, today, given = person_of(request), clock.today(), given or {}
    opinions = list(Opinion.objects.filter(dossier=dossier).select_related("person", "union"))
    changes = list(FieldChange.objects.filter(dossier=dossier).select_related("by")[:21])
    context = {
        "pk": dossier.pk,
        "number": dossier.number,
        "file": _file(dossier),
        "full": full,
        "holder": masking.householder(dossier, today, full=full),
        "masked_name": idnumber.mask_name(dossier.name),
        "members": masking.member_rows(dossier.members.all(), today, full=full),
        "steps": dossier_page.chain_steps(dossier, opinions),
        "next": dossier_page.next_step(dossier, person, given.get("step")),
        "back_form": given.get("back") or ReasonForm(initial={"version": dossier.version}, auto_id="id_back_%s"),
        "assessment": dossier_page.assessment_card(dossier),
        "history": aid_history(dossier, today),
        "changes": changes[:20],
        "more_changes": len(changes) > 20,
        "opinions": opinions,
        "particulars": holder_facts.groups(dossier, full=full),
        "missing": holder_facts.missing(dossier),
        "pairings": list(Pairing.objects.filter(dossier=dossier, valid_to__isnull=True)),
        "tiles": dossier_page.evidence_tiles(dossier),
        "evidence_form": given.get("evidence") or EvidenceForm(auto_id="id_ev_%s"),
        "unmask_form": given.get("unmask") or UnmaskForm(auto_id="id_un_%s"),
        "open_unmask": "unmask" in given,
        "may_aid": dossier.state == DossierState.ACTIVE and can(person, "payout.draft", Payout(union=dossier.union)),
        "review_due": dossier_page.review_is_due(dossier, today),
        "may": _decisions(person, dossier),
    }
    return render(request, "beneficiaries/dossier_detail.html", context, status=status)


def _file(dossier: Dossier) -> dict[str, Any]:
    """The facts of the file itself; nothing of the household."""
    return {
        "state": dossier.state,
        "class": dossier.get_hardship_class_display(),
        "tone": "bad" if dossier.hardship_class == HardshipClass.DEEP else "warn",
        "level": dossier.get_level_display(),
        "opened_on": dossier.opened_on,
        "union": dossier.union.name,
        "contact": dossier.contact_person.name if dossier.contact_person else "",
        "review_due_on": dossier.review_due_on,
        "changed_at": dossier.changed_at,
        "closing_reason": dossier.get_closing_reason_display(),
        "note": dossier.note,
    }


def _decisions(person: Person, dossier: Dossier) -> dict[str, Any]:
    acts = ("save", "pair", "assess", "close", "transfer", "reopen", "evidence")
    found = {name: can(person, f"dossier.{name}", dossier) for name in acts}
    found["sheet"] = can(person, "dossier.sheet", dossier)
    found["yearly"] = can(person, "review.record", dossier)
    found["unmask"] = households.works_on(person, dossier)  # type: ignore[assignment]
    return found


@page("dossier.read", methods=("POST",))
def dossier_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take the next step of the chain; a form with errors comes back on the file's page."""
    person = person_of(request)
    dossier = load(person, pk)
    kind = dossier_page.BY_KEY.get(step)
    if kind is None:
        raise Http404
    form = kind.form(request.POST, auto_id=f"id_{kind.key}_%s")
    if not form.is_valid():
        return detail_page(request, dossier, given={"step": form}, status=422)
    moves = {
        "apply": actions.apply_dossier,
        "visit": actions.visit_dossier,
        "post": actions.post_dossier,
        "review": actions.review_dossier,
        "approve": actions.approve_dossier,
    }
    moved = moves[step](by=person, dossier=dossier, **form.cleaned_data)
    messages.success(request, f"{kind.label}已办好，档案现在是“{moved.get_state_display()}”。")
    for warning in dossier_page.posting_warnings(moved) if step == "post" else []:
        messages.warning(request, warning)
    return redirect("dossier_detail", pk=pk)


@page("dossier.read", methods=("POST",))
def dossier_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the file back with a reason."""
    person = person_of(request)
    dossier = load(person, pk)
    form = ReasonForm(request.POST, auto_id="id_back_%s")
    if not form.is_valid():
        return detail_page(request, dossier, given={"back": form}, status=422)
    actions.return_dossier(
        by=person, dossier=dossier, version=form.cleaned_data["version"], reason=form.cleaned_data["text"]
    )
    messages.success(request, f"档案 {dossier.number} 已退回 {dossier.union.called}，对方改好后会重新提交。")
    seen = Dossier.objects.visible_to(person).filter(pk=pk).exists()
    return redirect("dossier_detail", pk=pk) if seen else redirect("dossier_list")
