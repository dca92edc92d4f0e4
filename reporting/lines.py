"""The lines of a superior's list: own row, one per direct child, those without an accepted round marked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reporting.enums import Part, SubmissionState
from reporting.figures import Child, Sheet, children_of, frozen_values
from reporting.models import Round, RoundPin, Submission
from reporting.outputs.sheet import SheetLine
from reporting.spec import FormSpec
from reporting.values import Value

Values = Mapping[str, Value]


def live_lines(sheet: Sheet) -> tuple[SheetLine, ...]:
    """The lines as they stand now; none for a form that is no list, or a union without children."""
    if not sheet.spec.layout.is_list or not sheet.has_children:
        return ()
    values = {child.round.pk: sheet.child_values[child.round.pk] for child in sheet.children if child.round}
    given = [(child, values.get(child.round.pk) if child.round else None) for child in sheet.children]
    return _lines(sheet.submission, sheet.own.values, given)


def frozen_lines(submission: Submission, spec: FormSpec, frozen: Round) -> tuple[SheetLine, ...]:
    """The lines of a handed-in round: what it pinned, and who was missing then."""
    if not spec.layout.is_list:
        return ()
    children = children_of(submission)
    if not children:
        return ()
    pinned = {pin.child.submission_id: pin.child_id for pin in _pins(frozen)}
    parts = frozen_values(pinned.values(), Part.CONSOLIDATED)
    given = [
        (child, parts[pinned[child.submission.pk]] if child.submission and child.submission.pk in pinned else None)
        for child in children
    ]
    return _lines(submission, frozen_values([frozen.pk], Part.OWN)[frozen.pk], given)


def _pins(frozen: Round) -> Iterable[RoundPin]:
    return RoundPin.objects.filter(round=frozen).select_related("child")


def _lines(submission: Submission, own: Values, given: Iterable[tuple[Child, Values | None]]) -> tuple[SheetLine, ...]:
    lines = []
    if any(value.is_filled and (value.text or value.number) for value in own.values()):
        lines.append(SheetLine(f"{submission.addressee.union_name}（本级）", own))
    lines += [
        SheetLine(child.addressee.union_name, values)
        for child, values in given
        if values is not None or child.addressee.required or _filed(child)
    ]
    return tuple(lines)


def _filed(child: Child) -> bool:
    return child.submission is not None and child.submission.state != SubmissionState.DRAFT
