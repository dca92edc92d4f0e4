"""The questions that keepers ask of their list, and counts that stay quick however long it is (domain.md 3.3).

A count stops where nobody counts on: the page then says “1000+” or “99+”, and costs the same over any number of files.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import IsNull

from beneficiaries.dossiers.page import REVIEW_NOTICE
from beneficiaries.enums import DossierState
from beneficiaries.models import Payout, Visit
from beneficiaries.querysets import DossierQuerySet
from relief.lib import clock
from unions.models import Person

YEAR = datetime.timedelta(days=365)
MOST, MANY = 1000, 99
"""The whole is told up to 1,000; of a longer list every part is told up to 99 (“99+”): what lies beyond is not read."""
LABELS = {"unchanged": "一年未改", "unhelped": "未帮扶过", "review": "复核即将到期", "news": "走访有变化"}
"""The questions by the word that stands in the address."""


class CappedCount(Subquery):
    """How many rows a query has, but at most one more than `most`."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any], most: int) -> None:
        super().__init__(rows.order_by().annotate(one=Value(1)).values("one")[: most + 1])


@dataclass(frozen=True)
class Counts:
    """What the chips of the list say; `most` is where the counts of states and questions stop."""

    total: int
    most: int
    states: dict[str, int]
    questions: list[tuple[str, str, int]]


def filtered(rows: DossierQuerySet, question: str) -> DossierQuerySet:
    """The rows that answer the question; all rows when there is no such question."""
    return rows.filter(_conditions()[question]) if question in LABELS else rows


def counts(rows: DossierQuerySet) -> Counts:
    """The whole, its states and its questions, by two queries however long the list is."""
    total = rows.order_by()[: MOST + 1].count()
    most = MOST if total <= MOST else MANY
    asked = {f"n_{state}": rows.filter(state=state) for state in DossierState.values}
    asked |= {f"ask_{word}": rows.filter(condition) for word, condition in _conditions().items()}
    columns = {name: CappedCount(part, most) for name, part in asked.items()}
    # Any row that is there carries the numbers: the reader of the page is one.
    found = Person.objects.order_by("pk").annotate(**columns).values(*columns).first() or dict.fromkeys(columns, 0)
    states = {state: found[f"n_{state}"] for state in DossierState.values}
    return Counts(total, most, states, [(word, label, found[f"ask_{word}"]) for word, label in LABELS.items()])


def _conditions() -> dict[str, Q]:
    """What each question asks of an active file: the yearly review includes those that are overdue."""
    active = Q(state=DossierState.ACTIVE)
    return {
        "unchanged": active & Q(changed_at__lt=clock.db_now() - YEAR),
        "unhelped": active & Q(IsNull(Subquery(_aid()), True)),
        "review": active & Q(review_due_on__lte=clock.today() + REVIEW_NOTICE),
        "news": active & Q(pk__in=_news()),
    }


def _aid() -> QuerySet[Payout, dict[str, Any]]:
    """One payout that helped; asked row by row, so that a capped count may stop early (a join would read them all)."""
    return Payout.objects.counted().filter(dossier=OuterRef("pk")).order_by().values("pk")[:1]


def _news() -> QuerySet[Visit, dict[str, Any]]:
    """The files whose visit found a change at home, later than anything was written in the file."""
    visits = Visit.objects.counting().filter(entered_at__gt=F("dossier__changed_at"))
    return visits.exclude(changed="").order_by().values("dossier")
