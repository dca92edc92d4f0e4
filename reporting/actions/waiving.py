"""认可: the reviewer's waiver of a 核实 that the filer explained, and how it falls when the figures move."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction

from relief.lib import clock
from reporting.actions.reviewing import current_round, refuse_personal_numbers
from reporting.figures import Sheet
from reporting.models import CheckNote, Round, Submission
from reporting.spec import FormSpec
from unions import audit
from unions.models import Person
from unions.policy import Refused, require

ACT = "check.waive"
NO_WAIVER = {"waived_by": None, "waived_at": None, "waive_reason": "", "waived_until": None}


@transaction.atomic
def waive_check(
    *, by: Person, submission: Submission, key: str, reason: str, until: datetime.date | None = None
) -> CheckNote:
    """Accept the filer's explanation of one 核实, until a day or for the whole campaign.

    Refused (422) without a reason, with a day that has passed, or for a check that the round does not hold; (409) when
    somebody else was faster.
    """
    require(by, ACT, submission)
    words, now = reason.strip(), clock.db_now()
    if not words:
        raise _unfit("请写明认可的理由。", "写一句话说明为什么可以接受。", submission)
    refuse_personal_numbers(words, ACT, submission)
    if until is not None and until < clock.day_of(now):
        raise _unfit("认可的截止日已经过去。", "请选今天或以后的日子；不写则认可到本活动结束。", submission)
    asked = {row["key"] for row in current_round(submission).findings if row["severity"] == "ask"}
    note = CheckNote.objects.filter(submission=submission, check_key=key).first()
    if key not in asked or note is None:
        raise _unfit("这一轮没有这项核实，或填报单位没有说明。", "请刷新页面，按最新一轮办理。", submission)
    touched = CheckNote.objects.filter(pk=note.pk, waived_at=None).update(
        waived_by=by, waived_at=now, waive_reason=words[:200], waived_until=until
    )
    if touched != 1:
        raise Refused("这项核实已经认可过。", "要改理由或期限，请先撤回认可。", act=ACT, obj=submission)
    detail = {"key": key, "until": until.isoformat() if until else ""}
    audit.record(act=ACT, by=by, union=submission.union, obj=submission, fields=[key], detail=detail)
    note.refresh_from_db()
    return note


@transaction.atomic
def unwaive_check(*, by: Person, submission: Submission, key: str) -> None:
    """Take a waiver back while the filing is still under review."""
    require(by, ACT, submission)
    touched = CheckNote.objects.filter(submission=submission, check_key=key, waived_at__isnull=False).update(
        **NO_WAIVER
    )
    if touched != 1:
        raise Refused("这项核实没有认可过，不用撤回。", "请刷新页面。", act=ACT, obj=submission)
    audit.record(
        act=ACT, by=by, union=submission.union, obj=submission, fields=[key], detail={"key": key, "removed": True}
    )


def _unfit(reason: str, next_step: str, submission: Submission) -> Refused:
    return Refused(reason, next_step, status=422, act=ACT, obj=submission)


def forget_waivers(submission: Submission, spec: FormSpec, codes: Iterable[str]) -> None:
    """Take back the waivers of checks that name one of the changed blanks or a total computed from it."""
    notes = list(CheckNote.objects.filter(submission=submission, waived_at__isnull=False))
    if not notes:
        return
    moved = frozenset().union(*(spec.moved_by(code) for code in codes))
    fallen = [note.pk for note in notes if moved & named_by(spec, note.check_key)]
    CheckNote.objects.filter(pk__in=fallen).update(**NO_WAIVER)


def named_by(spec: FormSpec, key: str) -> frozenset[str]:
    """The blanks that the finding of this key speaks of."""
    for check in spec.checks:
        if check.key == key:
            outside = {found.code for found in check.references(spec.known_codes)}
            return frozenset({*check.items, *spec.names_of(check)} | outside)
    _, *codes = key.split(":")
    parts = spec.parts(codes[0]) if key.startswith("partition:") and codes[0] in spec.by_code else ()
    return frozenset({*codes, *parts})


def forget_moved_waivers(sheet: Sheet) -> None:
    """Take back waivers whose finding says something else than in the round before: records or children moved."""
    notes = {key: note for key, note in sheet.notes.items() if note.waived_at is not None}
    if not notes:
        return
    before = Round.objects.filter(submission=sheet.submission).order_by("-number").first()
    said = {row["key"]: row["message"] for row in before.findings} if before is not None else {}
    now = {finding.key: finding.message for finding in sheet.findings}
    fallen = [note.pk for key, note in notes.items() if said.get(key) != now.get(key)]
    if fallen:
        CheckNote.objects.filter(pk__in=fallen).update(**NO_WAIVER)
