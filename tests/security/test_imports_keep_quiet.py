"""What an import leaves behind names nobody, and its report is for who still holds the post (R-10, R-39)."""

from __future__ import annotations

import logging
from decimal import Decimal
from traceback import format_exception

import pytest
from django.db import IntegrityError
from django.urls import reverse

from beneficiaries.models import SubsistenceStandard
from relief.lib import clock
from relief.lib.tables import Field
from relief.lib.tables import readers as read
from tests.beneficiaries.households import HOLDER_ID
from tests.campaigns.importing.desk import FUNDS_HEAD, checked, file
from tests.cast import log_in
from unions.enums import JobState
from unions.imports import Plan, Resource, jobs, register_import, resource_of
from unions.imports.resources import _resources
from unions.models import Job, Post

QUOTED = "DETAIL: Failing row contains (1, 唐志远, 13900550826)."


def _write(person, union, plan):
    raise IntegrityError(QUOTED)


BROKEN = Resource(
    kind="broken",
    label="坏的",
    unit="行",
    act="dossier.import",
    back="dossier_list",
    fields=lambda person, union: [Field("name", "姓名", read.text(40), "text", (), True)],
    plan=lambda person, union, table: Plan(new=list(table.rows)),
    write=_write,
)


@pytest.fixture
def broken():
    """A kind of list that is known for one test."""
    register_import(BROKEN)
    yield
    _resources.pop(BROKEN.kind)


def test_what_the_database_quotes_reaches_neither_task_table_nor_job(broken, cast, caplog):
    job = jobs.confirm(by=cast.clerk, job=checked(cast.clerk, cast.mill, "broken", ["姓名"], ["何晓芸"]))
    with caplog.at_level(logging.ERROR, logger=jobs.__name__), pytest.raises(jobs.Stopped) as stopped:
        jobs.run(job.pk)
    assert str(stopped.value) == "django.db.utils.IntegrityError"
    assert "唐志远" not in "".join(format_exception(stopped.value))
    job.refresh_from_db()
    assert (job.state, job.outcome["message"]) == ("failed", jobs.UNEXPECTED)
    assert [record.getMessage() for record in caplog.records] == [f"import {job.pk} stopped"]


def test_a_report_about_persons_closes_with_the_post(client, cast):
    SubsistenceStandard.objects.create(union=cast.county, year=clock.today().year, monthly=Decimal("780"))
    job = checked(
        cast.clerk,
        cast.mill,
        "households",
        ["与户主关系", "姓名", "身份证号"],
        ["户主", "唐志远", f"{HOLDER_ID[:-1]}_"],
    )
    log_in(client, cast.clerk)
    pages = [reverse("import_job", args=[job.pk]), reverse("import_marked", args=[job.pk])]
    assert [client.get(page).status_code for page in pages] == [200, 200]
    Post.objects.filter(person=cast.clerk).update(union=cast.school)
    assert [client.get(page).status_code for page in pages] == [403, 403]


def test_one_person_does_not_fill_the_queue_of_everybody(client, cast):
    log_in(client, cast.clerk)
    resource = resource_of("funds")
    waiting = [jobs.start(by=cast.clerk, union=cast.mill, resource=resource, upload=file(FUNDS_HEAD)) for _ in range(5)]
    Job.objects.filter(pk__in=[job.pk for job in waiting]).update(state=JobState.WAITING)
    answer = client.post(reverse("import_new", args=["funds"]), {"file": file(FUNDS_HEAD)})
    assert (answer.status_code, Job.objects.count()) == (422, 5)
    assert "您已有 5 份文件在排队，没有收下这一份。" in answer.content.decode()
    assert jobs.start(by=cast.school_clerk, union=cast.school, resource=resource, upload=file(FUNDS_HEAD)).pk
