"""A published campaign on the cast, and records to fill the form with."""

import datetime
from dataclasses import dataclass

import pytest

from campaigns import actions as campaign_actions
from campaigns.enums import CampaignKind, DeliverableKind
from campaigns.models import Campaign, Deliverable
from relief.lib import clock
from reporting import actions, formstore
from reporting.models import FormVersion, Submission

DAY = datetime.timedelta(days=1)
PERIOD = (datetime.date(2023, 12, 28), datetime.date(2024, 2, 24))


@dataclass
class Published:
    """A campaign in force with a form and a report."""

    campaign: Campaign
    form: Deliverable
    report: Deliverable

    def submission(self, union, deliverable=None) -> Submission:
        return Submission.objects.select_related(
            "deliverable__form_link__form_version", "deliverable__campaign", "addressee"
        ).get(deliverable=deliverable or self.form, union=union)


def publish(cast, *, form_version: FormVersion, unions, opens=-20, due=5, late=10, edit=15, period=PERIOD) -> Published:
    """Draft, propose and publish a campaign of the cast's province."""
    now = clock.db_now()
    campaign = campaign_actions.create_campaign(
        by=cast.organiser,
        issuer=cast.province,
        code="sx-2024",
        title="2024年元旦春节送温暖",
        year=2024,
        kind=CampaignKind.TWO_FESTIVALS,
        starts_on=period[0],
        ends_on=period[1],
    )
    common = {
        "by": cast.organiser,
        "campaign": campaign,
        "required": True,
        "period_from": period[0],
        "period_to": period[1],
        "opens_at": now + opens * DAY,
        "due_at": now + due * DAY,
        "late_until": None if late is None else now + late * DAY,
        "edit_until": now + edit * DAY,
        "visible_until": now + 700 * DAY,
        "leads": {"grassroots": 0},
    }
    form = campaign_actions.set_deliverable(key="form", kind=DeliverableKind.FORM, title="送温暖统计表", **common)
    report = campaign_actions.set_deliverable(
        key="report", kind=DeliverableKind.REPORT, title="送温暖活动报告", **common
    )
    actions.choose_form(by=cast.organiser, deliverable=form, form_version=form_version)
    campaign_actions.select_addressees(by=cast.organiser, campaign=campaign, unions=unions)
    notice = campaign_actions.save_notice(
        by=cast.organiser,
        campaign=campaign,
        version=None,
        fields={
            "title": "云岭省教科文卫体工会委员会关于开展2024年送温暖活动的通知",
            "salutation": "各市教育（科文卫体）工会：",
            "body": "现将有关事项通知如下。",
            "issued_on": datetime.date(2023, 12, 28),
            "signatories": ["云岭省教科文卫体工会委员会"],
        },
    )
    notice = campaign_actions.propose_notice(by=cast.organiser, notice=notice, version=notice.version)
    actions.publish(by=cast.second_organiser, notice=notice, version=notice.version)
    return Published(campaign, form, report)


@pytest.fixture
def shaanxi(db) -> FormVersion:
    """The stored form of the 2024 notice."""
    formstore.load_forms()
    return FormVersion.objects.get(form_id="shaanxi-2024")


@pytest.fixture
def published(cast, shaanxi) -> Published:
    """The 2024 notice in force for city, county, mill, school and museum."""
    return publish(cast, form_version=shaanxi, unions=[cast.city, cast.county, cast.mill, cast.school, cast.museum])
