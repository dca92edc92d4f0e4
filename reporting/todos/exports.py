"""What waits with lists taken along: a long one that is ready, and one that a second person has to agree to (R-22)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from beneficiaries.actions.paper_jobs import KIND
from reporting.todos import Todo
from unions.enums import JobState, Role
from unions.listings import listing_of
from unions.listings.gate import WINDOW
from unions.models import Job, ListExport, Person

MOST = 6
"""Exports told one by one; their own page shows all."""
State = ListExport.State


def exports(person: Person, now: datetime) -> Iterator[Todo]:
    """Files that were made for the person and not fetched yet, and requests that wait for their word (one query)."""
    ready = Q(
        asked_by=person,
        state=State.READY,
        expires_at__gt=now,
        job__state=JobState.DONE,
        job__outcome__taken__isnull=True,
    )
    waiting = Q(state=State.WAITING, confirm_union__in=person.union_ids({Role.APPROVE})) & ~Q(asked_by=person)
    rows = ListExport.objects.visible_to(person).filter(ready | waiting).select_related("asked_by").defer("held")
    for export in rows.order_by("-pk")[:MOST]:
        listing, url = listing_of(export.listing), reverse("list_export", args=[export.pk])
        title = listing.title if listing else export.listing
        if export.state == State.READY:
            text, due = f"{export.rows:,} 行，{export.purpose}", export.expires_at
            yield Todo(f"导出的清单可以下载：{title}", text, url, "去下载", "arrow-down-tray", "", due, "下载期限")
        else:
            text = f"{export.asked_by.name} 申请 {export.rows:,} 行，{export.purpose}"
            yield Todo(f"导出待您同意：{title}", text, url, "看过再定", "arrow-down-tray", "warn")


def papers(person: Person, now: datetime) -> Iterator[Todo]:
    """Payout and sign lists of long batches that were printed for the person and not fetched yet (one query)."""
    rows = (
        Job.objects.visible_to(person)
        .select_related("union")
        .filter(kind=KIND, state=JobState.DONE, finished_at__gt=now - WINDOW)
    )
    for job in rows.filter(outcome__taken__isnull=True)[:MOST]:
        url, due = reverse("batch_paper_job", args=[job.pk]), job.finished_at and job.finished_at + WINDOW
        yield Todo(
            f"已印好：{job.outcome['title']}", job.union.called, url, "去下载", "arrow-down-tray", "", due, "下载期限"
        )
