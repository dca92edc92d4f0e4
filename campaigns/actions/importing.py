"""Rows that a confirmed file brings: written together, inside the transaction of the job, which writes the audit event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from campaigns.actions.drive_zeros import ACT, withdraw_nothing
from campaigns.actions.drives import refuse_outside
from campaigns.actions.ledger import refuse_sealed
from campaigns.models import Activity, Campaign, Donation, Drive, FundsRaised
from relief.lib import clock
from unions import audit
from unions.models import Person, Union
from unions.policy import Refused, require

BATCH = 500
CHANGED = "台账在导入时被别人改动，没有写入任何数据。"


@transaction.atomic
def add_funds(*, by: Person, union: Union, rows: Sequence[dict[str, Any]]) -> int:
    """Add the rows, each checked before by the rules of `record_funds`; how many they are."""
    require(by, "funds.import", union)
    _refuse_sealed_ones(rows)
    at = clock.db_now()
    made = [FundsRaised(union=union, entered_by=by, entered_at=at, **values) for values in rows]
    return len(FundsRaised.objects.bulk_create(made, batch_size=BATCH))


@transaction.atomic
def add_donations(*, by: Person, union: Union, rows: Sequence[dict[str, Any]]) -> int:
    """Add the rows, each checked before by the rules of `record_donations`; how many they are."""
    require(by, "donation.import", union)
    _refuse_sealed_ones(rows)
    named = Drive.objects.filter(pk__in={values["drive_id"] for values in rows} - {None}).select_related("issuer")
    for drive in named:
        refuse_outside(drive, union)
    fell = withdraw_nothing(by=by, union=union, drives=[drive.pk for drive in named])
    if fell:
        # the event of the job counts the rows of the file; this is another change
        detail = {"zero_withdrawn": fell}
        audit.record(act=ACT, by=by, union=union, obj=union, fields=["withdrawn_at"], detail=detail, money=True)
    at = clock.db_now()
    made = [Donation(union=union, entered_by=by, entered_at=at, **values) for values in rows]
    return len(Donation.objects.bulk_create(made, batch_size=BATCH))


@transaction.atomic
def add_activities(
    *,
    by: Person,
    union: Union,
    new: Sequence[dict[str, Any]],
    changed: Sequence[tuple[int, int, dict[str, Any]]],
) -> int:
    """Add the new records; change the others where they still have the version named. How many rows were written."""
    require(by, "activity.import", union)
    _refuse_sealed_ones([*new, *(values for _, _, values in changed)])
    at = clock.db_now()
    Activity.objects.bulk_create(
        [Activity(union=union, entered_by=by, entered_at=at, **values) for values in new], batch_size=BATCH
    )
    for pk, version, values in changed:
        mine = Activity.objects.filter(pk=pk, union=union, version=version, voided_at__isnull=True)
        if mine.update(**values, version=F("version") + 1) != 1:
            raise Refused(CHANGED, "请重新检查，看过结果再确认。", act="activity.import")
    return len(new) + len(changed)


def _refuse_sealed_ones(rows: Sequence[dict[str, Any]]) -> None:
    keys = {values["campaign_id"] for values in rows if values["campaign_id"]}
    for campaign in Campaign.objects.filter(pk__in=keys).order_by("pk"):
        refuse_sealed(campaign)
