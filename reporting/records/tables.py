"""Which rows of which table a source term counts: one place for the counting rules of every measure.

Decisions D1 (union + day + kind, never the campaign), D2 (contacts are payouts, money is in their lines), D3 (purpose
and group), D5 (paid, not reversed), D7 (keys), D8 (the state of a file on a day). A condition never names unions or
days: those are put once around the whole table.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from beneficiaries.enums import DossierState, PayoutState, ReliefGroup, VisitKind
from beneficiaries.models import Assessment, DossierPeriod, Payout, PayoutLine, PayoutReversal, Visit
from campaigns.models import Activity, Donation, FundsRaised, Remittance
from reporting.spec import Term
from unions.models import UnionHeadcount

Window = tuple[datetime.date, datetime.date]


@dataclass(frozen=True)
class Table:
    """Rows that count at all, where their union and day stand, and which of them a term with a window means.

    `paid` and `taken_back` are for sums over very many rows: everything, and the few rows to be subtracted from it, cost
    less than to look for each row whether it was taken back.
    """

    rows: Callable[[], QuerySet[Any]]
    matching: Callable[[Term, Window], Q]
    union: str = "union_id"
    day: str = ""
    keys: Callable[[], dict[str, Any]] | None = None
    paid: Callable[[], QuerySet[Any]] | None = None
    taken_back: Callable[[], QuerySet[Any]] | None = None

    def within(self, window: Window) -> Q:
        """The rows of a period; everything where the table has no day of its own."""
        return Q(**{f"{self.day}__gte": window[0], f"{self.day}__lte": window[1]}) if self.day else Q()


# Payouts and their lines


def _reversed(payout: str) -> Exists:
    return Exists(PayoutReversal.objects.filter(payout=OuterRef(payout), confirmed_at__isnull=False))


def _paid() -> QuerySet[Payout]:
    return Payout.objects.filter(state=PayoutState.PAID)


def _paid_lines() -> QuerySet[PayoutLine]:
    return PayoutLine.objects.filter(payout__state=PayoutState.PAID)


def _payout_condition(prefix: str, term: Term, window: Window) -> Q:
    filters, condition = term.filters, Q()
    # The narrowest word first: the database looks at the next only where it holds.
    if "purpose" in filters:
        condition &= Q(**{f"{prefix}purpose__in": filters["purpose"]})
    if "not_purpose" in filters:
        condition &= ~Q(**{f"{prefix}purpose__in": filters["not_purpose"]})
    if "group" in filters:
        condition &= Q(**{f"{prefix}relief_group__in": filters["group"]})
    for trait in filters.get("trait", ()):
        condition &= Q(**{f"{prefix}{trait}": True})
    if "class" in filters:
        condition &= Q(_class_on_the_day(prefix, filters["class"]))
    if "source" in filters:
        sources = filters["source"]
        lines = PayoutLine.objects.filter(payout=OuterRef("pk"), source__in=sources)
        condition &= Q(source__in=sources) if prefix else Q(Exists(lines))
    return condition


def _class_on_the_day(prefix: str, classes: tuple[str, ...]) -> Exists:
    """Whether the recipient's file had one of the classes on the day of the payout."""
    day = OuterRef(f"{prefix}paid_on")
    return Exists(
        DossierPeriod.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day),
            dossier=OuterRef(f"{prefix}dossier_id"),
            valid_from__lte=day,
            state=DossierState.ACTIVE,
            hardship_class__in=classes,
        )
    )


def _payout_keys() -> dict[str, Any]:
    """Who has no ID number counts apart, one per payout; the household is the householder's key at payout (D7)."""
    alone = Concat(Value("payout:"), Cast("pk", CharField()), output_field=CharField())
    numbered = When(~Q(id_index=""), then=F("id_index"))
    return {
        "person": Case(numbered, default=alone, output_field=CharField()),
        "household": Case(
            When(~Q(household_index=""), then=F("household_index")), numbered, default=alone, output_field=CharField()
        ),
    }


# Visits and dossiers


def _visit_condition(term: Term, window: Window) -> Q:
    """A household that is visited is a file's: for `relief.households` it is of the group 建档困难职工."""
    filters = term.filters
    if term.measure == "visits.enterprises":
        condition = Q(kind=VisitKind.ENTERPRISE)
    else:
        condition = Q(kind=VisitKind.HOUSEHOLD)
    if term.measure == "relief.households" or "with_relief" in filters:
        condition &= Q(with_relief=True)
    if ReliefGroup.DOSSIER_HOLDER not in filters.get("group", (ReliefGroup.DOSSIER_HOLDER,)):
        condition &= Q(pk__lt=0)
    if "in_difficulty" in filters:
        condition &= Q(in_difficulty=True)
    for trait in filters.get("trait", ()):
        condition &= Q(**{f"dossier__{trait}": True})
    return condition


def _dossier_keys() -> dict[str, Any]:
    alone = Concat(Value("dossier:"), Cast("dossier_id", CharField()), output_field=CharField())
    key = Case(
        When(dossier__id_index__gt="", then=F("dossier__id_index")),
        default=alone,
        output_field=CharField(),
    )
    return {"person": key, "household": key}


def _period_condition(term: Term, window: Window) -> Q:
    filters = term.filters
    condition = _FLOWS.get(term.measure, _active_at_the_end)(window)
    if "class" in filters:
        condition &= Q(hardship_class__in=filters["class"])
    for trait in filters.get("trait", ()):
        condition &= Q(**{f"dossier__{trait}": True})
    for name in ("certificate", "cause_class"):
        if name in filters:
            condition &= Q(**{f"dossier__{name}__in": filters[name]})
    if "below_standard" in filters:
        condition &= Q(_below_standard())
    return condition


def _active_at_the_end(window: Window) -> Q:
    last = window[1]
    ended_later = Q(valid_to__isnull=True) | Q(valid_to__gt=last)
    return ended_later & Q(state=DossierState.ACTIVE, valid_from__lte=last)


def _opened(window: Window) -> Q:
    """The first active day of a file lies in the window; a transfer or a return to the files opens none."""
    before = Q(valid_from__lt=OuterRef("valid_from")) | Q(valid_from=OuterRef("valid_from"), pk__lt=OuterRef("pk"))
    earlier = DossierPeriod.objects.filter(before, dossier=OuterRef("dossier_id"), state=DossierState.ACTIVE)
    return _began(DossierState.ACTIVE, window) & ~Q(Exists(earlier))


def _left_hardship(window: Window) -> Q:
    """The file left as 脱困 in the window; a later change of its keeper is no second leaving."""
    before = DossierPeriod.objects.filter(
        dossier=OuterRef("dossier_id"),
        state=DossierState.OUT_OF_HARDSHIP,
        valid_to=OuterRef("valid_from"),
        pk__lt=OuterRef("pk"),
    )
    return _began(DossierState.OUT_OF_HARDSHIP, window) & ~Q(Exists(before))


def _began(state: str, window: Window) -> Q:
    return Q(state=state, valid_from__gte=window[0], valid_from__lte=window[1])


_FLOWS: dict[str, Callable[[Window], Q]] = {"dossiers.opened": _opened, "dossiers.left_hardship": _left_hardship}


def _below_standard() -> Exists:
    """Whether the newest assessment found income per head below the standard it was measured with."""
    newer = Assessment.objects.filter(dossier=OuterRef("dossier_id"), pk__gt=OuterRef("pk"))
    return Exists(Assessment.objects.filter(~Exists(newer), dossier=OuterRef("dossier_id"), per_head__lt=F("standard")))


# Money in, activities, head counts


def _fund_condition(term: Term, window: Window) -> Q:
    return Q(source__in=term.filters["source"]) if "source" in term.filters else Q()


def _activity_condition(term: Term, window: Window) -> Q:
    return Q(kind__in=term.filters["kind"]) if "kind" in term.filters else Q()


def _donation_condition(term: Term, window: Window) -> Q:
    """A row without a body holds the donors over all bodies: added to the bodies they would count twice."""
    condition = Q(body="") if term.measure == "donations.all_donors" else ~Q(body="")
    if "body" in term.filters:
        condition &= Q(body__in=term.filters["body"])
    if "donation_kind" in term.filters:
        condition &= Q(kind__in=term.filters["donation_kind"])
    return condition


def _headcount_condition(term: Term, window: Window) -> Q:
    """The newest head count up to the year in which the period ends."""
    year = window[1].year
    newer = UnionHeadcount.objects.filter(union=OuterRef("union_id"), year__gt=OuterRef("year"), year__lte=year)
    return Q(year__lte=year) & ~Q(Exists(newer))


def _everything(term: Term, window: Window) -> Q:
    return Q()


TABLES: dict[str, Table] = {
    "payouts": Table(
        lambda: _paid().filter(~_reversed("pk")),
        partial(_payout_condition, ""),
        day="paid_on",
        keys=_payout_keys,
        paid=_paid,
        taken_back=lambda: _paid().filter(_reversed("pk")),
    ),
    "lines": Table(
        lambda: _paid_lines().filter(~_reversed("payout_id")),
        partial(_payout_condition, "payout__"),
        union="payout__union_id",
        day="payout__paid_on",
        paid=_paid_lines,
        taken_back=lambda: _paid_lines().filter(_reversed("payout_id")),
    ),
    "visits": Table(lambda: Visit.objects.counting(), _visit_condition, day="visited_on", keys=_dossier_keys),
    "periods": Table(lambda: DossierPeriod.objects.all(), _period_condition, keys=_dossier_keys),
    "funds": Table(
        lambda: FundsRaised.objects.not_reversed(),
        _fund_condition,
        day="received_on",
    ),
    "activities": Table(
        lambda: Activity.objects.filter(voided_at__isnull=True),
        _activity_condition,
        day="held_on",
    ),
    "donations": Table(lambda: Donation.objects.not_reversed(), _donation_condition, day="donated_on"),
    "remittances": Table(lambda: Remittance.objects.standing(), _everything, day="remitted_on"),
    "headcounts": Table(lambda: UnionHeadcount.objects.all(), _headcount_condition),
}


def tables_of(term: Term) -> tuple[str, ...]:
    """The tables whose rows a term counts; more than one where their keys are united."""
    first, _, measure = term.measure.partition(".")
    if term.measure == "payouts.amount":
        return ("lines",)
    if term.measure == "donations.remitted":
        return ("remittances",)
    return {"relief": ("payouts", "visits"), "dossiers": ("periods",), "headcount": ("headcounts",)}.get(
        first, (first,)
    )
