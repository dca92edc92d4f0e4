"""What a list says of itself, so that one place can export all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from unions.listings.gate import Grade, worst

if TYPE_CHECKING:
    from unions.models import Person

AT_ONCE = 2_000
"""Rows read from the database at a time."""
Conditions = Mapping[str, str]
"""What stood in the address of the list: names of filters and their words."""


@dataclass(frozen=True)
class Field:
    """One column: `read` gives its value from a row; `full` columns stand only in the unmasked export."""

    title: str
    read: Callable[[Any], Any]
    kind: str = "text"
    width: int = 14
    grade: str = Grade.OTHER
    full: bool = False
    number_format: str = "#,##0.00"


def rows_one_by_one(rows: QuerySet[Any], full: bool) -> Iterator[Any]:
    """The rows as they are, some at a time."""
    return rows.iterator(chunk_size=AT_ONCE)


@dataclass(frozen=True)
class Listing:
    """A list: who reads it, its filters by name in the address, its rows as filtered, its columns.

    `rows` starts at `visible_to`. `full_act` is the act that an export with the `full` columns needs besides; without it
    there is none; `worked_on` then leaves the rows that are opened in the person's own work. `describe` turns a filter's
    word into what the page calls it. `stream` gives what the columns read, where a row of the model each would be too slow.
    `row_key` tells the rows of a list apart that are not rows of one model.
    """

    key: str
    title: str
    back: str
    act: str
    filters: Mapping[str, str]
    rows: Callable[[Person, Conditions], QuerySet[Any]]
    fields: tuple[Field, ...]
    describe: Callable[[str, str], str] = lambda name, word: word
    full_act: str = ""
    worked_on: Callable[[Person, QuerySet[Any]], QuerySet[Any]] | None = None
    unit: str = "条"
    stream: Callable[[QuerySet[Any], bool], Iterator[Any]] = rows_one_by_one
    row_key: Callable[[Any], int] | None = None

    def chosen(self, full: bool) -> tuple[Field, ...]:
        """The columns of the masked or of the full export."""
        return tuple(field for field in self.fields if full or not field.full)

    def taken(self, person: Person, given: Conditions, full: bool) -> QuerySet[Any]:
        """The rows of an export: what the page shows, in full only what the person works on (R-30)."""
        rows = self.rows(person, given)
        return self.worked_on(person, rows) if full and self.worked_on is not None else rows

    def keys(self, rows: QuerySet[Any]) -> set[int]:
        """What tells these rows from all others of the list; one query without a row each, where they are of one model."""
        if self.row_key is not None or not isinstance(rows, QuerySet):
            return {self.key_of(row) for row in rows.iterator(chunk_size=AT_ONCE)}
        plain = rows.select_related(None).prefetch_related(None).order_by()
        return set(plain.values_list("pk", flat=True).iterator(chunk_size=AT_ONCE))

    def only(self, rows: QuerySet[Any], full: bool, held: frozenset[int]) -> Iterator[tuple[int, Any]]:
        """Each row that is held, with its key: what came to the list since is left out."""
        for row in self.stream(rows, full):
            if (key := self.key_of(row)) in held:
                yield key, row

    def key_of(self, row: Any) -> int:
        """What tells the row from all others of the list."""
        return row.pk if self.row_key is None else self.row_key(row)

    def grade(self, full: bool) -> str:
        """The most personal thing in the export."""
        return worst(field.grade for field in self.chosen(full))

    def asked(self, given: Conditions) -> dict[str, str]:
        """The filters of this list that are set, nothing else of the address."""
        return {name: given[name][:80] for name in self.filters if given.get(name, "").strip()}

    def words(self, conditions: Conditions) -> str:
        """The filters in words; 全部 when there are none."""
        said = [f"{self.filters[name]}：{self.describe(name, word)}" for name, word in conditions.items()]
        return "；".join(said) or "全部"


_listings: dict[str, Listing] = {}


def register_listing(*listings: Listing) -> None:
    for listing in listings:
        _listings[listing.key] = listing


def listing_of(key: str) -> Listing | None:
    """The registered list of this name."""
    return _listings.get(key)
