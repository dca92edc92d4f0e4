"""The pages of campaigns and notices, walked through by their people."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import actions
from campaigns.models import Acknowledgement, Campaign, Notice, Selection
from tests.campaigns.stage import NOTICE, ends, make_campaign, make_draft, make_published, publish, set_form
from tests.cast import log_in

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TEXT = {
    **NOTICE,
    "annexes": "2024年元旦春节期间各级工会送温暖统计表",
    "signatories": "云岭省教科文卫体工会委员会",
    "issued_on": "2023-12-28",
}
DATES = {
    "title": "送温暖统计表",
    "kind": "form",
    "required": "on",
    "period_from": "2023-12-28",
    "period_to": "2024-02-21",
    "opens_at": "2024-01-04",
    "due_at": "2024-02-23",
    "late_until": "",
    "edit_until": "2024-03-05",
    "visible_until": "",
    "lead_county": "2",
    "lead_grassroots": "4",
}


def text_of(response) -> str:
    """The page without markup, for comparing sentences."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_an_organiser_writes_a_campaign_from_the_empty_list_to_the_proposal(client, cast):
    log_in(client, cast.organiser)
    assert "还没有活动" in text_of(client.get(reverse("campaigns")))
    values = {"title": "2024年元旦春节送温暖", "code": "two-2024", "year": "2024", "kind": "two_festivals"}
    made = client.post(reverse("campaign_new"), {**values, "starts_on": "2023-12-28", "ends_on": "2024-02-21"})
    campaign = Campaign.objects.get()
    assert made.url == reverse("campaign_notice", args=[campaign.pk])
    assert client.get(made.url).status_code == 200
    saved = client.post(made.url, {**TEXT, "version": "", "next": "1"})
    assert saved.url == reverse("campaign_dates", args=[campaign.pk])
    new = client.get(saved.url, follow=True)
    assert new.redirect_chain == [(reverse("campaign_deliverable_new", args=[campaign.pk]), 302)]
    dated = client.post(new.request["PATH_INFO"], DATES)
    assert dated.url == reverse("campaign_deliverable", args=[campaign.pk, "form"])
    assert client.get(dated.url).status_code == 200
    scope = reverse("campaign_scope", args=[campaign.pk])
    assert "0 / 7" in text_of(client.get(scope))
    everybody = [cast.city.pk, cast.county.pk, cast.mill.pk]
    picked = client.post(scope, {"union": everybody, "optional": [cast.mill.pk], "next": "1"})
    preview = reverse("campaign_preview", args=[campaign.pk])
    assert picked.url == preview
    assert sorted(Selection.objects.values_list("union", "required")) == [
        (cast.city.pk, True),
        (cast.county.pk, True),
        (cast.mill.pk, False),
    ]
    assert "没有发现问题，可以提请确认。" in text_of(client.get(preview))
    client.post(reverse("campaign_propose", args=[campaign.pk]), {"version": Notice.objects.get().version})
    assert Notice.objects.get().state == "proposed"
    waiting = client.get(preview)
    assert waiting.context["publish"].reason == (
        "您已经办过这一件的前一步，“确认发布”必须由另一个人办理（不相容岗位分离）。"
    )


def test_bad_input_keeps_what_was_typed_and_says_where(client, cast):
    log_in(client, cast.organiser)
    campaign = make_campaign(cast)
    wrong = {**DATES, "due_at": "2024-01-01", "period_to": "二月", "lead_county": "两天"}
    answer = client.post(reverse("campaign_deliverable_new", args=[campaign.pk]), wrong)
    assert (answer.status_code, answer.context["form"].errors) == (
        422,
        {
            "due_at": ["上报截止早于开放填报，请改正其中一个。"],
            "period_to": ["不是日期，请写成 2024-02-24 这样。"],
            "lead_county": ["请填整数天数，例如 2；不提前填 0。"],
        },
    )
    assert 'value="二月"' in answer.content.decode()


def test_pasted_text_is_tidied_without_being_saved(client, cast):
    log_in(client, cast.organiser)
    campaign = make_campaign(cast)
    body = "各单位要广泛开展送温暖活\n\n动，于 2024 年春节后结束。\n一、要求\n认真落实。"
    answer = client.post(reverse("campaign_notice", args=[campaign.pk]), {**TEXT, "body": body, "tidy": "1"})
    assert (answer.status_code, answer.context["form"]["body"].value(), Notice.objects.count()) == (
        200,
        "各单位要广泛开展送温暖活动，于2024年春节后结束。\n一、要求\n认真落实。",
        0,
    )


def test_the_tree_is_ticked_by_button_without_script(client, cast):
    log_in(client, cast.organiser)
    campaign = make_campaign(cast)
    scope = reverse("campaign_scope", args=[campaign.pk])
    shown = client.post(scope, {"union": [cast.clinic.pk], "pick": cast.city.pk})
    assert [row["union"].code for row in shown.context["rows"] if row["picked"]] == ["C1", "D1", "K1", "G1", "G2", "G3"]
    shown = client.post(scope, {"union": [cast.clinic.pk, cast.city.pk, cast.mill.pk], "clear": cast.county.pk})
    assert [row["union"].code for row in shown.context["rows"] if row["picked"]] == ["C1", "G3"]
    shown = client.post(scope, {"pick": "0"})
    assert (shown.context["picked_count"], Selection.objects.count()) == (7, 0)


def test_the_findings_stand_at_the_field_and_in_the_list(client, cast):
    log_in(client, cast.organiser)
    notice = make_draft(cast, leads={"county": 2, "grassroots": 1}, due_at=ends("2024-02-24"))
    page = client.get(reverse("campaign_deliverable", args=[notice.campaign_id, "form"]))
    assert [(finding.severity, finding.field) for finding in page.context["findings"]] == [
        ("error", "leads.grassroots"),
        ("verify", "leads.direct"),
        ("hint", "due_at"),
    ]
    assert text_of(page).count("基层工会截止晚于上级") == 2
    assert text_of(page).count("截止日不是工作日") == 2


def test_a_stale_save_shows_both_texts_and_can_be_repeated(client, cast):
    log_in(client, cast.organiser)
    notice = make_draft(cast)
    url = reverse("campaign_notice", args=[notice.campaign_id])
    actions.save_notice(by=cast.second_organiser, campaign=notice.campaign, version=1, fields={"title": "别人的标题"})
    answer = client.post(url, {**TEXT, "title": "我的标题", "version": "1"})
    assert (answer.status_code, answer.context["differences"]) == (422, [("标题", "别人的标题", "我的标题")])
    again = client.post(url, {**TEXT, "title": "我的标题", "version": answer.context["form"]["version"].value()})
    assert (again.status_code, Notice.objects.get().title) == (302, "我的标题")


@pytest.mark.parametrize("name", ["campaign_notice", "campaign_dates", "campaign_scope", "campaign_settings"])
def test_the_steps_are_not_there_for_others(client, cast, name):
    notice = make_draft(cast)
    log_in(client, cast.clerk)
    assert client.get(reverse(name, args=[notice.campaign_id])).status_code == 403
    log_in(client, cast.stranger)
    assert client.get(reverse("notice", args=[notice.campaign_id])).status_code == 404
    assert client.get(reverse("campaign_preview", args=[notice.campaign_id])).status_code == 404


def test_an_approver_sees_the_draft_that_waits(client, cast):
    notice = make_draft(cast)
    actions.propose_notice(by=cast.organiser, notice=notice, version=notice.version)
    log_in(client, cast.province_approver)
    page = client.get(reverse("campaign_preview", args=[notice.campaign_id]))
    assert (page.status_code, bool(page.context["publish"]), bool(page.context["edit"])) == (200, True, False)
    client.post(reverse("campaign_withdraw", args=[notice.campaign_id]), {"version": notice.version})
    assert Notice.objects.get().state == "draft"


def test_a_campaign_without_text_leads_its_organiser_to_the_first_step(client, cast):
    campaign = make_campaign(cast)
    log_in(client, cast.organiser)
    answer = client.get(reverse("campaign_detail", args=[campaign.pk]))
    assert answer.url == reverse("campaign_notice", args=[campaign.pk])
    log_in(client, cast.province_clerk)
    assert client.get(reverse("campaign_detail", args=[campaign.pk])).status_code == 404


def test_the_confirmation_button_leads_to_the_publication(client, cast):
    notice = make_draft(cast)
    actions.propose_notice(by=cast.organiser, notice=notice, version=notice.version)
    log_in(client, cast.second_organiser)
    url = client.get(reverse("campaign_preview", args=[notice.campaign_id])).context["publish_url"]
    assert url == reverse("campaign_publish", args=[notice.pk])


def test_a_reader_sees_the_own_dates_and_acknowledges(client, cast):
    notice = make_published(cast)
    log_in(client, cast.clerk)
    listed = client.get(reverse("campaigns"))
    assert "阅读并签收" in text_of(listed)
    page = client.get(reverse("notice", args=[notice.campaign_id]))
    (row,) = page.context["rows"]
    assert (row["own"].due_at, row["issuer"].due_at) == (ends("2024-02-19"), ends("2024-02-23"))
    assert page.context["arrivals"] is None
    client.post(reverse("notice_acknowledge", args=[notice.campaign_id, 1]))
    assert Acknowledgement.objects.get().union == cast.mill
    assert "已签收" in text_of(client.get(reverse("campaigns")))


def test_those_above_see_who_has_acknowledged(client, cast):
    notice = make_published(cast)
    actions.acknowledge(by=cast.clerk, notice=notice, union=cast.mill)
    log_in(client, cast.county_reviewer)
    arrivals = client.get(reverse("notice", args=[notice.campaign_id])).context["arrivals"]
    assert ([row["name"] for row in arrivals["arrived"]], arrivals["missing"]) == (
        ["青岬县第一中学工会"],
        ["青岬县实验小学工会"],
    )


def test_a_stranger_does_not_find_the_notice(client, cast):
    campaign = make_campaign(cast)
    set_form(cast, campaign)
    actions.select_addressees(by=cast.organiser, campaign=campaign, unions=[cast.city])
    publish(cast, actions.save_notice(by=cast.organiser, campaign=campaign, version=None, fields=NOTICE))
    log_in(client, cast.stranger)
    answers = [
        client.get(reverse("notice", args=[campaign.pk])),
        client.get(reverse("notice_version", args=[campaign.pk, 1])),
        client.get(reverse("notice_document", args=[campaign.pk, 1])),
        client.post(reverse("notice_acknowledge", args=[campaign.pk, 1])),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
    assert "还没有收到活动通知" in text_of(client.get(reverse("campaigns")))


def test_a_new_version_is_read_and_acknowledged_anew(client, cast):
    first = make_published(cast)
    actions.acknowledge(by=cast.clerk, notice=first, union=cast.mill)
    log_in(client, cast.organiser)
    opened = client.post(reverse("campaign_reissue", args=[first.campaign_id]))
    assert opened.url == reverse("campaign_notice", args=[first.campaign_id])
    page = client.get(opened.url)
    values = {**TEXT, "change_note": "改截止日期", "version": page.context["form"]["version"].value()}
    client.post(opened.url, values)
    publish(cast, Notice.objects.get(number=2))
    log_in(client, cast.clerk)
    now = client.get(reverse("notice", args=[first.campaign_id]))
    assert (now.context["notice"].number, now.context["acknowledgement"], len(now.context["versions"])) == (2, None, 2)
    old = client.get(reverse("notice_version", args=[first.campaign_id, 1]))
    assert "通知已经更新，请以现行版为准。" in text_of(old)


def test_files_of_the_notice_are_kept_by_version(client, cast, settings, tmp_path):
    settings.RELIEF_FILES_DIR = tmp_path
    notice = make_draft(cast)
    log_in(client, cast.organiser)
    upload = SimpleUploadedFile("方案.pdf", PDF)
    client.post(reverse("notice_attachment_add", args=[notice.campaign_id]), {"file": upload})
    publish(cast, notice)
    second = actions.start_reissue(by=cast.organiser, campaign=Campaign.objects.get())
    draft_page = client.get(reverse("campaign_notice", args=[notice.campaign_id]))
    (copy,) = draft_page.context["files"]
    client.post(reverse("notice_attachment_remove", args=[notice.campaign_id, copy.pk]))
    log_in(client, cast.clerk)
    (file,) = client.get(reverse("notice", args=[notice.campaign_id])).context["files"]
    answer = client.get(reverse("notice_attachment", args=[notice.campaign_id, 1, file.pk]))
    assert (answer.content, answer["X-Content-Type-Options"]) == (PDF, "nosniff")
    assert (
        client.get(reverse("notice_attachment", args=[notice.campaign_id, second.number, file.pk])).status_code == 404
    )


def test_the_list_costs_the_same_for_one_and_for_three(client, cast):
    log_in(client, cast.clerk)
    make_published(cast, "one")
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("campaigns"))
    make_published(cast, "two")
    make_published(cast, "three")
    with CaptureQueriesContext(connection) as three:
        assert len(client.get(reverse("campaigns")).context["rows"]) == 3
    assert len(three) == len(one)
