"""The first page: what waits for each role, and the next date when nothing does."""

import datetime

import pytest
from django.urls import reverse

from campaigns import actions as campaign_actions
from campaigns.models import Deliverable, Notice
from relief.lib import clock
from reporting import actions, todos
from reporting.boards import review_queue
from reporting.figures import sheet_of
from reporting.models import Submission
from reporting.views.home import running
from tests.cast import CAST, log_in
from tests.reporting.conftest import publish
from unions.actions import create_union, grant_post
from unions.enums import Role, UnionKind
from unions.idempotency import new_key

NOW = datetime.datetime(2024, 2, 20, 2, 0, tzinfo=datetime.UTC)


def hand_in(by, submission):
    return actions.hand_in(by=by, submission=submission, version=submission.version, key=new_key())


def send_back(by, submission, reason):
    submission = Submission.objects.get(pk=submission.pk)
    submission = actions.open_review(by=by, submission=submission, version=submission.version)
    return actions.return_submission(by=by, submission=submission, version=submission.version, reason=reason)


def titles(person):
    return [(todo.title, todo.verb) for todo in todos.todos_of(person, clock.db_now())]


@pytest.mark.parametrize("key", [key for key, *_ in CAST])
def test_every_role_has_a_first_page(client, cast, published, key):
    response = log_in(client, getattr(cast, key)).get(reverse("home"))
    assert response.status_code == 200


def test_a_clerk_acknowledges_then_fills_in(cast, published):
    assert titles(cast.clerk) == [
        ("签收通知", "阅读并签收"),
        ("送温暖统计表", "开始填报"),
        ("送温暖活动报告", "开始填报"),
    ]
    notice = Notice.objects.get(campaign=published.campaign)
    campaign_actions.acknowledge(by=cast.clerk, notice=notice, union=cast.mill)
    hand_in(cast.clerk, published.submission(cast.mill))
    assert titles(cast.clerk) == [("送温暖活动报告", "开始填报")]


def test_a_returned_form_quotes_the_reason(cast, published):
    submission = published.submission(cast.mill)
    hand_in(cast.clerk, submission)
    send_back(cast.county_reviewer, submission, "请核对返乡人次")
    (todo,) = [t for t in todos.todos_of(cast.clerk, clock.db_now()) if t.verb == "修改并重报"]
    assert (todo.title, todo.quote) == ("送温暖统计表被退回", "秦晚照：“请核对返乡人次”")


def test_a_reviewer_sees_the_oldest_first(cast, published):
    hand_in(cast.school_clerk, published.submission(cast.school))
    hand_in(cast.clerk, published.submission(cast.mill))
    assert [s.union for s in review_queue(cast.county_reviewer)] == [cast.school, cast.mill]
    assert review_queue(cast.city_reviewer) == []


def test_a_missing_reviewer_moves_the_step_up(cast, published):
    hand_in(cast.museum_clerk, published.submission(cast.museum))
    assert [s.union for s in review_queue(cast.city_reviewer)] == [cast.museum]


@pytest.mark.parametrize(
    ("due", "group"),
    [
        (None, "open"),
        (NOW, "late"),
        (clock.end_of_day(datetime.date(2024, 2, 20)), "soon"),
        (clock.end_of_day(datetime.date(2024, 2, 21)), "soon"),
        (clock.end_of_day(datetime.date(2024, 2, 22)), "week"),
        (clock.end_of_day(datetime.date(2024, 2, 25)), "week"),
        (clock.end_of_day(datetime.date(2024, 2, 26)), "later"),
    ],
)
def test_urgency_goes_by_calendar_days(due, group):
    assert todos.urgency(due, NOW) == group


def test_nothing_to_do_names_the_next_date(client, cast, shaanxi):
    world = publish(cast, form_version=shaanxi, unions=[cast.city, cast.county, cast.mill], opens=3)
    notice = Notice.objects.get(campaign=world.campaign)
    campaign_actions.acknowledge(by=cast.clerk, notice=notice, union=cast.mill)
    page = log_in(client, cast.clerk).get(reverse("home"))
    assert page.context["groups"] == []
    assert page.context["next"] == ("送温暖统计表开放填报", world.submission(cast.mill).addressee.opens_at)


def test_progress_adds_up_to_the_form(client, cast, published):
    page = log_in(client, cast.clerk).get(reverse("home"))
    assert page.context["sheet"]["total"] == len(sheet_of(published.submission(cast.mill)).spec.items)


def test_administrators_see_no_figures(client, cast, published):
    page = log_in(client, cast.system_admin).get(reverse("home"))
    assert page.templates[0].name == "reporting/home_admin.html"
    assert page.context["union_count"] == 8


def many_schools(cast, number):
    """A county with so many schools, each with a clerk."""
    found = []
    for place in range(number):
        union = create_union(
            by=None, code=f"X{place}", name=f"青岬县第{place}小学工会", kind=UnionKind.GRASSROOTS, parent=cast.county
        )
        grant_post(by=None, person=cast.school_clerk, union=union, role=Role.ENTER)
        found.append(union)
    return found


@pytest.mark.parametrize("key", ["county_reviewer", "city_reviewer", "school_clerk", "organiser"])
def test_the_number_of_queries_does_not_grow(
    client, cast, shaanxi, key, django_assert_max_num_queries, django_assert_num_queries
):
    schools = many_schools(cast, 3)
    world = publish(cast, form_version=shaanxi, unions=[cast.city, cast.county, cast.mill, cast.school, *schools])
    clerk = type(cast.school_clerk).objects.get(pk=cast.school_clerk.pk)
    hand_in(clerk, world.submission(schools[0]))
    log_in(client, getattr(cast, key)).get(reverse("home"))
    with django_assert_max_num_queries(80) as first:
        client.get(reverse("home"))
    for school in schools[1:]:
        hand_in(clerk, world.submission(school))
    with django_assert_num_queries(len(first.captured_queries)):
        client.get(reverse("home"))


def test_a_planned_day_that_is_over_is_told_and_no_deadline():
    assert todos.planned_words("慰问发放", datetime.date(2024, 2, 19), "最早计划", NOW) == (
        "慰问发放，最早计划 2024年2月19日",
        None,
    )
    assert todos.planned_words("慰问发放", datetime.date(2024, 2, 20), "最早计划", NOW) == (
        "慰问发放",
        clock.end_of_day(datetime.date(2024, 2, 20)),
    )


@pytest.mark.parametrize(("day", "shown"), [(1, "old"), (9, "old"), (11, "new"), (40, "new")])
def test_the_first_page_shows_the_campaign_that_is_due_next(day, shown):
    """A campaign published for later does not push the running one off the page; when all is over the newest stands."""
    start = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
    due = {"new": (2, 30), "old": (1, 10)}
    tracked = [
        Deliverable(key=key, campaign_id=campaign, opens_at=start, due_at=start + datetime.timedelta(days=last))
        for key, (campaign, last) in due.items()
    ]
    assert running(tracked, start + datetime.timedelta(days=day)).key == shown
