"""Taking a row of the ledger back by a row of its own on its own day (R-34)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from campaigns.actions.drives import refuse_kept
from campaigns.actions.ledger import claim, lock_funds, refuse_future, refuse_overdraft, remember
from campaigns.enums import RemittanceState
from campaigns.models import Donation, FundsRaised, Remittance
from relief.lib import clock
from unions import audit
from unions.models import Person
from unions.policy import Refused, require

Row = TypeVar("Row", FundsRaised, Donation, Remittance)


@dataclass(frozen=True)
class Way:
    """How the rows of one ledger go back: the act, the day of the row and what it is called, what turns negative."""

    noun: str
    day: str
    event: str
    negated: tuple[str, ...] = ("amount",)

    @property
    def act(self) -> str:
        return f"{self.noun}.reverse"


WAYS: dict[type, Way] = {
    FundsRaised: Way("funds", "received_on", "到账"),
    Donation: Way("donation", "donated_on", "捐款", ("donors", "amount")),
    Remittance: Way("remittance", "remitted_on", "汇款"),
}
SPENT = "这笔钱已经用了一部分。请先按正确的数登记一笔，再冲销这一笔。"
DECIDED = {"state", "confirms_at", "decided_by", "decided_at", "arrived_on", "returned_reason", "version"}
OWN = frozenset({"id", "reverses", "note", "entered_by", "entered_at", *DECIDED})
"""What a reversal has of its own; everything else is as in the row it takes back."""


def reverse_funds(
    *,
    by: Person,
    funds: FundsRaised,
    reason: str,
    reversed_on: datetime.date,
    key: str | None = None,
    past: bool = False,
) -> FundsRaised:
    """Take money that came in back; a row is reversed once, a reversal never.

    `past` takes over records of before, which are as they are: what is left is not asked.
    """
    return _reverse(by, funds, reason.strip(), reversed_on, key, past=past)


def reverse_donation(
    *, by: Person, donation: Donation, reason: str, reversed_on: datetime.date, key: str | None = None
) -> Donation:
    """Take donors and money of one body back."""
    return _reverse(by, donation, reason.strip(), reversed_on, key)


def reverse_remittance(
    *, by: Person, remittance: Remittance, reason: str, reversed_on: datetime.date, key: str | None = None
) -> Remittance:
    """Take a remittance back; its slip stays with it."""
    return _reverse(by, remittance, reason.strip(), reversed_on, key)


def _reverse(
    by: Person, row: Row, reason: str, reversed_on: datetime.date, key: str | None, *, past: bool = False
) -> Row:
    way = WAYS[type(row)]
    require(by, way.act, row)
    _check(way, row, reason, reversed_on)
    body = {way.noun: row.pk, "reason": reason, "on": reversed_on}
    with transaction.atomic():
        claimed, receipt = claim(by, way.act, key, body)
        if receipt:
            return type(row).objects.get(pk=receipt)
        lock_funds([row.union_id])
        if not type(row).objects.filter(reverses=row.pk).exists():
            _refuse_used(row, past)
        made = _insert(way, by, row, reason, reversed_on)
        remember(claimed, made.pk)
        audit.record(act=way.act, by=by, union=row.union, obj=row, after=body, money=True)
    return made


def _refuse_used(row: FundsRaised | Donation | Remittance, past: bool) -> None:
    """Raise when others count on the row: money that is spent, donations that are kept, a remittance that arrived."""
    if isinstance(row, FundsRaised):
        if not past:
            refuse_overdraft(row.union, row.source, row.amount, "要冲销", SPENT)
    elif isinstance(row, Donation):
        if row.drive is not None and row.amount:
            refuse_kept(row.union, row.drive, row.amount, "要冲销")
    elif Remittance.objects.filter(pk=row.pk, state=RemittanceState.CONFIRMED).exists():
        raise Refused(
            f"{row.confirms_at.name if row.confirms_at else '上级'}已确认收到这一笔，不能冲销。",
            "确有错误的，请先由确认的工会退回，再冲销。",
            act="remittance.reverse",
            obj=row,
        )


def _check(way: Way, row: FundsRaised | Donation | Remittance, reason: str, reversed_on: datetime.date) -> None:
    if row.reverses_id is not None:
        raise Refused("这一笔本身就是冲销，不能再冲销。", "请按正确的数重新登记一笔。", act=way.act, obj=row)
    if not reason:
        raise Refused("冲销原因没有填。", "请写明为什么冲销，例如“金额录错，重新登记”。", act=way.act, obj=row)
    refuse_future(reversed_on, "冲销日期")
    if reversed_on < getattr(row, way.day):
        raise Refused(
            f"冲销日期早于{way.event}日期。", f"请把冲销日期改到{way.event}当天或以后。", act=way.act, obj=row
        )


def _insert(way: Way, by: Person, row: Row, reason: str, reversed_on: datetime.date) -> Row:
    fields = [field for field in row._meta.concrete_fields if field.name not in OWN]
    values: dict[str, Any] = {field.attname: getattr(row, field.attname) for field in fields}
    values |= {name: -values[name] for name in way.negated}
    values |= {way.day: reversed_on, "note": reason, "reverses_id": row.pk}
    try:
        with transaction.atomic():
            return type(row).objects.create(**values, entered_by=by, entered_at=clock.db_now())
    except IntegrityError:
        raise Refused("这一笔已经冲销过了。", "请刷新页面查看冲销记录。", act=way.act, obj=row) from None
