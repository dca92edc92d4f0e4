"""Pages of visits: the list, and one form for households and one for enterprises; made for a phone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries import actions
from beneficiaries.dossiers import intake
from beneficiaries.enums import VisitChange, VisitKind
from beneficiaries.forms.visits import EnterpriseVisitForm, HouseholdVisitForm, PlanForm
from beneficiaries.models import Visit, VisitPlan, VisitStop
from relief.lib import clock, idnumber
from unions import attachments
from unions.enums import Role
from unions.idempotency import new_key
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
    photos = attachments.of_all(Visit, [visit.pk for visit in shown])
    context = {
        "page": shown,
        "rows": [_row(visit, own, len(photos[visit.pk])) for visit in shown],
        "chips": [(value, label, counts[value]) for value, label in VisitKind.choices],
        "total": sum(counts.values()),
        "kind": kind,
        "may_record": may_anywhere(person, "visit.record"),
    }
    return render(request, "beneficiaries/visit_list.html", context)


def _row(visit: Visit, own: set[int], photos: int) -> dict[str, Any]:
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
        "met": visit.get_met_display(),
        "changes": "、".join(VisitChange(word).label for word in visit.changed.split()),
        "campaign": visit.campaign.title if visit.campaign else "日常走访",
        "union": visit.union.called,
        "entered_by": visit.entered_by.name,
        "voided": visit.voided_at is not None,
        "photos": photos,
        "may_photo": photos or (visit.voided_at is None and visit.union_id in own),
        "may_void": visit.voided_at is None and visit.union_id in own,
    }


@page("visit.record", methods=("GET", "POST"))
def visit_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Record one visit; 保存并再记一家 stays on the form, a planned stop leads back to the day's list."""
    person, union = person_of(request), current_union(request, {Role.ENTER})
    chosen = FORMS[kind]
    stop = _stop(request) if kind == VisitKind.HOUSEHOLD else None
    initial: dict[str, Any] = {"visited_on": clock.today(), "persons": 1, "leader": person.name}
    if stop is not None:
        initial |= {"dossier": stop.dossier_id, "leader": stop.plan.leader}
    elif kind == VisitKind.HOUSEHOLD and request.GET.get("dossier", "").isdecimal():
        initial["dossier"] = int(request.GET["dossier"])
    form = chosen(request.POST or None, request.FILES or None, person=person, union=union, initial=initial)
    if request.method == "POST" and form.is_valid():
        more: dict[str, Any] = {} if stop is None else {"stop": stop}
        try:
            key = request.POST.get("request_key", "")[:64]
            actions.record_visit(by=person, union=union, kind=kind, key=key, **more, **form.cleaned_data)
        except intake.Faults as faults:
            for name, sentence in faults.errors.items():
                form.add_error(name if name in form.fields else None, sentence)
        else:
            messages.success(request, "走访已登记。")
            if stop is not None:
                return redirect("visit_today")
            return redirect(f"visit_{kind}") if "again" in request.POST else redirect("visit_list")
    context = {
        "form": form,
        "kind": kind,
        "union": union,
        "planned": stop is not None,
        "request_key": request.POST.get("request_key") or new_key(),
        "title": "走访企业" if kind == "enterprise" else "走访家庭",
    }
    return render(request, "beneficiaries/visit_form.html", context, status=422 if form.is_bound else 200)


def _stop(request: HttpRequest) -> VisitStop | None:
    """The planned stop that the address names, when the person may see it and nobody has recorded it."""
    rows = VisitStop.objects.visible_to(person_of(request)).filter(visit__isnull=True, plan__cancelled_at__isnull=True)
    return rows.select_related("plan").filter(pk=whole_number(request.GET.get("stop"))).first()


@page("visit.record")
def visit_today(request: HttpRequest) -> HttpResponse:
    """The planned stops of today in the order of their routes, the next one with its button."""
    person, today = person_of(request), clock.today()
    plans = VisitPlan.objects.visible_to(person).filter(cancelled_at__isnull=True)
    stops = VisitStop.objects.filter(plan__in=plans.filter(planned_on=today)).select_related("plan", "dossier", "visit")
    routes: dict[int, dict[str, Any]] = {}
    for stop in stops.order_by("plan", "place"):
        route = routes.setdefault(stop.plan_id, {"plan": stop.plan, "stops": [], "done": 0, "next": None})
        done = stop.visit_id is not None
        route["done"] += done
        if not done and route["next"] is None:
            route["next"] = stop.pk
        route["stops"].append(_stop_row(stop))
    ahead = plans.filter(planned_on__gt=today).annotate(count=Count("stops")).order_by("planned_on", "pk")[:PER_PAGE]
    context = {"routes": list(routes.values()), "ahead": ahead, "today": today}
    return render(request, "beneficiaries/visit_today.html", context)


def _stop_row(stop: VisitStop) -> dict[str, Any]:
    household = stop.dossier
    return {
        "pk": stop.pk,
        "place": stop.place,
        "name": idnumber.mask_name(household.name) if household else stop.enterprise,
        "number": household.number if household else "",
        "dossier": stop.dossier_id,
        "class": household.get_hardship_class_display() if household else "",
        "done": stop.visit_id is not None,
    }


@page("visit.plan", methods=("GET", "POST"))
def visit_plan(request: HttpRequest) -> HttpResponse:
    """Plan a route: day, leader, households."""
    person, union = person_of(request), current_union(request, {Role.ENTER})
    initial = {"planned_on": clock.today(), "leader": person.name}
    form = PlanForm(request.POST or None, person=person, union=union, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            plan = actions.plan_visits(by=person, union=union, **form.cleaned_data)
        except intake.Faults as faults:
            for name, sentence in faults.errors.items():
                form.add_error(name if name in form.fields else None, sentence)
        else:
            messages.success(request, f"{plan.planned_on} 的走访已排好。")
            return redirect("visit_today")
    context = {"form": form, "union": union, "choices": form.fields["dossiers"].queryset.exists()}  # type: ignore[attr-defined]
    return render(request, "beneficiaries/visit_plan.html", context, status=422 if form.is_bound else 200)


@page("visit.plan", methods=("POST",))
def visit_plan_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a plan off the lists."""
    person = person_of(request)
    plan = get_object_or_404(VisitPlan.objects.visible_to(person).select_related("union"), pk=pk)
    actions.cancel_plan(by=person, plan=plan, version=whole_number(request.POST.get("version")))
    messages.success(request, "这条线路已取消，记过的走访不受影响。")
    return redirect("visit_today")


@page("visit.void", methods=("POST",))
def visit_void(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wrong visit out of the counts."""
    person = person_of(request)
    visit = get_object_or_404(Visit.objects.visible_to(person).select_related("union"), pk=pk)
    version = request.POST.get("version", "")
    actions.void_visit(by=person, visit=visit, version=whole_number(version))
    messages.success(request, "这条走访已作废，不再计数。")
    return redirect("visit_list")
