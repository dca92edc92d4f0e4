"""What waits for a person around files: moves, claims, public lists, today's visits. One query per kind; joins the other todos."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count
from django.urls import reverse

from beneficiaries.enums import CaseState, DossierState, ListState, MoveKind, ObjectionOutcome
from beneficiaries.models import DossierMove, DuplicateClaim, Objection, PublicList, VisitStop
from relief.lib import clock
from reporting.todos import Todo, batches, exports, money, todos_of
from unions.enums import Role
from unions.models import Person

MOST = 20
"""Rows of one kind; the page of the kind shows all."""


def everything(person: Person, now: datetime) -> list[Todo]:
    """All todos of the person, those around files included."""
    return [
        *todos_of(person, now),
        *batches.batches(person, now),
        *batches.bank(person),
        *money.remittances(person),
        *moves(person),
        *claims(person),
        *public_lists(person),
        *visits(person, now),
        *exports.exports(person, now),
        *exports.papers(person, now),
    ]


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


def public_lists(person: Person) -> Iterator[Todo]:
    """Public lists that wait for publishing by another person or to be noted in the files, and objections without an answer."""
    approve, keep = person.union_ids({Role.APPROVE}), person.union_ids({Role.ENTER, Role.REVIEW, Role.APPROVE})
    if not keep:
        return
    rows = PublicList.objects.filter(approve_union__in=approve, state=ListState.DRAFT).exclude(prepared_by=person)
    for row in rows.select_related("union")[:MOST]:
        url = reverse("public_list_detail", args=[row.pk])
        yield Todo(
            f"公示待发布：{row.title}", f"{row.union.called}，{row.count} 人", url, "核对并发布", "megaphone", "warn"
        )
    published = PublicList.objects.filter(union__in=person.union_ids({Role.ENTER}), state=ListState.PUBLISHED)
    published = published.filter(lines__dossier__state=DossierState.VISITED).annotate(waiting=Count("lines"))
    for row in published.order_by("pk")[:MOST]:
        url = reverse("public_list_detail", args=[row.pk])
        yield Todo(
            f"公示已发布：{row.title}", f"{row.waiting} 户还没有登记为已公示", url, "登记已公示", "megaphone", "warn"
        )
    objections = Objection.objects.filter(public_list__union__in=keep, outcome=ObjectionOutcome.OPEN)
    for one in objections.select_related("public_list")[:MOST]:
        url = reverse("public_list_detail", args=[one.public_list_id]) + "#objections"
        yield Todo("公示异议待核查", one.public_list.title, url, "核查", "megaphone", "warn")


def visits(person: Person, now: datetime) -> Iterator[Todo]:
    """The households on today's routes that nobody has visited yet."""
    today = clock.today(now)
    stops = VisitStop.objects.visible_to(person).filter(plan__planned_on=today, plan__cancelled_at__isnull=True)
    count = stops.filter(visit__isnull=True).count() if person.holds({Role.ENTER}) else 0
    if count:
        yield Todo(
            f"今天走访还有 {count} 家",
            "按线路顺序",
            reverse("visit_today"),
            "去走访",
            "map-pin",
            "",
            clock.end_of_day(today),
        )
