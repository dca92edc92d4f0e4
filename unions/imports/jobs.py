"""An import as a job: upload, check, look, confirm, write all or nothing (D22, NL2).

The check writes nothing but its report. The write parses and checks the file again outside the transaction; then one
transaction turns the job to done, writes the rows and one audit event. A worker killed at any moment leaves 0 rows or N.
"""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django_tasks import task

from relief.lib import clock, crypto
from relief.lib.tables import DEEPEST, Table, marked_copy, read_table, told_once
from relief.lib.xlsx import LIST, BadWorkbook, Profile, read_workbook
from unions import attachments, audit, background
from unions.enums import JobState
from unions.imports.resources import Plan, Resource, resource_of
from unions.models import Attachment, Job, Person, Union
from unions.policy import Refused, require

log = logging.getLogger(__name__)
CHECK, WRITE = "import.check.", "import.write."
PREFIX = "import."
UPLOADED, MARKED = "导入", "导入标注"
MOST_ROWS = 50_000
MOST_WAITING = 5
"""Files of one person that wait at the same time: the queue is there for everybody (R-40)."""
MOST_TOLD = 200
MOST_CHANGES = 50
TOLD = ("told", "hints", "notes", "mapping", "totals", "changes")
"""What a report says of cells: sealed where the list is about persons."""
KILLED = "后台任务中断了，没有写入任何数据。请重新检查。"
UNEXPECTED = "没有完成，没有写入任何数据。请重新检查；仍不成功时请联系系统管理员。"
MOVED = "检查之后台账有了变化，没有写入任何数据。请重新检查，看过结果再确认。"


class Stopped(Exception):
    """The import met something unforeseen; says its type, not its text."""


def kind_of(job: Job) -> str:
    """The kind of list: funds, activities …"""
    return job.kind.rpartition(".")[2]


def is_write(job: Job) -> bool:
    """Whether the import was confirmed."""
    return job.kind.startswith(WRITE)


@transaction.atomic
def start(*, by: Person, union: Union, resource: Resource, upload: UploadedFile) -> Job:
    """Keep the file, sealed, and put its check into the queue."""
    require(by, resource.act, union)
    if not (upload.name or "").lower().endswith(".xlsx"):
        raise Refused(
            "只能导入 .xlsx 文件。", "请在 Excel 或 WPS 里另存为 .xlsx 再上传。", status=422, act=resource.act
        )
    mine = Job.objects.filter(started_by=by, kind__startswith=PREFIX, state=JobState.WAITING)
    if mine.count() >= MOST_WAITING:
        raise Refused(
            f"您已有 {MOST_WAITING} 份文件在排队，没有收下这一份。",
            "请等前面的检查或写入完成以后再上传。",
            status=429,
            act=resource.act,
        )
    job = Job.objects.create(
        kind=f"{CHECK}{resource.kind}", started_by=by, union=union, created_at=clock.db_now(), outcome={}
    )
    row = attachments.attach(by=by, union=union, owner=job, upload=upload, kind=UPLOADED)
    outcome = {"name": row.filename, "size": row.size, "before": _before(union, resource, row.sha256)}
    Job.objects.filter(pk=job.pk).update(outcome=outcome)
    audit.record(act="import.check", by=by, union=union, obj=job, detail={"kind": resource.kind, "size": row.size})
    transaction.on_commit(lambda: import_job.enqueue(job.pk))
    job.outcome = outcome
    return job


def _before(union: Union, resource: Resource, sha256: str) -> str:
    """When this very file was written at the union before; empty when it was not."""
    same = Attachment.objects.filter(union=union, owner_type=Job._meta.label, kind=UPLOADED, sha256=sha256)
    done = Job.objects.filter(
        pk__in=same.values("owner_id"), kind=f"{WRITE}{resource.kind}", state=JobState.DONE, union=union
    ).first()
    return done.finished_at.isoformat() if done and done.finished_at else ""


@transaction.atomic
def confirm(*, by: Person, job: Job) -> Job:
    """Put the write into the queue; pressed twice it is one write."""
    resource = _resource(job)
    require(by, resource.act, job.union)
    if is_write(job):
        return job
    report = job.outcome.get("report", {})
    if report.get("faults"):
        raise Refused(
            "文件里还有错误，不能导入。", "请改正后重新上传；有一行错，一行也不写。", act=resource.act, obj=job
        )
    if job.state == JobState.DONE and not report.get("new") and not report.get("changed"):
        raise Refused("文件里没有要写入的行。", "与台账完全一致的行不再写。", act=resource.act, obj=job)
    ready = Job.objects.filter(pk=job.pk, kind=f"{CHECK}{resource.kind}", state=JobState.DONE)
    if not ready.update(kind=f"{WRITE}{resource.kind}", state=JobState.WAITING, done=0, finished_at=None):
        raise Refused("检查还没有完成，或已经确认过。", "请刷新页面查看。", act=resource.act, obj=job)
    audit.record(act="import.confirm", by=by, union=job.union, obj=job, detail={"kind": resource.kind})
    transaction.on_commit(lambda: import_job.enqueue(job.pk))
    return Job.objects.get(pk=job.pk)


@transaction.atomic
def again(*, by: Person, job: Job) -> Job:
    """Check once more what failed or was killed, from the file that was uploaded; the yes has to be given anew."""
    resource = _resource(job)
    require(by, resource.act, job.union)
    if job.state != JobState.FAILED and not background.is_silent(job, clock.db_now()):
        raise Refused("这次导入没有中断，不用重新检查。", "请刷新页面查看。", act=resource.act, obj=job)
    stopped = Job.objects.filter(pk=job.pk, kind=job.kind, state=job.state)
    outcome = {name: job.outcome[name] for name in ("name", "size", "before")}
    new = {"kind": f"{CHECK}{resource.kind}", "state": JobState.WAITING, "done": 0, "total": 0, "outcome": outcome}
    if not stopped.update(finished_at=None, **new):
        raise Refused("这次导入已经在重新检查。", "请刷新页面查看。", act=resource.act, obj=job)
    audit.record(act="import.check", by=by, union=job.union, obj=job, detail={"kind": resource.kind, "again": True})
    transaction.on_commit(lambda: import_job.enqueue(job.pk))
    return Job.objects.get(pk=job.pk)


@task()
def import_job(job_id: int) -> None:
    """The background task."""
    run(job_id)


def run(job_id: int) -> None:
    """Check or write a waiting job; a job that somebody else took is left alone."""
    purge()
    job = Job.objects.select_related("started_by", "union").filter(pk=job_id, state=JobState.WAITING).first()
    if job is None or not background.take(job):
        return
    try:
        _write(job) if is_write(job) else _check(job)
    except background.Superseded:
        return
    except (BadWorkbook, Refused) as fault:
        _fail(job, fault.reason + fault.next_step if isinstance(fault, Refused) else str(fault))
    except Exception as fault:
        log.exception("import %s stopped", job.pk)
        _fail(job, UNEXPECTED)
        # The task table keeps what is raised; a database error would quote the row, with names in it.
        raise Stopped(f"{type(fault).__module__}.{type(fault).__qualname__}") from None


def most_rows() -> int:
    """How many rows a list may have here."""
    return min(settings.RELIEF_IMPORT_ROWS, MOST_ROWS)


def list_profile() -> Profile:
    """How large a workbook is read for it: titles and totals come on top (D26)."""
    return replace(LIST, rows=most_rows() + DEEPEST)


def _resource(job: Job) -> Resource:
    found = resource_of(kind_of(job))
    if found is None:
        raise Refused("这种导入已经停用。", "请在台账页面上逐条登记。", status=409)
    return found


def _read(job: Job, resource: Resource) -> tuple[bytes, Table, Plan]:
    """The file, its rows, and what they would do now; nothing is written."""
    if not job.started_by.may_log_in():
        raise Refused("下单的账号已停用，没有写入任何数据。", "请由在用的账号重新上传。", act=resource.act, obj=job)
    require(job.started_by, resource.act, job.union)
    source = attachments.of(job).filter(kind=UPLOADED).first()
    if source is None or not attachments.is_there(source):
        raise Refused("上传的文件已过保存期，没有写入任何数据。", "请重新上传。", act=resource.act, obj=job)
    data = attachments.read(source)
    book = read_workbook(data, list_profile())
    _say(job, 0, sum(len(sheet.rows) for sheet in book.sheets))

    def progress(done: int) -> None:
        _say(job, done, job.total)

    fields = resource.fields(job.started_by, job.union)
    table = read_table(book, fields, progress)
    del book
    plan = resource.plan(job.started_by, job.union, table)
    return data, table, plan


def _check(job: Job) -> None:
    """The dry run: the report on the job row and, when something is wrong, the coloured copy."""
    resource = _resource(job)
    data, table, plan = _read(job, resource)
    faults = sorted([*table.faults, *plan.faults], key=lambda fault: (fault.sheet, fault.row, fault.column))
    report = _report(table, plan, faults)
    copy, coloured = marked_copy(data, faults) if faults else (b"", False)
    report["coloured"] = coloured
    if resource.personal:
        report |= {"sealed": crypto.seal_text(json.dumps({name: report.pop(name) for name in TOLD}), _place(job))}
    with transaction.atomic():
        job.total = table.seen
        background.finish(job, clock.db_now(), {"report": report, "digest": _digest(plan)})
        if faults:
            name = f"检查结果-{job.outcome['name']}"
            upload: Any = ContentFile(copy, name=name)
            attachments.attach(by=job.started_by, union=job.union, owner=job, upload=upload, kind=MARKED)


def _report(table: Table, plan: Plan, faults: list) -> dict[str, Any]:
    """What the page shows; every row read is counted once: new, changed, the same, or wrong."""
    told, hints = told_once(faults), told_once(plan.hints)
    return {
        "seen": table.seen,
        "new": len(plan.new),
        "changed": len(plan.changed),
        "same": plan.same,
        "amount": None if plan.amount is None else str(plan.amount),
        "wrong": table.seen - len(plan.new) - len(plan.changed) - plan.same,
        "faults": len(told),
        "told": [asdict(each) for each in told[:MOST_TOLD]],
        "hints": [asdict(each) for each in hints[:MOST_TOLD]],
        "notes": table.notes,
        "mapping": table.mapping,
        "totals": [[sheet, row, title, str(said), str(added)] for sheet, row, title, said, added in table.totals],
        "changes": [[c.row.sheet, c.row.row, list(c.said)] for c in plan.changed[:MOST_CHANGES]],
    }


def _digest(plan: Plan) -> str:
    """What a confirmation stands for, digested piece by piece: a large file is never spelled out as a whole."""
    return crypto.keyed_digest([crypto.keyed_digest(piece) for piece in plan.facts()])


def report_of(job: Job) -> dict[str, Any]:
    """The report of the check, opened; empty while there is none."""
    report = dict(job.outcome.get("report", {}))
    if "sealed" in report:
        report |= json.loads(crypto.open_text(report.pop("sealed"), _place(job)))
    return report


def _place(job: Job) -> str:
    return f"import report|{job.pk}"


def _write(job: Job) -> None:
    """All rows and one audit event in one transaction, if the file still means what was confirmed."""
    resource = _resource(job)
    _, table, plan = _read(job, resource)
    digest = _digest(plan)
    if table.faults or plan.faults or digest != job.outcome["digest"]:
        raise Refused(MOVED, "", act=resource.act, obj=job)
    counts = {"new": len(plan.new), "changed": len(plan.changed), "same": plan.same}
    with transaction.atomic():
        background.finish(job, clock.db_now(), {})
        resource.write(job.started_by, job.union, plan)
        audit.record(
            act=resource.act,
            by=job.started_by,
            union=job.union,
            obj=job,
            after=digest,
            detail={**counts, "digest": digest},
            money=resource.money,
        )


def _say(job: Job, done: int, total: int) -> None:
    job.done, job.total = done, total
    background.say(job)


def _fail(job: Job, words: str) -> None:
    background.fail(job, words, act="import.fail", detail={"kind": kind_of(job)})


def marked_file(job: Job) -> Attachment | None:
    """The coloured copy of the last check, as long as it is there."""
    row = attachments.of(job).filter(kind=MARKED).order_by("-pk").first()
    return row if row is not None and attachments.is_there(row) else None


def purge() -> int:
    """Let uploaded files vanish that are past their day; how many they were."""
    before = clock.db_now() - timedelta(days=settings.RELIEF_EXPORT_DAYS)
    past = Attachment.objects.filter(kind__in=(UPLOADED, MARKED), uploaded_at__lt=before)
    return background.let_vanish(past, act="import.purge")
