"""The questions that keepers ask of their list: which active files wait for something (domain.md 3.3, libraries)."""

from __future__ import annotations

import datetime

from django.db.models import Count, Exists, OuterRef, Q

from beneficiaries.dossier_page import REVIEW_NOTICE
from beneficiaries.enums import DossierState
from beneficiaries.models import Payout
from beneficiaries.querysets import DossierQuerySet
from relief.lib import clock

YEAR = datetime.timedelta(days=365)
LABELS = {"unchanged": "一年未改", "unhelped": "未帮扶过", "review": "复核即将到期"}
"""The questions by the word that stands in the address."""


def filtered(rows: DossierQuerySet, question: str) -> DossierQuerySet:
    """The rows that answer the question; all rows when there is no such question."""
    return rows.filter(_conditions()[question]) if question in LABELS else rows


def counted(rows: DossierQuerySet) -> list[tuple[str, str, int]]:
    """(word, label, how many rows) of every question, by one query."""
    found = rows.order_by().aggregate(**{word: Count("pk", filter=asked) for word, asked in _conditions().items()})
    return [(word, label, found[word]) for word, label in LABELS.items()]


def _conditions() -> dict[str, Q]:
    """What each question asks of an active file: the yearly review includes those that are overdue."""
    active = Q(state=DossierState.ACTIVE)
    helped = Payout.objects.counted().filter(dossier=OuterRef("pk"))
    return {
        "unchanged": active & Q(changed_at__lt=clock.db_now() - YEAR),
        "unhelped": active & ~Q(Exists(helped)),
        "review": active & Q(review_due_on__lte=clock.today() + REVIEW_NOTICE),
    }
