"""Funds and allocations of the demo: enough of every source at every union for what it hands out."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from relief.site.world.demo.notice import CODE
from relief.site.world.demo.tree import PARENT, UNIONS, holder

FROM_PROVINCE = ("central", "province", "superior_union")
"""Sources that come in at the province and are handed down the tree."""

NOTES = {"central": "中央财政专项帮扶资金", "province": "省财政帮扶资金", "superior_union": "省总工会补助"}


class Raised(NamedTuple):
    """Both ledgers."""

    funds: list[dict[str, Any]]
    allocations: list[dict[str, Any]]


def money(rng: Random, payouts: list[dict[str, Any]]) -> Raised:
    """What came in and what was handed down, before the first payout."""
    need: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for payout in payouts:
        for line in payout["lines"]:
            need[payout["paid_from"], line["source"]] += Decimal(line["amount"])
    raised = Raised([], [])
    for source in (*FROM_PROVINCE, "local"):
        _hand_down(raised, need, source)
    for union, *_ in UNIONS:
        for source in ("own_union", "donation", "employer", "interest", "other"):
            if need[union, source]:
                _raise(rng, raised, union, source, need[union, source])
    _reversed(raised)
    return raised


def _up(amount: Decimal) -> Decimal:
    """The next full thousand above the amount and a tenth of it."""
    return (amount * 11 / 10 // 1000 + 1) * 1000


def _top_of(union: str, source: str) -> str:
    """Where a source comes in: at the province, or for 市县财政 at the city."""
    while PARENT[union] is not None and not (source == "local" and union.startswith("C") and len(union) == 2):
        union = PARENT[union]  # type: ignore[assignment]
    return union


def _hand_down(raised: Raised, need: dict[tuple[str, str], Decimal], source: str) -> None:
    """From the leaves upward: each union gets what it and those below it need."""
    wanted = {union: _up(need[union, source]) if need[union, source] else Decimal(0) for union, *_ in UNIONS}
    for union, *_ in reversed(UNIONS):
        if not wanted[union]:
            continue
        if union == _top_of(union, source):
            raised.funds.append(_funds(union, source, wanted[union] + 2000, "2023-12-29", len(raised.funds)))
            continue
        giver = PARENT[union]
        assert giver is not None
        wanted[giver] += wanted[union]
        raised.allocations.append(
            {
                "giver": giver,
                "receiver": union,
                "campaign": CODE,
                "source": source,
                "amount": f"{wanted[union]:.2f}",
                "allocated_on": "2024-01-02" if len(giver) < 3 else "2024-01-03",
                "voucher": f"拨-{len(raised.allocations) + 1:03}",
                "by": holder(giver, "enter"),
            }
        )
    # Superiors hand down first.
    raised.allocations.sort(key=lambda row: (row["allocated_on"], row["voucher"]))


def _raise(rng: Random, raised: Raised, union: str, source: str, need: Decimal) -> None:
    """In one or two receipts, part of it as valued goods."""
    whole = _up(need)
    first = whole * rng.choice((6, 7, 10)) // 10
    raised.funds.append(_funds(union, source, first, "2024-01-0" + rng.choice("234"), len(raised.funds)))
    if whole > first:
        form = "goods" if source == "donation" else "cash"
        raised.funds.append(_funds(union, source, whole - first, "2024-01-04", len(raised.funds), form))


def _funds(union: str, source: str, amount: Decimal, on: str, number: int, form: str = "cash") -> dict[str, Any]:
    return {
        "union": union,
        "campaign": CODE,
        "source": source,
        "form": form,
        "amount": f"{amount:.2f}",
        "received_on": on,
        "voucher": f"记-{number + 1:03}",
        "note": NOTES.get(source, ""),
        "by": holder(union, "enter"),
    }


def _reversed(raised: Raised) -> None:
    """Two receipts entered twice and taken back, and dues of before the period that no form may count."""
    for union, source in (("G03", "own_union"), ("C2", "donation")):
        twin = next(row for row in raised.funds if row["union"] == union and row["source"] == source)
        raised.funds.append({**twin, "voucher": twin["voucher"] + "重", "note": "重复入账，已冲销", "reversed": True})
    for union in ("G01", "G09", "D1"):
        raised.funds.append(_funds(union, "own_union", Decimal(3000), "2023-12-15", len(raised.funds)))
