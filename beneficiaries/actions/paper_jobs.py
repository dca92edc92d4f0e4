"""The payout or sign list of a long batch as PDF: printed by a job, sealed for who asked, gone after a day (E3, R-25)."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django_tasks import task

from beneficiaries import signlists
from beneficiaries.actions.batch_papers import allow_list, take_list
from beneficiaries.models import PayoutBatch
from relief.lib import clock, crypto
from relief.lib.pdf import PdfFailed
from unions import attachments, audit, background
from unions.listings.gate import WINDOW
from unions.models import Attachment, Job, Person
from unions.policy import Refused

log = logging.getLogger(__name__)
KIND, PDF = "batch.paper", "pdf"
FILE = "清册"
ACT, MADE = "batch.list", "batch.paper_made"
KILLED = "后台任务中断了，没有留下文件。请回到批次页再取一次。"
UNEXPECTED = "没有印成，没有留下文件。请回到批次页再取一次，或改取 Excel。"


def is_long(batch: PayoutBatch) -> bool:
    """Whether the batch has too many payouts to be printed while the person waits."""
    return batch.payouts.count() > settings.RELIEF_PAPER_ROWS


@transaction.atomic
def order(*, by: Person, batch: PayoutBatch, paper: str, full: bool) -> Job:
    """Put the list into the queue; the same order twice is one job while it is unfinished."""
    take_list(by=by, batch=batch, paper=paper, kind=PDF, full=full)
    asked, now = {"batch": batch.pk, "paper": paper, "full": full}, clock.db_now()
    mine = Job.objects.filter(started_by=by, kind=KIND)
    for job in mine.filter(union=batch.union, state__in=background.UNFINISHED):
        if job.outcome["asked"] == asked and background.standing(job, now)["busy"]:
            return job
    if mine.filter(created_at__gt=now - WINDOW / 24).count() >= settings.RELIEF_EXPORTS_PER_HOUR:
        raise Refused(
            f"一小时内最多印 {settings.RELIEF_EXPORTS_PER_HOUR} 次长清册。",
            "请过一会儿再取，或改取 Excel。",
            act=ACT,
            obj=batch,
        )
    job = Job.objects.create(
        kind=KIND,
        started_by=by,
        union=batch.union,
        created_at=now,
        total=1,
        outcome={"asked": asked, "title": f"{signlists.PAPERS[paper]} {batch.number}"},
    )
    transaction.on_commit(lambda: paper_job.enqueue(job.pk))
    return job


@task()
def paper_job(job_id: int) -> None:
    """The background task."""
    run(job_id)


def run(job_id: int) -> None:
    """Print the list of a waiting job, outside any transaction; a job that somebody else took is left alone."""
    purge()
    job = Job.objects.select_related("started_by", "union").filter(pk=job_id, kind=KIND).first()
    if job is None or not background.take(job):
        return
    try:
        _print(job)
    except background.Superseded:
        return
    except (Refused, PdfFailed) as fault:
        _fail(job, fault.reason + fault.next_step if isinstance(fault, Refused) else str(fault))
    except Exception as fault:
        # What is raised would be kept with the task, and may quote a name.
        log.error("paper %s stopped: %s", job.pk, type(fault).__name__)
        _fail(job, UNEXPECTED)


def _fail(job: Job, words: str) -> None:
    background.fail(job, words, act=MADE, detail={"failed": True})


def _print(job: Job) -> None:
    """Read the batch with the rights the person has now, print it, keep the file."""
    person, asked = job.started_by, job.outcome["asked"]
    batch = batch_of(job, person)
    if not person.may_log_in() or batch is None:
        raise Refused("您已经看不到这个批次，或账号已停用。", "")
    allow_list(by=person, batch=batch, kind=PDF, full=asked["full"])
    background.say(job)
    seen = _state(batch, person)
    sheet = signlists.payout_list(batch, paper=asked["paper"], by=person, full=asked["full"])
    name = f"{job.outcome['title']}.pdf"
    file = background.file_of(job, kind=FILE, filename=name, content_type=signlists.KINDS[PDF])
    with file:
        file.writer.write(signlists.list_file(sheet, PDF))
        with transaction.atomic():
            row = file.keep()
            job.done = job.total
            background.finish(job, row.uploaded_at, {"seen": seen})
            audit.record(act=MADE, by=person, union=job.union, obj=batch, detail={**asked, "size": row.size})


def batch_of(job: Job, person: Person) -> PayoutBatch | None:
    """The batch of the paper, as far as the person sees it now."""
    seen = PayoutBatch.objects.visible_to(person).select_related("union", "paid_from", "campaign", "entered_by")
    return seen.filter(pk=job.outcome["asked"]["batch"]).first()


def _state(batch: PayoutBatch, person: Person) -> str:
    """What the paper was printed from: a line that changed, or that the person may not see any more, makes it another."""
    seen = batch.payouts.visible_to(person).order_by("pk")
    return crypto.keyed_digest(list(seen.values_list("pk", "version", "state")))


def is_over(job: Job, now: datetime) -> bool:
    """Whether the day of a finished paper has passed."""
    return job.finished_at is not None and job.finished_at + WINDOW <= now


@transaction.atomic
def give_out(*, by: Person, job: Job) -> Attachment:
    """The paper to download, with its audit event; rights and the state of the batch are asked again (R-10)."""
    batch, asked = batch_of(job, by), job.outcome["asked"]
    row = attachments.of(job).filter(kind=FILE).first()
    if row is None or batch is None or is_over(job, clock.db_now()) or not attachments.is_there(row):
        raise Refused("没有印好的文件，或文件已到期清除。", "请回到批次页再取一次。", act=ACT, obj=job)
    take_list(by=by, batch=batch, paper=asked["paper"], kind=PDF, full=asked["full"])
    if _state(batch, by) != job.outcome["seen"]:
        raise Refused("印好以后批次有了变化。", "请回到批次页再取一次。", act=ACT, obj=batch)
    Job.objects.filter(pk=job.pk).update(outcome={**job.outcome, "taken": True})
    return row


def purge() -> int:
    """Let papers vanish that are past their day; how many they were."""
    attachments.sweep()
    past = Attachment.objects.filter(kind=FILE, uploaded_at__lte=clock.db_now() - WINDOW)
    return background.let_vanish(past, act="batch.paper_purge")
