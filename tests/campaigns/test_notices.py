"""From the draft to 签收: two persons, frozen addressees, versions, and who sees what."""

import pytest

from campaigns import actions
from campaigns.deadlines import last_day
from campaigns.models import Addressee, Campaign, Notice, Selection
from campaigns.verifiers import addressee_lines, published_notices
from relief.lib import clock
from tests.campaigns.stage import (
    NOTICE,
    day,
    ends,
    everybody,
    make_campaign,
    make_draft,
    make_published,
    publish,
    set_form,
)
from unions.models import AuditEvent
from unions.policy import Refused, Stale


def refusal(call) -> str:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.reason


def acts() -> list[str]:
    names = ("campaign.", "notice.", "funds.", "allocation.", "activity.")
    return [act for act in AuditEvent.objects.order_by("pk").values_list("act", flat=True) if act.startswith(names)]


# ---------------------------------------------------------------- drafting


def test_a_campaign_is_created_by_the_organiser_of_its_issuer(cast):
    campaign = make_campaign(cast)
    assert (campaign.issuer, campaign.created_by, len(campaign.count_secret)) == (cast.province, cast.organiser, 64)
    assert acts() == ["campaign.create"]


def test_others_cannot_create_one(cast):
    said = refusal(
        lambda: actions.create_campaign(
            by=cast.clerk,
            issuer=cast.mill,
            code="mine",
            title="我的活动",
            year=2024,
            kind="special",
            starts_on=day("2024-01-01"),
            ends_on=day("2024-02-01"),
        )
    )
    assert said == "“新建活动”由青岬县第一中学工会的活动管理办理，您在该工会没有这个岗位。"
    assert Campaign.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"code": "两节"}, "活动代码“两节”不合要求。"),
        ({"code": "two-2024"}, "活动代码“two-2024”已经用过。"),
        ({"title": " "}, "活动名称没有填。"),
        ({"year": 20024}, "年度 20024 不在 2000 到 2100 之间。"),
        ({"kind": "party"}, "活动类型不在列表里。"),
        ({"ends_on": day("2023-01-01")}, "统计期间止早于统计期间起。"),
    ],
)
def test_bad_values_of_a_campaign_are_named(cast, changed, expected):
    make_campaign(cast)
    values = {
        "code": "other",
        "title": "活动",
        "year": 2024,
        "kind": "special",
        "starts_on": day("2024-01-01"),
        "ends_on": day("2024-02-01"),
    }
    said = refusal(lambda: actions.create_campaign(by=cast.organiser, issuer=cast.province, **{**values, **changed}))
    assert said == expected


def test_a_stale_change_of_the_campaign_shows_both_values(cast):
    campaign = make_campaign(cast)
    actions.change_campaign(by=cast.organiser, campaign=campaign, version=1, title="甲")
    with pytest.raises(Stale) as caught:
        actions.change_campaign(by=cast.second_organiser, campaign=campaign, version=1, title="乙")
    assert caught.value.differences == [("活动名称", "甲", "乙")]


def test_the_draft_is_saved_again_and_again(cast):
    campaign = make_campaign(cast)
    first = actions.save_notice(by=cast.organiser, campaign=campaign, version=None, fields={"title": "一"})
    second = actions.save_notice(by=cast.organiser, campaign=campaign, version=first.version, fields=NOTICE)
    assert (first.pk, second.number, second.version, second.title) == (second.pk, 1, 2, NOTICE["title"])


def test_a_stale_save_of_the_draft_shows_both_texts(cast):
    campaign = make_campaign(cast)
    actions.save_notice(by=cast.organiser, campaign=campaign, version=None, fields={"title": "一"})
    for seen in (None, 7):
        with pytest.raises(Stale) as caught:
            actions.save_notice(by=cast.organiser, campaign=campaign, version=seen, fields={"title": "二"})
        assert caught.value.differences == [("标题", "一", "二")]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"title": ""}, "材料名称没有填。"),
        ({"kind": "poem"}, "材料形式不在列表里。"),
        ({"period_to": day("2023-01-01")}, "统计期间止早于统计期间起。"),
        ({"second_from": day("2023-01-01")}, "第二期间只填了一头。"),
        ({"second_from": day("2023-01-02"), "second_to": day("2023-01-01")}, "第二期间止早于第二期间起。"),
        ({"due_at": ends("2024-01-03")}, "上报截止不晚于开放填报。"),
        ({"late_until": ends("2024-02-01")}, "迟报截止早于上报截止。"),
        ({"leads": {"county": -1}}, "提前天数不对。"),
        ({"leads": {"village": 1}}, "提前天数不对。"),
    ],
)
def test_bad_values_of_a_deliverable_are_named(cast, changed, expected):
    campaign = make_campaign(cast)
    assert refusal(lambda: set_form(cast, campaign, **changed)) == expected


def test_a_deliverable_is_changed_by_whoever_saw_its_last_version(cast):
    campaign = make_campaign(cast)
    form = set_form(cast, campaign)
    again = set_form(cast, campaign, title="统计表", leads={"county": 3}, version=form.version)
    assert (again.pk, again.title, list(again.leads.values_list("union_kind", "days"))) == (
        form.pk,
        "统计表",
        [("county", 3)],
    )
    with pytest.raises(Stale) as caught:
        set_form(cast, campaign, title="表", version=1)
    assert caught.value.differences == [("材料名称", "统计表", "表")]


def test_only_unions_below_the_issuer_can_be_picked(cast):
    campaign = make_campaign(cast)
    said = refusal(
        lambda: actions.select_addressees(by=cast.organiser, campaign=campaign, unions=[cast.city, cast.province])
    )
    assert said == "云岭省教科文卫体工会委员会不在云岭省教科文卫体工会委员会之下，不能列入报送范围。"
    said = refusal(
        lambda: actions.select_addressees(
            by=cast.organiser, campaign=campaign, unions=[cast.city], optional=[cast.county]
        )
    )
    assert said == "有工会标了自愿报送却没有勾选。"
    assert Selection.objects.count() == 0


# ---------------------------------------------------------------- two persons


def test_a_notice_with_errors_is_not_proposed(cast):
    campaign = make_campaign(cast)
    notice = actions.save_notice(by=cast.organiser, campaign=campaign, version=None, fields=NOTICE)
    assert refusal(lambda: actions.propose_notice(by=cast.organiser, notice=notice, version=1)) == (
        "还有 2 处错误，不能发布。没有应报材料：请在第 2 步至少添加一件应报材料。；没有报送单位：请在第 4 步勾选要报送的工会。"
    )


def test_the_proposer_cannot_confirm(cast):
    notice = make_draft(cast)
    actions.propose_notice(by=cast.organiser, notice=notice, version=notice.version)
    said = refusal(lambda: actions.publish_notice(by=cast.organiser, notice=notice, version=notice.version))
    assert said == "您已经办过这一件的前一步，“确认发布”必须由另一个人办理（不相容岗位分离）。"
    assert Addressee.objects.count() == 0


def test_an_approver_may_confirm(cast):
    notice = make_draft(cast)
    actions.propose_notice(by=cast.organiser, notice=notice, version=notice.version)
    actions.publish_notice(by=cast.province_approver, notice=notice, version=notice.version)
    assert (notice.state, notice.published_by) == ("published", cast.province_approver)


def test_one_person_may_do_both_in_a_small_installation(cast, settings):
    settings.RELIEF_SMALL_INSTALLATION = True
    notice = make_draft(cast)
    actions.propose_notice(by=cast.organiser, notice=notice, version=notice.version)
    actions.publish_notice(by=cast.organiser, notice=notice, version=notice.version)
    assert notice.state == "published"


def test_a_draft_is_not_published_without_a_proposal(cast):
    notice = make_draft(cast)
    said = refusal(lambda: actions.publish_notice(by=cast.second_organiser, notice=notice, version=notice.version))
    assert said == "当前状态是“草稿”，不能“确认发布”。"


def test_nothing_changes_while_it_waits_until_it_is_withdrawn(cast):
    notice = make_draft(cast)
    campaign = notice.campaign
    actions.propose_notice(by=cast.organiser, notice=notice, version=notice.version)
    waiting = "通知正在等待第二人确认，现在不能改。"
    for change in (
        lambda: set_form(cast, campaign, version=1),
        lambda: actions.remove_deliverable(by=cast.organiser, campaign=campaign, key="form"),
        lambda: actions.select_addressees(by=cast.organiser, campaign=campaign, unions=[]),
        lambda: actions.save_notice(by=cast.organiser, campaign=campaign, version=notice.version, fields=NOTICE),
    ):
        assert refusal(change) == waiting
    actions.withdraw_notice(by=cast.second_organiser, notice=notice, version=notice.version)
    assert (notice.state, notice.proposed_by) == ("draft", None)
    actions.remove_deliverable(by=cast.organiser, campaign=campaign, key="form")
    assert campaign.deliverables.count() == 0


def test_confirming_what_one_has_not_seen_is_stale(cast):
    notice = make_draft(cast)
    actions.propose_notice(by=cast.organiser, notice=notice, version=notice.version)
    with pytest.raises(Stale):
        actions.publish_notice(by=cast.second_organiser, notice=notice, version=notice.version - 1)


# ---------------------------------------------------------------- freezing


def test_publishing_freezes_line_and_dates_of_everybody(cast):
    notice = make_published(cast)
    frozen = {
        row.union.code: (row.reports_to and row.reports_to.code, row.depth, last_day(row.due_at).isoformat())
        for row in Addressee.objects.select_related("union", "reports_to")
    }
    assert frozen == {
        "P": (None, 0, "2024-02-23"),
        "C1": ("P", 1, "2024-02-23"),
        "C2": ("P", 1, "2024-02-23"),
        "K1": ("C1", 2, "2024-02-21"),
        "G1": ("K1", 3, "2024-02-19"),
        "G2": ("K1", 3, "2024-02-19"),
        "D1": ("C1", 2, "2024-02-23"),
        "G3": ("C2", 2, "2024-02-23"),
    }
    mill = Addressee.objects.get(union=cast.mill)
    line = [cast.province.pk, cast.city.pk, cast.county.pk, cast.mill.pk]
    assert (mill.line_path, mill.union_name) == (f"/{'/'.join(map(str, line))}/", cast.mill.name)
    assert (mill.due_at, mill.late_until, mill.opens_at) == (
        ends("2024-02-19"),
        ends("2024-02-24"),
        clock.start_of_day(day("2024-01-04")),
    )
    campaign = Campaign.objects.get(pk=notice.campaign_id)
    assert campaign.published_at == notice.published_at
    assert acts()[-2:] == ["notice.propose", "notice.publish"]


def test_the_due_instant_is_the_end_of_the_day_in_china(cast):
    make_published(cast)
    due = Addressee.objects.get(union=cast.province).due_at
    assert due.isoformat() == "2024-02-23T16:00:00+00:00"


def test_optional_unions_and_optional_deliverables_are_not_required(cast):
    campaign = make_campaign(cast)
    set_form(cast, campaign)
    set_form(cast, campaign, key="report", kind="report", title="总结", required=False)
    actions.select_addressees(
        by=cast.organiser, campaign=campaign, unions=[cast.city, cast.other_city], optional=[cast.other_city]
    )
    publish(cast, actions.save_notice(by=cast.organiser, campaign=campaign, version=None, fields=NOTICE))
    required = Addressee.objects.filter(required=True).values_list("deliverable__key", "union__code")
    assert sorted(required) == [("form", "C1"), ("form", "P")]


def test_a_closed_union_stops_the_publication(cast):
    notice = make_draft(cast)
    type(cast.mill).objects.filter(pk=cast.mill.pk).update(closed_on=day("2023-12-31"))
    assert refusal(lambda: actions.propose_notice(by=cast.organiser, notice=notice, version=notice.version)) == (
        "还有 1 处错误，不能发布。勾选了已撤销的工会：青岬县第一中学工会已撤销，请在第 4 步取消勾选。"
    )


# ---------------------------------------------------------------- re-issue


def test_a_published_notice_is_changed_by_a_new_version_only(cast):
    notice = make_published(cast)
    campaign = Campaign.objects.get(pk=notice.campaign_id)
    said = "通知已经发布，不能直接改。"
    assert refusal(lambda: set_form(cast, campaign, version=1)) == said
    assert refusal(lambda: actions.change_campaign(by=cast.organiser, campaign=campaign, version=1, title="改")) == said


def test_the_new_version_moves_the_dates_and_keeps_the_old_text(cast):
    first = make_published(cast)
    campaign = Campaign.objects.get(pk=first.campaign_id)
    actions.acknowledge(by=cast.clerk, notice=first, union=cast.mill)
    second = actions.start_reissue(by=cast.organiser, campaign=campaign)
    assert (second.number, second.body, second.change_note) == (2, first.body, "")
    assert refusal(lambda: actions.propose_notice(by=cast.organiser, notice=second, version=second.version)) == (
        "还有 1 处错误，不能发布。没有写本版变化：这是更新版，请写明改了什么，各单位据此重新签收。"
    )
    second = actions.save_notice(
        by=cast.organiser, campaign=campaign, version=second.version, fields={"change_note": "截止顺延三天"}
    )
    set_form(cast, campaign, due_at=ends("2024-02-26"), version=1)
    assert Addressee.objects.get(union=cast.mill).due_at == ends("2024-02-19")
    publish(cast, second)
    assert list(campaign.notices.order_by("number").values_list("number", "state")) == [
        (1, "superseded"),
        (2, "published"),
    ]
    assert Addressee.objects.get(union=cast.mill).due_at == ends("2024-02-22")
    assert Addressee.objects.count() == 8
    assert second.acknowledgements.count() == 0
    first.refresh_from_db()
    assert refusal(lambda: actions.acknowledge(by=cast.clerk, notice=first, union=cast.mill)) == (
        "这一版通知是“已更新”，不能签收。"
    )
    actions.acknowledge(by=cast.clerk, notice=second, union=cast.mill)
    assert [*published_notices(), *addressee_lines()] == []


def test_what_was_counted_by_stays_fixed(cast):
    notice = make_published(cast)
    campaign = Campaign.objects.get(pk=notice.campaign_id)
    actions.start_reissue(by=cast.organiser, campaign=campaign)
    assert refusal(lambda: set_form(cast, campaign, period_to=day("2024-03-01"), version=1)) == (
        "“送温暖统计表”已经发布，统计期间止不能再改。"
    )
    assert refusal(lambda: actions.remove_deliverable(by=cast.organiser, campaign=campaign, key="form")) == (
        "“送温暖统计表”已经发布，不能删除。"
    )
    others = [union for union in everybody(cast) if union != cast.mill]
    assert refusal(lambda: actions.select_addressees(by=cast.organiser, campaign=campaign, unions=others)) == (
        "青岬县第一中学工会等 1 家已经列入发布的报送范围，不能取消。"
    )


# ---------------------------------------------------------------- 签收, sight, integrity


def test_only_the_own_union_acknowledges_and_once(cast):
    notice = make_published(cast)
    first = actions.acknowledge(by=cast.clerk, notice=notice, union=cast.mill)
    again = actions.acknowledge(by=cast.second_clerk, notice=notice, union=cast.mill)
    assert (again.pk, again.person, acts().count("notice.acknowledge")) == (first.pk, cast.clerk, 1)
    assert refusal(lambda: actions.acknowledge(by=cast.clerk, notice=notice, union=cast.school)) == (
        "“签收通知”由青岬县实验小学工会的填报办理，您在该工会没有这个岗位。"
    )


def test_a_union_that_was_not_asked_has_nothing_to_acknowledge(cast):
    campaign = make_campaign(cast)
    set_form(cast, campaign)
    actions.select_addressees(by=cast.organiser, campaign=campaign, unions=[cast.city])
    notice = publish(cast, actions.save_notice(by=cast.organiser, campaign=campaign, version=None, fields=NOTICE))
    assert refusal(lambda: actions.acknowledge(by=cast.clerk, notice=notice, union=cast.mill)) == (
        "青岬县第一中学工会不在这份通知的报送范围内，不用签收。"
    )
    assert Notice.objects.visible_to(cast.clerk).count() == 0
    assert Notice.objects.visible_to(cast.city_clerk).count() == 1


def test_a_draft_is_seen_at_the_issuer_only(cast):
    make_draft(cast)
    people = (
        cast.organiser,
        cast.province_approver,
        cast.province_clerk,
        cast.city_clerk,
        cast.clerk,
        cast.system_admin,
    )
    assert [Notice.objects.visible_to(person).count() for person in people] == [1, 1, 0, 0, 0, 0]


def test_a_changed_text_is_found(cast):
    notice = make_published(cast)
    assert list(published_notices()) == []
    Notice.objects.filter(pk=notice.pk).update(body="别的正文")
    assert [(finding.row, finding.message) for finding in published_notices()] == [
        (str(notice.pk), "已发布的通知被改动")
    ]


def test_a_changed_line_is_found(cast):
    make_published(cast)
    assert list(addressee_lines()) == []
    Addressee.objects.filter(union=cast.mill).update(reports_to=cast.school)
    assert [finding.message for finding in addressee_lines()] == ["报送线与上级的报送线接不上"]
