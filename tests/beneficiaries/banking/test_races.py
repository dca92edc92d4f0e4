"""Twenty cashiers at once, with real threads: one file per release, one recording per answer, whole control totals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from beneficiaries.actions.banking import make_bank_files, record_result
from beneficiaries.bankfiles.facts import planned, seen_digest
from beneficiaries.models import BankFile, BankFileLine, BankResult
from tests.beneficiaries.banking.conftest import DAY, GENERIC, Desk
from tests.beneficiaries.payouts.conftest import fresh, make_till
from tests.beneficiaries.payouts.test_races import MANY, at_once
from tests.cast import build
from unions.models import AuditEvent

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def desk() -> Desk:
    return Desk(make_till(build()))


def test_twenty_files_for_one_release_are_one(desk):
    payouts, cashier = desk.released(2), desk.cast.cashier

    def make(number: int):
        given = {"payouts": payouts, "layout": GENERIC, "count": 2, "total": Decimal("300.00")}
        return make_bank_files(by=cashier, key=f"click-{number}", **given)

    answers, told = at_once(make)
    assert (len(answers), len(told)) == (1, MANY - 1)
    assert set(told) == {"这几笔里有的已经做过银行文件，没有再做。同一笔再交给银行一次，可能付两次。"}
    assert (BankFile.objects.count(), BankFileLine.objects.count()) == (1, 2)
    assert AuditEvent.objects.filter(act="bank.make").count() == 1


def test_twenty_recordings_of_one_answer_are_one(desk):
    payouts, cashier = desk.released(2), desk.cast.cashier
    (made,) = desk.file(payouts)
    result = desk.read(made, desk.answer(made, {2: "账户已销户"}))
    seen = seen_digest(result, planned(result))

    def record(number: int):
        mine = BankResult.objects.select_related("bank_file__union").get(pk=result.pk)
        return record_result(by=cashier, result=mine, paid_on=DAY, seen=seen, partial=False, key=f"click-{number}")

    answers, told = at_once(record)
    assert (len(answers), set(told)) == (1, {"这份结果已经登记过，没有重复登记。"})
    assert [fresh(payout).state for payout in payouts] == ["paid", "failed"]
    assert AuditEvent.objects.filter(act__in=("payout.settle", "payout.fail")).count() == 2
