"""Leaving a file, moving it to another union, and asking anew."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from beneficiaries.actions import restarts
from beneficiaries.dossiers import periods
from beneficiaries.enums import CaseState, ClosingReason, DossierState, PayoutState, Step
from beneficiaries.models import Dossier, DossierMerge, DossierMove, FieldChange, Opinion, Payout
from relief.lib import clock
from unions import audit
from unions.enums import Role
from unions.models import Person, Union
from unions.policy import Refused, Stale, require, step_union
from unions.words import refuse_numbers


def close_dossier(
    *,
    by: Person,
    dossier: Dossier,
    version: int,
    reason: str,
    text: str = "",
    on: datetime.date | None = None,
    kept: Dossier | None = None,
    past: bool = False,
) -> Dossier:
    """End the file from a day: out of hardship (脱困), or closed (注销) for another reason; words are asked for.

    A merged file (合并) points to the one that is `kept`; its payouts stay with their snapshots where they are.
    `past` takes over histories of before, which are as they are: payouts on their way hold nothing up.
    """
    act = "dossier.close"
    require(by, act, dossier)
    if reason not in ClosingReason.values:
        raise Refused(
            "请选择退出原因。", "脱困、退休、调离、死亡、错录或合并，选一项。", status=422, act=act, obj=dossier
        )
    out = reason == ClosingReason.OUT_OF_HARDSHIP
    if out and dossier.state != DossierState.ACTIVE:
        raise Refused("在档的档案才能办理脱困。", "草稿不用了，请选“错录”或“合并”注销。", act=act, obj=dossier)
    if not text.strip():
        raise Refused("退出要写明情况。", "请写清楚依据，例如收入变化、新的工作。", status=422, act=act, obj=dossier)
    if reason == ClosingReason.MERGED:
        _may_merge(by, dossier, kept)
    if not past:
        _no_money_on_its_way(dossier, act)
    after = DossierState.OUT_OF_HARDSHIP if out else DossierState.CLOSED
    extra = {"state": after, "closing_reason": reason}
    with transaction.atomic():
        if reason == ClosingReason.MERGED:
            assert kept is not None
            # both rows in one order, so that two merges into each other do not wait for one another
            both = Dossier.objects.select_for_update(no_key=True).filter(pk__in=[dossier.pk, kept.pk])
            list(both.order_by("pk").values_list("pk"))
            held = Dossier.objects.filter(pk=kept.pk, union=dossier.union_id).exclude(
                state__in=(DossierState.CLOSED, DossierState.OUT_OF_HARDSHIP)
            )
            if held.update(version=F("version") + 1) != 1:
                raise Stale([("保留的档案", "刚刚退出或转走", "在档")], act=act, obj=dossier)
            now = clock.db_now()
            DossierMerge.objects.update_or_create(
                closed=dossier, defaults={"kept": kept, "reason": text.strip()[:400], "by": by, "at": now}
            )
            note = {"field": "合并", "new": f"并入档案 {dossier.number}", "reason": text[:200]}
            FieldChange.objects.create(dossier=kept, by=by, at=now, **note)
        return _leave(by, dossier, version, act, Step.CLOSE, text, _day(on, act, dossier), extra)


def transfer_dossier(
    *,
    by: Person,
    dossier: Dossier,
    version: int,
    to: Union,
    text: str = "",
    on: datetime.date | None = None,
    past: bool = False,
) -> Dossier:
    """Hand the active file to another open union of the same tree from a day; it is seen there from then on.

    Pages offer a file and wait (`offer_dossier`); this is for histories that come with the consent of both. `past` takes
    over what happened before: payouts on their way hold nothing up.
    """
    require(by, "dossier.transfer", dossier)
    day = _day(on, "dossier.transfer", dossier)
    check_transfer(dossier, to, day, past=past)
    return hand_over(by=by, dossier=dossier, version=version, to=to, text=text, on=day)


def check_transfer(dossier: Dossier, to: Union, day: datetime.date, *, past: bool = False) -> None:
    """Refuse a transfer that could not be done on the day."""
    act = "dossier.transfer"
    if dossier.state != DossierState.ACTIVE:
        raise Refused(
            f"档案现在是“{dossier.get_state_display()}”，在档的档案才能转移。",
            "审核中的档案，请等建档以后再转，或退回后以“调离”注销。",
            act=act,
            obj=dossier,
        )
    if to.pk == dossier.union_id:
        raise Refused("档案已经在这个工会。", "请选择另一个工会。", status=422, act=act, obj=dossier)
    if to.line_ids()[0] != dossier.union.line_ids()[0]:
        raise Refused("只能转给同一个省级工会下面的工会。", "请重新选择转入工会。", status=422, act=act, obj=dossier)
    if not Union.objects.open_on(day).filter(pk=to.pk).exists():
        raise Refused(
            f"{to.called}在转移当日没有成立或已经撤销。", "请重新选择转入工会。", status=422, act=act, obj=dossier
        )
    if not past:
        _no_money_on_its_way(dossier, act)


def hand_over(
    *,
    by: Person,
    dossier: Dossier,
    version: int,
    to: Union,
    text: str,
    on: datetime.date,
    act: str = "dossier.transfer",
) -> Dossier:
    """Write the transfer that was checked: new keeper, new deciding unions, nobody's contact person any more."""
    deciders = {"review_union": step_union(to, Role.REVIEW), "approve_union": step_union(to, Role.APPROVE)}
    extra = {"union": to, "contact_person": None, **deciders}
    return _leave(by, dossier, version, act, Step.TRANSFER, text, on, extra)


def open_payouts(dossier: Dossier) -> tuple[int, int]:
    """(payouts on their way, drafts) of the file: the first hold a leaving up, the second stay with their union."""
    states = Payout.objects.filter(dossier=dossier).values_list("state", flat=True)
    under_way = (PayoutState.PLANNED, PayoutState.APPROVED, PayoutState.RELEASED)
    return sum(state in under_way for state in states), sum(state == PayoutState.DRAFT for state in states)


def _no_money_on_its_way(dossier: Dossier, act: str) -> None:
    under_way, _ = open_payouts(dossier)
    if under_way:
        raise Refused(
            f"这户还有 {under_way} 笔发放没有办完，现在退出或转走会断了手续。",
            "请先把待审核、已审批、已出账的发放办完或退回，再来办理。",
            act=act,
            obj=dossier,
        )


def _may_merge(by: Person, dossier: Dossier, kept: Dossier | None) -> None:
    """Refuse a merge into nothing, into itself, into a file that has left, or into one of another union."""
    act, fault = "dossier.close", ""
    if kept is None or not Dossier.objects.visible_to(by).filter(pk=kept.pk).exists():
        fault = "合并要写明保留的那份档案的档案号。"
    elif kept.pk == dossier.pk:
        fault = "保留的档案不能是这一份自己。"
    elif kept.union_id != dossier.union_id:
        fault = "两份档案不在同一个工会，请先办转移，再合并。"
    elif kept.state in (DossierState.CLOSED, DossierState.OUT_OF_HARDSHIP):
        fault = "保留的那份档案已经退出，不能并入。"
    if fault:
        raise Refused(fault, "请核对保留的档案号。", status=422, act=act, obj=dossier)


def reopen_dossier(*, by: Person, dossier: Dossier, version: int, text: str) -> Dossier:
    """Turn a left file into a draft again (返困): it goes through the whole chain anew."""
    require(by, "dossier.reopen", dossier)
    if not text.strip():
        raise Refused("重新申请要写明情况。", "请写清楚返困的原因。", status=422, act="dossier.reopen", obj=dossier)
    cleared: dict[str, Any] = dict.fromkeys(
        (
            "opened_on",
            "approved_at",
            "review_due_on",
            "visited_by",
            "reviewed_by",
            "approved_by",
            "review_union",
            "approve_union",
        )
    )
    extra = {"state": DossierState.DRAFT, "closing_reason": "", "entered_by": by, **cleared}
    return _leave(by, dossier, version, "dossier.reopen", Step.APPLY, text, clock.today(), extra)


def _day(on: datetime.date | None, act: str, dossier: Dossier) -> datetime.date:
    today = clock.today()
    if on is not None and on > today:
        raise Refused("日期在今天之后。", "请填写已经发生的日期。", status=422, act=act, obj=dossier)
    return on or today


@transaction.atomic
def _leave(
    by: Person,
    dossier: Dossier,
    version: int,
    act: str,
    step: str,
    text: str,
    day: datetime.date,
    extra: dict[str, Any],
) -> Dossier:
    now = clock.db_now()
    if len(text) > 400:
        raise Refused("说明最多 400 个字。", "请缩短后再提交。", status=422, act=act, obj=dossier)
    refuse_numbers(text, "说明", "档案号", act=act, obj=dossier)
    rows = Dossier.objects.filter(pk=dossier.pk, state=dossier.state, version=version)
    if dossier.version != version or rows.update(version=F("version") + 1, changed_at=now, **extra) != 1:
        raise Stale(act=act, obj=dossier)
    Opinion.objects.create(
        dossier=dossier, step=step, union=dossier.union, person=by, text=text.strip() or "转移", on=day, at=now
    )
    if "state" in extra:
        restarts.note_state(by=by, dossier=dossier, after=extra["state"], reason=text)
    else:
        FieldChange.objects.create(
            dossier=dossier,
            field="建档工会",
            old=dossier.union.called[:120],
            new=extra["union"].called[:120],
            reason=text[:200],
            by=by,
            at=now,
        )
    fresh = Dossier.objects.select_related("union", "review_union", "approve_union").get(pk=dossier.pk)
    periods.turn(fresh, day, act=act)
    waiting = DossierMove.objects.filter(dossier=dossier, state=CaseState.WAITING)
    waiting.update(
        state=CaseState.WITHDRAWN,
        answer="档案已经转移或退出。",
        decided_by=by,
        decided_at=now,
        version=F("version") + 1,
    )
    before = {"state": dossier.state, "union": dossier.union_id, "version": version}
    after = {"state": fresh.state, "union": fresh.union_id, "version": fresh.version, "text": text}
    fields = ["state", "closing_reason"] if "state" in extra else ["union"]
    audit.record(act=act, by=by, union=dossier.union, obj=dossier, fields=fields, before=before, after=after)
    return fresh
