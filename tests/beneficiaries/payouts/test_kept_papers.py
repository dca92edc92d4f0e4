"""A draft that stands on a public list is not deleted, and one that was sent off is not deleted with its batch."""

from __future__ import annotations

import datetime

import pytest

from beneficiaries import actions
from beneficiaries.models import Payout
from relief.lib import clock
from tests.beneficiaries.payouts.conftest import fresh, pairs
from tests.beneficiaries.payouts.test_batches import now, opened, workers
from unions.policy import Refused

pytestmark = pytest.mark.django_db


def listed(cast, *payouts):
    """A list that waits for the approver, of payouts that were sent off."""
    today = clock.today()
    return actions.prepare_list(
        by=cast.clerk, union=cast.mill, title="发放公示", starts_on=today, ends_on=today + datetime.timedelta(days=20),
        contact="工会办公室", payouts=payouts,
    )  # fmt: skip


def sent(till, *payouts):
    """The payouts after the clerk sent them to review."""
    actions.plan_payouts(by=till.cast.clerk, payouts=pairs(*payouts), key="plan")
    return [fresh(each) for each in payouts]


def returned(till, *payouts):
    actions.return_payouts(by=till.cast.reviewer, payouts=pairs(*payouts), reason="金额待核")
    return [fresh(each) for each in payouts]


def test_a_listed_draft_is_not_deleted(till):
    [payout] = sent(till, till.named())
    listed(till.cast, payout)
    [draft] = returned(till, payout)
    with pytest.raises(Refused) as refusal:
        actions.delete_draft(by=till.cast.clerk, payout=draft, version=draft.version)
    assert refusal.value.reason == f"发放 {payout.number} 列入过公示名单，不能删除。"
    assert Payout.objects.filter(pk=payout.pk).count() == 1


def test_a_listed_line_is_not_deleted_with_its_batch(till):
    batch, cast = opened(till), till.cast
    actions.add_recipients(by=cast.clerk, batch=batch, recipients=workers(2))
    rows = sent(till, *batch.payouts.order_by("pk"))
    listed(cast, *rows)
    returned(till, *rows)
    with pytest.raises(Refused) as refusal:
        actions.drop_lines(by=cast.clerk, batch=batch, version=now(batch).version, payouts=[rows[0].pk], keep=False)
    assert refusal.value.reason == "选中的行里有列入过公示名单的，不能删除。"
    assert batch.payouts.count() == 2


def test_a_list_of_returned_payouts_is_not_published(till):
    rows = sent(till, till.named())
    found = listed(till.cast, *rows)
    returned(till, *rows)
    with pytest.raises(Refused) as refusal:
        actions.publish_list(by=till.cast.approver, public_list=found, version=1)
    assert refusal.value.reason == f"名单里有已经退回、冲正、注销或转走的：{rows[0].number}，没有发布。"
