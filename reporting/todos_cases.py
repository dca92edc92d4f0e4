"""What waits for a person around files: moves and claims to answer. One query per kind; joins the other todos."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from beneficiaries.enums import CaseState, MoveKind
from beneficiaries.models import DossierMove, DuplicateClaim
from reporting.todos import Todo, todos_of
from unions.enums import Role
from unions.models import Person


def everything(person: Person, now: datetime) -> list[Todo]:
    """All todos of the person, those around files included."""
    return [*todos_of(person, now), *moves(person), *claims(person)]


def moves(person: Person) -> Iterator[Todo]:
    """Files that another union asks for, and files that another union offers."""
    unions = person.union_ids({Role.ENTER})
    if not unions:
        return
    rows = DossierMove.objects.visible_to(person).filter(state=CaseState.WAITING).exclude(asked_by=person)
    for move in rows.select_related("from_union", "to_union"):
        asked = move.kind == MoveKind.ASKED
        if (move.from_union_id if asked else move.to_union_id) not in unions:
            continue
        title = f"{move.to_union.called}申请转入档案" if asked else f"{move.from_union.called}请接收档案"
        url = reverse("dossier_requests") + "#answer"
        yield Todo(title, "一人只在一份档案里", url, "查看并答复", "folder-open", "warn", quote=move.reason)


def claims(person: Person) -> Iterator[Todo]:
    """Persons in two files whose reason waits for somebody above both unions."""
    unions = person.union_ids({Role.REVIEW})
    if not unions:
        return
    waiting = DuplicateClaim.objects.filter(clear_union__in=unions, state=CaseState.WAITING).exclude(asked_by=person)
    count = waiting.count()
    if count:
        url = reverse("dossier_requests") + "#answer"
        yield Todo(f"重复登记待核准 {count} 件", "职工档案", url, "核准", "folder-open", "warn")
