"""What a union has of each source: summed, never stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import BooleanField, ExpressionWrapper, Q, Sum

from campaigns.enums import AllocationKind
from campaigns.models import Allocation, FundsRaised

NOTHING = Decimal("0.00")
Sums = Mapping[tuple[int, str], Decimal]
"""Per (union id, source) an amount in 元."""


@dataclass
class Balance:
    """Amounts of one source at one union, in 元. What was paid out is subtracted by beneficiaries.

    Allocated and returned count for the giver from their day, for the receiver from the day it confirmed; `on_the_way`
    is what was given to the union and not confirmed yet.
    """

    raised: Decimal = NOTHING
    allocated_in: Decimal = NOTHING
    allocated_out: Decimal = NOTHING
    returned_in: Decimal = NOTHING
    returned_out: Decimal = NOTHING
    on_the_way: Decimal = NOTHING

    @property
    def available(self) -> Decimal:
        """Raised and received less handed on, before payouts."""
        return self.raised + self.allocated_in + self.returned_in - self.allocated_out - self.returned_out


Balances = dict[int, dict[str, Balance]]
Spent = Callable[[Collection[int]], Sums]
_spenders: list[Spent] = []


def register_spending(spent: Spent) -> None:
    """Add what an app above pays out of the funds; called once when Django starts (imports point down, D20)."""
    _spenders.append(spent)


def balances(union_ids: Iterable[int]) -> Balances:
    """{union id: {source: Balance}}; sources without a row are missing. Three queries, however many unions."""
    ids = list(union_ids)
    found: defaultdict[int, defaultdict[str, Balance]] = defaultdict(lambda: defaultdict(Balance))
    raised = (
        FundsRaised.objects.filter(union__in=ids).order_by().values_list("union_id", "source").annotate(Sum("amount"))
    )
    for union_id, source, amount in raised:
        found[union_id][source].raised = amount
    waits = ExpressionWrapper(Q(confirmed_on__isnull=True), output_field=BooleanField())
    taken = Allocation.objects.filter(receiver__in=ids).order_by().annotate(waits=waits)
    rows = taken.values_list("receiver_id", "source", "kind", "waits").annotate(Sum("amount"))
    for union_id, source, kind, on_the_way, amount in rows:
        row = found[union_id][source]
        if on_the_way:
            row.on_the_way += amount
        elif kind == AllocationKind.RETURN:
            row.returned_in = amount
        else:
            row.allocated_in = amount
    given = Allocation.objects.filter(giver__in=ids).order_by().values_list("giver_id", "source", "kind")
    for union_id, source, kind, amount in given.annotate(Sum("amount")):
        if kind == AllocationKind.RETURN:
            found[union_id][source].returned_out = amount
        else:
            found[union_id][source].allocated_out = amount
    return {union_id: dict(by_source) for union_id, by_source in found.items()}


def free(union_ids: Iterable[int]) -> dict[tuple[int, str], Decimal]:
    """Per (union, source) what can still be given away: the balance less what is paid or approved."""
    ids = list(union_ids)
    left: defaultdict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for union_id, sources in balances(ids).items():
        for source, row in sources.items():
            left[union_id, source] += row.available
    for spent in _spenders:
        for place, amount in spent(ids).items():
            left[place] -= amount
    return dict(left)
