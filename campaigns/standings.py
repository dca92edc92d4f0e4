"""Where each union stands in a drive: collected, received from below, sent on, kept, left. Summed, never stored."""

from __future__ import annotations

from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from campaigns.enums import RemittanceState
from campaigns.models import Donation, Drive, FundsRaised, NothingCollected, Remittance
from campaigns.querysets import own_line
from relief.lib.money import MoneyField
from unions.models import Person, Union

NOTHING = Decimal(0)
COLUMNS = ("collected", "received", "remitted", "confirmed", "retained", "left")
STATUSES = {
    "none": "未登记捐款",
    "zero": "已报 0",
    "unsent": "有捐款未汇出",
    "waiting": "汇款待确认",
    "returned": "汇款被退回",
    "left": "捐款与汇款有差额",
    "even": "已汇清",
}


def with_standing(unions: QuerySet[Union], drive: Drive) -> QuerySet[Any]:
    """The unions, each with its amounts in the drive (元) and how many of its remittances wait or were sent back.

    `zero`: it said that it collected nothing. `has_below`: a union in the middle, which need not collect by itself.
    `left` is what is in hand: collected + received − remitted − retained. `donors` counts each donor once where the union said so, else 0.
    """
    donations = Donation.objects.filter(drive=drive)
    sent = Remittance.objects.filter(drive=drive).standing()
    found = unions.annotate(
        collected=_sum(donations, "union"),
        zero=Exists(_zeros(drive).filter(union=OuterRef("pk"))),
        has_below=Exists(Union.objects.filter(parent=OuterRef("pk"))),
        donors=_whole(donations.filter(body=""), Sum("donors")),
        donations_held=_whole(donations.not_reversed(), Count("pk")),
        received=_sum(_received(drive), "confirms_at"),
        remitted=_sum(sent, "union"),
        confirmed=_sum(sent.filter(state=RemittanceState.CONFIRMED), "union"),
        waiting=_whole(sent.filter(state=RemittanceState.WAITING), Count("pk")),
        returned=_whole(sent_back(drive), Count("pk")),
        retained=_sum(FundsRaised.objects.filter(drive=drive), "union"),
    )
    left = F("collected") + F("received") - F("remitted") - F("retained")
    return found.annotate(left=ExpressionWrapper(left, output_field=MoneyField()))


def _zeros(drive: Drive) -> QuerySet[NothingCollected]:
    return NothingCollected.objects.filter(drive=drive).standing()


def sent_back(drive: Drive) -> QuerySet[Remittance]:
    """Remittances that were sent back and still wait for their union."""
    return Remittance.objects.filter(drive=drive).not_reversed().filter(state=RemittanceState.RETURNED)


def _received(drive: Drive) -> QuerySet[Remittance]:
    """What arrived at a union from another one; its own, confirmed there by a colleague, went outside."""
    arrived = Remittance.objects.filter(drive=drive, state=RemittanceState.CONFIRMED).not_reversed()
    return arrived.exclude(union=F("confirms_at"))


def _sum(rows: QuerySet[Any], union: str) -> Coalesce:
    per = rows.filter(**{union: OuterRef("pk")}).order_by().values(union).annotate(found=Sum("amount"))
    nothing = Value(NOTHING, output_field=MoneyField())
    return Coalesce(Subquery(per.values("found"), output_field=MoneyField()), nothing, output_field=MoneyField())


def _whole(rows: QuerySet[Any], what: Any) -> Coalesce:
    per = rows.filter(union=OuterRef("pk")).order_by().values("union").annotate(found=what)
    return Coalesce(Subquery(per.values("found"), output_field=IntegerField()), 0)


def standing(union: Union, drive: Drive) -> Any:
    """The union with its amounts in the drive."""
    return with_standing(Union.objects.filter(pk=union.pk), drive).get()


def unions_in(drive: Drive, person: Person) -> QuerySet[Union]:
    """The unions of the drive that the person sees: those that collect by themselves and those that have a row.

    A union in the middle stands in the list as soon as it records, receives or keeps something.
    """
    below = Union.objects.filter(parent=OuterRef("pk"))
    arrived = Remittance.objects.filter(drive=drive, state=RemittanceState.CONFIRMED)
    touched = [
        Exists(Donation.objects.filter(drive=drive, union=OuterRef("pk"))),
        Exists(Remittance.objects.filter(drive=drive, union=OuterRef("pk"))),
        Exists(arrived.filter(confirms_at=OuterRef("pk"))),
        Exists(FundsRaised.objects.filter(drive=drive, union=OuterRef("pk"))),
        Exists(_zeros(drive).filter(union=OuterRef("pk"))),
    ]
    rows = reduce(or_, touched)
    still = Q(closed_on__isnull=True) & ~Exists(below)
    return Union.objects.subtree(drive.issuer).filter(own_line(person, "path")).filter(still | Q(rows)).order_by("code")


def narrowed(rows: QuerySet[Any], status: str) -> QuerySet[Any]:
    """The rows of `with_standing` that are in one of STATUSES; all of them for another word."""
    how = {
        "none": Q(donations_held=0, has_below=False, zero=False),
        "zero": Q(zero=True),
        "unsent": Q(donations_held__gt=0, remitted=0, left__gt=0),
        "waiting": Q(waiting__gt=0),
        "returned": Q(returned__gt=0),
        "left": ~Q(left=0),
        "even": Q(donations_held__gt=0, left=0, waiting=0, returned=0),
    }
    return rows.filter(how[status]) if status in how else rows


def totals(rows: QuerySet[Any]) -> dict[str, Any]:
    """The sums over all rows; of `unions`, those that collect, how many recorded (`zeros` of them that nothing came), sent on, are confirmed."""
    nothing = Value(NOTHING, output_field=MoneyField())
    sums = rows.aggregate(
        **{f"{name}_sum": Coalesce(Sum(name), nothing) for name in COLUMNS},
        donors_sum=Coalesce(Sum("donors"), 0),
        unions_sum=Count("pk", filter=Q(has_below=False) | Q(donations_held__gt=0) | Q(zero=True)),
        recorded_sum=Count("pk", filter=Q(donations_held__gt=0) | Q(zero=True)),
        zeros_sum=Count("pk", filter=Q(zero=True)),
        sent_sum=Count("pk", filter=Q(remitted__gt=0)),
        settled_sum=Count("pk", filter=Q(remitted__gt=0, confirmed=F("remitted"))),
    )
    return {name.removesuffix("_sum"): value for name, value in sums.items()}
