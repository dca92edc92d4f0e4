"""What a union has of each source: summed, never stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from campaigns.models import Allocation, FundsRaised

NOTHING = Decimal("0.00")


@dataclass
class Balance:
    """Amounts of one source at one union, in 元. What was paid out is subtracted by beneficiaries."""

    raised: Decimal = NOTHING
    allocated_in: Decimal = NOTHING
    allocated_out: Decimal = NOTHING

    @property
    def available(self) -> Decimal:
        """Raised and received less handed down, before payouts."""
        return self.raised + self.allocated_in - self.allocated_out


Balances = dict[int, dict[str, Balance]]


def balances(union_ids: Iterable[int]) -> Balances:
    """{union id: {source: Balance}}; sources without a row are missing. Three queries, however many unions."""
    ids = list(union_ids)
    found: defaultdict[int, defaultdict[str, Balance]] = defaultdict(lambda: defaultdict(Balance))
    raised = (
        FundsRaised.objects.filter(union__in=ids).order_by().values_list("union_id", "source").annotate(Sum("amount"))
    )
    for union_id, source, amount in raised:
        found[union_id][source].raised = amount
    taken = Allocation.objects.filter(receiver__in=ids).order_by().values_list("receiver_id", "source")
    for union_id, source, amount in taken.annotate(Sum("amount")):
        found[union_id][source].allocated_in = amount
    given = Allocation.objects.filter(giver__in=ids).order_by().values_list("giver_id", "source")
    for union_id, source, amount in given.annotate(Sum("amount")):
        found[union_id][source].allocated_out = amount
    return {union_id: dict(by_source) for union_id, by_source in found.items()}
