"""The steps of payouts after the draft, for one or many at a time: all of them or none (R-09, R-32, R-33, T6)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from beneficiaries.actions.overrides import keep_overrides, stands
from beneficiaries.actions.payout_bulk import Bulk, Pair
from beneficiaries.actions.step_places import Places
from beneficiaries.actions.typists import typed_by, typists_of
from beneficiaries.enums import PayoutState, ThresholdWay, Trait
from beneficiaries.models import Payout, PayoutBatch
from beneficiaries.payouts import thresholds
from beneficiaries.payouts.facts import by_bank, findings_of
from beneficiaries.payouts.seal import is_sealed, seal
from beneficiaries.payouts.snapshots import households_of
from beneficiaries.payouts.stages import return_act
from beneficiaries.rules import REFUSE, WARN
from campaigns.actions import lock_funds, record_allocation
from relief.lib import clock, idnumber
from relief.lib.crypto import sealed
from unions.models import Person
from unions.policy import Refused, Stale
from unions.words import refuse_numbers

NEW_GENERATION_FROM = 1980
RETURNED_BY = ("payout.return_review", "payout.return_second", "payout.return_approve")
RESERVING = frozenset({"payout.approve", "payout.second", "payout.release", "payout.settle"})
"""Acts that take money of a fund: they wait for each other at the union that pays (T6)."""


def plan_payouts(*, by: Person, payouts: Sequence[Pair], key: str, batch: PayoutBatch | None = None) -> str:
    """Send drafts to review: freezes the household, the count keys and who decides. Returns the receipt."""
    now = clock.db_now()

    def values(payout: Payout) -> dict[str, Any]:
        household = households.get(payout.dossier_id or 0, {})
        # a line of a batch carries the household since it was entered: written again only where it changed
        frozen = {} if payout.snapshot == household else {"snapshot": sealed(payout, "snapshot", household)}
        return {
            **places.of(payout),
            **_UNSECONDED,
            "second_needed": payout.pk in places.two,
            **frozen,
            "new_generation": payout.new_generation or is_new_generation(payout),
            "failure": "",
        }

    with transaction.atomic():
        bulk = Bulk(by=by, act="payout.plan", payouts=payouts, key=key, batch=batch)
        if bulk.answered:
            return bulk.receipt
        households = households_of(payout.dossier for payout in bulk.rows if payout.dossier is not None)
        _enforce(bulk, today=clock.today(now))
        places = Places(typists_of(bulk.rows))
        places.too_large = thresholds.passed(bulk.rows, day=clock.today(now))
        places.two = thresholds.passed(bulk.rows, day=clock.today(now), way=ThresholdWay.SECOND)
        bulk.move(values)
        return bulk.finish()


def review_payouts(*, by: Person, payouts: Sequence[Pair], key: str, batch: PayoutBatch | None = None) -> str:
    """Stamp the reviewer, and choose anew who approves: the reviewer may hold that post; the state stays planned."""
    now = clock.db_now()
    with transaction.atomic():
        bulk = Bulk(by=by, act="payout.review", payouts=payouts, key=key, batch=batch)
        if bulk.answered:
            return bulk.receipt
        _refuse_own_typing(bulk)
        for payout in bulk.rows:
            if payout.reviewed_by_id is not None:
                raise bulk.refused(f"发放 {payout.number} 已经审核过。", "请从列表去掉这一笔后再提交。")
        _enforce(bulk, today=clock.today(now))
        places = Places(typists_of(bulk.rows))
        bulk.move(lambda payout: {"reviewed_by": by, "reviewed_at": now, "approve_union": places.approval(payout, by)})
        return bulk.finish()


def return_payouts(*, by: Person, payouts: Sequence[Pair], reason: str, batch: PayoutBatch | None = None) -> None:
    """Send payouts back to draft with a reason: whoever would decide next, the approver after the approval."""
    reason = reason.strip()
    if not reason or len(reason) > 110:
        raise Refused(
            "退回须写明原因（110 字以内）。", "请写明要改哪里，填报人会看到。", status=422, act="payout.return_review"
        )
    refuse_numbers(reason, "原因", "发放编号", act="payout.return_review")
    with transaction.atomic():
        for act in RETURNED_BY:
            pairs = [pair for pair in payouts if return_act(pair[0]) == act]
            if pairs:
                bulk = Bulk(by=by, act=act, payouts=pairs, batch=batch)
                for payout in bulk.rows:
                    # the rows were read anew: whoever decided meanwhile comes first
                    if return_act(payout) != act:
                        raise Stale([("发放", payout.number, "打开页面时的样子")], act=act, obj=bulk.obj)
                bulk.move(lambda payout: {**_UNSTAMPED, "failure": _returned(payout, reason)})
                bulk.finish(reason=reason)


def _returned(payout: Payout, reason: str) -> str:
    """What the enterer reads: the reason, and for money that came back what the bank said."""
    said = f"（银行：{payout.failure}）" if payout.state == PayoutState.FAILED and payout.failure else ""
    return f"退回：{reason}{said}"[:MOST_SAID]


def approve_payouts(*, by: Person, payouts: Sequence[Pair], key: str, batch: PayoutBatch | None = None) -> str:
    """Approve reviewed payouts and seal what was approved; what needs two approvers goes on to the second."""
    now = clock.db_now()
    with transaction.atomic():
        bulk = Bulk(by=by, act="payout.approve", payouts=payouts, key=key, batch=batch)
        if bulk.answered:
            return bulk.receipt
        _refuse_own_typing(bulk)
        for payout in bulk.rows:
            if payout.reviewed_by_id is None:
                raise bulk.refused(f"发放 {payout.number} 还没有审核，不能审批。", "请先由审核岗位审核。")
            if payout.approved_by_id is not None:
                raise bulk.refused(f"发放 {payout.number} 已经有人审批，正等第二人审批。", "请由另一位审批人办理。")
        _enforce(bulk, today=clock.today(now))
        places = Places(typists_of(bulk.rows))
        bulk.move(
            lambda payout: {
                "approved_by": by,
                "approved_at": now,
                "approved_mac": seal(payout),
                **(_to_second(places, payout, by) if payout.second_needed else {}),
            }
        )
        waiting = sum(1 for payout in bulk.rows if payout.second_needed)
        return bulk.finish(**({"second_needed": waiting} if waiting else {}))


def second_payouts(*, by: Person, payouts: Sequence[Pair], key: str, batch: PayoutBatch | None = None) -> str:
    """The approval of a second, different person; only with it the payouts are approved."""
    now = clock.db_now()
    with transaction.atomic():
        bulk = Bulk(by=by, act="payout.second", payouts=payouts, key=key, batch=batch)
        if bulk.answered:
            return bulk.receipt
        _refuse_own_typing(bulk)
        for payout in bulk.rows:
            if payout.approved_by_id is None:
                raise bulk.refused(f"发放 {payout.number} 还没有第一位审批人。", "请先由审批岗位审批。")
        _refuse_altered(bulk)
        _enforce(bulk, today=clock.today(now))
        bulk.move(lambda payout: {"second_by": by, "second_at": now})
        return bulk.finish(first=sorted({payout.approved_by_id for payout in bulk.rows}))


def _to_second(places: Places, payout: Payout, by: Person) -> dict[str, Any]:
    """What a first approval writes where a second one follows: the state stays, and who decides next."""
    return {"state": PayoutState.PLANNED, "second_union": places.second(payout, by)}


def release_payouts(*, by: Person, payouts: Sequence[Pair], key: str, batch: PayoutBatch | None = None) -> str:
    """Send approved payouts to the bank; failed ones again. Returns the receipt number, the same for the same key."""
    now = clock.db_now()
    with transaction.atomic():
        bulk = Bulk(by=by, act="payout.release", payouts=payouts, key=key, batch=batch)
        if bulk.answered:
            return bulk.receipt
        _refuse_own_typing(bulk)
        _refuse_altered(bulk)
        _enforce(bulk, today=clock.today(now), on=clock.today(now))
        stamp = {"released_by": by, "released_at": now, "receipt": bulk.receipt, "failure": ""}
        bulk.move(lambda payout: stamp)
        return bulk.finish()


def settle_payouts(
    *, by: Person, payouts: Sequence[Pair], paid_on: datetime.date, key: str, batch: PayoutBatch | None = None
) -> str:
    """Record that the money arrived, or that cash and goods were signed for, on a day that is not in the future.

    Money of another union gets its allocation row here (D6).
    """
    now = clock.db_now()
    if paid_on > clock.today(now):
        raise Refused(
            f"发放日期 {paid_on:%Y-%m-%d} 在今天之后。",
            "请填写实际发放的日期，不能晚于今天。",
            status=422,
            act="payout.settle",
        )
    with transaction.atomic():
        bulk = Bulk(by=by, act="payout.settle", payouts=payouts, key=key, body=[paid_on], batch=batch)
        if bulk.answered:
            return bulk.receipt
        _refuse_own_typing(bulk)
        _refuse_altered(bulk)
        for payout in bulk.rows:
            if payout.state == PayoutState.APPROVED and by_bank(payout):
                raise bulk.refused(f"发放 {payout.number} 走银行，须先出账再登记已发放。", "请先由出纳出账。")
            payout.paid_on = paid_on
        _enforce(bulk, today=clock.today(now), on=paid_on)
        bulk.move(lambda payout: {"paid_on": paid_on, "settled_at": now, "released_by": payout.released_by or by})
        _allocate(bulk, paid_on)
        return bulk.finish(paid_on=paid_on.isoformat())


def fail_payout(*, by: Person, payout: Payout, reason: str, version: int | None = None) -> None:
    """Record that the bank sent the money back; it can be released again or returned to the enterer."""
    reason = reason.strip()
    if not reason or len(reason) > 120:
        raise Refused(
            "请写明失败原因（120 字以内）。", "例如：户名与账号不符。", status=422, act="payout.fail", obj=payout
        )
    refuse_numbers(reason, "原因", "发放编号", act="payout.fail", obj=payout)
    with transaction.atomic():
        bulk = Bulk(by=by, act="payout.fail", payouts=[(payout, payout.version if version is None else version)])
        bulk.move(lambda payout: {"failure": reason})
        bulk.finish()


MOST_SAID = 120
"""Characters that `Payout.failure` holds."""
_UNSECONDED: dict[str, Any] = {"second_union": None, "second_by": None, "second_at": None}
_UNSTAMPED: dict[str, Any] = {
    **_UNSECONDED,
    "second_needed": False,
    "reviewed_by": None,
    "reviewed_at": None,
    "approved_by": None,
    "approved_at": None,
    "approved_mac": "",
    "released_by": None,
    "released_at": None,
    "receipt": "",
}


def _refuse_own_typing(bulk: Bulk) -> None:
    """Whoever typed or changed a payout, even earlier than its present enterer, takes no later step in it (R-09)."""
    typed = typed_by(bulk.by, bulk.rows)
    for payout in bulk.rows:
        if payout.pk in typed:
            raise bulk.refused(
                f"发放 {payout.number} 是您录入或修改过的，必须由另一个人办理（不相容岗位分离）。",
                "请交给同岗位的另一位同事；本工会没有第二个人时，会转到上一级工会。",
            )


def _refuse_altered(bulk: Bulk) -> None:
    for payout in bulk.rows:
        if not is_sealed(payout):
            raise bulk.refused(
                f"完整性异常：发放 {payout.number} 的内容与审批时不一致，已停止办理。",
                "请联系系统管理员做完整性检查；查清以后由审批人退回，重新审核审批。",
            )


def _enforce(bulk: Bulk, *, today: datetime.date, on: datetime.date | None = None) -> None:
    """Refuse what a rule refuses, and what it warns of when no reason was written; keep what a reason went past.

    What the bank paid after the release stands, and what it already has is put right by no reason: such findings are
    kept beside the payout.
    """
    if bulk.act in RESERVING:
        lock_funds({payout.paid_from_id for payout in bulk.rows})
    findings = findings_of(bulk.rows, today=today, on=on, elsewhere=bulk.act != "payout.plan")
    stopped = []
    for payout in bulk.rows:
        sent = payout.state == PayoutState.RELEASED
        for finding in findings[payout.pk]:
            if finding.severity == REFUSE and not stands(payout):
                stopped.append(f"发放 {payout.number}：{finding.sentence}")
            elif finding.severity == WARN and not payout.reason and not sent:
                stopped.append(f"发放 {payout.number} 须写明原因：{finding.sentence}")
    if stopped:
        more = f"（另有 {len(stopped) - 5} 处）" if len(stopped) > 5 else ""
        raise bulk.refused("".join(stopped[:5]) + more, "请打开这几笔，按提示改正或写明原因；已送审的请先退回。")
    keep_overrides(by=bulk.by, step=bulk.act, payouts=bulk.rows, findings=findings, at=clock.db_now())


def is_new_generation(payout: Payout) -> bool:
    """Whether the recipient is a farmer worker born in 1980 or later."""
    born = idnumber.birth_date(payout.id_number) if payout.id_number else None
    return getattr(payout, Trait.FARMER_WORKER) and born is not None and born.year >= NEW_GENERATION_FROM


def _allocate(bulk: Bulk, paid_on: datetime.date) -> None:
    for payout in bulk.rows:
        if payout.paid_from_id == payout.union_id:
            continue
        sums: dict[str, Decimal] = {}
        for line in payout.lines.all():
            sums[line.source] = sums.get(line.source, Decimal(0)) + line.amount
        for source, amount in sums.items():
            record_allocation(
                by=bulk.by,
                giver=payout.paid_from,
                receiver=payout.union,
                campaign=payout.campaign,
                source=source,
                amount=amount,
                allocated_on=paid_on,
                payout_ref=payout.number,
            )
