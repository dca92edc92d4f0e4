"""Pages of dossiers: the list, the file, its form and its steps."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries import actions, dossier_page, dossier_queries, duplicates, intake, masking
from beneficiaries.actions import households
from beneficiaries.enums import DossierState, HardshipClass
from beneficiaries.forms.dossiers import (
    DossierForm,
    EvidenceForm,
    MemberFormSet,
    ReasonForm,
    UnmaskForm,
    initial_of,
    members_initial,
)
from beneficiaries.models import Dossier, FieldChange, Opinion, Payout
from beneficiaries.payout_rows import aid_history
from relief.lib import clock, idnumber
from unions import audit, idempotency
from unions.enums import Role
from unions.models import Person, Union
from unions.policy import Refused, Stale, can, may_anywhere
from unions.web import current_union, page, person_of

PER_PAGE = 50
NAME_FILTER = "dossier_name"


def load(person: Person, pk: int) -> Dossier:
    """The dossier when the person may see it, else 404."""
    rows = Dossier.objects.visible_to(person).select_related("union", "review_union", "approve_union", "contact_person")
    return get_object_or_404(rows, pk=pk)


@page("dossier.read")
def dossier_list(request: HttpRequest) -> HttpResponse:
    """The files the person may see, by number, filtered by state, question, class, number and name."""
    person, today = person_of(request), clock.today()
    seen = Dossier.objects.visible_to(person)
    number, name = request.GET.get("number", "").strip()[:40], request.session.get(NAME_FILTER, "")
    if number:
        seen = seen.filter(number__istartswith=number)
    if name:
        seen = seen.filter(name__contains=name)
    chosen = request.GET.get("class", "")
    if chosen in HardshipClass.values:
        seen = seen.filter(hardship_class=chosen)
    counts = dict(seen.order_by().values_list("state").annotate(n=Count("pk")))
    state = request.GET.get("state", "")
    rows = seen.filter(state=state) if state in DossierState.values else seen
    question = request.GET.get("ask", "")
    rows = dossier_queries.filtered(rows, question)
    shown = Paginator(rows.select_related("union").order_by("number"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "rows": [_list_row(dossier, today) for dossier in shown],
        "chips": [(value, label, counts.get(value, 0)) for value, label in DossierState.choices],
        "total": sum(counts.values()),
        "state": state,
        "questions": dossier_queries.counted(seen),
        "question": question,
        "chosen": chosen,
        "number": number,
        "name": name,
        "classes": [choice for choice in HardshipClass.choices if choice[0] != HardshipClass.NONE],
        "may_open": may_anywhere(person, "dossier.open"),
        "filtered": bool(number or name or chosen or state or question),
    }
    return render(request, "beneficiaries/dossier_list.html", context)


def _list_row(dossier: Dossier, today: datetime.date) -> dict[str, Any]:
    return {
        "pk": dossier.pk,
        "number": dossier.number,
        "name": idnumber.mask_name(dossier.name),
        "id_number": f"···{idnumber.last4(dossier.id_number)}" if dossier.id_number else masking.MISSING,
        "class": dossier.get_hardship_class_display(),
        "tone": "bad" if dossier.hardship_class == HardshipClass.DEEP else "warn",
        "state": dossier.state,
        "level": dossier.get_level_display(),
        "union": dossier.union.called,
        "opened_on": dossier.opened_on,
        "review_due_on": dossier.review_due_on,
        "due": dossier_page.review_is_due(dossier, today),
    }


@page("dossier.read", methods=("POST",))
def dossier_search(request: HttpRequest) -> HttpResponse:
    """Keep the name to look for in the session: names never stand in an address."""
    name = request.POST.get("name", "").strip()[:40]
    if name and "clear" not in request.POST:
        request.session[NAME_FILTER] = name
    else:
        request.session.pop(NAME_FILTER, None)
    return redirect("dossier_list")


@page("dossier.read")
def dossier_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One file, masked; in full, with one audit row, when the case waits for this person's decision (D18)."""
    person = person_of(request)
    dossier = load(person, pk)
    return detail_page(request, dossier, full=actions.open_case(by=person, dossier=dossier))


def detail_page(
    request: HttpRequest,
    dossier: Dossier,
    *,
    full: bool = False,
    given: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a file; `given` holds forms that came back with errors."""
    person, today, given = person_of(request), clock.today(), given or {}
    opinions = list(Opinion.objects.filter(dossier=dossier).select_related("person", "union"))
    changes = list(FieldChange.objects.filter(dossier=dossier).select_related("by")[:21])
    context = {
        "pk": dossier.pk,
        "number": dossier.number,
        "file": _file(dossier),
        "full": full,
        "holder": masking.householder(dossier, today, full=full),
        "masked_name": idnumber.mask_name(dossier.name),
        "members": masking.member_rows(dossier.members.all(), today, full=full),
        "steps": dossier_page.chain_steps(dossier, opinions),
        "next": dossier_page.next_step(dossier, person, given.get("step")),
        "back_form": given.get("back") or ReasonForm(initial={"version": dossier.version}, auto_id="id_back_%s"),
        "assessment": dossier_page.assessment_card(dossier),
        "history": aid_history(dossier, today),
        "changes": changes[:20],
        "more_changes": len(changes) > 20,
        "tiles": dossier_page.evidence_tiles(dossier),
        "evidence_form": given.get("evidence") or EvidenceForm(auto_id="id_ev_%s"),
        "unmask_form": given.get("unmask") or UnmaskForm(auto_id="id_un_%s"),
        "open_unmask": "unmask" in given,
        "may_aid": dossier.state == DossierState.ACTIVE and can(person, "payout.draft", Payout(union=dossier.union)),
        "review_due": dossier_page.review_is_due(dossier, today),
        "may": _decisions(person, dossier),
    }
    return render(request, "beneficiaries/dossier_detail.html", context, status=status)


def _file(dossier: Dossier) -> dict[str, Any]:
    """The facts of the file itself; nothing of the household."""
    return {
        "state": dossier.state,
        "class": dossier.get_hardship_class_display(),
        "tone": "bad" if dossier.hardship_class == HardshipClass.DEEP else "warn",
        "level": dossier.get_level_display(),
        "opened_on": dossier.opened_on,
        "union": dossier.union.name,
        "contact": dossier.contact_person.name if dossier.contact_person else "",
        "review_due_on": dossier.review_due_on,
        "changed_at": dossier.changed_at,
        "closing_reason": dossier.get_closing_reason_display(),
        "note": dossier.note,
    }


def _decisions(person: Person, dossier: Dossier) -> dict[str, Any]:
    acts = ("save", "assess", "close", "transfer", "reopen", "evidence")
    found = {name: can(person, f"dossier.{name}", dossier) for name in acts}
    found["sheet"] = can(person, "dossier.sheet", dossier)
    found["unmask"] = households.works_on(person, dossier)  # type: ignore[assignment]
    return found


@page("dossier.open", methods=("GET", "POST"))
def dossier_new(request: HttpRequest) -> HttpResponse:
    """Open the file of a household at the union of the current post."""
    union = current_union(request, {Role.ENTER})
    initial = {"request_key": idempotency.new_key(), "work_status": "on_post", "level": "county"}
    form = DossierForm(request.POST or None, union=union, initial=initial)
    members = MemberFormSet(request.POST or None, prefix="members")
    if request.method == "POST":
        opened = _try_to_open(request, union, form, members)
        if opened is not None:
            messages.success(request, f"档案 {opened.number} 已建立（草稿）。下一步：做困难评估，再提交申请。")
            return redirect("dossier_detail", pk=opened.pk)
    context = {"form": form, "members": members, "union": union, "title": "新建档案"}
    return render(request, "beneficiaries/dossier_form.html", context, status=422 if request.method == "POST" else 200)


def _try_to_open(request: HttpRequest, union: Union, form: DossierForm, members: Any) -> Dossier | None:
    if not (form.is_valid() & members.is_valid()):
        return None
    rows = members.rows()
    try:
        return actions.open_dossier(
            by=person_of(request),
            union=union,
            fields=form.typed(),
            members=[row for _, row in rows],
            key=form.cleaned_data["request_key"],
        )
    except intake.Faults as faults:
        _show_faults(faults, form, members, rows)
    except Refused as refusal:
        _show_used_up(refusal, person_of(request), form)
    return None


@page("dossier.save", methods=("GET", "POST"))
def dossier_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a file; a stale save shows both versions and keeps what was typed (R-33)."""
    person = person_of(request)
    dossier = load(person, pk)
    decision = can(person, "dossier.save", dossier)
    if not decision:
        raise Refused(decision.reason, decision.next_step, status=decision.status, act="dossier.save", obj=dossier)
    saved = list(dossier.members.all())
    form = DossierForm(request.POST or None, union=dossier.union, dossier=dossier, initial=initial_of(dossier))
    members = MemberFormSet(request.POST or None, prefix="members", initial=members_initial(saved))
    today = clock.today()
    labels = {member.pk: masking.edit_label(member, today) for member in saved}
    differences: list[tuple[str, str, str]] = []
    status = 200
    if request.method == "POST":
        status = 422
        try:
            done = _try_to_save(person, dossier, form, members)
        except Stale as stale:
            form, status, differences = _with_version(request, dossier, form), 409, stale.differences
        else:
            if done is not None:
                messages.success(request, _saved_words(dossier, done))
                return redirect("dossier_detail", pk=pk)
    for row in members:
        row.label = (
            labels.get(row["id"].value() and int(row["id"].value()), "") if _is_number(row["id"].value()) else ""
        )
    context = {
        "form": form,
        "members": members,
        "union": dossier.union,
        "title": f"修改档案 {dossier.number}",
        "pk": pk,
        "number": dossier.number,
        "differences": differences,
        "stale": status == 409,
    }
    return render(request, "beneficiaries/dossier_form.html", context, status=status)


def _is_number(text: Any) -> bool:
    return str(text or "").isdecimal()


def _with_version(request: HttpRequest, dossier: Dossier, form: DossierForm) -> DossierForm:
    """The typed form again, now naming the version that is stored, so that saving it once more is a decision."""
    typed = request.POST.copy()
    typed["version"] = str(Dossier.objects.values_list("version", flat=True).get(pk=dossier.pk))
    again = DossierForm(typed, union=dossier.union, dossier=dossier)
    again.is_valid()
    return again


def _saved_words(before: Dossier, after: Dossier) -> str:
    if before.state != after.state:
        return "已保存。身份证号或收款账户有改动，档案回到“已申请”，请重走入户、公示、审核和审批。"
    return "已保存。"


def _try_to_save(person: Person, dossier: Dossier, form: DossierForm, members: Any) -> Dossier | None:
    if not (form.is_valid() & members.is_valid()):
        return None
    rows = members.rows()
    try:
        return actions.save_dossier(
            by=person,
            dossier=dossier,
            version=form.cleaned_data["version"] or 0,
            fields=form.typed(),
            members=[row for _, row in rows],
            reason=form.cleaned_data["reason"],
        )
    except intake.Faults as faults:
        _show_faults(faults, form, members, rows)
    except Stale:
        raise
    except Refused as refusal:
        _show_used_up(refusal, person, form)
    return None


def _show_used_up(refusal: Refused, person: Person, form: DossierForm) -> None:
    """A day without searches left keeps the typed form on the screen; every other refusal is a page of its own."""
    if refusal.act != duplicates.ACT:
        raise refusal
    audit.record_refusal(act=refusal.act, by=person, obj=None, reason=refusal.reason)
    form.add_error(None, refusal.reason + refusal.next_step)


def _show_faults(faults: intake.Faults, form: DossierForm, members: Any, rows: list[tuple[int, Any]]) -> None:
    """Put each sentence at its field; the action counts filled rows, the page counts all."""
    for name, sentence in faults.errors.items():
        place, _, member_field = name.removeprefix("members-").partition("-")
        if name.startswith("members-") and place.isdecimal() and int(place) < len(rows):
            row = members.forms[rows[int(place)][0]]
            row.add_error(member_field if member_field in row.fields else None, sentence)
        else:
            form.add_error(name if name in form.fields else None, sentence)


@page("dossier.read", methods=("POST",))
def dossier_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take the next step of the chain; a form with errors comes back on the file's page."""
    person = person_of(request)
    dossier = load(person, pk)
    kind = dossier_page.BY_KEY.get(step)
    if kind is None:
        raise Http404
    form = kind.form(request.POST, auto_id=f"id_{kind.key}_%s")
    if not form.is_valid():
        return detail_page(request, dossier, given={"step": form}, status=422)
    moves = {
        "apply": actions.apply_dossier,
        "visit": actions.visit_dossier,
        "post": actions.post_dossier,
        "review": actions.review_dossier,
        "approve": actions.approve_dossier,
    }
    moved = moves[step](by=person, dossier=dossier, **form.cleaned_data)
    messages.success(request, f"{kind.label}已办好，档案现在是“{moved.get_state_display()}”。")
    for warning in dossier_page.posting_warnings(moved) if step == "post" else []:
        messages.warning(request, warning)
    return redirect("dossier_detail", pk=pk)


@page("dossier.read", methods=("POST",))
def dossier_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the file back with a reason."""
    person = person_of(request)
    dossier = load(person, pk)
    form = ReasonForm(request.POST, auto_id="id_back_%s")
    if not form.is_valid():
        return detail_page(request, dossier, given={"back": form}, status=422)
    actions.return_dossier(
        by=person, dossier=dossier, version=form.cleaned_data["version"], reason=form.cleaned_data["text"]
    )
    messages.success(request, f"档案 {dossier.number} 已退回 {dossier.union.called}，对方改好后会重新提交。")
    seen = Dossier.objects.visible_to(person).filter(pk=pk).exists()
    return redirect("dossier_detail", pk=pk) if seen else redirect("dossier_list")
