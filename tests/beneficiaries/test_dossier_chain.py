"""The chain of a dossier: who does which step, what is refused, and in which words."""

import datetime
from decimal import Decimal

import pytest

from beneficiaries import actions
from beneficiaries.actions import chain
from beneficiaries.dossiers import intake, periods
from beneficiaries.enums import DossierState, HardshipClass
from beneficiaries.models import Dossier, DossierPeriod, FieldChange, Opinion, SubsistenceStandard
from relief.lib import clock
from tests.beneficiaries import households as made
from unions import actions as union_actions
from unions.enums import Role
from unions.models import AuditEvent
from unions.policy import Refused, Stale


@pytest.fixture(autouse=True)
def standard(county):
    return SubsistenceStandard.objects.create(union=county, year=clock.today().year, monthly=Decimal("780"))


@pytest.fixture
def dossier(cast, clerk, mill):
    return made.draft(clerk, mill)


def test_a_file_becomes_active_through_five_persons(cast, dossier):
    active = made.walk(cast, dossier, opened_on=clock.today() - datetime.timedelta(days=3))
    assert active.state == DossierState.ACTIVE
    assert active.hardship_class == HardshipClass.DEEP
    assert active.number == "G1-0001"
    assert active.opened_on == clock.today() - datetime.timedelta(days=3)
    assert active.review_due_on == active.opened_on.replace(year=active.opened_on.year + 1)
    assert [(o.step, o.person.name) for o in Opinion.objects.filter(dossier=active)] == [
        ("apply", "何晓芸"),
        ("visit", "郑立新"),
        ("post", "何晓芸"),
        ("review", "姜若水"),
        ("approve", "沈国平"),
    ]
    assert list(
        AuditEvent.objects.filter(object_type="beneficiaries.Dossier", object_id=str(active.pk)).values_list(
            "act", flat=True
        )
    ) == [
        "dossier.open",
        "dossier.assess",
        "dossier.apply",
        "dossier.visit",
        "dossier.post",
        "dossier.review",
        "dossier.approve",
    ]


def refusal_of(act, **given) -> str:
    """The sentence with which the act is refused."""
    with pytest.raises(Refused) as refusal:
        act(**given)
    return refusal.value.reason


def test_a_step_out_of_order_is_refused_with_the_state(cast, dossier):
    made.assess(cast.clerk, dossier)
    assert refusal_of(actions.visit_dossier, by=cast.clerk, dossier=dossier, version=dossier.version) == (
        "当前状态是“草稿”，不能“登记入户调查”。"
    )


def test_an_application_needs_an_assessment(cast, dossier):
    assert refusal_of(actions.apply_dossier, by=cast.clerk, dossier=dossier, version=dossier.version) == (
        "还缺困难评估，不能提交申请。"
    )


def test_an_application_without_a_number_is_refused(cast, clerk, mill):
    dossier = made.draft(clerk, mill, id_number="", sex="male")
    made.assess(clerk, dossier)
    assert refusal_of(actions.apply_dossier, by=clerk, dossier=dossier, version=dossier.version) == (
        "还缺户主身份证号，不能提交申请。"
    )


def test_an_ineligible_household_cannot_apply(cast, clerk, dossier):
    made.assess(clerk, dossier, income="900000")
    assert refusal_of(actions.apply_dossier, by=clerk, dossier=dossier, version=dossier.version) == (
        "测算结果是“不符合”，不能提交申请。"
    )


def test_a_reviewer_of_another_union_does_not_review(cast, dossier):
    posted = made.walk(cast, dossier, until="posted")
    assert refusal_of(actions.review_dossier, by=cast.county_reviewer, dossier=posted, version=posted.version) == (
        "“审核”由青岬县第一中学工会的审核办理，您在该工会没有这个岗位。"
    )


@pytest.mark.parametrize("name", ["clerk", "second_clerk"])
def test_who_entered_or_visited_does_not_review_even_with_the_post(cast, dossier, name):
    posted = made.walk(cast, dossier, until="posted")
    person = getattr(cast, name)
    union_actions.grant_post(by=None, person=person, union=cast.mill, role=Role.REVIEW)
    again = type(person).objects.get(pk=person.pk)
    assert refusal_of(actions.review_dossier, by=again, dossier=posted, version=posted.version) == (
        "您已经办过这一件的前一步，“审核”必须由另一个人办理（不相容岗位分离）。"
    )


def test_who_reviewed_does_not_approve_under_a_second_account(cast, dossier):
    reviewed = made.walk(cast, dossier, until="reviewed")
    union_actions.grant_post(by=None, person=cast.reviewer, union=cast.mill, role=Role.APPROVE)
    union_actions.create_account(
        by=None, person=cast.reviewer, username="second-account", password="x", must_change=False, check=False
    )
    again = type(cast.reviewer).objects.get(pk=cast.reviewer.pk)
    assert refusal_of(actions.approve_dossier, by=again, dossier=reviewed, version=reviewed.version) == (
        "您已经办过这一件的前一步，“审批建档”必须由另一个人办理（不相容岗位分离）。"
    )


def test_who_changed_a_field_does_not_review(cast, dossier):
    union_actions.grant_post(by=None, person=cast.reviewer, union=cast.mill, role=Role.ENTER)
    hand = type(cast.reviewer).objects.get(pk=cast.reviewer.pk)
    actions.save_dossier(
        by=hand, dossier=dossier, version=dossier.version, fields={"employer": "青岬县第二中学"}, members=kept(dossier)
    )
    posted_by_others = Dossier.objects.get(pk=dossier.pk)
    applied = made.walk(cast, posted_by_others, until="posted")
    assert applied.review_union == cast.county
    assert refusal_of(actions.review_dossier, by=hand, dossier=applied, version=applied.version) == (
        "“审核”由青岬县教育工会的审核办理，您在该工会没有这个岗位。"
    )


def kept(dossier) -> list[dict]:
    """The members as they are."""
    return [{"id": member.pk} for member in dossier.members.all()]


def test_a_missing_role_moves_the_step_up(cast, museum_clerk, museum, city):
    dossier = made.draft(museum_clerk, museum)
    SubsistenceStandard.objects.create(union=city, year=clock.today().year, monthly=Decimal("780"))
    made.assess(museum_clerk, dossier)
    applied = actions.apply_dossier(by=museum_clerk, dossier=dossier, version=dossier.version)
    assert (applied.review_union, applied.approve_union) == (city, city)


def test_a_return_needs_a_reason_and_leads_back_to_the_draft(cast, dossier):
    posted = made.walk(cast, dossier, until="posted")
    assert refusal_of(actions.return_dossier, by=cast.reviewer, dossier=posted, version=posted.version, reason=" ") == (
        "退回要写明原因。"
    )
    back = actions.return_dossier(by=cast.reviewer, dossier=posted, version=posted.version, reason="缺收入证明")
    assert (back.state, back.review_union, back.visited_by) == (DossierState.DRAFT, None, None)
    assert Opinion.objects.filter(dossier=back, step="return").get().text == "缺收入证明"


def test_the_approver_returns_after_the_review(cast, dossier):
    reviewed = made.walk(cast, dossier, until="reviewed")
    assert (
        refusal_of(actions.return_dossier, by=cast.reviewer, dossier=reviewed, version=reviewed.version, reason="再看")
        == "“退回（审批）”由青岬县第一中学工会的审批办理，您在该工会没有这个岗位。"
    )
    back = actions.return_dossier(by=cast.approver, dossier=reviewed, version=reviewed.version, reason="标准不对")
    assert back.state == DossierState.DRAFT


def test_a_version_not_seen_is_not_approved(cast, dossier):
    reviewed = made.walk(cast, dossier, until="reviewed")
    with pytest.raises(Stale):
        actions.approve_dossier(by=cast.approver, dossier=reviewed, version=reviewed.version - 1)
    assert Dossier.objects.get(pk=dossier.pk).state == DossierState.REVIEWED


def test_a_file_loaded_before_somebody_else_moved_it_is_stale(cast, dossier):
    applied = made.walk(cast, dossier, until="applied")
    earlier = Dossier.objects.get(pk=applied.pk)
    actions.visit_dossier(by=cast.second_clerk, dossier=applied, version=applied.version)
    with pytest.raises(Stale) as stale:
        actions.visit_dossier(by=cast.clerk, dossier=earlier, version=earlier.version)
    assert stale.value.differences == [("状态", "已入户", "已申请")]


@pytest.mark.parametrize(
    ("act", "state", "given"),
    [
        ("visit_dossier", "applied", {"on": datetime.timedelta(days=1)}),
        ("post_dossier", "visited", {"on": datetime.timedelta(days=1)}),
    ],
)
def test_days_to_come_are_refused(cast, dossier, act, state, given):
    before = made.walk(cast, dossier, until=state)
    day = clock.today() + given["on"]
    assert (
        refusal_of(getattr(actions, act), by=cast.clerk, dossier=before, version=before.version, on=day)
        == "日期在今天之后。"
    )


def test_the_paper_day_is_not_in_the_future(cast, dossier):
    reviewed = made.walk(cast, dossier, until="reviewed")
    tomorrow = clock.today() + datetime.timedelta(days=1)
    assert (
        refusal_of(
            actions.approve_dossier, by=cast.approver, dossier=reviewed, version=reviewed.version, opened_on=tomorrow
        )
        == "建档日期在今天之后。"
    )


def test_a_short_public_list_is_a_warning():
    monday = datetime.date(2024, 1, 8)
    assert chain.posting_warnings(monday, monday + datetime.timedelta(days=3), datetime.date(2024, 2, 1)) == [
        "公示只有 4 个工作日，不足 5 个工作日。"
    ]
    assert chain.posting_warnings(monday, monday + datetime.timedelta(days=4), datetime.date(2024, 1, 13)) == []


def test_every_event_carries_digests_and_no_content(cast, dossier):
    made.walk(cast, dossier)
    for event in AuditEvent.objects.filter(object_type="beneficiaries.Dossier"):
        said = str(event.detail) + str(event.fields)
        assert not any(marker in said for marker in (made.HOLDER_ID, made.PHONE, "唐志远", made.HEALTH))


def test_the_change_history_is_masked(cast, dossier):
    actions.save_dossier(
        by=cast.clerk,
        dossier=dossier,
        version=dossier.version,
        fields={"phone": "13911112222", "card_number": "6222020000000000000", "address": "别处", "name": "唐致远"},
        members=kept(dossier),
        reason="换号",
    )
    said = {change.field: (change.old, change.new) for change in FieldChange.objects.filter(dossier=dossier)}
    assert said == {
        "手机号码": ("139****0826", "139****2222"),
        "银行卡号": ("尾号 0000", "尾号 0000（有改动）"),
        "家庭住址": ("已登记", "已登记（有改动）"),
        "姓名": ("唐*远", "唐*远"),
    }


def test_another_account_on_an_active_file_restarts_the_chain(cast, dossier):
    active = made.walk(cast, dossier)
    with pytest.raises(intake.Faults) as faults:
        actions.save_dossier(
            by=cast.clerk,
            dossier=active,
            version=active.version,
            fields={"card_number": "6222020000000000000"},
            members=kept(active),
        )
    assert faults.value.errors == {"reason": "档案已经在档，修改要写明原因。"}
    moved = actions.save_dossier(
        by=cast.clerk,
        dossier=active,
        version=active.version,
        fields={"card_number": "6222020000000000000"},
        members=kept(active),
        reason="换卡",
    )
    assert (moved.state, moved.reviewed_by, moved.approved_by) == (DossierState.APPLIED, None, None)
    again = made.walk_on(cast, moved)
    assert (again.state, again.opened_on) == (DossierState.ACTIVE, active.opened_on)


def test_plain_fields_of_an_active_file_change_without_the_chain(cast, dossier):
    active = made.walk(cast, dossier)
    saved = actions.save_dossier(
        by=cast.clerk,
        dossier=active,
        version=active.version,
        fields={"employer": "青岬县第二中学"},
        members=kept(active),
        reason="调动",
    )
    assert (saved.state, saved.employer) == (DossierState.ACTIVE, "青岬县第二中学")


def test_files_under_review_are_not_edited(cast, dossier):
    applied = made.walk(cast, dossier, until="applied")
    assert (
        refusal_of(actions.save_dossier, by=cast.clerk, dossier=applied, version=applied.version, fields={}, members=[])
        == "当前状态是“已申请”，不能“修改档案”。"
    )


def test_the_history_answers_for_the_thirty_first_of_december(cast, clerk, mill, school, school_clerk):
    SubsistenceStandard.objects.create(union=cast.county, year=2023, monthly=Decimal("780"))
    with clock.as_of(datetime.datetime(2023, 6, 20, 2, tzinfo=datetime.UTC)):
        active = made.walk(cast, made.draft(clerk, mill), opened_on=datetime.date(2023, 6, 12))
    with clock.as_of(datetime.datetime(2024, 1, 20, 2, tzinfo=datetime.UTC)):
        moved = actions.transfer_dossier(
            by=clerk, dossier=active, version=active.version, to=school, text="调入实验小学"
        )
    with clock.as_of(datetime.datetime(2024, 5, 2, 2, tzinfo=datetime.UTC)):
        actions.close_dossier(
            by=school_clerk,
            dossier=moved,
            version=moved.version,
            reason="out_of_hardship",
            text="子女就业",
            on=datetime.date(2024, 5, 1),
        )
    days = [(2023, 6, 11), (2023, 6, 12), (2023, 12, 31), (2024, 1, 20), (2024, 4, 30), (2024, 5, 1)]
    rows = [periods.on_day(datetime.date(*day)).filter(dossier=active) for day in days]
    assert [[(row.state, row.union.code) for row in found] for found in rows] == [
        [],
        [("active", "G1")],
        [("active", "G1")],
        [("active", "G2")],
        [("active", "G2")],
        [("out_of_hardship", "G2")],
    ]
    assert DossierPeriod.objects.filter(dossier=active, valid_to__isnull=True).count() == 1


def test_leaving_before_the_file_was_active_is_refused(cast, dossier):
    active = made.walk(cast, dossier)
    day = clock.today() - datetime.timedelta(days=1)
    assert (
        refusal_of(
            actions.close_dossier,
            by=cast.clerk,
            dossier=active,
            version=active.version,
            reason="retired",
            text="退休",
            on=day,
        )
        == f"日期不能早于“在档”的起始日 {clock.today()}。"
    )
    assert Dossier.objects.get(pk=active.pk).state == DossierState.ACTIVE


def test_leaving_needs_words(cast, dossier):
    active = made.walk(cast, dossier)
    assert refusal_of(
        actions.close_dossier, by=cast.clerk, dossier=active, version=active.version, reason="retired"
    ) == ("退出要写明情况。")
    assert (
        refusal_of(
            actions.close_dossier,
            by=cast.clerk,
            dossier=active,
            version=active.version,
            reason="bored",
            text="没有理由",
        )
        == "请选择退出原因。"
    )


def test_a_household_that_fell_back_starts_anew(cast, dossier):
    active = made.walk(cast, dossier)
    left = actions.close_dossier(
        by=cast.clerk, dossier=active, version=active.version, reason="out_of_hardship", text="好转"
    )
    back = actions.reopen_dossier(by=cast.clerk, dossier=left, version=left.version, text="再次患病")
    assert (back.state, back.opened_on, back.closing_reason) == (DossierState.DRAFT, None, "")
    assert made.walk(cast, back).state == DossierState.ACTIVE


def test_a_transfer_stays_in_the_tree_and_goes_to_an_open_union(cast, dossier, mill, school):
    active = made.walk(cast, dossier)
    given = {"by": cast.clerk, "dossier": active, "version": active.version, "text": "调动"}
    assert refusal_of(actions.transfer_dossier, to=mill, **given) == "档案已经在这个工会。"
    type(school).objects.filter(pk=school.pk).update(closed_on=clock.today())
    assert (
        refusal_of(actions.transfer_dossier, to=school, **given) == "青岬县实验小学工会在转移当日没有成立或已经撤销。"
    )
    moved = actions.transfer_dossier(to=cast.museum, **given)
    assert (moved.union, moved.number, moved.review_union) == (cast.museum, active.number, cast.city)


def test_a_second_live_file_of_the_same_householder_is_named_by_its_union(cast, dossier, school, school_clerk):
    other = made.draft(school_clerk, school)
    made.assess(school_clerk, other)
    made.walk(cast, dossier, until="applied")
    assert refusal_of(actions.apply_dossier, by=school_clerk, dossier=other, version=other.version) == (
        "这份档案里有人已在“青岬县第一中学工会”的档案里，一人只能在一份档案里。"
    )
    assert Dossier.objects.get(pk=other.pk).state == DossierState.DRAFT
