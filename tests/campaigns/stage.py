"""The campaign that the tests of this app play with: made-up notice, one form, everybody below the province."""

from __future__ import annotations

import datetime
from typing import Any

from campaigns import actions
from campaigns.models import Campaign, Deliverable, Notice
from relief.lib import clock
from unions.models import Union

NOTICE: dict[str, Any] = {
    "document_number": "云教工〔2023〕41号",
    "title": "云岭省教科文卫体工会委员会关于开展2024年送温暖活动的通知",
    "salutation": "各市教育（科文卫体）工会，各直属基层工会：",
    "body": "为把工会组织的温暖及时送到职工心坎上，现将有关事项通知如下。\n一、总体要求\n坚持以职工为中心。\n（一）走访调研。了解情况。",
    "annexes": ["2024年元旦春节期间各级工会送温暖统计表"],
    "signatories": ["云岭省教科文卫体工会委员会"],
    "issued_on": datetime.date(2023, 12, 28),
    "contact": "联系人：保障工作部　电话：0900-6611020",
    "copied_to": "云岭省总工会保障工作部。",
    "printed_by": "云岭省教科文卫体工会委员会办公室",
}


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def ends(text: str) -> datetime.datetime:
    return clock.end_of_day(day(text))


DATES: dict[str, Any] = {
    "period_from": day("2023-12-28"),
    "period_to": day("2024-02-21"),
    "opens_at": clock.start_of_day(day("2024-01-04")),
    "due_at": ends("2024-02-23"),
    "late_until": ends("2024-02-28"),
    "edit_until": ends("2024-03-05"),
    "visible_until": ends("2026-12-31"),
    "leads": {"county": 2, "grassroots": 4},
}


def make_campaign(cast: Any, code: str = "two-2024") -> Campaign:
    return actions.create_campaign(
        by=cast.organiser,
        issuer=cast.province,
        code=code,
        title="2024年元旦春节送温暖",
        year=2024,
        kind="two_festivals",
        starts_on=day("2023-12-28"),
        ends_on=day("2024-02-21"),
    )


def set_form(cast: Any, campaign: Campaign, **changed: Any) -> Deliverable:
    values = {"key": "form", "kind": "form", "title": "送温暖统计表", "required": True, **DATES, **changed}
    return actions.set_deliverable(by=cast.organiser, campaign=campaign, **values)


def everybody(cast: Any) -> list[Union]:
    return list(Union.objects.exclude(pk=cast.province.pk).order_by("code"))


def make_draft(cast: Any, code: str = "two-2024", **dates: Any) -> Notice:
    campaign = make_campaign(cast, code)
    set_form(cast, campaign, **dates)
    actions.select_addressees(by=cast.organiser, campaign=campaign, unions=everybody(cast))
    return actions.save_notice(by=cast.organiser, campaign=campaign, version=None, fields=NOTICE)


def publish(cast: Any, notice: Notice) -> Notice:
    actions.propose_notice(by=cast.organiser, notice=notice, version=notice.version)
    actions.publish_notice(by=cast.second_organiser, notice=notice, version=notice.version)
    return notice


def make_published(cast: Any, code: str = "two-2024", **dates: Any) -> Notice:
    return publish(cast, make_draft(cast, code, **dates))
