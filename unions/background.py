"""What all work outside the request shares: one worker takes it, says how far it is, is missed when it died (E3).

The state is on the job row. Who takes a job, speaks for it or ends it touches exactly one row that is still theirs, so that
a worker that wakes up too late finds out and leaves nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from relief.lib import clock
from unions import attachments, audit
from unions.enums import JobState
from unions.models import Attachment, Job

SILENT = timedelta(minutes=5)
"""A running job that has said nothing for so long was killed."""
LONG_WAIT = timedelta(minutes=2)
"""A job that nobody has taken for so long waits for a worker that is not there."""
UNFINISHED = (JobState.WAITING, JobState.RUNNING)


class Superseded(Exception):
    """The job was given up while its worker was still busy: the worker stops and leaves nothing."""


def is_silent(job: Job, now: datetime) -> bool:
    """Whether the worker of a running job has died."""
    return job.state == JobState.RUNNING and datetime.fromisoformat(job.outcome["beat"]) < now - SILENT


def standing(job: Job, now: datetime) -> dict[str, Any]:
    """What a page says of a job: its state, whether it is busy, may be started again, and finds no worker."""
    silent = is_silent(job, now)
    return {
        "state": "killed" if silent else str(job.state),
        "busy": job.state in UNFINISHED and not silent,
        "may_restart": silent or job.state == JobState.FAILED,
        "no_worker": job.state == JobState.WAITING and job.created_at < now - LONG_WAIT,
    }


def ours(job: Job) -> QuerySet[Job]:
    """The row of a running job, as long as it is what its worker took."""
    return Job.objects.filter(pk=job.pk, kind=job.kind, state=JobState.RUNNING)


def take(job: Job) -> bool:
    """Turn a waiting job to running; False when another worker was quicker."""
    outcome = {**job.outcome, "beat": clock.db_now().isoformat()}
    waiting = Job.objects.filter(pk=job.pk, kind=job.kind, state=JobState.WAITING)
    taken = waiting.update(state=JobState.RUNNING, outcome=outcome)
    job.state, job.outcome = JobState.RUNNING, outcome
    return taken == 1


def say(job: Job) -> None:
    """Progress and a sign of life; Superseded when the job is not ours any more."""
    job.outcome = {**job.outcome, "beat": clock.db_now().isoformat()}
    if not ours(job).update(done=job.done, total=job.total, outcome=job.outcome):
        raise Superseded


def finish(job: Job, at: datetime, outcome: dict[str, Any]) -> None:
    """Turn the job to done; call inside the transaction that writes what it made. Superseded when it is not ours."""
    if not ours(job).update(state=JobState.DONE, done=job.total, finished_at=at, outcome={**job.outcome, **outcome}):
        raise Superseded


@transaction.atomic
def fail(job: Job, words: str, *, act: str, detail: dict[str, Any]) -> None:
    """Mark a running job as failed, with the sentence why; nothing when it is not running any more."""
    if ours(job).update(state=JobState.FAILED, finished_at=clock.db_now(), outcome={**job.outcome, "message": words}):
        audit.record(act=act, by=job.started_by, union=job.union, obj=job, detail=detail)


def file_of(job: Job, *, kind: str, filename: str, content_type: str) -> attachments.LargeFile:
    """The file that a job writes, of the union and the person it works for; use it in a `with` block."""
    return attachments.LargeFile(
        union=job.union,
        owner_type=job._meta.label,
        owner_id=job.pk,
        kind=kind,
        filename=filename,
        content_type=content_type,
        uploaded_by=job.started_by,
    )


def let_vanish(files: QuerySet[Attachment], *, act: str) -> int:
    """Erase files of jobs that are past their time, each with its audit event; how many there were."""
    past = list(files.filter(owner_type=Job._meta.label, removed_at__isnull=True).select_related("union"))
    for row in past:
        with transaction.atomic():
            attachments.erase(row)
            audit.record(act=act, by=None, union=row.union, obj=row, detail={"job": row.owner_id})
    return len(past)
