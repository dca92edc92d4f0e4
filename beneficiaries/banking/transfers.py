"""One line of a bank batch file, before it is written: to whom, on which account, how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal


@dataclass(frozen=True)
class Transfer:
    """A transfer to one account; `amount` in 元. What names a person stays out of its repr, and so out of error texts."""

    serial: int
    number: str
    account: str = field(repr=False)
    name: str = field(repr=False)
    amount: Decimal
    bank: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    union: str = ""
    purpose: str = ""
    card: bool = True
    """Whether the account is a card; passbooks have no check digit."""


def parts(transfers: Sequence[Transfer], most: int) -> list[list[Transfer]]:
    """The transfers cut into files of at most so many lines; serial numbers begin anew in each.

    >>> lines = [Transfer(n, f"FF-{n}", "", "", Decimal(1)) for n in range(1, 6)]
    >>> [[line.serial for line in part] for part in parts(lines, 2)]
    [[1, 2], [1, 2], [1]]
    """
    cut = [transfers[at : at + most] for at in range(0, len(transfers), most)]
    return [[replace(each, serial=place) for place, each in enumerate(part, 1)] for part in cut]


def sample_transfers() -> list[Transfer]:
    """Two made-up lines, to look at a layout with."""
    return [
        Transfer(
            1, "FF-2024-000001", "6210000000000000001", "样例甲", Decimal("1500.00"),
            "云岭银行青岬支行", "13900000001", "青岬县第一中学工会", "生活救助",
        ),
        Transfer(
            2, "FF-2024-000002", "6210000000000000002", "样例乙", Decimal("820.50"),
            "云岭银行望海分行营业部", "", "青岬县第一中学工会", "医疗救助",
        ),
    ]  # fmt: skip
