"""The activity record: numbers only, one row per activity or day (D21)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from campaigns.actions.campaigns import differences
from campaigns.actions.ledger import claim, refuse_future, refuse_sealed, remember
from campaigns.enums import ACTIVITY_MEASURES, ActivityKind
from campaigns.models import Activity, Campaign
from relief.lib import clock
from unions import audit
from unions.models import Person, Union
from unions.policy import Refused, Stale, require

MEASURES = {
    "number": "场次",
    "contacts": "人次",
    "persons": "人数",
    "quantity": "数量",
    "amount": "金额（元）",
    "farmer_contacts": "其中农民工人次",
    "farmer_persons": "其中农民工人数",
    "farmer_amount": "其中农民工金额（元）",
    "new_contacts": "其中新生代农民工人次",
    "new_persons": "其中新生代农民工人数",
}
LABELS = {"held_on": "日期", "note": "说明", **MEASURES}
WHOLE_OF = {
    "farmer_contacts": "contacts",
    "farmer_persons": "persons",
    "farmer_amount": "amount",
    "new_contacts": "contacts",
    "new_persons": "persons",
}
MOST = 2_147_483_647


def measures_of(kind: str) -> tuple[str, ...]:
    """The measures that records of this kind keep, in the order they are asked."""
    return ACTIVITY_MEASURES[kind]


def record_activity(
    *,
    by: Person,
    union: Union,
    campaign: Campaign | None,
    kind: str,
    held_on: datetime.date,
    counts: Mapping[str, int | Decimal],
    note: str = "",
    key: str | None = None,
) -> Activity:
    """Record the counts of one activity; measures that the kind does not keep must be absent or zero."""
    require(by, "activity.record", union)
    if kind not in ActivityKind.values:
        raise Refused("类别不在列表里。", "请从列表中选择服务记录的类别。")
    kept = checked_counts(kind, counts)
    refuse_future(held_on, "日期")
    refuse_sealed(campaign)
    values = {"campaign_id": campaign and campaign.pk, "kind": kind, "held_on": held_on, "note": note.strip(), **kept}
    with transaction.atomic():
        claimed, receipt = claim(by, "activity.record", key, {"union": union.pk, **values})
        if receipt:
            return Activity.objects.get(pk=receipt)
        row = Activity.objects.create(union=union, entered_by=by, entered_at=clock.db_now(), **values)
        remember(claimed, row.pk)
        audit.record(act="activity.record", by=by, union=union, obj=row, fields=values, after=values)
    return row


def change_activity(
    *,
    by: Person,
    activity: Activity,
    version: int,
    held_on: datetime.date,
    counts: Mapping[str, int | Decimal],
    note: str = "",
    campaign: Campaign | None = None,
) -> Activity:
    """Correct a record; the kind stays (another kind is another record)."""
    require(by, "activity.change", activity)
    kept = checked_counts(activity.kind, counts)
    refuse_future(held_on, "日期")
    refuse_sealed(campaign)
    values = {"held_on": held_on, "note": note.strip(), **kept}
    with transaction.atomic():
        before = {name: getattr(activity, name) for name in values}
        changed = Activity.objects.filter(pk=activity.pk, version=version, voided_at__isnull=True).update(
            **values, campaign=campaign, version=F("version") + 1
        )
        if changed != 1:
            _refuse_lost(activity, values, "activity.change")
        audit.record(
            act="activity.change", by=by, union=activity.union, obj=activity, fields=values, before=before, after=values
        )
    activity.refresh_from_db()
    return activity


def void_activity(*, by: Person, activity: Activity, version: int) -> Activity:
    """Take a record out of all counts; it stays readable."""
    require(by, "activity.void", activity)
    with transaction.atomic():
        changed = Activity.objects.filter(pk=activity.pk, version=version, voided_at__isnull=True).update(
            voided_at=clock.db_now(), version=F("version") + 1
        )
        if changed != 1:
            _refuse_lost(activity, {}, "activity.void")
        audit.record(act="activity.void", by=by, union=activity.union, obj=activity)
    activity.refresh_from_db()
    return activity


def _refuse_lost(activity: Activity, values: Mapping[str, object], act: str) -> None:
    now = Activity.objects.get(pk=activity.pk)
    if now.voided_at is not None:
        raise Refused("这条记录已经作废，不能再改。", "需要时请重新登记一条。", act=act, obj=activity)
    raise Stale(differences(LABELS, now, values), act=act, obj=activity)


def checked_counts(kind: str, counts: Mapping[str, int | Decimal]) -> dict[str, int | Decimal]:
    """The measures of the kind, absent ones as 0; refuses foreign, negative, too large and contradictory ones."""
    unknown = set(counts) - set(MEASURES)
    if unknown:
        raise ValueError(f"no such measures: {sorted(unknown)}")
    asked = measures_of(kind)
    label = ActivityKind(kind).label
    for name, value in counts.items():
        if value < 0:
            raise Refused(f"{MEASURES[name]}不能小于 0。", "请改成 0 或正数。")
        if name != "amount" and name != "farmer_amount" and value > MOST:
            raise Refused(f"{MEASURES[name]}太大。", "请检查是否多写了位数。")
        if value and name not in asked:
            raise Refused(
                f"“{label}”不记{MEASURES[name]}。", f"这一类只记{'、'.join(MEASURES[each] for each in asked)}。"
            )
    kept = {name: counts.get(name, 0) for name in asked}
    if not any(kept.values()):
        raise Refused("没有填写任何数。", f"请至少填写一项：{'、'.join(MEASURES[name] for name in asked)}。")
    for part, whole in WHOLE_OF.items():
        if part in kept and kept[part] > kept[whole]:
            raise Refused(
                f"{MEASURES[part]} {kept[part]} 大于{MEASURES[whole]} {kept[whole]}。", "“其中”不能超过总数，请改正。"
            )
    return kept
