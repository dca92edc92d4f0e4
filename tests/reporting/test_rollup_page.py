"""The roll-up page: children side by side, missing ones said, adjustments by two persons, stale rounds named."""

from decimal import Decimal

import pytest
from django.urls import reverse

from reporting import actions
from reporting.actions.filling import Typed
from reporting.models import Adjustment, Submission
from reporting.values import Value
from tests.cast import log_in
from tests.reporting.test_main_job import accept, fresh, hand_in, helped_home


@pytest.fixture
def with_mill(published, cast):
    """The mill's figures are accepted; the school is missing."""
    helped_home(cast.clerk, cast.mill, published.campaign, 7)
    hand_in(cast.clerk, published.submission(cast.mill))
    accept(cast.county_reviewer, published.submission(cast.mill))
    return published


def rollup(client, person, submission):
    return log_in(client, person).get(reverse("rollup_page", args=[submission.pk]))


def line_of(page, code):
    (line,) = [line for line in page.context["matrix"].lines if line.item.code == code]
    return line


def test_children_stand_side_by_side_and_missing_ones_say_why(client, cast, with_mill):
    page = rollup(client, cast.county_clerk, with_mill.submission(cast.county))
    matrix = page.context["matrix"]
    assert [(c.name, c.word, c.missing) for c in matrix.columns] == [
        ("青岬县第一中学工会", "第1轮", False),
        ("青岬县实验小学工会", "缺：未报", True),
    ]
    line = line_of(page, "G")
    assert (line.own.text, [cell.text for cell in line.cells], line.total.text) == ("0", ["7", ""], "7")


def test_the_note_about_missing_children_is_saved(client, cast, with_mill):
    submission = with_mill.submission(cast.county)
    log_in(client, cast.county_clerk).post(
        reverse("rollup_note", args=[submission.pk]), {"version": submission.version, "missing_note": "放假，节后补报"}
    )
    assert fresh(submission).missing_note == "放假，节后补报"


def propose(client, person, submission, **fields):
    data = {"code": "G", "number": "-2", "title": "重复统计", "reason": "两家同报一车"} | fields
    return log_in(client, person).post(reverse("rollup_adjust", args=[submission.pk]), data)


def test_an_adjustment_counts_when_another_person_confirms(client, cast, with_mill):
    submission = with_mill.submission(cast.county)
    assert propose(client, cast.county_clerk, submission).status_code == 302
    row = Adjustment.objects.get()
    assert line_of(rollup(client, cast.county_clerk, submission), "G").total.text == "7"
    confirm = reverse("adjustment_confirm", args=[row.pk])
    assert log_in(client, cast.county_clerk).post(confirm).status_code == 403
    assert log_in(client, cast.county_reviewer).post(confirm).status_code == 302
    line = line_of(rollup(client, cast.county_clerk, submission), "G")
    assert (line.adjusted, line.notes, line.total.text) == ("−2", [1], "5")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"code": ""}, "请先选择要调整的指标。"),
        (
            {"number": "abc"},
            "“G 元旦春节期间共帮助农民工平安返乡”要填数字，填的是“abc”。没有发生请填 0，不涉及请填“—”。",
        ),
        ({"title": " "}, "调整要有数、名目和理由。例如：−6 人次，“重复慰问”，写明哪两家。"),
    ],
)
def test_a_bad_adjustment_keeps_what_was_typed(client, cast, with_mill, fields, sentence):
    page = propose(client, cast.county_clerk, with_mill.submission(cast.county), **fields)
    assert (page.status_code, page.context["fault"]) == (422, sentence)
    assert page.context["typed"]["reason"] == "两家同报一车"


def test_money_is_adjusted_in_the_printed_unit(client, cast, with_mill):
    propose(client, cast.county_clerk, with_mill.submission(cast.county), code="B3", number="-0.5")
    assert Decimal(Adjustment.objects.get().number) / 100 == Decimal("-5000")


def test_a_handed_in_rollup_shows_its_round_and_what_moved(client, cast, with_mill):
    county = with_mill.submission(cast.county)
    actions.hand_in(
        by=cast.county_clerk, submission=county, version=county.version, key="k", missing_note="实验小学缺报"
    )
    mill = with_mill.submission(cast.mill)
    actions.reopen(by=cast.county_reviewer, submission=fresh(mill), version=fresh(mill).version, reason="补录")
    helped_home(cast.clerk, cast.mill, with_mill.campaign, 3)
    hand_in(cast.clerk, fresh(mill))
    accept(cast.county_reviewer, mill)
    page = rollup(client, cast.city_reviewer, county)
    line = line_of(page, "G")
    assert (line.cells[0].text, line.cells[0].delta, line.total.text, line.total.delta) == ("7", "+3", "7", "+3")
    assert page.context["stale"].moved == [("青岬县第一中学工会", 1, 2)]
    assert page.context["note"] == "实验小学缺报"


def test_a_draft_is_for_its_own_union_only(client, cast, with_mill):
    submission = with_mill.submission(cast.county)
    page = rollup(client, cast.city_reviewer, submission)
    assert (page.status_code, page.url) == (302, reverse("submission_page", args=[submission.pk]))
    assert rollup(client, cast.stranger, submission).status_code == 404


def test_a_report_has_no_rollup(client, cast, with_mill):
    report = Submission.objects.get(union=cast.county, deliverable=with_mill.report)
    assert rollup(client, cast.county_clerk, report).status_code == 404


def test_only_totals_for_narrow_screens(client, cast, with_mill):
    url = reverse("rollup_page", args=[with_mill.submission(cast.county).pk])
    page = log_in(client, cast.county_clerk).get(url + "?view=total")
    assert page.context["only_total"] is True


def test_the_number_of_queries_does_not_grow(
    client, cast, with_mill, django_assert_max_num_queries, django_assert_num_queries
):
    url = reverse("rollup_page", args=[with_mill.submission(cast.county).pk])
    log_in(client, cast.county_clerk).get(url)
    with django_assert_max_num_queries(60) as first:
        client.get(url)
    hand_in(cast.school_clerk, with_mill.submission(cast.school))
    accept(cast.county_reviewer, with_mill.submission(cast.school))
    with django_assert_num_queries(len(first.captured_queries)):
        client.get(url)


def test_the_total_stands_beside_the_records_and_last_year(client, cast, with_mill):
    """What went in says what its records gave; a figure typed over them is a difference of the total too."""
    page = rollup(client, cast.county_clerk, with_mill.submission(cast.county))
    line = line_of(page, "G")
    assert (line.records, line.gap, line.year) == ("7", "0", None)
    submission = with_mill.submission(cast.county)
    actions.save_figures(
        by=cast.county_clerk,
        submission=submission,
        version=submission.version,
        typed={"G": Typed(Value.of(3), "另有电话报来 3 人次")},
    )
    line = line_of(rollup(client, cast.county_clerk, with_mill.submission(cast.county)), "G")
    assert (line.total.text, line.records, line.gap) == ("10", "7", "+3")
