"""What stands beside each figure: the records, the difference, last year, the change; and what a page costs."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import actions as campaign_actions
from campaigns.enums import ActivityKind, FundForm, FundSource
from reporting import actions
from reporting.models import Submission
from tests.cast import log_in
from tests.reporting.pure.conftest import read_form
from tests.reporting.test_main_job import accept, fresh, hand_in
from tests.reporting.years import campaign_of, filing, fill, form

JANUARY = datetime.date(2024, 1, 20)
NEW = form(
    "mini-2024",
    checks=[],
    i05={"last_year": "mini-2023:05", "change_limit": 30},
    i02={"against": {"terms": [{"measure": "funds.amount"}]}, "last_year": "mini-2023:02"},
    i01A={"last_year": "mini-2023:05"},
)


@pytest.fixture
def campaign(cast):
    """This year's campaign; last year the mill filed 216 services and 100.00 yuan."""
    unions = [cast.city, cast.county, cast.mill]
    before = campaign_of(cast, 2023, form("mini-2023", checks=[]), unions=unions)
    old = filing(before, cast.mill, "mini-2023")
    fill(cast.clerk, old, v05=216, v02B=10_000)
    hand_in(cast.clerk, fresh(old))
    accept(cast.county_reviewer, old)
    return campaign_of(cast, 2024, NEW, unions=unions)


def helped(cast, campaign, union, by, contacts):
    campaign_actions.record_activity(
        by=by,
        union=union,
        campaign=campaign,
        kind=ActivityKind.CULTURE,
        held_on=JANUARY,
        counts={"contacts": contacts},
    )


def raised(cast, campaign, amount):
    campaign_actions.record_funds(
        by=cast.clerk,
        union=cast.mill,
        campaign=campaign,
        source=FundSource.OWN_UNION,
        form=FundForm.CASH,
        amount=Decimal(amount),
        received_on=JANUARY,
    )


def margin(page, code):
    """Records, difference, last year, change and words beside one blank."""
    cell = page.context["cells"][code]
    return cell.records_text, cell.gap, cell.year.before, cell.year.change, cell.year.words


@pytest.fixture
def filed(cast, campaign) -> Submission:
    """The mill's filing: 400 of its services recorded and 402 typed, 250.00 yuan where the records hold 200.00."""
    submission = filing(campaign, cast.mill, "mini-2024")
    helped(cast, campaign, cast.mill, cast.clerk, 400)
    raised(cast, campaign, "200.00")
    fill(cast.clerk, submission, v05=402, v02B=25_000)
    return submission


def test_the_entry_page_has_last_year_and_the_records_beside_the_figures(cast, filed):
    page = log_in(Client(), cast.clerk).get(reverse("submission_page", args=[filed.pk]))
    assert margin(page, "05") == ("400", "+2", "216", "+86.1%", "")
    assert margin(page, "02") == ("200.00", "+50.00", "100.00", "+150.0%", "")
    assert margin(page, "01A") == ("0", "0", "", "", "不可比")
    assert margin(page, "05_1") == ("", "", "", "", "上年表无此项")
    text = page.content.decode()
    assert [text.count(words) for words in ("<i>上年</i> 216", "<i>同比</i> +86.1%", "不可比", "上年表无此项")] == [
        1,
        1,
        1,
        6,
    ]


def test_the_review_page_has_records_difference_last_year_and_change(cast, campaign, filed):
    actions.explain_check(by=cast.clerk, submission=fresh(filed), key="change:05", text="首次纳入医院")
    hand_in(cast.clerk, fresh(filed))
    page = log_in(Client(), cast.county_reviewer).get(reverse("review_page", args=[filed.pk]))
    assert margin(page, "05") == ("400", "+2", "216", "+86.1%", "")
    assert margin(page, "02") == ("200.00", "+50.00", "100.00", "+150.0%", "")
    assert margin(page, "01A")[-1] == "不可比"
    assert page.context["cells"]["05"].year.too_much
    text = page.content.decode()
    assert [text.count(words) for words in ("<i>差</i> +2", "<i>同比</i> +86.1%", "比上年变动过大")] == [1, 1, 1]


def test_the_review_page_of_a_roll_up_adds_the_records_of_all_rounds(cast, campaign, filed):
    actions.explain_check(by=cast.clerk, submission=fresh(filed), key="change:05", text="首次纳入医院")
    hand_in(cast.clerk, fresh(filed))
    accept(cast.county_reviewer, filed)
    above = filing(campaign, cast.county, "mini-2024")
    helped(cast, campaign, cast.county, cast.county_clerk, 30)
    fill(cast.county_clerk, above)
    hand_in(cast.county_clerk, fresh(above))
    page = log_in(Client(), cast.city_reviewer).get(reverse("review_page", args=[above.pk]))
    cell = page.context["cells"]["05"]
    assert (cell.text, cell.records_text, cell.gap, cell.year) == ("432", "430", "+2", None)
    assert (page.context["cells"]["02"].records_text, page.context["cells"]["02"].gap) == ("200.00", "+50.00")
    # Households of two unions may be the same one: their records are not added.
    assert page.context["cells"]["01A"].has_records is False


def test_the_entry_page_with_67_blanks_takes_at_most_12_queries_whatever_the_records(cast):
    raw = read_form("fixtures/forms/suzhou-2013.json")
    campaign = campaign_of(cast, 2024, raw, unions=[cast.city, cast.county, cast.mill])
    client = log_in(Client(), cast.clerk)
    url = reverse("submission_page", args=[filing(campaign, cast.mill, raw["id"]).pk])

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            page = client.get(url)
        assert len(page.context["cells"]) == 67
        return len(captured)

    client.get(url)
    counts = [asked()]
    for contacts in (5, 7, 9):
        helped(cast, campaign, cast.mill, cast.clerk, contacts)
    raised(cast, campaign, "300.00")
    counts.append(asked())
    assert counts[0] == counts[1]
    assert max(counts) <= 12
