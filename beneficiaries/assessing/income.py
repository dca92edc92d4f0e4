"""The lines an assessment is added up from: who earns what, what is deducted. Pure; sums in 元, exact.

>>> lines = [Line("income", "wages", "户主", Decimal("82200"), Decimal("6850")), Line("income", "property", "全家", Decimal("-100"))]
>>> total(lines, "income"), sentence(lines[0])
(Decimal('82100'), '户主 工资 6,850.00 × 12 = 82,200.00')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from relief.lib.money import grouped

INCOME, DEDUCTION = "income", "deduction"
MONTHS = 12
INCOME_KINDS = {
    "wages": "工资",
    "business": "经营净收入",
    "property": "财产净收入",
    "transfer": "转移净收入",
    "other": "其他收入",
}
DEDUCTIONS = {
    "medical": "医疗自付",
    "schooling": "子女教育",
    "rehabilitation": "残疾康复",
    "disaster": "灾害、事故损失",
    "other": "其他刚性支出",
}


@dataclass(frozen=True)
class Line:
    """One line: its side, its kind, whose it is, the yearly amount, and the monthly one it was multiplied from."""

    side: str
    kind: str
    who: str
    amount: Decimal
    monthly: Decimal | None = None

    @property
    def title(self) -> str:
        """The word of the kind."""
        return (INCOME_KINDS if self.side == INCOME else DEDUCTIONS).get(self.kind, self.kind)


@dataclass(frozen=True)
class Earner:
    """Somebody whose wages the form asks for; `monthly` is what the file has registered."""

    key: str
    label: str
    monthly: Decimal | None


def total(lines: Iterable[Line], side: str) -> Decimal:
    """The sum of one side."""
    return sum((line.amount for line in lines if line.side == side), Decimal(0))


def income_lines(
    earners: Iterable[Earner], wages: Mapping[str, Decimal | None], others: Mapping[str, Decimal | None]
) -> list[Line]:
    """The income of the household: a box left empty takes the registered monthly wage twelve times."""
    found = []
    for earner in earners:
        typed = wages.get(earner.key)
        if typed is not None:
            found.append(Line(INCOME, "wages", earner.label, typed))
        elif earner.monthly:
            found.append(Line(INCOME, "wages", earner.label, earner.monthly * MONTHS, earner.monthly))
    found += [Line(INCOME, kind, "全家", amount) for kind, amount in others.items() if amount]
    return found


def deduction_lines(typed: Mapping[str, Decimal | None]) -> list[Line]:
    """What is taken off: one line per kind that was typed."""
    return [Line(DEDUCTION, kind, "全家", amount) for kind, amount in typed.items() if amount]


def sentence(line: Line) -> str:
    """The line in words."""
    if line.monthly is not None:
        return f"{line.who} {line.title} {grouped(line.monthly, 2)} × {MONTHS} = {grouped(line.amount, 2)}"
    return f"{line.who} {line.title} {grouped(line.amount, 2)}"


def stored(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The lines as they lie under the seal."""
    return [
        {
            "side": line.side,
            "kind": line.kind,
            "who": line.who,
            "amount": f"{line.amount:.2f}",
            "monthly": f"{line.monthly:.2f}" if line.monthly is not None else "",
        }
        for line in lines
    ]


def opened(body: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The lines as they were."""
    return [
        Line(
            row["side"],
            row["kind"],
            row["who"],
            Decimal(row["amount"]),
            Decimal(row["monthly"]) if row["monthly"] else None,
        )
        for row in body
    ]
