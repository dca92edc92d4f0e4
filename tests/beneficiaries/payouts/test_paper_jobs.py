"""The lists of a long batch are printed by a job: for who asked, from the batch as it stands, gone after a day."""

import datetime

import pytest
from django.urls import reverse

from beneficiaries.actions import add_recipients, paper_jobs, plan_batch
from beneficiaries.models import Payout
from relief.lib import clock
from reporting.todos.exports import papers
from tests.beneficiaries.payouts.test_batches import approved, opened, step, workers
from tests.cast import log_in
from unions import attachments, background
from unions.enums import JobState
from unions.models import Attachment, AuditEvent, Job
from unions.policy import Refused

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def batch(till, settings):
    """Two payouts are a long batch."""
    settings.RELIEF_PAPER_ROWS = 1
    found = opened(till)
    add_recipients(by=till.cast.clerk, batch=found, recipients=workers(2))
    return found


def later(by):
    return clock.as_of(clock.db_now() + by)


def order(till, batch, **more):
    return paper_jobs.order(**{"by": till.cast.clerk, "batch": batch, "paper": "list", "full": False, **more})


def printed(till, batch):
    job = order(till, batch)
    paper_jobs.run(job.pk)
    return Job.objects.get(pk=job.pk)


def test_a_long_batch_is_printed_outside_the_request(client, till, batch, django_capture_on_commit_callbacks):
    clerk = log_in(client, till.cast.clerk)
    address = {kind: reverse("batch_paper", args=[batch.pk, "list", kind]) for kind in ("pdf", "xlsx")}
    assert clerk.post(address["xlsx"]).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        answer = clerk.post(address["pdf"])
    job = Job.objects.get(kind=paper_jobs.KIND)
    assert answer.url == reverse("batch_paper_job", args=[job.pk])
    assert "已印好" in clerk.get(answer.url).content.decode()
    assert [todo.title for todo in papers(till.cast.clerk, clock.db_now())] == [f"已印好：发放清册 {batch.number}"]
    file = clerk.post(reverse("batch_paper_file", args=[job.pk]))
    assert b"".join(file.streaming_content)[:5] == b"%PDF-"
    assert list(papers(till.cast.clerk, clock.db_now())) == []
    acts = AuditEvent.objects.filter(act__startswith="batch.", detail__kind="pdf").values_list("act", flat=True)
    assert list(acts) == ["batch.list", "batch.list"]


def test_the_same_order_twice_is_one_job(till, batch):
    assert order(till, batch) == order(till, batch)
    assert order(till, batch, paper="sign") != order(till, batch)


def test_it_is_sealed_and_for_who_asked_alone(client, till, batch):
    job = printed(till, batch)
    row = Attachment.objects.get(kind=paper_jobs.FILE)
    assert attachments._path(row).read_bytes()[:5] != b"%PDF-"
    for name in ("batch_paper_job", "batch_paper_file"):
        address = reverse(name, args=[job.pk])
        other = log_in(client, till.cast.cashier)
        assert (other.get if name == "batch_paper_job" else other.post)(address).status_code == 404


def test_a_batch_that_changed_since_is_printed_anew(till, batch):
    job = printed(till, batch)
    Payout.objects.filter(batch=batch).update(version=9)
    with pytest.raises(Refused, match="印好以后批次有了变化"):
        paper_jobs.give_out(by=till.cast.clerk, job=job)
    assert paper_jobs.give_out(by=till.cast.clerk, job=printed(till, batch)).kind == paper_jobs.FILE


def test_in_full_only_for_the_cashier_of_an_approved_batch(till, batch):
    with pytest.raises(Refused):
        order(till, batch, by=till.cast.clerk, full=True)
    approved(till, batch)
    with pytest.raises(Refused):
        order(till, batch, by=till.cast.clerk, full=True)
    assert order(till, batch, by=till.cast.cashier, full=True).state == JobState.WAITING


def test_a_killed_job_is_seen_and_ordered_again(client, till, batch):
    job = order(till, batch)
    background.take(job)
    with later(HOUR):
        page = log_in(client, till.cast.clerk).get(reverse("batch_paper_job", args=[job.pk]))
        assert paper_jobs.KILLED in page.content.decode()
        assert order(till, batch) != job


def test_the_paper_vanishes_after_a_day(till, batch, django_capture_on_commit_callbacks):
    job = printed(till, batch)
    assert paper_jobs.purge() == 0
    with later(DAY + HOUR):
        with pytest.raises(Refused, match="已到期清除"):
            paper_jobs.give_out(by=till.cast.clerk, job=job)
        with django_capture_on_commit_callbacks(execute=True):
            assert paper_jobs.purge() == 1
    assert not attachments._path(Attachment.objects.get(kind=paper_jobs.FILE)).exists()


def test_a_paper_with_lines_that_are_not_seen_any_more_is_not_given_out(till, batch):
    cast = till.cast
    step(plan_batch, cast.clerk, batch, "plan")
    Payout.objects.filter(batch=batch).update(review_union=cast.county)
    job = order(till, batch, by=cast.county_reviewer)
    paper_jobs.run(job.pk)
    Payout.objects.filter(pk=batch.payouts.order_by("pk").first().pk).update(review_union=cast.mill)
    with pytest.raises(Refused, match="印好以后批次有了变化"):
        paper_jobs.give_out(by=cast.county_reviewer, job=Job.objects.get(pk=job.pk))
