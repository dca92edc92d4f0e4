"""Payouts: drafted one by one, then moved in batches of the same union, days and people, each step on its own day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from beneficiaries import actions
from beneficiaries.enums import PayoutState
from beneficiaries.models import Payout
from relief.site.world.instants import at_hour, read_day
from relief.site.world.loading.cast import Cast, Timeline
from relief.site.world.loading.households import keeper_on
from unions import idempotency
from unions.enums import Role
from unions.models import Person

MINUTES = timedelta(minutes=5)
PAST_RECORD = "历史记录补录"
"""The reason that past payouts carry where the file gives none; a rule that warns asks for one."""
AT_MOST = 200

APPROVED = {PayoutState.APPROVED, PayoutState.RELEASED, PayoutState.PAID, PayoutState.FAILED}
BY_BANK = ("card", "passbook")
CASHIER = ("paid_by", "pay_union", Role.PAY, ("entered", "reviewed", "approved"))
Rows = list[tuple[str, dict[str, Any]]]


def plan(cast: Cast, world: dict[str, Any], timeline: Timeline) -> None:
    """Put drafts, batches and reversals on the timeline."""
    households = {row["key"]: row for row in world.get("households", [])}
    batches: dict[tuple[Any, ...], _Batch] = {}
    for place, row in enumerate(world.get("payouts", [])):
        path = f"$.payouts[{place}]"
        if row.get("reversal"):
            on = at_hour(read_day(row["reversed_on"]), 20)
            timeline.add(on, f"{path}.reversal", _Reversal(cast, row))
        if row.get("batch"):
            continue
        at = _drafted_at(row, households.get(row.get("household") or ""))
        timeline.add(at, path, _Draft(cast, row))
        if row["state"] != PayoutState.DRAFT:
            key = (at, row["union"], row.get("paid_from"), *sorted(row.get("steps", {}).items()))
            batches.setdefault(key, _Batch(cast, at)).rows.append((path, row))
    for batch in batches.values():
        batch.plan(timeline)


def _drafted_at(row: dict[str, Any], household: dict[str, Any] | None) -> datetime:
    """The morning of the first of the two days on which the union kept the household; after a transfer at two o'clock."""
    days = sorted({row["planned_on"], row.get("paid_on") or row["planned_on"]})
    if household is None:
        return at_hour(read_day(days[0]), 10)
    day = next((day for day in days if keeper_on(household, day) == row["union"]), days[0])
    moved_today = any(event["event"] == "transfer" and event["on"] == day for event in household.get("history", []))
    received = moved_today and keeper_on(household, day) == row["union"]
    return at_hour(read_day(day), 14 if received else 10)


class _Draft:
    """Drafts one payout when its time has come."""

    def __init__(self, cast: Cast, row: dict[str, Any]) -> None:
        self.cast, self.row = cast, row

    def __call__(self) -> None:
        row, cast = self.row, self.cast
        union = cast.unions[row["union"]]
        recipient = row.get("recipient") or {}
        cast.payouts[row["key"]] = actions.draft_payout(
            by=cast.person(row.get("steps", {}).get("by"), union, Role.ENTER),
            union=union,
            campaign=cast.campaign(row.get("campaign")),
            planned_on=read_day(row["planned_on"]),
            relief_group=row["group"],
            purpose=row["purpose"],
            lines=[{**line, "amount": Decimal(line["amount"])} for line in row["lines"]],
            dossier=cast.dossiers[row["household"]] if row.get("household") else None,
            recipient=recipient.get("name", ""),
            id_number=recipient.get("id_number", ""),
            bank=recipient.get("bank", ""),
            card_number=recipient.get("card_number", ""),
            traits=row.get("traits", []),
            paid_from=cast.unions[row.get("paid_from") or row["union"]],
            reason=row.get("reason", PAST_RECORD),
        )


class _Batch:
    """Payouts of one union, day and set of people, which take their steps together as far as each one goes."""

    def __init__(self, cast: Cast, at: datetime) -> None:
        self.cast, self.at = cast, at
        self.rows: list[tuple[str, dict[str, Any]]] = []

    def plan(self, timeline: Timeline) -> None:
        """Plan, review, approve and release within the hour; settled on the day of payment."""
        rows = self.rows
        approved = [entry for entry in rows if entry[1]["state"] in APPROVED]
        released = [entry for entry in approved if _is_released(entry[1])]
        failed = [entry for entry in rows if entry[1]["state"] == PayoutState.FAILED]
        steps = ((rows, self.send), (approved, self.review), (approved, self.approve), (released, self.release))
        for number, (entries, step) in enumerate((*steps, (failed, self.fail)), 1):
            for part in _parts(entries):
                timeline.add(self.at + number * MINUTES, _paths(part), lambda step=step, part=part: step(part))
        days: dict[str, Rows] = {}
        for entry in rows:
            if entry[1]["state"] == PayoutState.PAID:
                days.setdefault(entry[1]["paid_on"], []).append(entry)
        for text, entries in days.items():
            on = read_day(text)
            at = max(self.at + 8 * MINUTES, at_hour(on, 16))
            for part in _parts(entries):
                timeline.add(at, _paths(part), lambda part=part, on=on: self.settle(part, on))

    def _move(
        self, move: Callable[..., Any], rows: Rows, step: tuple[str, str, str, tuple[str, ...]], **more: Any
    ) -> None:
        payouts = self._now(rows)
        by = self._by(payouts[0], *step)
        move(by=by, payouts=[(payout, payout.version) for payout in payouts], key=idempotency.new_key(), **more)

    def _by(self, payout: Payout, name: str, place: str, role: str, done: tuple[str, ...]) -> Person:
        earlier = tuple(getattr(payout, f"{step}_by_id") for step in done)
        named = self.rows[0][1].get("steps", {}).get(name)
        return self.cast.person(named, self.cast.by_id(getattr(payout, f"{place}_id")), role, not_by=earlier)

    def _now(self, rows: Rows) -> list[Payout]:
        keys = [self.cast.payouts[row["key"]].pk for _, row in rows]
        return list(Payout.objects.filter(pk__in=keys).order_by("pk"))

    def send(self, rows: Rows) -> None:
        self._move(actions.plan_payouts, rows, ("by", "union", Role.ENTER, ()))

    def review(self, rows: Rows) -> None:
        self._move(actions.review_payouts, rows, ("reviewed_by", "review_union", Role.REVIEW, ("entered",)))

    def approve(self, rows: Rows) -> None:
        step = ("approved_by", "approve_union", Role.APPROVE, ("entered", "reviewed"))
        self._move(actions.approve_payouts, rows, step)

    def release(self, rows: Rows) -> None:
        self._move(actions.release_payouts, rows, CASHIER)

    def settle(self, rows: Rows, on: date) -> None:
        self._move(actions.settle_payouts, rows, CASHIER, paid_on=on)

    def fail(self, rows: Rows) -> None:
        words = {self.cast.payouts[row["key"]].pk: row.get("failure") or "账户信息有误" for _, row in rows}
        for payout in self._now(rows):
            actions.fail_payout(by=self._by(payout, *CASHIER), payout=payout, reason=words[payout.pk])


def _is_released(row: dict[str, Any]) -> bool:
    sent = row["state"] in (PayoutState.RELEASED, PayoutState.FAILED)
    return sent or (row["state"] == PayoutState.PAID and any(line["route"] in BY_BANK for line in row["lines"]))


def _parts(rows: Rows) -> list[Rows]:
    return [rows[first : first + AT_MOST] for first in range(0, len(rows), AT_MOST)]


def _paths(rows: Rows) -> str:
    return "、".join(path for path, _ in rows[:3]) + ("…" if len(rows) > 3 else "")


class _Reversal:
    """Takes one paid payout back: the cashier proposes, an approver confirms."""

    def __init__(self, cast: Cast, row: dict[str, Any]) -> None:
        self.cast, self.row = cast, row

    def __call__(self) -> None:
        given = self.row["reversal"]
        places = ("union", "paid_from", "pay_union", "approve_union")
        payout = Payout.objects.select_related(*places).get(pk=self.cast.payouts[self.row["key"]].pk)
        proposer = self.cast.person(given.get("by"), payout.pay_union, Role.PAY)
        on = read_day(self.row["reversed_on"])
        reversal = actions.propose_reversal(by=proposer, payout=payout, reversed_on=on, reason=given["reason"])
        confirmer = self.cast.person(
            given.get("confirmed_by"), payout.approve_union, Role.APPROVE, not_by=(proposer.pk,)
        )
        actions.confirm_reversal(by=confirmer, reversal=reversal)
