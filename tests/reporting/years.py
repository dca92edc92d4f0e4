"""Campaigns of several years and forms on the cast, for tests of what a filing takes from elsewhere."""

import copy
import datetime
import json
from pathlib import Path
from typing import Any

from campaigns import actions as campaign_actions
from campaigns.enums import CampaignKind, DeliverableKind
from campaigns.models import Campaign
from relief.lib import clock
from reporting import actions, formstore
from reporting.actions.filling import Typed
from reporting.models import Submission
from reporting.values import Value
from tests.reporting.conftest import DAY

MINI = json.loads((Path(__file__).parent.parent / "fixtures" / "forms" / "mini.json").read_text(encoding="utf-8"))


def form(form_id: str, *, checks: list[dict] | None = None, **items: dict[str, Any]) -> dict[str, Any]:
    """The small form under another id, some of its items changed (by code with a leading i), with these checks."""
    raw = copy.deepcopy(MINI) | {"id": form_id}
    for item in raw["items"]:
        item |= items.get(f"i{item['code']}", {})
    if checks is not None:
        raw["checks"] = checks
    return raw


def check(key: str, expression: str, **given: Any) -> dict[str, Any]:
    """A check with what the tests do not care about filled in."""
    return {
        "key": key,
        "kind": "within",
        "severity": "ask",
        "items": ["05"],
        "expression": expression,
        "message": f"{key} 不符。",
        **given,
    }


def campaign_of(cast, year: int, *forms: dict[str, Any], unions) -> Campaign:
    """A published campaign of the cast's province with one deliverable per form, keyed by the form's id."""
    now = clock.db_now()
    period = (datetime.date(year, 1, 1), datetime.date(year, 2, 24))
    campaign = campaign_actions.create_campaign(
        by=cast.organiser,
        issuer=cast.province,
        code=f"sx-{year}",
        title=f"{year}年元旦春节送温暖",
        year=year,
        kind=CampaignKind.TWO_FESTIVALS,
        starts_on=period[0],
        ends_on=period[1],
    )
    for raw in forms:
        deliverable = campaign_actions.set_deliverable(
            by=cast.organiser,
            campaign=campaign,
            key=raw["id"],
            kind=DeliverableKind.FORM,
            title=raw["title"],
            required=True,
            period_from=period[0],
            period_to=period[1],
            opens_at=now - 20 * DAY,
            due_at=now + 5 * DAY,
            late_until=now + 10 * DAY,
            edit_until=now + 15 * DAY,
            visible_until=now + 700 * DAY,
            leads={"grassroots": 0},
        )
        actions.choose_form(by=cast.organiser, deliverable=deliverable, form_version=formstore.store(raw))
    campaign_actions.select_addressees(by=cast.organiser, campaign=campaign, unions=unions)
    notice = campaign_actions.save_notice(
        by=cast.organiser,
        campaign=campaign,
        version=None,
        fields={
            "title": f"关于开展{year}年送温暖活动的通知",
            "salutation": "各市教育（科文卫体）工会：",
            "body": "现将有关事项通知如下。",
            "issued_on": period[0],
            "signatories": ["云岭省教科文卫体工会委员会"],
        },
    )
    notice = campaign_actions.propose_notice(by=cast.organiser, notice=notice, version=notice.version)
    actions.publish(by=cast.second_organiser, notice=notice, version=notice.version)
    return campaign


def filing(campaign: Campaign, union, form_id: str) -> Submission:
    """The union's submission for one form of the campaign."""
    return Submission.objects.select_related(
        "deliverable__form_link__form_version", "deliverable__campaign", "addressee"
    ).get(deliverable__campaign=campaign, deliverable__key=form_id, union=union)


def fill(by, submission: Submission, note: str = "手工填报", **numbers: int) -> Submission:
    """Type these numbers in base units (by code with a leading v), the slip's number, and 0 where nothing stands."""
    typed = {"02C": Typed(Value.word("无")), "05_1": Typed(Value.of(0)), "02B": Typed(Value.of(0))}
    typed |= {name.removeprefix("v"): Typed(Value.of(number), note) for name, number in numbers.items()}
    now = Submission.objects.get(pk=submission.pk)
    return actions.save_figures(by=by, submission=now, version=now.version, typed=typed)
