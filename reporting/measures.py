"""The catalogue of measures that a blank's source may name, with their base unit and their filters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from beneficiaries.enums import HardshipClass, Purpose, ReliefGroup, Trait
from campaigns.enums import ActivityKind, FundSource

if TYPE_CHECKING:
    from reporting.spec.model import Item, Term

PERIODS = frozenset({"main", "second"})

# Filters whose words are a closed list; the others (receiving body and kind of a donation) grow by local words.
CLOSED_LISTS = {
    "group": frozenset(ReliefGroup.values),
    "purpose": frozenset(Purpose.values),
    "not_purpose": frozenset(Purpose.values),
    "trait": frozenset(Trait.values),
    "source": frozenset(FundSource.values),
    "kind": frozenset(ActivityKind.values),
    "class": frozenset(HardshipClass.values),
}


@dataclass(frozen=True)
class Measure:
    """What a measure counts: 分 or ones, and by which filters it may be narrowed."""

    name: str
    base: str
    filters: frozenset[str]


def _measures(prefix: str, names: str, filters: str, base: str = "ones") -> Iterator[Measure]:
    for name in names.split():
        yield Measure(f"{prefix}.{name}", base, frozenset(filters.split()))


_PAYOUT_FILTERS = "group purpose not_purpose trait source"

CATALOGUE: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        *_measures("visits", "enterprises households persons", "trait"),
        *_measures("funds", "amount", "source", "fen"),
        *_measures("payouts", "contacts persons households", _PAYOUT_FILTERS),
        *_measures("payouts", "amount", _PAYOUT_FILTERS, "fen"),
        *_measures("activities", "contacts persons quantity number", "kind"),
        *_measures("activities", "amount farmer_amount", "kind", "fen"),
        *_measures("activities", "farmer_contacts farmer_persons new_contacts new_persons", "kind"),
        *_measures("dossiers", "households persons", "class trait"),
        *_measures("headcount", "workers farmer_workers", ""),
        *_measures("donations", "donors", "body donation_kind"),
        *_measures("donations", "amount", "body donation_kind", "fen"),
    )
}


def term_faults(item: Item, term: Term) -> Iterator[str]:
    """A sentence for each thing in a source term that the records cannot answer."""
    measure = CATALOGUE.get(term.measure)
    if measure is None:
        yield f"项目“{item.code}”的取数口径“{term.measure}”不在目录里。"
        return
    if (measure.base == "fen") != (item.kind == "money") or not item.is_numeric:
        yield f"项目“{item.code}”的单位是{item.unit or '文字'}，和取数口径“{term.measure}”不是一类。"
    if term.period not in PERIODS:
        yield f"项目“{item.code}”的统计期“{term.period}”只能是 main 或 second。"
    for name, words in term.where:
        if name not in measure.filters:
            yield f"项目“{item.code}”的取数口径“{term.measure}”不能按“{name}”筛选。"
            continue
        unknown = [word for word in words if word not in CLOSED_LISTS.get(name, words)]
        if unknown or not words:
            yield f"项目“{item.code}”的筛选“{name}”里有不认识的值：{'、'.join(unknown) or '空'}。"
