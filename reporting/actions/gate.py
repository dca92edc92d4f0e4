"""The one gate through which a submission changes its state: compare and swap, a Move row, an audit event."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from relief.lib import clock
from reporting.enums import SubmissionState
from reporting.models import Move, Round, Submission
from unions import audit
from unions.models import Person
from unions.policy import Refused, Stale


def swap(submission: Submission, *, version: int, after: str, act: str, **values: Any) -> None:
    """Move the row from the state and version the person saw; exactly one row must be touched.

    Raises Refused (409) saying who was faster, or Stale when only the content changed.
    """
    before = submission.state
    touched = Submission.objects.filter(pk=submission.pk, state=before, version=version).update(
        state=after, version=F("version") + 1, **values
    )
    if touched != 1:
        _explain(submission, act)
    submission.refresh_from_db()


def _explain(submission: Submission, act: str) -> None:
    now = Submission.objects.get(pk=submission.pk)
    if now.state == submission.state:
        raise Stale(act=act, obj=submission)
    last = Move.objects.filter(submission=submission).select_related("by").order_by("-pk").first()
    label = SubmissionState(now.state).label
    said = (
        f"{last.by.name}已于{clock.say_instant(last.at)}办理，现在的状态是“{label}”。"
        if last
        else f"现在的状态是“{label}”。"
    )
    raise Refused(said, "请刷新页面，按最新状态办理；您的这一次没有写入。", act=act, obj=submission)


def log(
    submission: Submission,
    *,
    by: Person,
    act: str,
    before: str,
    reason: str = "",
    round: Round | None = None,
    detail: dict[str, Any] | None = None,
) -> Move:
    """Write the Move row and the audit event of a state change; call it last."""
    move = Move.objects.create(
        submission=submission,
        act=act,
        before=before,
        after=submission.state,
        round=round,
        reason=reason,
        by=by,
        at=clock.db_now(),
    )
    facts = {"before": before, "after": submission.state, "round": submission.round_number, **(detail or {})}
    audit.record(act=act, by=by, union=submission.union, obj=submission, fields=["state"], detail=facts)
    return move
