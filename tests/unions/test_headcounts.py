"""Yearly head counts: entered by the union's own people, corrected, never overwritten unseen."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import log_in
from unions import actions
from unions.models import AuditEvent
from unions.policy import Stale

COUNTS = {"year": "2024", "workers": "120", "farmer_workers": "15", "help_centres": "2", "version": "0"}


def page_of(union, year=0):
    return reverse("headcount_edit", args=[union.pk, year])


def stored(union):
    return list(union.headcounts.values_list("year", "workers", "farmer_workers", "help_centres", "version"))


def test_counts_are_entered_and_corrected(client, cast):
    log_in(client, cast.clerk)
    assert "还没有登记职工人数" in client.get(reverse("headcounts")).content.decode()
    assert client.post(page_of(cast.mill), COUNTS).url == reverse("headcounts")
    page = client.get(page_of(cast.mill, 2024))
    assert page.context["form"]["help_centres"].value() == 2
    again = {**COUNTS, "workers": "130", "version": page.context["form"]["version"].value()}
    client.post(page_of(cast.mill, 2024), again)
    assert stored(cast.mill) == [(2024, 130, 15, 2, 2)]
    assert AuditEvent.objects.filter(act="union.headcount", union=cast.mill).count() == 2


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"workers": ""}, {"workers": ["请填写职工总数，没有填 0。"]}),
        ({"workers": "很多"}, {"workers": ["请填整数，例如 12。"]}),
        ({"farmer_workers": "121"}, {"farmer_workers": ["不能多于职工总数 120，请核对两个数。"]}),
        ({"help_centres": "-1"}, {"help_centres": ["不能小于 0。"]}),
        ({"year": "1899"}, {"year": ["不能小于 2000。"]}),
    ],
)
def test_wrong_counts_are_named_at_the_field(client, cast, changed, expected):
    log_in(client, cast.clerk)
    answer = client.post(page_of(cast.mill), {**COUNTS, **changed})
    assert (answer.status_code, answer.context["form"].errors, stored(cast.mill)) == (422, expected, [])


def test_a_year_that_is_there_is_shown_before_it_is_changed(client, cast):
    """The same year typed anew, and a page that another clerk was faster on, both answer with the two versions."""
    actions.set_headcount(by=cast.clerk, union=cast.mill, year=2024, workers=100, farmer_workers=15, help_centres=2)
    log_in(client, cast.clerk)
    answer = client.post(page_of(cast.mill), COUNTS)
    assert (answer.status_code, answer.context["differences"]) == (422, [("职工总数", "100", "120")])
    again = {**COUNTS, "version": answer.context["form"]["version"].value()}
    assert client.post(page_of(cast.mill), again).url == reverse("headcounts")
    assert stored(cast.mill) == [(2024, 120, 15, 2, 2)]
    with pytest.raises(Stale):
        actions.set_headcount(by=cast.clerk, union=cast.mill, year=2024, workers=1, version=1)


def test_counts_of_others_are_not_there(client, cast):
    actions.set_headcount(by=None, union=cast.mill, year=2024, workers=100)
    log_in(client, cast.school_clerk)
    assert client.get(page_of(cast.mill, 2024)).status_code == 404
    assert list(client.get(reverse("headcounts")).context["page"]) == []
    log_in(client, cast.reviewer)
    assert [row["may_change"] for row in client.get(reverse("headcounts")).context["rows"]] == [False]


def test_the_list_costs_the_same_for_one_and_for_three(client, cast):
    log_in(client, cast.county_clerk)
    actions.set_headcount(by=None, union=cast.mill, year=2024, workers=100)
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("headcounts"))
    actions.set_headcount(by=None, union=cast.mill, year=2023, workers=100)
    actions.set_headcount(by=None, union=cast.school, year=2024, workers=30)
    with CaptureQueriesContext(connection) as three:
        assert client.get(reverse("headcounts")).context["page"].paginator.count == 3
    assert len(three) == len(one)
