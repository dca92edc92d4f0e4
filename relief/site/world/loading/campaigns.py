"""Campaigns with their notice, deliverables and addressees, published by two people at their own instants."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from campaigns import actions
from campaigns.enums import CampaignKind, DeliverableKind
from campaigns.models import Campaign, Deliverable, Notice
from relief.lib import clock
from relief.site.world.instants import read_day, read_deadline, read_instant
from relief.site.world.loading.cast import Cast, at_path
from reporting import actions as reporting_actions
from reporting import formstore
from reporting.models import FormVersion
from unions.enums import Role
from unions.models import Person, Union
from unions.policy import Refused

NOTICE_TEXTS = ("document_number", "title", "salutation", "body", "contact", "copied_to", "printed_by")


def load_campaigns(cast: Cast, world: dict[str, Any]) -> None:
    """Load all campaigns; the forms they ask for are stored first."""
    formstore.load_forms()
    for place, row in enumerate(world.get("campaigns", [])):
        path = f"$.campaigns[{place}]"
        with at_path(path):
            _load(cast, row, path)


def _load(cast: Cast, row: dict[str, Any], path: str) -> None:
    issuer = cast.unions[row["issuer"]]
    drafter = cast.person(row.get("drafted_by"), issuer, Role.ORGANISE)
    published = read_instant(row["published_at"], cast.now) if row.get("published_at") else None
    with clock.as_of((published or cast.now) - timedelta(days=2)):
        campaign = actions.create_campaign(
            by=drafter,
            issuer=issuer,
            code=row["code"],
            title=row["title"],
            year=row["year"],
            kind=row.get("kind", CampaignKind.TWO_FESTIVALS),
            starts_on=read_day(row["starts_on"]),
            ends_on=read_day(row["ends_on"]),
        )
        cast.campaigns[row["code"]] = campaign
        notice = actions.save_notice(by=drafter, campaign=campaign, version=None, fields=_fields(row["notice"], issuer))
        for number, deliverable in enumerate(row["deliverables"]):
            with at_path(f"{path}.deliverables[{number}]"):
                _deliverable(cast, drafter, campaign, deliverable)
        _select(cast, drafter, campaign, row)
    if published is not None:
        _publish(cast, row, campaign, notice, drafter)


def _fields(notice: dict[str, Any], issuer: Union) -> dict[str, Any]:
    return {
        **{name: notice.get(name, "") for name in NOTICE_TEXTS},
        "annexes": notice.get("annexes", []),
        "signatories": notice.get("signatories") or [issuer.name],
        "issued_on": read_day(notice["issued_on"]),
    }


def _deliverable(cast: Cast, by: Person, campaign: Campaign, row: dict[str, Any]) -> Deliverable:
    second = row.get("second_period") or [None, None]
    ends = {name: row.get(name) for name in ("late_until", "edit_until", "visible_until")}
    made = actions.set_deliverable(
        by=by,
        campaign=campaign,
        key=row["key"],
        kind=row["kind"],
        title=row["title"],
        required=row.get("required", True),
        period_from=read_day(row["period"][0]),
        period_to=read_day(row["period"][1]),
        second_from=second[0] and read_day(second[0]),
        second_to=second[1] and read_day(second[1]),
        opens_at=read_instant(row["opens"], cast.now),
        due_at=read_deadline(row["due"], cast.now),
        leads=row.get("leads", {}),
        **{f"{name}": value and read_deadline(value, cast.now) for name, value in ends.items()},
    )
    if row["kind"] == DeliverableKind.FORM:
        newest = FormVersion.objects.filter(form_id=row["form"]).order_by("-version").first()
        if newest is None:
            raise Refused(f"没有代码为“{row['form']}”的表样。", "请核对 form，或先放入 fixtures/forms/。")
        reporting_actions.choose_form(by=by, deliverable=made, form_version=newest)
    return made


def _select(cast: Cast, by: Person, campaign: Campaign, row: dict[str, Any]) -> None:
    asked = row.get("addressees", [])
    issuer = campaign.issuer
    if asked == "all":
        unions = [union for union in cast.unions.values() if union.is_within(issuer) and union.pk != issuer.pk]
    else:
        unions = [cast.unions[code] for code in asked]
    if unions:
        optional = [cast.unions[code] for code in row.get("optional", [])]
        actions.select_addressees(by=by, campaign=campaign, unions=unions, optional=optional)


def _publish(cast: Cast, row: dict[str, Any], campaign: Campaign, notice: Notice, drafter: Person) -> None:
    published = read_instant(row["published_at"], cast.now)
    with clock.as_of(published - timedelta(days=1)):
        proposed = actions.propose_notice(by=drafter, notice=notice, version=notice.version)
    with clock.as_of(published):
        confirmer = _confirmer(cast, row, campaign.issuer, drafter)
        notice = reporting_actions.publish(by=confirmer, notice=proposed, version=proposed.version)
    campaign.refresh_from_db()
    for receipt in row.get("acknowledged", []):
        union = cast.unions[receipt["union"]]
        at = read_instant(receipt["at"], cast.now) if "at" in receipt else published
        with clock.as_of(min(at, cast.now)):
            actions.acknowledge(by=cast.person(receipt.get("by"), union, Role.ENTER), notice=notice, union=union)


def _confirmer(cast: Cast, row: dict[str, Any], issuer: Union, drafter: Person) -> Person:
    """The second person: another organiser, else an approver of the issuer."""
    if row.get("confirmed_by"):
        return cast.persons[row["confirmed_by"]]
    try:
        return cast.person(None, issuer, Role.ORGANISE, not_by=(drafter.pk,))
    except Refused:
        return cast.person(None, issuer, Role.APPROVE, not_by=(drafter.pk,))
