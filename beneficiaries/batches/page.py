"""A batch as its page shows it: lines masked, what the rules say, totals, the chain and what comes next."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from beneficiaries.enums import PayoutState
from beneficiaries.models import Payout, PayoutBatch, PayoutLine
from beneficiaries.payouts import stages
from beneficiaries.payouts.facts import by_bank, findings_of
from beneficiaries.payouts.rows import CHECKED, NOTHING, PayoutRow, row
from beneficiaries.payouts.stages import act_of, is_routed_to
from relief.lib import clock
from unions.models import Person
from unions.policy import can

STEPS = (
    ("plan", "送审"),
    ("review", "审核通过"),
    ("approve", "审批"),
    ("second", "第二审批"),
    ("release", "出账"),
    ("settle", "登记签收"),
    ("return", "退回"),
)
WORDS = dict(STEPS)
CHECKS = {"bad": "被拦下", "warn": "提醒", "ok": "通过"}


@dataclass(frozen=True)
class BatchLine:
    """One payout of the batch with its place in it."""

    place: int
    row: PayoutRow
    editable: bool
    hardship: str
    proxy: str
    step: str


@dataclass
class Lines:
    """All lines of a batch, their findings counted, and what of them waits for which step."""

    payouts: list[Payout]
    rows: list[BatchLine]
    counts: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, list[Payout]] = field(default_factory=dict)

    @property
    def amount(self) -> Decimal:
        return sum((line.row.amount for line in self.rows), NOTHING)

    @property
    def persons(self) -> int:
        known = {payout.id_index for payout in self.payouts if payout.id_index}
        return len(known) + sum(1 for payout in self.payouts if not payout.id_index)


def lines_of(batch: PayoutBatch, *, by: Person, today: datetime.date, elsewhere: bool = False) -> Lines:
    """The lines that the person may see, with findings; a fixed number of queries. `elsewhere` as in `findings_of`."""
    payouts = list(
        batch.payouts.visible_to(by)
        .select_related(
            "union", "paid_from", "campaign", "dossier", "entered_by", "reviewed_by", "approved_by", "second_by",
            "released_by", "review_union", "approve_union", "second_union", "pay_union", "proxy",
        )
        .prefetch_related("lines", "reversals")
        .order_by("pk")
    )  # fmt: skip
    asked = [each for each in payouts if each.state in CHECKED]
    told = findings_of(asked, today=today, together=True, elsewhere=elsewhere)
    waiting: dict[str, list[Payout]] = defaultdict(list)
    rows = []
    for place, payout in enumerate(payouts, 1):
        step = waits_for(payout)
        if step:
            waiting[step].append(payout)
        shown = row(payout, told.get(payout.pk, ()))
        hardship = payout.dossier.get_hardship_class_display() if payout.dossier else ""
        proxy = getattr(payout, "proxy", None)
        rows.append(
            BatchLine(
                place,
                shown,
                payout.state == PayoutState.DRAFT and len(shown.lines) == 1,
                hardship,
                f"{proxy.relation}代领" if proxy else "",
                step,
            )
        )
    counts = {tone: sum(1 for line in rows if line.row.verdict_tone == tone) for tone in CHECKS}
    return Lines(payouts, rows, counts, dict(waiting))


def waits_for(payout: Payout) -> str:
    """The step that the payout waits for, "" when nothing waits here (what the bank has is answered by the bank)."""
    if payout.state == PayoutState.DRAFT:
        return "plan"
    if payout.state == PayoutState.PLANNED:
        return stages.waits_for(payout)
    if payout.state == PayoutState.APPROVED:
        return "release" if by_bank(payout) else "settle"
    return "release" if payout.state == PayoutState.FAILED else ""


@dataclass(frozen=True)
class NextStep:
    """A step that lines wait for, with what may stop this person."""

    key: str
    label: str
    count: int
    amount: Decimal
    allowed: bool
    why: str


def next_steps(person: Person, lines: Lines) -> list[NextStep]:
    """The steps that lie ahead of the batch, in their order, each with the lines that this person's union takes."""
    found = []
    waiting = dict(lines.waiting)
    back = [payout for step in ("review", "approve", "second", "release", "settle") for payout in waiting.get(step, ())]
    if back:
        waiting["return"] = back
    for key, label in STEPS:
        all_of_it = waiting.get(key, [])
        payouts = [payout for payout in all_of_it if is_routed_to(person, key, payout)] or all_of_it
        if payouts:
            decision = can(person, act_of(key, payouts[0]), payouts[0])
            amount = _amount(payouts)
            found.append(
                NextStep(key, label, len(payouts), amount, bool(decision), "" if decision else decision.reason)
            )
    return found


def chain(batch: PayoutBatch, payouts: Sequence[Payout]) -> list[dict[str, Any]]:
    """The steps of the batch with the people of each; a second approval only where one is needed."""
    stamps = (
        ("制单", "entered_by", "entered_at", None, "录入对象和款物", lambda each: each.state != PayoutState.DRAFT),
        ("审核", "reviewed_by", "reviewed_at", "review_union", "核对人、类别、规则", lambda each: each.reviewed_by_id),
        ("审批", "approved_by", "approved_at", "approve_union", "核对金额和来源", lambda each: each.approved_by_id),
        ("第二审批", "second_by", "second_at", "second_union", "超过限额，另一人复核", lambda each: each.second_by_id),
        ("发放", "released_by", "settled_at", "pay_union", "银行出盘，现金实物凭签收", lambda each: each.state == PayoutState.PAID),
    )  # fmt: skip
    steps: list[dict[str, Any]] = []
    open_yet = True
    two = any(payout.second_needed for payout in payouts)
    for label, person, instant, union, note, is_done in stamps:
        if person == "second_by" and not two:
            continue
        done = [each for each in payouts if is_done(each)]
        complete = bool(payouts) and len(done) == len(payouts)
        state = "done" if complete else "current" if open_yet else "todo"
        open_yet = open_yet and complete
        names = "、".join(dict.fromkeys(getattr(each, person).name for each in payouts if getattr(each, person)))
        if not payouts and label == "制单":
            names = batch.entered_by.name
        places = dict.fromkeys(getattr(each, union).called for each in payouts if union and getattr(each, union))
        steps.append(
            {
                "label": label,
                "state": state,
                "person": names or (f"由{'、'.join(places)}办理" if places else ""),
                "date": _day([getattr(each, instant) for each in done if getattr(each, instant)]),
                "note": note if state != "current" or not done else f"已办 {len(done)} / {len(payouts)} 笔",
            }
        )
    return steps


def state_words(counts: dict[str, int]) -> str:
    """The states of the lines of a batch in words: 3 待审核，2 已发放."""
    return "，".join(f"{count} {PayoutState(state).label}" for state, count in counts.items() if count) or "空批次"


def listed(batches: QuerySet[PayoutBatch]) -> QuerySet[PayoutBatch]:
    """Batches with number and states of their payouts; amounts come by `amounts_of`."""
    counts = {f"in_{state.value}": Count("payouts", filter=Q(payouts__state=state.value)) for state in PayoutState}
    return (
        batches.select_related("union", "campaign", "entered_by")
        .annotate(lines_in=Count("payouts"), **counts)
        .order_by("-pk")
    )


def counts_of(batch: PayoutBatch) -> dict[str, int]:
    return {state.value: getattr(batch, f"in_{state.value}") for state in PayoutState}


def amounts_of(batches: Iterable[PayoutBatch]) -> dict[int, Decimal]:
    """Per batch id the sum of its lines; one query."""
    rows = PayoutLine.objects.filter(payout__batch__in=[batch.pk for batch in batches]).order_by()
    sums = rows.values(batch=F("payout__batch")).annotate(total=Sum("amount")).values_list("batch", "total")
    return dict(sums)


def by_source(payouts: Iterable[Payout]) -> dict[str, Decimal]:
    """What lines that are not paid yet ask of each source."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for payout in payouts:
        if payout.state != PayoutState.PAID:
            for line in payout.lines.all():
                sums[line.source] += line.amount
    return sums


def _amount(payouts: Iterable[Payout]) -> Decimal:
    return sum((line.amount for payout in payouts for line in payout.lines.all()), NOTHING)


def _day(instants: Sequence[datetime.datetime]) -> str:
    return f"{clock.day_of(max(instants)):%-m月%-d日}" if instants else ""
