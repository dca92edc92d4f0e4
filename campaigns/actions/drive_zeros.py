"""A union says that it collected nothing in a drive (报 0); the word falls as soon as something was collected."""

from __future__ import annotations

from django.db import transaction

from campaigns.actions.drives import refuse_outside
from campaigns.actions.ledger import lock_funds
from campaigns.models import Donation, Drive, NothingCollected
from relief.lib import clock
from unions import audit
from unions.models import Person, Union
from unions.policy import Refused, require

ACT = "drive.zero"


def report_nothing(*, by: Person, union: Union, drive: Drive) -> NothingCollected:
    """Return the union's word that nothing was collected; said twice it is one row."""
    require(by, ACT, union)
    refuse_outside(drive, union)
    if clock.today() < drive.starts_on:
        raise Refused(
            f"捐款{drive.starts_on.isoformat()}才开始，现在还不能报 0。", "请等捐款结束后再报。", act=ACT, obj=drive
        )
    with transaction.atomic():
        lock_funds([union.pk])
        if Donation.objects.filter(drive=drive, union=union).not_reversed().exists():
            raise Refused(
                f"{union.name}在“{drive.title}”里已经登记了捐款，不能报 0。",
                "登记错了的，请先冲销那一笔。",
                act=ACT,
                obj=drive,
            )
        row, new = NothingCollected.objects.get_or_create(
            drive=drive, union=union, withdrawn_at=None, defaults={"said_by": by, "said_at": clock.db_now()}
        )
        if new:
            audit.record(act=ACT, by=by, union=union, obj=row, fields=["drive"], after={"drive": drive.pk}, money=True)
    return row


def take_back_nothing(*, by: Person, union: Union, drive: Drive) -> None:
    """Withdraw the word, said too early or by mistake; the union stands as 未登记 again."""
    require(by, ACT, union)
    refuse_outside(drive, union)
    with transaction.atomic():
        lock_funds([union.pk])
        row = NothingCollected.objects.filter(drive=drive, union=union).standing().first()
        if row is None:
            raise Refused("已经撤回，或没有报过 0。", "请刷新页面，看最新状态。", act=ACT, obj=drive)
        withdraw_nothing(by=by, union=union, drives=[drive.pk])
        audit.record(
            act=ACT, by=by, union=union, obj=row, fields=["withdrawn_at"], after={"drive": drive.pk, "withdrawn": True},
            money=True,
        )  # fmt: skip


def withdraw_nothing(*, by: Person, union: Union, drives: list[int]) -> int:
    """Let the word fall in these drives because donations are recorded; inside the transaction that records them."""
    if not drives:
        return 0
    lock_funds([union.pk])
    standing = NothingCollected.objects.filter(union=union, drive__in=drives).standing()
    return standing.update(withdrawn_by=by, withdrawn_at=clock.db_now())
