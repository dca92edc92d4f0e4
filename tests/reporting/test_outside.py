"""Checks and sources that look outside the own row: last year, other forms, the records, the cap."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beneficiaries.models import FundRule
from campaigns import actions as campaign_actions
from campaigns.enums import ActivityKind, FundForm, FundSource
from reporting import actions
from reporting.actions.filling import Typed
from reporting.enums import Origin, Part
from reporting.figures import sheet_of
from reporting.models import RoundFigure
from reporting.values import Value
from tests.reporting.test_main_job import accept, fresh, hand_in
from tests.reporting.years import campaign_of, check, filing, fill, form
from unions.policy import Refused

LAST = form("mini-2023", checks=[])


def this_year(*checks, **items):
    """This year's form: services compare with last year's, by map."""
    mapped = {"last_year": "mini-2023:05"}
    items["i05"] = mapped | items.get("i05", {})
    return form("mini-2024", checks=list(checks), **items)


@pytest.fixture
def past(cast):
    """Last year's accepted filing of the mill: 216 services, 10,000.00 yuan of donations and 40 of others."""
    campaign = campaign_of(cast, 2023, LAST, unions=[cast.city, cast.county, cast.mill])
    submission = filing(campaign, cast.mill, "mini-2023")
    fill(cast.clerk, submission, v05=216, v02A=1_000_000, v02B=4_000)
    hand_in(cast.clerk, fresh(submission))
    accept(cast.county_reviewer, submission)
    return campaign


def opened(cast, *forms, unions=None):
    """This year's campaign with these forms; returns the campaign."""
    return campaign_of(cast, 2024, *forms, unions=unions or [cast.city, cast.county, cast.mill])


def said(submission, *kinds):
    """(key, severity, message) of the live findings of these kinds."""
    return [(f.key, f.severity.value, f.message) for f in sheet_of(submission).findings if f.kind.value in kinds]


# Last year


def test_a_change_beyond_the_limit_asks_for_an_explanation_in_words(cast, past):
    submission = filing(opened(cast, this_year(i05={"change_limit": 30})), cast.mill, "mini-2024")
    fill(cast.clerk, submission, v05=402)
    assert said(submission, "last_year") == [
        ("change:05", "ask", "05 比上年增长 86.1%（216 → 402 人次），超过 30%。请核实，或写明原因。")
    ]
    fill(cast.clerk, submission, v05=151)
    assert said(submission, "last_year") == [
        ("change:05", "ask", "05 比上年减少 30.1%（216 → 151 人次），超过 30%。请核实，或写明原因。")
    ]
    fill(cast.clerk, submission, v05=152)
    assert said(submission, "last_year") == []


def test_a_check_against_last_year_goes_through_the_map_and_prints_the_figure(cast, past):
    raw = this_year(
        check(
            "less",
            "05 >= {last_year:05}",
            kind="last_year",
            message="05 服务 {05} 人次，少于上年 {last_year:05} 人次。",
            passing=[{"05": 3, "last_year:05": 2}],
            failing=[{"05": 1, "last_year:05": 2}],
        )
    )
    submission = filing(opened(cast, raw), cast.mill, "mini-2024")
    fill(cast.clerk, submission, v05=200)
    assert said(submission, "last_year") == [("less", "ask", "05 服务 200 人次，少于上年 216 人次。")]
    with pytest.raises(Refused):
        hand_in(cast.clerk, fresh(submission))
    actions.explain_check(by=cast.clerk, submission=fresh(submission), key="less", text="活动推迟到三月")
    frozen = hand_in(cast.clerk, fresh(submission))
    assert [(row["key"], row["kind"], row["note"]) for row in frozen.findings if row["severity"] == "ask"] == [
        ("less", "last_year", "活动推迟到三月")
    ]


def test_without_an_accepted_filing_of_last_year_nothing_is_said(cast):
    campaign = campaign_of(cast, 2023, LAST, unions=[cast.city, cast.county, cast.mill])
    old = filing(campaign, cast.mill, "mini-2023")
    fill(cast.clerk, old, v05=216)
    hand_in(cast.clerk, fresh(old))
    raw = this_year(
        check(
            "less",
            "05 >= {last_year:05}",
            kind="last_year",
            when_empty="zero",
            passing=[{"05": 3, "last_year:05": 2}],
            failing=[{"05": 1, "last_year:05": 2}],
        ),
        i05={"change_limit": 30},
    )
    submission = filing(opened(cast, raw), cast.mill, "mini-2024")
    fill(cast.clerk, submission, v05=1)
    assert said(submission, "last_year") == []


def test_a_blank_is_filled_from_last_year_and_a_difference_must_be_explained(cast, past):
    raw = this_year(i02B={"source": {"last_year": "mini-2023:02A"}}, i02={"last_year": "mini-2023:02"})
    submission = filing(opened(cast, raw), cast.mill, "mini-2024")
    own = sheet_of(submission).own
    assert (own.values["02B"], own.origins["02B"]) == (Value.of(1_000_000), Origin.LAST_YEAR)
    actions.save_figures(
        by=cast.clerk,
        submission=submission,
        version=submission.version,
        typed={"02B": Typed(Value.of(1_000_100)), "02C": Typed(Value.word("无")), "05_1": Typed(Value.of(0))},
    )
    assert said(submission, "last_year") == [
        ("ledger:02B", "refuse", "填了 10,001.00 元，上年 10,000.00 元，多 1.00 元。请写明原因，或改回上年数。")
    ]
    actions.restore_figure(by=cast.clerk, submission=fresh(submission), version=fresh(submission).version, code="02B")
    frozen = hand_in(cast.clerk, fresh(submission))
    figure = RoundFigure.objects.get(round=frozen, part=Part.OWN, code="02B")
    assert (figure.number, figure.origin, figure.record_number) == (1_000_000, "last_year", 1_000_000)


def test_a_filing_with_last_years_figure_alone_may_still_be_a_nil_report(cast, past):
    raw = this_year(i02B={"source": {"last_year": "mini-2023:02A"}})
    submission = filing(opened(cast, raw), cast.mill, "mini-2024")
    frozen = actions.nil_report(
        by=cast.clerk, submission=submission, version=1, key="nil-1", reason="本单位本次没有发放"
    )
    own = dict(RoundFigure.objects.filter(round=frozen, part=Part.OWN).values_list("code", "number"))
    assert (frozen.nil, own["02B"], own["05"]) == (True, 1_000_000, 0)


def test_the_roll_up_is_compared_with_last_years_roll_up(cast, past):
    above = filing(past, cast.county, "mini-2023")
    fill(cast.county_clerk, above, v05=84)
    hand_in(cast.county_clerk, fresh(above))
    accept(cast.city_reviewer, above)
    campaign = opened(cast, this_year(i05={"change_limit": 30}))
    below = filing(campaign, cast.mill, "mini-2024")
    fill(cast.clerk, below, v05=220)
    hand_in(cast.clerk, fresh(below))
    accept(cast.county_reviewer, below)
    submission = filing(campaign, cast.county, "mini-2024")
    fill(cast.county_clerk, submission, v05=230)
    assert said(submission, "last_year") == [
        ("change:05", "ask", "05 比上年增长 50.0%（300 → 450 人次），超过 30%。请核实，或写明原因。")
    ]


# Other forms of the campaign

ANNEX = form("annex", checks=[])


def between(**change):
    return this_year(
        check(
            "same",
            "05 == {form:annex:05}",
            kind="between",
            message="05 {05} 人次与附表 {form:annex:05} 人次不同。",
            passing=[{"05": 3, "form:annex:05": 3}],
            failing=[{"05": 3, "form:annex:05": 4}],
        ),
        **change,
    )


def test_two_forms_of_one_union_are_compared_live_and_frozen(cast):
    campaign = opened(cast, between(), ANNEX)
    submission, annex = filing(campaign, cast.mill, "mini-2024"), filing(campaign, cast.mill, "annex")
    fill(cast.clerk, submission, v05=9)
    fill(cast.clerk, annex, v05=7)
    assert said(submission, "between") == [("same", "ask", "05 9 人次与附表 7 人次不同。")]
    fill(cast.clerk, annex, v05=9)
    assert said(submission, "between") == []
    hand_in(cast.clerk, fresh(annex))
    campaign_actions.record_activity(
        by=cast.clerk,
        union=cast.mill,
        campaign=campaign,
        kind=ActivityKind.CULTURE,
        held_on=datetime.date(2024, 1, 20),
        counts={"contacts": 3},
    )
    assert said(submission, "between") == []


def test_a_form_that_was_never_asked_for_leaves_the_check_out(cast):
    submission = filing(opened(cast, between()), cast.mill, "mini-2024")
    fill(cast.clerk, submission, v05=9)
    assert said(submission, "between") == []


def test_a_blank_is_filled_from_another_form(cast):
    raw = this_year(i05_1={"source": {"form": "annex", "code": "05"}, "unit": "人次"})
    campaign = opened(cast, raw, ANNEX)
    annex = filing(campaign, cast.mill, "annex")
    fill(cast.clerk, annex, v05=7)
    own = sheet_of(filing(campaign, cast.mill, "mini-2024")).own
    assert (own.values["05_1"], own.origins["05_1"], own.records["05_1"]) == (Value.of(7), "form", Value.of(7))


def test_forms_that_take_from_each_other_end_instead_of_going_round(cast):
    one = this_year(i05_1={"source": {"form": "annex", "code": "05_1"}})
    other = form("annex", checks=[], i05_1={"source": {"form": "mini-2024", "code": "05_1"}})
    campaign = opened(cast, one, other)
    own = sheet_of(filing(campaign, cast.mill, "mini-2024")).own
    assert (own.values["05_1"], "05_1" in own.records) == (Value.empty(), False)


# Records and the cap


def raised(cast, campaign, amount):
    campaign_actions.record_funds(
        by=cast.clerk,
        union=cast.mill,
        campaign=campaign,
        source=FundSource.OWN_UNION,
        form=FundForm.CASH,
        amount=Decimal(amount),
        received_on=datetime.date(2024, 1, 20),
    )


AGAINST = {"against": {"terms": [{"measure": "funds.amount"}]}}


def test_a_total_is_held_against_the_records_beside_it(cast):
    campaign = opened(cast, this_year(i02=AGAINST))
    submission = filing(campaign, cast.mill, "mini-2024")
    raised(cast, campaign, "100.00")
    fill(cast.clerk, submission, v02B=12_050)
    sheet = sheet_of(submission)
    assert (sheet.own.values["02"], sheet.own.records["02"]) == (Value.of(12_050), Value.of(10_000))
    assert said(submission, "ledger") == [("against:02", "hint", "02 合计 120.50 元，台账 100.00 元，多 20.50 元。")]
    frozen = hand_in(cast.clerk, fresh(submission))
    assert RoundFigure.objects.get(round=frozen, part=Part.OWN, code="02").record_number == 10_000


def test_a_check_may_judge_the_difference_instead_of_the_hint(cast):
    judged = check(
        "slip",
        "02 == {records:02}",
        kind="ledger",
        items=["02"],
        message="02 合计 {02} 元，台账 {records:02} 元。",
        passing=[{"02": 1, "records:02": 1}],
        failing=[{"02": 1, "records:02": 2}],
    )
    campaign = opened(cast, this_year(judged, i02=AGAINST))
    submission = filing(campaign, cast.mill, "mini-2024")
    raised(cast, campaign, "100.00")
    fill(cast.clerk, submission, v02B=12_050)
    assert said(submission, "ledger") == [("slip", "ask", "02 合计 120.50 元，台账 100.00 元。")]


def test_what_stands_beside_the_own_row_is_not_said_of_the_roll_up(cast):
    campaign = opened(cast, this_year(i02=AGAINST))
    below = filing(campaign, cast.mill, "mini-2024")
    fill(cast.clerk, below, v02B=500)
    hand_in(cast.clerk, fresh(below))
    accept(cast.county_reviewer, below)
    submission = filing(campaign, cast.county, "mini-2024")
    fill(cast.county_clerk, submission)
    assert said(submission, "ledger") == []
    fill(cast.county_clerk, submission, v02B=300)
    assert said(submission, "ledger") == [("against:02", "hint", "02 合计 3.00 元，台账 0.00 元，多 3.00 元。")]


def test_the_cap_in_force_is_asked_in_yuan_and_a_cap_that_is_off_asks_nothing(cast):
    capped = check(
        "cap",
        "02 / 05 <= {cap:per_contact}",
        kind="ledger",
        items=["02", "05"],
        message="人均 02/05 超过标准 {cap:per_contact} 元。",
        passing=[{"02": "300.00", "05": 1, "cap:per_contact": "300.00"}],
        failing=[{"02": "300.01", "05": 1, "cap:per_contact": "300.00"}],
    )
    campaign = opened(cast, this_year(capped))
    submission = filing(campaign, cast.mill, "mini-2024")
    fill(cast.clerk, submission, v02B=100_001, v05=2)
    assert said(submission, "ledger") == []
    rule = {"sources": [], "effect": "warn", "origin": "省级标准", "valid_from": datetime.date(2024, 1, 1)}
    FundRule.objects.create(key="cap_per_contact", parameters={"yuan": "500.00"}, version=2, **rule)
    assert said(submission, "ledger") == [("cap", "ask", "人均 02/05 超过标准 500.00 元。")]
    FundRule.objects.create(key="cap_per_contact", parameters={"yuan": "500.01"}, version=1, campaign=campaign, **rule)
    assert said(submission, "ledger") == []


# Queries


def queries(work) -> int:
    work()
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def looking(number: int) -> list[dict]:
    """So many checks against last year and against the other form."""
    given = {"passing": [{"05": 3, "{last_year:05}": 2}], "failing": [{"05": 1, "{last_year:05}": 2}]}
    checks = [check(f"year{n}", "05 >= {last_year:05}", kind="last_year", **given) for n in range(number)]
    given = {"passing": [{"05": 3, "{form:annex:05}": 2}], "failing": [{"05": 1, "{form:annex:05}": 2}]}
    return checks + [check(f"form{n}", "05 >= {form:annex:05}", kind="between", **given) for n in range(number)]


def test_looking_outside_takes_a_fixed_number_of_queries(cast, past):
    """One for last year; for another form its filing, its round, and the round's figures; none that nobody asked for."""
    plain = form("plain", checks=[])
    one, many = this_year(*looking(1)), this_year(*looking(6)) | {"id": "mini-many"}
    campaign = opened(cast, plain, one, many, ANNEX)
    annex = filing(campaign, cast.mill, "annex")
    fill(cast.clerk, annex, v05=300)
    hand_in(cast.clerk, fresh(annex))

    def asked(form_id: str) -> int:
        return queries(lambda: sheet_of(filing(campaign, cast.mill, form_id)).findings)

    assert [asked("mini-2024") - asked("plain"), asked("mini-many") - asked("plain")] == [4, 4]
