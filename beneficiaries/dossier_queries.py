"""The questions that keepers ask of their list, and counts that stay quick however long it is (domain.md 3.3).

A count stops at `MOST`: beyond it the page says “1000+”. All counts of a page are one statement.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import IsNull

from beneficiaries.dossier_page import REVIEW_NOTICE
from beneficiaries.enums import DossierState
from beneficiaries.models import Payout, Visit
from beneficiaries.querysets import DossierQuerySet
from relief.lib import clock
from unions.models import Person

YEAR = datetime.timedelta(days=365)
MOST = 1000
"""Counts above this one are told as “1000+”."""
LABELS = {"unchanged": "一年未改", "unhelped": "未帮扶过", "review": "复核即将到期", "news": "走访有变化"}
"""The questions by the word that stands in the address."""


class CappedCount(Subquery):
    """How many rows a query has, but at most as many as its slice allows."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.order_by().annotate(one=Value(1)).values("one")[: MOST + 1])


def filtered(rows: DossierQuerySet, question: str) -> DossierQuerySet:
    """The rows that answer the question; all rows when there is no such question."""
    return rows.filter(_conditions()[question]) if question in LABELS else rows


def counted(rows: DossierQuerySet) -> list[tuple[str, str, int]]:
    """(word, label, how many rows) of every question, by one query; the counts stop above `MOST`."""
    found = _count({word: rows.filter(asked) for word, asked in _conditions().items()})
    return [(word, label, found[word]) for word, label in LABELS.items()]


def counts(rows: DossierQuerySet) -> tuple[int, dict[str, int], list[tuple[str, str, int]]]:
    """(all rows, rows by state, the questions as `counted`), by one query; every count stops above `MOST`."""
    asked = {"all": rows}
    asked |= {f"state_{state}": rows.filter(state=state) for state in DossierState.values}
    asked |= {f"ask_{word}": rows.filter(condition) for word, condition in _conditions().items()}
    found = _count(asked)
    questions = [(word, label, found[f"ask_{word}"]) for word, label in LABELS.items()]
    return found["all"], {state: found[f"state_{state}"] for state in DossierState.values}, questions


def _count(asked: dict[str, DossierQuerySet]) -> dict[str, int]:
    """One row of capped counts: any row that is there carries them."""
    columns = {f"n_{name}": CappedCount(rows) for name, rows in asked.items()}
    row = Person.objects.order_by("pk").annotate(**columns).values(*columns).first() or {}
    return {name: row.get(f"n_{name}", 0) for name in asked}


def _conditions() -> dict[str, Q]:
    """What each question asks of an active file: the yearly review includes those that are overdue."""
    active = Q(state=DossierState.ACTIVE)
    return {
        "unchanged": active & Q(changed_at__lt=clock.db_now() - YEAR),
        "unhelped": active & Q(IsNull(Subquery(_aid()), True)),
        "review": active & Q(review_due_on__lte=clock.today() + REVIEW_NOTICE),
        "news": active & Q(IsNull(Subquery(_news()), False)),
    }


def _aid() -> QuerySet[Payout]:
    """One payout that helped; asked row by row, so that a capped count may stop early (a join would read them all)."""
    return Payout.objects.counted().filter(dossier=OuterRef("pk")).order_by().values("pk")[:1]


def _news() -> QuerySet[Visit]:
    """One visit that found a change at home, later than anything was written in the file."""
    visits = Visit.objects.counting().filter(dossier=OuterRef("pk"), entered_at__gt=OuterRef("changed_at"))
    return visits.exclude(changed="").order_by().values("pk")[:1]
