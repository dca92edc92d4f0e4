"""Publishing: the version comes into force and everybody who must file is frozen with line and dates."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from campaigns.actions.notices import move, refuse_errors
from campaigns.deadlines import Instants, Line, instants_for
from campaigns.drafting import Chosen, chosen_unions, instants_of, leads_of, lines_of
from campaigns.enums import NoticeState
from campaigns.models import Addressee, Campaign, Deliverable, Notice
from relief.lib import clock, crypto
from unions import audit
from unions.models import Person
from unions.policy import Refused, require

INSTANTS = ("opens_at", "due_at", "late_until", "edit_until", "visible_until")


def publish_notice(*, by: Person, notice: Notice, version: int) -> list[Addressee]:
    """Bring the proposed version into force and return all addressees of the campaign, the issuer's own included.

    The version before becomes superseded and stays readable. New pairs of deliverable and union are frozen; those of
    an earlier version keep their line and get the dates of the deliverable as it stands now (A5).
    """
    require(by, "notice.publish", notice)
    campaign = notice.campaign
    with transaction.atomic():
        if campaign.closed_at is not None:
            raise Refused(f"“{campaign.title}”已封存，不能再发布。", "请新建活动。", act="notice.publish", obj=notice)
        refuse_errors(campaign, notice, act="notice.publish")
        now = clock.db_now()
        campaign.notices.filter(state=NoticeState.PUBLISHED).update(state=NoticeState.SUPERSEDED)
        move(
            notice,
            version,
            NoticeState.PROPOSED,
            NoticeState.PUBLISHED,
            "notice.publish",
            published_by=by,
            published_at=now,
        )
        Notice.objects.filter(pk=notice.pk).update(mac=crypto.mac(notice.facts()))
        Campaign.objects.filter(pk=campaign.pk, published_at__isnull=True).update(published_at=now)
        addressees = _freeze(campaign)
        audit.record(
            act="notice.publish",
            by=by,
            union=campaign.issuer,
            obj=notice,
            detail={"number": notice.number, "addressees": len(addressees)},
            after=[[row.deliverable_id, row.union_id, row.line_path, row.due_at] for row in addressees],
        )
    notice.refresh_from_db()
    campaign.refresh_from_db()
    return addressees


def _freeze(campaign: Campaign) -> list[Addressee]:
    chosen = chosen_unions(campaign)
    everyone = {campaign.issuer_id: Chosen(campaign.issuer, True, False), **{each.union.pk: each for each in chosen}}
    line_of = {line.union_id: line for line in lines_of(campaign, chosen)}
    rows: list[Addressee] = []
    for deliverable in campaign.deliverables.prefetch_related("leads"):
        rows += _freeze_deliverable(deliverable, everyone, line_of)
    return rows


def _freeze_deliverable(
    deliverable: Deliverable, everyone: dict[int, Chosen], line_of: dict[int, Line]
) -> list[Addressee]:
    base, leads = instants_of(deliverable), leads_of(deliverable)
    frozen = {row.union_id: row for row in deliverable.addressees.select_related("union")}
    moved = []
    for row in frozen.values():
        instants = base if row.reports_to_id is None else instants_for(base, row.union.kind, leads)
        if instants_of(row) != instants:
            for name in INSTANTS:
                setattr(row, name, getattr(instants, name))
            moved.append(row)
    Addressee.objects.bulk_update(moved, INSTANTS, batch_size=200)
    new = [
        _row(
            deliverable,
            one,
            line_of[union_id],
            instants_for(base, one.union.kind, leads) if line_of[union_id].depth else base,
        )
        for union_id, one in everyone.items()
        if union_id not in frozen
    ]
    Addressee.objects.bulk_create(new, batch_size=200)
    return [*frozen.values(), *new]


def _row(deliverable: Deliverable, one: Chosen, line: Line, instants: Instants) -> Addressee:
    return Addressee(
        deliverable=deliverable,
        union=one.union,
        reports_to_id=line.reports_to,
        line_path=line.line_path,
        depth=line.depth,
        required=deliverable.required and one.required,
        union_name=one.union.name,
        **asdict(instants),
    )
