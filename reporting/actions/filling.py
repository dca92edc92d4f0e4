"""Writes while a filing is being filled in: typed figures, explanations, the report's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from relief.lib import clock, crypto
from reporting.actions.waiving import NO_WAIVER, forget_waivers
from reporting.enums import FigureState, Origin
from reporting.figures import Sheet, figure_value, own_leaf, sheet_of
from reporting.formstore import spec_of
from reporting.models import CheckNote, Figure, Submission
from reporting.values import Value, shown
from unions import audit
from unions.models import Person
from unions.policy import Refused, Stale, require


@dataclass(frozen=True)
class Typed:
    """What a person typed into a blank, and what stood there when the page was opened."""

    value: Value
    note: str = ""
    seen: Value | None = None


@transaction.atomic
def save_figures(*, by: Person, submission: Submission, version: int, typed: Mapping[str, Typed]) -> Submission:
    """Write typed leaves of the own row; a leaf typed equal to its records goes back to the records.

    Formula blanks and unknown codes are refused. A stale page is refused with both values per cell (R-33).
    """
    require(by, "figures.save", submission)
    sheet = sheet_of(submission)
    refuse_locked(sheet, typed)
    if Submission.objects.values_list("version", flat=True).get(pk=submission.pk) != version:
        raise Stale(_differences(sheet, typed), act="figures.save", obj=submission)
    changed = [code for code, entry in typed.items() if _write(sheet, by, code, entry)]
    touch(submission, version)
    if changed:
        forget_waivers(submission, sheet.spec, changed)
        audit.record(act="figures.save", by=by, union=submission.union, obj=submission, fields=changed)
    return submission


def touch(submission: Submission, version: int) -> None:
    """Raise the version; the row must still have the one the person saw."""
    touched = Submission.objects.filter(pk=submission.pk, version=version).update(
        version=F("version") + 1, saved_at=clock.db_now()
    )
    if touched != 1:
        raise Stale(act="figures.save", obj=submission)
    submission.refresh_from_db()


def refuse_locked(sheet: Sheet, typed: Mapping[str, Typed]) -> None:
    leaves = set(sheet.spec.leaves)
    for code in typed:
        if code not in leaves:
            raise Refused(
                f"“{code}”是自动计算的格子，不能手填。",
                "请改它的组成项；合计会自动变。",
                act="figures.save",
                obj=sheet.submission,
            )


def _write(sheet: Sheet, by: Person, code: str, entry: Typed) -> bool:
    """Write one leaf; returns whether anything changed."""
    submission = sheet.submission
    recorded = sheet.own.records.get(code)
    now = sheet.own.values[code]
    if entry.value == now and (code not in sheet.own.typed or entry.note == sheet.own.note(code)):
        return False
    back_to_records = recorded is not None and (entry.value == recorded or entry.value.is_empty) and not entry.note
    if back_to_records or (recorded is None and entry.value.is_empty):
        deleted, _ = Figure.objects.filter(submission=submission, code=code).delete()
        return bool(deleted)
    state = FigureState.NA if entry.value.is_na else FigureState.EMPTY if entry.value.is_empty else FigureState.FILLED
    values = {
        "state": state,
        "number": entry.value.number,
        "text": entry.value.text or "",
        "origin": Origin.TYPED,
        "record_number": recorded.number if recorded is not None else None,
        "note": entry.note.strip()[:200],
        "typed_by": by,
    }
    values["mac"] = crypto.mac(figure_facts(submission.pk, code, values))
    Figure.objects.update_or_create(submission=submission, code=code, defaults=values)
    return True


def figure_facts(submission_id: int, code: str, values: Mapping[str, object]) -> dict[str, object]:
    """What the MAC of a typed figure covers."""
    names = ("state", "number", "text", "origin", "note")
    return {"submission": submission_id, "code": code, **{name: values[name] for name in names}}


def _differences(sheet: Sheet, typed: Mapping[str, Typed]) -> list[tuple[str, str, str]]:
    found = []
    for code, entry in typed.items():
        item, now = sheet.spec.item(code), sheet.own.values[code]
        if entry.value != now and (entry.seen is None or entry.value != entry.seen):
            found.append((item.name, shown(item, now) or "未填", shown(item, entry.value) or "未填"))
    return found


@transaction.atomic
def restore_figure(*, by: Person, submission: Submission, version: int, code: str) -> Submission:
    """Put a typed leaf back to what the records give (改回台账数)."""
    require(by, "figures.save", submission)
    figure = Figure.objects.filter(submission=submission, code=code).first()
    if figure is not None:
        figure.delete()
        forget_waivers(submission, spec_of(submission.deliverable.form_link.form_version), [code])
        audit.record(
            act="figures.save", by=by, union=submission.union, obj=submission, fields=[code], detail={"restored": code}
        )
    touch(submission, version)
    return submission


@transaction.atomic
def explain_check(*, by: Person, submission: Submission, key: str, text: str) -> CheckNote:
    """Keep the filer's explanation of a 核实 that fails (出错说明); a new text takes the waiver of the old one away."""
    require(by, "figures.save", submission)
    words = text.strip()
    if not words:
        raise Refused("请写明原因。", "写一句话说明为什么是这个数。", status=422, act="figures.save", obj=submission)
    known = CheckNote.objects.filter(submission=submission, check_key=key[:60]).first()
    if known is not None and known.text == words[:200]:
        return known
    note, _ = CheckNote.objects.update_or_create(
        submission=submission,
        check_key=key[:60],
        defaults={"text": words[:200], "by": by, "at": clock.db_now(), **NO_WAIVER},
    )
    audit.record(act="figures.explain", by=by, union=submission.union, obj=submission, fields=[key])
    return note


@transaction.atomic
def withdraw_explanation(*, by: Person, submission: Submission, key: str) -> None:
    """Take an explanation back."""
    require(by, "figures.save", submission)
    CheckNote.objects.filter(submission=submission, check_key=key).delete()
    audit.record(
        act="figures.explain", by=by, union=submission.union, obj=submission, fields=[key], detail={"removed": True}
    )


@transaction.atomic
def save_missing_note(*, by: Person, submission: Submission, version: int, text: str) -> Submission:
    """Keep the sentence that explains which children are missing (缺报说明)."""
    require(by, "figures.save", submission)
    Submission.objects.filter(pk=submission.pk).update(missing_note=text.strip()[:400])
    touch(submission, version)
    audit.record(act="figures.save", by=by, union=submission.union, obj=submission, fields=["missing_note"])
    return submission


@transaction.atomic
def save_report(*, by: Person, submission: Submission, version: int, text: str) -> Submission:
    """Keep the text of a written report; its files are attachments."""
    require(by, "figures.save", submission)
    now = Submission.objects.get(pk=submission.pk)
    if now.version != version:
        raise Stale([("报告正文", now.report_text, text)], act="figures.save", obj=submission)
    Submission.objects.filter(pk=submission.pk).update(report_text=text.strip())
    touch(submission, version)
    audit.record(act="figures.save", by=by, union=submission.union, obj=submission, fields=["report_text"])
    return submission


__all__ = ["figure_value", "own_leaf"]
