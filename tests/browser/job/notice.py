"""From an empty list of campaigns to a published notice, its PDF, and the first acknowledgement."""

from __future__ import annotations

import datetime
from pathlib import Path

from django.conf import settings

from campaigns.models import Campaign, Notice
from relief.lib import clock
from reporting.models import FormVersion

TITLE = "云岭省教科文卫体工会委员会关于开展2024年送温暖活动的通知"
FORM_TITLE = "2024年元旦春节期间各级工会送温暖统计表"
REPORT_TITLE = "送温暖活动报告（含两节送温暖）"
PERIOD = ("2023-12-28", "2024-02-24")


def body() -> str:
    """The words of the 2024 notice, with a made-up issuer."""
    return (Path(settings.BASE_DIR) / "fixtures/demo/notice.txt").read_text(encoding="utf-8").strip()


def in_days(days: int) -> str:
    return (clock.today() + datetime.timedelta(days=days)).isoformat()


def write_notice(desk) -> Campaign:
    """The organiser opens the campaign and writes the text."""
    organiser = desk("organiser").go("campaigns").reads("还没有活动").shot("organiser-empty")
    organiser.follow("新建活动").type(
        title="2024年元旦春节送温暖",
        code="sx-2024",
        year="2024",
        kind="two_festivals",
        starts_on=PERIOD[0],
        ends_on=PERIOD[1],
    )
    organiser.shot("campaign-new").press("建立活动")
    organiser.type(
        title=TITLE,
        salutation="各市教育（科文卫体）工会，各直属基层工会：",
        body=body(),
        annexes=FORM_TITLE,
        signatories="云岭省教科文卫体工会委员会",
        issued_on="2023-12-28",
        contact="联系人：傅清晏　电话：0900-6611000",
    )
    organiser.shot("notice-text", whole=True).press("保存并到下一步：期限").reads("通知正文已保存")
    return Campaign.objects.get(code="sx-2024")


def set_dates(desk) -> None:
    """Form and report, each with its instants and what every level hands in earlier."""
    organiser = desk("organiser")
    for title, kind in ((FORM_TITLE, "form"), (REPORT_TITLE, "report")):
        organiser.type(
            title=title,
            kind=kind,
            period_from=PERIOD[0],
            period_to=PERIOD[1],
            opens_at=in_days(-1),
            due_at=in_days(10),
            late_until=in_days(20),
            edit_until=in_days(30),
            lead_grassroots="5",
            lead_county="3",
            lead_direct="3",
        )
        organiser.press("保存并检查日期").reads(f"“{title}”已保存").shot(f"dates-{kind}", whole=True)
        if kind == "form":
            organiser.follow("添加应报材料")


def choose_form(desk) -> None:
    organiser = desk("organiser").follow("下一步：统计表")
    form = FormVersion.objects.get(form_id="shaanxi-2024")
    organiser.page.locator("select[name^=form-]").select_option(str(form.pk))
    organiser.shot("choose-form").press("保存表样")


def pick_addressees(desk, campaign: Campaign, unions) -> None:
    organiser = desk("organiser").go("campaign_scope", campaign.pk)
    for union in unions:
        organiser.page.locator(f'input[name=union][value="{union.pk}"]').check()
    organiser.shot("scope").press("保存并到下一步：预览").reads(f"共 {len(unions)} 家")
    organiser.shot("preview", whole=True).press("提请确认").reads("已提请确认")


def publish(desk, campaign: Campaign, count: int) -> None:
    """The second person confirms; the first one's own button says why not."""
    desk("organiser").go("campaign_preview", campaign.pk).reads("必须由另一个人办理")
    second = desk("second_organiser").go("campaigns").follow("2024年元旦春节送温暖").go("campaign_preview", campaign.pk)
    second.shot("second-person").press(f"确认发布给 {count} 家单位")
    second.go("notice", campaign.pk).reads("第 1 版", "未签收").shot("published", whole=True)
    assert Notice.objects.get(campaign=campaign).state == "published"


def acknowledge(desk, campaign: Campaign) -> bytes:
    """The clerk sees on the first page what waits, reads and signs; the notice downloads as an official PDF."""
    clerk = desk("clerk").open("/").shot("clerk-first-page", whole=True)
    clerk.follow("阅读并签收").shot("clerk-notice", whole=True).press("签收第 1 版").reads("已签收", "何晓芸").shot(
        "acknowledged"
    )
    paper = clerk.download('a[href$="document.pdf"]')
    assert paper.startswith(b"%PDF")
    return paper
