"""Any order of raising, allocating, confirming, paying, failing, retrying, reversing and returning: the sums close.

A book kept by hand beside the product says at every step what each union has, what is taken and what is on its way; the
product must agree, refuse exactly what the book does not cover, and never go below zero.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from beneficiaries import actions
from beneficiaries.funds import balances
from beneficiaries.models import Payout
from campaigns import actions as ledger
from campaigns.balances import free
from campaigns.models import Allocation, FundsRaised
from campaigns.standings import standing
from tests.beneficiaries.payouts.conftest import DAY, fresh, line, pairs
from tests.campaigns.drive import collect, keep, open_drive, remit
from tests.cast import Cast
from unions.idempotency import new_key
from unions.models import AuditEvent
from unions.policy import Refused

SOURCES = ("own_union", "donation")
STEPS = 110
MOVES = {
    *("funds.record", "funds.reverse", "allocation.record", "allocation.return", "allocation.confirm"),
    *("allocation.reverse", "payout.approve", "payout.release", "payout.settle", "payout.fail"),
    *("payout.confirm_reversal", "donation.retain"),
}
"""What every walk must have come past."""


@dataclass
class Book:
    """What the ledger must say, kept in plain numbers."""

    have: dict[tuple[int, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    held: dict[tuple[int, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    way: dict[int, Allocation] = field(default_factory=dict)
    raised: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    paid: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    hand: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """What each union has in hand of the drive: collected, not sent on, not kept."""

    def covers(self, place: tuple[int, str], amount: Decimal) -> bool:
        return amount <= self.have[place] - self.held[place]


class Walk:
    """One random walk over the moves of the ledger."""

    def __init__(self, cast: Cast, till: Any, seed: int) -> None:
        self.cast, self.till, self.random, self.book = cast, till, Random(seed), Book()
        self.clerks = {cast.county.pk: cast.county_clerk, cast.mill.pk: cast.clerk, cast.school.pk: cast.school_clerk}
        self.unions = [cast.county, cast.mill, cast.school]
        self.rows: list[FundsRaised] = []
        self.arrived: list[Allocation] = []
        self.payouts: dict[str, list[tuple[Payout, tuple[int, str], Decimal]]] = defaultdict(list)
        FundsRaised.objects.all().delete()
        self.drive = open_drive(cast)

    def amount(self) -> Decimal:
        return Decimal(self.random.randint(1, 40_000)) / 100

    def attempt(self, covered: bool, act) -> Any:
        """What the act gave; None when it was refused, which it must be exactly when it is not covered."""
        try:
            done = act()
        except Refused:
            assert not covered
            return None
        assert covered
        return done

    def step(self) -> None:
        moves = (self.raises, self.allocates, self.returns, self.confirms, self.takes_back, self.reverses_funds)
        pays = (self.approves, self.releases, self.settles, self.fails, self.retries, self.reverses_payout)
        self.random.choice((*moves, *pays, self.goes_on_in_the_drive))()
        self.check()

    def raises(self) -> None:
        union, source, amount = self.random.choice(self.unions), self.random.choice(SOURCES), self.amount() * 3
        row = ledger.record_funds(
            by=self.clerks[union.pk], union=union, campaign=None, source=source, form="cash", amount=amount,
            received_on=DAY,
        )  # fmt: skip
        self.rows.append(row)
        self.book.have[union.pk, source] += amount
        self.book.raised[source] += amount

    def _below(self) -> tuple[Any, Any]:
        union = self.random.choice([self.cast.mill, self.cast.school])
        return union, self.clerks[union.pk]

    def goes_on_in_the_drive(self) -> None:
        self.random.choice((self.collects, self.remits, self.keeps))()

    def collects(self) -> None:
        """Donations are in nobody's funds (D30)."""
        union, by = self._below()
        amount = self.amount()
        collect(self.cast, self.drive, str(amount), by=by, union=union)
        self.book.hand[union.pk] += amount

    def remits(self) -> None:
        """Kept money stops a remittance; without any a union may send before it has recorded."""
        union, by = self._below()
        amount = self.amount()
        kept = any(row.drive_id and row.union_id == union.pk for row in self.rows)
        covered = amount <= self.book.hand[union.pk] or not kept
        if self.attempt(covered, lambda: remit(self.cast, self.drive, str(amount), by=by, union=union)):
            self.book.hand[union.pk] -= amount

    def keeps(self) -> None:
        """The one way of donations into the funds: never more than is in hand."""
        union, by = self._below()
        amount = self.amount()
        row = self.attempt(
            amount <= self.book.hand[union.pk], lambda: keep(self.cast, self.drive, str(amount), by=by, union=union)
        )
        if row:
            self.rows.append(row)
            self.book.hand[union.pk] -= amount
            self.book.have[union.pk, "donation"] += amount
            self.book.raised["donation"] += amount

    def reverses_funds(self) -> None:
        if self.rows:
            row = self.random.choice(self.rows)
            place = (row.union_id, row.source)
            undo = lambda: ledger.reverse_funds(  # noqa: E731
                by=self.clerks[row.union_id], funds=row, reason="错", reversed_on=DAY
            )
            if self.attempt(self.book.covers(place, row.amount), undo):
                self.rows.remove(row)
                self.book.have[place] -= row.amount
                self.book.raised[row.source] -= row.amount
                if row.drive_id:
                    self.book.hand[row.union_id] += row.amount

    def allocates(self) -> None:
        self._gives(self.cast.county, self.random.choice([self.cast.mill, self.cast.school]), ledger.record_allocation)

    def returns(self) -> None:
        self._gives(self.random.choice([self.cast.mill, self.cast.school]), self.cast.county, ledger.return_funds)

    def _gives(self, giver, receiver, act) -> None:
        source, amount = self.random.choice(SOURCES), self.amount()
        place = (giver.pk, source)
        row = self.attempt(
            self.book.covers(place, amount),
            lambda: act(
                by=self.clerks[giver.pk], giver=giver, receiver=receiver, campaign=None, source=source, amount=amount,
                allocated_on=DAY,
            ),
        )  # fmt: skip
        if row:
            self.book.have[place] -= amount
            self.book.way[row.pk] = row

    def confirms(self) -> None:
        if self.book.way:
            row = self.book.way.pop(self.random.choice(sorted(self.book.way)))
            ledger.confirm_allocation(by=self.clerks[row.receiver_id], allocation=row, confirmed_on=DAY)
            self.arrived.append(row)
            self.book.have[row.receiver_id, row.source] += row.amount

    def takes_back(self) -> None:
        known = [*self.book.way.values(), *self.arrived]
        if known:
            row = self.random.choice(known)
            done = self.attempt(
                row.pk in self.book.way,
                lambda: ledger.reverse_allocation(by=self.clerks[row.giver_id], allocation=row, reversed_on=DAY),
            )
            if done:
                del self.book.way[row.pk]
                self.book.have[row.giver_id, row.source] += row.amount

    def approves(self) -> None:
        payer = self.random.choice([self.cast.mill, self.cast.mill, self.cast.county])
        source, amount = self.random.choice(SOURCES), self.amount()
        payout = self.till.named(
            id_number="", lines=[line(source, "card", str(amount))], paid_from=payer, card_number="6222020000000000000"
        )
        place, cast = (payer.pk, source), self.cast
        walk = (
            (actions.plan_payouts, cast.clerk),
            (actions.review_payouts, cast.reviewer),
            (actions.approve_payouts, cast.approver),
        )

        def act():
            for move, by in walk:
                move(by=by, payouts=pairs(payout), key=new_key())
            return payout

        if self.attempt(self.book.covers(place, amount), act):
            self.book.held[place] += amount
            self.payouts["approved"].append((payout, place, amount))

    def _of(self, state: str) -> tuple[Payout, tuple[int, str], Decimal] | None:
        rows = self.payouts[state]
        return rows.pop(self.random.randrange(len(rows))) if rows else None

    def _cashier(self, payout: Payout):
        return self.cast.cashier if payout.paid_from_id == self.cast.mill.pk else self.cast.county_cashier

    def _release(self, payout: Payout) -> str:
        return actions.release_payouts(by=self._cashier(payout), payouts=pairs(payout), key=new_key())

    def releases(self) -> None:
        if found := self._of("approved"):
            self._release(found[0])
            self.payouts["released"].append(found)

    def settles(self) -> None:
        if found := self._of("released"):
            payout, place, amount = found
            actions.settle_payouts(by=self._cashier(payout), payouts=pairs(payout), paid_on=DAY, key=new_key())
            self.book.held[place] -= amount
            self.book.have[place] -= amount
            self.book.paid[place[1]] += amount
            self.payouts["paid"].append(found)

    def fails(self) -> None:
        if found := self._of("released"):
            payout, place, amount = found
            actions.fail_payout(by=self._cashier(payout), payout=fresh(payout), reason="户名与账号不符")
            self.book.held[place] -= amount
            self.payouts["failed"].append(found)

    def retries(self) -> None:
        if found := self._of("failed"):
            payout, place, amount = found
            if self.attempt(self.book.covers(place, amount), lambda: self._release(payout)):
                self.book.held[place] += amount
                self.payouts["released"].append(found)
            else:
                self.payouts["failed"].append(found)

    def reverses_payout(self) -> None:
        if found := self._of("paid"):
            payout, place, amount = found
            reversal = actions.propose_reversal(
                by=self._cashier(payout), payout=fresh(payout), reversed_on=DAY, reason="重复发放"
            )
            actions.confirm_reversal(by=self.cast.approver, reversal=reversal)
            self.book.have[place] += amount
            self.book.paid[place[1]] -= amount

    def check(self) -> None:
        """The product says what the book says; nothing is below zero; every yuan is somewhere."""
        book, ids = self.book, [union.pk for union in self.unions]
        held, left = balances.balances(ids), free(ids)
        for pk in ids:
            for source in SOURCES:
                has = held[pk].get(source, balances.Funds())
                assert has.balance == book.have[pk, source] >= 0
                assert left.get((pk, source), Decimal(0)) == book.have[pk, source] - book.held[pk, source] >= 0
        for union in (self.cast.mill, self.cast.school):
            assert standing(union, self.drive).left == book.hand[union.pk]
        for source in SOURCES:
            there = sum((held[pk].get(source, balances.Funds()).balance for pk in ids), Decimal(0))
            way = sum((held[pk].get(source, balances.Funds()).on_the_way for pk in ids), Decimal(0))
            assert way == sum((row.amount for row in book.way.values() if row.source == source), Decimal(0))
            assert there + way == book.raised[source] - book.paid[source]


def _left_out() -> set[str]:
    return MOVES - set(AuditEvent.objects.filter(outcome="done").values_list("act", flat=True))


@pytest.mark.parametrize("seed", [1, 2024])
def test_the_ledger_closes_at_every_step(cast, till, seed):
    walk = Walk(cast, till, seed)
    for _ in range(6):
        walk.raises()
    for _ in range(STEPS):
        walk.step()
    # whatever chance left out: something is paid and taken back
    while not FundsRaised.objects.filter(drive=walk.drive).exists():
        walk.collects()
        walk.keeps()
        walk.check()
    for move in [walk.raises] * 4 + [walk.approves, walk.releases, walk.settles, walk.reverses_payout] * 4:
        move()
        walk.check()
    for _ in range(STEPS):
        if not _left_out():
            break
        walk.step()
    assert _left_out() == set()
