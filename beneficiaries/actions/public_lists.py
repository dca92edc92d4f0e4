"""Public lists: prepared by one person, published by another, withdrawn, objected to (R-29)."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Sum

from beneficiaries import publiclists
from beneficiaries.actions.chain import POSTING_DAYS, post_dossier, working_days
from beneficiaries.dossiers.intake import Faults
from beneficiaries.enums import DossierState, ListKind, ListState, ObjectionOutcome, PayoutState
from beneficiaries.models import Dossier, Objection, Opinion, Payout, PayoutLine, PublicList, PublicListLine
from campaigns.models import Campaign
from relief.lib import clock, idnumber
from unions import audit
from unions.enums import Role
from unions.models import Person, Union
from unions.policy import Refused, Stale, require, step_union

MOST_LINES = 500
TO_POST = (DossierState.VISITED, DossierState.POSTED)
TAKEN_BACK = Q(reversals__confirmed_at__isnull=False)
TO_LIST = (PayoutState.PLANNED, PayoutState.APPROVED, PayoutState.RELEASED, PayoutState.PAID)


def prepare_list(
    *,
    by: Person,
    union: Union,
    title: str,
    starts_on: datetime.date,
    ends_on: datetime.date,
    contact: str,
    dossiers: Sequence[Dossier] = (),
    payouts: Sequence[Payout] = (),
    campaign: Campaign | None = None,
    with_amount: bool = False,
    amount_basis: str = "",
) -> PublicList:
    """Freeze the lines of a list that another person publishes; wrong entries raise `Faults` by field."""
    act = "list.prepare"
    kind = ListKind.PAYOUTS if payouts else ListKind.DOSSIERS
    made = PublicList(
        union=union,
        kind=kind,
        campaign=campaign,
        title=title.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        contact=contact.strip(),
        with_amount=with_amount and kind == ListKind.PAYOUTS,
        amount_basis=amount_basis.strip(),
        token=secrets.token_urlsafe(32),
        prepared_by=by,
    )
    require(by, act, made)
    faults = _faults(made) | _origin_faults(made, dossiers, payouts)
    if faults:
        raise Faults(faults, act=act)
    approve = step_union(union, Role.APPROVE, other_than=[by.pk])
    if approve is None:
        raise Refused("没有其他人担任审批岗位，不能发布公示。", "请联系安全管理员授岗。", act=act)
    lines = _dossier_lines(dossiers) if kind == ListKind.DOSSIERS else _payout_lines(payouts, made.with_amount)
    with transaction.atomic():
        made.approve_union, made.count, made.prepared_at = approve, len(lines), clock.db_now()
        made.save(force_insert=True)
        for place, line in enumerate(lines, 1):
            line.public_list, line.place = made, place
        PublicListLine.objects.bulk_create(lines)
        audit.record(
            act=act,
            by=by,
            union=union,
            obj=made,
            fields=["title", "lines"],
            after=[[line.name, line.unit, line.class_word, str(line.amount)] for line in lines],
            detail={"kind": kind, "count": len(lines), "until": str(ends_on)},
        )
    return made


@transaction.atomic
def publish_list(*, by: Person, public_list: PublicList, version: int) -> PublicList:
    """Open the link to everybody until the end of the last day: at least five working days from today."""
    act, today = "list.publish", clock.today()
    require(by, act, public_list)
    first = max(public_list.starts_on, today)
    if first > public_list.ends_on or working_days(first, public_list.ends_on) < POSTING_DAYS:
        raise Refused(
            f"从今天发布到 {public_list.ends_on} 不足 {POSTING_DAYS} 个工作日。",
            "请撤下这份名单，按新的日期重新拟一份。",
            act=act,
            obj=public_list,
        )
    _origins_stand(public_list, act)
    rows = PublicList.objects.filter(pk=public_list.pk, state=ListState.DRAFT, version=version)
    moved = rows.update(
        state=ListState.PUBLISHED,
        starts_on=first,
        published_by=by,
        published_at=clock.db_now(),
        version=F("version") + 1,
    )
    if moved != 1:
        raise Stale(act=act, obj=public_list)
    detail = {"count": public_list.count, "from": str(first), "until": str(public_list.ends_on)}
    audit.record(act=act, by=by, union=public_list.union, obj=public_list, fields=["state"], detail=detail)
    return PublicList.objects.select_related("union").get(pk=public_list.pk)


@transaction.atomic
def withdraw_list(*, by: Person, public_list: PublicList, version: int, reason: str) -> PublicList:
    """Close the link at once, with a reason."""
    act = "list.withdraw"
    require(by, act, public_list)
    _plain(reason, "撤下的原因", act, public_list, most=200)
    rows = PublicList.objects.filter(pk=public_list.pk, state=public_list.state, version=version)
    moved = rows.update(
        state=ListState.WITHDRAWN,
        withdrawn_by=by,
        withdrawn_at=clock.db_now(),
        withdrawn_why=reason.strip(),
        version=F("version") + 1,
    )
    if moved != 1:
        raise Stale(act=act, obj=public_list)
    audit.record(
        act=act, by=by, union=public_list.union, obj=public_list, fields=["state", "withdrawn_why"],
        before={"state": public_list.state}, after={"reason": reason.strip()},
    )  # fmt: skip
    return PublicList.objects.select_related("union").get(pk=public_list.pk)


@transaction.atomic
def post_listed(*, by: Person, public_list: PublicList) -> int:
    """Take the step 公示 for every visited file of a published list, with its days; returns how many."""
    require(by, "list.prepare", public_list)
    if public_list.state != ListState.PUBLISHED or public_list.kind != ListKind.DOSSIERS:
        raise Refused("公示中的建档名单才能登记。", "请先由审批人发布。", act="list.prepare", obj=public_list)
    rows = Dossier.objects.filter(public_lines__public_list=public_list, state=DossierState.VISITED)
    waiting = list(rows.select_related("union"))
    for dossier in waiting:
        post_dossier(
            by=by,
            dossier=dossier,
            version=dossier.version,
            text=f"见公示《{public_list.title}》",
            on=public_list.starts_on,
            until=public_list.ends_on,
        )
        opinion = Opinion.objects.filter(dossier=dossier).order_by("-pk")[:1].get()
        PublicListLine.objects.filter(public_list=public_list, dossier=dossier).update(posting=opinion)
    return len(waiting)


@transaction.atomic
def record_objection(
    *, by: Person, public_list: PublicList, received_on: datetime.date, text: str, line: PublicListLine | None = None
) -> Objection:
    """Write down what somebody objected; the person who objected is not named."""
    act = "list.object"
    require(by, act, public_list)
    _plain(text, "异议内容", act, public_list)
    if received_on > clock.today() or received_on < public_list.starts_on:
        raise Refused("收到日期应在公示开始以后、不晚于今天。", "请核对日期。", status=422, act=act, obj=public_list)
    if line is not None and line.public_list_id != public_list.pk:
        raise Refused("这一行不在这份公示里。", "请从列表里选择。", status=422, act=act, obj=public_list)
    made = Objection.objects.create(
        public_list=public_list,
        line=line,
        received_on=received_on,
        text=text.strip(),
        recorded_by=by,
        recorded_at=clock.db_now(),
    )
    audit.record(
        act=act,
        by=by,
        union=public_list.union,
        obj=made,
        fields=["text"],
        after={"text": made.text},
        detail={"on": str(received_on)},
    )
    return made


@transaction.atomic
def decide_objection(*, by: Person, objection: Objection, version: int, outcome: str, answer: str) -> Objection:
    """Say what the look into an objection found: it holds, or it does not."""
    act = "objection.decide"
    require(by, act, objection)
    if objection.public_list.prepared_by_id == by.pk:
        raise Refused(
            "这份名单是您拟的，异议要由另一个人核查。",
            "请交给本工会的审核、审批人或另一位填报员。",
            status=403,
            act=act,
            obj=objection,
        )
    if outcome not in (ObjectionOutcome.UPHELD, ObjectionOutcome.DISMISSED):
        raise Refused("请选择成立或不成立。", "选好以后再提交。", status=422, act=act, obj=objection)
    _plain(answer, "核查情况", act, objection)
    rows = Objection.objects.filter(pk=objection.pk, outcome=ObjectionOutcome.OPEN, version=version)
    moved = rows.update(
        outcome=outcome, answer=answer.strip(), decided_by=by, decided_at=clock.db_now(), version=F("version") + 1
    )
    if moved != 1:
        raise Stale(act=act, obj=objection)
    union = objection.public_list.union
    audit.record(
        act=act, by=by, union=union, obj=objection, fields=["outcome"], after={"answer": answer}, detail={"is": outcome}
    )
    return Objection.objects.get(pk=objection.pk)


def _faults(made: PublicList) -> dict[str, str]:
    found = {}
    for name, most in (("title", 80), ("contact", 80), ("amount_basis", 120)):
        text = getattr(made, name)
        if not text and name != "amount_basis":
            found[name] = "请填写这一项。"
        elif len(text) > most:
            found[name] = f"最多 {most} 个字，请缩短。"
        elif idnumber.contains_number(text):
            found[name] = "这里有证件号或卡号一类的号码，公示里不能有，请去掉。"
    if made.with_amount and not made.amount_basis:
        found["amount_basis"] = "公布金额要写明依据哪一条规定。"
    if made.ends_on < made.starts_on:
        found["ends_on"] = "公示截止日早于起始日，请核对两个日期。"
    elif working_days(made.starts_on, made.ends_on) < POSTING_DAYS:
        days = working_days(made.starts_on, made.ends_on)
        found["ends_on"] = f"只有 {days} 个工作日，公示至少 {POSTING_DAYS} 个工作日。"
    elif (made.ends_on - made.starts_on).days > 60:
        found["ends_on"] = "公示最长 60 天，请改早一些。"
    if made.starts_on < clock.today():
        found["starts_on"] = "公示不能从过去的日子开始，请填今天或以后。"
    return found


def _origin_faults(made: PublicList, dossiers: Sequence[Dossier], payouts: Sequence[Payout]) -> dict[str, str]:
    """What is wrong with the chosen files or payouts, each by its number."""
    chosen: list[Dossier | Payout] = [*dossiers, *payouts]
    if not chosen:
        return {"chosen": "请至少选一个。"}
    if len(chosen) > MOST_LINES:
        return {"chosen": f"一份公示最多 {MOST_LINES} 人，现在是 {len(chosen)} 人，请分成几份。"}
    today, said = clock.today(), []
    taken_back = set(Payout.objects.filter(TAKEN_BACK, pk__in=[row.pk for row in payouts]))
    for row in chosen:
        states: Sequence[str] = TO_POST if isinstance(row, Dossier) else TO_LIST
        name = row.name if isinstance(row, Dossier) else row.recipient
        fault = publiclists.faults_of(name, row.id_number, today)
        if row.union_id != made.union.pk or row.state not in states:
            fault = f"现在是“{row.get_state_display()}”，不能公示"
        elif row in taken_back:
            fault = "已经冲正，不能公示"
        if fault:
            said.append(f"{row.number}：{fault}。")
    return {"chosen": "".join(said[:20])} if said else {}


def _origins_stand(made: PublicList, act: str) -> None:
    """Refuse a list whose files or payouts were returned, taken back, closed, handed over or changed since it was made."""
    model: type[Dossier] | type[Payout] = Dossier if made.kind == ListKind.DOSSIERS else Payout
    states: Sequence[str] = TO_POST if made.kind == ListKind.DOSSIERS else TO_LIST
    listed = model.objects.filter(public_lines__public_list=made)
    fell = ~Q(union=made.union_id, state__in=states)
    if made.kind == ListKind.PAYOUTS:
        fell |= TAKEN_BACK
    gone = listed.filter(fell).order_by("number").values_list("number", flat=True).distinct()[:20]
    numbers, what = list(gone), "已经退回、冲正、注销或转走的"
    if not numbers:
        numbers, what = _changed(made), "拟好以后改过的"
    if numbers:
        raise Refused(
            f"名单里有{what}：{'、'.join(numbers)}，没有发布。",
            "请撤下这份名单，去掉这些以后重新拟一份。",
            act=act,
            obj=made,
        )


def _changed(made: PublicList) -> list[str]:
    """The numbers of those whose line would read otherwise, were the list made now."""
    kept = list(made.lines.select_related("dossier__union", "payout__union", "payout__dossier"))
    now = _dossier_lines([line.dossier for line in kept if line.dossier])
    now += _payout_lines([line.payout for line in kept if line.payout], made.with_amount)
    before = {line.dossier or line.payout: _said(line) for line in kept}
    pairs = [(line.dossier or line.payout, _said(line)) for line in now]
    return sorted(row.number for row, said in pairs if row and before[row] != said)[:20]


def _said(line: PublicListLine) -> tuple[Any, ...]:
    return line.name, line.class_word, line.amount


def _dossier_lines(dossiers: Sequence[Dossier]) -> list[PublicListLine]:
    ordered = sorted(dossiers, key=lambda dossier: dossier.number)
    return [PublicListLine(dossier=row, **vars(publiclists.dossier_line(row))) for row in ordered]


def _payout_lines(payouts: Sequence[Payout], with_amount: bool) -> list[PublicListLine]:
    sums = PayoutLine.objects.filter(payout__in=payouts).order_by().values("payout").annotate(total=Sum("amount"))
    totals = {row["payout"]: row["total"] for row in sums}
    ordered = sorted(payouts, key=lambda payout: payout.number)
    return [
        PublicListLine(payout=row, **vars(publiclists.payout_line(row, totals.get(row.pk) if with_amount else None)))
        for row in ordered
    ]


def _plain(text: str, what: str, act: str, obj: PublicList | Objection, *, most: int = 400) -> None:
    fault = ""
    if not text.strip():
        fault = f"请写明{what}。"
    elif len(text.strip()) > most:
        fault = f"{what}最多 {most} 个字，请缩短。"
    elif idnumber.contains_number(text):
        fault = f"{what}里有证件号或卡号一类的号码，请去掉。"
    if fault:
        raise Refused(fault, "改好以后再提交。", status=422, act=act, obj=obj)
