"""Pairings of a household, and its whole change history."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries import actions
from beneficiaries.dossiers import intake
from beneficiaries.forms.pairings import EndPairingForm, PairingForm
from beneficiaries.models import FieldChange, Pairing
from beneficiaries.views.dossiers import load
from relief.lib import clock, idnumber
from unions.policy import can
from unions.web import page, person_of

PER_PAGE = 50


@page("dossier.pair", methods=("GET", "POST"))
def dossier_pairings(request: HttpRequest, pk: int) -> HttpResponse:
    """Who pairs with the household and who did; a new pairing is written here."""
    person = person_of(request)
    dossier = load(person, pk)
    form = PairingForm(request.POST or None, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.pair_household(by=person, dossier=dossier, **form.cleaned_data)
        except intake.Faults as faults:
            _show(faults, form)
        else:
            messages.success(request, "结对已登记。")
            return redirect("dossier_pairings", pk=pk)
    context = {
        "form": form,
        "pk": pk,
        "number": dossier.number,
        "masked_name": idnumber.mask_name(dossier.name),
        "rows": Pairing.objects.filter(dossier=dossier),
        "decision": can(person, "dossier.pair", dossier),
    }
    return render(request, "beneficiaries/dossier_pairings.html", context, status=422 if form.is_bound else 200)


@page("dossier.pair", methods=("GET", "POST"))
def pairing_end(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """End one pairing."""
    person = person_of(request)
    dossier = load(person, pk)
    row = get_object_or_404(Pairing.objects.filter(dossier=dossier).select_related("dossier__union"), pk=number)
    form = EndPairingForm(request.POST or None, initial={"valid_to": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_pairing(by=person, pairing=row, **form.cleaned_data)
        except intake.Faults as faults:
            _show(faults, form)
        else:
            messages.success(request, "结对已结束，记录保留。")
            return redirect("dossier_pairings", pk=pk)
    context = {
        "form": form,
        "pk": pk,
        "number": dossier.number,
        "masked_name": idnumber.mask_name(dossier.name),
        "row": row,
        "decision": can(person, "dossier.pair", dossier),
    }
    return render(request, "beneficiaries/pairing_end.html", context, status=422 if form.is_bound else 200)


@page("dossier.read")
def dossier_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """Every change of the file, newest first, in masked words: who, when, from what to what, and why."""
    dossier = load(person_of(request), pk)
    rows = FieldChange.objects.filter(dossier=dossier).select_related("by")
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "changes": list(shown),
        "pk": pk,
        "number": dossier.number,
        "masked_name": idnumber.mask_name(dossier.name),
    }
    return render(request, "beneficiaries/dossier_changes.html", context)


def _show(faults: intake.Faults, form: forms.Form) -> None:
    for name, sentence in faults.errors.items():
        form.add_error(name if name in form.fields else None, sentence)
