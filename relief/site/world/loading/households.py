"""Households on their way through the chain, each step on its own day and by its own person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Min

from beneficiaries import actions
from beneficiaries.assessing import classrules
from beneficiaries.dossiers.particulars import HOLDER
from beneficiaries.enums import ClosingReason, DossierLevel, DossierState, HardshipClass, WorkStatus
from beneficiaries.models import ClassRule, Dossier, SubsistenceStandard
from relief.lib import clock
from relief.site.world.instants import at_hour, read_day
from relief.site.world.loading.cast import Cast, Timeline
from unions.enums import Role
from unions.models import Person

CHAIN = [DossierState.APPLIED, DossierState.VISITED, DossierState.POSTED, DossierState.REVIEWED, DossierState.ACTIVE]
# Days before the file was opened on which the steps were done; the public list stood nine days.
OPENED, APPLIED, VISITED, POSTED, POSTED_UNTIL, REVIEWED = 21, 20, 17, 15, 6, 3
PLAIN = ("name", "id_number", "cause", "employer", "address", "bank", "card_number", "certificate", "note", "phone")
UNDATED_AGE = timedelta(days=2)
"""How far before loading an application without a date stands at its last step."""


def plan(cast: Cast, world: dict[str, Any], timeline: Timeline) -> None:
    """Put every step of every household on the timeline."""
    first_use = _first_use(world)
    for place, row in enumerate(world.get("households", [])):
        _Household(cast, row, f"$.households[{place}]", timeline).plan(first_use.get(row["key"]))


def keeper_on(row: dict[str, Any], day: str) -> str:
    """The union that keeps the household on a day; on the day of a transfer the receiving one."""
    keeper = row["union"]
    for event in row.get("history", []):
        if event["event"] == "transfer" and event["on"] <= day:
            keeper = event["to"]
    return keeper


def _first_use(world: dict[str, Any]) -> dict[str, date]:
    """The first day on which a payout or visit names each household: its file must be there by then."""
    found: dict[str, date] = {}
    used = [(row.get("household"), row.get("planned_on")) for row in world.get("payouts", [])]
    used += [(row.get("household"), row.get("paid_on")) for row in world.get("payouts", [])]
    used += [(row.get("household"), row["visited_on"]) for row in world.get("visits", [])]
    for key, on in used:
        if key and on:
            found[key] = min(read_day(on), found.get(key, date.max))
    return found


class _Household:
    """One household while it is being loaded; the dossier is looked up by key at every step, so that it is fresh."""

    def __init__(self, cast: Cast, row: dict[str, Any], path: str, timeline: Timeline) -> None:
        self.cast, self.row, self.path, self.timeline = cast, row, path, timeline
        self.union = cast.unions[row["union"]]
        self.steps = row.get("steps", {})
        self.state = row.get("state", DossierState.ACTIVE)

    @property
    def dossier(self) -> Dossier:
        return self.cast.dossiers[self.row["key"]]

    def plan(self, first_use: date | None) -> None:
        opened = self._opened()
        begin = opened - timedelta(days=OPENED)
        if first_use is not None and first_use <= begin:
            begin = first_use - timedelta(days=1)
        self._add(begin, 9, self.open)
        reached = (
            len(CHAIN)
            if self.state not in ("draft", *CHAIN)
            else CHAIN.index(self.state) + 1
            if self.state in CHAIN
            else 0
        )
        days = (APPLIED, VISITED, POSTED, REVIEWED, 0)
        moves: tuple[Callable[[], None], ...] = (self.apply, self.visit, self.post, self.review, self.approve)
        for before, move in list(zip(days, moves, strict=True))[:reached]:
            self._add(opened - timedelta(days=before), 8, move)
        for number, event in enumerate(self.row.get("history", [])):
            self._plan_event(event, f"{self.path}.history[{number}]")

    def _opened(self) -> date:
        """The paper day; without one the day on which the chain would end if nothing held it up."""
        if self.row.get("opened_on"):
            return read_day(self.row["opened_on"])
        done = {"draft": OPENED, "applied": APPLIED, "visited": VISITED, "posted": POSTED, "reviewed": REVIEWED}
        return clock.day_of(self.cast.now - UNDATED_AGE) + timedelta(days=done.get(self.state, 0))

    def _add(self, day: date, hour: int, do: Callable[[], Any]) -> None:
        self.timeline.add(at_hour(day, hour), self.path, do)

    def _plan_event(self, event: dict[str, Any], path: str) -> None:
        day = read_day(event["on"])
        if event["event"] == "transfer":
            self.timeline.add(at_hour(day, 12), path, lambda: self.transfer(event, day))
        else:
            self.timeline.add(at_hour(day, 18), path, lambda: self.leave(event, day))

    def _by(self, name: str, role: str, *not_by: int | None) -> Person:
        """The person of a step: the one named, else somebody of the union that does it."""
        dossier = self.dossier
        place = {Role.REVIEW: dossier.review_union, Role.APPROVE: dossier.approve_union}.get(
            Role(role)
        ) or dossier.union
        return self.cast.person(self.steps.get(name), place, role, not_by=not_by)

    def open(self) -> None:
        row = self.row
        by = self.cast.person(self.steps.get("by"), self.union, Role.ENTER)
        traits = row.get("traits", [])
        fields = {name: row[name] for name in PLAIN if row.get(name)}
        fields |= {mark: mark in traits for mark in ("farmer_worker", "disabled", "model_worker", "gig_worker")}
        fields |= {name: row[name] for name in ("sex", "health", *sorted(HOLDER)) if row.get(name)}
        fields |= {
            "work_status": row.get("work_status", WorkStatus.ON_POST),
            "level": row.get("level", DossierLevel.COUNTY),
        }
        dossier = actions.open_dossier(by=by, union=self.union, fields=fields, members=row.get("members", []))
        self._keep(dossier)
        if row.get("assessment") or row.get("class") or self.state != DossierState.DRAFT:
            self._assess(by)

    def _assess(self, by: Person) -> None:
        """Assess by the sum; where the file says another class, the officer overrides the result."""
        row = self.row
        given = row.get("assessment") or {"persons": len(row.get("members", [])) + 1, "yearly_income": "0.00"}
        inputs: dict[str, Any] = {name: Decimal(value) for name, value in given.items() if name != "persons"}
        inputs = {"rigid_expenses": Decimal(0), "persons": given["persons"], **inputs}
        wanted = row.get("class", "")
        with clock.as_of(max(clock.db_now(), self._assessable())):
            # Accidental hardship is never computed, an officer decides it.
            if wanted != HardshipClass.ACCIDENTAL:
                made = actions.assess(by=by, dossier=self.dossier, **inputs)
                wanted = wanted or (HardshipClass.RELATIVE if made.result == HardshipClass.NONE else made.result)
                if made.result == wanted:
                    return
            reason = "按入户核实情况认定"
            actions.assess(by=by, dossier=self.dossier, **inputs, override=wanted, override_reason=reason)

    def _assessable(self) -> datetime:
        """The first instant with a rule and a standard: older paper files are assessed by the first ones there are."""
        line = self.union.line_ids()
        year = SubsistenceStandard.objects.filter(union__in=line).aggregate(first=Min("year"))["first"]
        rule = ClassRule.objects.filter(key=classrules.KEY).aggregate(first=Min("valid_from"))["first"]
        return at_hour(max(date(year, 1, 1), rule), 9) if year and rule else self.cast.now

    def apply(self) -> None:
        self._keep(actions.apply_dossier(by=self._by("by", Role.ENTER), **self._seen(), text="本人申请，情况属实。"))

    def visit(self) -> None:
        by = self._by("visited_by", Role.ENTER)
        self._keep(actions.visit_dossier(by=by, **self._seen(), text="已入户，家庭情况与申请一致。", on=clock.today()))

    def post(self) -> None:
        by, today = self._by("posted_by", Role.ENTER), clock.today()
        until = today + timedelta(days=POSTED - POSTED_UNTIL)
        self._keep(actions.post_dossier(by=by, **self._seen(), text="公示无异议。", on=today, until=until))

    def review(self) -> None:
        by = self._by("reviewed_by", Role.REVIEW, *self._hands())
        self._keep(actions.review_dossier(by=by, **self._seen(), text="材料齐全，同意上报。"))

    def approve(self) -> None:
        by = self._by("approved_by", Role.APPROVE, *self._hands(), self.dossier.reviewed_by_id)
        opened = self._opened()
        self._keep(
            actions.approve_dossier(by=by, **self._seen(), text="同意建档。", opened_on=min(opened, clock.today()))
        )

    def _hands(self) -> tuple[int | None, ...]:
        return self.dossier.entered_by_id, self.dossier.visited_by_id

    def transfer(self, event: dict[str, Any], day: date) -> None:
        by = self.cast.person(event.get("by"), self.dossier.union, Role.ENTER)
        to = self.cast.unions[event["to"]]
        text = event.get("text") or "职工调动，档案随转。"
        self._keep(actions.transfer_dossier(by=by, **self._seen(), to=to, text=text, on=day, past=True))

    def leave(self, event: dict[str, Any], day: date) -> None:
        by = self.cast.person(event.get("by"), self.dossier.union, Role.ENTER)
        out = event["event"] == DossierState.OUT_OF_HARDSHIP
        reason = ClosingReason.OUT_OF_HARDSHIP if out else event.get("reason", ClosingReason.RETIRED)
        text = event.get("text") or ("收入稳定，已脱困。" if out else "按规定注销。")
        self._keep(actions.close_dossier(by=by, **self._seen(), reason=reason, text=text, on=day, past=True))

    def _seen(self) -> dict[str, Any]:
        return {"dossier": self.dossier, "version": self.dossier.version}

    def _keep(self, dossier: Dossier) -> None:
        self.cast.dossiers[self.row["key"]] = dossier
