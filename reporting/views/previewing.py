"""Live previews of a form that is being built: entry page, Excel and PDF with sample values, all from its one layout."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import openpyxl
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from relief.lib.pdf import PdfFailed, render_pdf
from reporting.cells import Cell, value_look
from reporting.checks import Finding, run_checks
from reporting.designing import refuse_shape, sample_values
from reporting.designing.judging import drawable
from reporting.designing.shape import UnreadableForm
from reporting.enums import Origin
from reporting.layout import grid
from reporting.models import FormDraft
from reporting.outputs.excel import workbook
from reporting.outputs.sheet import SheetData, head_lines
from reporting.outputs.sheet_html import form_document_html
from reporting.rounding import shown_texts
from reporting.spec import FormSpec, SpecFault
from reporting.values import Value, entry_text
from reporting.views.answers import answers_json, body_of, said
from reporting.views.framing import framed
from unions.policy import Refused
from unions.web import page, person_of

HEAD = {"union": "示例工会委员会", "filer": "示例填报人", "phone": "0900-6611000", "date": ""}


@answers_json
@page("form.design", methods=("POST",))
def designer_preview(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    """One preview of what the browser holds, `page` or `excel`, as HTML; 422 with the faults."""
    get_object_or_404(FormDraft.objects.visible_to(person_of(request)), pk=pk)
    if fmt not in PREVIEWS:
        raise Http404
    raw: Any = body_of(request).get("spec")
    try:
        refuse_shape(raw)
        spec = drawable(raw)
    except UnreadableForm as fault:
        raise Refused(str(fault), "请改正后再看预览。", status=422, act="form.design") from None
    except SpecFault as fault:
        return said({"faults": [{"message": message} for message in fault.faults]}, 422)
    return PREVIEWS[fmt](spec)


def _page(spec: FormSpec) -> HttpResponse:
    values = sample_values(spec)
    context = {
        "title": spec.title,
        "grid": grid(spec, union=HEAD["union"]),
        "cells": _cells(spec, values),
        "cell_template": "reporting/_cell_preview.html",
        "margin_template": "reporting/_margin_preview.html",
        "head_lines": head_lines(SheetData(spec, values, HEAD)),
    }
    return HttpResponse(render_to_string("reporting/_sheet_paper.html", context))


def _cells(spec: FormSpec, values: dict[str, Value]) -> dict[str, Cell]:
    """The blanks as the entry page shows them, each with what the checks say about the sample values."""
    texts = shown_texts(spec, values)
    told: dict[str, list[Finding]] = {}
    for finding in run_checks(spec, values):
        told.setdefault(finding.codes[0], []).append(finding)
    cells = {}
    for item in spec.items:
        origin = Origin.FORMULA if item.is_formula else Origin.RECORDS if item.source else Origin.TYPED
        cells[item.code] = Cell(
            item=item,
            text=texts[item.code],
            look=value_look(values[item.code], origin, False, ""),
            entry=entry_text(item, values[item.code]),
            editable=not item.is_formula,
            findings=told.get(item.code, []),
        )
    return cells


def _excel(spec: FormSpec) -> HttpResponse:
    """The workbook as it would be downloaded, read back and laid out with its column letters and row numbers."""
    content = workbook([SheetData(spec, sample_values(spec), HEAD, mark="示例")])
    written, shown = (openpyxl.load_workbook(io.BytesIO(content), data_only=only) for only in (False, True))
    grid_of_cells = workbook_grid(written.worksheets[0], shown.worksheets[0])
    return said({"html": render_to_string("reporting/_preview_excel.html", grid_of_cells)})


def workbook_grid(written: Worksheet, shown: Worksheet) -> dict[str, Any]:
    """{"letters", "rows": [{"number", "cells": [{"address", "text", "formula", "colspan", "rowspan", "align"}]}]}.

    `written` holds the formulas of the sheet, `shown` their stored results.
    """
    spans, hidden = {}, set()
    for merged in written.merged_cells.ranges:
        first = (merged.min_row, merged.min_col)
        spans[first] = (merged.max_col - merged.min_col + 1, merged.max_row - merged.min_row + 1)
        hidden |= set(merged.cells) - {first}
    width, height = _printed_size(written)
    rows = []
    for number in range(1, height + 1):
        places = [(number, col) for col in range(1, width + 1) if (number, col) not in hidden]
        rows.append({"number": number, "cells": [_shown(written, shown, place, spans) for place in places]})
    return {"letters": [get_column_letter(col) for col in range(1, width + 1)], "rows": rows}


def _printed_size(sheet: Worksheet) -> tuple[int, int]:
    """Columns and rows of the print area: what lies outside is for the workbook's own reckoning."""
    area = str(sheet.print_area or "").rpartition("!")[2].replace("$", "")
    _, _, columns, rows = range_boundaries(area or sheet.dimensions)
    return columns or 1, rows or 1


def _shown(
    written: Worksheet, shown: Worksheet, place: tuple[int, int], spans: dict[tuple[int, int], tuple[int, int]]
) -> dict[str, Any]:
    cell, value = written.cell(*place), shown.cell(*place).value
    colspan, rowspan = spans.get(place, (1, 1))
    return {
        "address": cell.coordinate,
        "text": "" if value is None else str(value),
        "formula": str(cell.value) if cell.data_type == "f" else "",
        "colspan": colspan,
        "rowspan": rowspan,
        "align": cell.alignment.horizontal or "left",
    }


PREVIEWS = {"page": _page, "excel": _excel}


@page("form.design")
@framed
def designer_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The saved draft as PDF, the one answer that a page of ours may show in a frame; 422 with words when there is none."""
    draft = get_object_or_404(FormDraft.objects.visible_to(person_of(request)), pk=pk)
    try:
        spec = drawable(draft.spec)
        data = SheetData(spec, sample_values(spec), HEAD, mark="示例数据")
        content = render_pdf(form_document_html(data))
    except SpecFault as fault:
        return _no_pdf(request, fault.faults)
    except PdfFailed as failed:
        return _no_pdf(request, [str(failed)])
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, f"{draft.form_id}.pdf") or "inline"
    return answer


def _no_pdf(request: HttpRequest, reasons: Iterable[Any]) -> HttpResponse:
    return render(
        request, "reporting/designer_no_pdf.html", {"reasons": [str(reason) for reason in reasons]}, status=422
    )
