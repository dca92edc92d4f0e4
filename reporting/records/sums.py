"""Numbers that are added: counts of rows and sums of columns, by union, every table in one query.

In two steps, both in the database: first by union and the one word that most terms differ in (group, source, kind,
body), then the words of each term together. So a million rows are looked at with few conditions each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connections
from django.db.models import BigIntegerField, Count, F, Q, QuerySet, Sum
from django.db.models.functions import Cast

from reporting.records.scope import Scope
from reporting.records.tables import TABLES, Table, tables_of
from reporting.spec import Term

Counts = dict[int, int | None]
_COUNTED = frozenset({"payouts.contacts", "visits.enterprises"})
_SUMMED = {"donations.all_donors": "donors", "donations.remitted": "amount"}


def sum_up(scope: Scope, terms: Sequence[Term]) -> dict[Term, Counts]:
    """{term: {union id: number}}, money in 分; one query whatever the terms and the unions.

    `None` is a union without such a row. Unions between very many asked ones may be among them.
    """
    found: dict[Term, Counts] = {term: {} for term in terms}
    by_table: dict[str, list[Term]] = defaultdict(list)
    for term in found:
        (table,) = tables_of(term)
        by_table[table].append(term)
    if not by_table:
        return found
    width, parts = max(len(asked) for asked in by_table.values()), list(by_table.values())
    shells = [_Shell(scope, place, TABLES[name], asked) for place, (name, asked) in enumerate(by_table.items())]
    written = [shell.sql(width) for shell in shells]
    rows_of: list[list[tuple[Any, ...]]] = [[] for _ in parts]
    with connections[shells[0].rows().db].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(sql for sql, _ in written), [p for _, given in written for p in given])
        for row in cursor.fetchall():
            rows_of[row[0]].append(row)
    for asked, rows in zip(parts, rows_of, strict=True):
        if rows:
            # Column by column: a million figures are not taken in hand one by one.
            _, unions, *columns = zip(*rows, strict=True)
            for term, column in zip(asked, columns, strict=False):
                found[term] = dict(zip(unions, column, strict=True))
    return found


@dataclass
class _Shell:
    """The two steps over one table."""

    scope: Scope
    place: int
    table: Table
    terms: Sequence[Term]
    columns: dict[Term, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for term in self.terms:
            self.columns.setdefault(self._bare(term), f"n{len(self.columns)}")

    def sql(self, width: int) -> tuple[str, tuple[Any, ...]]:
        """One row per union: place, union, a number per term, zeros up to the common width."""
        inner, given = _sql(self.rows())
        if self.table.taken_back is not None:
            back, more = _sql(self.rows(self.table.taken_back()))
            names = ["asked_union", *(["word"] if self._by_word else []), *(f"-{n}" for n in self.columns.values())]
            inner = f"{inner} UNION ALL SELECT {', '.join(names)} FROM ({back}) AS back{self.place}"  # noqa: S608
            given = (*given, *more)
        numbers: list[str] = []
        words: list[str] = []
        for term in self.terms:
            asked = self._words(term)
            only = f" FILTER (WHERE word IN ({', '.join(['%s'] * len(asked))}))" if asked else ""
            numbers.append(f"CAST(SUM({self.columns[self._bare(term)]}){only} AS bigint)")
            words += asked
        numbers += ["0"] * (width - len(numbers))
        # Django groups no query of a query: this shell is written here, everything with words in it by the ORM.
        shell = f"SELECT {self.place}, asked_union, {', '.join(numbers)} FROM ({inner}) AS t{self.place} GROUP BY asked_union"  # noqa: S608
        return shell, (*words, *given)

    def rows(self, base: QuerySet[Any] | None = None) -> QuerySet[Any, Any]:
        """The first step: a row per union and word."""
        if base is None:
            base = (self.table.paid or self.table.rows)()
        common, each = self.scope.conditions(self.table, self.columns)
        numbers: dict[str, Any] = {name: _number(term, each[term]) for term, name in self.columns.items()}
        by = {"asked_union": F(self.table.union)}
        if self._by_word:
            by["word"] = F(self.table.word)
        rows = base.filter(common, self.scope.within(self.table)).order_by().annotate(**by)
        return rows.values(*by).annotate(**numbers).values_list(*by, *numbers)

    @property
    def _by_word(self) -> bool:
        return any(self._words(term) for term in self.terms)

    def _words(self, term: Term) -> tuple[str, ...]:
        return term.filters.get(self.table.word_filter, ()) if self.table.word else ()

    def _bare(self, term: Term) -> Term:
        """The term without its words: what the first step counts."""
        return replace(term, where=tuple(pair for pair in term.where if pair[0] != self.table.word_filter))


def _sql(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    sql, given = rows.query.get_compiler(connection=connections[rows.db]).as_sql()
    return sql, tuple(given)


def _number(term: Term, condition: Q) -> Cast:
    only = condition or None
    if term.measure in _COUNTED:
        return Cast(Count("pk", filter=only), BigIntegerField())
    summed = _SUMMED.get(term.measure) or term.measure.partition(".")[2]
    return Cast(Sum(summed, filter=only), BigIntegerField())
