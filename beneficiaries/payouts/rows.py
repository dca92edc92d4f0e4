"""Payouts as the screen may show them: masked on the server; templates get these objects and never the rows (R-30)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from beneficiaries.enums import HardshipClass, PayoutState, Route, Trait
from beneficiaries.funds import balances
from beneficiaries.models import Dossier, Payout, PayoutLine
from beneficiaries.rules import REFUSE, WARN, Finding
from campaigns.enums import FundSource
from relief.lib import clock, idnumber

NOTHING = Decimal("0.00")
CHECKED = (PayoutState.DRAFT, PayoutState.PLANNED, PayoutState.APPROVED)
"""States in which the rules still stop a step; what the bank has or paid stands, and what they say is kept beside it."""
PAPERS = {
    Route.CARD: "银行出盘文件",
    Route.PASSBOOK: "银行出盘文件",
    Route.CASH: "签收表",
    Route.GOODS: "签收表、发票",
}


@dataclass(frozen=True)
class LineRow:
    """One money or goods line; `bad` names its guilty cells."""

    source: str
    route: str
    item: str
    amount: Decimal
    bad: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PayoutRow:
    """One payout in a list."""

    pk: int
    version: int
    number: str
    name: str
    id_tail: str
    union: str
    campaign: str
    group: str
    purpose: str
    traits: str
    day: datetime.date
    planned: bool
    state: str
    state_label: str
    lines: list[LineRow]
    amount: Decimal
    findings: list[Finding]
    reason: str
    verdict: str
    verdict_tone: str
    failure: str = ""

    @property
    def edge(self) -> str:
        """The class of the row's left edge."""
        return {"bad": "row-bad edge-bad", "warn": "row-warn edge-warn"}.get(self.verdict_tone, "")


def row(payout: Payout, findings: Sequence[Finding] = ()) -> PayoutRow:
    """The payout masked, with what the rules say."""
    told = list(findings) if payout.state in CHECKED else []
    verdict, tone = _verdict(payout, told)
    state, label = state_of(payout)
    lines = line_rows(payout.lines.all(), told)
    return PayoutRow(
        pk=payout.pk,
        version=payout.version,
        number=payout.number,
        name=idnumber.mask_name(payout.recipient),
        id_tail=f"···{idnumber.last4(payout.id_number)}" if payout.id_number else "未登记",
        union=payout.union.called,
        campaign=str(payout.campaign or "日常帮扶"),
        group=payout.get_relief_group_display(),
        purpose=payout.get_purpose_display(),
        traits="、".join(Trait(trait).label for trait in Trait.values if getattr(payout, trait)),
        day=payout.paid_on or payout.planned_on,
        planned=payout.paid_on is None,
        state=state,
        state_label=label,
        lines=lines,
        amount=sum((line.amount for line in lines), NOTHING),
        findings=[finding for finding in told if finding.severity in (REFUSE, WARN)],
        reason=payout.reason,
        verdict=verdict,
        verdict_tone=tone,
        failure=payout.failure,
    )


def line_rows(lines: Iterable[PayoutLine], findings: Sequence[Finding] = ()) -> list[LineRow]:
    """The lines with the cells that a refusing rule found guilty."""
    bad: dict[int, set[str]] = defaultdict(set)
    for finding in findings:
        parts = finding.field.split("-")
        if parts[0] == "lines" and finding.severity == REFUSE:
            bad[int(parts[1])].add(parts[2])
    return [
        LineRow(line.get_source_display(), line.get_route_display(), line.item, line.amount, frozenset(bad[at]))
        for at, line in enumerate(lines)
    ]


def state_of(payout: Payout) -> tuple[str, str]:
    """The word of the pill: a reviewed payout waits for approval, a reversed one says so."""
    if any(reversal.confirmed_at for reversal in payout.reversals.all()):
        return "reversed", "已冲正"
    if payout.state == PayoutState.PLANNED and payout.reviewed_by_id is not None:
        return payout.state, "待第二审批" if payout.approved_by_id else "待审批"
    return payout.state, payout.get_state_display()


def _verdict(payout: Payout, findings: Sequence[Finding]) -> tuple[str, str]:
    severities = {finding.severity for finding in findings}
    if REFUSE in severities:
        return "被拦下", "bad"
    if WARN in severities:
        return ("提醒，已写原因", "warn") if payout.reason else ("提醒，须写原因", "warn")
    return ("通过", "ok") if payout.state in CHECKED else ("", "")


@dataclass(frozen=True)
class SourceRow:
    """One source at the paying union before and after some payouts."""

    source: str
    available: Decimal
    amount: Decimal

    @property
    def after(self) -> Decimal:
        return self.available - self.amount


def source_rows(union_id: int, amounts: Mapping[str, Decimal], *, without: Iterable[int] = ()) -> list[SourceRow]:
    """What each source has free and what is left after the amounts; approved and sent payouts are taken off first."""
    held = balances.balances([union_id])[union_id]
    waiting = balances.committed([union_id], without=without)
    rows = []
    for source in FundSource:
        free = (held[source].balance if source in held else NOTHING) - waiting.get((union_id, source), NOTHING)
        if source in held or amounts.get(source):
            rows.append(SourceRow(source.label, free, amounts.get(source, NOTHING)))
    return rows


@dataclass
class RouteRow:
    """One way of paying: how many lines, how much, on what paper."""

    route: str
    paper: str
    count: int = 0
    amount: Decimal = NOTHING


def route_rows(payouts: Iterable[Payout]) -> list[RouteRow]:
    rows = {route.value: RouteRow(route.label, PAPERS[route]) for route in Route}
    for payout in payouts:
        for line in payout.lines.all():
            rows[line.route].count += 1
            rows[line.route].amount += line.amount
    return [row for row in rows.values() if row.count]


@dataclass(frozen=True)
class AidHistory:
    """What a household got: newest first, with the totals of this year and of all years."""

    rows: list[PayoutRow] = field(default_factory=list)
    this_year: Decimal = NOTHING
    in_all: Decimal = NOTHING


def aid_history(dossier: Dossier, today: datetime.date) -> AidHistory:
    """The payouts of a dossier that somebody may see; totals count what was paid and not reversed (D5)."""
    payouts = (
        Payout.objects.filter(dossier=dossier)
        .exclude(state=PayoutState.DRAFT)
        .select_related("union", "campaign")
        .prefetch_related("lines", "reversals")
    )
    rows = [row(payout) for payout in payouts]
    counted = [each for each in rows if each.state == PayoutState.PAID]
    return AidHistory(
        rows,
        sum((each.amount for each in counted if each.day.year == today.year), NOTHING),
        sum((each.amount for each in counted), NOTHING),
    )


def steps(payout: Payout) -> list[dict[str, Any]]:
    """The steps with the person of each, for the chain on top of the page; a second approval only where one is needed."""
    two = payout.second_needed
    done = [
        ("制单", payout.entered_by, payout.entered_at, "录入对象和款物", None),
        ("审核", payout.reviewed_by, payout.reviewed_at, "核对人、类别、规则", payout.review_union),
        ("审批", payout.approved_by, payout.approved_at, "核对金额和来源", payout.approve_union),
        *(
            [("第二审批", payout.second_by, payout.second_at, "超过限额，另一人复核", payout.second_union)]
            if two
            else []
        ),
        (
            "发放",
            payout.released_by,
            payout.settled_at or payout.released_at,
            "银行出盘，现金实物凭签收",
            payout.pay_union,
        ),
    ]
    passed = _passed(payout)
    return [
        {
            "label": label,
            "state": "done" if at < passed else "current" if at == passed else "todo",
            "person": _who(person, instant, union),
            "note": note,
        }
        for at, (label, person, instant, note, union) in enumerate(done)
    ]


def _passed(payout: Payout) -> int:
    if payout.state == PayoutState.DRAFT:
        return 0
    if payout.state == PayoutState.PLANNED:
        return 1 + sum(1 for hand in (payout.reviewed_by_id, payout.approved_by_id) if hand)
    return (4 if payout.state == PayoutState.PAID else 3) + payout.second_needed


def _who(person: Any, instant: datetime.datetime | None, union: Any) -> str:
    if person is None:
        return f"由{union.called}办理" if union is not None else ""
    return f"{person.name}，{clock.day_of(instant):%-m月%-d日}" if instant else person.name


def snapshot_words(payout: Payout) -> list[tuple[str, str]]:
    """The frozen household, masked."""
    frozen: dict[str, Any] = payout.snapshot  # type: ignore[assignment]
    if not frozen:
        return []
    return [
        ("户主", idnumber.mask_name(frozen["name"])),
        ("困难类别", HardshipClass(frozen["class"]).label if frozen["class"] else "未认定"),
        ("家庭人口", f"{frozen['members']} 人"),
        ("人均月收入", "已登记" if frozen["per_head"] else "未登记"),
    ]
