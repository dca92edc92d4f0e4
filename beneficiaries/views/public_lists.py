"""Pages of public lists: the staff's, and the one that everybody with the link reads."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from beneficiaries import actions, publiclists
from beneficiaries.dossiers import intake
from beneficiaries.enums import DossierState, ListKind, ListState, ObjectionOutcome
from beneficiaries.forms.public_lists import (
    DecideForm,
    DossierListForm,
    ListForm,
    ObjectionForm,
    PayoutListForm,
    WithdrawForm,
)
from beneficiaries.models import Dossier, Objection, PublicList
from relief.lib import clock
from relief.lib.pdf import PdfFailed
from unions.enums import Role
from unions.models import Person
from unions.policy import Refused, can, may_anywhere
from unions.web import current_union, page, person_of, public, whole_number

PER_PAGE = 50
FORMS: dict[str, type[DossierListForm] | type[PayoutListForm]] = {
    ListKind.DOSSIERS.value: DossierListForm,
    ListKind.PAYOUTS.value: PayoutListForm,
}


@public()
def public_list(request: HttpRequest, key: str) -> HttpResponse:
    """The list as everybody reads it while it is public; any other link is the page of unknown addresses."""
    found = publiclists.open_to_all(key)
    if found is None:
        raise Http404
    answer = render(request, "beneficiaries/public_list.html", {"list": publiclists.shown(found)})
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@page("list.read")
def public_lists(request: HttpRequest) -> HttpResponse:
    """The public lists of the person's unions, newest first."""
    person, today = person_of(request), clock.today()
    seen = PublicList.objects.visible_to(person).select_related("union", "approve_union", "prepared_by")
    seen = seen.annotate(open_objections=Count("objections", filter=Q(objections__outcome=ObjectionOutcome.OPEN)))
    seen = seen.order_by("-pk")
    shown = Paginator(seen, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "rows": [_row(row, today) | {"open_objections": row.open_objections} for row in shown],
        "may_prepare": may_anywhere(person, "list.prepare"),
    }
    return render(request, "beneficiaries/public_lists.html", context)


def _row(row: PublicList, today: datetime.date) -> dict[str, Any]:
    over = row.state == ListState.PUBLISHED and row.ends_on < today
    return {
        "pk": row.pk,
        "title": row.title,
        "kind": row.get_kind_display(),
        "count": row.count,
        "union": row.union.called,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "state": "closed" if over else row.state,
        "label": "已期满" if over else row.get_state_display(),
        "over": over,
        "by": row.prepared_by.name,
        "waits_for": row.approve_union.called,
    }


@page("list.prepare", methods=("GET", "POST"))
def public_list_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Prepare a list of files to be approved, or of payouts."""
    person, union = person_of(request), current_union(request, {Role.ENTER})
    if kind not in FORMS:
        raise Http404
    today = clock.today()
    titles = {ListKind.DOSSIERS: "困难职工建档公示", ListKind.PAYOUTS: "送温暖慰问公示"}
    initial = {
        "title": f"{today.year}年{titles[ListKind(kind)]}",
        "starts_on": today,
        "ends_on": today + datetime.timedelta(days=8),
        "contact": f"{union.called}，{union.phone}" if union.phone else "",
    }
    form = FORMS[kind](request.POST or None, person=person, union=union, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.prepare_list(by=person, union=union, **form.given())
        except intake.Faults as faults:
            _show(form, faults)
        else:
            messages.success(request, f"名单已拟好，共 {made.count} 人，等{made.approve_union.called}的审批人发布。")
            return redirect("public_list_detail", pk=made.pk)
    choices = form.fields["chosen"].queryset.exists()  # type: ignore[attr-defined]
    context = {"form": form, "kind": kind, "union": union, "title": f"拟{titles[ListKind(kind)]}", "choices": choices}
    return render(request, "beneficiaries/public_list_form.html", context, status=422 if form.is_bound else 200)


def _show(form: ListForm, faults: intake.Faults) -> None:
    for name, sentence in faults.errors.items():
        form.add_error(name if name in form.fields else None, sentence)


def _load(person: Person, pk: int) -> PublicList:
    rows = PublicList.objects.visible_to(person)
    return get_object_or_404(
        rows.select_related("union", "approve_union", "prepared_by", "published_by", "withdrawn_by"), pk=pk
    )


@page("list.read")
def public_list_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One list with its link, its lines as everybody reads them, and its objections."""
    return _detail(request, _load(person_of(request), pk))


def _detail(
    request: HttpRequest, found: PublicList, *, objection: ObjectionForm | None = None, status: int = 200
) -> HttpResponse:
    person, today = person_of(request), clock.today()
    objections = Objection.objects.filter(public_list=found).select_related("line", "recorded_by", "decided_by")
    waiting = 0
    if found.kind == ListKind.DOSSIERS and found.state == ListState.PUBLISHED:
        waiting = Dossier.objects.filter(public_lines__public_list=found, state=DossierState.VISITED).count()
    context = {
        "row": _row(found, today),
        "found": found,
        "list": publiclists.shown(found),
        "link": request.build_absolute_uri(reverse("public_list", args=[found.token])),
        "open_to_all": found.state == ListState.PUBLISHED and found.starts_on <= today <= found.ends_on,
        "objections": objections,
        "objection_form": objection or ObjectionForm(public_list=found, initial={"received_on": today}),
        "decide_form": DecideForm(auto_id="id_decide_%s"),
        "withdraw_form": WithdrawForm(initial={"version": found.version}, auto_id="id_withdraw_%s"),
        "waiting": waiting,
        "may": {
            "publish": can(person, "list.publish", found),
            "withdraw": can(person, "list.withdraw", found),
            "object": can(person, "list.object", found),
            "post": bool(waiting) and can(person, "list.prepare", found),
            "decide": person.holds({Role.ENTER, Role.REVIEW, Role.APPROVE}, found.union_id),
        },
    }
    return render(request, "beneficiaries/public_list_detail.html", context, status=status)


@page("list.read")
def public_list_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The list as PDF, to hang up; the same lines as the public page."""
    found = _load(person_of(request), pk)
    try:
        data = publiclists.list_pdf(found)
    except PdfFailed as fault:
        raise Refused(str(fault), "请稍后再试，或用浏览器打印。", act="list.read", obj=found) from None
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'公示 {found.title}.pdf')}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@page("list.publish", methods=("POST",))
def public_list_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the link to everybody."""
    person = person_of(request)
    found = _load(person, pk)
    actions.publish_list(by=person, public_list=found, version=whole_number(request.POST.get("version")))
    messages.success(request, "已发布。把链接或打印件张贴出去；到期自动失效。")
    return redirect("public_list_detail", pk=pk)


@page("list.withdraw", methods=("POST",))
def public_list_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the link at once."""
    person = person_of(request)
    found = _load(person, pk)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        raise Refused("请写明撤下的原因。", "写好原因后再提交。", status=422, act="list.withdraw", obj=found)
    actions.withdraw_list(by=person, public_list=found, **form.cleaned_data)
    messages.success(request, "已撤下，链接马上失效。")
    return redirect("public_list_detail", pk=pk)


@page("list.prepare", methods=("POST",))
def public_list_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the step 公示 for every file of the list that waits for it."""
    person = person_of(request)
    count = actions.post_listed(by=person, public_list=_load(person, pk))
    messages.success(request, f"{count} 户档案已登记公示，公示期满、没有异议后可以审核。")
    return redirect("public_list_detail", pk=pk)


@page("list.object", methods=("POST",))
def objection_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an objection down."""
    person = person_of(request)
    found = _load(person, pk)
    form = ObjectionForm(request.POST, public_list=found)
    if not form.is_valid():
        return _detail(request, found, objection=form, status=422)
    actions.record_objection(by=person, public_list=found, **form.given())
    messages.success(request, "异议已登记，请核查后写明结果。")
    return redirect("public_list_detail", pk=pk)


@page("objection.decide", methods=("POST",))
def objection_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the look into an objection found."""
    person = person_of(request)
    objection = get_object_or_404(Objection.objects.visible_to(person).select_related("public_list__union"), pk=pk)
    form = DecideForm(request.POST)
    if not form.is_valid():
        raise Refused("请选择处理结果，并写明核查情况。", "写好以后再提交。", status=422, act="objection.decide")
    actions.decide_objection(by=person, objection=objection, **form.cleaned_data)
    messages.success(request, "异议的处理结果已登记。")
    return redirect("public_list_detail", pk=objection.public_list_id)
