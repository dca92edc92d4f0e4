"""The payout or sign list of a long batch: watch it being printed, fetch it."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from beneficiaries.actions import paper_jobs
from relief.lib import clock
from unions import attachments, background
from unions.models import Job
from unions.web import page, person_of


def _load(request: HttpRequest, pk: int) -> Job:
    mine = Job.objects.visible_to(person_of(request)).filter(kind=paper_jobs.KIND).select_related("union")
    return get_object_or_404(mine, pk=pk)


@page("batch.list")
def batch_paper_job(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper: whether it is printed, then its file; asks again by itself until it is finished."""
    job, now = _load(request, pk), clock.db_now()
    standing = background.standing(job, now)
    file = attachments.of(job).filter(kind=paper_jobs.FILE).first()
    context = {
        "job": job,
        "standing": standing,
        "message": paper_jobs.KILLED if standing["state"] == "killed" else job.outcome.get("message", ""),
        "file": None if paper_jobs.is_over(job, now) else file,
        "now": now,
    }
    part = request.headers.get("HX-Request") == "true"
    template = "beneficiaries/_paper_progress.html" if part else "beneficiaries/paper_job.html"
    return render(request, template, context)


@page("batch.list", methods=("POST",))
def batch_paper_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The printed list; each download is audited."""
    row = paper_jobs.give_out(by=person_of(request), job=_load(request, pk))
    # Views are typed by their usual answer; a stream passes through every layer as well.
    return cast(HttpResponse, attachments.stream_response(row))
