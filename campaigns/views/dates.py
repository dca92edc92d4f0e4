"""Steps 2 and 4: what must be handed in until when, and by whom."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from campaigns import actions
from campaigns.actions.deliverables import LABELS
from campaigns.deadlines import instants_for
from campaigns.drafting import chosen_unions, instants_of, leads_of, levels_of
from campaigns.enums import DeliverableKind
from campaigns.forms.campaigns import ENDS, DeliverableForm
from campaigns.models import Addressee, Campaign, Deliverable
from campaigns.views.answers import show_refusal
from campaigns.views.steps import Draft, draft, frame
from relief.lib import clock
from unions.enums import UnionKind
from unions.models import Union
from unions.policy import Refused
from unions.web import page


@page("campaign.edit")
def campaign_dates(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 2: the first deliverable, or the empty form of a first one."""
    work = draft(request, pk)
    first = work.campaign.deliverables.first()
    return redirect("campaign_deliverable", pk, first.key) if first else redirect("campaign_deliverable_new", pk)


@page("campaign.edit", methods=("GET", "POST"))
def campaign_deliverable_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 2 with the form of one more deliverable."""
    work = draft(request, pk)
    return _deliverable(request, work, None)


@page("campaign.edit", methods=("GET", "POST"))
def campaign_deliverable(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Step 2 with one deliverable's dates."""
    work = draft(request, pk)
    return _deliverable(request, work, get_object_or_404(work.campaign.deliverables.prefetch_related("leads"), key=key))


def _deliverable(request: HttpRequest, work: Draft, deliverable: Deliverable | None) -> HttpResponse:
    if work.locked is not None and request.method == "POST":
        raise work.locked
    kinds = _kinds_below(work.campaign)
    initial = DeliverableForm.shown(deliverable) if deliverable else _beginnings(work.campaign)
    form = DeliverableForm(request.POST or None, kinds=kinds, initial=initial)
    differences: list[tuple[str, str, str]] = []
    if request.method == "POST" and form.is_valid():
        key = deliverable.key if deliverable else _free_key(work.campaign, form.cleaned_data["kind"])
        try:
            actions.set_deliverable(by=work.person, campaign=work.campaign, key=key, **form.values())
        except Refused as refusal:
            now = Deliverable.objects.filter(campaign=work.campaign, key=key).first()
            differences = _in_days(show_refusal(form, refusal, now.version if now else None))
        else:
            messages.success(request, f"“{form.cleaned_data['title']}”已保存，日期检查见右侧。")
            return redirect("campaign_deliverable", work.campaign.pk, key)
    context = {
        **frame(work, 2),
        **_picture(work, deliverable, kinds, form),
        "form": form,
        "differences": differences,
        "deliverable": deliverable,
        "deliverables": _listed(work),
    }
    return render(request, "campaigns/step_dates.html", context, status=422 if form.errors else 200)


def _beginnings(campaign: Campaign) -> dict[str, Any]:
    return {
        "period_from": campaign.starts_on,
        "period_to": campaign.ends_on,
        "opens_at": clock.today(),
        "required": True,
    }


def _in_days(differences: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The differences without the instants' seconds: people typed days."""
    day_labels = {LABELS[name] for name in ("opens_at", "due_at", "late_until", "edit_until", "visible_until")}
    return [
        (label, _as_day(theirs, label), _as_day(yours, label)) if label in day_labels else (label, theirs, yours)
        for label, theirs, yours in differences
    ]


def _as_day(text: str, label: str) -> str:
    if text == "None":
        return "不填"
    instant = datetime.datetime.fromisoformat(text)
    return str(clock.day_of(instant if label == LABELS["opens_at"] else instant - datetime.timedelta(seconds=1)))


def _free_key(campaign: Campaign, kind: str) -> str:
    """form, form-2, form-3 … : the first that no deliverable of the campaign has."""
    taken = set(campaign.deliverables.values_list("key", flat=True))
    names = (kind if number == 1 else f"{kind}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _kinds_below(campaign: Campaign) -> list[str]:
    """Kinds of union that stand below the issuer, in the order of the code list."""
    found = set(Union.objects.subtree(campaign.issuer).exclude(pk=campaign.issuer_id).values_list("kind", flat=True))
    return [kind for kind in UnionKind.values if kind in found]


def _listed(work: Draft) -> list[dict[str, Any]]:
    rows = []
    for each in work.campaign.deliverables.all():
        found = work.checked.of(each.key)
        rows.append(
            {
                "deliverable": each,
                "due": each.due_at,
                "findings": Counter(finding.severity for finding in found).most_common(),
            }
        )
    return rows


def _picture(work: Draft, deliverable: Deliverable | None, kinds: list[str], form: DeliverableForm) -> dict[str, Any]:
    """Rows of levels with their dates and bars, and what the check says about this deliverable."""
    fields = ("period_from", "period_to", "opens_at", *ENDS)
    shown: dict[str, Any] = {
        "levels": [],
        "findings": [],
        "by_field": dict.fromkeys(fields),
        "base": dict.fromkeys(fields),
        "axis": None,
        "free_leads": [],
    }
    lead_fields = {kind: form[f"lead_{kind}"] for kind in kinds}
    if deliverable is None:
        shown["free_leads"] = list(lead_fields.values())
        return shown
    base, leads = instants_of(deliverable), leads_of(deliverable)
    chosen = chosen_unions(work.campaign)
    above = dict(sorted(levels_of(work.campaign, chosen)))
    count = Counter(each.union.kind for each in chosen)
    findings = work.checked.of(deliverable.key)
    shown["levels"] = [
        {
            "label": UnionKind(kind).label,
            "count": count[kind],
            "above": UnionKind(above[kind]).label if above.get(kind) else work.campaign.issuer.called,
            "at": instants_for(base, kind, leads),
            "superior": instants_for(base, above.get(kind, ""), leads).due_at,
            "field": lead_fields[kind],
            "findings": [finding for finding in findings if finding.field == f"leads.{kind}"],
        }
        for kind in kinds
    ]
    shown["findings"] = findings
    # reversed, so that the gravest stands at the field
    shown["by_field"] |= {finding.field: finding for finding in reversed(findings)}
    shown["base"] = base
    ends = [end for end in (base.due_at, base.late_until, base.edit_until) if end]
    margin = datetime.timedelta(days=2)
    first = min([base.opens_at, *(level["at"].due_at for level in shown["levels"])])
    shown["axis"] = (first - margin, max(ends) + margin)
    return shown


@page("campaign.edit", methods=("POST",))
def campaign_deliverable_remove(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Take a deliverable out of the draft."""
    work = draft(request, pk)
    actions.remove_deliverable(by=work.person, campaign=work.campaign, key=key)
    messages.success(request, "已删除这件应报材料。")
    return redirect("campaign_dates", pk)


# ---------------------------------------------------------------- addressees


@page("campaign.edit", methods=("GET", "POST"))
def campaign_scope(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 4: who is asked. A button beside a union ticks or clears everything below it, without script too."""
    work = draft(request, pk)
    tree = list(
        Union.objects.subtree(work.campaign.issuer)
        .exclude(pk=work.campaign.issuer_id)
        .open_on(clock.today())
        .order_by("path")
    )
    tree = _by_code(tree, work.campaign.issuer)
    error = ""
    if request.method == "POST":
        if work.locked is not None:
            raise work.locked
        picked, optional = _posted(request, tree)
        if "save" in request.POST or "next" in request.POST:
            try:
                _select(work, tree, picked, optional)
            except Refused as refusal:
                if refusal.status == 403:
                    raise
                error = f"{refusal.reason}{refusal.next_step}"
            else:
                messages.success(request, f"报送范围已保存，共 {len(picked)} 家，其中自愿报送 {len(optional)} 家。")
                return redirect("campaign_preview" if "next" in request.POST else "campaign_scope", pk)
        else:
            picked = _with_subtree(request, tree, picked)
            optional &= picked
    else:
        chosen = chosen_unions(work.campaign)
        picked = {each.union.pk for each in chosen}
        optional = {each.union.pk for each in chosen if not each.required}
    context = {
        **frame(work, 4),
        **_scope_rows(work, tree, picked, optional),
        "error": error,
        "unsaved": "save" not in request.POST and request.method == "POST",
    }
    return render(request, "campaigns/step_scope.html", context, status=422 if error else 200)


def _by_code(tree: list[Union], issuer: Union) -> list[Union]:
    """The subtree in reading order: every union followed by what is below it, siblings by code (D25)."""
    children: dict[int | None, list[Union]] = {}
    for union in sorted(tree, key=lambda union: union.code):
        children.setdefault(union.parent_id, []).append(union)
    ordered: list[Union] = []
    waiting = children.get(issuer.pk, [])[::-1]
    while waiting:
        union = waiting.pop()
        ordered.append(union)
        waiting += children.get(union.pk, [])[::-1]
    return ordered


def _posted(request: HttpRequest, tree: list[Union]) -> tuple[set[int], set[int]]:
    known = {str(union.pk): union.pk for union in tree}
    picked = {known[text] for text in request.POST.getlist("union") if text in known}
    return picked, {known[text] for text in request.POST.getlist("optional") if text in known} & picked


def _with_subtree(request: HttpRequest, tree: list[Union], picked: set[int]) -> set[int]:
    """The picks after a button 全选下级 or 全不选 of one union ("0": everybody)."""
    add, drop = request.POST.get("pick"), request.POST.get("clear")
    root = next((union for union in tree if str(union.pk) == (add or drop)), None)
    touched = {union.pk for union in tree if root is None or union.path.startswith(root.path)}
    return picked | touched if add else picked - touched


def _select(work: Draft, tree: list[Union], picked: set[int], optional: set[int]) -> None:
    actions.select_addressees(
        by=work.person,
        campaign=work.campaign,
        unions=[union for union in tree if union.pk in picked],
        optional=[union for union in tree if union.pk in optional],
    )


def _scope_rows(work: Draft, tree: list[Union], picked: set[int], optional: set[int]) -> dict[str, Any]:
    frozen = set(Addressee.objects.filter(deliverable__campaign=work.campaign).values_list("union_id", flat=True))
    below = Counter(int(part) for union in tree for part in union.path.strip("/").split("/")[:-1])
    chosen_below = Counter(
        int(part) for union in tree if union.pk in picked for part in union.path.strip("/").split("/")[:-1]
    )
    top = work.campaign.issuer.depth + 1
    rows = [
        {
            "union": union,
            "indent": min(union.depth - top, 4),
            "picked": union.pk in picked,
            "optional": union.pk in optional,
            "frozen": union.pk in frozen,
            "below": below[union.pk],
            "chosen_below": chosen_below[union.pk],
        }
        for union in tree
    ]
    by_kind = Counter(union.get_kind_display() for union in tree if union.pk in picked)
    return {
        "rows": rows,
        "picked_count": len(picked),
        "optional_count": len(optional),
        "all_count": len(tree),
        "by_kind": by_kind.most_common(),
        "has_forms": work.campaign.deliverables.filter(kind=DeliverableKind.FORM).exists(),
    }
