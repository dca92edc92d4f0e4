"""The records of a world file, ready to be counted: by union and day, whatever campaign they were booked under (D1)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any


def fen(yuan: str) -> int:
    """Yuan as written in the file, in whole 分."""
    exact = Decimal(yuan) * 100
    if exact != int(exact):
        raise ValueError(f"{yuan} has parts of a 分")
    return int(exact)


class Ledger:
    """Everything that counts; what does not (unpaid, reversed, allocations) is left out here."""

    def __init__(self, world: dict[str, Any]) -> None:
        self.world = world
        self._households = {h["key"]: h for h in world.get("households", [])}
        self._payouts = [self._payout(p) for p in world.get("payouts", []) if _counts(p)]
        self._funds = [{**f, "fen": fen(f["amount"])} for f in world.get("funds", []) if not f.get("reversed")]
        self._activities = [_activity(a) for a in world.get("activities", [])]

    def _payout(self, payout: dict[str, Any]) -> dict[str, Any]:
        lines = [(line["source"], fen(line["amount"])) for line in payout["lines"]]
        key = payout.get("household")
        number = self.id_of(key) if key else payout["recipient"].get("id_number")
        return {
            "union": payout["union"],
            "day": payout["paid_on"],
            "group": payout["group"],
            "purpose": payout["purpose"],
            "traits": payout.get("traits", []),
            "lines": lines,
            "fen": sum(amount for _, amount in lines),
            "who": number or ("nobody knows", payout["key"]),
        }

    def id_of(self, household: str) -> str:
        """The ID number of the householder."""
        return self._households[household]["id_number"]

    def payouts(self, union: str, first: str, last: str) -> Iterator[dict[str, Any]]:
        return (p for p in self._payouts if p["union"] == union and first <= p["day"] <= last)

    def funds(self, union: str, first: str, last: str) -> Iterator[dict[str, Any]]:
        return (f for f in self._funds if f["union"] == union and first <= f["received_on"] <= last)

    def activities(self, union: str, first: str, last: str) -> Iterator[dict[str, Any]]:
        return (a for a in self._activities if a["union"] == union and first <= a["held_on"] <= last)

    def visits(self, union: str, first: str, last: str) -> Iterator[dict[str, Any]]:
        rows = self.world.get("visits", [])
        return (v for v in rows if v["union"] == union and first <= v["visited_on"] <= last)

    def active_on(self, union: str, day: str) -> Iterator[dict[str, Any]]:
        """The households whose file was active on the day and kept by the union then (D8)."""
        for household in self._households.values():
            if household.get("state", "active") not in ("active", "out_of_hardship", "closed"):
                continue
            if household["opened_on"] > day:
                continue
            happened = [event for event in household.get("history", []) if event["on"] <= day]
            moves = [event["to"] for event in happened if event["event"] == "transfer"]
            left = len(moves) < len(happened)
            keeper = moves[-1] if moves else household["union"]
            if keeper == union and not left:
                yield household

    def opened(self, union: str, first: str, last: str) -> Iterator[dict[str, Any]]:
        """The households whose file was opened at the union in the days; a transfer opens none."""
        for household in self._households.values():
            was_active = household.get("state", "active") in ("active", "out_of_hardship", "closed")
            if was_active and household["union"] == union and first <= household["opened_on"] <= last:
                yield household

    def left_hardship(self, union: str, first: str, last: str) -> Iterator[dict[str, Any]]:
        """The households that left as 脱困 in the days, at the union that kept the file then."""
        for household in self._households.values():
            for event in household.get("history", []):
                if event["event"] == "out_of_hardship" and first <= event["on"] <= last:
                    moves = [
                        e["to"] for e in household["history"] if e["event"] == "transfer" and e["on"] <= event["on"]
                    ]
                    if (moves[-1] if moves else household["union"]) == union:
                        yield household

    def donations(self, union: str, first: str, last: str) -> Iterator[dict[str, Any]]:
        rows = self.world.get("donations", [])
        return (d for d in rows if not d.get("reversed") and d["union"] == union and first <= d["donated_on"] <= last)

    def remittances(self, union: str, first: str, last: str) -> Iterator[dict[str, Any]]:
        rows = self.world.get("remittances", [])
        return (r for r in rows if not r.get("reversed") and r["union"] == union and first <= r["remitted_on"] <= last)

    def head_count(self, what: str, union: str, day: str) -> int:
        """The newest head count up to the year of the day, 0 when there is none."""
        (row,) = (u for u in self.world["unions"] if u["code"] == union)
        counts = {c["year"]: c.get(what, 0) for c in row.get("headcounts", []) if c["year"] <= int(day[:4])}
        return counts[max(counts)] if counts else 0

    def household(self, key: str) -> dict[str, Any]:
        return self._households[key]


def _counts(payout: dict[str, Any]) -> bool:
    return payout["state"] == "paid" and not payout.get("reversed_on")


def _activity(activity: dict[str, Any]) -> dict[str, Any]:
    counts = "number contacts persons quantity farmer_contacts farmer_persons new_contacts new_persons".split()
    return {
        **dict.fromkeys(counts, 0),
        **activity,
        "fen": fen(activity.get("amount", "0")),
        "farmer_fen": fen(activity.get("farmer_amount", "0")),
    }
