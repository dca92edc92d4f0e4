"""The activity record: a list, a first step that chooses the kind, the form of that kind."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from campaigns import actions
from campaigns.actions.activities import MEASURES, measures_of
from campaigns.enums import ActivityKind
from campaigns.forms.ledger import ActivityForm, KindForm, LedgerFilter
from campaigns.models import Activity
from campaigns.views.answers import page_of, posted_version, show_refusal
from relief.lib import clock
from relief.lib.money import grouped
from unions.enums import Role
from unions.idempotency import new_key
from unions.policy import Refused, can, may_anywhere
from unions.web import current_union, page, person_of

ENTER = {Role.ENTER}


@page("ledger.read")
def activities(request: HttpRequest) -> HttpResponse:
    """Activities of the person's unions, newest first."""
    person = person_of(request)
    narrowed = LedgerFilter(
        request.GET or None, person=person, code="kind", label="类别", choices=ActivityKind.choices, day="held_on"
    )
    rows = Activity.objects.visible_to(person).filter(**narrowed.filters())
    shown = page_of(request, rows.select_related("union", "campaign", "entered_by"))
    context = {
        "page": shown,
        "rows": [{"activity": row, "counts": _said(row)} for row in shown],
        "filter": narrowed,
        "may_record": may_anywhere(person, "activity.record"),
        "enters": set(person.union_ids(ENTER)),
    }
    return render(request, "campaigns/activities.html", context)


def _said(activity: Activity) -> str:
    """The counts in words: 人次 12，其中新生代农民工人次 3."""
    return "，".join(
        f"{MEASURES[name]} {grouped(getattr(activity, name))}"
        for name in measures_of(activity.kind)
        if getattr(activity, name)
    )


@page("activity.record", methods=("GET", "POST"))
def activity_new(request: HttpRequest) -> HttpResponse:
    """Step one chooses the kind (?kind=…), step two asks what that kind counts."""
    person, union = person_of(request), current_union(request, ENTER)
    kind = request.GET.get("kind", "")
    if kind not in ActivityKind.values:
        chooser = KindForm(request.GET if "kind" in request.GET else None)
        context = {"form": chooser, "union": union}
        return render(request, "campaigns/activity_kind.html", context, status=422 if chooser.errors else 200)
    initial = {"held_on": clock.today(), "request_key": new_key()}
    form = ActivityForm(request.POST or None, kind=kind, person=person, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_activity(by=person, union=union, kind=kind, **form.values())
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"已登记{ActivityKind(kind).label}。")
            return redirect("activities")
    context = {"form": form, "union": union, "kind": ActivityKind(kind), "activity": None, "differences": []}
    return render(request, "campaigns/activity_form.html", context, status=422 if form.errors else 200)


@page("ledger.read", methods=("GET", "POST"))
def activity_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one record; whoever enters at its union may correct it."""
    person = person_of(request)
    found = Activity.objects.visible_to(person).select_related("union", "campaign", "entered_by")
    activity = get_object_or_404(found, pk=pk)
    form = ActivityForm(
        request.POST or None,
        kind=activity.kind,
        person=person,
        current=activity.campaign,
        initial=ActivityForm.shown(activity),
    )
    differences: list[tuple[str, str, str]] = []
    if request.method == "POST" and form.is_valid():
        values = form.values()
        del values["key"]
        try:
            actions.change_activity(by=person, activity=activity, version=form.cleaned_data["version"] or 0, **values)
        except Refused as refusal:
            differences = show_refusal(form, refusal, Activity.objects.get(pk=pk).version)
        else:
            messages.success(request, "修改已保存。")
            return redirect("activities")
    context = {
        "form": form,
        "union": activity.union,
        "kind": ActivityKind(activity.kind),
        "activity": activity,
        "said": _said(activity),
        "change": can(person, "activity.change", activity),
        "differences": differences,
    }
    return render(request, "campaigns/activity_form.html", context, status=422 if form.errors else 200)


@page("activity.void", methods=("POST",))
def activity_void(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a record out of the counts."""
    activity = get_object_or_404(Activity.objects.visible_to(person_of(request)), pk=pk)
    actions.void_activity(by=person_of(request), activity=activity, version=posted_version(request))
    messages.success(request, "已作废，不再计入统计。")
    return redirect("activities")
