"""What the page of a payout tells about the rules: warnings that were gone past with a reason, and what the caps look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from beneficiaries.models import Payout
from beneficiaries.rules.catalogue import CATALOGUE
from unions.policy import ACTS


@dataclass(frozen=True)
class OverrideRow:
    """One warning and the answer to it."""

    rule: str
    sentence: str
    reason: str
    step: str
    by: str
    at: datetime


def override_rows(payout: Payout) -> list[OverrideRow]:
    """In the order in which they were given; one query."""
    rows = payout.overrides.select_related("rule", "made_by")
    return [
        OverrideRow(
            CATALOGUE[row.rule.key].label, row.sentence, row.reason, _step(row.step), row.made_by.name, row.made_at
        )
        for row in rows
    ]


def _step(name: str) -> str:
    act = ACTS.get(name)
    return act.label if act is not None else name


def basis_words(payout: Payout) -> list[tuple[str, str]]:
    """What the rules look at beside the person, as far as it was written down; amounts of bills stay sealed."""
    words = []
    if payout.union_member is not None:
        words.append(("工会会员", "是" if payout.union_member else "不是"))
    if payout.self_paid:
        words.append(("自付医疗费", "已登记"))
    if payout.students:
        words.append(("受助学生", f"{payout.students} 名"))
    return words
