"""The household behind a payout as it is now: what the payout freezes when it is sent to review."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from beneficiaries.models import Assessment, Dossier, Member


def households_of(dossiers: Iterable[Dossier]) -> dict[int, dict[str, Any]]:
    """Per dossier id name of the householder, class, number of persons and income per head; two queries."""
    wanted = {dossier.pk: dossier for dossier in dossiers}
    if not wanted:
        return {}
    members: dict[int, int] = dict.fromkeys(wanted, 0)
    for dossier_id in Member.objects.filter(dossier__in=list(wanted)).values_list("dossier_id", flat=True):
        members[dossier_id] += 1
    per_head: dict[int, Decimal] = {}
    for dossier_id, amount in (
        Assessment.objects.filter(dossier__in=list(wanted)).order_by("id").values_list("dossier_id", "per_head")
    ):
        per_head[dossier_id] = amount
    return {
        pk: {
            "name": dossier.name,
            "class": dossier.hardship_class,
            "members": members[pk] + 1,
            "per_head": str(per_head[pk]) if pk in per_head else "",
        }
        for pk, dossier in wanted.items()
    }
