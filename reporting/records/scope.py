"""Which unions are asked, and for which days: put around every table in the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from reporting.records.tables import Table, Window
from reporting.spec import Term

MOST_NAMED = 500
"""So many unions are named one by one; more are asked as a range of ids, and those nobody asked for are left out after.

A list of ten thousand parameters costs the database more than the rows it keeps out.
"""


@dataclass(frozen=True)
class Scope:
    """The unions that are asked and the days of each period."""

    union_ids: tuple[int, ...]
    window: Callable[[str], Window]

    @cached_property
    def wanted(self) -> frozenset[int]:
        return frozenset(self.union_ids)

    def within(self, table: Table) -> Q:
        """The rows of the unions, and of others between them when they are too many to name."""
        if len(self.union_ids) > MOST_NAMED:
            first, last = min(self.union_ids), max(self.union_ids)
            return Q(**{f"{table.union}__gte": first, f"{table.union}__lte": last})
        return Q(**{f"{table.union}__in": self.union_ids})

    def conditions(self, table: Table, terms: Iterable[Term]) -> tuple[Q, dict[Term, Q]]:
        """What all the terms have in common, and what each of them asks beyond that.

        One period for all stands once around the table, so that an index on the day serves; several stand around it
        together and in each term.
        """
        asked = list(dict.fromkeys(terms))
        windows = {term: self.window(term.period) for term in asked}
        spans = sorted(set(windows.values()))
        common, each = Q(), {}
        for span in spans:
            common |= table.within(span)
        for term in asked:
            matching = table.matching(term, windows[term])
            each[term] = matching if len(spans) == 1 else table.within(windows[term]) & matching
        return common, each
