"""What the asker may do when a person stands in another union's file: ask for it, or say why both are right (C4)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import F

from beneficiaries.dossiers import duplicates
from beneficiaries.dossiers.duplicates import Hit
from beneficiaries.dossiers.intake import Faults
from beneficiaries.enums import CaseState, DossierState, MoveKind
from beneficiaries.models import Dossier, DossierMove, DuplicateClaim, Member
from relief.lib import clock, crypto, idnumber
from unions import audit
from unions.enums import Role
from unions.models import Person, Union
from unions.policy import Refused, Stale, require, step_union

MOST_WORDS = 200


def ask_transfer(
    *, by: Person, union: Union, persons: Mapping[str, str], own: Dossier | None = None, reason: str
) -> list[DossierMove]:
    """Ask the unions that hold the persons ({number: name}) to hand their files over; one counted probe."""
    act = "transfer.ask"
    require(by, act, DossierMove(kind=MoveKind.ASKED, to_union=union, from_union=union))
    fault = words_fault(reason, "申请转入")
    if fault:
        raise Faults({"held_reason": fault}, act=act)
    found = duplicates.hits(by=by, union=union, numbers=persons, own=own)
    elsewhere = {number: hit for number, hit in found.items() if hit.union.pk != union.pk}
    if not elsewhere:
        said = "在本工会的另一份档案里，请直接修改那一份。" if found else "没有登记在别的档案里，可以直接保存。"
        raise Faults({"": f"填写的身份证号{said}"}, act=act)
    made = [_ask(by, union, number, persons[number], hit, reason.strip()) for number, hit in elsewhere.items()]
    return [move for move in made if move is not None]


@transaction.atomic
def _ask(by: Person, union: Union, number: str, name: str, hit: Hit, reason: str) -> DossierMove | None:
    move = DossierMove(
        kind=MoveKind.ASKED,
        dossier_id=hit.dossier,
        from_union=hit.union,
        to_union=union,
        asked_about=about(name, number),
        as_member=not hit.householder,
        reason=reason,
        asked_by=by,
        asked_at=clock.db_now(),
    )
    try:
        with transaction.atomic():
            move.save(force_insert=True)
    except IntegrityError:
        # Asked before and not answered yet: the same words are told, so that nothing is learned from it.
        return None
    audit.record(
        act="transfer.ask",
        by=by,
        union=union,
        obj=move,
        fields=["from_union", "reason"],
        after={"dossier": hit.dossier, "reason": reason},
        detail={"keeper": hit.union.code},
    )
    return move


def check_claim(by: Person, dossier: Dossier | None, union: Union, held: Mapping[str, Hit], reason: str) -> str:
    """Why the persons cannot be claimed with this reason; empty when they can."""
    if dossier is not None and dossier.state != DossierState.DRAFT:
        return "在档的档案不能登记别处已有档案的人，请先申请转入。"
    for hit in held.values():
        if clearing_union(by, union, hit.union) is None:
            return f"与{hit.union.name}没有共同的上级工会可以核准，请申请转入，或改正号码。"
    return words_fault(reason, "重复登记")


def file_claims(
    *, by: Person, dossier: Dossier, held: Mapping[str, Hit], names: Mapping[str, str], reason: str
) -> None:
    """Write one claim per person of the draft; called inside the action that saves it."""
    for number, hit in held.items():
        clear = clearing_union(by, dossier.union, hit.union)
        assert clear is not None
        claim = DuplicateClaim.objects.create(
            dossier=dossier,
            held_by_id=hit.dossier,
            held_union=hit.union,
            number_index=crypto.blind_index(number, "id_number"),
            number_index_generation=crypto.index_generation(),
            asked_about=about(names.get(number, ""), number),
            householders=hit.householder and number == dossier.id_number,
            reason=reason.strip(),
            clear_union=clear,
            asked_by=by,
            asked_at=clock.db_now(),
        )
        audit.record(
            act="claim.file",
            by=by,
            union=dossier.union,
            obj=claim,
            fields=["held_union", "reason"],
            after={"reason": claim.reason, "index": claim.number_index},
            detail={"keeper": hit.union.code, "clears": clear.code},
        )


@transaction.atomic
def answer_claim(*, by: Person, claim: DuplicateClaim, version: int, accept: bool, answer: str = "") -> DuplicateClaim:
    """Clear the second file of a person, or refuse it with a reason; by another person above both unions."""
    act = "claim.clear"
    require(by, act, claim)
    if accept and claim.householders:
        raise Refused(
            "两份档案的户主是同一个人，一户只能有一份档案，不能核准。",
            "请写明原因不予核准，由两个工会办理转移或合并。",
            act=act,
            obj=claim,
        )
    if not accept or answer.strip():
        fault = words_fault(answer, "不予核准")
        if fault:
            raise Refused(fault, "写好原因后再提交。", status=422, act=act, obj=claim)
    state = CaseState.ACCEPTED if accept else CaseState.REFUSED
    rows = DuplicateClaim.objects.filter(pk=claim.pk, state=CaseState.WAITING, version=version)
    moved = rows.update(
        state=state, answer=answer.strip(), decided_by=by, decided_at=clock.db_now(), version=F("version") + 1
    )
    if moved != 1:
        raise Stale(act=act, obj=claim)
    audit.record(
        act=act,
        by=by,
        union=claim.clear_union,
        obj=claim,
        fields=["state"],
        before={"state": claim.state},
        after={"state": state, "answer": answer},
        detail={"state": state},
    )
    return DuplicateClaim.objects.get(pk=claim.pk)


def unsettled(dossier: Dossier) -> list[DuplicateClaim]:
    """The claims of persons still in the file that wait or were refused: the file cannot be applied for."""
    numbers = {dossier.id_index, *Member.objects.filter(dossier=dossier).values_list("id_index", flat=True)}
    rows = DuplicateClaim.objects.filter(dossier=dossier, number_index__in=numbers).select_related("held_union")
    last = {claim.number_index: claim for claim in rows.order_by("pk")}
    return [claim for claim in last.values() if claim.state != CaseState.ACCEPTED]


def clearing_union(by: Person, one: Union, other: Union) -> Union | None:
    """The nearest union at or above both where somebody else reviews; None in different trees."""
    common = [a for a, b in zip(one.line_ids(), other.line_ids(), strict=False) if a == b]
    if not common:
        return None
    return step_union(Union.objects.get(pk=common[-1]), Role.REVIEW, other_than=[by.pk])


def about(name: str, number: str) -> str:
    """Whom the asker typed, in masked words: the answer later is told beside them."""
    return f"{idnumber.mask_name(name) or '未填姓名'}{tail(number)}"


def tail(number: str) -> str:
    """The last four characters of a number in brackets."""
    return f"（证号后四位 {idnumber.last4(number)}）"


def words_fault(text: str, what: str) -> str:
    """What is wrong with a reason; empty when it can stand."""
    if not text.strip():
        return f"{what}要写明理由。"
    if len(text) > MOST_WORDS:
        return f"理由最多 {MOST_WORDS} 个字，请缩短。"
    return "理由里有证件号或卡号一类的号码，请去掉号码再提交。" if idnumber.contains_number(text) else ""
