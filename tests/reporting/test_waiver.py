"""认可: a reviewer waives an explained 核实 with reason and term; it falls when the named figures move."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from campaigns import actions as campaign_actions
from campaigns.enums import ActivityKind
from relief.lib import clock
from reporting import actions
from reporting.actions.filling import Typed
from reporting.models import CheckNote
from reporting.values import Value
from tests.cast import log_in
from tests.reporting.test_main_job import fresh, hand_in
from tests.reporting.years import campaign_of, check, filing, fill, form
from unions.models import AuditEvent
from unions.policy import Refused, can

FEW = check(
    "few",
    "05 >= 05_1",
    items=["05", "05_1"],
    message="05 服务 {05} 人次，少于活动 {05_1} 场次。",
    passing=[{"05": 2, "05_1": 1}],
    failing=[{"05": 1, "05_1": 2}],
)
MUCH = check(
    "much",
    "02 <= 05 * 100",
    items=["02"],
    message="02 募捐 {02} 元偏多。",
    passing=[{"02": "1.00", "05": 2}],
    failing=[{"02": "900.00", "05": 2}],
)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def campaign(cast):
    raw = form("mini-2024", checks=[FEW, MUCH])
    return campaign_of(cast, 2024, raw, unions=[cast.city, cast.county, cast.mill])


@pytest.fixture
def submission(cast, campaign):
    """The mill's filing, handed in with two explained questions and opened by the county's reviewer."""
    found = filing(campaign, cast.mill, "mini-2024")
    fill(cast.clerk, found, v05=1, v05_1=2, v02B=90_000)
    explain(cast, found)
    hand_in(cast.clerk, fresh(found))
    return opened(cast, found)


def explain(cast, submission):
    for key in ("few", "much"):
        actions.explain_check(by=cast.clerk, submission=fresh(submission), key=key, text="名单附后")


def opened(cast, submission):
    now = fresh(submission)
    return actions.open_review(by=cast.county_reviewer, submission=now, version=now.version)


def waive(cast, submission, key="few", **given):
    given = {"reason": "名单已核对"} | given
    return actions.waive_check(by=cast.county_reviewer, submission=fresh(submission), key=key, **given)


def waived(submission):
    rows = CheckNote.objects.filter(submission=submission, waived_at__isnull=False).order_by("check_key")
    return [row.check_key for row in rows]


def returned(cast, submission):
    now = fresh(submission)
    actions.return_submission(by=cast.county_reviewer, submission=now, version=now.version, reason="请改一格")
    return fresh(submission)


def test_a_waiver_keeps_who_why_and_until_when(cast, submission):
    until = clock.today() + 30 * DAY
    note = waive(cast, submission, until=until)
    assert (note.waived_by, note.waive_reason, note.waived_until) == (cast.county_reviewer, "名单已核对", until)
    event = AuditEvent.objects.filter(act="check.waive").get()
    assert (event.fields, event.detail["key"], event.detail["until"]) == (["few"], "few", until.isoformat())
    assert (note.is_waived_on(until), note.is_waived_on(until + DAY)) == (True, False)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"reason": "  "}, "请写明认可的理由。"),
        ({"until": datetime.date(2000, 1, 1)}, "认可的截止日已经过去。"),
        ({"key": "none"}, "这一轮没有这项核实，或填报单位没有说明。"),
        ({"reason": "见 11010519491231002X"}, "意见里有身份证号一类的号码，没有写入。"),
    ],
)
def test_an_unfit_waiver_is_refused_with_words(cast, submission, given, sentence):
    with pytest.raises(Refused) as refused:
        waive(cast, submission, **given)
    assert (refused.value.reason, refused.value.status) == (sentence, 422)
    assert waived(submission) == []


def test_the_second_of_two_reviewers_is_told(cast, submission):
    waive(cast, submission)
    with pytest.raises(Refused) as refused:
        waive(cast, submission, reason="又一次")
    assert (refused.value.reason, refused.value.status) == ("这项核实已经认可过。", 409)


def test_only_the_reviewing_union_waives_and_only_under_review(cast, submission):
    now = fresh(submission)
    people = (cast.county_reviewer, cast.clerk, cast.reviewer, cast.city_reviewer, cast.county_clerk, cast.stranger)
    assert [bool(can(person, "check.waive", now)) for person in people] == [True, False, False, False, False, False]
    actions.accept(by=cast.county_reviewer, submission=now, version=now.version)
    assert can(cast.county_reviewer, "check.waive", fresh(submission)).status == 409


def test_a_waiver_can_be_taken_back_under_review(cast, submission):
    waive(cast, submission)
    actions.unwaive_check(by=cast.county_reviewer, submission=fresh(submission), key="few")
    assert waived(submission) == []
    with pytest.raises(Refused):
        actions.unwaive_check(by=cast.county_reviewer, submission=fresh(submission), key="few")


def test_a_waiver_outlives_a_round_that_does_not_touch_it(cast, submission):
    waive(cast, submission)
    waive(cast, submission, "much")
    now = returned(cast, submission)
    fill(cast.clerk, now, v05=1, v05_1=2, v02B=90_001)
    assert waived(submission) == ["few"]
    explain(cast, submission)
    hand_in(cast.clerk, fresh(submission))
    assert waived(submission) == ["few"]


def test_a_waiver_falls_with_a_blank_it_names_and_with_a_new_explanation(cast, submission):
    waive(cast, submission)
    waive(cast, submission, "much")
    now = returned(cast, submission)
    actions.explain_check(by=cast.clerk, submission=now, key="much", text="另有说明")
    assert waived(submission) == ["few"]
    now = fresh(submission)
    actions.save_figures(
        by=cast.clerk, submission=now, version=now.version, typed={"05_1": Typed(Value.of(3), "补一场")}
    )
    assert waived(submission) == []


def test_a_waiver_falls_when_the_records_move_under_it(cast, campaign):
    """Nobody types 05 here: it comes from the records, and a late record changes what the reviewer had accepted."""
    submission = filing(campaign, cast.mill, "mini-2024")
    fill(cast.clerk, submission, v05_1=2, v02B=90_000)
    explain(cast, submission)
    hand_in(cast.clerk, fresh(submission))
    opened(cast, submission)
    waive(cast, submission)
    returned(cast, submission)
    campaign_actions.record_activity(
        by=cast.clerk,
        union=cast.mill,
        campaign=campaign,
        kind=ActivityKind.CULTURE,
        held_on=datetime.date(2024, 1, 20),
        counts={"contacts": 1},
    )
    hand_in(cast.clerk, fresh(submission))
    assert waived(submission) == []


def test_accepting_waives_the_rest_in_the_reviewers_name_and_keeps_reasons(cast, submission):
    waive(cast, submission)
    now = fresh(submission)
    actions.accept(by=cast.county_reviewer, submission=now, version=now.version)
    assert list(
        CheckNote.objects.filter(submission=submission)
        .order_by("check_key")
        .values_list("check_key", "waived_by", "waive_reason")
    ) == [("few", cast.county_reviewer.pk, "名单已核对"), ("much", cast.county_reviewer.pk, "")]


# Pages


@pytest.fixture
def reviewer(cast):
    return log_in(Client(), cast.county_reviewer)


def test_the_review_page_offers_shows_and_takes_back_the_waiver(cast, submission, reviewer):
    page = reverse("review_page", args=[submission.pk])
    url = reverse("check_waive", args=[submission.pk])
    before = reviewer.get(page)
    assert (before.context["counts"]["open"], before.content.decode().count("<summary>认可说明</summary>")) == (2, 2)
    until = (clock.today() + 9 * DAY).isoformat()
    sent = {"key": "few", "act": "waive", "reason": "名单已核对", "until": until}
    assert reviewer.post(url, sent).url == page
    after = reviewer.get(page)
    assert after.context["counts"]["open"] == 1
    assert after.content.decode().count(f"认可，至 {until}：名单已核对") == 1
    own = log_in(Client(), cast.clerk).get(reverse("submission_page", args=[submission.pk]))
    assert own.content.decode().count(f"认可，至 {until}：名单已核对") == 1
    reviewer.post(url, {"key": "few", "act": "withdraw"})
    assert reviewer.get(page).context["counts"]["open"] == 2


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [({"reason": ""}, "请写明认可的理由。"), ({"reason": "可", "until": "下月"}, "认可的截止日看不懂。")],
)
def test_a_refused_waiver_comes_back_with_what_was_typed(submission, reviewer, sent, sentence):
    page = reviewer.post(reverse("check_waive", args=[submission.pk]), {"key": "few", "act": "waive"} | sent)
    text = page.content.decode()
    assert (page.status_code, text.count(sentence), text.count('<details class="pin-box" open>')) == (422, 1, 1)
    assert waived(submission) == []


def test_a_waiver_that_ran_out_counts_as_open(cast, submission, reviewer):
    waive(cast, submission, until=clock.today())
    with clock.as_of(clock.db_now() + 2 * DAY):
        page = reviewer.get(reverse("review_page", args=[submission.pk]))
    assert page.context["counts"]["open"] == 2
