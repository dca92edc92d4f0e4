"""Pages of visits: the list, and one form for households and one for enterprises; made for a phone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries import actions, intake
from beneficiaries.enums import VisitKind
from beneficiaries.forms.visits import EnterpriseVisitForm, HouseholdVisitForm
from beneficiaries.models import Visit
from relief.lib import clock, idnumber
from unions.enums import Role
from unions.policy import may_anywhere
from unions.web import current_union, page, person_of, whole_number

PER_PAGE = 50
FORMS: dict[str, type[HouseholdVisitForm] | type[EnterpriseVisitForm]] = {
    VisitKind.HOUSEHOLD: HouseholdVisitForm,
    VisitKind.ENTERPRISE: EnterpriseVisitForm,
}


@page("visit.read")
def visit_list(request: HttpRequest) -> HttpResponse:
    """The visits of the person's unions, newest first, with counts by kind."""
    person = person_of(request)
    seen = Visit.objects.visible_to(person)
    kinds = {kind: Count("pk", filter=Q(kind=kind, voided_at__isnull=True)) for kind in VisitKind.values}
    counts = seen.aggregate(**kinds)
    kind = request.GET.get("kind", "")
    rows = seen.filter(kind=kind) if kind in VisitKind.values else seen
    rows = rows.select_related("union", "dossier", "campaign", "entered_by")
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    own = set(person.union_ids({Role.ENTER}))
    context = {
        "page": shown,
        "rows": [_row(visit, own) for visit in shown],
        "chips": [(value, label, counts[value]) for value, label in VisitKind.choices],
        "total": sum(counts.values()),
        "kind": kind,
        "may_record": may_anywhere(person, "visit.record"),
    }
    return render(request, "beneficiaries/visit_list.html", context)


def _row(visit: Visit, own: set[int]) -> dict[str, Any]:
    household = visit.dossier
    return {
        "pk": visit.pk,
        "version": visit.version,
        "day": visit.visited_on,
        "household": visit.kind == VisitKind.HOUSEHOLD,
        "name": idnumber.mask_name(household.name) if household else visit.enterprise,
        "dossier": household.pk if household else None,
        "number": household.number if household else "",
        "class": household.get_hardship_class_display() if household else "",
        "in_difficulty": visit.in_difficulty,
        "with_relief": visit.with_relief,
        "leader": visit.leader,
        "persons": visit.persons,
        "note": visit.note,
        "campaign": visit.campaign.title if visit.campaign else "日常走访",
        "union": visit.union.called,
        "entered_by": visit.entered_by.name,
        "voided": visit.voided_at is not None,
        "may_void": visit.voided_at is None and visit.union_id in own,
    }


@page("visit.record", methods=("GET", "POST"))
def visit_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Record one visit; 保存并再记一家 stays on the form."""
    person, union = person_of(request), current_union(request, {Role.ENTER})
    chosen = FORMS[kind]
    initial: dict[str, Any] = {"visited_on": clock.today(), "persons": 1, "leader": person.name}
    if kind == VisitKind.HOUSEHOLD and request.GET.get("dossier", "").isdecimal():
        initial["dossier"] = int(request.GET["dossier"])
    form = chosen(request.POST or None, person=person, union=union, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_visit(by=person, union=union, kind=kind, **form.cleaned_data)
        except intake.Faults as faults:
            for name, sentence in faults.errors.items():
                form.add_error(name if name in form.fields else None, sentence)
        else:
            messages.success(request, "走访已登记。")
            again = "again" in request.POST
            return redirect(f"visit_{kind}") if again else redirect("visit_list")
    context = {"form": form, "kind": kind, "union": union, "title": "走访企业" if kind == "enterprise" else "走访家庭"}
    return render(request, "beneficiaries/visit_form.html", context, status=422 if form.is_bound else 200)


@page("visit.void", methods=("POST",))
def visit_void(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wrong visit out of the counts."""
    person = person_of(request)
    visit = get_object_or_404(Visit.objects.visible_to(person).select_related("union"), pk=pk)
    version = request.POST.get("version", "")
    actions.void_visit(by=person, visit=visit, version=whole_number(version))
    messages.success(request, "这条走访已作废，不再计数。")
    return redirect("visit_list")
