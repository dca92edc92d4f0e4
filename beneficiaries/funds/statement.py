"""The statement of a union's funds over a period: what was there, came in, went on, was paid, and is left; and the rows
behind every figure. Opening + raised + received + given back from below − given − paid − returned = closing, per source.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from beneficiaries.enums import PayoutState
from beneficiaries.models import PayoutLine
from campaigns.enums import AllocationKind, FundSource
from campaigns.models import Allocation, FundsRaised

NOTHING = Decimal("0.00")
COLUMNS = {
    "raised": "本期筹集",
    "received": "上级拨入",
    "returned_in": "下级退回",
    "given": "拨出",
    "paid": "发放",
    "returned": "退回上级",
}
OUT = frozenset({"given", "paid", "returned"})
BEGINNING = datetime.date(2000, 1, 1)


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included."""

    first: datetime.date
    last: datetime.date

    @property
    def year(self) -> int | None:
        """The year when the period is a whole one."""
        whole = (self.first.month, self.first.day, self.last.month, self.last.day) == (1, 1, 12, 31)
        return self.first.year if whole and self.first.year == self.last.year else None

    @property
    def before(self) -> Period:
        """Everything before, whose closing is the opening of this one."""
        return Period(min(BEGINNING, self.first), self.first - datetime.timedelta(days=1))


def year_of(year: int) -> Period:
    return Period(datetime.date(year, 1, 1), datetime.date(year, 12, 31))


@dataclass
class SourceLine:
    """One source over the period, in 元; `flows` by column."""

    source: str
    opening: Decimal = NOTHING
    flows: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(COLUMNS, NOTHING))
    on_the_way: Decimal = NOTHING

    @property
    def closing(self) -> Decimal:
        return self.opening + sum((-amount if name in OUT else amount for name, amount in self.flows.items()), NOTHING)

    @property
    def more_paid(self) -> Decimal:
        """How much more was paid than raised: what needs an explanation on a form; 0 where nothing does."""
        return max(self.flows["paid"] - self.flows["raised"], NOTHING)


@dataclass(frozen=True)
class Statement:
    """All sources with a row, and their total."""

    lines: list[SourceLine]
    total: SourceLine


def statement(union_id: int, period: Period) -> Statement:
    """The statement of a union; a fixed number of queries."""
    rows: dict[str, SourceLine] = {}
    for source, column, amount in _sums(union_id, period.before):
        line = rows.setdefault(source, SourceLine(source))
        line.opening += -amount if column in OUT else amount
    for source, column, amount in _sums(union_id, period):
        rows.setdefault(source, SourceLine(source)).flows[column] += amount
    for source, amount in _on_the_way(union_id, period.last):
        rows.setdefault(source, SourceLine(source)).on_the_way = amount
    lines = [rows[source] for source in FundSource.values if source in rows]
    total = SourceLine("")
    for line in lines:
        total.opening += line.opening
        total.on_the_way += line.on_the_way
        for column, amount in line.flows.items():
            total.flows[column] += amount
    return Statement(lines, total)


def _sums(union_id: int, period: Period) -> Iterable[tuple[str, str, Decimal]]:
    """(source, column, amount) of a period; a reversed payout is taken off on the day of its reversal (D5)."""
    for column in ("raised", "received", "returned_in", "given", "returned"):
        yield from _grouped(_ledger(union_id, column, period), column)
    yield from _grouped(_paid(union_id, period), "paid")
    for source, column, amount in _grouped(_taken_back(union_id, period), "paid"):
        yield source, column, -amount


def _grouped(rows: QuerySet[Any], column: str) -> Iterable[tuple[str, str, Decimal]]:
    for source, amount in rows.order_by().values_list("source").annotate(total=Sum("amount")):
        yield source, column, amount


def _ledger(union_id: int, column: str, period: Period) -> QuerySet[Any]:
    days = (period.first, period.last)
    if column == "raised":
        return FundsRaised.objects.filter(union=union_id, received_on__range=days)
    kind = AllocationKind.RETURN if column in ("returned_in", "returned") else AllocationKind.GRANT
    if column in ("received", "returned_in"):
        return Allocation.objects.filter(receiver=union_id, kind=kind, confirmed_on__range=days)
    return Allocation.objects.filter(giver=union_id, kind=kind, allocated_on__range=days)


def _paid(union_id: int, period: Period) -> QuerySet[PayoutLine]:
    days = (period.first, period.last)
    return PayoutLine.objects.filter(
        payout__union=union_id, payout__state=PayoutState.PAID, payout__paid_on__range=days
    )


def _taken_back(union_id: int, period: Period) -> QuerySet[PayoutLine]:
    return PayoutLine.objects.filter(
        payout__union=union_id,
        payout__state=PayoutState.PAID,
        payout__reversals__confirmed_at__isnull=False,
        payout__reversals__reversed_on__range=(period.first, period.last),
    )


def _on_the_way(union_id: int, on: datetime.date) -> Iterable[tuple[str, Decimal]]:
    """What was given to the union by that day and had not arrived; a row that was taken back nets to nothing."""
    waiting = Q(confirmed_on__isnull=True) | Q(confirmed_on__gt=on)
    rows = Allocation.objects.filter(waiting, receiver=union_id, allocated_on__lte=on).order_by()
    for source, amount in rows.values_list("source").annotate(total=Sum("amount")):
        if amount:
            yield source, amount


@dataclass(frozen=True)
class Entry:
    """One row behind a figure; `payout` is its id where the reader may open it."""

    day: datetime.date
    source: str
    what: str
    paper: str
    amount: Decimal
    payout: int | None = None

    @property
    def source_label(self) -> str:
        return str(FundSource(self.source).label)


def entries(union_id: int, column: str, source: str, period: Period, *, keeper: bool) -> list[Entry]:
    """The rows whose sum is the figure, oldest first. Who does not keep the payouts gets a sum per day (D17)."""
    chosen = {"source": source} if source else {}
    if column == "raised":
        return [
            Entry(
                row.received_on,
                row.source,
                f"筹集（{row.get_form_display()}）{_note(row.note)}",
                row.voucher,
                row.amount,
            )
            for row in _ledger(union_id, column, period).filter(**chosen).order_by("received_on", "pk")
        ]
    if column != "paid":
        return _moved(union_id, column, period, chosen)
    paid, back = _paid(union_id, period).filter(**chosen), _taken_back(union_id, period).filter(**chosen)
    read = _lines if keeper else _days
    found = read(paid, "payout__paid_on", "发放", 1) + read(back, "payout__reversals__reversed_on", "冲正", -1)
    return sorted(found, key=lambda entry: entry.day)


def _moved(union_id: int, column: str, period: Period, chosen: dict[str, str]) -> list[Entry]:
    coming = column in ("received", "returned_in")
    day, other = ("confirmed_on", "giver") if coming else ("allocated_on", "receiver")
    rows = _ledger(union_id, column, period).filter(**chosen).select_related("giver", "receiver").order_by(day, "pk")
    return [
        Entry(
            getattr(row, day),
            row.source,
            f"{'来自' if coming else '给'}{getattr(row, other).called}{_note(row.note)}",
            row.voucher or row.payout_ref,
            row.amount,
        )
        for row in rows
    ]


def _note(text: str) -> str:
    return f"：{text}" if text else ""


def _lines(rows: QuerySet[PayoutLine], day: str, word: str, sign: int) -> list[Entry]:
    found = rows.annotate(on=F(day)).select_related("payout").order_by("on", "pk")
    return [
        Entry(
            row.on,
            row.source,
            f"{word}（{row.get_route_display()}）",
            row.payout.number,
            sign * row.amount,
            row.payout_id,
        )
        for row in found
    ]


def _days(rows: QuerySet[PayoutLine], day: str, word: str, sign: int) -> list[Entry]:
    sums: dict[tuple[datetime.date, str], tuple[int, Decimal]] = defaultdict(lambda: (0, NOTHING))
    grouped = (
        rows.order_by().values_list(day, "source").annotate(number=Count("payout", distinct=True), total=Sum("amount"))
    )
    for on, source, number, total in grouped:
        sums[on, source] = (number, total)
    return [
        Entry(on, source, f"{word} {number} 笔", "", sign * total) for (on, source), (number, total) in sums.items()
    ]
