"""Drafts that a confirmed file brings: written together, inside the transaction of the job, which writes the audit event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Concat, LPad

from beneficiaries.models import Payout, PayoutBatch, PayoutLine
from campaigns.models import Campaign
from relief.lib import clock, crypto
from unions.models import Person, Union
from unions.policy import Refused, require

BATCH = 1_000
MOST_IN_BATCH = 500
"""As many as one step of a batch moves at once."""
MOVED = "导入时台账里有了同样的发放，没有写入任何数据。"
CLOSED = "文件里的活动在检查以后封存了，没有写入任何数据。"
AGAIN = "请重新检查，看过结果再确认。"


@dataclass(frozen=True, slots=True)
class Draft:
    """A payout that is not written yet, and its lines."""

    payout: Payout
    lines: list[PayoutLine]


def draft_of(values: Mapping[str, Any], lines: Sequence[tuple[str, str, Decimal, str]]) -> Draft:
    """A draft to be written, with its lines."""
    payout = Payout(id_index_generation=crypto.index_generation(), **values)
    made = [PayoutLine(source=source, route=route, amount=amount, item=item) for source, route, amount, item in lines]
    return Draft(payout, made)


@transaction.atomic
def add_payouts(*, by: Person, union: Union, made: Iterable[Draft]) -> int:
    """Write the drafts into new batches, each checked before by the rules of a typed one; how many they are."""
    require(by, "payout.import", union)
    drafts, count, batches = iter(made), 0, _Batches(by, union)
    while some := list(islice(drafts, BATCH)):
        campaigns = {draft.payout.campaign_id for draft in some if draft.payout.campaign_id is not None}
        if campaigns and Campaign.objects.filter(pk__in=campaigns, closed_at__isnull=False).exists():
            raise Refused(CLOSED, AGAIN, act="payout.import")
        batches.take(some)
        write_drafts(some)
        count += len(some)
    return count


class _Batches:
    """The batches of an import: drafts of one occasion, group, purpose, day, source and route stand together."""

    def __init__(self, by: Person, union: Union):
        self.by, self.union, self.at = by, union, clock.db_now()
        self.open: dict[tuple[Any, ...], PayoutBatch] = {}
        self.held: dict[tuple[Any, ...], int] = defaultdict(int)

    def take(self, drafts: Iterable[Draft]) -> None:
        """Give each draft its batch; a full one is followed by another."""
        mine: list[tuple[Draft, PayoutBatch]] = []
        new: list[PayoutBatch] = []
        for draft in drafts:
            payout, line = draft.payout, draft.lines[0]
            key = (payout.campaign_id, payout.paid_from_id, payout.relief_group, payout.purpose, payout.planned_on,
                   line.source, line.route)  # fmt: skip
            if self.held[key] % MOST_IN_BATCH == 0:
                self.open[key] = self._batch(payout, line)
                new.append(self.open[key])
            self.held[key] += 1
            mine.append((draft, self.open[key]))
        _insert(PayoutBatch, new, "PC", 5)
        for draft, batch in mine:
            draft.payout.batch = batch

    def _batch(self, payout: Payout, line: PayoutLine) -> PayoutBatch:
        title = f"导入 {payout.planned_on:%Y-%m-%d} {payout.get_relief_group_display()}"
        batch = PayoutBatch(
            union=self.union, campaign_id=payout.campaign_id, paid_from=payout.paid_from, title=title[:60],
            relief_group=payout.relief_group, purpose=payout.purpose, planned_on=payout.planned_on, source=line.source,
            route=line.route, item=line.item, entered_by=self.by, entered_at=self.at,
        )  # fmt: skip
        return batch


def _insert(model: type[Payout] | type[PayoutBatch], rows: Sequence[Any], sign: str, digits: int) -> None:
    """Insert rows with their numbers: FF-2024-000147."""
    if not rows:
        return
    if connection.vendor == "postgresql":
        # the keys first: numbered afterwards, every row would be written twice, with all its indexes
        with connection.cursor() as cursor:
            asked = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(asked, [model._meta.db_table, len(rows)])
            for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk, row.number = key, f"{sign}-{row.planned_on.year}-{key:0{digits}d}"
        model.objects.bulk_create(rows)
        return
    for row in rows:
        row.number = row.row_key
    _number(model, model.objects.bulk_create(rows), sign, digits)


def _number(model: type[Payout] | type[PayoutBatch], rows: Sequence[Any], sign: str, digits: int) -> None:
    """Number rows that stand under their row key."""
    key = Cast("pk", CharField())
    padded = Case(When(pk__lt=10**digits, then=LPad(key, digits, Value("0"))), default=key)
    for year in {row.planned_on.year for row in rows}:
        keys = [row.pk for row in rows if row.planned_on.year == year]
        model.objects.filter(pk__in=keys, number=F("row_key")).update(number=Concat(Value(f"{sign}-{year}-"), padded))


def write_drafts(made: Sequence[Draft]) -> None:
    """Insert the drafts with their numbers and lines by a fixed number of queries; inside the transaction of an action."""
    try:
        with transaction.atomic():
            _insert(Payout, [draft.payout for draft in made], "FF", 6)
    except IntegrityError:
        raise Refused(MOVED, AGAIN, act="payout.import") from None
    for draft in made:
        for line in draft.lines:
            line.payout = draft.payout
    PayoutLine.objects.bulk_create([line for draft in made for line in draft.lines])
