"""What an address of the workspace asks for: year or days, union, kind of money; the same words lead the exports."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from beneficiaries.auditing.scope import Scope, audited_unions
from beneficiaries.funds.statement import Period, year_of
from beneficiaries.models import Payout
from campaigns.fund_kinds import FundKind
from campaigns.models import FundsRaised
from relief.lib import clock
from unions.models import Person, Union

PERIOD = {"year": "年度", "first": "从", "last": "到"}
FILTERS = {**PERIOD, "union": "工会", "own": "范围", "money": "资金", "gap": "疑点"}
YEARS_BACK = 6
FIRST_YEAR = 2000


class NotAudited(Exception):
    """The union that was asked for is none that the person audits."""


@dataclass(frozen=True)
class Asked:
    """A scope and the words of the address that stand for it."""

    scope: Scope
    words: dict[str, Any]

    def but(self, **changes: Any) -> dict[str, Any]:
        """The words with some changed; None takes one away."""
        return {name: word for name, word in {**self.words, **changes}.items() if word not in (None, "")}


def asked(person: Person, given: Mapping[str, str]) -> Asked:
    """The scope of an address; odd words count as not written. Raises NotAudited."""
    union = _union(person, given.get("union", ""))
    own = union is not None and given.get("own") == "1"
    money = given.get("money", "")
    money = money if money in FundKind.values else ""
    period, words = _period(given) or _newest(Scope(person, year_of(clock.today().year), union, own, money))
    words |= {"union": union.pk if union else "", "own": "1" if own else "", "money": money}
    found = Asked(Scope(person, period, union, own, money), words)
    return Asked(found.scope, found.but())


def unread_period(given: Mapping[str, str]) -> str:
    """What to say of a year or of days in the address that cannot be read; empty when all is well."""
    if _period(given) is not None or not any(given.get(name) for name in PERIOD):
        return ""
    if given.get("year"):
        newest = clock.today().year + 1
        return f"网址里的年度认不出：要写成 2024 这样的四位数，从 {FIRST_YEAR} 到 {newest}。请在下面选年度。"
    return "网址里的起止日期认不出：要写成 2024-01-05 这样的日期，开始不晚于结束。请在下面选年度。"


def _period(given: Mapping[str, str]) -> tuple[Period, dict[str, Any]] | None:
    """The year of the address, else its first and last day; nothing where neither is written."""
    year = given.get("year", "")
    if len(year) == 4 and year.isascii() and year.isdigit() and FIRST_YEAR <= int(year) <= clock.today().year + 1:
        return year_of(int(year)), {"year": int(year)}
    first, last = _day(given.get("first", "")), _day(given.get("last", ""))
    if first and last and first <= last:
        return Period(first, last), {"first": first.isoformat(), "last": last.isoformat()}
    return None


def _newest(scope: Scope) -> tuple[Period, dict[str, Any]]:
    """The newest year in which money came in or was paid, this year without any; a year under audit is seldom this one."""
    raised = FundsRaised.objects.filter(scope.of("union")).aggregate(day=Max("received_on"))["day"]
    paid = Payout.objects.filter(scope.of("union")).aggregate(day=Max("paid_on"))["day"]
    year = max((day.year for day in (raised, paid) if day), default=clock.today().year)
    return year_of(year), {"year": year}


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _union(person: Person, text: str) -> Union | None:
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    found = audited_unions(person).filter(pk=number).first()
    if found is None:
        raise NotAudited
    return found
