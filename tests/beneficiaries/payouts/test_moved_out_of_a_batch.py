"""Whoever typed into a batch stays its typist when a line is moved out of it, and when the batch is gone (R-09)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from beneficiaries.actions import (
    add_recipients,
    delete_batch,
    drop_lines,
    plan_payouts,
    review_payouts,
    set_amounts,
)
from beneficiaries.models import Payout
from tests.beneficiaries.payouts.test_batches import now, opened, workers
from unions.actions import grant_post
from unions.enums import Role
from unions.idempotency import new_key
from unions.models import Person
from unions.policy import Refused


def moved_out(till):
    """A line that the clerk typed, another clerk changed and moved out, and the clerk may now review by post."""
    cast, batch = till.cast, opened(till)
    add_recipients(by=cast.clerk, batch=batch, recipients=workers(1))
    payout = batch.payouts.get()
    batch = now(batch)
    set_amounts(by=cast.second_clerk, batch=batch, version=batch.version, amounts={payout.pk: Decimal("160.00")})
    batch = now(batch)
    drop_lines(by=cast.second_clerk, batch=batch, version=batch.version, payouts=[payout.pk])
    grant_post(by=None, person=cast.clerk, union=cast.mill, role=Role.REVIEW)
    return now(batch), Payout.objects.get(pk=payout.pk)


def reviewed(till, payout):
    plan_payouts(by=till.cast.second_clerk, payouts=[(payout, payout.version)], key=new_key())
    payout = Payout.objects.get(pk=payout.pk)
    return review_payouts(
        by=Person.objects.get(pk=till.cast.clerk.pk), payouts=[(payout, payout.version)], key=new_key()
    )


def test_the_typist_does_not_review_a_line_that_was_moved_out(till):
    _, payout = moved_out(till)
    assert (payout.batch, payout.entered_by) == (None, till.cast.second_clerk)
    with pytest.raises(Refused, match="是您录入或修改过的"):
        reviewed(till, payout)


def test_nor_when_the_batch_has_been_deleted_since(till):
    batch, payout = moved_out(till)
    delete_batch(by=till.cast.second_clerk, batch=batch, version=batch.version)
    with pytest.raises(Refused, match="是您录入或修改过的"):
        reviewed(till, payout)
