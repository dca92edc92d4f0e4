"""What the records give for every blank of a form, set-based: the same two queries for one union and for ten thousand.

Counting rules: decisions D1 (union + day in the deliverable's period + kind, never the campaign), D5 (paid, not
reversed), D3 (purpose and group), D7 (distinct keys). Amounts are 分, everything else ones.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from campaigns.models import Deliverable
from reporting.enums import CountKind
from reporting.measures import CATALOGUE
from reporting.records.keys import KeyRow, KeySlot, count_distinct, distinct_keys
from reporting.records.scope import Scope
from reporting.records.sums import sum_up
from reporting.records.tables import TABLES, Window, tables_of
from reporting.spec import FormSpec, Item, Term

Counts = Mapping[int, int | None]
Slot = Term | KeySlot
_KINDS = {"distinct_person": CountKind.PERSON, "distinct_household": CountKind.HOUSEHOLD}


class Records:
    """The records of some unions in the periods of a deliverable."""

    def __init__(self, deliverable: Deliverable, union_ids: Iterable[int]) -> None:
        self.deliverable = deliverable
        self.union_ids = list(union_ids)

    def window(self, period: str) -> Window:
        """First and last day of a period, both counted; ValueError when the deliverable has no such period."""
        d = self.deliverable
        if period in ("year", "previous_year"):
            year = d.campaign.year - (period == "previous_year")
            return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        if period == "second":
            if d.second_from is None or d.second_to is None:
                raise ValueError(f"deliverable {d.key} has no second period")
            return d.second_from, d.second_to
        return d.period_from, d.period_to

    def numbers(self, spec: FormSpec) -> dict[int, dict[str, int]]:
        """{union id: {code: number}} for every blank that the records are asked for; unions without records get zeros.

        Formula blanks with an `against` are among them. Two queries at most, however many unions.
        """
        asked = {item.code: _slots(item) for item in spec.items if item.terms}
        columns = self._columns({slot for slots in asked.values() for slot in slots})
        found: list[list[int]] = []
        for slots in asked.values():
            column = columns[slots[0]] if len(slots) == 1 else _add_up([columns[slot] for slot in slots])
            found.append([number or 0 for number in map(column.get, self.union_ids)])
        if not found:
            return {union_id: {} for union_id in self.union_ids}
        # Whole columns and whole rows: half a million figures are not put down one by one.
        rows = zip(*found, strict=True)
        return {
            union_id: dict(zip(asked, row, strict=True)) for union_id, row in zip(self.union_ids, rows, strict=True)
        }

    def keys(self, spec: FormSpec) -> dict[str, tuple[CountKind, list[KeyRow]]]:
        """The distinct people or households behind every leaf that counts them, by code; one query."""
        asked = {
            item.code: KeySlot(item.over_children, item.terms)
            for item in spec.items
            if item.terms and not item.is_formula and item.over_children in _KINDS
        }
        rows = distinct_keys(self._scope, sorted(set(asked.values()), key=repr))
        return {code: (_KINDS[slot.kind], rows[slot]) for code, slot in asked.items()}

    def rows(self, term: Term, table: str) -> QuerySet[Any]:
        """The rows of one of the tables that a term counts, for drill-down."""
        found, window = TABLES[table], self.window(term.period)
        return found.rows().filter(self._scope.within(found), found.within(window), found.matching(term, window))

    @property
    def _scope(self) -> Scope:
        return Scope(tuple(self.union_ids), self.window)

    def _columns(self, slots: set[Slot]) -> dict[Slot, Counts]:
        terms = sorted((slot for slot in slots if isinstance(slot, Term)), key=repr)
        sets = sorted((slot for slot in slots if isinstance(slot, KeySlot)), key=repr)
        if not self.union_ids:
            return {slot: {} for slot in slots}
        found: dict[Slot, Counts] = {}
        for term, column in sum_up(self._scope, terms).items():
            found[term] = column
        for keys, column in count_distinct(self._scope, sets).items():
            found[keys] = column
        return found


def _slots(item: Item) -> list[Slot]:
    """What is counted for a blank: one set of keys where it counts different ones, else each term apart, to be added."""
    if item.over_children in _KINDS:
        return [KeySlot(item.over_children, item.terms)]
    return [_slot(term) for term in item.terms]


def _slot(term: Term) -> Slot:
    distinct = CATALOGUE[term.measure].distinct
    return KeySlot(distinct, (term,)) if distinct else term


def _add_up(columns: Iterable[Counts]) -> Counts:
    totals: dict[int, int] = defaultdict(int)
    for column in columns:
        for union_id, number in column.items():
            totals[union_id] += number or 0
    return totals


_NAMES = {
    "payouts": "发放",
    "relief": "发放、走访",
    "funds": "筹集",
    "activities": "服务",
    "visits": "走访",
    "dossiers": "档案",
    "donations": "捐款",
    "headcount": "人数",
}


def sources_in_words(item: Item) -> str:
    """Where the blank's value comes from, for the margin."""
    source = item.source
    if source is not None and source.last_year:
        return "上年数"
    if source is not None and source.form:
        return "别表"
    return "、".join(dict.fromkeys(_NAMES[CATALOGUE[term.measure].table] for term in item.terms))


__all__ = ["KeyRow", "Records", "sources_in_words", "tables_of"]
