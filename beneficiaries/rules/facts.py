"""What the rules about money look at, and what they answer. Plain values: no request, no database."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

REFUSE, WARN, HINT = "refuse", "warn", "hint"
SEVERITIES = (REFUSE, WARN, HINT)
"""Worst first: refuse stops the payout, warn wants a written reason, hint only says something."""


@dataclass(frozen=True)
class LineFacts:
    """One money or goods line; `amount` in 元."""

    source: str
    route: str
    amount: Decimal
    item: str = ""


@dataclass(frozen=True)
class DossierFacts:
    """The dossier behind a payout; `active` on the day that counts (D8), `state` in words.

    `renewed_on` is the last day on which somebody looked at the household anew: opening, assessment, yearly review.
    """

    number: str
    opened_on: datetime.date | None
    active: bool
    state: str
    renewed_on: datetime.date | None = None


@dataclass(frozen=True)
class PayoutFacts:
    """One payout as the rules see it. No name and no number of a person is in it, only what is wrong with them.

    `day` is when it is (to be) handed out. `available` holds per source what the paying union can still give before this
    payout. `others` are the unions that already have this household down for the same campaign and purpose, `again` the
    numbers of the own union's payouts for it. `year_total` is what the person got in the calendar year so far per
    source, `totals` what the household got in it per purpose and source. `students` None: nobody wrote how many; `self_paid` None: not written.
    """

    day: datetime.date
    purpose: str
    lines: tuple[LineFacts, ...]
    dossier: DossierFacts | None = None
    has_id: bool = True
    id_fault: str = ""
    has_card: bool = True
    card_fault: str = ""
    available: Mapping[str, Decimal] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    year_total: Mapping[str, Decimal] = field(default_factory=dict)
    totals: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    standard: Decimal | None = None
    again: tuple[str, ...] = ()
    farmer_worker: bool = False
    union_member: bool | None = None
    self_paid: Decimal | None = None
    students: int | None = None

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))


@dataclass(frozen=True)
class Rule:
    """A FundRule in force: `sources` empty binds every source; `pk` names its row, 0 for a rule made by hand."""

    key: str
    effect: str
    origin: str
    sources: frozenset[str] = frozenset()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    pk: int = 0

    def binds(self, source: str) -> bool:
        return not self.sources or source in self.sources


@dataclass(frozen=True)
class Way:
    """One way out of a finding: the words of the link and the field it leads to."""

    label: str
    field: str


@dataclass(frozen=True)
class Finding:
    """What a rule says about a payout: the sentence names the rule's origin, `field` the guilty one, `rule` its row."""

    key: str
    severity: str
    sentence: str
    field: str
    ways: tuple[Way, ...] = ()
    rule: int = 0
