"""Freezing a hand-in into an immutable round, and proving later that nobody touched it (D3, R-20)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from campaigns.models import Addressee
from relief.lib import crypto
from reporting.enums import CountKind, FigureState, Part
from reporting.figures import Sheet
from reporting.models import Adjustment, Round, RoundFigure, RoundKey, RoundPin, Submission
from reporting.records import Records
from reporting.values import Value
from unions.models import Attachment, Person

FIGURE_FACTS = ("part", "code", "state", "number", "text", "origin", "record_number", "note")
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters of check codes: none that is mistaken for another on paper."""


def freeze_form(sheet: Sheet, *, by: Person, at: datetime, late: bool) -> Round:
    """Write the round of a form: both parts, pins, count keys, findings with explanations, MACs."""
    submission = sheet.submission
    drafts = list(_figures(sheet))
    frozen = _round(submission, by=by, at=at, late=late)
    frozen.form_version = submission.deliverable.form_link.form_version
    frozen.nil = bool(submission.nil_reason)
    frozen.findings = _findings(sheet)
    frozen.missing = _missing(sheet)
    frozen.missing_note = submission.missing_note if sheet.missing else ""
    frozen.adjustments = [_adjustment(a) for a in sheet.adjustments if a.confirmed_at]
    frozen.record_counts = _record_counts(sheet)
    frozen.figure_count = len(drafts)
    frozen.figures_digest = crypto.keyed_digest([_facts(figure) for figure in drafts])
    _seal(frozen)
    for figure in drafts:
        figure.round = frozen
        figure.mac = crypto.mac({"round": frozen.pk, **_facts(figure)})
    RoundFigure.objects.bulk_create(drafts)
    RoundPin.objects.bulk_create([RoundPin(round=frozen, child=child) for child in sheet.pinned])
    _freeze_keys(sheet, frozen)
    return frozen


def freeze_report(
    submission: Submission, files: Iterable[Attachment], *, by: Person, at: datetime, late: bool
) -> Round:
    """Write the round of a written report: its text and the digests of its files."""
    frozen = _round(submission, by=by, at=at, late=late)
    frozen.report_text = submission.report_text
    frozen.attachments = [
        {"id": f.pk, "name": f.filename, "size": f.size, "sha256": f.sha256, "kind": f.kind} for f in files
    ]
    frozen.figures_digest = crypto.keyed_digest([frozen.report_text, frozen.attachments])
    _seal(frozen)
    return frozen


def _round(submission: Submission, *, by: Person, at: datetime, late: bool) -> Round:
    campaign, union = submission.deliverable.campaign, submission.union
    number = submission.round_number
    receipt = f"{campaign.code.upper()}-{union.code}-{submission.deliverable.order:02d}-{number:02d}"
    return Round(
        submission=submission,
        number=number,
        union_name=union.name,
        filer_name=by.name,
        filer_phone=by.phone or union.phone,
        submitted_by=by,
        handed_in_at=at.replace(microsecond=at.microsecond // 1000 * 1000),
        late=late,
        receipt=receipt[:40],
    )


def _seal(frozen: Round) -> None:
    """MAC and check code over the facts, then the row itself."""
    frozen.check_code = check_code(crypto.keyed_digest({"receipt": frozen.receipt, "digest": frozen.figures_digest}))
    frozen.mac = crypto.mac(round_facts(frozen))
    frozen.save(force_insert=True)


def check_code(digest: str) -> str:
    """Eight letters that tie the paper to the data, as XXXX-XXXX."""
    number = int(digest[:16], 16)
    letters = []
    for _ in range(8):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def round_facts(frozen: Round) -> dict[str, Any]:
    """What the MAC of a round covers."""
    names = (
        "submission_id number form_version_id union_name filer_name filer_phone submitted_by_id late nil receipt check_code"
        " findings missing missing_note adjustments record_counts report_text attachments figure_count figures_digest"
    )
    facts = {name: getattr(frozen, name) for name in names.split()}
    facts["handed_in_at"] = frozen.handed_in_at.isoformat(timespec="milliseconds")
    return facts


def _figures(sheet: Sheet) -> Iterator[RoundFigure]:
    own = sheet.own
    for code in sheet.spec.codes:
        record = own.records.get(code)
        recorded = record.number if record is not None else None
        yield _figure(Part.OWN, code, own.values[code], own.origins[code], recorded, own.note(code))
    origins = sheet.consolidated_origins
    for code, value in sheet.consolidated.items():
        yield _figure(Part.CONSOLIDATED, code, value, origins[code], None, "")


def _figure(part: str, code: str, value: Value, origin: str, recorded: int | None, note: str) -> RoundFigure:
    state = FigureState.NA if value.is_na else FigureState.EMPTY if value.is_empty else FigureState.FILLED
    return RoundFigure(
        part=part,
        code=code,
        state=state,
        number=value.number,
        text=value.text or "",
        origin=origin,
        record_number=recorded,
        note=note,
    )


def _facts(figure: RoundFigure) -> dict[str, Any]:
    return {name: _plain(getattr(figure, name)) for name in FIGURE_FACTS}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _findings(sheet: Sheet) -> list[dict[str, Any]]:
    return [
        {
            "key": f.key,
            "kind": str(f.kind.value),
            "severity": str(f.severity.value),
            "codes": list(f.codes),
            "message": f.message,
            "note": sheet.notes[f.key].text if f.key in sheet.notes else "",
        }
        for f in sheet.findings
    ]


def _missing(sheet: Sheet) -> list[dict[str, Any]]:
    rows = []
    for child in sheet.missing:
        state = child.submission.get_state_display() if child.submission and child.submission.round_number else "未上报"
        rows.append({"union": child.addressee.union.code, "name": child.addressee.union_name, "state": state})
    return rows


def _adjustment(row: Adjustment) -> dict[str, Any]:
    confirmed = row.confirmed_by.name if row.confirmed_by else ""
    return {
        "code": row.code,
        "number": row.number,
        "title": row.title,
        "reason": row.reason,
        "proposed_by": row.proposed_by.name,
        "confirmed_by": confirmed,
    }


def _record_counts(sheet: Sheet) -> dict[str, int]:
    """How many records of each kind stood behind the own row, for the reviewer's head line."""
    counts: dict[str, int] = {}
    for item in sheet.spec.items:
        value = sheet.own.records.get(item.code)
        if value is not None and value.number and item.terms and not item.is_formula:
            table = item.terms[0].measure
            counts[table] = counts.get(table, 0) + 1
    return counts


def _freeze_keys(sheet: Sheet, frozen: Round) -> None:
    if not any(item.over_children.startswith("distinct") for item in sheet.spec.items):
        return
    kinds = {
        item.code: CountKind.PERSON if item.over_children == "distinct_person" else CountKind.HOUSEHOLD
        for item in sheet.spec.items
    }
    RoundKey.objects.bulk_create(
        [
            RoundKey(round=frozen, code=code, kind=kinds[code], key=key)
            for code, keys in sheet.own_keys.items()
            for key in sorted(keys)
        ]
    )


# Proof


def round_faults(frozen: Round) -> Iterator[tuple[str, str, str]]:
    """(table, row, sentence) for every altered, added or removed row of a round; nothing when it is whole."""
    if not crypto.mac_ok(round_facts(frozen), frozen.mac):
        yield Round._meta.db_table, frozen.receipt, "轮次记录被改动"
    figures = list(RoundFigure.objects.filter(round=frozen).order_by("pk"))
    for figure in figures:
        if not crypto.mac_ok({"round": frozen.pk, **_facts(figure)}, figure.mac):
            yield (
                RoundFigure._meta.db_table,
                f"{frozen.receipt} {figure.get_part_display()} {figure.code}",
                "上报的数被改动",
            )
    if frozen.form_version_id and len(figures) != frozen.figure_count:
        yield Round._meta.db_table, frozen.receipt, f"应有 {frozen.figure_count} 个数，现有 {len(figures)} 个"


def is_whole(frozen: Round) -> bool:
    return next(round_faults(frozen), None) is None


def head_of(submission: Submission, frozen: Round | None, person: Person | None) -> Mapping[str, Any]:
    """Union, filer, phone and day for the head lines of the printed form."""
    addressee: Addressee = submission.addressee
    if frozen is not None:
        return {
            "union": frozen.union_name,
            "filer": frozen.filer_name,
            "phone": frozen.filer_phone,
            "at": frozen.handed_in_at,
        }
    return {
        "union": addressee.union_name,
        "filer": person.name if person else "",
        "phone": (person.phone if person else "") or submission.union.phone,
        "at": None,
    }


__all__ = ["Records", "freeze_form", "freeze_report", "is_whole", "round_faults"]
