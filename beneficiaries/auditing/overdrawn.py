"""Balances below zero at the end of the period: the one gap that no row has, only the sum of all rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from beneficiaries.auditing.scope import Scope, audited_unions
from beneficiaries.auditing.sums import Place, year_sums
from beneficiaries.funds.statement import SourceLine


@dataclass(frozen=True)
class Overdrawn:
    """What the kind is called, like a `gaps.Gap`."""

    key: str = "overdrawn"
    label: str = "结余为负"
    missing: str = "期末结余低于零"


OVERDRAWN = Overdrawn()


def overdrawn(scope: Scope, sums: Mapping[Place, SourceLine] | None = None) -> list[dict[str, Any]]:
    """One row per union and source, like the rows of a gap; the amount is what is lacking. Six queries, one with `sums`."""
    below = {place: line for place, line in (sums or year_sums(scope)).items() if line.closing < 0}
    unions = audited_unions(scope.person).in_bulk({union_id for union_id, _ in below})
    shared = {"gap": OVERDRAWN.key, "day": scope.period.last, "paper": "", "who": "", "opens": None, "opened": None}
    rows = [
        shared
        | {"pk": union_id, "union_name": unions[union_id].name, "source": source, "amount": -line.closing}
        | {"called": unions[union_id].called, "said": OVERDRAWN.missing, "path": unions[union_id].path}
        for (union_id, source), line in below.items()
    ]
    return sorted(rows, key=lambda row: (row["path"], row["source"]))
