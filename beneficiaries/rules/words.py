"""How the checks speak: a sentence with the rule's origin, the sources it binds, days and amounts in words."""

from __future__ import annotations

import calendar
import datetime
from decimal import Decimal

from beneficiaries.rules.facts import Finding, PayoutFacts, Rule, Way
from campaigns.enums import FundSource
from relief.lib.money import grouped


def finding(rule: Rule, sentence: str, field: str, *ways: Way, severity: str = "") -> Finding:
    """What the rule says, with its origin; `severity` where it is softer than the rule's own."""
    return Finding(rule.key, severity or rule.effect, f"{sentence}依据：{rule.origin}。", field, ways, rule.pk)


def bound(rule: Rule, facts: PayoutFacts) -> list[tuple[int, str]]:
    """Place and label of the lines whose source the rule binds."""
    return [(at, FundSource(line.source).label) for at, line in enumerate(facts.lines) if rule.binds(line.source)]


def bound_amount(rule: Rule, facts: PayoutFacts) -> Decimal:
    """What the bound lines come to."""
    return sum((line.amount for line in facts.lines if rule.binds(line.source)), Decimal(0))


def sources(lines: list[tuple[int, str]]) -> str:
    """The sources of bound lines in words."""
    return "、".join(dict.fromkeys(label for _, label in lines)) + "资金"


def day(on: datetime.date) -> str:
    """2024年1月16日."""
    return f"{on.year}年{on.month}月{on.day}日"


def yuan(amount: Decimal) -> str:
    """1,234.50 元."""
    return f"{grouped(amount, 2)} 元"


def months_later(start: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, the last of the month where that has fewer days.

    >>> months_later(datetime.date(2023, 8, 31), 6)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(start.month - 1 + months, 12)
    last = calendar.monthrange(start.year + year, month + 1)[1]
    return datetime.date(start.year + year, month + 1, min(start.day, last))
