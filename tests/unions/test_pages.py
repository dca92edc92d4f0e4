"""The pages of the tree, the audit trail and the integrity check."""

import pytest
from django.urls import reverse

from relief.lib import clock
from tests.cast import log_in
from unions import audit
from unions.actions import create_union
from unions.enums import JobState, Outcome, UnionKind
from unions.models import Job


def codes(page):
    return [row["union"].code for row in page.context["rows"]]


def test_the_tree_shows_own_line_and_subtree_with_staff(client, cast):
    page = log_in(client, cast.county_clerk).get(reverse("union_tree"))
    assert codes(page) == ["P", "C1", "K1", "G1", "G2"]
    (county,) = [row for row in page.context["rows"] if row["own"]]
    assert dict(county["staff"])["审核"] == "秦晚照"


@pytest.mark.parametrize(("words", "found"), [("实验小学", ["G2"]), ("g1", ["G1"]), ("没有这家", [])])
def test_the_tree_is_searched_by_name_and_code(client, cast, words, found):
    assert codes(log_in(client, cast.county_clerk).get(reverse("union_tree"), {"q": words})) == found


def test_the_trail_is_filtered_by_act_and_outcome(client, cast):
    audit.record_refusal(act="post.grant", by=cast.security_admin, obj=None, reason="不能给自己授岗")
    page = log_in(client, cast.audit_admin).get(
        reverse("audit_trail"), {"act": "post.grant", "outcome": Outcome.REFUSED}
    )
    assert [(row["label"], row["reason"]) for row in page.context["rows"]] == [("授岗", "不能给自己授岗")]


def test_the_trail_is_not_for_clerks(client, clerk):
    assert log_in(client, clerk).get(reverse("audit_trail")).status_code == 403


def test_findings_stand_on_the_integrity_page(client, cast):
    found = [{"check": "payout", "table": "beneficiaries_payout", "row": "FF-1", "message": "金额被改动"}]
    Job.objects.create(
        kind="verify",
        state=JobState.DONE,
        started_by=cast.system_admin,
        union=cast.province,
        created_at=clock.db_now(),
        done=3,
        total=3,
        outcome={"count": 1, "findings": found},
    )
    Job.objects.create(
        kind="verify", started_by=cast.system_admin, union=cast.province, created_at=clock.db_now(), total=3
    )
    page = log_in(client, cast.system_admin).get(reverse("integrity"))
    assert [job.outcome.get("count") for job in page.context["jobs"]] == [None, 1]


@pytest.mark.parametrize(("key", "name"), [("county_clerk", "union_tree"), ("audit_admin", "audit_trail")])
def test_the_number_of_queries_does_not_grow(
    client, cast, key, name, django_assert_num_queries, django_assert_max_num_queries
):
    log_in(client, getattr(cast, key)).get(reverse(name))
    with django_assert_max_num_queries(20) as first:
        client.get(reverse(name))
    for place in range(3):
        create_union(
            by=None, code=f"X{place}", name=f"第{place}小学工会", kind=UnionKind.GRASSROOTS, parent=cast.county
        )
    with django_assert_num_queries(len(first.captured_queries)):
        client.get(reverse(name))
