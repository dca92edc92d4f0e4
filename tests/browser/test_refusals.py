"""What is refused, as the person at the browser reads it: a sentence of its own, and nothing lost."""

from __future__ import annotations

import datetime

import pytest
from playwright.sync_api import expect

from beneficiaries.models import Dossier, Payout
from campaigns.models import Addressee
from relief.lib import clock
from reporting.models import Round
from tests.beneficiaries.payouts.conftest import CARD, DAY, line, number_of
from tests.beneficiaries.payouts.test_steps import to_approved, to_planned
from tests.reporting.test_main_job import fresh, hand_in, helped_home
from unions.actions import grant_post

pytestmark = pytest.mark.xdist_group("browser")

TOMORROW = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("household", "route", "sentence"),
    [
        (None, "card", "中央财政资金先建档、后帮扶：这一笔没有选职工档案。"),
        ("late", "card", "的建档日期（2024年1月16日）须早于发放日期（2024年1月16日）。"),
        ("draft", "card", "是“草稿”，发放时须已在档。"),
        ("good", "cash", "中央财政资金只能通过银行卡发放，不能发现金。"),
    ],
)
def test_central_money_goes_to_a_household_in_hand_and_by_card(world, desk, household, route, sentence):
    clerk = desk("clerk").go("payout_new")
    if household:
        clerk.type(dossier=str(getattr(world, household).pk))
    else:
        clerk.type(recipient="魏建国", id_number=number_of(50), bank="云岭银行青岬支行", card_number=CARD)
    clerk.type(relief_group="dossier_holder", purpose="living", planned_on=DAY.isoformat())
    clerk.type_at("id_lines-0-", source="central", route=route, amount="500").press("存为草稿")
    clerk.reads(sentence, "被拦下").shot(f"refused-{household}-{route}")
    expect(clerk.page.locator(".bottom-bar")).to_contain_text("处被拦下，改正后可以送审")
    assert clerk.page.get_by_role("link", name="送审").count() == 0


def test_a_wrong_id_number_is_told_at_its_field_and_what_was_typed_stays(world, desk):
    clerk = (
        desk("clerk").go("dossier_new").type(name="何长河", id_number="99990119750305001X", employer="青岬县第一中学")
    )
    before = Dossier.objects.count()
    clerk.press("保存")
    field = clerk.page.locator(".field", has=clerk.page.locator("#id_id_number"))
    expect(field).to_contain_text("校验")
    expect(clerk.page.locator("#id_employer")).to_have_value("青岬县第一中学")
    clerk.shot("refused-id")
    assert Dossier.objects.count() == before


def test_a_day_that_has_not_come_is_refused(world, people, desk):
    tomorrow = (clock.today() + TOMORROW).isoformat()
    clerk = desk("clerk").go("funds_new").type(source="own_union", amount="100", received_on=tomorrow)
    clerk.page.locator("form .btn-primary").first.click()
    clerk.reads(f"{tomorrow} 还没有到，今天是 {clock.today().isoformat()}").shot("refused-future")
    payout = world.till.named(sequence=61)
    to_approved(people, payout)
    cashier = desk("cashier").go("payout_step", "settle", query=f"?p={payout.pk}").type(paid_on=tomorrow)
    cashier.press("登记已发放 1 笔").reads("发放日期不能晚于今天")
    payout.refresh_from_db()
    assert payout.state == "approved"


def test_whoever_enters_does_not_review(world, people, desk):
    grant_post(by=None, person=people.second_clerk, union=people.mill, role="review")
    payout = world.till.named(sequence=62, by=people.second_clerk)
    to_planned(people, payout)
    both = desk("second_clerk").go("payout_step", "review", query=f"?p={payout.pk}")
    both.reads("必须由另一个人办理", "选中的发放现在都不能办").shot("refused-own-payout")


def test_nothing_is_taken_after_the_last_instant(world, people, desk):
    submission = world.published.submission(people.school)
    past = clock.db_now() - TOMORROW
    Addressee.objects.filter(pk=submission.addressee_id).update(due_at=past - TOMORROW, late_until=past)
    clerk = desk("school_clerk").go("submission_page", submission.pk).reads("已过迟报截止").shot("refused-too-late")
    clerk.press("保存并上报").reads("已过迟报截止", "不能再上报")
    assert Round.objects.filter(submission=submission).count() == 0


def test_a_stale_save_shows_both_values_and_keeps_what_was_typed(world, people, desk):
    helped_home(people.clerk, people.mill, world.published.campaign, 7)
    pk = world.published.submission(people.mill).pk
    first, second = desk("clerk").go("submission_page", pk), desk("second_clerk").go("submission_page", pk)
    first.type_at("c-", G="9").press("保存").reads("已保存")
    second.type_at("c-", G="4", H="2").press("保存").reads("别人").shot("refused-stale", whole=True)
    rows = second.page.locator("section[role=alert] tbody tr").all_inner_texts()
    assert [row.split("\t")[1:] for row in rows][:1] == [["9", "4"]]
    expect(second.page.locator("#c-G")).to_have_value("4")
    expect(second.page.locator("#c-H")).to_have_value("2")
    second.press("保存").reads("已保存")
    first.go("submission_page", pk)
    expect(first.page.locator("#c-G")).to_have_value("4")


def test_a_stale_dossier_keeps_what_was_typed(world, desk):
    first = desk("clerk").go("dossier_edit", world.draft.pk)
    second = desk("second_clerk").go("dossier_edit", world.draft.pk)
    first.type(employer="青岬纸厂", reason="调动").press("保存").reads("已保存")
    second.type(employer="青岬糖厂", reason="更正").press("保存").reads("别人刚改过这份档案", "青岬纸厂", "青岬糖厂")
    expect(second.page.locator("#id_employer")).to_have_value("青岬糖厂")
    second.shot("refused-stale-dossier", whole=True)


def test_nobody_accepts_their_own_and_two_do_not_decide_one(world, people, desk):
    submission = world.published.submission(people.museum)
    hand_in(people.museum_clerk, submission)
    grant_post(by=None, person=people.museum_clerk, union=people.city, role="review")
    grant_post(by=None, person=people.city_approver, union=people.city, role="review")
    own = desk("museum_clerk").go("review_page", submission.pk)
    own.reads("必须由另一个人办理").shot("refused-own-filing")
    assert own.page.get_by_role("button", name="开始审核").count() == 0

    one, other = desk("city_reviewer"), desk("city_approver")
    for person in (one, other):
        person.go("review_page", submission.pk)
    one.press("开始审核").reads("给填报单位的话")
    other.press("开始审核").reads("当前状态是“审核中”").shot("refused-second-reviewer")
    for person in (one, other):
        person.go("review_page", submission.pk)
    one.press("接收第1轮")
    expect(one.page.get_by_role("button", name="接收第1轮", exact=True)).to_have_count(0)
    other.type_at("", reason="数不对").press("退回", within="#decision").reads("当前状态是“已接收”，不能“退回”")
    assert fresh(submission).state == "accepted"


def test_a_released_payout_is_not_released_again(world, people, desk):
    payout = world.till.draft([line("central", "card", "500.00")], purpose="study")
    to_approved(people, payout)
    grant_post(by=None, person=people.county_cashier, union=people.mill, role="pay")
    one, other = desk("cashier"), desk("county_cashier")
    for person in (one, other):
        person.go("payout_step", "release", query=f"?p={payout.pk}").type(count="1", amount="500")
    one.press("出账 1 笔").reads("1 笔已出账")
    other.press("出账 1 笔").reads("审批以后才能出账，每笔只出一次。").shot("refused-second-release")
    assert Payout.objects.get(pk=payout.pk).state == "released"
