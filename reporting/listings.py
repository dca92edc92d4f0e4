"""The list of this app that can be taken along as Excel: filed figures of money beside the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import QuerySet

from beneficiaries.auditing.listings import Collected
from campaigns.models import Deliverable
from reporting.auditing import (
    Compared,
    audited_deliverables,
    audited_filings,
    chosen_of,
    compared,
    money_items,
    spec_for,
)
from reporting.models import Submission
from unions.listings import Field, Listing, number_of, register_listing
from unions.models import Person


@dataclass(frozen=True)
class _Figure:
    filing: Submission
    figure: Compared


def _figures(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    """One row per filing and figure of money, all figures of the form."""
    chosen = chosen_of(audited_deliverables(person), given.get("form", ""))
    if chosen is None:
        return cast(Any, Collected(lambda: 0, lambda _: iter(())))
    spec = spec_for(chosen)
    items, filings = money_items(spec), audited_filings(person).filter(deliverable=chosen)

    def parts(chunk_size: int) -> Iterator[_Figure]:
        found = list(filings)
        figures = compared(found, items, spec)
        return (_Figure(filing, figure) for filing in found for figure in figures[filing.pk])

    return cast(Any, Collected(lambda: filings.count() * len(items), parts))


def _says(name: str, word: str) -> str:
    found = Deliverable.objects.filter(pk=word).first() if word.isascii() and word.isdigit() else None
    return found.title if found else word


def _money(title: str, read: Any) -> Field:
    return Field(title, read, kind="number", width=16)


FILED = Listing(
    "audit_filings",
    "经审报表与台账",
    "audit_filings",
    "auditing.read",
    {"form": "统计表"},
    _figures,
    (
        Field("工会", lambda row: row.filing.union.name, width=28),
        Field("活动", lambda row: row.filing.deliverable.campaign.title, width=28),
        Field("统计表", lambda row: row.filing.deliverable.title, width=28),
        Field("轮次", lambda row: row.filing.round_number, kind="number", number_format="0"),
        Field("代码", lambda row: row.figure.item.code, width=8),
        Field("项目", lambda row: row.figure.item.label, width=36),
        _money("上报（元）", lambda row: row.figure.filed),
        _money("台账（元）", lambda row: row.figure.ledger),
        _money("相差（元）", lambda row: row.figure.differs),
    ),
    _says,
    unit="行",
    row_key=lambda row: number_of(row.filing.pk, row.figure.item.code),
)


def register() -> None:
    """Hand the list down; called once when Django starts."""
    register_listing(FILED)
