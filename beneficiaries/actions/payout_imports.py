"""Drafts that a confirmed file brings: written together, inside the transaction of the job, which writes the audit event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Concat, LPad

from beneficiaries.models import Payout, PayoutLine
from campaigns.models import Campaign
from relief.lib import crypto
from unions.models import Person, Union
from unions.policy import Refused, require

BATCH = 1_000
MOVED = "导入时台账里有了同样的发放，没有写入任何数据。"
CLOSED = "文件里的活动在检查以后封存了，没有写入任何数据。"
AGAIN = "请重新检查，看过结果再确认。"


@dataclass(frozen=True, slots=True)
class Draft:
    """A payout that is not written yet, and its lines."""

    payout: Payout
    lines: list[PayoutLine]


def draft_of(values: Mapping[str, Any], lines: Sequence[tuple[str, str, Decimal, str]], key: int) -> Draft:
    """A draft that the rules can be asked about: until it is written it goes by a negative `key`."""
    payout = Payout(pk=key, id_index_generation=crypto.index_generation(), **values)
    made = [PayoutLine(source=source, route=route, amount=amount, item=item) for source, route, amount, item in lines]
    payout._prefetched_objects_cache = {"lines": made}  # type: ignore[attr-defined]
    return Draft(payout, made)


@transaction.atomic
def add_payouts(*, by: Person, union: Union, made: Sequence[Draft]) -> int:
    """Write the drafts, each checked before by the rules of a typed one; how many they are."""
    require(by, "payout.import", union)
    campaigns = {draft.payout.campaign_id for draft in made}
    if Campaign.objects.filter(pk__in=campaigns - {None}, closed_at__isnull=False).exists():
        raise Refused(CLOSED, AGAIN, act="payout.import")
    for start in range(0, len(made), BATCH):
        write_drafts(made[start : start + BATCH])
    return len(made)


def write_drafts(made: Sequence[Draft]) -> None:
    """Insert the drafts with their numbers and lines by a fixed number of queries; inside the transaction of an action."""
    for draft in made:
        draft.payout.pk = None
        draft.payout._state.adding = True
        draft.payout.number = draft.payout.row_key
    try:
        with transaction.atomic():
            rows = Payout.objects.bulk_create([draft.payout for draft in made])
    except IntegrityError:
        raise Refused(MOVED, AGAIN, act="payout.import") from None
    digits = Cast("pk", CharField())
    padded = Case(When(pk__lt=1_000_000, then=LPad(digits, 6, Value("0"))), default=digits)
    for year in {row.planned_on.year for row in rows}:
        keys = [row.pk for row in rows if row.planned_on.year == year]
        Payout.objects.filter(pk__in=keys, number=F("row_key")).update(number=Concat(Value(f"FF-{year}-"), padded))
    for draft in made:
        for line in draft.lines:
            line.payout = draft.payout
    PayoutLine.objects.bulk_create([line for draft in made for line in draft.lines])
