"""The sheet of a file to take away."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse

from beneficiaries import actions
from beneficiaries.sheets import KINDS, dossier_sheet, sheet_file
from beneficiaries.views.dossiers import load
from relief.lib.pdf import PdfFailed
from unions.policy import Refused
from unions.web import page, person_of


@page("dossier.sheet", methods=("POST",))
def dossier_sheet_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """困难职工档案表 as PDF or Excel; masked unless asked for in full by somebody who opened the household."""
    person = person_of(request)
    dossier = load(person, pk)
    if kind not in KINDS:
        raise Http404
    full = request.POST.get("full") == "1"
    actions.take_sheet(by=person, dossier=dossier, kind=kind, full=full)
    try:
        data = sheet_file(dossier_sheet(dossier, by=person, full=full), kind)
    except PdfFailed as fault:
        raise Refused(str(fault), "请稍后再试，或改取 Excel。", act="dossier.sheet", obj=dossier) from None
    answer = HttpResponse(data, content_type=KINDS[kind])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'困难职工档案表 {dossier.number}.{kind}')}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
