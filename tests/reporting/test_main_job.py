"""The spine at the level of actions: fill, hand in, return, hand in again, accept, roll up, close."""

import datetime
from decimal import Decimal

import pytest

from campaigns import actions as campaign_actions
from campaigns.enums import ActivityKind, FundForm, FundSource
from reporting import actions
from reporting.actions.filling import Typed
from reporting.enums import Origin, Part, SubmissionState
from reporting.figures import sheet_of, staleness
from reporting.models import Round, RoundFigure, RoundPin, Submission
from reporting.values import Value
from reporting.verifiers import form_identities, frozen_rounds, rollup_sums
from tests.reporting.conftest import publish
from unions.actions import grant_post
from unions.idempotency import new_key
from unions.policy import Refused, Stale

DAY = datetime.date(2024, 1, 20)


def raise_funds(by, union, campaign, amount, source=FundSource.OWN_UNION):
    return campaign_actions.record_funds(
        by=by,
        union=union,
        campaign=campaign,
        source=source,
        form=FundForm.CASH,
        amount=Decimal(amount),
        received_on=DAY,
    )


def helped_home(by, union, campaign, contacts):
    return campaign_actions.record_activity(
        by=by,
        union=union,
        campaign=campaign,
        kind=ActivityKind.JOURNEY_HOME,
        held_on=DAY,
        counts={"contacts": contacts},
    )


def hand_in(by, submission, **extra) -> Round:
    return actions.hand_in(by=by, submission=submission, version=submission.version, key=new_key(), **extra)


def fresh(submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


def accept(by, submission) -> Submission:
    submission = actions.open_review(by=by, submission=fresh(submission), version=fresh(submission).version)
    return actions.accept(by=by, submission=submission, version=submission.version)


def test_records_fill_the_form_and_formulas_are_computed(published, cast, mill, clerk):
    raise_funds(clerk, mill, published.campaign, "16000.00")
    raise_funds(clerk, mill, published.campaign, "8600.50", FundSource.DONATION)
    helped_home(clerk, mill, published.campaign, 7)
    own = sheet_of(published.submission(mill)).own
    assert own.values["B3"] == Value.of(1_600_000)
    assert own.values["B4"] == Value.of(860_050)
    assert own.values["B"] == Value.of(2_460_050)
    assert own.values["G"] == Value.of(7)
    assert own.values["C11"] == Value.of(0)
    assert (own.origins["B3"], own.origins["B"]) == (Origin.RECORDS, Origin.FORMULA)


def test_a_typed_leaf_keeps_the_records_beside_it_and_needs_a_reason(published, mill, clerk):
    helped_home(clerk, mill, published.campaign, 7)
    submission = published.submission(mill)
    actions.save_figures(by=clerk, submission=submission, version=1, typed={"G": Typed(Value.of(9))})
    sheet = sheet_of(submission)
    assert (sheet.own.values["G"], sheet.own.records["G"]) == (Value.of(9), Value.of(7))
    assert [f.codes for f in sheet.blocking()] == [("G",)]
    with pytest.raises(Refused, match="9"):
        hand_in(clerk, submission)
    submission = fresh(submission)
    actions.save_figures(
        by=clerk, submission=submission, version=submission.version, typed={"G": Typed(Value.of(9), "另有2人自行乘车")}
    )
    frozen = hand_in(clerk, fresh(submission))
    figure = RoundFigure.objects.get(round=frozen, part=Part.OWN, code="G")
    assert (figure.number, figure.record_number, figure.origin, figure.note) == (9, 7, Origin.TYPED, "另有2人自行乘车")


def test_formula_blanks_cannot_be_typed(published, mill, clerk):
    with pytest.raises(Refused, match="自动计算"):
        actions.save_figures(
            by=clerk, submission=published.submission(mill), version=1, typed={"B": Typed(Value.of(5))}
        )


def test_a_stale_save_is_refused_with_both_values(published, mill, clerk, second_clerk):
    submission = published.submission(mill)
    stale = fresh(submission)
    actions.save_figures(by=clerk, submission=submission, version=1, typed={"G": Typed(Value.of(9), "甲")})
    with pytest.raises(Stale) as refusal:
        actions.save_figures(by=second_clerk, submission=stale, version=1, typed={"G": Typed(Value.of(4), "乙")})
    assert refusal.value.differences == [("G 元旦春节期间共帮助农民工平安返乡", "9", "4")]
    assert sheet_of(submission).own.values["G"] == Value.of(9)


def test_return_and_second_round_keep_the_first(published, cast, mill, clerk, county_reviewer):
    helped_home(clerk, mill, published.campaign, 7)
    submission = published.submission(mill)
    first = hand_in(clerk, submission)
    submission = actions.open_review(
        by=county_reviewer, submission=fresh(submission), version=fresh(submission).version
    )
    submission = actions.return_submission(
        by=county_reviewer,
        submission=submission,
        version=submission.version,
        reason="请核对返乡人次",
        pins={"G": "是否漏报"},
    )
    assert submission.state == SubmissionState.RETURNED
    helped_home(clerk, mill, published.campaign, 3)
    second = hand_in(clerk, fresh(submission))
    numbers = RoundFigure.objects.filter(code="G", part=Part.OWN, round__in=[first, second]).order_by("round__number")
    assert [figure.number for figure in numbers] == [7, 10]
    assert (first.number, second.number, first.receipt) == (1, 2, "SX-2024-G1-01-01")
    assert list(submission.comments.values_list("code", "text")) == [("", "请核对返乡人次"), ("G", "是否漏报")]


def test_the_whole_line_up_to_the_issuers_close(published, cast):
    c = cast
    raise_funds(c.clerk, c.mill, published.campaign, "3333.33")
    raise_funds(c.school_clerk, c.school, published.campaign, "6666.66")
    raise_funds(c.museum_clerk, c.museum, published.campaign, "0.01")
    raise_funds(c.city_clerk, c.city, published.campaign, "10000.00", FundSource.LOCAL)
    for by, union, reviewer in [
        (c.clerk, c.mill, c.county_reviewer),
        (c.school_clerk, c.school, c.county_reviewer),
        (c.museum_clerk, c.museum, c.city_reviewer),
        (c.county_clerk, c.county, c.city_reviewer),
        (c.city_clerk, c.city, c.province_reviewer),
    ]:
        submission = published.submission(union)
        hand_in(by, submission)
        accept(reviewer, submission)
    issuers = published.submission(c.province)
    sheet = sheet_of(issuers)
    assert sheet.consolidated["B3"] == Value.of(1_000_000)
    assert sheet.consolidated["B2"] == Value.of(1_000_000)
    assert sheet.consolidated["B"] == Value.of(2_000_000)
    hand_in(c.province_clerk, issuers)
    closed = actions.finalise(by=c.province_approver, submission=fresh(issuers), version=fresh(issuers).version)
    assert closed.state == SubmissionState.ACCEPTED
    assert RoundPin.objects.count() == 5
    assert [*frozen_rounds(), *form_identities(), *rollup_sums()] == []


def test_missing_children_are_listed_and_must_be_explained(published, cast):
    submission = published.submission(cast.county)
    with pytest.raises(Refused, match="还有 2 家下级没有接收的数：青岬县第一中学工会、青岬县实验小学工会"):
        hand_in(cast.county_clerk, submission)
    frozen = hand_in(cast.county_clerk, fresh(submission), missing_note="两校放假，节后补报")
    assert [row["name"] for row in frozen.missing] == ["青岬县第一中学工会", "青岬县实验小学工会"]


def test_a_reopened_child_marks_the_rollup_above_stale(published, cast):
    mill = published.submission(cast.mill)
    hand_in(cast.clerk, mill)
    accept(cast.county_reviewer, mill)
    county = published.submission(cast.county)
    hand_in(cast.county_clerk, county, missing_note="实验小学缺报")
    assert staleness([fresh(county)]) == {}
    actions.reopen(by=cast.county_reviewer, submission=fresh(mill), version=fresh(mill).version, reason="补录一名职工")
    assert staleness([fresh(county)])[county.pk].moved == [("青岬县第一中学工会", 1, 1)]


@pytest.mark.parametrize(
    ("opens", "due", "late", "sentence"),
    [(1, 5, 10, "还没有开放填报"), (-20, -5, -1, "已过迟报截止")],
)
def test_hand_in_outside_the_window_is_refused(cast, shaanxi, mill, clerk, opens, due, late, sentence):
    world = publish(
        cast, form_version=shaanxi, unions=[cast.city, cast.county, cast.mill], opens=opens, due=due, late=late
    )
    with pytest.raises(Refused, match=sentence):
        hand_in(clerk, world.submission(mill))
    assert fresh(world.submission(mill)).state == SubmissionState.DRAFT
    assert Round.objects.count() == 0


def test_late_is_taken_and_marked(cast, shaanxi, mill, clerk):
    world = publish(cast, form_version=shaanxi, unions=[cast.city, cast.county, cast.mill], due=-1, late=None)
    assert hand_in(clerk, world.submission(mill)).late is True


def test_the_same_request_twice_gives_one_round(published, mill, clerk):
    submission = published.submission(mill)
    first = actions.hand_in(by=clerk, submission=fresh(submission), version=1, key="k1")
    again = actions.hand_in(by=clerk, submission=fresh(submission), version=1, key="k1")
    assert (first.pk, Round.objects.count()) == (again.pk, 1)


def test_nobody_accepts_their_own(published, cast):
    grant_post(by=None, person=cast.clerk, union=cast.county, role="review")
    submission = published.submission(cast.mill)
    hand_in(cast.clerk, submission)
    with pytest.raises(Refused, match="必须由另一个人办理"):
        actions.open_review(by=cast.clerk, submission=fresh(submission), version=fresh(submission).version)


def test_a_stranger_sees_nothing_and_the_line_above_sees_all(published, cast):
    for person, seen in [
        (cast.stranger, 0),
        (cast.clerk, 2),
        (cast.county_reviewer, 6),
        (cast.city_reviewer, 10),
        (cast.system_admin, 0),
    ]:
        assert Submission.objects.visible_to(person).count() == seen
