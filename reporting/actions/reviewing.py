"""The reviewer's acts: open, return with pinned cells, accept, reopen; and the issuer's 定稿."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from campaigns.enums import DeliverableKind
from relief.lib import clock, idnumber
from reporting.actions.gate import log, swap
from reporting.enums import SubmissionState
from reporting.figures import sheet_of
from reporting.models import CheckNote, Comment, Round, Submission
from reporting.rounds import is_whole
from unions import audit
from unions.models import Person
from unions.policy import Refused, can, require

S = SubmissionState


def current_round(submission: Submission) -> Round:
    """The round that was handed in last; Refused (409) when there is none."""
    found = Round.objects.filter(submission=submission, number=submission.round_number).first()
    if found is None:
        raise Refused("还没有上报过，没有可以审核的轮次。", "请等下级上报后再审核。", obj=submission)
    return found


@transaction.atomic
def open_review(*, by: Person, submission: Submission, version: int) -> Submission:
    """开始审核: from now on the filer cannot withdraw (D12)."""
    require(by, "submission.open", submission)
    before = submission.state
    swap(submission, version=version, after=S.IN_REVIEW, act="submission.open", opened_by=by)
    log(submission, by=by, act="submission.open", before=before, round=current_round(submission))
    return submission


@transaction.atomic
def return_submission(
    *, by: Person, submission: Submission, version: int, reason: str, pins: Mapping[str, str] | None = None
) -> Submission:
    """Send a filing back with a reason and remarks pinned to cells; every round and remark is kept (D2)."""
    require(by, "submission.return", submission)
    return _send_back(by, submission, version, reason, dict(pins or {}), act="submission.return")


@transaction.atomic
def reopen(*, by: Person, submission: Submission, version: int, reason: str) -> Submission:
    """Open an accepted filing for correction; roll-ups that pinned its round become stale, not changed (D11)."""
    require(by, "submission.reopen", submission)
    if submission.sealed:
        raise Refused("这份材料已封存，不能重开。", "请联系发文工会解除封存。", act="submission.reopen", obj=submission)
    return _send_back(by, submission, version, reason, {}, act="submission.reopen")


def _send_back(
    by: Person, submission: Submission, version: int, reason: str, pins: dict[str, str], act: str
) -> Submission:
    words = reason.strip()
    said = {code: text.strip() for code, text in pins.items() if text.strip()}
    if not words and not said:
        raise Refused(
            "退回要写明原因，或在格子上钉意见。", "写清楚哪里不对、要怎么改。", status=422, act=act, obj=submission
        )
    for text in (words, *said.values()):
        refuse_personal_numbers(text, act, submission)
    frozen, before, now = current_round(submission), submission.state, clock.db_now()
    swap(submission, version=version, after=S.RETURNED, act=act, decided_by=by, decided_at=now)
    remarks = [
        Comment(submission=submission, round=frozen, code=code, text=text[:400], by=by, at=now)
        for code, text in said.items()
    ]
    if words:
        remarks.insert(0, Comment(submission=submission, round=frozen, text=words[:400], by=by, at=now))
    Comment.objects.bulk_create(remarks)
    log(submission, by=by, act=act, before=before, reason=words[:400], round=frozen, detail={"pins": sorted(said)})
    return submission


def refuse_personal_numbers(text: str, act: str, submission: Submission) -> None:
    """Remarks travel along the line: an ID number has no place in them."""
    if idnumber.contains_number(text):
        raise Refused(
            "意见里有身份证号一类的号码，没有写入。",
            "请改用档案号或“某户”来说明。",
            status=422,
            act=act,
            obj=submission,
        )


@transaction.atomic
def accept(*, by: Person, submission: Submission, version: int) -> Submission:
    """接收: open questions are accepted in the reviewer's name; an altered round cannot be accepted (R-20)."""
    require(by, "submission.accept", submission)
    return _close(by, submission, version, act="submission.accept")


@transaction.atomic
def finalise(*, by: Person, submission: Submission, version: int) -> Submission:
    """定稿: the issuer's second person closes its own roll-up (D11)."""
    require(by, "submission.finalise", submission)
    if not submission.is_issuers:
        raise Refused(
            "只有发文工会用定稿；其他工会由上级接收。", "请等上级审核。", act="submission.finalise", obj=submission
        )
    return _close(by, submission, version, act="submission.finalise")


def _close(by: Person, submission: Submission, version: int, act: str) -> Submission:
    frozen, before, now = current_round(submission), submission.state, clock.db_now()
    swap(submission, version=version, after=S.ACCEPTED, act=act, decided_by=by, decided_at=now)
    if not is_whole(frozen):
        raise Refused(
            "完整性异常：这一轮的数据与上报时不一致，不能接收。",
            "请立即联系审计管理员运行完整性检查，并保留现场。",
            act=act,
            obj=submission,
        )
    CheckNote.objects.filter(submission=submission, waived_at__isnull=True).update(waived_by=by, waived_at=now)
    Comment.objects.filter(submission=submission, solved_at__isnull=True).update(solved_at=now)
    log(submission, by=by, act=act, before=before, round=frozen, detail={"receipt": frozen.receipt})
    return submission


@transaction.atomic
def answer_comment(*, by: Person, comment: Comment, text: str) -> Comment:
    """Add an answer to a remark; the thread stays with the filing over all rounds."""
    submission = comment.submission
    if not can(by, "comment.answer_filed", submission):
        require(by, "comment.answer_reviewed", submission)
    words = text.strip()
    if not words:
        raise Refused("回复是空的。", "请写一句话。", status=422, act="comment.answer", obj=submission)
    refuse_personal_numbers(words, "comment.answer", submission)
    answer = Comment.objects.create(
        submission=submission,
        round=comment.round,
        code=comment.code,
        text=words[:400],
        answers=comment,
        by=by,
        at=clock.db_now(),
    )
    audit.record(act="comment.answer", by=by, union=submission.union, obj=answer, fields=["text"])
    return answer


def is_form(submission: Submission) -> bool:
    return submission.deliverable.kind == DeliverableKind.FORM


__all__ = ["sheet_of"]
