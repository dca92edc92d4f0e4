"""How much of what may be taken along by one person alone (R-22); pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import TextChoices


class Grade(TextChoices):
    """How personal the columns of a list are."""

    PROPERTY = "property", "含收入、账号等财产信息"
    HEALTH = "health", "含健康信息"
    OTHER = "other", "不含财产和健康信息"


ALONE: dict[str, int] = {Grade.PROPERTY: 25, Grade.HEALTH: 250, Grade.OTHER: 2_500}
"""Rows from which a second person is needed, over a rolling day (half of 法释〔2017〕10号 Art. 5)."""
WINDOW = datetime.timedelta(hours=24)
"""Over which rows are counted, and after which a permission to fetch ends."""


def worst(grades: Iterable[str]) -> str:
    """The most personal of the grades; OTHER for none.

    >>> worst(["other", "health"]), worst([])
    ('health', 'other')
    """
    found = set(grades)
    return next((grade for grade in (Grade.PROPERTY, Grade.HEALTH) if grade in found), Grade.OTHER).value


def needs_second(grade: str, rows: int, earlier: int) -> bool:
    """Whether these rows, with those taken in the window before, need a second person.

    >>> needs_second("property", 24, 0), needs_second("property", 4, 21), needs_second("other", 2499, 0)
    (False, True, False)
    """
    return rows + earlier >= ALONE[grade]
