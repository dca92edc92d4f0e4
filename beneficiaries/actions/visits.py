"""Recording visits to households and enterprises (走访)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F

from beneficiaries.actions.visit_photos import add_visit_photos
from beneficiaries.dossiers.intake import Faults
from beneficiaries.enums import Met, VisitChange, VisitKind
from beneficiaries.models import Dossier, Visit, VisitPlan, VisitStop
from campaigns.models import Campaign
from relief.lib import clock
from unions import audit, idempotency
from unions.models import Person, Union
from unions.policy import Refused, Stale, require

MOST_STOPS = 30
"""Households on one route."""


def record_visit(
    *,
    by: Person,
    union: Union,
    campaign: Campaign | None,
    kind: str,
    visited_on: datetime.date,
    dossier: Dossier | None = None,
    enterprise: str = "",
    in_difficulty: bool = False,
    with_relief: bool = False,
    leader: str = "",
    persons: int = 1,
    note: str = "",
    met: str = "",
    changed: Sequence[str] = (),
    stop: VisitStop | None = None,
    photos: Sequence[UploadedFile] = (),
    key: str = "",
) -> Visit:
    """Record one visit to a household of the union's reach, or to an enterprise, and return it.

    `changed` are the words of what is different at home: they ask the keeper to look at the file. `stop` is the planned
    stop that this visit was. With a request `key` a request that arrives twice gets the same visit.
    """
    visit = Visit(
        union=union,
        campaign=campaign,
        kind=kind,
        visited_on=visited_on,
        dossier=dossier if kind == VisitKind.HOUSEHOLD else None,
        enterprise=enterprise.strip() if kind == VisitKind.ENTERPRISE else "",
        in_difficulty=in_difficulty and kind == VisitKind.ENTERPRISE,
        with_relief=with_relief,
        leader=leader.strip(),
        persons=persons,
        note=note.strip(),
        met=met if kind == VisitKind.HOUSEHOLD else "",
        changed=" ".join(changed) if kind == VisitKind.HOUSEHOLD else "",
        entered_by=by,
    )
    require(by, "visit.record", visit)
    faults = _faults(visit, by)
    if stop is not None and (stop.visit_id is not None or stop.dossier_id != visit.dossier_id):
        faults["dossier"] = "计划里的这一站已经记过，或不是这一家，请回到“今天的走访”再点。"
    if faults:
        raise Faults(faults, act="visit.record")
    with transaction.atomic():
        claim = None
        if key:
            claim, new = idempotency.claim(by=by, act="visit.record", key=key, body=_said(visit))
            if not new:
                return Visit.objects.get(pk=claim.receipt)
        visit.entered_at = clock.db_now()
        visit.save(force_insert=True)
        if stop is not None and VisitStop.objects.filter(pk=stop.pk, visit__isnull=True).update(visit=visit) != 1:
            raise Stale(act="visit.record", obj=visit)
        audit.record(
            act="visit.record",
            by=by,
            union=union,
            obj=visit,
            fields=["kind", "visited_on", "dossier", "enterprise", "with_relief", "note"],
            after={"dossier": visit.dossier_id, "note": visit.note, "on": str(visited_on)},
            detail={"kind": kind, "on": str(visited_on)},
        )
        if photos:
            add_visit_photos(by=by, visit=visit, photos=photos)
        if claim is not None:
            idempotency.remember(claim, str(visit.pk))
    return visit


def _said(visit: Visit) -> list[object]:
    """What one request says of a visit: the same key must not carry another visit."""
    facts = (visit.union_id, visit.campaign_id, visit.dossier_id, visit.kind, str(visit.visited_on), visit.enterprise)
    return [*facts, visit.leader, visit.persons, visit.note, visit.met, visit.changed, visit.with_relief]


@transaction.atomic
def void_visit(*, by: Person, visit: Visit, version: int) -> Visit:
    """Take a wrong visit out of every count; the row stays."""
    require(by, "visit.void", visit)
    if visit.voided_at is not None:
        raise Refused("这条走访记录已经作废。", "不用再办理。", act="visit.void", obj=visit)
    rows = Visit.objects.filter(pk=visit.pk, version=version, voided_at__isnull=True)
    if rows.update(voided_at=clock.db_now(), version=F("version") + 1) != 1:
        raise Stale(act="visit.void", obj=visit)
    audit.record(act="visit.void", by=by, union=visit.union, obj=visit, fields=["voided_at"])
    visit.refresh_from_db()
    return visit


@transaction.atomic
def plan_visits(
    *,
    by: Person,
    union: Union,
    planned_on: datetime.date,
    route: str,
    leader: str,
    dossiers: Sequence[Dossier],
    companions: str = "",
) -> VisitPlan:
    """Plan a route of one day: its households in the given order; wrong entries raise `Faults` by field."""
    act, today = "visit.plan", clock.today()
    plan = VisitPlan(
        union=union,
        planned_on=planned_on,
        route=route.strip(),
        leader=leader.strip(),
        companions=companions.strip(),
        made_by=by,
    )
    require(by, act, plan)
    faults = {}
    if not today <= planned_on <= today + datetime.timedelta(days=90):
        faults["planned_on"] = "走访日期应在今天到 90 天以内。"
    for name, most in (("route", 60), ("leader", 40), ("companions", 80)):
        if len(getattr(plan, name)) > most:
            faults[name] = f"最多 {most} 个字，请缩短。"
    reached = set(Dossier.objects.visible_to(by).filter(union=union).values_list("pk", flat=True))
    if not 1 <= len(dossiers) <= MOST_STOPS or any(dossier.pk not in reached for dossier in dossiers):
        faults["dossiers"] = f"请从列表里选 1 至 {MOST_STOPS} 家。"
    if faults:
        raise Faults(faults, act=act)
    plan.made_at = clock.db_now()
    plan.save(force_insert=True)
    VisitStop.objects.bulk_create(
        VisitStop(plan=plan, place=place, dossier=dossier) for place, dossier in enumerate(dossiers, 1)
    )
    detail = {"on": str(planned_on), "stops": len(dossiers)}
    audit.record(act=act, by=by, union=union, obj=plan, fields=["planned_on", "route", "stops"], detail=detail)
    return plan


@transaction.atomic
def cancel_plan(*, by: Person, plan: VisitPlan, version: int) -> None:
    """Take a plan off the lists; what was visited stays."""
    act = "visit.plan"
    require(by, act, plan)
    rows = VisitPlan.objects.filter(pk=plan.pk, version=version, cancelled_at__isnull=True)
    if rows.update(cancelled_at=clock.db_now(), version=F("version") + 1) != 1:
        raise Stale(act=act, obj=plan)
    audit.record(act=act, by=by, union=plan.union, obj=plan, fields=["cancelled_at"])


def _faults(visit: Visit, by: Person) -> dict[str, str]:
    found: dict[str, str] = {}
    if visit.kind not in VisitKind.values:
        found["kind"] = "请选择走访对象：家庭或企业。"
    if visit.kind == VisitKind.HOUSEHOLD and visit.dossier is None:
        found["dossier"] = "请选择走访的家庭；还没有建档的，先新建档案。"
    elif visit.dossier is not None and not Dossier.objects.visible_to(by).filter(pk=visit.dossier.pk).exists():
        found["dossier"] = "找不到这份档案，请从列表里选择。"
    if visit.kind == VisitKind.ENTERPRISE and not visit.enterprise:
        found["enterprise"] = "请填写企业名称。"
    if visit.visited_on > clock.today():
        found["visited_on"] = "走访日期在今天之后，请填写已经走访的日期。"
    if not 1 <= visit.persons <= 200:
        found["persons"] = "走访人数应是 1 至 200 人。"
    if visit.met not in ("", *Met.values) or set(visit.changed.split()) - set(VisitChange.values):
        found["changed"] = "请从给出的选项里选择。"
    for name, most in (("enterprise", 120), ("leader", 40), ("note", 500)):
        if len(getattr(visit, name)) > most:
            found[name] = f"最多 {most} 个字，请缩短。"
    return found
