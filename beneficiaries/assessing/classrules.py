"""Which class rule is in force, and which subsistence standard holds for a union in a year."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from beneficiaries.models import ClassRule, SubsistenceStandard
from unions.models import Union
from unions.policy import Refused

KEY = "class_2x"


@dataclass(frozen=True)
class Standard:
    """A monthly standard with its origin."""

    monthly: Decimal
    union: Union
    year: int
    wanted: int

    @property
    def words(self) -> str:
        """The standard as the page says it: whose, of which year, how much."""
        older = f"（{self.wanted} 年的标准还没有登记，沿用 {self.year} 年）" if self.year != self.wanted else ""
        return f"{self.union.called} {self.year} 年低保标准 {self.monthly:,.2f} 元/人·月{older}"


def rule_on(day: datetime.date, union: Union | None = None) -> ClassRule:
    """The rule that decides classes on the day: the one adopted nearest above the union, else the national one.

    Refused with a sentence when there is none.
    """
    in_force = ClassRule.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day, decides=True
    )
    line = union.line_ids() if union is not None else []
    depth = {pk: place for place, pk in enumerate(line)}
    adopted = max(
        in_force.filter(union__in=line),
        key=lambda rule: (depth.get(rule.union_id or 0, -1), rule.valid_from, rule.version),
        default=None,
    )
    found = adopted or in_force.filter(key=KEY, union__isnull=True).order_by("-version").first()
    if found is None:
        raise Refused(
            "系统里没有当天有效的困难类别规则，不能测算。", "请联系系统管理员登记规则。", act="dossier.assess"
        )
    return found


def adoptable() -> list[ClassRule]:
    """The shipped rules that decide classes: a union may adopt one for itself and everybody below."""
    shipped = ClassRule.objects.filter(union__isnull=True, decides=True).order_by("key", "-version")
    newest: dict[str, ClassRule] = {}
    for rule in shipped:
        newest.setdefault(rule.key, rule)
    return list(newest.values())


def references() -> list[ClassRule]:
    """The rules of other times and offices, whose results stand beside the assessment and decide nothing."""
    return list(ClassRule.objects.filter(union__isnull=True, decides=False).order_by("key", "-version"))


def standard_for(union: Union, year: int) -> Standard:
    """The standard of the union or its nearest superior for the year, else the latest earlier one, said as such."""
    line = union.line_ids()
    rows = SubsistenceStandard.objects.filter(union__in=line, year__lte=year).select_related("union")
    found = max(rows, key=lambda row: (row.year, line.index(row.union_id)), default=None)
    if found is None:
        raise Refused(
            f"{union.called}及其上级工会都没有登记 {year} 年的低保标准，不能测算。",
            "请先在“低保标准”里登记，或请上级工会登记后再测算。",
            act="dossier.assess",
        )
    return Standard(found.monthly, found.union, found.year, year)
