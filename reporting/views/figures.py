"""What stands behind a figure, and the official papers of a form."""

from __future__ import annotations

from urllib.parse import quote

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from reporting import exports
from reporting.behind import listings
from reporting.enums import Part
from reporting.figures import children_of, frozen_values, sheet_of
from reporting.formstore import spec_of
from reporting.models import Round, Submission
from reporting.rounding import shown_texts
from reporting.values import Value
from reporting.views.loading import is_form, is_own, load
from unions.web import page, person_of, whole_number

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "json": "application/json",
}


@page("submission.read")
def figure_page(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The records behind one blank, and the children's figures where there are children."""
    submission, person = load(request, pk), person_of(request)
    if not is_form(submission) or (not is_own(person, submission) and not submission.round_number):
        raise Http404
    spec = spec_of(submission.deliverable.form_link.form_version)
    if code not in spec.by_code:
        raise Http404
    item = spec.item(code)
    own = is_own(person, submission)
    context = {
        "submission": submission,
        "item": item,
        "own": own,
        "listings": listings(item, submission, person),
        "parts": _formula_parts(submission, code) if own else [],
        "children": _children(submission, code),
        "shown": shown_texts(spec, _values(submission, own))[code],
    }
    return render(request, "reporting/figure_page.html", context)


def _values(submission: Submission, own: bool) -> dict[str, Value]:
    if own:
        return dict(sheet_of(submission).own.values)
    frozen = exports.latest_round(submission)
    spec = spec_of(submission.deliverable.form_link.form_version)
    values = frozen_values([frozen.pk], Part.OWN)[frozen.pk] if frozen else {}
    return {code: values.get(code, Value.empty()) for code in spec.codes}


def _formula_parts(submission: Submission, code: str) -> list[dict[str, str]]:
    sheet = sheet_of(submission)
    if not sheet.spec.item(code).is_formula:
        return []
    texts = shown_texts(sheet.spec, sheet.own.values)
    return [
        {"code": part, "label": sheet.spec.item(part).label, "text": texts[part], "unit": sheet.spec.item(part).unit}
        for part in sheet.spec.parts(code)
    ]


def _children(submission: Submission, code: str) -> list[dict[str, object]]:
    """The children's accepted figures of this blank; a missing child says so."""
    children = children_of(submission)
    values = frozen_values([c.round.pk for c in children if c.round], Part.CONSOLIDATED)
    rows = []
    for child in children:
        text = ""
        if child.round is not None:
            spec = spec_of(child.round.form_version)  # type: ignore[arg-type]
            full = {c: values[child.round.pk].get(c, Value.empty()) for c in spec.codes}
            text = shown_texts(spec, full).get(code, "")
        rows.append({"child": child, "text": text})
    return rows


@page("submission.read")
def form_export(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """The form as Excel or PDF: a named round, the latest one, or one's own live draft marked 草稿."""
    submission, person = load(request, pk), person_of(request)
    own = is_own(person, submission)
    if not is_form(submission) or fmt not in TYPES or (not own and not submission.round_number):
        raise Http404
    part = request.GET.get("part")
    frozen = _named_round(submission, request.GET.get("round"))
    live = own and request.GET.get("live") == "1"
    doc = exports.document(
        submission, part=part if part in Part.values else None, frozen=frozen, live=live, person=person
    )
    data = exports.rendered(doc, fmt)
    with transaction.atomic():
        exports.note_export(by=person, submission=submission, fmt=fmt)
    response = HttpResponse(data, content_type=TYPES[fmt])
    word = f"第{doc.frozen.number}轮" if doc.frozen else "草稿"
    name = f"{submission.union.called}-{submission.deliverable.title}-{word}.{fmt}"
    kind = "inline" if fmt == "pdf" and request.GET.get("view") else "attachment"
    response["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _named_round(submission: Submission, number: str | None) -> Round | None:
    if not number or not number.isdigit():
        return None
    return get_object_or_404(
        Round.objects.select_related("form_version"), submission=submission, number=whole_number(number)
    )
