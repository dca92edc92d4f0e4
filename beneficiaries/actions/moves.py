"""A file goes to another union when both agree: one asks or offers, another person on the other side answers."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from beneficiaries.actions.claims import tail, words_fault
from beneficiaries.actions.leaving import check_transfer, hand_over
from beneficiaries.enums import CaseState, MoveKind
from beneficiaries.models import Dossier, DossierMove, Member
from relief.lib import clock, idnumber
from unions import audit
from unions.models import Person, Union
from unions.policy import Refused, Stale, require


@transaction.atomic
def offer_dossier(*, by: Person, dossier: Dossier, version: int, to: Union, text: str) -> DossierMove:
    """Offer the active file to another union of the tree; it stays here until somebody there accepts it."""
    act = "dossier.transfer"
    require(by, act, dossier)
    check_transfer(dossier, to, clock.today())
    fault = words_fault(text, "转出")
    if fault:
        raise Refused(fault, "写明职工去了哪里、为什么转。", status=422, act=act, obj=dossier)
    if dossier.version != version:
        raise Stale(act=act, obj=dossier)
    move = DossierMove(
        kind=MoveKind.OFFERED,
        dossier=dossier,
        from_union=dossier.union,
        to_union=to,
        asked_about=idnumber.mask_name(dossier.name),
        reason=text.strip(),
        asked_by=by,
        asked_at=clock.db_now(),
    )
    try:
        with transaction.atomic():
            move.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            f"已经有一件与{to.called}之间的转移在等答复。", "请在“转移和查重”里查看。", act=act, obj=dossier
        ) from None
    audit.record(
        act="transfer.offer",
        by=by,
        union=dossier.union,
        obj=move,
        fields=["to_union", "reason"],
        after={"dossier": dossier.pk, "reason": text},
        detail={"to": to.code},
    )
    return move


@transaction.atomic
def answer_move(
    *,
    by: Person,
    move: DossierMove,
    version: int,
    accept: bool,
    answer: str = "",
    on: datetime.date | None = None,
) -> DossierMove:
    """Agree to a move, which hands the file over at once, or refuse it with a reason; by another person."""
    act = "transfer.answer"
    require(by, act, move)
    if not accept or answer.strip():
        fault = words_fault(answer, "不同意")
        if fault:
            raise Refused(fault, "写好原因后再提交。", status=422, act=act, obj=move)
    _settle(by, move, version, CaseState.ACCEPTED if accept else CaseState.REFUSED, answer, act)
    if accept and move.as_member:
        _member_is_gone(move)
    elif accept:
        dossier = Dossier.objects.select_related("union").get(pk=move.dossier_id)
        if dossier.union_id != move.from_union_id:
            raise Refused("档案已经不在转出工会。", "请不同意这件申请，写明原因。", act=act, obj=move)
        day = on or clock.today()
        check_transfer(dossier, move.to_union, day)
        hand_over(by=by, dossier=dossier, version=dossier.version, to=move.to_union, text=move.reason, on=day)
    return DossierMove.objects.select_related("from_union", "to_union").get(pk=move.pk)


@transaction.atomic
def withdraw_move(*, by: Person, move: DossierMove, version: int) -> None:
    """Take back what was asked or offered, while nobody has answered."""
    require(by, "transfer.withdraw", move)
    _settle(by, move, version, CaseState.WITHDRAWN, "", "transfer.withdraw")


def _settle(by: Person, move: DossierMove, version: int, state: str, answer: str, act: str) -> None:
    rows = DossierMove.objects.filter(pk=move.pk, state=CaseState.WAITING, version=version)
    moved = rows.update(
        state=state, answer=answer.strip(), decided_by=by, decided_at=clock.db_now(), version=F("version") + 1
    )
    if moved != 1:
        raise Stale(act=act, obj=move)
    audit.record(
        act=act,
        by=by,
        union=move.answering_union if act == "transfer.answer" else move.asking_union,
        obj=move,
        fields=["state"],
        before={"state": move.state},
        after={"state": state, "answer": answer},
        detail={"state": state},
    )


def _member_is_gone(move: DossierMove) -> None:
    """A member has no file of their own to hand over: the keeper takes the person out of the household first."""
    members = Member.objects.filter(dossier=move.dossier_id)
    if any(move.asked_about.endswith(tail(member.id_number)) for member in members if member.id_number):
        raise Refused(
            f"{move.asked_about}是这份档案的家庭成员，还没有移出。",
            "请先在“修改”里移出这位成员，再点同意；不同意的写明原因。",
            act="transfer.answer",
            obj=move,
        )
