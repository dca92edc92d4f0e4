"""A small ledger with a row on every edge that the measures have, written row by row; who and what is made up."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from beneficiaries.enums import DossierState, PayoutState
from beneficiaries.models import (
    Assessment,
    ClassRule,
    Dossier,
    DossierPeriod,
    Payout,
    PayoutLine,
    PayoutReversal,
    Visit,
)
from campaigns.models import Activity, Campaign, Deliverable, Donation, FundsRaised, Remittance
from relief.lib import clock
from unions.models import Union, UnionHeadcount


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def deliverable() -> Deliverable:
    """Ten days of January 2024, and November 2023 as the second period."""
    return Deliverable(
        key="form",
        campaign=Campaign(year=2024),
        period_from=day("2024-01-10"),
        period_to=day("2024-01-20"),
        second_from=day("2023-11-01"),
        second_to=day("2023-11-30"),
    )


class Ledger:
    """Writes the rows of the mill and the school."""

    def __init__(self, cast: Any) -> None:
        self.by, self.mill, self.school = cast.clerk, cast.mill, cast.school
        self.other = cast.county_clerk
        self.now = {"entered_by": self.by, "entered_at": clock.db_now()}
        self.rule = ClassRule.objects.first() or ClassRule.objects.create(
            key="test", version=1, title="测试", parameters={}, valid_from=day("2020-01-01")
        )
        self._dossiers()
        self._payouts()
        self._visits()
        self._money()
        self._counts()

    # Files

    def dossier(self, number: str, *periods: tuple[str, Union, str, str], incomes: str = "", **more: Any) -> Dossier:
        """A file with its history: (from, union, state, class); `incomes` per head against a standard of 780."""
        _, union, state, kind = periods[-1]
        fields = {"number": number, "name": "测试", "sex": "male", "id_index": number, "cause": "other"}
        fields |= {"state": state, "hardship_class": kind, "union": union, "changed_at": clock.db_now()}
        fields |= {"opened_on": day("2023-01-01"), "approved_at": clock.db_now()}
        file = Dossier.objects.create(**(fields | more), **self.now)
        ends = [start for start, *_ in periods[1:]] + [None]
        for (start, at, was, group), end in zip(periods, ends, strict=True):
            DossierPeriod.objects.create(
                dossier=file,
                union=at,
                state=was,
                hardship_class=group,
                valid_from=day(start),
                valid_to=day(end) if end else None,
            )
        for income in incomes.split():
            Assessment.objects.create(
                dossier=file,
                rule=self.rule,
                persons=1,
                yearly_income=Decimal(income) * 12,
                standard=Decimal(780),
                per_head=Decimal(income),
                result="relative",
                assessed_by=self.by,
                assessed_at=clock.db_now(),
            )
        return file

    def _dossiers(self) -> None:
        mill, school = self.mill, self.school
        active, out, applied = DossierState.ACTIVE, DossierState.OUT_OF_HARDSHIP, DossierState.APPLIED
        self.first = self.dossier(
            "D1",
            ("2023-06-01", mill, active, "deep"),
            incomes="900 779.99",
            farmer_worker=True,
            certificate="特困职工救助证",
            cause_class="sudden",
        )
        self.second = self.dossier("D2", ("2024-01-12", mill, active, "relative"), incomes="100 780", disabled=True)
        # Moved to the school inside the period.
        self.moved = self.dossier(
            "D3", ("2023-02-01", mill, active, "accidental"), ("2024-01-15", school, active, "accidental")
        )
        # Left on the last day of the period; its keeper changed afterwards.
        self.dossier(
            "D4",
            ("2023-03-01", mill, active, "deep"),
            ("2024-01-20", mill, out, "deep"),
            ("2024-02-01", school, out, "deep"),
        )
        # Left in November and came back: a return is no new file.
        self.dossier(
            "D5",
            ("2022-03-01", mill, active, "relative"),
            ("2023-11-10", mill, out, "relative"),
            ("2024-01-18", mill, active, "relative"),
        )
        self.dossier("D6", ("2024-01-11", mill, applied, ""))

    # Payouts

    def payout(
        self,
        union: Union,
        paid_on: str,
        group: str,
        purpose: str,
        who: str,
        home: str,
        money: dict[str, str],
        marks: str = "",
        **more: Any,
    ) -> Payout:
        row = Payout.objects.create(
            **{
                "number": f"P{Payout.objects.count() + 1}",
                "union": union,
                "paid_from": union,
                "state": PayoutState.PAID,
                "recipient": "测试",
                "id_index": who,
                "household_index": home,
                "relief_group": group,
                "purpose": purpose,
                "planned_on": day(paid_on),
                "paid_on": day(paid_on),
                **dict.fromkeys(marks.split(), True),
                **self.now,
                **more,
            }
        )
        for source, amount in money.items():
            PayoutLine.objects.create(payout=row, source=source, route="card", amount=Decimal(amount))
        return row

    def _payouts(self) -> None:
        mill, pay = self.mill, self.payout
        pay(
            mill,
            "2024-01-10",
            "low_income",
            "living",
            "a",
            "D1",
            {"central": "100", "own_union": "50"},
            "farmer_worker",
        )
        pay(mill, "2024-01-20", "low_income", "medical", "a", "D1", {"own_union": "20"})
        gift = {"donation": "5"}
        pay(mill, "2024-01-15", "dossier_holder", "relief_visit", "b", "D1", gift, "disabled", dossier=self.first)
        pay(mill, "2024-01-15", "role_model", "other", "", "", {"own_union": "7"}, "model_worker")
        # After the period, in the second period, in the year before.
        pay(mill, "2024-01-21", "low_income", "living", "c", "", {"own_union": "1"})
        pay(mill, "2023-11-05", "low_income", "study", "a", "D1", {"own_union": "3"})
        pay(mill, "2023-12-31", "low_income", "study", "d", "", {"other": "4"})
        # Not paid; taken back; asked back by one person only.
        pay(mill, "2024-01-15", "low_income", "living", "x", "", {"own_union": "1000"}, state=PayoutState.RELEASED)
        back = pay(mill, "2024-01-16", "low_income", "living", "y", "", {"own_union": "1000"})
        kept = pay(mill, "2024-01-17", "festival_duty", "training", "e", "H5", {"interest": "9"})
        for row, confirmed in ((back, self.other), (kept, None)):
            PayoutReversal.objects.create(
                payout=row,
                reversed_on=day("2024-02-01"),
                reason="测试",
                proposed_by=self.by,
                proposed_at=clock.db_now(),
                confirmed_by=confirmed,
                confirmed_at=clock.db_now() if confirmed else None,
            )
        marks = "gig_worker disabled new_generation"
        pay(self.school, "2024-01-15", "low_income", "living", "a", "D1", {"employer": "2"}, marks)

    # The rest

    def _visits(self) -> None:
        def visit(union: Union, on: str, file: Dossier | None = None, **more: Any) -> None:
            kind = {"kind": "household", "dossier": file} if file else {"kind": "enterprise", "enterprise": "测试企业"}
            Visit.objects.create(union=union, visited_on=day(on), **kind, **self.now, **more)

        visit(self.mill, "2024-01-11", self.first, with_relief=True)
        visit(self.mill, "2024-01-12", self.first)
        visit(self.mill, "2024-01-20", self.second, with_relief=True)
        visit(self.mill, "2024-01-14", self.moved)
        visit(self.mill, "2024-01-21", self.second, with_relief=True)
        visit(self.school, "2024-01-19", self.moved, with_relief=True)
        visit(self.mill, "2024-01-15", in_difficulty=True, with_relief=True)
        visit(self.mill, "2024-01-16", in_difficulty=True)
        visit(self.mill, "2024-01-16", with_relief=True)
        visit(self.mill, "2024-01-16", voided_at=clock.db_now())
        visit(self.mill, "2023-11-30")

    def _money(self) -> None:
        def twice(model: Any, **fields: Any) -> None:
            """A row and the row that takes it back."""
            row = model.objects.create(**fields, **self.now)
            numbers = {name: -fields[name] for name in ("amount", "donors") if name in fields}
            model.objects.create(**{**fields, **numbers}, reverses=row, **self.now)

        def raised(union: Union, on: str, source: str, amount: int) -> dict[str, Any]:
            return {"union": union, "received_on": day(on), "source": source, "amount": Decimal(amount)}

        for fields in (
            raised(self.mill, "2024-01-10", "central", 100),
            raised(self.mill, "2024-01-20", "own_union", 30),
            raised(self.mill, "2023-11-30", "donation", 5),
            raised(self.school, "2024-01-15", "other", 2),
        ):
            FundsRaised.objects.create(**fields, **self.now)
        twice(FundsRaised, **raised(self.mill, "2024-01-12", "own_union", 8))

        def gave(on: str, kind: str, body: str, donors: int, amount: str) -> dict[str, Any]:
            fields = {"union": self.mill, "donated_on": day(on), "kind": kind, "body": body}
            return fields | {"donors": donors, "amount": Decimal(amount)}

        for fields in (
            gave("2024-01-10", "joint", "one_day", 10, "50.50"),
            gave("2024-01-20", "joint", "red_cross", 5, "7"),
            gave("2024-01-20", "joint", "", 12, "0"),
            gave("2024-01-11", "one_day_donation", "one_day", 3, "1"),
            gave("2024-01-21", "joint", "one_day", 40, "400"),
        ):
            Donation.objects.create(**fields, **self.now)
        twice(Donation, **gave("2024-01-13", "joint", "red_cross", 9, "90"))
        sent = {"union": self.mill, "remitted_on": day("2024-01-18"), "slip_number": "HK1"}
        Remittance.objects.create(**sent, amount=Decimal("57.50"), **self.now)
        twice(Remittance, **sent, amount=Decimal(4))

    def _counts(self) -> None:
        def held(on: str, kind: str, **counts: Any) -> None:
            Activity.objects.create(union=self.mill, held_on=day(on), kind=kind, **counts, **self.now)

        farmers = {"farmer_contacts": 2, "farmer_persons": 1, "farmer_amount": Decimal(100)}
        held("2024-01-10", "wage_recovery", contacts=5, persons=4, amount=Decimal(300), **farmers)
        held("2024-01-20", "culture", contacts=9, new_contacts=3, number=2)
        held("2024-01-15", "rights_case", persons=6, new_persons=2)
        held("2024-01-15", "charter_coach", quantity=7, contacts=70)
        held("2024-01-15", "culture", contacts=1000, voided_at=clock.db_now())
        held("2024-01-21", "culture", contacts=20)
        held("2023-11-01", "culture", contacts=4)
        for union, year, workers, farmers_, centres in (
            (self.mill, 2022, 10, 1, 1),
            (self.mill, 2024, 30, 3, 2),
            (self.school, 2023, 7, 0, 0),
            (self.school, 2025, 99, 9, 9),
        ):
            UnionHeadcount.objects.create(
                union=union, year=year, workers=workers, farmer_workers=farmers_, help_centres=centres
            )
