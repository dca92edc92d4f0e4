"""Pages of yearly reviews and of their drawn checks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries import actions
from beneficiaries.actions.reviews import population
from beneficiaries.enums import CheckResult
from beneficiaries.forms.reviews import CheckForm, DrawForm, ReviewForm
from beneficiaries.models import SpotCheck, SpotCheckItem, YearlyReview
from beneficiaries.views.dossiers import load
from relief.lib import clock, idnumber
from unions.enums import Role
from unions.policy import Refused, can, may_anywhere
from unions.web import current_union, page, person_of

PER_PAGE = 50


@page("review.record", methods=("GET", "POST"))
def dossier_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Record this year's look at a file; the looks of earlier years stand below."""
    person, today = person_of(request), clock.today()
    dossier = load(person, pk)
    form = ReviewForm(request.POST or None, initial={"version": dossier.version, "on": today})
    if request.method == "POST" and form.is_valid():
        try:
            review = actions.record_review(by=person, dossier=dossier, **form.cleaned_data)
        except Refused as refusal:
            if refusal.status != 422:
                raise
            form.add_error(None, refusal.reason + refusal.next_step)
        else:
            messages.success(request, f"复核已登记：{review.get_outcome_display()}。")
            return redirect("dossier_detail", pk=pk)
    context = {
        "form": form,
        "pk": pk,
        "number": dossier.number,
        "masked_name": idnumber.mask_name(dossier.name),
        "state": dossier.state,
        "class": dossier.get_hardship_class_display(),
        "due": dossier.review_due_on,
        "decision": can(person, "review.record", dossier),
        "reviews": YearlyReview.objects.filter(dossier=dossier).select_related("by"),
    }
    return render(request, "beneficiaries/dossier_review.html", context, status=422 if form.is_bound else 200)


@page("check.read")
def check_lists(request: HttpRequest) -> HttpResponse:
    """The draws of the person's unions."""
    return _lists(request, None)


@page("check.draw", methods=("POST",))
def check_draw(request: HttpRequest) -> HttpResponse:
    """Draw a list."""
    form = DrawForm(request.POST)
    if not form.is_valid():
        return _lists(request, form)
    union = current_union(request, {Role.REVIEW})
    try:
        check = actions.draw_check(by=person_of(request), union=union, **form.cleaned_data)
    except Refused as refusal:
        if refusal.status != 422:
            raise
        form.add_error(None, refusal.reason + refusal.next_step)
        return _lists(request, form)
    messages.success(request, f"从 {check.population} 户复核里抽出 {check.items.count()} 户。")
    return redirect("check_list", pk=check.pk)


def _lists(request: HttpRequest, form: DrawForm | None) -> HttpResponse:
    person, year = person_of(request), clock.today().year
    seen = SpotCheck.objects.visible_to(person).select_related("union", "drawn_by").order_by("-pk")
    seen = seen.annotate(drawn=Count("items"), done=Count("items", filter=~Q(items__result="")))
    shown = Paginator(seen, PER_PAGE).get_page(request.GET.get("page"))
    may_draw = may_anywhere(person, "check.draw")
    union = current_union(request, {Role.REVIEW}) if may_draw else None
    context = {
        "page": shown,
        "rows": list(shown),
        "form": form or DrawForm(initial={"year": year, "share": 30}),
        "union": union,
        "waiting": population(union, year).count() if union else 0,
        "year": year,
    }
    return render(request, "beneficiaries/check_lists.html", context, status=422 if form else 200)


@page("check.read")
def check_list(request: HttpRequest, pk: int) -> HttpResponse:
    """One draw: how it was drawn, and each drawn file with its result."""
    person = person_of(request)
    check = get_object_or_404(SpotCheck.objects.visible_to(person).select_related("union", "drawn_by"), pk=pk)
    items = check.items.select_related("review__dossier__union", "review__by", "by").order_by("place")
    records = person.holds({Role.REVIEW}, check.union_id)
    rows = [_item(item) | {"may": records and item.review.by_id != person.pk} for item in items]
    results = [item["result"] for item in rows]
    context = {
        "check": check,
        "rows": rows,
        "done": sum(bool(result) for result in results),
        "wrong": sum(result in (CheckResult.FLAWED, CheckResult.WRONG) for result in results),
        "choices": CheckResult.choices,
    }
    return render(request, "beneficiaries/check_list.html", context)


def _item(item: SpotCheckItem) -> dict[str, Any]:
    review = item.review
    return {
        "pk": item.pk,
        "version": item.version,
        "place": item.place,
        "dossier": review.dossier_id,
        "number": review.dossier.number,
        "name": idnumber.mask_name(review.dossier.name),
        "union": review.dossier.union.called,
        "outcome": review.get_outcome_display(),
        "reviewed_on": review.reviewed_on,
        "reviewer": review.by.name,
        "result": item.result,
        "label": item.get_result_display(),
        "note": item.note,
        "checked_on": item.checked_on,
        "by": item.by.name if item.by else "",
    }


@page("check.record", methods=("POST",))
def check_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down the result of one drawn check."""
    person = person_of(request)
    item = get_object_or_404(
        SpotCheckItem.objects.visible_to(person).select_related("check_list__union", "review__dossier"), pk=pk
    )
    form = CheckForm(request.POST)
    if not form.is_valid():
        said = "".join(str(errors[0]) for errors in form.errors.values())
        raise Refused(said, "请返回这一页再登记。", status=422, act="check.record", obj=item)
    actions.record_check(by=person, item=item, **form.cleaned_data)
    messages.success(request, f"{item.review.dossier.number} 的抽查结果已登记。")
    return redirect("check_list", pk=item.check_list_id)
