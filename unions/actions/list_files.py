"""The file of a long list: made by a job, kept sealed for the one who asked, gone with its permission (E3, R-22, R-25)."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django_tasks import task

from relief.lib import clock
from relief.lib.xlsx import Column, stream_table
from unions import attachments, audit, background
from unions.listings.held import packed, unpacked
from unions.listings.model import Listing
from unions.listings.rights import TAKE, allowed
from unions.models import Attachment, Job, ListExport, Person
from unions.policy import Refused, Stale

log = logging.getLogger(__name__)
KIND = "list.export"
FILE = "清单"
"""The kind of a long list's file; other jobs keep files of theirs, by rules of their own."""
SPOKEN = 1_000
"""Rows after which the job says how far it is."""
AGAIN, MADE = "list.again", "list.made"
KILLED = "后台任务中断了，没有留下文件。请重新生成。"
UNEXPECTED = "文件没有生成，没有留下任何内容。请重新生成；仍不成功时请联系系统管理员。"


def is_long(export: ListExport) -> bool:
    """Whether the list has too many rows to be made while the person waits."""
    return export.rows > settings.RELIEF_LIST_ROWS


def begin(export: ListExport) -> None:
    """Put the file of a permitted export into the queue; call inside the transaction of the action."""
    _replace_job(export, None)


def _replace_job(export: ListExport, old: Job | None) -> None:
    job = Job.objects.create(
        kind=KIND,
        started_by=export.asked_by,
        union=export.union,
        created_at=clock.db_now(),
        total=export.rows,
        outcome={},
    )
    if ListExport.objects.filter(pk=export.pk, job=old).update(job=job) != 1:
        raise Stale(act=AGAIN, obj=export)
    export.job = job
    transaction.on_commit(lambda: list_job.enqueue(job.pk))


@transaction.atomic
def again(*, by: Person, export: ListExport) -> ListExport:
    """Make the file once more: what failed or was killed, or a file whose rows are not those of the list any more."""
    allowed(by, export)
    old, now = export.job, clock.db_now()
    if old is None:
        raise Refused("这份清单不用后台生成。", "请直接下载。", act=AGAIN, obj=export)
    if background.standing(old, now)["busy"]:
        raise Refused("文件正在生成。", "请等它完成；可以离开，再回来下载。", act=AGAIN, obj=export)
    if _of_the_hour(by) >= settings.RELIEF_EXPORTS_PER_HOUR:
        raise Refused(
            f"一小时内最多生成 {settings.RELIEF_EXPORTS_PER_HOUR} 次。", "请过一会儿再重新生成。", act=AGAIN, obj=export
        )
    # A killed job is given up first, so that it cannot wake up.
    background.fail(old, KILLED, act=MADE, detail={"failed": True})
    for row in attachments.of(old):
        attachments.erase(row)
    _replace_job(export, old)
    audit.record(act=AGAIN, by=by, union=export.union, obj=export, detail={"listing": export.listing})
    return export


def _of_the_hour(by: Person) -> int:
    since = clock.db_now() - timedelta(hours=1)
    return Job.objects.filter(started_by=by, kind=KIND, created_at__gt=since).count()


@task()
def list_job(job_id: int) -> None:
    """The background task."""
    run(job_id)


def run(job_id: int) -> None:
    """Make the file of a waiting job, outside any transaction; a job that somebody else took is left alone."""
    purge()
    job = Job.objects.select_related("started_by", "union").filter(pk=job_id, kind=KIND).first()
    if job is None or not background.take(job):
        return
    try:
        _make(job)
    except background.Superseded:
        return
    except Refused as fault:
        _fail(job, fault.reason + fault.next_step)
    except Exception as fault:
        # What is raised would be kept with the task, and a fault of a cell quotes it.
        log.error("list %s stopped: %s", job.pk, type(fault).__name__)
        _fail(job, UNEXPECTED)


def _fail(job: Job, words: str) -> None:
    background.fail(job, words, act=MADE, detail={"failed": True})


def _make(job: Job) -> None:
    """Read the rows with the rights the person has now, write the file, keep it."""
    person = job.started_by
    export = ListExport.objects.select_related("union", "asked_by").filter(job=job).first()
    if export is None:
        raise background.Superseded
    if not person.may_log_in():
        raise Refused("申请人的账号已停用，没有生成文件。", "", act=TAKE, obj=export)
    listing = allowed(person, export)
    made: set[int] = set()
    background.say(job)
    name = filename(listing.title)
    file = background.file_of(job, kind=FILE, filename=name, content_type="application/octet-stream")
    with file:
        file.writer.write(workbook(listing, _counted(job, rows_of(person, export, listing), made), full=export.full))
        _keep(job, export, file, made)


def rows_of(by: Person, export: ListExport, listing: Listing) -> Iterator[tuple[int, Any]]:
    """Of the rows that were asked for those that the person may see now, each with its key."""
    return listing.only(listing.taken(by, export.conditions, export.full), export.full, unpacked(bytes(export.held)))


def _counted(job: Job, rows: Iterable[tuple[int, Any]], made: set[int]) -> Iterator[Any]:
    """The rows, while the job says how many have gone by and `made` holds which."""
    for key, row in rows:
        made.add(key)
        job.done += 1
        if job.done % SPOKEN == 0:
            background.say(job)
        yield row


@transaction.atomic
def _keep(job: Job, export: ListExport, file: attachments.LargeFile, made: set[int]) -> None:
    """The file in its place and what it holds on the export: fewer rows than were agreed to, never others."""
    if not made:
        raise Refused("申请时的那些，现在一行也不在清单里了。", "请回到列表重新申请。", act=TAKE, obj=export)
    row = file.keep()
    if ListExport.objects.filter(pk=export.pk, job=job).update(held=packed(made)) != 1:
        raise background.Superseded
    job.total = job.done
    background.finish(job, row.uploaded_at, {"rows": len(made)})
    counts = {"listing": export.listing, "rows": len(made), "size": row.size}
    audit.record(act=MADE, by=job.started_by, union=job.union, obj=export, detail=counts)


def workbook(listing: Listing, rows: Iterator[Any], *, full: bool) -> bytes:
    """The list as one long table."""
    fields = listing.chosen(full)
    columns = [Column(field.title, field.kind, field.width, field.number_format) for field in fields]
    readers = [field.read for field in fields]
    return stream_table(columns, ([read(row) for read in readers] for row in rows), listing.title[:31])


def filename(title: str) -> str:
    return f"{title} {clock.today():%Y%m%d}.xlsx"


def file_of(export: ListExport) -> Attachment | None:
    """The file of a finished job, as long as it is there."""
    row = attachments.of(export.job).filter(kind=FILE).first() if export.job else None
    return row if row is not None and attachments.is_there(row) else None


@transaction.atomic
def give_out(*, by: Person, export: ListExport) -> Attachment:
    """The file to download, with its audit event; rights, agreement and every row of it are asked again (R-10, R-22)."""
    listing = allowed(by, export)
    row = file_of(export)
    if row is None or export.job is None:
        raise Refused("文件还没有生成好。", "请等它完成，或按“重新生成”。", act=TAKE, obj=export)
    gone = unpacked(bytes(export.held)) - listing.keys(listing.taken(by, export.conditions, export.full))
    if gone:
        raise Refused(
            f"文件里有 {len(gone):,} 行现在已不在清单里，或您不能再看。",
            "请按“重新生成”，只留还在的行。",
            act=TAKE,
            obj=export,
        )
    Job.objects.filter(pk=export.job.pk).update(outcome={**export.job.outcome, "taken": True})
    told = {"listing": export.listing, "rows": export.job.outcome["rows"], "grade": export.grade, "full": export.full}
    audit.record(act=TAKE, by=by, union=export.union, obj=export, detail={**told, "size": row.size})
    return row


def purge() -> int:
    """Let the files of permissions that have ended vanish, and halves that a killed worker left; how many files."""
    attachments.sweep()
    over = ListExport.objects.filter(job__isnull=False, expires_at__lte=clock.db_now())
    return background.let_vanish(
        Attachment.objects.filter(kind=FILE, owner_id__in=over.values("job")), act="list.purge"
    )
