"""Visits to households and enterprises: what is recorded, what is refused, who sees them."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries import actions
from beneficiaries.dossiers import queries as dossier_queries
from beneficiaries.dossiers.intake import Faults
from beneficiaries.models import Dossier, SubsistenceStandard, Visit, VisitPlan
from relief.lib import clock
from tests.beneficiaries import households as made
from tests.beneficiaries.test_dossier_pages import queries
from tests.cast import log_in
from unions.models import AuditEvent
from unions.policy import Refused, Stale


@pytest.fixture
def dossier(cast, clerk, mill):
    return made.draft(clerk, mill)


def record(by, union, **given) -> Visit:
    typed = {"campaign": None, "kind": "enterprise", "visited_on": clock.today(), "enterprise": "青岬纺织厂"} | given
    return actions.record_visit(by=by, union=union, **typed)


def test_a_household_and_an_enterprise_are_visited(clerk, mill, dossier):
    home = record(clerk, mill, kind="household", dossier=dossier, enterprise="", with_relief=True, note="孩子升高一")
    firm = record(clerk, mill, in_difficulty=True, persons=3, leader="沈国平")
    assert (home.dossier, home.enterprise, home.in_difficulty, home.with_relief) == (dossier, "", False, True)
    assert (firm.dossier, firm.enterprise, firm.in_difficulty, firm.persons) == (None, "青岬纺织厂", True, 3)
    assert list(AuditEvent.objects.filter(act="visit.record").values_list("detail", flat=True)) == [
        {"kind": "household", "on": str(clock.today())},
        {"kind": "enterprise", "on": str(clock.today())},
    ]


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"kind": "household", "dossier": None}, {"dossier": "请选择走访的家庭；还没有建档的，先新建档案。"}),
        ({"enterprise": " "}, {"enterprise": "请填写企业名称。"}),
        ({"persons": 0}, {"persons": "走访人数应是 1 至 200 人。"}),
        ({"kind": "ship"}, {"kind": "请选择走访对象：家庭或企业。"}),
        ({"note": "多" * 501}, {"note": "最多 500 个字，请缩短。"}),
    ],
)
def test_a_wrong_entry_is_named(clerk, mill, given, errors):
    with pytest.raises(Faults) as faults:
        record(clerk, mill, **given)
    assert faults.value.errors == errors
    assert not Visit.objects.exists()


def test_a_day_to_come_is_refused(clerk, mill):
    with pytest.raises(Faults) as faults:
        record(clerk, mill, visited_on=clock.today() + datetime.timedelta(days=1))
    assert faults.value.errors == {"visited_on": "走访日期在今天之后，请填写已经走访的日期。"}


def test_a_household_out_of_reach_cannot_be_named(school_clerk, school, dossier):
    with pytest.raises(Faults) as faults:
        record(school_clerk, school, kind="household", dossier=dossier)
    assert faults.value.errors == {"dossier": "找不到这份档案，请从列表里选择。"}


def test_nobody_records_for_another_union(school_clerk, mill):
    with pytest.raises(Refused) as refusal:
        record(school_clerk, mill)
    assert refusal.value.reason == "“登记走访”由青岬县第一中学工会的填报办理，您在该工会没有这个岗位。"


def test_a_voided_visit_stays_and_counts_no_more(clerk, mill):
    visit = record(clerk, mill)
    with pytest.raises(Stale):
        actions.void_visit(by=clerk, visit=visit, version=visit.version + 1)
    gone = actions.void_visit(by=clerk, visit=visit, version=visit.version)
    assert (Visit.objects.count(), Visit.objects.counting().count()) == (1, 0)
    with pytest.raises(Refused) as refusal:
        actions.void_visit(by=clerk, visit=gone, version=gone.version)
    assert refusal.value.reason == "这条走访记录已经作废。"


def test_visits_are_recorded_over_the_pages(client, clerk, mill, dossier):
    log_in(client, clerk)
    typed = {"dossier": dossier.pk, "visited_on": clock.today(), "persons": "2", "with_relief": "on", "note": "已慰问"}
    assert client.post(reverse("visit_household"), typed).url == reverse("visit_list")
    typed = {"enterprise": "青岬纺织厂", "visited_on": clock.today(), "persons": "2", "again": "1"}
    assert client.post(reverse("visit_enterprise"), typed).url == reverse("visit_enterprise")
    text = client.get(reverse("visit_list")).content.decode()
    assert ("唐*远" in text, "唐志远" in text, "青岬纺织厂" in text) == (True, False, True)
    answer = client.post(reverse("visit_void", args=[Visit.objects.get(kind="enterprise").pk]), {"version": "1"})
    assert answer.status_code == 302
    assert client.get(reverse("visit_list")).context["total"] == 1


def test_a_form_sent_twice_is_one_visit(client, clerk):
    """A phone on a bad line sends again what the server already has."""
    page = log_in(client, clerk).get(reverse("visit_enterprise"))
    typed = {"enterprise": "青岬纺织厂", "visited_on": clock.today(), "persons": "2"}
    typed["request_key"] = page.context["request_key"]
    answers = [client.post(reverse("visit_enterprise"), typed).status_code for _ in range(2)]
    assert (answers, Visit.objects.count()) == ([302, 302], 1)
    other = client.post(reverse("visit_enterprise"), typed | {"enterprise": "青岬制衣厂"})
    assert (other.status_code, Visit.objects.count()) == (422, 1)


def test_a_form_with_errors_keeps_what_was_typed(client, clerk):
    tomorrow = clock.today() + datetime.timedelta(days=1)
    typed = {"enterprise": "青岬纺织厂", "visited_on": tomorrow, "persons": "2"}
    answer = log_in(client, clerk).post(reverse("visit_enterprise"), typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert ("走访日期在今天之后" in text, 'value="青岬纺织厂"' in text) == (True, True)


@pytest.mark.parametrize(("name", "count"), [("clerk", 1), ("reviewer", 1), ("county_clerk", 0), ("stranger", 0)])
def test_visits_are_seen_by_their_union(client, cast, name, count):
    record(cast.clerk, cast.mill)
    assert len(log_in(client, getattr(cast, name)).get(reverse("visit_list")).context["rows"]) == count


def test_a_visit_out_of_reach_is_unknown(client, cast):
    visit = record(cast.clerk, cast.mill)
    answer = log_in(client, cast.school_clerk).post(reverse("visit_void", args=[visit.pk]), {"version": "1"})
    assert answer.status_code == 404


def test_the_list_costs_the_same_for_one_and_three(client, clerk, mill, dossier):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("visit_list")).status_code == 200
        return len(captured)

    log_in(client, clerk)
    record(clerk, mill, kind="household", dossier=dossier)
    one = queries()
    record(clerk, mill)
    record(clerk, mill, kind="household", dossier=dossier)
    assert queries() == one


def test_an_empty_list_says_what_to_do(client, clerk):
    text = log_in(client, clerk).get(reverse("visit_list")).content.decode()
    assert "走访回来，记下去了哪家、哪一天、有没有带慰问款物。" in text


# ---------------------------------------------------------------- plans and the day's list


def plan(cast, *dossiers, **more):
    given = {"planned_on": clock.today(), "route": "第 2 路", "leader": "沈国平", "dossiers": dossiers, **more}
    return actions.plan_visits(by=cast.clerk, union=cast.mill, **given)


def test_a_plan_is_walked_stop_by_stop(client, cast, clerk, mill):
    first, second = (made.draft(clerk, mill, id_number=made.number(1970 + n, 9)) for n in range(2))
    made_plan = plan(cast, second, first)
    log_in(client, clerk)
    (route,) = client.get(reverse("visit_today")).context["routes"]
    assert ([stop["number"] for stop in route["stops"]], route["done"]) == ([second.number, first.number], 0)
    stop = made_plan.stops.get(place=1)
    url = f"{reverse('visit_household')}?stop={stop.pk}"
    assert client.get(url).context["form"].initial["dossier"] == second.pk
    given = {
        "dossier": second.pk,
        "visited_on": clock.today().isoformat(),
        "met": "self",
        "changed": ["income", "school"],
        "note": "孩子今年升学",
        "persons": "2",
    }
    answer = client.post(url, given)
    assert (answer.status_code, answer.url) == (302, reverse("visit_today"))
    visit = Visit.objects.get()
    assert (visit.stop.pk, visit.met, visit.changed) == (stop.pk, "self", "income school")
    (route,) = client.get(reverse("visit_today")).context["routes"]
    assert (route["done"], route["next"]) == (1, made_plan.stops.get(place=2).pk)


def test_a_change_at_home_puts_the_file_among_the_questions(cast, clerk, mill, county):
    SubsistenceStandard.objects.create(union=county, year=clock.today().year, monthly=Decimal("780"))
    active = made.walk(cast, made.draft(clerk, mill))
    actions.record_visit(
        by=clerk,
        union=mill,
        campaign=None,
        kind="household",
        visited_on=clock.today(),
        dossier=active,
        changed=["income"],
    )
    seen = Dossier.objects.visible_to(clerk)
    assert list(dossier_queries.filtered(seen, "news")) == [active]
    now = Dossier.objects.get(pk=active.pk)
    actions.record_review(by=clerk, dossier=now, version=now.version, outcome="still", text="收入仍低于标准")
    assert list(dossier_queries.filtered(seen, "news")) == []


def test_a_plan_says_day_and_households(cast, clerk, mill):
    dossier = made.draft(clerk, mill)
    with pytest.raises(Faults) as refused:
        plan(cast, planned_on=clock.today() - datetime.timedelta(days=1))
    assert refused.value.errors == {
        "planned_on": "走访日期应在今天到 90 天以内。",
        "dossiers": "请从列表里选 1 至 30 家。",
    }
    gone = plan(cast, dossier)
    actions.cancel_plan(by=clerk, plan=gone, version=1)
    assert VisitPlan.objects.filter(cancelled_at__isnull=True).count() == 0


def test_the_pages_of_the_plan(client, cast, clerk, mill, school_clerk):
    log_in(client, clerk)
    assert "今天没有安排走访" in client.get(reverse("visit_today")).content.decode()
    dossier = made.draft(clerk, mill)
    given = {
        "planned_on": clock.today().isoformat(),
        "route": "第 1 路",
        "leader": "沈国平",
        "dossiers": [dossier.pk],
    }
    assert client.post(reverse("visit_plan"), {**given, "dossiers": []}).status_code == 422
    assert client.post(reverse("visit_plan"), given).url == reverse("visit_today")
    client.get(reverse("visit_today"))
    one = queries(client, reverse("visit_today"))
    for n in range(2):
        plan(cast, made.draft(clerk, mill, id_number=made.number(1970 + n, 9)))
    assert (queries(client, reverse("visit_today")), VisitPlan.objects.count()) == (one, 3)
    log_in(client, school_clerk)
    cancel = reverse("visit_plan_cancel", args=[VisitPlan.objects.first().pk])
    assert (client.post(cancel).status_code, client.get(reverse("visit_today")).context["routes"]) == (404, [])
