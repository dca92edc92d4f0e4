"""Asking for a list as Excel, the second person's word, and fetching the file; each leaves one audit event (R-13, R-22)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import F

from relief.lib import clock, crypto
from unions import audit
from unions.actions import list_files
from unions.enums import Role
from unions.listings.gate import WINDOW, needs_second
from unions.listings.held import packed
from unions.listings.model import Listing
from unions.listings.rights import allowed, earlier_rows
from unions.models import ListExport, Person, Union
from unions.policy import Refused, Stale, require, step_union

MOST_ROWS = 200_000
LEAST_PURPOSE = 4
State = ListExport.State


def ask_export(
    *, by: Person, union: Union, listing: Listing, conditions: Mapping[str, str], full: bool, purpose: str
) -> ListExport:
    """Ask for the list as filtered: ready at once, or waiting for a second person when it is much (R-22)."""
    asked, now = listing.asked(conditions), clock.db_now()
    taken, grade = listing.taken(by, asked, full), listing.grade(full)
    rows = taken.count()
    export = ListExport(
        listing=listing.key,
        conditions=asked,
        full=full,
        purpose=purpose.strip(),
        union=union,
        rows=rows,
        grade=grade,
        asked_by=by,
        asked_at=now,
    )
    _refuse_wrong(by, listing, export)
    export.held = packed(listing.keys(taken))
    with transaction.atomic():
        # The rows of the day are counted inside, so that two quick requests are not both below the limit.
        Person.objects.select_for_update().get(pk=by.pk)
        if needs_second(grade, rows, earlier_rows(by, grade)):
            confirmer = step_union(union, Role.APPROVE, other_than=[by.pk])
            if confirmer is None:
                raise Refused(
                    "这份清单要第二个人同意才能导出，本工会和上级都没有另一位审批人。",
                    "请联系安全管理员授予审批岗位，或缩小筛选范围。",
                    act="list.export",
                )
            export.state, export.confirm_union = State.WAITING, confirmer
        else:
            export.state, export.expires_at = State.READY, now + WINDOW
        export.save(force_insert=True)
        if export.state == State.READY and list_files.is_long(export):
            list_files.begin(export)
        audit.record(act="list.export", by=by, union=union, obj=export, detail=_told(export))
    return export


def _refuse_wrong(by: Person, listing: Listing, export: ListExport) -> None:
    require(by, listing.act)
    require(by, "list.export", export)
    if export.full:
        if not listing.full_act:
            raise Refused("这份清单没有完整版。", "请导出列表上看到的内容。", status=422, act="list.export")
        require(by, listing.full_act)
    if len(export.purpose) < LEAST_PURPOSE:
        raise Refused("没有写明用途。", "请写清楚导出做什么用、交给谁，至少 4 个字。", status=422, act="list.export")
    if not export.rows:
        raise Refused("按现在的筛选没有一行可导出。", "请回到列表放宽筛选。", status=422, act="list.export")
    if export.rows > MOST_ROWS:
        raise Refused(
            f"共有 {export.rows:,} 行，一次最多导出 {MOST_ROWS:,} 行。",
            "请回到列表缩小筛选范围，分几次导出。",
            status=422,
            act="list.export",
        )


def _told(export: ListExport) -> dict[str, Any]:
    """What the audit keeps of it: the digest names the rows that were asked for and agreed to."""
    told = {"listing": export.listing, "rows": export.rows, "grade": export.grade, "full": export.full}
    return told | {"digest": crypto.keyed_digest(bytes(export.held).hex())}


def _decide(export: ListExport, by: Person, state: str, **values: Any) -> None:
    """Turn a waiting request; the row must still be as the page showed it."""
    waiting = ListExport.objects.filter(pk=export.pk, state=State.WAITING, version=export.version)
    changed = waiting.update(state=state, decided_by=by, decided_at=clock.db_now(), version=F("version") + 1, **values)
    if changed != 1:
        raise Stale(act="list.confirm", obj=export)
    export.refresh_from_db()


@transaction.atomic
def confirm_export(*, by: Person, export: ListExport) -> ListExport:
    """The second person agrees: the file can be fetched for a day; a long one is made first."""
    require(by, "list.confirm", export)
    _decide(export, by, State.READY, expires_at=clock.db_now() + WINDOW)
    if list_files.is_long(export):
        list_files.begin(export)
    audit.record(act="list.confirm", by=by, union=export.union, obj=export, detail=_told(export))
    return export


@transaction.atomic
def refuse_export(*, by: Person, export: ListExport, reason: str) -> ListExport:
    """The second person does not agree, and says why."""
    require(by, "list.refuse", export)
    if not reason.strip():
        raise Refused("没有写不同意的原因。", "请写明原因，申请人会看到。", status=422, act="list.refuse", obj=export)
    _decide(export, by, State.REFUSED, refusal=reason.strip()[:200])
    audit.record(act="list.refuse", by=by, union=export.union, obj=export, detail=_told(export))
    return export


def take_export(*, by: Person, export: ListExport) -> bytes:
    """The workbook, made now: of the rows that were asked for those that the person may see now; each time is audited."""
    listing = allowed(by, export)
    if export.job_id is not None:
        raise Refused("这份清单由后台生成。", "请在导出页面下载生成好的文件。", act="list.take", obj=export)
    rows = list_files.rows_of(by, export, listing)
    first = next(rows, None)
    if first is None:
        raise Refused(
            "申请时的那些，现在一行也不在清单里了。",
            "请回到列表按现在的内容重新申请。",
            act="list.take",
            obj=export,
        )
    data = list_files.workbook(listing, (row for _, row in chain([first], rows)), full=export.full)
    with transaction.atomic():
        audit.record(act="list.take", by=by, union=export.union, obj=export, detail=_told(export))
    return data
