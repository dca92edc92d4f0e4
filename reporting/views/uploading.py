"""Filling in offline: the template, the file that comes back from wherever it is sent, what would change, the yes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from campaigns.enums import DeliverableKind
from relief.lib import clock, xlsx
from reporting import actions, exports
from reporting.actions.filling import Typed
from reporting.enums import SubmissionState
from reporting.figures import Sheet, sheet_of
from reporting.formstore import spec_of
from reporting.models import FormVersion, Submission
from reporting.outputs.excel import offline_workbook
from reporting.outputs.sheet import SheetData
from reporting.rounds import head_of
from reporting.spec import FormSpec
from reporting.uploading import (
    Choice,
    Expired,
    Guess,
    Identity,
    NotGenuine,
    Uploaded,
    guess,
    identity_rows,
    mapped,
    read_identity,
    read_official,
    read_template,
    seal_guess,
    seal_upload,
    unseal_guess,
    unseal_upload,
)
from reporting.values import MONEY_UNITS
from reporting.views.loading import is_form, is_own, load, submissions
from unions.models import Person
from unions.policy import Stale, require
from unions.web import page, person_of, whole_number

MOST_BYTES = 10 * 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_FILE = "没有选文件，或文件超过 10 MB。请选择填好的 Excel（.xlsx）。"
NO_TABLE = "文件里认不出这张表：既不是本系统下载的 Excel，也没有和表里项目同名的表头或代码。请在填报页下载 Excel 填写，或把表头改成项目名称或代码。"
EXPIRED = "上传后过了太久，或页面被改动。请重新上传文件。"


class FileFault(ValueError):
    """The file belongs to no filing of the person's unions; the text says why and what to do."""


@page("figures.save")
def form_template(request: HttpRequest, pk: int) -> HttpResponse:
    """The form to be filled in offline, prefilled with what stands now."""
    submission, person = _fillable(request, pk), person_of(request)
    sheet, at = sheet_of(submission), clock.db_now()
    head = head_of(submission, None, person)
    data = SheetData(
        sheet.spec, sheet.own.values, {name: head[name] or "" for name in ("union", "filer", "phone")} | {"date": ""}
    )
    content = offline_workbook(data, identity_rows(submission, sheet.spec, at))
    with transaction.atomic():
        exports.note_export(by=person, submission=submission, fmt="template")
    response = HttpResponse(content, content_type=XLSX)
    name = f"{submission.union.called}-{submission.deliverable.title}-填报.xlsx"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@page("figures.save", methods=("GET", "POST"))
def form_upload(request: HttpRequest) -> HttpResponse:
    """上传填好的表: one place for every filing of one's unions; the file says which one it is."""
    person = person_of(request)
    if request.method == "GET":
        return _ask(request, person)
    chosen = whole_number(request.POST.get("submission"))
    submission = next((s for s in _open_forms(person) if s.pk == chosen), None)
    return _receive(request, person, submission)


@page("figures.save", methods=("POST",))
def figures_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a filled workbook and show what it would change; nothing is written yet."""
    return _receive(request, person_of(request), _fillable(request, pk))


@page("figures.save", methods=("POST",))
def figures_map(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the person's word on which head is which blank, and show what would change."""
    submission, person = _fillable(request, pk), person_of(request)
    try:
        found = unseal_guess(request.POST.get("sealed", ""), person=person, submission=submission)
    except Expired:
        return _ask(request, person, submission=submission, faults=[EXPIRED], status=422)
    sheet = sheet_of(submission)
    choice = Choice(
        whole_number(request.POST.get("record")),
        tuple(request.POST.get(f"code-{n}", "") for n in range(len(found.fields))),
        tuple(request.POST.get(f"unit-{n}", "") for n in range(len(found.fields))),
    )
    upload = _from_mapping(sheet, found, choice)
    if upload.faults:
        return _mapping(request, person, sheet, found, choice=choice, faults=upload.faults, status=422)
    return _preview(request, person, sheet, upload)


@page("figures.save", methods=("POST",))
def figures_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what was shown and confirmed: all of it or nothing."""
    submission, person = _fillable(request, pk), person_of(request)
    try:
        version, typed = unseal_upload(request.POST.get("sealed", ""), person=person, submission=submission)
        actions.save_figures(by=person, submission=submission, version=version, typed=typed)
    except Expired:
        return _ask(request, person, submission=submission, faults=[EXPIRED], status=422)
    except Stale as stale:
        now = sheet_of(load(request, pk)).own.values
        if all(now[code] == entry.value for code, entry in typed.items()):
            return redirect("submission_page", pk=pk)
        told = [f"{stale.reason}{stale.next_step}", "文件没有写入。请重新上传，系统会按现在的数再列一遍改动。"]
        return _ask(request, person, submission=submission, faults=told, status=409)
    messages.success(request, f"已从 Excel 填入 {len(typed)} 格，其余没有变；合计已重新计算。")
    return redirect("submission_page", pk=pk)


def _fillable(request: HttpRequest, pk: int) -> Submission:
    """A form filing that the person may fill in now; refused with words when it may not be."""
    submission = load(request, pk)
    if not is_form(submission):
        raise Http404
    require(person_of(request), "figures.save", submission)
    return submission


def _open_forms(person: Person) -> list[Submission]:
    """The form filings of the person's unions that may still be filled in."""
    return list(
        submissions(person)
        .filter(
            union__in=[post.union_id for post in person.posts_now()],
            deliverable__kind=DeliverableKind.FORM,
            state__in=[SubmissionState.DRAFT, SubmissionState.RETURNED],
        )
        .order_by("-deliverable__campaign__year", "deliverable__order", "union__code")
    )


def _receive(request: HttpRequest, person: Person, submission: Submission | None) -> HttpResponse:
    """What every upload place does with a file: find its filing, read it, show what would change."""
    upload = request.FILES.get("file")
    if upload is None or (upload.size or 0) > MOST_BYTES:
        return _ask(request, person, submission=submission, faults=[NO_FILE], status=422)
    try:
        book = xlsx.read_workbook(upload.read(), xlsx.FORM)
        identity = read_identity(book)
        target = submission if identity is None else _target(person, identity)
    except (xlsx.BadWorkbook, NotGenuine, FileFault) as fault:
        return _ask(request, person, submission=submission, faults=[str(fault)], status=422)
    if target is None:
        told = "文件里没有本系统的标识，认不出是哪一张表。请在下面选要填的表，再上传一次。"
        return _ask(request, person, faults=[told], status=422)
    require(person, "figures.save", target)
    sheet = sheet_of(target)
    if identity is not None:
        found = _from_template(sheet, book, identity)
        if submission is not None and target.pk != submission.pk:
            found.notes.insert(0, f"这份文件是“{target.deliverable.title}”的，已按它处理。")
    else:
        official = read_official(sheet, book)
        if official is None:
            return _self_made(request, person, sheet, book)
        found = official
    if found.faults:
        return _ask(request, person, submission=target, faults=found.faults, status=422)
    return _preview(request, person, sheet, found)


def _target(person: Person, identity: Identity) -> Submission:
    """The filing a template was made for; FileFault when it is none of the person's."""
    target = submissions(person).filter(pk=identity.submission).first()
    if target is None or not is_own(person, target) or not is_form(target):
        raise FileFault(
            f"这份文件是工会 {identity.union} 在活动 {identity.campaign} 里的填报表，不是您单位的。"
            "请使用在本单位填报页下载的 Excel。"
        )
    if (target.union.code, target.deliverable.campaign.code) != (identity.union, identity.campaign):
        raise FileFault(
            "文件里的工会或活动与系统里的不一致（可能已改名或合并）。请重新下载 Excel，把数字填进去再上传。"
        )
    return target


def _from_template(sheet: Sheet, book: xlsx.Workbook, identity: Identity) -> Uploaded:
    spec = sheet.spec
    if identity.form != spec.id:
        return Uploaded(
            faults=[f"这份文件是表样“{identity.form}”的，这里要填“{spec.title}”。请在填报页重新下载 Excel。"]
        )
    if (identity.version, identity.digest) == (spec.version, spec.digest()):
        return read_template(sheet, book)
    older = _older(identity)
    codes = code_map(older, spec) if older is not None else None
    if older is None or codes is None:
        return Uploaded(
            faults=[
                f"这份文件是第 {identity.version} 版的表样，现在用的是第 {spec.version} 版。请重新下载 Excel，把数字填进去再上传。"
            ]
        )
    return read_template(sheet, book, spec=older, codes=codes)


def _older(identity: Identity) -> FormSpec | None:
    row = FormVersion.objects.filter(form_id=identity.form, version=identity.version).first()
    spec = spec_of(row) if row is not None else None
    return spec if spec is not None and spec.digest() == identity.digest else None


def code_map(older: FormSpec, newer: FormSpec) -> dict[str, str] | None:
    """{old code: new code} where the newer version says which blank was which; nothing when it says nothing."""
    if older.version >= newer.version or not any(item.last_year for item in newer.items):
        return None
    found = {}
    for item in newer.items:
        old = (item.last_year or item.code).removeprefix(f"{newer.id}:")
        if old in older.by_code:
            found[old] = item.code
    return found


def _self_made(request: HttpRequest, person: Person, sheet: Sheet, book: xlsx.Workbook) -> HttpResponse:
    addressee, union = sheet.submission.addressee, sheet.submission.union
    found = guess(sheet.spec, book, [addressee.union_name, union.name, union.called])
    if found is None or not found.records:
        return _ask(request, person, submission=sheet.submission, faults=[NO_TABLE], status=422)
    return _mapping(request, person, sheet, found)


def _from_mapping(sheet: Sheet, found: Guess, choice: Choice) -> Uploaded:
    result = mapped(sheet.spec, found, choice)
    upload = Uploaded(faults=result.faults, where=result.where, notes=list(found.notes))
    for code, value in result.values.items():
        if value != sheet.own.values[code]:
            upload.typed[code] = Typed(value, sheet.own.note(code), sheet.own.values[code])
    if not any(choice.codes):
        upload.faults.append("还没有选任何一格。请在“填到”一栏选好项目。")
    return upload


# Pages


def _ask(
    request: HttpRequest,
    person: Person,
    *,
    submission: Submission | None = None,
    faults: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """The page that takes a file, with what was wrong with the last one."""
    context: dict[str, Any] = {
        "submission": submission,
        "forms": _open_forms(person) if submission is None else [],
        "upload_faults": faults,
    }
    return render(request, "reporting/upload_page.html", context, status=status)


def _preview(request: HttpRequest, person: Person, sheet: Sheet, upload: Uploaded) -> HttpResponse:
    submission = sheet.submission
    changes = upload.changes(sheet)
    if not changes:
        for note in upload.notes:
            messages.info(request, note)
        messages.info(request, "文件里的数和页面上的一样，没有要改的。")
        return redirect("submission_page", pk=submission.pk)
    context = {
        "submission": submission,
        "changes": changes,
        "notes": upload.notes,
        "same": len(sheet.spec.leaves) - len(changes),
        "sealed": seal_upload(upload, person=person, submission=submission),
    }
    return render(request, "reporting/upload_preview.html", context)


def _mapping(
    request: HttpRequest,
    person: Person,
    sheet: Sheet,
    found: Guess,
    *,
    choice: Choice | None = None,
    faults: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """The screen on which each head of a self-made sheet gets its blank."""
    record = choice.record if choice is not None else found.record
    sample = found.records[record] if 0 <= record < len(found.records) else found.records[0]
    lines = [
        {
            "number": n,
            "head": head,
            "sample": sample.cells[n],
            "code": choice.codes[n] if choice is not None else head.code,
            "unit": choice.units[n] if choice is not None else head.unit,
        }
        for n, head in enumerate(found.fields)
    ]
    context = {
        "submission": sheet.submission,
        "found": found,
        "lines": lines,
        "record": record,
        "leaves": [sheet.spec.item(code) for code in sheet.spec.leaves],
        "units": list(MONEY_UNITS),
        "recognised": sum(1 for line in lines if line["code"]),
        "upload_faults": faults,
        "sealed": seal_guess(found, person=person, submission=sheet.submission),
    }
    return render(request, "reporting/upload_mapping.html", context, status=status)
