"""Money of a union by source: what came in, what went on, what was paid out (sums, never stored)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Sum

from beneficiaries.enums import PayoutState
from beneficiaries.models import Payout, PayoutLine
from campaigns import balances as campaign_balances
from campaigns.balances import NOTHING, Balance


@dataclass
class Funds(Balance):
    """One source at one union with what was paid out of it, in 元."""

    paid: Decimal = NOTHING

    @property
    def balance(self) -> Decimal:
        """What the union has; money on its way to it is not there yet."""
        return self.available - self.paid


def balances(union_ids: Iterable[int]) -> dict[int, dict[str, Funds]]:
    """Per union and source raised, allocated and paid; sources without any row are left out.

    A payout counts at the union that hands it out: money of another union came there by its allocation (D6).
    """
    wanted = set(union_ids)
    answer: dict[int, dict[str, Funds]] = {union_id: {} for union_id in wanted}
    for union_id, sources in campaign_balances.balances(wanted).items():
        for source, row in sources.items():
            answer[union_id][source] = Funds(**vars(row))
    for (union_id, source), amount in paid(wanted).items():
        held = answer[union_id].get(source, Funds())
        answer[union_id][source] = replace(held, paid=amount)
    return answer


def register() -> None:
    """Let the ledger know what payouts take out of it; called once when Django starts."""
    campaign_balances.register_spending(spent)


def spent(union_ids: Collection[int]) -> dict[tuple[int, str], Decimal]:
    """Per (union, source) what is paid, approved or sent: registered with `campaigns.balances.free`."""
    sums = defaultdict(Decimal, paid(union_ids))
    for place, amount in committed(union_ids).items():
        sums[place] += amount
    return dict(sums)


def paid(union_ids: Iterable[int]) -> dict[tuple[int, str], Decimal]:
    """Per (union, source) what was paid out and not taken back."""
    counted = Payout.objects.filter(union__in=set(union_ids)).counted()
    rows = PayoutLine.objects.filter(payout__in=counted.values("pk")).order_by()
    sums = rows.values_list("payout__union_id", "source").annotate(total=Sum("amount"))
    return {(union_id, source): total for union_id, source, total in sums}


def committed(union_ids: Iterable[int], *, without: Iterable[int] = ()) -> dict[tuple[int, str], Decimal]:
    """Per (paying union, source) what is approved or sent but not yet paid, some payouts left out."""
    rows = (
        PayoutLine.objects.filter(
            payout__paid_from__in=set(union_ids), payout__state__in=(PayoutState.APPROVED, PayoutState.RELEASED)
        )
        .exclude(payout__in=list(without))
        .order_by()
    )
    sums = rows.values_list("payout__paid_from_id", "source").annotate(total=Sum("amount"))
    return {(union_id, source): total for union_id, source, total in sums}
