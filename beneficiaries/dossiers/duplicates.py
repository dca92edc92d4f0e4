"""Is this person in another file already? Answered with the name of the holding union only, and counted (D19)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from beneficiaries.dossiers.intake import Faults
from beneficiaries.enums import CaseState, DossierState
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


@dataclass
class OneProbe:
    """All searches of a list together: whether they are written down already, and whether the day's limit holds."""

    counted: bool = False
    limited: bool = False


_bulk: ContextVar[OneProbe | None] = ContextVar("one_probe", default=None)


@dataclass(frozen=True)
class Hit:
    """A file that holds the person; everything but the union's name stays inside (security.md 3)."""

    union: Union
    dossier: int
    householder: bool


class Held(Faults):
    """Entries whose number another file holds; `found` maps the place in the form to the file, for `union` that asked."""

    def __init__(
        self, errors: Mapping[str, str], *, found: Mapping[str, Hit], union: Union, act: str, obj: Any = None
    ) -> None:
        super().__init__(errors, act=act, obj=obj)
        self.keepers = sorted({hit.union for hit in found.values() if hit.union != union}, key=lambda each: each.code)
        self.own = sorted({hit.dossier for hit in found.values() if hit.union == union})
        """The union's own files with the person: these it may open (the keepers' it may not)."""


@contextmanager
def as_one_probe(*, counted: bool = False, limited: bool = False) -> Iterator[None]:
    """While the block runs, all searches together are one probe: for imports and the world loader.

    `limited` holds it to the day's limit, `counted` says that the numbers were asked about before.
    """
    token = _bulk.set(OneProbe(counted, limited))
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
        # Requests that come side by side wait for each other, so that they share the limit.
        Person.objects.select_for_update(no_key=True).get(pk=by.pk)
        found = _search(by_index, union, own)
        _count(by, union, set(by_index.values()), len(found))
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
    return max(0, _limit() - _today(person).count())


def _today(person: Person) -> QuerySet[AuditEvent]:
    since = clock.start_of_day(clock.today())
    return AuditEvent.objects.filter(act=ACT, person=person, at__gte=since)


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


def _count(by: Person, union: Union, asked: set[str], found: int) -> None:
    bulk = _bulk.get()
    if bulk is not None and bulk.counted:
        return
    detail: dict[str, Any] = {"asked": len(asked), "found": found}
    if bulk is not None and bulk.limited:
        detail["list"] = crypto.keyed_digest(sorted(asked))
        if _today(by).filter(detail__list=detail["list"]).exists():
            # The same list, checked once more or written after its yes, tells nothing new.
            return
    if (bulk is None or bulk.limited) and probes_left(by) == 0:
        raise _used_up(of_list=bulk is not None)
    audit.record(act=ACT, by=by, union=union, fields=["id_index"], detail=detail)
    if bulk is not None:
        bulk.counted = True


def _used_up(*, of_list: bool) -> Refused:
    said = f"今天的查重次数（{_limit()} 次）已经用完"
    if of_list:
        return Refused(f"{said}，没有检查。", "请明天再导入；几份表请并成一份，一次导入只算一次。", status=429, act=ACT)
    return Refused(f"{said}，没有保存。", "请明天再录；批量建档请用导入，一次导入只算一次。", status=429, act=ACT)
