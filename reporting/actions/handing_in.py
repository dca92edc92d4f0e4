"""Handing in: the state moves, the clock decides, the round is frozen, a receipt comes back (D3, D11, R-35)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from campaigns.enums import DeliverableKind
from relief.lib import clock
from reporting import rounds
from reporting.actions.filling import Typed, save_figures
from reporting.actions.gate import log, swap
from reporting.actions.waiving import forget_moved_waivers
from reporting.deadlines import Instants, timing
from reporting.enums import SubmissionState
from reporting.figures import Sheet, sheet_of
from reporting.models import Move, Round, Submission
from reporting.values import Value
from unions import attachments, idempotency
from unions.models import Person
from unions.policy import Refused, require

S = SubmissionState


def earlier_round(*, by: Person, submission: Submission, key: str, body: Any) -> Round | None:
    """The round this very request has frozen before; Refused when the same key comes with another body (NL2)."""
    receipt = idempotency.answered(by=by, act="submission.submit", key=key, body=[submission.pk, body])
    return Round.objects.filter(submission=submission, receipt=receipt).first() if receipt else None


@transaction.atomic
def hand_in(
    *, by: Person, submission: Submission, version: int, key: str, missing_note: str | None = None, body: Any = None
) -> Round:
    """Freeze the next round and return it; the same request twice returns the same round.

    `body` is what the page sent, where the page saves first and so sees another version the second time.

    Refused, with its own sentence each: not open, past the last instant, sealed, wrong state, errors in the figures,
    questions without explanation, missing children without explanation, an empty report, a stale page.
    """
    asked = [submission.pk, version if body is None else body]
    request, new = idempotency.claim(by=by, act="submission.submit", key=key, body=asked)
    if not new:
        return Round.objects.get(receipt=request.receipt)
    require(by, "submission.submit", submission)
    before = submission.state
    number = submission.round_number + 1
    extra: dict[str, Any] = {} if missing_note is None else {"missing_note": missing_note.strip()[:400]}
    swap(
        submission,
        version=version,
        after=S.SUBMITTED,
        act="submission.submit",
        round_number=number,
        submitted_by=by,
        opened_by=None,
        decided_by=None,
        decided_at=None,
        **extra,
    )
    # The row is held now; the clock is read once, here.
    now = clock.db_now()
    late = _in_time(submission, before, now)
    frozen = _freeze(submission, by, now, late)
    log(
        submission,
        by=by,
        act="submission.submit",
        before=before,
        round=frozen,
        detail={"receipt": frozen.receipt, "late": late},
    )
    idempotency.remember(request, frozen.receipt)
    return frozen


def _in_time(submission: Submission, before: str, now: object) -> bool:
    """Whether the hand-in is late; Refused when it is not taken at all."""
    a = submission.addressee
    first = submission.rounds.order_by("number").first()
    answer = timing(
        Instants(a.opens_at, a.due_at, a.late_until, a.edit_until),
        now,  # type: ignore[arg-type]
        after_return=before == S.RETURNED,
        sealed=submission.sealed,
        first_was_late=first.late if first else False,
    )
    if not answer.allowed:
        raise Refused(answer.reason, answer.next_step, act="submission.submit", obj=submission)
    return answer.late


def _freeze(submission: Submission, by: Person, now: object, late: bool) -> Round:
    if submission.deliverable.kind == DeliverableKind.FORM:
        sheet = sheet_of(submission)
        _refuse_faults(sheet)
        forget_moved_waivers(sheet)
        return rounds.freeze_form(sheet, by=by, at=now, late=late)  # type: ignore[arg-type]
    files = list(attachments.of(submission))
    if not files and not submission.report_text.strip():
        raise Refused(
            "报告还是空的：没有正文，也没有附件。",
            "请写正文或上传文件后再上报。",
            status=422,
            act="submission.submit",
            obj=submission,
        )
    return rounds.freeze_report(submission, files, by=by, at=now, late=late)  # type: ignore[arg-type]


def _refuse_faults(sheet: Sheet) -> None:
    blocking = sheet.blocking()
    if blocking:
        first = blocking[0]
        more = f"另有 {len(blocking) - 1} 处也要处理。" if len(blocking) > 1 else ""
        raise Refused(
            f"还有 {len(blocking)} 处没有通过检查，不能上报：{first.message}{more}",
            "请回到填报页，按右侧的校验结果逐条改正，或对“核实”写明原因。",
            status=422,
            act="submission.submit",
            obj=sheet.submission,
        )
    if sheet.missing and not sheet.submission.missing_note.strip():
        names = "、".join(child.addressee.union_name for child in sheet.missing[:5])
        raise Refused(
            f"还有 {len(sheet.missing)} 家下级没有接收的数：{names}{'等' if len(sheet.missing) > 5 else ''}。",
            "可以先催报、审核；确实要先报的，请写明缺报说明。",
            status=422,
            act="submission.submit",
            obj=sheet.submission,
        )


@transaction.atomic
def nil_report(*, by: Person, submission: Submission, version: int, key: str, reason: str) -> Round:
    """Hand in a 零报告: every own leaf that the records leave at nothing becomes 0, with name and reason (B4)."""
    require(by, "submission.submit", submission)
    words = reason.strip()
    if not words:
        raise Refused(
            "请写明零报告的理由。", "例如：本单位本次没有发放。", status=422, act="submission.submit", obj=submission
        )
    sheet = sheet_of(submission)
    if sheet.recorded_codes or sheet.own.typed:
        raise Refused(
            "台账里已有本期的记录或已填了数，不能做零报告。",
            "请按实际数上报；记错的先在台账里更正。",
            act="submission.submit",
            obj=submission,
        )
    zeros = {
        code: Typed(Value.of(0) if sheet.spec.item(code).is_numeric else Value.na())
        for code in sheet.spec.leaves
        if code not in sheet.own.records
    }
    Submission.objects.filter(pk=submission.pk).update(nil_reason=words[:200])
    if zeros:
        submission = save_figures(by=by, submission=submission, version=version, typed=zeros)
        version = submission.version
    submission.nil_reason = words[:200]
    return hand_in(by=by, submission=submission, version=version, key=key)


@transaction.atomic
def withdraw(*, by: Person, submission: Submission, version: int) -> Submission:
    """Take a hand-in back before the reviewer has opened it; the frozen round stays as it was."""
    require(by, "submission.withdraw", submission)
    before = submission.state
    last = Move.objects.filter(submission=submission, after=S.SUBMITTED).order_by("-pk").first()
    after = last.before if last and last.before == S.RETURNED else S.DRAFT
    swap(submission, version=version, after=after, act="submission.withdraw")
    log(submission, by=by, act="submission.withdraw", before=before)
    return submission
