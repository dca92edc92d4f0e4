"""Excel in: choose the file, watch the check, read the report, say yes; and the list of one's own imports."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from relief.lib import clock
from relief.lib.tables import blank_workbook
from unions import attachments, background
from unions.enums import JobState
from unions.imports import jobs
from unions.imports.resources import Resource, resource_of
from unions.models import Job
from unions.policy import ACTS, Refused, can, require
from unions.web import current_union, page, person_of

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_FILE = "没有选文件。请选择填好的 Excel（.xlsx）。"


def _known(kind: str) -> Resource:
    found = resource_of(kind)
    if found is None:
        raise Http404
    return found


def _roles(resource: Resource) -> frozenset[str]:
    """The roles that bring this list in: the import is one of the union where the person holds one of them."""
    act = ACTS.get(resource.act)
    return act.roles if act is not None else frozenset()


@page("import.read", methods=("GET", "POST"))
def import_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Choose the file of one kind of list; its check starts at once."""
    resource, person = _known(kind), person_of(request)
    union = current_union(request, _roles(resource))
    require(person, resource.act, union)
    fault = ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is not None:
                return redirect(
                    "import_job", pk=jobs.start(by=person, union=union, resource=resource, upload=upload).pk
                )
            fault = NO_FILE
        except Refused as refusal:
            if refusal.status == 403:
                raise
            fault = f"{refusal.reason}{refusal.next_step}"
    context = {
        "resource": resource,
        "union": union,
        "fields": resource.fields(person, union),
        "fault": fault,
        "days": settings.RELIEF_EXPORT_DAYS,
        "rows": jobs.most_rows(),
    }
    return render(request, "unions/import_new.html", context, status=422 if fault else 200)


@page("import.read")
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """The empty list with its drop-downs."""
    resource, person = _known(kind), person_of(request)
    union = current_union(request, _roles(resource))
    require(person, resource.act, union)
    answer = HttpResponse(blank_workbook(resource.label, resource.fields(person, union)), content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{resource.label}导入模板.xlsx')}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _mine(request: HttpRequest) -> Any:
    """The person's own imports, newest first."""
    return Job.objects.visible_to(person_of(request)).filter(kind__startswith=jobs.PREFIX).select_related("union")


def _open(request: HttpRequest, pk: int) -> Job:
    """One of the person's imports; what it says of persons only while the post is held that brought it in (R-10)."""
    job = get_object_or_404(_mine(request), pk=pk)
    resource = resource_of(jobs.kind_of(job))
    if resource is not None and resource.personal:
        require(person_of(request), resource.act, job.union)
    return job


def _row(job: Job, now: datetime) -> dict[str, Any]:
    """What a line says of an import: which list, how far, what came of it."""
    resource = resource_of(jobs.kind_of(job))
    standing, report = background.standing(job, now), job.outcome.get("report", {})
    written = jobs.is_write(job)
    state = standing["state"]
    if state == JobState.DONE:
        state = "written" if written else "faulty" if report.get("faults") else "checked"
    return {
        **standing,
        "job": job,
        "resource": resource,
        "label": resource.label if resource else "",
        "empty": resource.empty if resource else "",
        "name": job.outcome.get("name", ""),
        "size": job.outcome.get("size", 0),
        "before": _instant(job.outcome.get("before", "")),
        "written": written,
        "state": state,
        "report": report,
        "message": jobs.KILLED if state == "killed" else job.outcome.get("message", ""),
    }


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@page("import.read")
def import_list(request: HttpRequest) -> HttpResponse:
    """All own imports."""
    shown = Paginator(_mine(request), PER_PAGE).get_page(request.GET.get("page"))
    now = clock.db_now()
    context = {"page": shown, "rows": [_row(job, now) for job in shown], "now": now}
    return render(request, "unions/import_list.html", context)


@page("import.read")
def import_job(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: its progress, then the report with every fault, then what was written."""
    job = _open(request, pk)
    now = clock.db_now()
    row = _row(job, now)
    report = jobs.report_of(job)
    context = {
        "row": row,
        "job": job,
        "report": report,
        "told": [{**told, "more": told["count"] > len(told["rows"])} for told in report.get("told", [])],
        "hints": [{**told, "more": told["count"] > len(told["rows"])} for told in report.get("hints", [])],
        "totals": [_compared(line) for line in report.get("totals", [])],
        "same_names": [field for _, title, field in report.get("mapping", []) if _is_same(title, field)],
        "other_names": [(title, field) for _, title, field in report.get("mapping", []) if not _is_same(title, field)],
        "amount": Decimal(report["amount"]) if report.get("amount") else None,
        "marked": jobs.marked_file(job) if row["state"] == "faulty" else None,
        "may_confirm": row["state"] == "checked" and (report["new"] or report["changed"]) and _may_write(request, row),
        "days": settings.RELIEF_EXPORT_DAYS,
        "now": now,
    }
    return render(request, "unions/import_job.html", context)


def _may_write(request: HttpRequest, row: dict[str, Any]) -> bool:
    return bool(row["resource"] and can(person_of(request), row["resource"].act, row["job"].union))


def _is_same(title: str, field: str) -> bool:
    """Whether a column is called as in the template, whose required ones carry a star."""
    return bool(field) and title.rstrip("*＊ ") == field


def _compared(line: list[Any]) -> dict[str, Any]:
    sheet, number, title, said, added = line
    said, added = Decimal(said), Decimal(added)
    return {"sheet": sheet, "row": number, "title": title, "said": said, "added": added, "gap": said - added}


@page("import.read", methods=("POST",))
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say yes: all rows are written, or none."""
    job = get_object_or_404(_mine(request), pk=pk)
    jobs.confirm(by=person_of(request), job=job)
    messages.success(request, "已确认，正在写入。")
    return redirect("import_job", pk=pk)


@page("import.read", methods=("POST",))
def import_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Check once more what failed or was killed."""
    jobs.again(by=person_of(request), job=get_object_or_404(_mine(request), pk=pk))
    messages.success(request, "已重新开始检查。")
    return redirect("import_job", pk=pk)


@page("import.read")
def import_marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The person's own file with its bad cells coloured."""
    row = jobs.marked_file(_open(request, pk))
    if row is None:
        raise Http404
    return attachments.download_response(row)
