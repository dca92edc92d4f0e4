"""Numbers that are added: counts of rows and sums of columns, by union, every table in one pass, all tables in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import BigIntegerField, Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast

from reporting.records.kept import Statement, statement
from reporting.records.scope import Scope
from reporting.records.tables import TABLES, Table, tables_of
from reporting.spec import Term

Counts = dict[int, int | None]
Asked = tuple[tuple[str, tuple[Term, ...]], ...]
"""The terms by the table that they count."""
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
    asked = tuple((name, tuple(of_table)) for name, of_table in by_table.items())
    arms = _all_arms(scope, asked)
    for arm, rows in zip(arms, _fetch(arms, statement(scope, asked, found, _write)), strict=True):
        if not rows:
            continue
        # Column by column: a million figures are not taken in hand one by one.
        _, unions, *columns = zip(*rows, strict=True)
        for term, column in zip(arm.terms, columns, strict=False):
            if not arm.taken_back:
                found[term] = dict(zip(unions, column, strict=True))
                continue
            for union_id, number in zip(unions, column, strict=True):
                if number:
                    found[term][union_id] = (found[term][union_id] or 0) - number
    return found


@dataclass(frozen=True)
class _Arm:
    """One pass over one table: a row per union, a number per term."""

    scope: Scope
    table: Table
    terms: Sequence[Term]
    base: Callable[[], QuerySet[Any]]
    taken_back: bool = False

    def rows(self) -> QuerySet[Any, Any]:
        """Union and n0, n1 … in the order of the terms."""
        common, each = self.scope.conditions(self.table, self.terms)
        numbers: dict[str, Any] = {f"n{place}": _number(term, each[term]) for place, term in enumerate(self.terms)}
        rows = self.base().filter(common, self.scope.within(self.table)).order_by()
        rows = rows.annotate(asked_union=F(self.table.union)).values("asked_union")
        return rows.annotate(**numbers).values_list("asked_union", *numbers)


def _all_arms(scope: Scope, asked: Asked) -> list[_Arm]:
    return [arm for name, terms in asked for arm in _arms(scope, TABLES[name], terms)]


def _arms(scope: Scope, table: Table, terms: Sequence[Term]) -> list[_Arm]:
    """What was paid comes before what was taken back of it."""
    if table.taken_back is None or table.paid is None:
        return [_Arm(scope, table, terms, table.rows)]
    return [_Arm(scope, table, terms, table.paid), _Arm(scope, table, terms, table.taken_back, taken_back=True)]


def _fetch(arms: Sequence[_Arm], asked: Statement) -> list[list[tuple[Any, ...]]]:
    """The rows of each arm, all from one query."""
    found: list[list[tuple[Any, ...]]] = [[] for _ in arms]
    with connections[arms[0].base().db].cursor() as cursor:
        cursor.execute(*asked)
        for row in cursor.fetchall():
            found[row[0]].append(row)
    return found


def _write(scope: Scope, asked: Asked) -> Statement:
    """One statement for all arms.

    Every arm is materialized: PostgreSQL then spreads each over its workers, instead of giving whole arms to single ones.
    """
    arms = _all_arms(scope, asked)
    width = max(len(arm.terms) for arm in arms)
    tables: list[str] = []
    parts: list[str] = []
    parameters: list[Any] = []
    for place, arm in enumerate(arms):
        sql, given = _sql(arm.rows())
        cells = [f"n{n}" if n < len(arm.terms) else "CAST(NULL AS bigint)" for n in range(width)]
        tables.append(f"a{place} AS MATERIALIZED ({sql})")
        parts.append(f"SELECT {place}, asked_union, {', '.join(cells)} FROM a{place}")  # noqa: S608
        parameters += given
    # Django writes no query of queries: this shell is written here, everything with words in it by the ORM.
    return f"WITH {', '.join(tables)} {' UNION ALL '.join(parts)}", tuple(parameters)


def _sql(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    sql, given = rows.query.get_compiler(connection=connections[rows.db]).as_sql()
    return sql, tuple(given)


def _number(term: Term, condition: Q) -> Cast:
    only = condition or None
    if term.measure in _COUNTED:
        return Cast(Count(Value(1), filter=only), BigIntegerField())
    summed = _SUMMED.get(term.measure) or term.measure.partition(".")[2]
    return Cast(Sum(summed, filter=only), BigIntegerField())
