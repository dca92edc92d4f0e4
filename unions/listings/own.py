"""The lists of this app: the unions that a person sees, and their head counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from unions.listings.model import Field, Listing, register_listing
from unions.models import Person, Union, UnionHeadcount
from unions.querysets import UnionQuerySet

WIDE = 30


def found_unions(person: Person, words: str) -> UnionQuerySet:
    """The unions the person sees whose name or code holds the words, in the order of the tree."""
    seen, words = Union.objects.visible_to(person), words.strip()[:60]
    if words:
        seen = seen.filter(Q(name__icontains=words) | Q(short_name__icontains=words) | Q(code__icontains=words))
    return seen.order_by("path")


def _unions(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    return found_unions(person, given.get("q", "")).select_related("parent")


def _headcounts(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    return UnionHeadcount.objects.visible_to(person).select_related("union").order_by("-year", "union__code")


def _whole(title: str, name: str) -> Field:
    return Field(title, lambda row: getattr(row, name), kind="number", number_format="#,##0")


LISTINGS = (
    Listing(
        "unions",
        "工会组织",
        "union_tree",
        "union.read",
        {"q": "名称或代码"},
        _unions,
        (
            Field("工会代码", lambda row: row.code, width=16),
            Field("工会名称", lambda row: row.name, width=WIDE),
            Field("简称", lambda row: row.short_name, width=18),
            Field("类型", lambda row: row.get_kind_display()),
            Field("上级工会代码", lambda row: row.parent.code if row.parent else "", width=16),
            Field("上级工会", lambda row: row.parent.name if row.parent else "", width=WIDE),
            Field("电话", lambda row: row.phone, width=16),
            Field("成立日期", lambda row: row.opened_on, kind="date"),
            Field("撤销日期", lambda row: row.closed_on, kind="date"),
        ),
        unit="家",
    ),
    Listing(
        "headcounts",
        "职工人数",
        "headcounts",
        "headcount.read",
        {},
        _headcounts,
        (
            Field("年度", lambda row: row.year, kind="number", number_format="0"),
            Field("工会代码", lambda row: row.union.code, width=16),
            Field("工会名称", lambda row: row.union.name, width=WIDE),
            _whole("职工总数", "workers"),
            _whole("农民工", "farmer_workers"),
            _whole("帮扶中心", "help_centres"),
        ),
    ),
)


def register() -> None:
    """Add the lists; called once when Django starts."""
    register_listing(*LISTINGS)
