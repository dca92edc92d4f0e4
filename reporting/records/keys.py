"""Different people and households: counted by the database by their keys, or the keys themselves to be frozen (D7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from reporting.records.kept import Statement, statement
from reporting.records.scope import Scope
from reporting.records.tables import TABLES, tables_of
from reporting.spec import Term

Counts = dict[int, int | None]
_COLUMNS = {"distinct_person": "person", "distinct_household": "household"}


@dataclass(frozen=True)
class KeyRow:
    """One distinct person or household behind an item: the union and the raw key, still to be made a count key."""

    union_id: int
    raw: str


@dataclass(frozen=True)
class KeySlot:
    """One set of keys: the people or households that any of the terms finds."""

    kind: str
    terms: tuple[Term, ...]

    @property
    def column(self) -> str:
        return _COLUMNS[self.kind]


def count_distinct(scope: Scope, slots: Sequence[KeySlot]) -> dict[KeySlot, Counts]:
    """{set: {union id: how many different}}; one query, and no key leaves the database.

    Unions between very many asked ones may be among them.
    """
    found: dict[KeySlot, Counts] = {slot: {} for slot in slots}
    if not slots:
        return found
    terms = [term for slot in slots for term in slot.terms]
    with connections[TABLES[tables_of(terms[0])[0]].rows().db].cursor() as cursor:
        cursor.execute(*statement(scope, tuple(slots), terms, _write_counts))
        rows = cursor.fetchall()
    if rows:
        unions, *columns = zip(*rows, strict=True)
        for slot, column in zip(slots, columns, strict=True):
            found[slot] = dict(zip(unions, column, strict=True))
    return found


def _write_counts(scope: Scope, slots: Sequence[KeySlot]) -> Statement:
    selects = _streams(scope, slots)
    stream = selects[0].union(*selects[1:], all=True) if len(selects) > 1 else selects[0]
    connection = connections[stream.db]
    inner, parameters = stream.query.get_compiler(connection=connection).as_sql()
    # Keys are told apart byte by byte, which sorts faster than by the rules of a language.
    bytewise = ' COLLATE "C"' if connection.vendor == "postgresql" else ""
    numbers = ", ".join(
        f"COUNT(DISTINCT {slot.column}{bytewise}) FILTER (WHERE n{i} = 1)" for i, slot in enumerate(slots)
    )
    # Django groups no query of a query: the outer shell is written here, everything with words in it above.
    return f"SELECT asked_union, {numbers} FROM ({inner}) AS found GROUP BY asked_union", tuple(parameters)  # noqa: S608


def distinct_keys(scope: Scope, slots: Sequence[KeySlot]) -> dict[KeySlot, list[KeyRow]]:
    """{set: its keys by union, in order}; one query."""
    if not slots or not scope.union_ids:
        return {slot: [] for slot in slots}
    selects = _streams(scope, slots)
    stream = selects[0].union(*selects[1:]) if len(selects) > 1 else selects[0].distinct()
    found: dict[KeySlot, set[KeyRow]] = defaultdict(set)
    for union_id, person, household, *flags in stream:
        if union_id not in scope.wanted:
            continue
        for slot, flag in zip(slots, flags, strict=True):
            if flag:
                found[slot].add(KeyRow(union_id, person if slot.column == "person" else household))
    return {slot: sorted(found[slot], key=lambda row: (row.union_id, row.raw)) for slot in slots}


def _streams(scope: Scope, slots: Sequence[KeySlot]) -> list[QuerySet[Any, Any]]:
    """One row per record that any set asks for: union, person, household, and for each set whether it is in it."""
    by_table: dict[str, dict[int, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for place, slot in enumerate(slots):
        for term in slot.terms:
            for table in tables_of(term):
                by_table[table][place].append(term)
    columns = {slot.column for slot in slots}
    return [_stream(scope, table, asked, len(slots), columns) for table, asked in by_table.items()]


def _stream(
    scope: Scope, table: str, asked: dict[int, list[Term]], width: int, columns: set[str]
) -> QuerySet[Any, Any]:
    source = TABLES[table]
    common, each = scope.conditions(source, [term for terms in asked.values() for term in terms])
    flags = {f"n{place}": _flag([each[term] for term in asked.get(place, ())]) for place in range(width)}
    keys = source.keys() if source.keys is not None else {}
    shown = {name: key if name in columns else Value("") for name, key in keys.items()}
    rows = source.rows().filter(common, scope.within(source)).order_by()
    return rows.annotate(asked_union=F(source.union), **shown, **flags).values_list("asked_union", *shown, *flags)


def _flag(conditions: Sequence[Q]) -> Any:
    if not conditions:
        return Value(0, output_field=IntegerField())
    if not all(conditions):
        return Value(1, output_field=IntegerField())
    either = Q()
    for condition in conditions:
        either |= condition
    return Case(When(either, then=Value(1)), default=Value(0), output_field=IntegerField())
