"""What the database knows about payouts, as facts for the rules: a fixed number of queries for any number of payouts."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, Sum

from beneficiaries import balances
from beneficiaries.enums import DossierState, PayoutState, Purpose, Route
from beneficiaries.models import DossierPeriod, FundRule, Payout, PayoutLine, SubsistenceStandard
from beneficiaries.rules import DossierFacts, Finding, LineFacts, PayoutFacts, Rule, check
from relief.lib import idnumber

CAPS = frozenset({"cap_per_year", "cap_living"})
NOTHING = Decimal(0)


def findings_of(
    payouts: Sequence[Payout], *, today: datetime.date, on: datetime.date | None = None, together: bool = True
) -> dict[int, list[Finding]]:
    """Per payout id what the rules in force say, worst first.

    `on` is the day on which the dossier must be in force: the day of release or of handing out; without it the planned
    day, at most today. `together` says that all of them take one step: each must then fit beside the others; a list shows
    each by itself, beside what is committed. Payouts come with union, dossier and lines loaded (`for_checking`).
    """
    if not payouts:
        return {}
    rows = list(FundRule.objects.filter(Q(campaign=None) | Q(campaign__in={payout.campaign_id for payout in payouts})))
    known = _Known.of(payouts, caps=any(row.key in CAPS and row.valid_to is None for row in rows), today=today, on=on)
    if not together:
        known.batch, known.counted = _committed_batch(payouts)
    return {
        payout.pk: check(known.facts(payout), in_force(rows, payout.campaign_id, _day(payout))) for payout in payouts
    }


def in_force(rows: Iterable[FundRule], campaign_id: int | None, day: datetime.date) -> list[Rule]:
    """The rules that hold for a campaign on a day: its own row of a key before the general one, the newest version."""
    chosen: dict[str, FundRule] = {}
    for row in rows:
        if row.valid_from > day or (row.valid_to is not None and row.valid_to < day):
            continue
        if row.campaign_id not in (None, campaign_id):
            continue
        held = chosen.get(row.key)
        if held is None or (row.campaign_id is not None, row.version) > (held.campaign_id is not None, held.version):
            chosen[row.key] = row
    return [
        Rule(row.key, row.effect, row.origin, frozenset(row.sources), row.parameters)
        for _, row in sorted(chosen.items())
    ]


def _day(payout: Payout) -> datetime.date:
    return payout.paid_on or payout.planned_on


@dataclass
class _Known:
    """Everything looked up once for a group of payouts."""

    active: dict[int, bool]
    available: dict[tuple[int, str], Decimal]
    batch: dict[tuple[int, str], Decimal]
    others: dict[tuple[str, int, str], dict[int, str]]
    counted: frozenset[int]
    year_totals: Mapping[tuple[str, int], Decimal] = field(default_factory=dict)
    living_totals: Mapping[tuple[str, int], Decimal] = field(default_factory=dict)
    standards: Mapping[tuple[int, int], Decimal] = field(default_factory=dict)

    @classmethod
    def of(cls, payouts: Sequence[Payout], *, caps: bool, today: datetime.date, on: datetime.date | None) -> _Known:
        known = cls(
            active=_active(payouts, today, on),
            available=_available(payouts),
            batch=_batch(payouts),
            others=_others(payouts),
            counted=frozenset(payout.pk for payout in payouts),
        )
        if caps:
            known.year_totals = _year_totals(payouts, "id_index", Q())
            known.living_totals = _year_totals(payouts, "household_index", Q(payout__purpose=Purpose.LIVING))
            known.standards = _standards(payouts)
        return known

    def facts(self, payout: Payout) -> PayoutFacts:
        day, lines = _day(payout), list(payout.lines.all())
        id_number, card = payout.id_number, payout.card_number
        others = self.others.get((payout.household_index, payout.campaign_id or 0, payout.purpose), {})
        return PayoutFacts(
            day=day,
            purpose=payout.purpose,
            lines=tuple(LineFacts(line.source, line.route, line.amount, line.item) for line in lines),
            dossier=self._dossier(payout),
            has_id=bool(id_number),
            id_fault=(idnumber.fault(id_number) or "") if id_number else "",
            has_card=bool(card),
            card_fault=(idnumber.card_fault(card) or "") if card else "",
            available=self._left(payout, lines),
            others=tuple(name for union, name in sorted(others.items()) if union != payout.union_id),
            year_total=self.year_totals.get((payout.id_index, day.year), NOTHING),
            living_total=self.living_totals.get((payout.household_index, day.year), NOTHING),
            standard=self._standard(payout, day.year),
        )

    def _dossier(self, payout: Payout) -> DossierFacts | None:
        dossier = payout.dossier
        if dossier is None:
            return None
        return DossierFacts(dossier.number, dossier.opened_on, self.active[payout.pk], dossier.get_state_display())

    def _left(self, payout: Payout, lines: list[PayoutLine]) -> dict[str, Decimal]:
        """Per source what is left for this payout when the others of the group are counted first."""
        own: dict[str, Decimal] = defaultdict(Decimal)
        for line in lines:
            own[line.source] += line.amount if payout.pk in self.counted else NOTHING
        place = payout.paid_from_id
        return {
            source: self.available.get((place, source), NOTHING) - self.batch[place, source] + amount
            for source, amount in own.items()
        }

    def _standard(self, payout: Payout, year: int) -> Decimal | None:
        for union_id in reversed(payout.union.line_ids()):
            if (union_id, year) in self.standards:
                return self.standards[union_id, year]
        return None


def for_checking():
    """Payouts with everything the rules and the acts read."""
    return Payout.objects.select_related("union", "paid_from", "campaign", "dossier").prefetch_related("lines")


def _active(payouts: Sequence[Payout], today: datetime.date, on: datetime.date | None) -> dict[int, bool]:
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


def _batch(payouts: Sequence[Payout]) -> dict[tuple[int, str], Decimal]:
    totals: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for payout in payouts:
        for line in payout.lines.all():
            totals[payout.paid_from_id, line.source] += line.amount
    return totals


def _committed_batch(payouts: Sequence[Payout]) -> tuple[dict[tuple[int, str], Decimal], frozenset[int]]:
    """What the approved and sent ones of the group hold, and which they are."""
    held = [payout for payout in payouts if payout.state in (PayoutState.APPROVED, PayoutState.RELEASED)]
    return _batch(held), frozenset(payout.pk for payout in held)


def _available(payouts: Sequence[Payout]) -> dict[tuple[int, str], Decimal]:
    """Balance less what is approved or sent but not yet paid, by paying union and source; this group not counted."""
    unions = {payout.paid_from_id for payout in payouts}
    left = {
        (union_id, source): funds.balance
        for union_id, sources in balances.balances(unions).items()
        for source, funds in sources.items()
    }
    waiting = balances.committed(unions, without={payout.pk for payout in payouts})
    for key, amount in waiting.items():
        left[key] = left.get(key, NOTHING) - amount
    return left


def _others(payouts: Sequence[Payout]) -> dict[tuple[str, int, str], dict[int, str]]:
    """Per (household, campaign, purpose) the unions that have it down; failed and reversed payouts do not count."""
    households = {payout.household_index for payout in payouts if payout.household_index and payout.campaign_id}
    answer: dict[tuple[str, int, str], dict[int, str]] = defaultdict(dict)
    if not households:
        return answer
    rows = (
        Payout.objects.filter(household_index__in=households, campaign__in={payout.campaign_id for payout in payouts})
        .exclude(state__in=(PayoutState.DRAFT, PayoutState.FAILED))
        .exclude(reversals__confirmed_at__isnull=False)
        .values_list("household_index", "campaign_id", "purpose", "union_id", "union__name")
    )
    for household, campaign, purpose, union_id, name in rows:
        answer[household, campaign, purpose][union_id] = name
    return answer


def _year_totals(payouts: Sequence[Payout], key: str, condition: Q) -> dict[tuple[str, int], Decimal]:
    """Per key and year what was paid or is on its way, this group not counted."""
    keys = {getattr(payout, key) for payout in payouts} - {""}
    rows = (
        PayoutLine.objects.filter(condition, **{f"payout__{key}__in": keys})
        .exclude(payout__in=[payout.pk for payout in payouts])
        .exclude(payout__state__in=(PayoutState.DRAFT, PayoutState.FAILED))
        .exclude(payout__reversals__confirmed_at__isnull=False)
        .values_list(f"payout__{key}", "payout__planned_on__year")
        .annotate(total=Sum("amount"))
    )
    return {(value, year): total for value, year, total in rows}


def _standards(payouts: Sequence[Payout]) -> dict[tuple[int, int], Decimal]:
    line = {union_id for payout in payouts for union_id in payout.union.line_ids()}
    rows = SubsistenceStandard.objects.filter(union__in=line)
    return {(row.union_id, row.year): row.monthly for row in rows}


def by_bank(payout: Payout) -> bool:
    """Whether a line goes through a bank, so that the payout must be sent before it can be paid."""
    return any(line.route in (Route.CARD, Route.PASSBOOK) for line in payout.lines.all())
