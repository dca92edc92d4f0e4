"""Looking at a household in full, its evidence, its assessment, and the standards it is measured by."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries import actions, classrules, intake
from beneficiaries.forms.dossiers import (
    AssessmentForm,
    EvidenceForm,
    StandardForm,
    UnmaskForm,
)
from beneficiaries.models import Assessment, Dossier, SubsistenceStandard
from beneficiaries.views.dossiers import detail_page, load
from relief.lib import clock, idnumber
from unions import attachments
from unions.models import Union
from unions.policy import Refused, can
from unions.web import current_union, page, person_of


@page("household.unmask", methods=("POST",))
def household_unmask(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the page in full, once; the audit row is written before anything is shown."""
    person = person_of(request)
    dossier = load(person, pk)
    form = UnmaskForm(request.POST, auto_id="id_un_%s")
    if not form.is_valid():
        return detail_page(request, dossier, given={"unmask": form}, status=422)
    actions.unmask(by=person, dossier=dossier, **form.cleaned_data)
    return detail_page(request, dossier, full=True)


@page("dossier.evidence", methods=("POST",))
def evidence_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in one file of evidence."""
    person = person_of(request)
    dossier = load(person, pk)
    form = EvidenceForm(request.POST, request.FILES, auto_id="id_ev_%s")
    if not form.is_valid():
        return detail_page(request, dossier, given={"evidence": form}, status=422)
    try:
        actions.add_evidence(by=person, dossier=dossier, **form.cleaned_data)
    except Refused as refusal:
        if refusal.status != 422:
            raise
        form.add_error("upload", refusal.reason)
        return detail_page(request, dossier, given={"evidence": form}, status=422)
    messages.success(request, "材料已上传，已加密保存。")
    return redirect("dossier_detail", pk=pk)


@page("household.unmask", methods=("POST",))
def evidence_download(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """Give out one file of evidence; every download is written down."""
    person = person_of(request)
    dossier = load(person, pk)
    row = get_object_or_404(attachments.of(dossier), pk=attachment)
    return attachments.download_response(actions.open_evidence(by=person, dossier=dossier, attachment=row))


@page("dossier.assess", methods=("GET", "POST"))
def dossier_assess(request: HttpRequest, pk: int) -> HttpResponse:
    """Assess the household; the sum and its sentence are shown on the file's page."""
    person = person_of(request)
    dossier = load(person, pk)
    decision = can(person, "dossier.assess", dossier)
    if not decision:
        raise Refused(decision.reason, decision.next_step, status=decision.status, act="dossier.assess", obj=dossier)
    form = AssessmentForm(request.POST or None, initial=_last_inputs(dossier))
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data}
        for name in ("job_cost", "accidental_loss"):
            given[name] = given[name] or 0
        try:
            row = actions.assess(by=person, dossier=dossier, **given)
        except intake.Faults as faults:
            for name, sentence in faults.errors.items():
                form.add_error(name if name in form.fields else None, sentence)
        else:
            messages.success(request, f"测算结果：{row.get_result_display()}，人均月收入 {row.per_head:,.2f} 元。")
            return redirect("dossier_detail", pk=pk)
    today = clock.today()
    context = {
        "form": form,
        "pk": pk,
        "number": dossier.number,
        "masked_name": idnumber.mask_name(dossier.name),
        "active": dossier.state == "active",
        "rule": classrules.rule_on(today),
        "standard": _standard_words(dossier, today.year),
    }
    return render(request, "beneficiaries/dossier_assess.html", context, status=422 if form.is_bound else 200)


def _standard_words(dossier: Dossier, year: int) -> tuple[bool, str]:
    """(known, sentence) of the standard that will be used."""
    try:
        return True, classrules.standard_for(dossier.union, year).words
    except Refused as missing:
        return False, missing.reason


def _last_inputs(dossier: Dossier) -> dict[str, object]:
    last = Assessment.objects.filter(dossier=dossier).first()
    if last is None:
        return {"version": dossier.version, "persons": dossier.members.count() + 1}
    names = ("persons", "yearly_income", "rigid_expenses", "job_cost", "accidental_loss")
    return {name: getattr(last, name) for name in names} | {"version": dossier.version}


@page("standard.set", methods=("GET", "POST"))
def standards(request: HttpRequest) -> HttpResponse:
    """The subsistence standards of the own union and its superiors; the own one can be registered."""
    person = person_of(request)
    union = current_union(request)
    form = StandardForm(request.POST or None, initial={"year": clock.today().year})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_standard(by=person, union=union, **form.cleaned_data)
        except intake.Faults as faults:
            for name, sentence in faults.errors.items():
                form.add_error(name if name in form.fields else None, sentence)
        else:
            messages.success(request, "标准已登记；以前的评估保留当时的标准。")
            return redirect("standards")
    line = Union.objects.line_of(union)
    rows = SubsistenceStandard.objects.filter(union__in=line).select_related("union").order_by("-year", "union__depth")
    context = {
        "form": form,
        "rows": rows,
        "union": union,
        "decision": can(person, "standard.set", SubsistenceStandard(union=union)),
    }
    return render(request, "beneficiaries/standards.html", context, status=422 if form.is_bound else 200)
