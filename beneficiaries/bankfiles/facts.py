"""What the database knows about bank files: payouts that wait for one, their transfers, and what an answer would do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, QuerySet

from beneficiaries.banking import Control, Layout, Transfer, match, read_result, rows_of
from beneficiaries.banking.layouts import from_json
from beneficiaries.banking.returned import FAILED, PAID, PENDING
from beneficiaries.enums import PayoutState, Route
from beneficiaries.models import BankFile, BankFileLine, BankResult, Payout, PayoutLine
from relief.lib import crypto, idnumber
from relief.lib.money import to_fen
from relief.lib.tables import Table
from unions.enums import Role
from unions.models import Person

BANK_ROUTES = (Route.CARD, Route.PASSBOOK)
NOTHING = Decimal("0.00")

SETTLE, FAIL, SAME, CONTRARY, OPEN = "settle", "fail", "same", "contrary", "open"
"""What an answer does to a line: record it, record the failure, nothing new, it contradicts, no outcome yet."""


def released_by_bank(person: Person) -> QuerySet[Payout]:
    """Payouts sent out by card or passbook that the person's unions pay out."""
    by_bank = PayoutLine.objects.filter(payout=OuterRef("pk"), route__in=BANK_ROUTES)
    return (
        Payout.objects.visible_to(person)
        .filter(state=PayoutState.RELEASED, pay_union__in=person.union_ids({Role.PAY}))
        .filter(Exists(by_bank))
    )


def waiting(person: Person) -> QuerySet[Payout]:
    """Those of `released_by_bank` that are in no file of their present release."""
    filed = BankFileLine.objects.filter(payout=OuterRef("pk"), release=OuterRef("receipt"))
    return released_by_bank(person).filter(~Exists(filed))


def with_everything(payouts: QuerySet[Payout]) -> QuerySet[Payout]:
    """With what transfers, checks and list rows read."""
    return payouts.select_related(
        "union", "paid_from", "pay_union", "campaign", "dossier", "batch"
    ).prefetch_related("lines", "reversals")  # fmt: skip


def bank_amount(payout: Payout) -> Decimal:
    """What goes through the bank: cash and goods of the same payout do not."""
    return sum((line.amount for line in payout.lines.all() if line.route in BANK_ROUTES), NOTHING)


def transfers_of(payouts: Iterable[Payout]) -> list[Transfer]:
    """One transfer per payout, in this order; accounts in the clear: only inside an audited act, or to check them."""
    return [
        Transfer(
            serial=serial,
            number=payout.number,
            account=payout.card_number,
            name=payout.recipient,
            amount=bank_amount(payout),
            bank=payout.bank,
            phone=payout.dossier.phone if payout.dossier is not None else "",
            union=payout.union.name,
            purpose=payout.get_purpose_display(),
            card=any(line.route == Route.CARD for line in payout.lines.all()),
        )
        for serial, payout in enumerate(payouts, 1)
    ]


def check_code(transfers: Iterable[Transfer]) -> str:
    """Twelve signs for the accounts, names and amounts, in whatever order: to compare page, paper and file by eye.

    Keyed, so that nobody finds an account by trying; empty where nothing goes through a bank.
    """
    said = sorted(
        [idnumber.normalise_card(each.account), "".join(each.name.split()), to_fen(each.amount)] for each in transfers
    )
    if not said:
        return ""
    digits = crypto.keyed_digest(["bank lines", len(said), sum(fen for _, _, fen in said), said])[:12].upper()
    return "-".join(digits[at : at + 4] for at in (0, 4, 8))


@dataclass(frozen=True)
class BankPart:
    """What of some payouts goes through a bank: control totals and check code."""

    count: int
    total: Decimal
    code: str


def bank_part(payouts: Iterable[Payout]) -> BankPart | None:
    """The part of the payouts that a bank file will hold; None when there is none."""
    transfers = [each for each in transfers_of(payouts) if each.amount]
    total = sum((each.amount for each in transfers), NOTHING)
    return BankPart(len(transfers), total, check_code(transfers)) if transfers else None


def content_digest(layout: Layout, transfers: Sequence[Transfer]) -> str:
    """A keyed digest of what stands in a file, line by line: tells whether the bytes made again are the same."""
    plain = [[str(value) for value in row] for row in rows_of(layout, transfers)]
    return crypto.keyed_digest([layout.kind, [column.head for column in layout.columns], plain])


def file_digest(data: bytes) -> str:
    """A keyed digest of a file that came in: recognises it, does not let its few numbers be guessed."""
    return crypto.keyed_digest(hashlib.sha256(data).hexdigest())


def lines_of(bank_file: BankFile) -> list[BankFileLine]:
    """The lines in order, each with its payout and what a list row shows."""
    return list(
        bank_file.lines.select_related(
            "payout__union", "payout__paid_from", "payout__campaign", "payout__dossier", "payout__batch"
        )
        .prefetch_related("payout__lines", "payout__reversals")
        .order_by("serial")
    )


def examined(bank_file: BankFile, data: bytes) -> tuple[Control, Table]:
    """What a result file says about the lines of a file; `BadWorkbook` when it cannot be read."""
    rows, table = read_result(data, from_json(bank_file.layout))
    lines = lines_of(bank_file)
    control = match(transfers_of(line.payout for line in lines), rows)
    control.faults = sorted([*table.faults, *control.faults], key=lambda fault: (fault.sheet, fault.row))
    return control, table


@dataclass(frozen=True)
class PlannedLine:
    """One line of a file beside the bank's answer and what recording the answer would do to it."""

    line: BankFileLine
    outcome: str
    reason: str
    effect: str
    note: str = ""

    @property
    def payout(self) -> Payout:
        return self.line.payout


def planned(result: BankResult) -> list[PlannedLine]:
    """Every line of the file with the answer and its effect, as the payouts stand now."""
    said = {serial: (outcome, reason) for serial, outcome, reason in result.outcomes}
    return [_planned(line, *said.get(line.serial, ("", ""))) for line in lines_of(result.bank_file)]


def _planned(line: BankFileLine, outcome: str, reason: str) -> PlannedLine:
    if outcome in ("", PENDING):
        return PlannedLine(line, outcome, reason, OPEN, "没有返回" if not outcome else "银行还在处理")
    payout = line.payout
    again = payout.receipt != line.release
    if outcome == FAILED:
        if again or payout.state == PayoutState.FAILED:
            return PlannedLine(line, outcome, reason, SAME, "已退回重办" if again else "以前已登记失败")
        if payout.state == PayoutState.RELEASED:
            return PlannedLine(line, outcome, reason, FAIL)
        return PlannedLine(line, outcome, reason, CONTRARY, "系统里已登记到账；款真的退回了，请对这一笔提出冲正")
    if again:
        return PlannedLine(
            line, outcome, reason, CONTRARY, "这一笔已退回重办，银行却说第一次已付：请先停办，防止付两次"
        )
    if payout.state == PayoutState.PAID:
        return PlannedLine(line, outcome, reason, SAME, "以前已登记到账")
    if payout.state == PayoutState.RELEASED:
        return PlannedLine(line, outcome, reason, SETTLE)
    return PlannedLine(line, outcome, reason, CONTRARY, "系统里已登记失败；确已到账的，请勿重新出账，向银行核实")


def seen_digest(result: BankResult, lines: Sequence[PlannedLine]) -> str:
    """What the page showed: recording is refused when a payout has moved since."""
    return crypto.keyed_digest(
        [result.pk, [[each.line.pk, each.payout.version, each.outcome, each.effect] for each in lines]]
    )


def amount_of(lines: Iterable[PlannedLine], *effects: str) -> tuple[int, Decimal]:
    """How many lines have one of the effects, and their money."""
    chosen = [each for each in lines if each.effect in effects]
    return len(chosen), sum((each.line.amount for each in chosen), NOTHING)


def fen_of(lines: Iterable[BankFileLine]) -> int:
    return sum(to_fen(line.amount) for line in lines)


__all__ = [
    "CONTRARY",
    "FAIL",
    "OPEN",
    "PAID",
    "SAME",
    "SETTLE",
    "BankPart",
    "PlannedLine",
    "amount_of",
    "bank_amount",
    "bank_part",
    "check_code",
    "content_digest",
    "examined",
    "fen_of",
    "file_digest",
    "lines_of",
    "planned",
    "released_by_bank",
    "seen_digest",
    "transfers_of",
    "waiting",
    "with_everything",
]
