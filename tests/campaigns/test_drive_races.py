"""Many hands on one remittance and on the last money of a drive: one confirms, and no more is kept or sent than is there."""

from __future__ import annotations

from decimal import Decimal

import pytest

from campaigns import actions
from campaigns.models import FundsRaised, Remittance
from campaigns.standings import standing
from tests.beneficiaries.payouts.test_fund_races import at_once
from tests.campaigns.drive import collect, confirm, keep, open_drive, remit
from tests.campaigns.stage import day
from tests.cast import build
from unions.models import AuditEvent
from unions.verifiers import audit_chain

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
MANY = 10


def test_one_of_many_confirmations_counts():
    cast = build()
    drive = open_drive(cast)
    collect(cast, drive)
    row = remit(cast, drive)
    back = lambda: actions.return_remittance(by=cast.county_clerk, remittance=row, version=1, reason="错").pk  # noqa: E731

    def undo() -> int:
        values = {"reason": "错", "reversed_on": day("2024-01-10")}
        return actions.reverse_remittance(by=cast.clerk, remittance=row, **values).pk

    answers, told = at_once([lambda: confirm(cast, row).pk] * MANY + [back] * MANY + [undo] * 2)
    now = Remittance.objects.get(pk=row.pk)
    taken_back = Remittance.objects.filter(reverses=row).count()
    # a reversal may follow a return, never a confirmation
    assert (now.version, taken_back) in {(2, 0), (1, 1), (2, 1)}
    assert (now.state, taken_back) in {("confirmed", 0), ("returned", 0), ("returned", 1), ("waiting", 1)}
    decided = AuditEvent.objects.filter(act__in=["remittance.confirm", "remittance.return"], outcome="done").count()
    assert decided == now.version - 1
    assert len(answers) == decided + taken_back
    assert len(told) == 2 * MANY + 2 - len(answers)
    assert list(audit_chain()) == []


def test_the_last_money_is_kept_or_sent_once():
    cast = build()
    drive = open_drive(cast)
    collect(cast, drive, "300.00")
    # money that was kept lets no remittance past it
    keep(cast, drive, "100.00")
    kept, sent = lambda: keep(cast, drive, "100.00").pk, lambda: remit(cast, drive, "100.00").pk
    answers, told = at_once([kept] * MANY + [sent] * MANY)
    now = standing(cast.mill, drive)
    assert (len(answers), len(told)) == (2, 2 * MANY - 2)
    assert (now.left, now.retained + now.remitted) == (Decimal("0.00"), Decimal("300.00"))
    assert FundsRaised.objects.count() + Remittance.objects.count() == 3
