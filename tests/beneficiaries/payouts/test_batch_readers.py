"""A batch shows each reader the lines of that reader, and a step takes the lines that are routed to the person."""

import pytest
from django.urls import reverse

from beneficiaries.actions import add_recipients, plan_batch, return_batch, review_batch
from beneficiaries.actions.batch_papers import take_list
from beneficiaries.actions.batch_steps import control
from beneficiaries.models import Payout
from beneficiaries.signlists import payout_list
from tests.beneficiaries.payouts.test_batches import opened, states, step, workers
from tests.cast import log_in
from unions.idempotency import new_key
from unions.models import AuditEvent


@pytest.fixture
def batch(till, cast):
    """Three planned lines; the last is reviewed and approved by the county, the others by the mill."""
    batch = opened(till)
    add_recipients(by=cast.clerk, batch=batch, recipients=workers(3))
    step(plan_batch, cast.clerk, batch, "plan")
    last = batch.payouts.order_by("pk").last()
    Payout.objects.filter(pk=last.pk).update(review_union=cast.county, approve_union=cast.county)
    return batch


def lines(client, batch) -> list[str]:
    page = client.get(reverse("batch_detail", args=[batch.pk]))
    return [line.row.number for line in page.context["lines"].rows]


def test_a_reader_above_sees_only_the_lines_routed_there(batch, client, cast):
    last = batch.payouts.order_by("pk").last()
    assert lines(log_in(client, cast.county_reviewer), batch) == [last.number]
    assert control(batch, "review", cast.county_reviewer).count == 1


def test_drafts_that_went_back_are_of_the_keeping_union_alone(batch, client, cast):
    rows = list(batch.payouts.order_by("pk"))
    Payout.objects.filter(pk=rows[1].pk).update(review_union=cast.county)
    seen = control(batch, "return", cast.county_reviewer).token
    return_batch(by=cast.county_reviewer, batch=batch, seen=seen, reason="金额不符", only=[rows[2].pk])
    assert lines(log_in(client, cast.county_reviewer), batch) == [rows[1].number]
    assert lines(log_in(client, cast.clerk), batch) == [row.number for row in rows]


def test_each_union_takes_its_own_lines(batch, client, cast):
    for person, count in ((cast.reviewer, 2), (cast.county_reviewer, 1)):
        page = log_in(client, person).get(reverse("batch_detail", args=[batch.pk]))
        assert [(ahead.key, ahead.count, ahead.allowed) for ahead in page.context["ahead"]][0] == (
            "review",
            count,
            True,
        )
        seen = control(batch, "review", person).token
        review_batch(by=person, batch=batch, seen=seen, key=new_key())
    assert (states(batch), batch.payouts.filter(reviewed_by=None).count()) == (["planned"] * 3, 0)


def test_the_paper_of_a_batch_holds_the_lines_of_the_reader_alone(batch, cast):
    whole = payout_list(batch, paper="list", by=cast.clerk, full=False)
    part = payout_list(batch, paper="list", by=cast.county_reviewer, full=False)
    assert (whole.count, part.count, part.total * 3) == (3, 1, whole.total)
    assert ("只列出本人可以查看的 1 笔，本批共 3 笔" in part.foot, "只列出" in whole.foot) == (True, False)
    take_list(by=cast.county_reviewer, batch=batch, paper="list", kind="xlsx", full=False)
    assert AuditEvent.objects.filter(act="batch.list").last().detail["count"] == 1
