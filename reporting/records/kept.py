"""Statements are kept: what a form asks one union is put into SQL once, and asked of every other union by its id alone.

To write the statement takes the ORM thirty times as long as the database takes to answer it for one union.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection

from reporting.records.scope import Scope
from reporting.records.tables import Window
from reporting.spec import Term

Statement = tuple[str, tuple[Any, ...]]
Question = TypeVar("Question", bound=Hashable)

ANY_UNION = -2_147_483_647
"""Stands where a union's id will stand; no row has a negative id."""
MOST_KEPT = 256
"""So many different questions: the forms of a province times their periods."""


def statement(
    scope: Scope, question: Question, terms: Iterable[Term], write: Callable[[Scope, Question], Statement]
) -> Statement:
    """What `write` writes about the question and the unions of the scope; for a single union written only once.

    The statement may depend on nothing but the question, the unions and the days of the terms' periods.
    """
    if len(scope.union_ids) != 1:
        return write(scope, question)
    periods = sorted({term.period for term in terms})
    windows = tuple((period, scope.window(period)) for period in periods)
    sql, parameters = _written(write, question, windows, connection.vendor)
    return sql, tuple(scope.union_ids[0] if given == ANY_UNION else given for given in parameters)


@lru_cache(maxsize=MOST_KEPT)
def _written(
    write: Callable[[Scope, Any], Statement], question: Hashable, windows: tuple[tuple[str, Window], ...], vendor: str
) -> Statement:
    return write(Scope((ANY_UNION,), dict(windows).__getitem__), question)
