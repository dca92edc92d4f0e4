"""What is published is what was looked at: an origin that says something else by then is not published."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from beneficiaries import actions
from beneficiaries.dossiers.intake import Faults
from beneficiaries.enums import HardshipClass, PayoutState
from beneficiaries.models import Dossier, Payout, PayoutLine, PayoutReversal
from relief.lib import clock
from tests.beneficiaries.payouts.test_kept_papers import listed, sent
from tests.beneficiaries.test_public_lists import noon, prepare, standard, visited  # noqa: F401 - fixtures
from unions.policy import Refused

pytestmark = pytest.mark.django_db


def refusal_of(cast, made) -> str:
    with pytest.raises(Refused) as refused:
        actions.publish_list(by=cast.approver, public_list=made, version=1)
    return refused.value.reason


def test_a_file_with_another_class_by_now_is_not_published(cast, visited):  # noqa: F811
    made = prepare(cast, visited)
    Dossier.objects.filter(pk=visited.pk).update(hardship_class=HardshipClass.NONE)
    assert refusal_of(cast, made) == f"名单里有拟好以后改过的：{visited.number}，没有发布。"


def test_an_amount_that_was_changed_since_is_not_published(till):
    [payout] = sent(till, till.named())
    today = clock.today()
    made = actions.prepare_list(
        by=till.cast.clerk, union=till.cast.mill, title="发放公示", starts_on=today, contact="工会办公室",
        ends_on=today + datetime.timedelta(days=20), payouts=[payout], with_amount=True, amount_basis="办法第八条",
    )  # fmt: skip
    PayoutLine.objects.filter(payout=payout).update(amount=Decimal("1.23"))
    assert refusal_of(till.cast, made) == f"名单里有拟好以后改过的：{payout.number}，没有发布。"


def test_what_was_taken_back_is_neither_listed_nor_published(till):
    [payout] = sent(till, till.named())
    made = listed(till.cast, payout)
    Payout.objects.filter(pk=payout.pk).update(state=PayoutState.PAID, paid_on=clock.today())
    PayoutReversal.objects.create(
        payout=payout, reversed_on=clock.today(), reason="重复", proposed_by=till.cast.cashier,
        proposed_at=clock.db_now(), confirmed_by=till.cast.approver, confirmed_at=clock.db_now(),
    )  # fmt: skip
    assert refusal_of(till.cast, made) == f"名单里有已经退回、冲正、注销或转走的：{payout.number}，没有发布。"
    payout.refresh_from_db()
    with pytest.raises(Faults) as refused:
        listed(till.cast, payout)
    assert refused.value.errors == {"chosen": f"{payout.number}：已经冲正，不能公示。"}
