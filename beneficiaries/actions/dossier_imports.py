"""Households that a confirmed file brings, written inside the transaction of the job, which writes the audit event."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models.functions import Length

from beneficiaries.actions.dossiers import save_dossier
from beneficiaries.dossiers import duplicates
from beneficiaries.models import Dossier, DossierPeriod, Member
from relief.lib import clock, crypto
from unions.models import Person, Union
from unions.policy import Refused, require

BATCH = 500
TAKEN = "档案号正被同时使用，没有写入任何数据。"


@dataclass(frozen=True, slots=True)
class Opened:
    """A new household: checked values of the householder and of each member."""

    head: Mapping[str, Any]
    members: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Saved:
    """A known household: the file as it was looked at, and what `save_dossier` is given."""

    dossier: Dossier
    fields: Mapping[str, Any]
    members: Sequence[Mapping[str, Any]]
    reason: str


@transaction.atomic
def write_households(*, by: Person, union: Union, new: Sequence[Opened], changed: Sequence[Saved]) -> int:
    """Open the new files as drafts, save the changed ones by the act of saving; how many households were written."""
    require(by, "dossier.import", union)
    numbers = _numbers(union)
    for start in range(0, len(new), BATCH):
        _open(by, union, new[start : start + BATCH], numbers)
    with duplicates.as_one_probe(counted=True):
        for each in changed:
            save_dossier(
                by=by,
                dossier=each.dossier,
                version=each.dossier.version,
                fields=each.fields,
                members=each.members,
                reason=each.reason,
            )
    return len(new) + len(changed)


def _open(by: Person, union: Union, new: Sequence[Opened], numbers: Iterator[str]) -> None:
    now, today = clock.db_now(), clock.today()
    made = [
        Dossier(
            union=union,
            number=next(numbers),
            entered_by=by,
            entered_at=now,
            changed_at=now,
            **each.head,
            **_index(each.head),
        )
        for each in new
    ]
    try:
        with transaction.atomic():
            Dossier.objects.bulk_create(made)
    except IntegrityError:
        raise Refused(TAKEN, "请重新检查，看过结果再确认。", act="dossier.import") from None
    Member.objects.bulk_create(
        Member(dossier=dossier, **row, **_index(row))
        for dossier, each in zip(made, new, strict=True)
        for row in each.members
    )
    DossierPeriod.objects.bulk_create(
        DossierPeriod(dossier=dossier, union=union, state=dossier.state, hardship_class="", valid_from=today)
        for dossier in made
    )


def _index(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id_index": crypto.blind_index(values.get("id_number", ""), "id_number"),
        "id_index_generation": crypto.index_generation(),
    }


def _numbers(union: Union) -> Iterator[str]:
    """The numbers that the union's next files get: CJ-0147, CJ-0148 …"""
    used = Dossier.objects.filter(number__regex=rf"^{re.escape(union.code)}-[0-9]+$")
    last = used.order_by(Length("number").desc(), "-number").values_list("number", flat=True).first()
    at = int(last.rsplit("-", 1)[1]) if last else 0
    while True:
        at += 1
        yield f"{union.code}-{at:04d}"
