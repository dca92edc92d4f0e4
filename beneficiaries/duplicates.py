"""Is this person in another file already? Answered with the name of the holding union only, and counted (D19)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from beneficiaries.enums import CaseState, DossierState
from beneficiaries.intake import Faults
from beneficiaries.models import Dossier, DuplicateClaim, Member
from relief.lib import clock, crypto
from relief.lib.crypto import keys
from unions import audit
from unions.models import AuditEvent, Person, Union
from unions.policy import Refused

ACT = "dossier.probe"
LIVE = (
    DossierState.APPLIED,
    DossierState.VISITED,
    DossierState.POSTED,
    DossierState.REVIEWED,
    DossierState.ACTIVE,
)
_bulk: ContextVar[list[bool] | None] = ContextVar("one_probe", default=None)


@dataclass(frozen=True)
class Hit:
    """A file that holds the person; everything but the union's name stays inside (security.md 3)."""

    union: Union
    dossier: int
    householder: bool


class Held(Faults):
    """Entries whose number another file holds; `keepers` maps the place in the form to the holding union."""

    def __init__(self, errors: Mapping[str, str], *, keepers: Mapping[str, Union], act: str, obj: Any = None) -> None:
        super().__init__(errors, act=act, obj=obj)
        self.keepers = dict(keepers)


@contextmanager
def as_one_probe() -> Iterator[None]:
    """While the block runs, all searches together are one probe: for imports and the world loader."""
    token = _bulk.set([False])
    try:
        yield
    finally:
        _bulk.reset(token)


def holders(*, by: Person, union: Union, numbers: Iterable[str], own: Dossier | None) -> dict[str, Union]:
    """The union that keeps a file with the number, for each number found elsewhere; one audited probe."""
    return {number: hit.union for number, hit in hits(by=by, union=union, numbers=numbers, own=own).items()}


def hits(*, by: Person, union: Union, numbers: Iterable[str], own: Dossier | None) -> dict[str, Hit]:
    """The file that holds each number found elsewhere, for actions alone; one audited probe.

    The row is written in a transaction of its own, before the save it belongs to: a refused save stays counted.
    """
    by_index = {index: number for number in numbers if number for index in indexes(number)}
    if not by_index:
        return {}
    with transaction.atomic():
        found = _search(by_index, union, own)
        _count(by, union, len(set(by_index.values())), len(found))
    return found


def still_held(dossier: Dossier) -> list[Union]:
    """The unions whose files hold a person of this file without a cleared claim: asked again on application.

    Its numbers were asked about when they were saved; this is no new probe.
    """
    stored = [dossier.id_index, *Member.objects.filter(dossier=dossier).values_list("id_index", flat=True)]
    found = _search({index: index for index in stored if index}, dossier.union, dossier)
    return sorted({hit.union for hit in found.values()}, key=lambda union: union.pk)


def probes_left(person: Person) -> int:
    """How many searches the person may still make today."""
    since = clock.start_of_day(clock.today())
    made = AuditEvent.objects.filter(act=ACT, person=person, at__gte=since).count()
    return max(0, _limit() - made)


def _limit() -> int:
    return int(getattr(settings, "RELIEF_PROBES_PER_DAY", 20))


def indexes(number: str) -> list[str]:
    """The blind index in every generation whose key is held, so that a rotation under way hides nobody."""
    return [crypto.blind_index(number, "id_number", int(generation)) for generation in keys.known("index")]


def _search(by_index: dict[str, str], union: Union, own: Dossier | None) -> dict[str, Hit]:
    """Both kinds are always asked, so that the time says nothing about who was found."""
    reach = Q(state__in=LIVE) | Q(state=DossierState.DRAFT, union=union)
    within = Q(dossier__state__in=LIVE) | Q(dossier__state=DossierState.DRAFT, dossier__union=union)
    files = Dossier.objects.filter(reach, id_index__in=by_index).select_related("union")
    members = Member.objects.filter(within, id_index__in=by_index).select_related("dossier__union")
    if own is not None:
        claimed = _claimed(own)
        by_index = {index: number for index, number in by_index.items() if index not in claimed}
        files, members = files.exclude(pk=own.pk), members.exclude(dossier=own)
    found = {
        by_index[row.id_index]: Hit(row.dossier.union, row.dossier_id, False)
        for row in members
        if row.id_index in by_index
    }
    found.update({by_index[row.id_index]: Hit(row.union, row.pk, True) for row in files if row.id_index in by_index})
    return found


def _claimed(own: Dossier) -> set[str]:
    """The persons of the draft whose second file was claimed, and not refused."""
    open_or_cleared = DuplicateClaim.objects.filter(dossier=own, state__in=(CaseState.WAITING, CaseState.ACCEPTED))
    return set(open_or_cleared.values_list("number_index", flat=True))


def _count(by: Person, union: Union, asked: int, found: int) -> None:
    bulk = _bulk.get()
    if bulk is not None and bulk[0]:
        return
    if bulk is None and probes_left(by) == 0:
        raise Refused(
            f"今天的查重次数（{_limit()} 次）已经用完，没有保存。",
            "请明天再录；批量建档请用导入，一次导入只算一次。",
            status=429,
            act=ACT,
        )
    audit.record(act=ACT, by=by, union=union, fields=["id_index"], detail={"asked": asked, "found": found})
    if bulk is not None:
        bulk[0] = True
