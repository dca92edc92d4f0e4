"""Moving a dossier through its chain: apply, visit, post, review, approve, return; one gate for every step."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from beneficiaries.actions import claims, restarts
from beneficiaries.dossiers import duplicates, periods
from beneficiaries.enums import CaseState, DossierLevel, DossierState, HardshipClass, Step
from beneficiaries.models import Assessment, Dossier, Opinion
from relief.lib import clock
from unions import audit
from unions.enums import Role
from unions.models import Person
from unions.policy import ACTS, Decision, Refused, Stale, can, require
from unions.words import refuse_numbers

POSTING_DAYS = 5
MOST_SUGGESTED = 1_000_000
DECIDING = frozenset({"dossier.review", "dossier.approve", "dossier.return", "dossier.send_back"})
OWN_WORK = Decision(
    False,
    "您录入、修改或走访过这份档案，审核和审批必须由没有经手的人办理（不相容岗位分离）。",
    "请交给同岗位的另一位同事办理。",
)


def may(person: Person, act: str, dossier: Dossier) -> Decision:
    """`policy.can`, and for deciding steps also: nobody who had a hand in the file, whatever the account (R-09)."""
    decision = can(person, act, dossier)
    if decision and act in DECIDING and person.pk in restarts.hands(dossier):
        return OWN_WORK
    return decision


def apply_dossier(
    *, by: Person, dossier: Dossier, version: int, text: str = "", amount: Decimal | None = None
) -> Dossier:
    """Hand the draft in: the unions that review and approve it are frozen here."""
    _may(by, "dossier.apply", dossier)
    _ready(dossier)
    _nobody_stands_elsewhere(dossier)
    own = restarts.hands(dossier) | {by.pk}
    extra = {
        "review_union": restarts.deciding_union(dossier.union, Role.REVIEW, own, act="dossier.apply", obj=dossier),
        "approve_union": restarts.deciding_union(dossier.union, Role.APPROVE, own, act="dossier.apply", obj=dossier),
        "visited_by": None,
        "reviewed_by": None,
        "approved_by": None,
    }
    return _move(
        by=by,
        dossier=dossier,
        act="dossier.apply",
        version=version,
        step=Step.APPLY,
        text=text,
        amount=amount,
        extra=extra,
    )


def visit_dossier(
    *,
    by: Person,
    dossier: Dossier,
    version: int,
    text: str = "",
    on: datetime.date | None = None,
    amount: Decimal | None = None,
) -> Dossier:
    """Record the home visit of the application (入户调查)."""
    _may(by, "dossier.visit", dossier)
    extra = {"visited_by": by}
    return _move(
        by=by,
        dossier=dossier,
        act="dossier.visit",
        version=version,
        step=Step.VISIT,
        text=text,
        on=on,
        amount=amount,
        extra=extra,
    )


def post_dossier(
    *,
    by: Person,
    dossier: Dossier,
    version: int,
    text: str = "",
    on: datetime.date | None = None,
    until: datetime.date | None = None,
    amount: Decimal | None = None,
) -> Dossier:
    """Record the public list: from `on` until and with `until`. Fewer than five working days is a warning, not a refusal."""
    _may(by, "dossier.post", dossier)
    first = on or clock.today()
    if until is not None and until < first:
        raise Refused("公示截止日早于公示起始日。", "请核对两个日期。", status=422, act="dossier.post", obj=dossier)
    return _move(
        by=by,
        dossier=dossier,
        act="dossier.post",
        version=version,
        step=Step.POST,
        text=text,
        on=first,
        until=until,
        amount=amount,
    )


def review_dossier(
    *, by: Person, dossier: Dossier, version: int, text: str = "", amount: Decimal | None = None
) -> Dossier:
    """Pass the file on to approval; by another person than those who entered, changed or visited."""
    _may(by, "dossier.review", dossier)
    own = restarts.hands(dossier) | {by.pk}
    assert dossier.approve_union is not None
    approve = restarts.deciding_union(dossier.approve_union, Role.APPROVE, own, act="dossier.review", obj=dossier)
    extra = {"reviewed_by": by, "approve_union": approve}
    return _move(
        by=by,
        dossier=dossier,
        act="dossier.review",
        version=version,
        step=Step.REVIEW,
        text=text,
        amount=amount,
        extra=extra,
    )


def approve_dossier(
    *,
    by: Person,
    dossier: Dossier,
    version: int,
    text: str = "",
    opened_on: datetime.date | None = None,
    level: str = "",
    amount: Decimal | None = None,
) -> Dossier:
    """Make the file active from its paper date `opened_on` (today when none is given); next review a year later."""
    _may(by, "dossier.approve", dossier)
    today = clock.today()
    first = dossier.opened_on is None
    opened = opened_on or dossier.opened_on or today
    if opened > today:
        raise Refused(
            "建档日期在今天之后。",
            "请填写纸质档案上的日期，不能晚于今天。",
            status=422,
            act="dossier.approve",
            obj=dossier,
        )
    if level and level not in DossierLevel.values:
        raise Refused("建档标准不在可选范围里。", "请从列表里选择。", status=422, act="dossier.approve", obj=dossier)
    extra = {
        "approved_by": by,
        "approved_at": clock.db_now(),
        "opened_on": opened,
        "level": level or dossier.level,
        "review_due_on": year_after(opened if first else today),
        "closing_reason": "",
    }
    return _move(
        by=by,
        dossier=dossier,
        act="dossier.approve",
        version=version,
        step=Step.APPROVE,
        text=text,
        amount=amount,
        extra=extra,
        from_day=opened if first else today,
    )


def return_dossier(*, by: Person, dossier: Dossier, version: int, reason: str) -> Dossier:
    """Send the file back to a draft with a reason: the reviewer before the review, the approver after it."""
    act = "dossier.send_back" if dossier.state == DossierState.REVIEWED else "dossier.return"
    _may(by, act, dossier)
    if not reason.strip():
        raise Refused("退回要写明原因。", "请写清楚缺什么、改什么，再退回。", status=422, act=act, obj=dossier)
    extra = {"visited_by": None, "reviewed_by": None, "approved_by": None, "review_union": None, "approve_union": None}
    return _move(by=by, dossier=dossier, act=act, version=version, step=Step.RETURN, text=reason, extra=extra)


def working_days(first: datetime.date, last: datetime.date) -> int:
    """Mondays to Fridays from the first day to the last, both included (festivals are not known here).

    >>> working_days(datetime.date(2023, 5, 18), datetime.date(2023, 5, 25))
    6
    """
    days = (first + datetime.timedelta(n) for n in range((last - first).days + 1))
    return sum(day.weekday() < 5 for day in days)


def posting_warnings(first: datetime.date, last: datetime.date | None, today: datetime.date) -> list[str]:
    """What the reviewer should know about the public list; empty when it ran its time."""
    if last is None:
        return ["公示没有登记截止日。"]
    found = []
    days = working_days(first, last)
    if days < POSTING_DAYS:
        found.append(f"公示只有 {days} 个工作日，不足 {POSTING_DAYS} 个工作日。")
    if last >= today:
        found.append(f"公示要到 {last.month} 月 {last.day} 日结束，还没有期满。")
    return found


def _may(by: Person, act: str, dossier: Dossier) -> None:
    require(by, act, dossier)
    decision = may(by, act, dossier)
    if not decision:
        raise Refused(decision.reason, decision.next_step, status=decision.status, act=act, obj=dossier)


def _ready(dossier: Dossier) -> None:
    """Refuse an application that nobody could decide."""
    missing = []
    if not dossier.id_number:
        missing.append("户主身份证号")
    if not dossier.name:
        missing.append("户主姓名")
    if not Assessment.objects.filter(dossier=dossier).exists():
        missing.append("困难评估")
    if missing:
        raise Refused(f"还缺{'、'.join(missing)}，不能提交申请。", "请补齐后再提交。", act="dossier.apply", obj=dossier)
    if dossier.hardship_class in ("", HardshipClass.NONE):
        raise Refused(
            "测算结果是“不符合”，不能提交申请。",
            "请核对评估数据；确有特殊情况的，写明理由人工认定后再提交。",
            act="dossier.apply",
            obj=dossier,
        )


def _nobody_stands_elsewhere(dossier: Dossier) -> None:
    """Refuse an application while a person of the file stands in another one without a cleared claim (D19)."""
    for claim in claims.unsettled(dossier):
        waits = claim.state == CaseState.WAITING
        raise Refused(
            f"{claim.asked_about}已在“{claim.held_union.name}”有档案，"
            + ("重复登记的理由还没有核准。" if waits else f"重复登记没有核准：{claim.answer}"),
            f"请等{claim.clear_union.called}核准，或改正号码。" if waits else "请改正号码、移出这个人，或申请转入。",
            act="dossier.apply",
            obj=dossier,
        )
    keepers = duplicates.still_held(dossier)
    if keepers:
        names = "、".join(f"“{union.name}”" for union in keepers)
        raise Refused(
            f"这份档案里有人已在{names}的档案里，一人只能在一份档案里。",
            "请打开“修改”，重新填写这个人的身份证号，按提示申请转入或写明理由。",
            act="dossier.apply",
            obj=dossier,
        )


@transaction.atomic
def _move(
    *,
    by: Person,
    dossier: Dossier,
    act: str,
    version: int,
    step: str,
    text: str,
    on: datetime.date | None = None,
    until: datetime.date | None = None,
    from_day: datetime.date | None = None,
    amount: Decimal | None = None,
    extra: dict[str, Any] | None = None,
) -> Dossier:
    """The gate: one update that names state and version, one opinion, one period, one audit event."""
    today, now, row = clock.today(), clock.db_now(), ACTS.get(act)
    assert row is not None
    assert row.after is not None
    _day_is_possible(on, today, act, dossier)
    if len(text) > 400:
        raise Refused("意见最多 400 个字。", "请缩短后再提交。", status=422, act=act, obj=dossier)
    refuse_numbers(text, "意见", "档案号", act=act, obj=dossier)
    if amount is not None and not 0 <= amount <= MOST_SUGGESTED:
        raise Refused(
            "建议金额不对。", "请填 0 元以上、100 万元以下的金额，单位是元。", status=422, act=act, obj=dossier
        )
    if dossier.version != version:
        raise Stale(_moved(dossier), act=act, obj=dossier)
    rows = Dossier.objects.filter(pk=dossier.pk, state=dossier.state, version=version)
    try:
        with transaction.atomic():
            updated = rows.update(state=row.after, version=F("version") + 1, changed_at=now, **(extra or {}))
    except IntegrityError:
        raise _second_file(dossier, act) from None
    if updated != 1:
        raise Stale(_moved(dossier), act=act, obj=dossier)
    union = _union_of(dossier, act)
    Opinion.objects.create(
        dossier=dossier,
        step=step,
        union=union,
        person=by,
        text=text.strip() or row.label,
        on=on or today,
        until=until,
        amount=amount,
        at=now,
    )
    restarts.note_state(by=by, dossier=dossier, after=row.after, reason=text)
    before = {"state": dossier.state, "version": version}
    fresh = Dossier.objects.select_related("union", "review_union", "approve_union").get(pk=dossier.pk)
    periods.turn(fresh, from_day or today, act=act)
    after = {
        "state": fresh.state,
        "version": fresh.version,
        "text": text,
        "opened_on": str(fresh.opened_on),
        "amount": str(amount),
    }
    audit.record(act=act, by=by, union=dossier.union, obj=dossier, fields=["state"], before=before, after=after)
    return fresh


def _moved(dossier: Dossier) -> list[tuple[str, str, str]]:
    """What a stale page shows: the state now beside the state it knew."""
    now = Dossier.objects.get(pk=dossier.pk)
    return [("状态", now.get_state_display(), dossier.get_state_display())] if now.state != dossier.state else []


def _union_of(dossier: Dossier, act: str) -> Any:
    if act in ("dossier.review", "dossier.return"):
        return dossier.review_union
    return dossier.approve_union if act in ("dossier.approve", "dossier.send_back") else dossier.union


def _day_is_possible(on: datetime.date | None, today: datetime.date, act: str, dossier: Dossier) -> None:
    if on is not None and on > today:
        raise Refused("日期在今天之后。", "请填写已经发生的日期。", status=422, act=act, obj=dossier)


def _second_file(dossier: Dossier, act: str) -> Refused:
    """The sentence for a householder who has a live file already; only the holding union is named."""
    other = Dossier.objects.filter(id_index=dossier.id_index, state__in=duplicates.LIVE).exclude(pk=dossier.pk)
    keeper = other.values_list("union__name", flat=True).first() or "另一个工会"
    return Refused(
        f"这位户主在“{keeper}”已有一份办理中或在档的档案，一户只能有一份。",
        "请联系该工会办理转移，本份档案可以注销。",
        act=act,
        obj=dossier,
    )


def year_after(day: datetime.date) -> datetime.date:
    """The same day of the next year; the first of March after a leap day."""
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else datetime.date(day.year + 1, 3, 1)
