"""Whether a hand-in is in time: decided once, from the frozen instants and the database's clock (R-35, D12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from relief.lib.clock import say_instant


@dataclass(frozen=True)
class Instants:
    """The five instants of an addressee that matter for a hand-in."""

    opens_at: datetime
    due_at: datetime
    late_until: datetime | None
    edit_until: datetime | None


@dataclass(frozen=True)
class Timing:
    """The answer: in time, late but taken, or refused with sentence and next step."""

    allowed: bool
    late: bool = False
    reason: str = ""
    next_step: str = ""


def timing(
    instants: Instants, now: datetime, *, after_return: bool, sealed: bool, first_was_late: bool = False
) -> Timing:
    """Decide for one instant; a deadline is the first instant that is too late."""
    if sealed:
        return Timing(
            False, reason="这份材料已封存，不能再上报。", next_step="确需更正，请向发文工会说明原因，由其解除封存。"
        )
    if now < instants.opens_at:
        return Timing(
            False,
            reason=f"还没有开放填报，{say_instant(instants.opens_at)}起可以上报。",
            next_step="现在可以先填写并保存草稿。",
        )
    if after_return:
        return _after_return(instants, now, first_was_late)
    if now < instants.due_at:
        return Timing(True)
    if instants.late_until is None or now < instants.late_until:
        return Timing(True, late=True)
    return Timing(
        False,
        reason=f"已过迟报截止（{say_instant(instants.late_until)}），不能再上报。",
        next_step="请向直接上级申请延期；您填的内容都已保存。",
    )


def _after_return(instants: Instants, now: datetime, first_was_late: bool) -> Timing:
    if instants.edit_until is None or now < instants.edit_until:
        return Timing(True, late=first_was_late)
    return Timing(
        False,
        reason=f"已过退回后可改的期限（{say_instant(instants.edit_until)}），不能再重报。",
        next_step="请向直接上级申请延期；您填的内容都已保存。",
    )
