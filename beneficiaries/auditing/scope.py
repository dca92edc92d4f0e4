"""Which unions, days and sources an audit looks at, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When

from beneficiaries.funds.statement import Period
from beneficiaries.models import Payout
from campaigns.fund_kinds import sources_of
from unions.enums import Role
from unions.models import Person, Union
from unions.querysets import UnionQuerySet, nothing, path_within

AUDITORS = frozenset({Role.AUDIT})


def audited_unions(person: Person) -> UnionQuerySet:
    """The unions whose money the person audits: the subtrees of the audit posts, in the order of the tree."""
    return Union.objects.filter(_within(person.reach(AUDITORS), "path")).order_by("path")


def _within(paths: tuple[str, ...], field: str) -> Q:
    reach = nothing()
    for path in paths:
        reach |= path_within(path, field)
    return reach


@dataclass(frozen=True)
class Scope:
    """A union with everything below it (`own`: itself alone), or all the person audits; a period; one kind of money or both."""

    person: Person
    period: Period
    union: Union | None = None
    own: bool = False
    money: str = ""

    def of(self, union: str) -> Q:
        """The rows whose union, named by its field, is looked at; nothing outside what the person audits."""
        mine = _within(self.person.reach(AUDITORS), f"{union}__path")
        if self.union is None:
            return mine
        chosen = Q(**{union: self.union.pk}) if self.own else path_within(self.union.path, f"{union}__path")
        return mine & chosen

    @property
    def sources(self) -> tuple[str, ...]:
        return sources_of(self.money)

    @property
    def days(self) -> tuple[object, object]:
        return self.period.first, self.period.last

    def opens(self, payout: str) -> Case:
        """The id of the payout where the person may open it, else null: who does not keep it gets the ledger's facts alone (R-11)."""
        seen = Payout.objects.visible_to(self.person).filter(pk=OuterRef(payout))
        return Case(When(Exists(seen), then=payout), default=Value(None), output_field=IntegerField())
