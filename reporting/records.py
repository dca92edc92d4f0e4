"""What the records give for every blank of a form, set-based: the same few queries for one union and for ten thousand.

Counting rules: decisions D1 (union + day in the deliverable's period + kind, never the campaign), D5 (paid, not
reversed), D3 (purpose and group), D7 (distinct keys). Amounts are 分, everything else ones.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from beneficiaries.enums import DossierState, Trait, VisitKind
from beneficiaries.models import DossierPeriod, Payout, PayoutLine, Visit
from campaigns.models import Activity, Deliverable, FundsRaised
from relief.lib.money import to_fen
from reporting.enums import CountKind
from reporting.spec import FormSpec, Item, Term
from unions.models import UnionHeadcount

TRAITS = tuple(Trait.values)
Counts = dict[int, int]
Window = tuple[datetime.date, datetime.date]


@dataclass(frozen=True)
class KeyRow:
    """One distinct person or household behind an item: the union and the raw key, still to be made a count key."""

    union_id: int
    raw: str


class Records:
    """The records of some unions in the periods of a deliverable; each table is read at most once."""

    def __init__(self, deliverable: Deliverable, union_ids: Iterable[int]) -> None:
        self.deliverable = deliverable
        self.union_ids = list(union_ids)
        self._tables: dict[tuple[str, str], list[dict[str, Any]]] = {}

    def window(self, period: str) -> Window:
        """First and last day of a period, both counted."""
        d = self.deliverable
        if period == "second":
            if d.second_from is None or d.second_to is None:
                raise ValueError(f"deliverable {d.key} has no second period")
            return d.second_from, d.second_to
        return d.period_from, d.period_to

    def numbers(self, spec: FormSpec) -> dict[int, dict[str, int]]:
        """{union id: {code: number}} for every blank that asks the records: its source, or what stands against its
        formula; unions without records get zeros."""
        found: dict[int, dict[str, int]] = {union_id: {} for union_id in self.union_ids}
        for item in spec.items:
            if not item.terms:
                continue
            totals: Counts = defaultdict(int)
            for term in item.terms:
                for union_id, number in self._term(term).items():
                    totals[union_id] += number
            for union_id in self.union_ids:
                found[union_id][item.code] = totals.get(union_id, 0)
        return found

    def keys(self, spec: FormSpec) -> dict[str, tuple[CountKind, list[KeyRow]]]:
        """The distinct people or households behind every blank that counts them, by code."""
        found = {}
        for item in spec.items:
            if item.is_formula or not item.terms or item.over_children not in ("distinct_person", "distinct_household"):
                continue
            kind = CountKind.PERSON if item.over_children == "distinct_person" else CountKind.HOUSEHOLD
            rows = {row for term in item.terms for row in self._distinct(term)}
            found[item.code] = (kind, sorted(rows, key=lambda row: (row.union_id, row.raw)))
        return found

    def _term(self, term: Term) -> Counts:
        table, _, measure = term.measure.partition(".")
        return _READERS[table](self, measure, term)

    def _distinct(self, term: Term) -> Iterator[KeyRow]:
        table, _, measure = term.measure.partition(".")
        yield from _KEY_READERS[table](self, measure, term)

    def cached(self, name: str, period: str, read: Callable[[], Iterable[dict[str, Any]]]) -> list[dict[str, Any]]:
        key = (name, period)
        if key not in self._tables:
            self._tables[key] = list(read())
        return self._tables[key]


# Payouts


def payouts_of(records: Records, term: Term) -> QuerySet[Payout]:
    """The payouts a term counts, for drill-down and for distinct keys."""
    first, last = records.window(term.period)
    rows = Payout.objects.counted().filter(union__in=records.union_ids, paid_on__gte=first, paid_on__lte=last)
    rows = rows.filter(_payout_condition(term))
    sources = term.filters.get("source")
    return rows.filter(lines__source__in=sources).distinct() if sources else rows


def _payout_condition(term: Term) -> Q:
    condition = Q()
    filters = term.filters
    if "group" in filters:
        condition &= Q(relief_group__in=filters["group"])
    if "purpose" in filters:
        condition &= Q(purpose__in=filters["purpose"])
    if "not_purpose" in filters:
        condition &= ~Q(purpose__in=filters["not_purpose"])
    for trait in filters.get("trait", ()):
        condition &= Q(**{trait: True})
    return condition


def _payout_numbers(records: Records, measure: str, term: Term) -> Counts:
    if measure in ("persons", "households"):
        return _count_keys(_payout_keys(records, measure, term))
    if measure == "contacts" and "source" in term.filters:
        counted = payouts_of(records, term).order_by().values("union_id").annotate(n=Count("pk", distinct=True))
        return {row["union_id"]: row["n"] for row in counted}
    rows = records.cached(f"payouts.{measure}", term.period, partial(_payout_groups, records, measure, term.period))
    return _add_up(row for row in rows if _payout_matches(row, term))


def _payout_groups(records: Records, measure: str, period: str) -> Iterator[dict[str, Any]]:
    """Counts or amounts by union, group, purpose, traits (and source): small whatever the number of payouts."""
    first, last = records.window(period)
    paid = Payout.objects.counted().filter(union__in=records.union_ids, paid_on__gte=first, paid_on__lte=last)
    names = ["union_id", "relief_group", "purpose", *TRAITS]
    if measure == "contacts":
        yield from paid.order_by().values(*names).annotate(n=Count("pk"))
        return
    lines = PayoutLine.objects.filter(payout__in=paid).order_by()
    on_payout = {name: F(f"payout__{name}") for name in names if name != "union_id"}
    for row in (
        lines.annotate(union_id=F("payout__union_id"), **on_payout).values(*names, "source").annotate(n=Sum("amount"))
    ):
        yield {**row, "n": to_fen(row["n"])}


def _payout_matches(row: dict[str, Any], term: Term) -> bool:
    filters = term.filters
    return (
        row["relief_group"] in filters.get("group", (row["relief_group"],))
        and row["purpose"] in filters.get("purpose", (row["purpose"],))
        and row["purpose"] not in filters.get("not_purpose", ())
        and all(row[trait] for trait in filters.get("trait", ()))
        and row.get("source") in filters.get("source", (row.get("source"),))
    )


def _payout_keys(records: Records, measure: str, term: Term) -> Iterator[KeyRow]:
    """Who has no ID number counts apart, one per payout (D7)."""
    field = "household_index" if measure == "households" else "id_index"
    rows = payouts_of(records, term).order_by().values_list("union_id", field, "id_index", "pk")
    for union_id, key, person, pk in rows:
        yield KeyRow(union_id, key or person or f"payout:{pk}")


# Funds, activities, visits, dossiers, head counts


def _fund_numbers(records: Records, measure: str, term: Term) -> Counts:
    rows = records.cached("funds", term.period, partial(_fund_groups, records, term.period))
    wanted = term.filters.get("source")
    return _add_up(row for row in rows if wanted is None or row["source"] in wanted)


def _fund_groups(records: Records, period: str) -> Iterator[dict[str, Any]]:
    first, last = records.window(period)
    rows = FundsRaised.objects.filter(union__in=records.union_ids).not_reversed().between(first, last, "received_on")
    for row in rows.order_by().values("union_id", "source").annotate(n=Sum("amount")):
        yield {**row, "n": to_fen(row["n"])}


_ACTIVITY_COUNTS = "number contacts persons quantity farmer_contacts farmer_persons new_contacts new_persons amount farmer_amount".split()


def _activity_numbers(records: Records, measure: str, term: Term) -> Counts:
    rows = records.cached("activities", term.period, partial(_activity_groups, records, term.period))
    wanted = term.filters.get("kind")
    return _add_up(
        {"union_id": row["union_id"], "n": row[f"sum_{measure}"]}
        for row in rows
        if wanted is None or row["kind"] in wanted
    )


def _activity_groups(records: Records, period: str) -> Iterator[dict[str, Any]]:
    first, last = records.window(period)
    rows = Activity.objects.filter(
        union__in=records.union_ids, held_on__gte=first, held_on__lte=last, voided_at__isnull=True
    )
    sums = {f"sum_{name}": Sum(name) for name in _ACTIVITY_COUNTS}
    grouped: Iterable[dict[str, Any]] = rows.order_by().values("union_id", "kind").annotate(**sums)  # type: ignore[assignment]
    for row in grouped:
        yield {**row, "sum_amount": to_fen(row["sum_amount"]), "sum_farmer_amount": to_fen(row["sum_farmer_amount"])}


def visits_of(records: Records, measure: str, term: Term) -> QuerySet[Visit]:
    """The visits a term counts."""
    first, last = records.window(term.period)
    rows = Visit.objects.counting().filter(union__in=records.union_ids, visited_on__gte=first, visited_on__lte=last)
    rows = rows.filter(kind=VisitKind.ENTERPRISE if measure == "enterprises" else VisitKind.HOUSEHOLD)
    for trait in term.filters.get("trait", ()):
        rows = rows.filter(**{trait if measure == "enterprises" else f"dossier__{trait}": True})
    return rows


def _visit_numbers(records: Records, measure: str, term: Term) -> Counts:
    if measure == "enterprises":
        counted = visits_of(records, measure, term).order_by().values("union_id").annotate(n=Count("pk"))
        return {row["union_id"]: row["n"] for row in counted}
    return _count_keys(_visit_keys(records, measure, term))


def _visit_keys(records: Records, measure: str, term: Term) -> Iterator[KeyRow]:
    rows = visits_of(records, measure, term).order_by().values_list("union_id", "dossier__id_index", "dossier_id")
    for union_id, key, dossier_id in rows:
        yield KeyRow(union_id, key or f"dossier:{dossier_id}")


def dossiers_of(records: Records, term: Term) -> QuerySet[DossierPeriod]:
    """The dossiers that were active at a union on the last day of the period (D8)."""
    _, last = records.window(term.period)
    rows = DossierPeriod.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=last),
        union__in=records.union_ids,
        state=DossierState.ACTIVE,
        valid_from__lte=last,
    )
    if "class" in term.filters:
        rows = rows.filter(hardship_class__in=term.filters["class"])
    for trait in term.filters.get("trait", ()):
        rows = rows.filter(**{f"dossier__{trait}": True})
    return rows


def _dossier_numbers(records: Records, measure: str, term: Term) -> Counts:
    return _count_keys(_dossier_keys(records, measure, term))


def _dossier_keys(records: Records, measure: str, term: Term) -> Iterator[KeyRow]:
    for union_id, key, dossier_id in (
        dossiers_of(records, term).order_by().values_list("union_id", "dossier__id_index", "dossier_id")
    ):
        yield KeyRow(union_id, key or f"dossier:{dossier_id}")


def _headcount_numbers(records: Records, measure: str, term: Term) -> Counts:
    """The newest head count up to the year in which the period ends."""
    year = records.window(term.period)[1].year
    rows = UnionHeadcount.objects.filter(union__in=records.union_ids, year__lte=year).order_by("year")
    return {row.union_id: getattr(row, measure) for row in rows}


def _no_records(records: Records, measure: str, term: Term) -> Counts:
    return {}


def _add_up(rows: Iterable[dict[str, Any]]) -> Counts:
    totals: Counts = defaultdict(int)
    for row in rows:
        totals[row["union_id"]] += row["n"]
    return totals


def _count_keys(rows: Iterable[KeyRow]) -> Counts:
    totals: Counts = defaultdict(int)
    for row in set(rows):
        totals[row.union_id] += 1
    return totals


_READERS: dict[str, Callable[[Records, str, Term], Counts]] = {
    "payouts": _payout_numbers,
    "funds": _fund_numbers,
    "activities": _activity_numbers,
    "visits": _visit_numbers,
    "dossiers": _dossier_numbers,
    "headcount": _headcount_numbers,
    "donations": _no_records,
}
_KEY_READERS: dict[str, Callable[[Records, str, Term], Iterator[KeyRow]]] = {
    "payouts": _payout_keys,
    "visits": _visit_keys,
    "dossiers": _dossier_keys,
}


def sources_in_words(item: Item) -> str:
    """Where the blank's value comes from, for the margin."""
    if not item.terms:
        return ""
    names = {
        "payouts": "发放",
        "funds": "筹集",
        "activities": "服务",
        "visits": "走访",
        "dossiers": "档案",
        "headcount": "人数",
    }
    return "、".join(dict.fromkeys(names.get(term.measure.partition(".")[0], "台账") for term in item.terms))
