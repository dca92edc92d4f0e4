"""Two kinds of money that an auditor looks at apart; the source of a row tells which (docs/decisions/0017). Pure."""

from __future__ import annotations

from django.db.models import TextChoices

from campaigns.enums import FundSource


class FundKind(TextChoices):
    """困难帮扶资金 follows the dossier, 送温暖资金 needs none."""

    HARDSHIP = "hardship", "困难帮扶资金"
    CAMPAIGN = "campaign", "送温暖资金"


HARDSHIP_SOURCES = frozenset({FundSource.CENTRAL, FundSource.PROVINCE, FundSource.LOCAL, FundSource.INTEREST})
"""Budget money of every level, and the interest of the account it lies on (domain.md 2.1, 2.2)."""


def kind_of(source: str) -> FundKind:
    """The kind of money a source brings.

    >>> kind_of("interest").label, kind_of("donation").label
    ('困难帮扶资金', '送温暖资金')
    """
    return FundKind.HARDSHIP if source in HARDSHIP_SOURCES else FundKind.CAMPAIGN


def sources_of(kind: str) -> tuple[str, ...]:
    """The sources of a kind in the order of the code list; all of them for no kind.

    >>> sources_of("hardship")
    ('central', 'province', 'local', 'interest')
    >>> len(sources_of("")) == len(sources_of("hardship")) + len(sources_of("campaign"))
    True
    """
    return tuple(source for source in FundSource.values if not kind or kind_of(source) == kind)
