"""Released card payouts of the mill, ready for the bank."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from beneficiaries import actions
from beneficiaries.actions.banking import keep_result, make_bank_files, record_result
from beneficiaries.bankfiles.facts import examined, planned, seen_digest
from beneficiaries.banking import Layout, shipped
from beneficiaries.models import BankFile, BankResult, Payout
from tests.beneficiaries.banking.answers import CARDS, xlsx
from tests.beneficiaries.payouts.conftest import DAY, fresh, line, make_till, number_of, pairs
from tests.beneficiaries.payouts.test_steps import to_released

NAMES = ("魏建国", "孟广田", "秦怀远", "罗素云", "贺长青")
HEAD = ["序号", "账号", "户名", "金额", "处理结果", "失败原因"]
GENERIC = shipped()["generic"]


@dataclass
class Desk:
    """The cashier's desk of the mill."""

    till: Any

    @property
    def cast(self) -> Any:
        return self.till.cast

    def released(self, count: int = 3, *, start: int = 60, **more: Any) -> list[Payout]:
        """Released card payouts from own dues: 100, 200, 300 … yuan."""
        payouts = [
            self.till.named(
                start + at,
                [line("own_union", "card", f"{100 * (at + 1)}.00")],
                **{"recipient": NAMES[at % 5], "card_number": CARDS[at % 3], "bank": "云岭银行青岬支行", **more},
            )
            for at in range(count)
        ]
        to_released(self.cast, *payouts)
        return [fresh(payout) for payout in payouts]

    def file(self, payouts: list[Payout], layout: Layout = GENERIC, key: str = "make") -> list[BankFile]:
        total = sum((each.amount for payout in payouts for each in payout.lines.all()), Decimal(0))
        return make_bank_files(
            by=self.cast.cashier, payouts=payouts, layout=layout, count=len(payouts), total=total, key=key
        )

    def answer(self, bank_file: BankFile, failed: dict[int, str], *, leave: tuple[int, ...] = ()) -> bytes:
        """The bank's answer to a file: every line succeeded but those that failed; some lines left out."""
        rows = [
            [
                each.serial,
                each.payout.card_number,
                each.payout.recipient,
                each.amount,
                "失败" if each.serial in failed else "成功",
                failed.get(each.serial),
            ]
            for each in bank_file.lines.select_related("payout")
            if each.serial not in leave
        ]
        return xlsx([HEAD, *rows])

    def read(self, bank_file: BankFile, data: bytes) -> BankResult:
        control, _ = examined(bank_file, data)
        return keep_result(by=self.cast.cashier, bank_file=bank_file, data=data, control=control)

    def record(self, result: BankResult, *, partial: bool = False, key: str = "record", **more: Any) -> dict[str, int]:
        given = {"by": self.cast.cashier, "paid_on": DAY, "seen": seen_digest(result, planned(result)), **more}
        return record_result(result=result, partial=partial, key=key, **given)


@pytest.fixture
def desk(cast) -> Desk:
    return Desk(make_till(cast))


def release_again(desk: Desk, payout: Payout, key: str = "again") -> None:
    actions.release_payouts(by=desk.cast.cashier, payouts=pairs(payout), key=key)


__all__ = ["DAY", "GENERIC", "Desk", "fresh", "number_of", "release_again"]
