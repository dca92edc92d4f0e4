"""One page for what unions ask of each other about files: moves and claims, waiting and answered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries import actions
from beneficiaries.enums import CaseState, MoveKind
from beneficiaries.forms.leaving import AnswerForm
from beneficiaries.models import DossierMove, DuplicateClaim
from relief.lib import idnumber
from unions.enums import Role
from unions.models import Person, Union
from unions.policy import Refused
from unions.web import page, person_of, whole_number

MOST = 50
"""Answered requests that the page still shows."""


@page("dossier.requests")
def dossier_requests(request: HttpRequest) -> HttpResponse:
    """What waits for this person's answer, what the person's unions wait for, and the latest answers."""
    person = person_of(request)
    moves = DossierMove.objects.visible_to(person).select_related("dossier", "from_union", "to_union", "asked_by")
    claims = DuplicateClaim.objects.visible_to(person).select_related(
        "dossier__union", "held_union", "clear_union", "asked_by"
    )
    waiting = [_move(person, move) for move in moves.filter(state=CaseState.WAITING)[:MOST]]
    waiting += [_claim(person, claim) for claim in claims.filter(state=CaseState.WAITING)[:MOST]]
    done = [_move(person, move) for move in moves.exclude(state=CaseState.WAITING)[:MOST]]
    done += [_claim(person, claim) for claim in claims.exclude(state=CaseState.WAITING)[:MOST]]
    context = {
        "to_answer": [row for row in waiting if row["may_answer"]],
        "waiting": [row for row in waiting if not row["may_answer"]],
        "done": sorted(done, key=lambda row: row["asked_at"], reverse=True)[:MOST],
    }
    return render(request, "beneficiaries/dossier_requests.html", context)


def _move(person: Person, move: DossierMove) -> dict[str, Any]:
    """A row of a move: who keeps the file reads its number, who asked for it reads only what they typed (D19)."""
    asked = move.kind == MoveKind.ASKED
    keeps = move.dossier.union_id in person.union_ids({Role.ENTER})
    to, source = move.to_union.called, move.from_union.called
    return {
        "pk": move.pk,
        "version": move.version,
        "answer_url": "move_answer",
        "what": f"{to}申请转入" if asked else f"{source}请{to}接收",
        "from": source,
        "about": f"档案 {move.dossier.number} {idnumber.mask_name(move.dossier.name)}" if keeps else move.asked_about,
        "member": move.asked_about if keeps and move.as_member else "",
        "dossier": move.dossier_id if keeps else None,
        "reason": move.reason,
        "by": move.asked_by.name,
        "asked_at": move.asked_at,
        "state": move.state,
        "label": move.get_state_display(),
        "answer": move.answer,
        "may_answer": _may(person, Role.ENTER, move, move.answering_union),
        "may_withdraw": move.state == CaseState.WAITING and person.holds({Role.ENTER}, move.asking_union.pk),
        "waits_for": move.answering_union.called,
        "yes": "同意，档案转过去" if asked and not move.as_member else "同意" if asked else "接收",
    }


def _claim(person: Person, claim: DuplicateClaim) -> dict[str, Any]:
    own = claim.dossier.union_id in person.union_ids({Role.ENTER})
    may_clear = _may(person, Role.REVIEW, claim, claim.clear_union)
    return {
        "pk": claim.pk,
        "version": claim.version,
        "answer_url": "claim_answer",
        "what": "一人登记在两份档案里，请核准",
        "from": f"{claim.dossier.union.called}，另一份在{claim.held_union.called}",
        "about": claim.asked_about,
        "member": "",
        "warning": may_clear and claim.householders,
        "dossier": claim.dossier_id if own else None,
        "reason": claim.reason,
        "by": claim.asked_by.name,
        "asked_at": claim.asked_at,
        "state": claim.state,
        "label": claim.get_state_display(),
        "answer": claim.answer,
        "may_answer": may_clear,
        "may_withdraw": False,
        "waits_for": claim.clear_union.called,
        "yes": "核准，两份都保留",
    }


def _may(person: Person, role: str, row: DossierMove | DuplicateClaim, union: Union) -> bool:
    """What `can` answers, without its sentence: a refused row of a list would cost a query."""
    return row.state == CaseState.WAITING and row.asked_by_id != person.pk and person.holds({role}, union.pk)


@page("transfer.answer", methods=("POST",))
def move_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to a move or refuse it."""
    person = person_of(request)
    move = get_object_or_404(
        DossierMove.objects.visible_to(person).select_related("from_union", "to_union", "dossier__union"), pk=pk
    )
    done = actions.answer_move(by=person, move=move, **_answer(request, "transfer.answer"))
    if done.state == CaseState.REFUSED:
        messages.success(request, "已答复不同意，对方会看到您写的原因。")
    elif move.as_member:
        messages.success(request, f"已答复同意，{move.to_union.called}可以登记这个人了。")
    else:
        messages.success(request, f"档案已转到{move.to_union.called}，从今天起由{move.to_union.called}保管。")
    return redirect("dossier_requests")


@page("transfer.withdraw", methods=("POST",))
def move_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request or an offer back."""
    person = person_of(request)
    move = get_object_or_404(DossierMove.objects.visible_to(person).select_related("from_union", "to_union"), pk=pk)
    actions.withdraw_move(by=person, move=move, version=whole_number(request.POST.get("version")))
    messages.success(request, "已撤回。")
    return redirect("dossier_requests")


@page("claim.clear", methods=("POST",))
def claim_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Clear that a person stands in two files, or refuse it."""
    person = person_of(request)
    claim = get_object_or_404(DuplicateClaim.objects.visible_to(person).select_related("clear_union"), pk=pk)
    done = actions.answer_claim(by=person, claim=claim, **_answer(request, "claim.clear"))
    messages.success(request, "已核准。" if done.state == CaseState.ACCEPTED else "已答复不予核准。")
    return redirect("dossier_requests")


def _answer(request: HttpRequest, act: str) -> dict[str, Any]:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        said = "".join(str(errors[0]) for errors in form.errors.values())
        raise Refused(said, "请返回这一页再办理。", status=422, act=act)
    return form.said()
