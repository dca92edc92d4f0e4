"""The form of a submission as Excel, PDF or JSON: the frozen round, or the live draft marked 草稿 (D28)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from relief.lib import clock
from relief.lib.pdf import render_pdf
from reporting.enums import Origin, Part, SubmissionState
from reporting.figures import Sheet, figure_value, sheet_of
from reporting.formstore import spec_of
from reporting.lines import frozen_lines, live_lines
from reporting.models import Round, RoundFigure, Submission
from reporting.outputs.data_json import figures_json
from reporting.outputs.excel import workbook
from reporting.outputs.sheet import SheetData, SheetLine, footer_text
from reporting.outputs.sheet_html import Explanation, form_document_html
from reporting.rounds import head_of
from reporting.spec import FormSpec
from reporting.values import Value
from unions import audit
from unions.models import Person

FORMATS = ("xlsx", "pdf", "json")


@dataclass(frozen=True)
class Document:
    """One form ready to print: figures, where they come from, round or draft, explanations."""

    spec: FormSpec
    submission: Submission
    part: str
    frozen: Round | None
    values: Mapping[str, Value]
    origins: Mapping[str, str]
    explanations: tuple[Explanation, ...]
    person: Person | None
    lines: tuple[SheetLine, ...] = ()

    @property
    def mark(self) -> str | None:
        """草稿 on everything that no superior (or second person at the issuer) has accepted."""
        return None if self.frozen is not None and self.submission.state == SubmissionState.ACCEPTED else "草稿"

    def sheet(self) -> SheetData:
        """The sheet as the writers take it."""
        head = head_of(self.submission, self.frozen, self.person)
        at = head["at"]
        local = at.astimezone(clock.SHANGHAI) if at else None
        words = {
            "union": head["union"],
            "filer": head["filer"],
            "phone": head["phone"],
            "date": day_words(at) if at else "",
        }
        footer = ""
        if self.frozen is not None and local is not None:
            footer = footer_text(
                check_code=self.frozen.check_code,
                receipt=self.frozen.receipt,
                round_number=self.frozen.number,
                handed_in=f"{local:%Y-%m-%d %H:%M}",
            )
        origins = {code: Origin(origin).label for code, origin in self.origins.items()}
        return SheetData(
            self.spec,
            self.values,
            words,
            mark=self.mark,
            footer=footer,
            origins=origins,
            name=sheet_name(head["union"]),
            lines=self.lines,
        )


def day_words(at: datetime) -> str:
    """The day in China as the head line prints it."""
    local = at.astimezone(clock.SHANGHAI)
    return f"{local.year} 年 {local.month} 月 {local.day} 日"


def sheet_name(union: str) -> str:
    return "".join(ch for ch in union if ch not in "[]:*?/\\")[:31] or "统计表"


def latest_round(submission: Submission) -> Round | None:
    """The newest hand-in, or nothing."""
    return Round.objects.filter(submission=submission).select_related("form_version").order_by("-number").first()


def default_part(submission: Submission) -> str:
    """Consolidated where there are children, else the own row."""
    has_children = submission.deliverable.addressees.filter(reports_to=submission.union_id).exists()
    return Part.CONSOLIDATED if has_children else Part.OWN


def document(
    submission: Submission,
    *,
    part: str | None = None,
    frozen: Round | None = None,
    live: bool = False,
    person: Person | None = None,
) -> Document:
    """The latest handed-in round, else the live draft; `frozen` names another round, `live` asks for the draft."""
    chosen = part or default_part(submission)
    if frozen is None and not live:
        frozen = latest_round(submission)
    if frozen is None:
        return _live(sheet_of(submission), chosen, person)
    figures = list(RoundFigure.objects.filter(round=frozen, part=chosen))
    spec = spec_of(frozen.form_version)  # type: ignore[arg-type]
    by_code = {figure.code: figure for figure in figures}
    values = {code: figure_value(by_code[code]) if code in by_code else Value.empty() for code in spec.codes}
    origins = {code: by_code[code].origin for code in spec.codes if code in by_code}
    answers = tuple(
        Explanation("、".join(row["codes"]), row["message"], row["note"]) for row in frozen.findings if row.get("note")
    )
    lines = frozen_lines(submission, spec, frozen) if chosen == Part.CONSOLIDATED else ()
    return Document(spec, submission, chosen, frozen, values, origins, answers, person, lines)


def _live(sheet: Sheet, part: str, person: Person | None) -> Document:
    values = sheet.own.values if part == Part.OWN else sheet.consolidated
    answers = tuple(
        Explanation("、".join(f.codes), f.message, sheet.notes[f.key].text)
        for f in sheet.findings
        if f.key in sheet.notes
    )
    origins = sheet.own.origins if part == Part.OWN else sheet.consolidated_origins
    lines = live_lines(sheet) if part == Part.CONSOLIDATED else ()
    return Document(sheet.spec, sheet.submission, part, None, values, origins, answers, person, lines)


def form_document(
    submission: Submission, part: str | None = None, fmt: str = "pdf", *, person: Person | None = None
) -> bytes:
    """The bytes of the form in the format: xlsx, pdf or json (UTF-8)."""
    return rendered(document(submission, part=part, person=person), fmt)


def rendered(doc: Document, fmt: str) -> bytes:
    """A document in one of the formats; ValueError for another."""
    if fmt == "xlsx":
        return workbook([doc.sheet()])
    if fmt == "pdf":
        return render_pdf(form_document_html(doc.sheet(), explanations=doc.explanations))
    if fmt == "json":
        return json.dumps(as_json(doc), ensure_ascii=False, indent=1).encode()
    raise ValueError(f"unknown format {fmt}")


def as_json(doc: Document) -> dict[str, Any]:
    """{"state", "round", "part", "figures": {code: {"value", "unit", "origin"}}} in the printed unit (D28)."""
    return {
        "state": doc.submission.state,
        "round": doc.frozen.number if doc.frozen else 0,
        "part": doc.part,
        "form": doc.spec.id,
        "union": doc.submission.union.code,
        "figures": figures_json(doc.spec, doc.values, doc.origins),
    }


def note_export(*, by: Person, submission: Submission, fmt: str) -> None:
    """The audit row of a download (R-13); call inside a transaction."""
    audit.record(act="form.export", by=by, union=submission.union, obj=submission, detail={"format": fmt})
