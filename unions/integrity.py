"""The integrity check as a job: every registered verifier, its findings on the job row."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task

from relief.lib import clock
from unions import audit
from unions.enums import JobState
from unions.models import Job, Person, Union
from unions.policy import require
from unions.registry import Finding, verifiers

MOST_FINDINGS = 200
"""Findings kept on the job row; the count tells the rest."""


@transaction.atomic
def start(*, by: Person, union: Union) -> Job:
    """Put a check into the queue and return its job row."""
    require(by, "integrity.verify")
    job = Job.objects.create(
        kind="verify", started_by=by, union=union, created_at=clock.db_now(), total=len(verifiers())
    )
    audit.record(act="integrity.verify", by=by, union=union, obj=job)
    transaction.on_commit(lambda: verify_job.enqueue(job.pk))
    return job


@task()
def verify_job(job_id: int) -> None:
    """Run the verifiers one by one and keep what they find."""
    if not Job.objects.filter(pk=job_id, state=JobState.WAITING).update(state=JobState.RUNNING):
        return
    found: list[Finding] = []
    for done, (_, verifier) in enumerate(sorted(verifiers().items()), start=1):
        found.extend(verifier())
        Job.objects.filter(pk=job_id).update(done=done)
    rows = [{"check": f.check, "table": f.table, "row": f.row, "message": f.message} for f in found[:MOST_FINDINGS]]
    Job.objects.filter(pk=job_id).update(
        state=JobState.DONE, finished_at=clock.db_now(), outcome={"count": len(found), "findings": rows}
    )
