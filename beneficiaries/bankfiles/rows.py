"""Lines of bank files as the screen may show them: masked on the server (R-30)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from beneficiaries.enums import PayoutState
from beneficiaries.models import Payout
from beneficiaries.payouts.rows import state_of
from relief.lib import idnumber


@dataclass(frozen=True)
class BankLineRow:
    """One line: whose it is by number and tail of the account, and where its payout stands now."""

    pk: int
    serial: int
    number: str
    name: str
    tail: str
    amount: Decimal
    state: str
    state_label: str
    note: str

    @property
    def edge(self) -> str:
        return "row-bad edge-bad" if self.state == PayoutState.FAILED else ""


def bank_line_row(payout: Payout, amount: Decimal, serial: int, release: str) -> BankLineRow:
    """The line masked; a payout that was sent back and goes its way anew says so instead of its state."""
    state, label = state_of(payout)
    again = payout.receipt != release
    return BankLineRow(
        pk=payout.pk,
        serial=serial,
        number=payout.number,
        name=idnumber.mask_name(payout.recipient),
        tail=f"尾号 {idnumber.mask_card(payout.card_number)[-4:]}" if payout.card_number else "没有账号",
        amount=amount,
        state="" if again else state,
        state_label="已退回重办" if again else label,
        note="" if again else payout.failure,
    )
