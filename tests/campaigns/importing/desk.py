"""A clerk at the import desk: uploads a workbook, lets the job run, says yes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.lib.tables.sheets import workbook
from unions.imports import jobs, resource_of
from unions.models import Job, Person, Union

FUNDS_HEAD = ["到账日期", "资金来源", "金额（元）", "形式", "凭证号", "活动", "备注"]
FUNDS = ["2024-01-05", "本级工会经费", 16000, "资金", "记-012", "常态化", ""]
GOODS = ["2024年1月8日", "社会捐助", "１，２００.５０元", "实物", "记-013", None, "棉被 12 床"]
DAYS_HEAD = ["日期", "类别", "人次", "其中新生代农民工人次", "说明"]
DAYS = ["2024.1.20", "心理健康服务", 30, 12, "讲座"]


def file(*rows: Sequence[Any], name: str = "筹集.xlsx", **more: Any) -> SimpleUploadedFile:
    """An upload with these rows."""
    return SimpleUploadedFile(name, workbook(*rows, **more))


def checked(person: Person, union: Union, kind: str, *rows: Sequence[Any], **more: Any) -> Job:
    """The job after its check."""
    resource = resource_of(kind)
    assert resource is not None
    job = jobs.start(by=person, union=union, resource=resource, upload=file(*rows, **more))
    return ran(job)


def confirmed(person: Person, job: Job) -> Job:
    """The job after the yes and the write."""
    return ran(jobs.confirm(by=person, job=job))


def ran(job: Job) -> Job:
    jobs.run(job.pk)
    return Job.objects.select_related("union").get(pk=job.pk)


def counts(job: Job) -> dict[str, int]:
    return {name: job.outcome["report"][name] for name in ("seen", "new", "changed", "same", "wrong", "faults")}
