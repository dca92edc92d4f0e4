"""Looking at a household in full, its evidence, its assessment, and the standards it is measured by."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries import actions
from beneficiaries.actions.assessments import may_set_standard
from beneficiaries.assessing import classrules
from beneficiaries.dossiers import intake
from beneficiaries.forms.dossiers import (
    EvidenceForm,
    StandardForm,
    UnmaskForm,
)
from beneficiaries.models import ClassRule, SubsistenceStandard
from beneficiaries.views.dossiers import detail_page, load
from relief.lib import clock
from unions import attachments
from unions.models import Union
from unions.policy import Refused, can
from unions.web import current_union, page, person_of, whole_number


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


@page("classrule.adopt", methods=("POST",))
def class_rule_adopt(request: HttpRequest) -> HttpResponse:
    """Let a shipped rule decide the classes of the own union and everybody below."""
    rule = get_object_or_404(ClassRule.objects.filter(union__isnull=True), pk=whole_number(request.POST.get("rule")))
    adopted = actions.adopt_rule(by=person_of(request), union=current_union(request), rule=rule)
    messages.success(request, f"从今天起按“{adopted.title}”测算；以前的评估保留当时的规则。")
    return redirect("standards")


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
        "decision": may_set_standard(person, union),
        "rule": classrules.rule_on(clock.today(), union),
        "adoptable": classrules.adoptable(),
        "may_adopt": can(person, "classrule.adopt", SubsistenceStandard(union=union)),
    }
    return render(request, "beneficiaries/standards.html", context, status=422 if form.is_bound else 200)
