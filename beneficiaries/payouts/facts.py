"""What the database knows about payouts, as facts for the rules: a fixed number of queries for any number of payouts."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import Coalesce, ExtractYear

from beneficiaries.enums import DossierState, PayoutState, Route
from beneficiaries.funds import balances
from beneficiaries.models import (
    Assessment,
    Dossier,
    DossierPeriod,
    FundRule,
    Payout,
    PayoutLine,
    SubsistenceStandard,
    YearlyReview,
)
from beneficiaries.payouts.rules_in_force import in_force, rules_for
from beneficiaries.rules import DossierFacts, Finding, LineFacts, PayoutFacts, Rule, check
from relief.lib import clock, idnumber
from unions.models import Union

NOTHING = Decimal(0)
YEARLY = frozenset({"cap_per_year", "cap_per_household", "cap_per_purpose", "cap_living", "cap_study"})
STANDARD = frozenset({"cap_living", "cap_study"})
Totals = dict[tuple[str, int], dict[tuple[int, str, str], Decimal]]
"""Per (person or household, year) and (union, purpose, source) what was paid or is on its way."""
NOT_COUNTED = (PayoutState.DRAFT, PayoutState.FAILED)


@dataclass(slots=True)
class Proposal:
    """A payout that nobody has written down yet, so far as the rules look at it; until then it goes by a negative `pk`.

    A long list asks the rules about tens of thousands: a row of the model for each would cost more than the rules.
    """

    pk: int
    union: Union
    paid_from_id: int
    campaign_id: int | None
    dossier: Dossier | None
    id_number: str
    id_index: str
    household_index: str
    card_number: str
    purpose: str
    planned_on: datetime.date
    farmer_worker: bool
    union_member: bool | None
    self_paid: str
    students: int | None
    lines: tuple[LineFacts, ...]
    number: str = ""
    paid_on: datetime.date | None = None
    state: str = PayoutState.DRAFT.value

    @property
    def union_id(self) -> int:
        return self.union.pk

    @property
    def dossier_id(self) -> int | None:
        return self.dossier.pk if self.dossier else None


Checkable = Payout | Proposal


def _lines(payout: Checkable) -> Sequence[LineFacts] | Sequence[PayoutLine]:
    return payout.lines if isinstance(payout, Proposal) else list(payout.lines.all())


def _written(payouts: Sequence[Checkable]) -> list[int]:
    """The ids of those that the database knows."""
    return [payout.pk for payout in payouts if payout.pk > 0]


def findings_of(
    payouts: Sequence[Checkable],
    *,
    today: datetime.date,
    on: datetime.date | None = None,
    together: bool = True,
    elsewhere: bool = False,
) -> dict[int, list[Finding]]:
    """Per payout id what the rules in force say, worst first.

    `on` is the day on which the dossier must be in force: the day of release or of handing out; without it the planned
    day, at most today. `together` says that all of them take one step: each must then fit beside the others; a list shows
    each by itself, beside what is committed. Payouts come with union, dossier and lines loaded (`for_checking`).

    `elsewhere` also counts what other unions gave to somebody who has no file here. That is for those who decide: who
    enters could ask about any number without end (D19).
    """
    if not payouts:
        return {}
    unions = {payout.union_id: payout.union for payout in payouts}
    rows = rules_for({payout.campaign_id for payout in payouts}, unions.values())
    known = _Known.of(
        payouts, keys={row.key for row in rows}, today=today, on=on, together=together, elsewhere=elsewhere
    )
    holding = _Holding(rows)
    return {payout.pk: check(known.facts(payout), holding.rules(payout)) for payout in payouts}


class _Holding:
    """The rules in force, sought once per union, campaign and day: a long list has few of them."""

    def __init__(self, rows: Sequence[FundRule]):
        self.rows = rows
        self.found: dict[tuple[int, int | None, datetime.date], list[Rule]] = {}

    def rules(self, payout: Checkable) -> list[Rule]:
        place = (payout.union_id, payout.campaign_id, _day(payout))
        if place not in self.found:
            self.found[place] = in_force(self.rows, payout.campaign_id, _day(payout), payout.union.line_ids())
        return self.found[place]


def _day(payout: Checkable) -> datetime.date:
    return payout.paid_on or payout.planned_on


@dataclass
class _Known:
    """Everything looked up once for a group of payouts."""

    active: dict[int, bool]
    available: dict[tuple[int, str], Decimal]
    batch: dict[tuple[int, str], Decimal]
    others: dict[tuple[str, int, str], dict[int, tuple[int, str, str]]]
    counted: frozenset[int]
    together: bool
    elsewhere: bool
    renewed: Mapping[int, datetime.date] = field(default_factory=dict)
    of_person: Totals = field(default_factory=dict)
    of_household: Totals = field(default_factory=dict)
    standards: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        payouts: Sequence[Checkable],
        *,
        keys: Collection[str],
        today: datetime.date,
        on: datetime.date | None,
        together: bool,
        elsewhere: bool,
    ) -> _Known:
        known = cls(
            active=_active(payouts, today, on),
            available=_available(payouts),
            batch=_batch(payouts),
            others=_others(payouts, together),
            counted=frozenset(payout.pk for payout in payouts),
            together=together,
            elsewhere=elsewhere,
        )
        if not together:
            known.batch, known.counted = _committed_batch(payouts)
        if "dossier_age" in keys:
            known.renewed = _renewed(payouts)
        if YEARLY & set(keys):
            known.of_person = _totals(payouts, "id_index", together)
            known.of_household = _totals(payouts, "household_index", together)
        if STANDARD & set(keys):
            known.standards = _standards(payouts)
        return known

    def facts(self, payout: Checkable) -> PayoutFacts:
        day, lines = _day(payout), _lines(payout)
        id_number, card = payout.id_number, payout.card_number
        others, again = self._others(payout)
        return PayoutFacts(
            day=day,
            purpose=payout.purpose,
            lines=payout.lines
            if isinstance(payout, Proposal)
            else tuple(LineFacts(line.source, line.route, line.amount, line.item) for line in lines),
            dossier=self._dossier(payout),
            has_id=bool(id_number),
            id_fault=(idnumber.fault(id_number) or "") if id_number else "",
            has_card=bool(card),
            card_fault=(idnumber.card_fault(card) or "") if card else "",
            available=self._left(payout, lines),
            others=others,
            again=again,
            year_total=_by_source(self._so_far(self.of_person, payout.id_index, payout)),
            totals=self._so_far(self.of_household, payout.household_index, payout),
            standard=self._standard(payout, day.year),
            farmer_worker=payout.farmer_worker,
            union_member=payout.union_member,
            self_paid=Decimal(payout.self_paid) if payout.self_paid else None,
            students=payout.students,
        )

    def _others(self, payout: Checkable) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The other unions that have the household down, and the numbers of the own one."""
        rows = self.others.get((payout.household_index, payout.campaign_id or 0, payout.purpose), {})
        theirs = {union: name for union, name, _ in rows.values() if union != payout.union_id}
        if not self._tells(payout):
            theirs = {}
        own = [number for pk, (union, _, number) in rows.items() if union == payout.union_id and pk != payout.pk]
        return tuple(name for _, name in sorted(theirs.items())), tuple(sorted(own))

    def _tells(self, payout: Checkable) -> bool:
        """Whether payouts of other unions count; the file of another person opens nothing about this number."""
        return self.elsewhere or (payout.dossier_id is not None and payout.id_index in ("", payout.household_index))

    def _so_far(self, totals: Totals, key: str, payout: Checkable) -> dict[tuple[str, str], Decimal]:
        """What the key got in the year of the payout per purpose and source, the payout itself not counted."""
        found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for (union_id, purpose, source), total in totals.get((key, _day(payout).year), {}).items() if key else ():
            if union_id == payout.union_id or self._tells(payout):
                found[purpose, source] += total
        for line in _lines(payout) if self.together or payout.state not in NOT_COUNTED else ():
            if (payout.purpose, line.source) in found:
                found[payout.purpose, line.source] -= line.amount
        return found

    def _dossier(self, payout: Checkable) -> DossierFacts | None:
        dossier = payout.dossier
        if dossier is None:
            return None
        return DossierFacts(
            dossier.number,
            dossier.opened_on,
            self.active[payout.pk],
            dossier.get_state_display(),
            self.renewed.get(dossier.pk),
        )

    def _left(self, payout: Checkable, lines: Sequence[LineFacts] | Sequence[PayoutLine]) -> dict[str, Decimal]:
        """Per source what is left for this payout when the others of the group are counted first."""
        own: dict[str, Decimal] = defaultdict(Decimal)
        for line in lines:
            own[line.source] += line.amount if payout.pk in self.counted else NOTHING
        place = payout.paid_from_id
        return {
            source: self.available.get((place, source), NOTHING) - self.batch[place, source] + amount
            for source, amount in own.items()
        }

    def _standard(self, payout: Checkable, year: int) -> Decimal | None:
        for union_id in reversed(payout.union.line_ids()):
            if (union_id, year) in self.standards:
                return self.standards[union_id, year]
        return None


def for_checking():
    """Payouts with everything the rules and the acts read."""
    return Payout.objects.select_related("union", "paid_from", "campaign", "dossier").prefetch_related("lines")


def _active(payouts: Sequence[Checkable], today: datetime.date, on: datetime.date | None) -> dict[int, bool]:
    """Per payout whether its dossier is in force on the day that counts (D8); what is already sent is not asked again.

    The state now counts, and so does the history: a hand-out recorded later is judged by its own day.
    """
    dossiers = {payout.dossier_id for payout in payouts if payout.dossier_id}
    spans = defaultdict(list)
    for period in DossierPeriod.objects.filter(dossier__in=dossiers, state=DossierState.ACTIVE):
        spans[period.dossier_id].append((period.valid_from, period.valid_to or datetime.date.max))
    answer = {}
    for payout in payouts:
        day = on or min(payout.planned_on, today)
        within = any(first <= day < last for first, last in spans[payout.dossier_id or 0])
        now = payout.dossier is not None and payout.dossier.state == DossierState.ACTIVE
        answer[payout.pk] = now or within or payout.state == PayoutState.RELEASED
    return answer


def _batch(payouts: Sequence[Checkable]) -> dict[tuple[int, str], Decimal]:
    totals: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for payout in payouts:
        for line in _lines(payout):
            totals[payout.paid_from_id, line.source] += line.amount
    return totals


def _committed_batch(payouts: Sequence[Checkable]) -> tuple[dict[tuple[int, str], Decimal], frozenset[int]]:
    """What the approved and sent ones of the group hold, and which they are."""
    held = [payout for payout in payouts if payout.state in (PayoutState.APPROVED, PayoutState.RELEASED)]
    return _batch(held), frozenset(payout.pk for payout in held)


def _available(payouts: Sequence[Checkable]) -> dict[tuple[int, str], Decimal]:
    """Balance less what is approved or sent but not yet paid, by paying union and source; this group not counted."""
    unions = {payout.paid_from_id for payout in payouts}
    left = {
        (union_id, source): funds.balance
        for union_id, sources in balances.balances(unions).items()
        for source, funds in sources.items()
    }
    waiting = balances.committed(unions, without=_written(payouts))
    for key, amount in waiting.items():
        left[key] = left.get(key, NOTHING) - amount
    return left


def _others(
    payouts: Sequence[Checkable], together: bool
) -> dict[tuple[str, int, str], dict[int, tuple[int, str, str]]]:
    """Per (household, campaign, purpose) the payouts that are down for it, by id: union, its name, number.

    Drafts do not count but those that take the step together; failed and reversed payouts do not count.
    """
    households = {payout.household_index for payout in payouts if payout.household_index and payout.campaign_id}
    answer: dict[tuple[str, int, str], dict[int, tuple[int, str, str]]] = defaultdict(dict)
    if not households:
        return answer
    rows = (
        Payout.objects.filter(household_index__in=households, campaign__in={payout.campaign_id for payout in payouts})
        .exclude(state__in=NOT_COUNTED)
        .exclude(reversals__confirmed_at__isnull=False)
        .values_list("household_index", "campaign_id", "purpose", "pk", "union_id", "union__name", "number")
    )
    for household, campaign, purpose, pk, union_id, name, number in rows:
        answer[household, campaign, purpose][pk] = (union_id, name, number)
    for payout in payouts if together else ():
        if payout.household_index and payout.campaign_id:
            place = (payout.household_index, payout.campaign_id, payout.purpose)
            answer[place][payout.pk] = (payout.union_id, payout.union.name, payout.number)
    return answer


def _renewed(payouts: Sequence[Checkable]) -> dict[int, datetime.date]:
    """Per dossier the last day on which somebody looked at the household anew."""
    dossiers = {payout.dossier.pk: payout.dossier for payout in payouts if payout.dossier is not None}
    days = {pk: [dossier.opened_on] for pk, dossier in dossiers.items() if dossier.opened_on}
    for dossier_id, at in Assessment.objects.filter(dossier__in=dossiers).values_list("dossier", "assessed_at"):
        days.setdefault(dossier_id, []).append(clock.today(at))
    done = YearlyReview.objects.filter(dossier__in=dossiers)
    for dossier_id, day in done.values_list("dossier", "reviewed_on"):
        days.setdefault(dossier_id, []).append(day)
    return {pk: max(found) for pk, found in days.items()}


def _totals(payouts: Sequence[Checkable], key: str, together: bool) -> Totals:
    """Per key, year and purpose what was paid or is on its way; those that take the step together count as well.

    The year is that of the day of payment, and of the planned day until then.
    """
    keys = {getattr(payout, key) for payout in payouts} - {""}
    rows = (
        PayoutLine.objects.filter(**{f"payout__{key}__in": keys})
        .exclude(payout__in=_written(payouts) if together else [])
        .exclude(payout__state__in=NOT_COUNTED)
        .exclude(payout__reversals__confirmed_at__isnull=False)
        .order_by()
        .annotate(year=ExtractYear(Coalesce("payout__paid_on", "payout__planned_on")))
        .values_list(f"payout__{key}", "year", "payout__union", "payout__purpose", "source")
        .annotate(total=Sum("amount"))
    )
    totals: Totals = defaultdict(lambda: defaultdict(Decimal))
    for value, year, union_id, purpose, source, total in rows:
        totals[value, year][union_id, purpose, source] = total
    for payout in payouts if together else ():
        for line in _lines(payout):
            place = (payout.union_id, payout.purpose, line.source)
            totals[getattr(payout, key), _day(payout).year][place] += line.amount
    return totals


def _by_source(totals: Mapping[tuple[str, str], Decimal]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for (_, source), total in totals.items():
        found[source] += total
    return found


def _standards(payouts: Sequence[Checkable]) -> dict[tuple[int, int], Decimal]:
    unions = {payout.union_id: payout.union for payout in payouts}
    line = {union_id for union in unions.values() for union_id in union.line_ids()}
    rows = SubsistenceStandard.objects.filter(union__in=line)
    return {(row.union_id, row.year): row.monthly for row in rows}


def by_bank(payout: Payout) -> bool:
    """Whether a line goes through a bank, so that the payout must be sent before it can be paid."""
    return any(line.route in (Route.CARD, Route.PASSBOOK) for line in payout.lines.all())
