"""The board: denominators on frozen addressees, counts that add up, a fixed number of queries."""

import pytest
from django.urls import reverse

from relief.lib import clock
from reporting import actions, boards
from reporting.models import Submission
from tests.cast import log_in
from tests.reporting.conftest import publish
from tests.reporting.test_home import many_schools
from unions.idempotency import new_key


def hand_in(by, submission):
    return actions.hand_in(by=by, submission=submission, version=submission.version, key=new_key())


def board_of(person, union, world):
    found = boards.boards_of(person, union)
    return boards.load(person, union, world.campaign, found)


def tally_of(person, union, world):
    return boards.tally(board_of(person, union, world).of(world.form), clock.db_now())


def test_the_issuer_is_not_in_its_own_denominator(cast, published):
    tally = tally_of(cast.province_reviewer, cast.province, published)
    assert (tally.total, tally.filed, tally.missing, tally.percent) == (5, 0, 5, 0)


def test_counts_add_up_and_rates_round_down(cast, published):
    hand_in(cast.clerk, published.submission(cast.mill))
    hand_in(cast.school_clerk, published.submission(cast.school))
    school = Submission.objects.get(union=cast.school, deliverable=published.form)
    school = actions.open_review(by=cast.county_reviewer, submission=school, version=school.version)
    actions.return_submission(by=cast.county_reviewer, submission=school, version=school.version, reason="请核对")
    tally = tally_of(cast.city_reviewer, cast.city, published)
    assert (tally.on_time, tally.late, tally.returned, tally.overdue, tally.waiting) == (1, 0, 1, 0, 2)
    assert (tally.total, tally.percent) == (4, 25)


def test_late_and_overdue_are_told_apart(cast, shaanxi):
    world = publish(cast, form_version=shaanxi, unions=[cast.city, cast.county, cast.mill, cast.school], due=-1)
    hand_in(cast.clerk, world.submission(cast.mill))
    tally = tally_of(cast.county_reviewer, cast.county, world)
    assert (tally.late, tally.overdue, tally.waiting, tally.total) == (1, 1, 0, 2)


def test_rows_stand_as_a_tree_and_chips_add_up(cast, published):
    rows = board_of(cast.city_reviewer, cast.city, published).of(published.form)
    assert [(row.union.code, row.depth) for row in rows] == [("D1", 0), ("K1", 0), ("G1", 1), ("G2", 1)]
    states, marks = boards.chips(rows, "")
    assert states[0].count == sum(chip.count for chip in states[1:]) == 4
    assert [chip.count for chip in marks] == [0, 0, 0]


def test_filters_narrow_the_rows(cast, published):
    hand_in(cast.clerk, published.submission(cast.mill))
    rows = board_of(cast.county_reviewer, cast.county, published).of(published.form)
    assert [r.union.code for r in boards.chosen(rows, missing_only=True)] == ["G2"]
    assert [r.union.code for r in boards.chosen(rows, state="submitted")] == ["G1"]
    assert [r.union.code for r in boards.chosen(rows, text="实验小学")] == ["G2"]
    assert boards.chosen(rows, text="没有这家") == []
    assert boards.chosen(rows, under="0") == []
    assert [r.union.code for r in boards.chosen(rows, under=str(cast.mill.pk))] == ["G1"]


def test_the_board_is_along_the_line_only(client, cast, published):
    page = log_in(client, cast.county_reviewer).get(reverse("board_deliverable", args=[published.form.pk]))
    assert [line["row"].union.code for line in page.context["lines"]] == ["G1", "G2"]
    assert log_in(client, cast.stranger).get(reverse("board_deliverable", args=[published.form.pk])).status_code == 404


def test_an_empty_board_says_so(client, cast):
    page = log_in(client, cast.city_reviewer).get(reverse("board"))
    assert (page.status_code, page.templates[0].name) == (200, "reporting/board_empty.html")


def test_a_clerk_has_no_board(client, clerk, published):
    assert log_in(client, clerk).get(reverse("board")).status_code == 403


@pytest.mark.parametrize("query", ["?state=draft", "?q=青岬", "?missing=1", "?state=nonsense", "?page=9", "?union=x"])
def test_filters_from_the_address_are_harmless(client, cast, published, query):
    assert log_in(client, cast.city_reviewer).get(reverse("board") + query).status_code == 200


def test_the_number_of_queries_does_not_grow(
    client, cast, shaanxi, django_assert_num_queries, django_assert_max_num_queries
):
    schools = many_schools(cast, 3)
    world = publish(cast, form_version=shaanxi, unions=[cast.city, cast.county, *schools])
    clerk = type(cast.school_clerk).objects.get(pk=cast.school_clerk.pk)
    hand_in(clerk, world.submission(schools[0]))
    log_in(client, cast.city_reviewer).get(reverse("board"))
    with django_assert_max_num_queries(40) as first:
        client.get(reverse("board"))
    for school in schools[1:]:
        hand_in(clerk, world.submission(school))
    with django_assert_num_queries(len(first.captured_queries)):
        client.get(reverse("board"))
