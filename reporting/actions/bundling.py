"""Exports as background jobs: order, run, order again, give out, let vanish (R-13, R-25, R-40)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django_tasks import task

from campaigns.models import Campaign
from relief.lib import clock
from reporting.bundles.archive import BundleFailed
from reporting.bundles.asking import PREFIX, Asked, BundleKind, asked_of
from reporting.bundles.contents import Contents, contents_of
from reporting.bundles.making import make, steps
from reporting.bundles.names import safe_name
from unions import attachments, audit, background
from unions.enums import JobState
from unions.models import Attachment, Job, Person, Union
from unions.policy import Refused, require

log = logging.getLogger(__name__)
EXPORT = "导出"
"""The kind of an export's file; other jobs keep files of theirs, by rules of their own."""
KILLED = "后台任务中断了，没有留下文件。请重新开始。"
UNEXPECTED = "导出没有完成，没有留下文件。请重新开始；仍不成功时请联系系统管理员。"


@transaction.atomic
def start(*, by: Person, union: Union, campaign: Campaign, asked: Asked, title: str) -> Job:
    """Put an export into the queue and return its job; the same order twice is one job while it is unfinished.

    Refused when the person may not export here, or has asked for too many within an hour.
    """
    require(by, "bundle.create", union)
    mine = Job.objects.filter(started_by=by, kind__startswith=PREFIX)
    now = clock.db_now()
    for job in mine.filter(union=union, state__in=background.UNFINISHED):
        if asked_of(job.outcome) == asked and not background.is_silent(job, now):
            return job
    if mine.filter(created_at__gt=now - timedelta(hours=1)).count() >= settings.RELIEF_EXPORTS_PER_HOUR:
        raise Refused(
            f"一小时内最多导出 {settings.RELIEF_EXPORTS_PER_HOUR} 次。",
            "请先下载已经导出的文件，过一会儿再导出。",
            act="bundle.create",
        )
    outcome = {"asked": asked.as_json, "title": title, "campaign": campaign.title}
    job = Job.objects.create(kind=asked.kind, started_by=by, union=union, created_at=now, outcome=outcome)
    audit.record(act="bundle.create", by=by, union=union, obj=job, detail=asked.as_json)
    transaction.on_commit(lambda: bundle_job.enqueue(job.pk))
    return job


@transaction.atomic
def again(*, by: Person, job: Job) -> Job:
    """Order once more what failed or was killed; a killed job is given up first, so that it cannot wake up."""
    if job.state == JobState.RUNNING and background.is_silent(job, clock.db_now()):
        _fail(job, KILLED)
    elif job.state != JobState.FAILED:
        raise Refused(
            "这次导出没有失败，不用重新开始。", "请等它完成，或在导出页面另外导出。", act="bundle.create", obj=job
        )
    asked = asked_of(job.outcome)
    campaign = Campaign.objects.visible_to(by).filter(pk=asked.campaign).first()
    if campaign is None:
        raise Refused("这个活动您已经看不到了。", "请从菜单进入您能办理的活动。", act="bundle.create", obj=job)
    return start(by=by, union=job.union, campaign=campaign, asked=asked, title=job.outcome["title"])


@task()
def bundle_job(job_id: int) -> None:
    """The background task."""
    run(job_id)


def run(job_id: int) -> None:
    """Make the export of a waiting job, outside any transaction; a job that somebody else took is left alone."""
    purge()
    job = Job.objects.select_related("started_by", "union").filter(pk=job_id, state=JobState.WAITING).first()
    if job is None or not background.take(job):
        return
    try:
        _make(job)
    except background.Superseded:
        return
    except (BundleFailed, Refused) as fault:
        _fail(job, fault.reason if isinstance(fault, Refused) else str(fault))
        if fault.__cause__ is not None:
            log.error("export %s stopped: %s", job.pk, type(fault.__cause__).__name__)
    except Exception:
        _fail(job, UNEXPECTED)
        raise


def _make(job: Job) -> None:
    """Read the picture with the rights the person has now, write the file, keep it."""
    person, asked = job.started_by, asked_of(job.outcome)
    if not person.may_log_in():
        raise BundleFailed("下单的账号已停用，没有导出。")
    require(person, "bundle.create", job.union)
    campaign = Campaign.objects.visible_to(person).select_related("issuer").filter(pk=asked.campaign).first()
    if campaign is None:
        raise BundleFailed("这个活动您已经看不到了，没有导出。")
    contents = contents_of(person, job.union, campaign, asked)
    job.total = steps(contents)

    def progress() -> None:
        job.done += 1
        background.say(job)

    background.say(job)
    name = _filename(job, contents)
    file = background.file_of(job, kind=EXPORT, filename=name, content_type="application/octet-stream")
    with file:
        files = make(contents, file.writer, made_at=job.created_at, made_by=person.name, progress=progress)
        _keep(job, file, contents, files)


@transaction.atomic
def _keep(job: Job, file: attachments.LargeFile, contents: Contents, files: int) -> None:
    row = file.keep()
    expires = row.uploaded_at + timedelta(days=settings.RELIEF_EXPORT_DAYS)
    counts = {"files": files, "filed": len(contents.filed), "missing": len(contents.missing)}
    background.finish(job, row.uploaded_at, {**counts, "expires_at": expires.isoformat()})
    audit.record(act="bundle.finish", by=job.started_by, union=job.union, obj=job, detail={**counts, "size": row.size})


def _fail(job: Job, words: str) -> None:
    background.fail(job, words, act="bundle.finish", detail={"failed": True})


def _filename(job: Job, contents: Contents) -> str:
    ending = "xlsx" if job.kind == BundleKind.BOOK else "zip"
    day = f"{job.created_at.astimezone(clock.SHANGHAI):%Y%m%d-%H%M}"
    what = "活动材料包" if job.kind == BundleKind.CAMPAIGN else f"{job.outcome['title']}-各单位"
    return safe_name(f"{contents.campaign.code}-{job.union.called}-{what}-{day}.{ending}", 120)


def file_of(job: Job) -> Attachment | None:
    """The file of a finished job, as long as it is there and not past its day."""
    row = attachments.of(job).first()
    if row is None or is_past(row, clock.db_now()) or not attachments.is_there(row):
        return None
    return row


def is_past(row: Attachment, now: datetime) -> bool:
    return row.uploaded_at < now - timedelta(days=settings.RELIEF_EXPORT_DAYS)


@transaction.atomic
def give_out(*, by: Person, job: Job) -> Attachment:
    """The file to download, with its audit row; rights are asked again (R-10). Refused when it has vanished."""
    require(by, "bundle.read", job)
    row = file_of(job)
    if row is None:
        raise Refused(
            "这次导出没有文件，或者文件已过保存期被清除。", "请在导出页面重新导出。", act="bundle.read", obj=job
        )
    facts: dict[str, Any] = {"kind": job.kind, "size": row.size, "files": job.outcome.get("files", 1)}
    audit.record(act="bundle.read", by=by, union=job.union, obj=job, detail=facts)
    return row


def purge() -> int:
    """Let exports vanish that are past their day, and halves that a killed worker left; how many exports there were."""
    attachments.sweep()
    before = clock.db_now() - timedelta(days=settings.RELIEF_EXPORT_DAYS)
    return background.let_vanish(Attachment.objects.filter(kind=EXPORT, uploaded_at__lt=before), act="bundle.purge")
