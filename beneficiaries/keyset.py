"""A page of a long list by the key of its first or last row: as fast on the last page as on the first (no OFFSET)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet


@dataclass(frozen=True)
class Slice:
    """The rows of one page, and the keys that the pages before and after start from; empty at the ends."""

    rows: list[Any]
    before: str = ""
    after: str = ""

    @property
    def alone(self) -> bool:
        """Whether all rows stand on this page."""
        return not self.before and not self.after


def slice_of(rows: QuerySet[Model], key: str, size: int, *, after: str = "", before: str = "") -> Slice:
    """The page after or before a key, ordered by that unique column; the first page without either."""
    backwards = bool(before) and not after
    if backwards:
        found = list(rows.filter(**{f"{key}__lt": before}).order_by(f"-{key}")[: size + 1])
    else:
        asked = rows.filter(**{f"{key}__gt": after}) if after else rows
        found = list(asked.order_by(key)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Slice([])
    first, last = str(getattr(found[0], key)), str(getattr(found[-1], key))
    has_before = more if backwards else bool(after)
    has_after = True if backwards else more
    return Slice(found, before=first if has_before else "", after=last if has_after else "")
