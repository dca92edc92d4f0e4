"""The form of a file: open a new one, change one; nothing that was typed is lost."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from beneficiaries import actions, codes
from beneficiaries.dossiers import duplicates, intake, masking
from beneficiaries.forms.dossier_entry import DossierForm, MemberFormSet, initial_of, members_initial
from beneficiaries.models import Dossier
from beneficiaries.views import held, unsaved
from beneficiaries.views.dossiers import load
from relief.lib import clock
from unions import audit, idempotency
from unions.enums import Role
from unions.models import Person, Union
from unions.policy import Refused, Stale, can
from unions.web import current_union, page, person_of

NEW = {
    "work_status": "on_post",
    "level": "county",
    "application_kind": "日常救助",
    "model_worker_rank": "非劳模",
    "union_member": True,
}
"""What the boxes of a new file hold before anybody typed."""


def _head(again: unsaved.Typed | None) -> dict[str, Any]:
    return again.head if again else {}


@page("dossier.open", methods=("GET", "POST"))
def dossier_new(request: HttpRequest) -> HttpResponse:
    """Open the file of a household at the union of the current post."""
    union = current_union(request, {Role.ENTER})
    answered = unsaved.answer(request, union)
    if answered is not None:
        return answered
    again = unsaved.typed(request, union)
    given = None if again else request.POST or None
    form = DossierForm(given, union=union, initial=NEW | {"request_key": idempotency.new_key()} | _head(again))
    members = MemberFormSet(given, prefix="members", initial=again.rows if again else None)
    if given is not None:
        asked = held.ask(request, union, form, members)
        if asked is not None:
            return asked
        opened = None if held.asks(request) else _try_to_open(request, union, form, members)
        if opened is not None:
            actions.drop_draft(by=person_of(request), union=union)
            messages.success(request, f"档案 {opened.number} 已建立（草稿）。下一步：做困难评估，再提交申请。")
            return redirect("dossier_detail", pk=opened.pk)
    context = {
        "form": form,
        "members": members,
        "union": union,
        "title": "新建档案",
        "roles": codes.LISTS["role"].words,
        "kept_at": again.kept_at if again else None,
        **held.shown(request, form),
    }
    return render(request, "beneficiaries/dossier_form.html", context, status=200 if given is None else 422)


def _try_to_open(request: HttpRequest, union: Union, form: DossierForm, members: Any) -> Dossier | None:
    if not (form.is_valid() & members.is_valid()):
        _show_the_rest(form, members, None)
        return None
    rows = members.rows()
    try:
        return actions.open_dossier(
            by=person_of(request),
            union=union,
            fields=form.typed(),
            members=[row for _, row in rows],
            key=form.cleaned_data["request_key"],
            claim=held.claim_of(request),
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
    answered = unsaved.answer(request, dossier.union, dossier)
    if answered is not None:
        return answered
    saved = list(dossier.members.all())
    again = unsaved.typed(request, dossier.union, dossier)
    given = None if again else request.POST or None
    form = DossierForm(given, union=dossier.union, dossier=dossier, initial=initial_of(dossier) | _head(again))
    members = MemberFormSet(given, prefix="members", initial=again.rows if again else members_initial(saved))
    today = clock.today()
    labels = {member.pk: masking.edit_label(member, today) for member in saved}
    differences: list[tuple[str, str, str]] = []
    status = 200
    if given is not None:
        status = 422
        asked = held.ask(request, dossier.union, form, members, own=dossier)
        if asked is not None:
            return asked
        try:
            done = None if held.asks(request) else _try_to_save(request, dossier, form, members)
        except Stale as stale:
            form, status, differences = _with_version(request, dossier, form), 409, stale.differences
        else:
            if done is not None:
                actions.drop_draft(by=person, union=dossier.union, dossier=dossier)
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
        "roles": codes.LISTS["role"].words,
        "differences": differences,
        "stale": status == 409,
        "kept_at": again.kept_at if again else None,
        **held.shown(request, form),
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


def _try_to_save(request: HttpRequest, dossier: Dossier, form: DossierForm, members: Any) -> Dossier | None:
    if not (form.is_valid() & members.is_valid()):
        _show_the_rest(form, members, dossier)
        return None
    person, rows = person_of(request), members.rows()
    try:
        return actions.save_dossier(
            by=person,
            dossier=dossier,
            version=form.cleaned_data["version"] or 0,
            fields=form.typed(),
            members=[row for _, row in rows],
            reason=form.cleaned_data["reason"],
            claim=held.claim_of(request),
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


def _show_the_rest(form: DossierForm, members: Any, dossier: Dossier | None) -> None:
    """Next to a box of the wrong shape, say at once what else is wrong: nobody corrects a page twice."""
    today = clock.today()
    head = intake.householder(form.typed(), today=today, new=dossier is None)
    for name, sentence in head.faults.items():
        if name in form.fields and name not in form.errors:
            form.add_error(name, sentence)
    if not members.is_valid():
        return
    known = set(dossier.members.values_list("pk", flat=True)) if dossier is not None else set()
    rows = members.rows()
    entries = intake.members([row for _, row in rows], today=today, known=known)
    told = intake.member_faults(entries, head.values.get("id_number", ""))
    if told:
        _show_faults(intake.Faults(told, act="dossier.save"), form, members, rows)


def _show_faults(faults: intake.Faults, form: DossierForm, members: Any, rows: list[tuple[int, Any]]) -> None:
    """Put each sentence at its field; the action counts filled rows, the page counts all."""
    if isinstance(faults, duplicates.Held):
        form.held, form.held_here = faults.keepers, faults.own  # type: ignore[attr-defined]
    for name, sentence in faults.errors.items():
        place, _, member_field = name.removeprefix("members-").partition("-")
        if name.startswith("members-") and place.isdecimal() and int(place) < len(rows):
            row = members.forms[rows[int(place)][0]]
            row.add_error(member_field if member_field in row.fields else None, sentence)
        else:
            form.add_error(name if name in form.fields else None, sentence)
