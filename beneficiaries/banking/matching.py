"""Which line of our file each row of the bank's answer speaks about, and what does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from beneficiaries.banking.returned import FAILED, PAID, PENDING, ReturnedRow
from beneficiaries.banking.transfers import Transfer
from relief.lib import idnumber
from relief.lib.money import grouped
from relief.lib.tables import Fault

NOTHING = Decimal("0.00")
ORIGINAL = "用银行原来的结果文件上传，不要手工改动"


@dataclass(frozen=True)
class Matched:
    """What became of one line of our file."""

    serial: int
    outcome: str
    reason: str = ""


@dataclass
class Control:
    """The answer beside the file: what was declared, what came back, line by line, and every fault."""

    declared: int
    declared_amount: Decimal
    returned: int = 0
    returned_amount: Decimal = NOTHING
    lines: list[Matched] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    """Serial numbers of the lines that the answer says nothing about."""
    faults: list[Fault] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def closes(self) -> bool:
        """Whether as many lines and as much money came back as were declared."""
        return (self.declared, self.declared_amount) == (self.returned, self.returned_amount)


def match(transfers: Sequence[Transfer], rows: Sequence[ReturnedRow]) -> Control:
    """Every row of the answer with its line; doubled, unknown and contradicting rows are all told at once."""
    control = Control(len(transfers), sum((each.amount for each in transfers), NOTHING))
    taken: dict[int, ReturnedRow] = {}
    for row in rows:
        named, fault = _named(transfers, row)
        free = [each for each in named if each.serial not in taken]
        if fault:
            control.faults.append(_fault(row, *fault))
        elif not free:
            first = taken[named[0].serial]
            control.faults.append(_fault(row, f"与第 {first.row} 行是同一笔，返回了两次。", ORIGINAL))
        else:
            _take(control, taken, free, row)
    control.faults += _unequal_twins(transfers, taken)
    control.missing = [each.serial for each in transfers if each.serial not in taken]
    control.lines.sort(key=lambda line: line.serial)
    return control


def _take(control: Control, taken: dict[int, ReturnedRow], free: list[Transfer], row: ReturnedRow) -> None:
    line = free[0]
    taken[line.serial] = row
    control.lines.append(Matched(line.serial, row.outcome, row.reason))
    control.returned += 1
    control.returned_amount += line.amount if row.amount is None else row.amount


def _named(transfers: Sequence[Transfer], row: ReturnedRow) -> tuple[list[Transfer], tuple[str, str] | None]:
    """The lines a row may mean, or why it means none: its own number first, then account, then serial number."""
    if row.number:
        found = [each for each in transfers if each.number == row.number]
        if found or (not row.account and row.serial is None):
            return _agreeing(found, row)
    if row.account:
        found = [each for each in transfers if _same_account(each.account, row.account)]
        both = [each for each in found if not _contradicts(each, row)]
        if len(both) > 1 and row.serial is not None:
            both = [each for each in both if each.serial == row.serial] or both
        return (both, None) if both else _agreeing(found, row)
    return _agreeing([each for each in transfers if each.serial == row.serial], row)


def _agreeing(found: list[Transfer], row: ReturnedRow) -> tuple[list[Transfer], tuple[str, str] | None]:
    if not found:
        return [], (f"我们的文件里没有这一笔{_where(row)}。", "请核对是不是别的文件的结果")
    good = [each for each in found if not _contradicts(each, row)]
    return good, None if good else (f"{_contradicts(found[0], row)}。", ORIGINAL)


def _contradicts(line: Transfer, row: ReturnedRow) -> str:
    """What the row says otherwise than the line; empty when they agree."""
    if row.amount is not None and row.amount != line.amount:
        return f"金额不一致：回盘 {grouped(row.amount, 2)} 元，报盘 {grouped(line.amount, 2)} 元"
    if row.name and _bare(row.name) != _bare(line.name) and not _masks(row.name, line.name):
        return "户名与报盘不一致"
    if row.account and not _same_account(line.account, row.account):
        return "账号与报盘不一致"
    return ""


def _same_account(ours: str, theirs: str) -> bool:
    bare = idnumber.normalise_card(ours)
    if "*" not in theirs:
        return bare == theirs
    head, _, rest = theirs.partition("*")
    tail = rest.rpartition("*")[2]
    return len(tail) >= 4 and bare.startswith(head) and bare.endswith(tail)


def _masks(theirs: str, ours: str) -> bool:
    bare, real = _bare(theirs), _bare(ours)
    return "*" in bare and len(bare) == len(real) and all(a in ("*", b) for a, b in zip(bare, real, strict=True))


def _bare(name: str) -> str:
    return "".join(name.split()).replace("·", "").replace("＊", "*").replace("•", "")


def _where(row: ReturnedRow) -> str:
    if row.account:
        return f"（账号尾号 {row.account[-4:]}）"
    return f"（序号 {row.serial}）" if row.serial else ""


def _unequal_twins(transfers: Sequence[Transfer], taken: dict[int, ReturnedRow]) -> list[Fault]:
    """Two equal payments to one account with different outcomes: without a serial number nobody knows which is which."""
    twins: dict[tuple, set[str]] = {}
    said = []
    for each in transfers:
        row = taken.get(each.serial)
        if row is None or row.number or row.serial is not None:
            continue
        key = (idnumber.normalise_card(each.account), _bare(each.name), each.amount)
        known = twins.setdefault(key, set())
        if known and row.outcome not in known:
            says = "同一账号有两笔相同的金额，结果不同，分不清是哪一笔。"
            said.append(_fault(row, says, "请向银行要带序号的结果文件，或逐笔登记"))
        known.add(row.outcome)
    return said


def _fault(row: ReturnedRow, says: str, todo: str) -> Fault:
    return Fault(row.sheet, row.row, 0, "", "", says, todo)


__all__ = ["FAILED", "PAID", "PENDING", "Control", "Matched", "match"]
