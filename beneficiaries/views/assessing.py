"""Assessing a household: income and expenses in, the class by the rule in force out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from beneficiaries import actions
from beneficiaries.assessing import classrules, income
from beneficiaries.dossiers import intake, masking
from beneficiaries.forms.assessing import AssessmentForm
from beneficiaries.models import Assessment, Dossier
from beneficiaries.views.dossiers import load
from relief.lib import clock, idnumber
from unions.policy import Refused, can
from unions.web import page, person_of


@page("dossier.assess", methods=("GET", "POST"))
def dossier_assess(request: HttpRequest, pk: int) -> HttpResponse:
    """Assess the household; the sum and its sentences are shown on the file's page."""
    person = person_of(request)
    dossier = load(person, pk)
    decision = can(person, "dossier.assess", dossier)
    if not decision:
        raise Refused(decision.reason, decision.next_step, status=decision.status, act="dossier.assess", obj=dossier)
    today = clock.today()
    rule = classrules.rule_on(today, dossier.union)
    form = AssessmentForm(request.POST or None, earners=_earners(dossier), rule=rule, initial=_last_inputs(dossier))
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.assess(by=person, dossier=dossier, **form.typed())
        except intake.Faults as faults:
            for name, sentence in faults.errors.items():
                form.add_error(name if name in form.fields else None, sentence)
        else:
            messages.success(request, f"测算结果：{row.get_result_display()}，人均月收入 {row.per_head:,.2f} 元。")
            return redirect("dossier_detail", pk=pk)
    context = {
        "form": form,
        "pk": pk,
        "number": dossier.number,
        "masked_name": idnumber.mask_name(dossier.name),
        "active": dossier.state == "active",
        "rule": rule,
        "standard": _standard_words(dossier, today.year),
    }
    return render(request, "beneficiaries/dossier_assess.html", context, status=422 if form.is_bound else 200)


def _earners(dossier: Dossier) -> list[income.Earner]:
    """Householder and members with what the file has registered of their wages; members as the edit page calls them."""
    today = clock.today()
    found = [income.Earner("holder", "户主", dossier.monthly_income)]
    for place, member in enumerate(dossier.members.all(), 1):
        label = masking.edit_label(member, today)
        label = f"第 {place} 位成员" if label == masking.LOCKED_MEMBER else label
        monthly = Decimal(member.monthly_income) if member.monthly_income else None
        found.append(income.Earner(str(member.pk), label, monthly))
    return found


def _standard_words(dossier: Dossier, year: int) -> tuple[bool, str]:
    """(known, sentence) of the standard that will be used."""
    try:
        return True, classrules.standard_for(dossier.union, year).words
    except Refused as missing:
        return False, missing.reason


def _last_inputs(dossier: Dossier) -> dict[str, Any]:
    """The sums of the last assessment; its lines are sealed and not shown again."""
    last = Assessment.objects.filter(dossier=dossier).first()
    if last is None:
        start = {"version": dossier.version, "persons": dossier.members.count() + 1}
        return start | ({"other": dossier.other_yearly_income} if dossier.other_yearly_income else {})
    names = ("persons", "yearly_income", "rigid_expenses", "job_cost", "accidental_loss", "savings", "exclusions")
    return {name: getattr(last, name) for name in names} | {
        "version": dossier.version,
        "exclusion_note": last.exclusion_note,
    }
