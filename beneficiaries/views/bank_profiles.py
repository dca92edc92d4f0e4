"""Layouts of bank files: the shipped ones to start from, and the union's own ones with a look at what they write."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries.actions.bank_profiles import change_profile, create_profile, retire_profile
from beneficiaries.banking import Layout, from_json, layout_faults, rows_of, sample_transfers, shipped
from beneficiaries.forms.banking import FIELD_CHOICES, ProfileForm, column_rows, typed_columns
from beneficiaries.models import BankProfile
from unions import audit
from unions.enums import Role
from unions.policy import Refused, Stale, can, require
from unions.web import current_union, page, person_of

PAY = {Role.PAY}


@page("bank.profiles")
def bank_profile_list(request: HttpRequest) -> HttpResponse:
    """Own layouts, and the shipped ones to copy."""
    person = person_of(request)
    own = BankProfile.objects.visible_to(person).in_use().select_related("union", "changed_by").order_by("title", "pk")
    context = {
        "own": [(each, from_json(each.layout), bool(can(person, "bank.edit_profile", each))) for each in own],
        "shipped": list(shipped().values()),
    }
    return render(request, "beneficiaries/bank_profile_list.html", context)


@page("bank.edit_profile", methods=("GET", "POST"))
def bank_profile_new(request: HttpRequest, key: str) -> HttpResponse:
    """A copy of a shipped layout, to be made one's own."""
    start = shipped().get(key)
    if start is None:
        raise Http404
    union = current_union(request, PAY)
    if request.method == "POST":
        form, layout = _typed(request, start)
        if form.is_valid() and request.POST.get("do") == "save":
            try:
                profile = create_profile(
                    by=person_of(request), union=union, layout=layout, subtree=form.cleaned_data["subtree"]
                )
            except Refused as refusal:
                return _refused(request, refusal, form, layout, union=union)
            messages.success(request, f"方案“{profile.title}”已保存。")
            return redirect("bank_profile", pk=profile.pk)
        return _page(request, form, layout, union=union)
    title = f"{start.title}（{union.called}）"[:60]
    return _page(request, ProfileForm(initial=ProfileForm.start(replace(start, title=title))), start, union=union)


@page("bank.edit_profile", methods=("GET", "POST"))
def bank_profile(request: HttpRequest, pk: int) -> HttpResponse:
    """An own layout, to be changed; the look at two made-up lines writes nothing."""
    profile = _loaded(request, pk)
    require(person_of(request), "bank.edit_profile", profile)
    kept = from_json(profile.layout)
    if request.method == "POST":
        form, layout = _typed(request, kept)
        if form.is_valid() and request.POST.get("do") == "save":
            try:
                change_profile(
                    by=person_of(request),
                    profile=profile,
                    version=form.cleaned_data["version"] or 0,
                    layout=layout,
                    subtree=form.cleaned_data["subtree"],
                )
            except Refused as refusal:
                return _refused(request, refusal, form, layout, profile=profile)
            messages.success(request, "方案已保存；已做好的文件不受影响。")
            return redirect("bank_profile", pk=profile.pk)
        return _page(request, form, layout, profile=profile)
    start = ProfileForm.start(kept, subtree=profile.subtree, version=profile.version)
    return _page(request, ProfileForm(initial=start), kept, profile=profile)


@page("bank.edit_profile", methods=("POST",))
def bank_profile_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a layout away."""
    profile = _loaded(request, pk)
    retire_profile(by=person_of(request), profile=profile)
    messages.success(request, f"方案“{profile.title}”已停用。")
    return redirect("bank_profile_list")


def _loaded(request: HttpRequest, pk: int) -> BankProfile:
    own = BankProfile.objects.visible_to(person_of(request)).in_use().select_related("union")
    return get_object_or_404(own, pk=pk)


def _typed(request: HttpRequest, base: Layout) -> tuple[ProfileForm, Layout]:
    form = ProfileForm(request.POST)
    columns = typed_columns(request.POST, base)
    return form, form.layout(base, columns) if form.is_valid() else replace(base, columns=columns)


def _refused(request, refusal: Refused, form: ProfileForm, layout: Layout, **more: Any) -> HttpResponse:
    """The page again with what was typed, the refusal on top."""
    if refusal.status == 403:
        raise refusal
    audit.record_refusal(act=refusal.act, by=person_of(request), obj=more.get("profile"), reason=refusal.reason)
    if isinstance(refusal, Stale):
        typed = request.POST.copy()
        form.data = typed
        typed["version"] = BankProfile.objects.values_list("version", flat=True).get(pk=more["profile"].pk)
    if refusal.status != 422 or not layout_faults(layout):
        form.add_error(None, f"{refusal.reason}{refusal.next_step}")
    return _page(request, form, layout, status=refusal.status, **more)


def _page(request, form: ProfileForm, layout: Layout, *, profile=None, union=None, status: int = 200) -> HttpResponse:
    faults = layout_faults(layout) if form.is_bound else []
    context = {
        "form": form,
        "layout": layout,
        "profile": profile,
        "union": profile.union if profile else union,
        "columns": column_rows(layout.columns),
        "choices": FIELD_CHOICES,
        "faults": faults,
        "preview": [[_shown(value) for value in row] for row in rows_of(layout, sample_transfers())],
    }
    return render(request, "beneficiaries/bank_profile.html", context, status=422 if faults else status)


def _shown(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)
