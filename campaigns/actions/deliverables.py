"""What must be handed in, and until when."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from campaigns.actions.campaigns import differences, must_be_open
from campaigns.enums import DeliverableKind
from campaigns.models import Addressee, Campaign, Deliverable, LeadTime
from unions import audit
from unions.enums import UnionKind
from unions.models import Person
from unions.policy import Refused, Stale, require

FIXED = {
    "kind": "形式",
    "required": "必报",
    "period_from": "统计期间起",
    "period_to": "统计期间止",
    "second_from": "第二期间起",
    "second_to": "第二期间止",
}
"""What stays as it is once the deliverable was published: figures have been counted by it."""
LABELS = {
    **FIXED,
    "title": "材料名称",
    "opens_at": "开放填报",
    "due_at": "上报截止",
    "late_until": "迟报截止",
    "edit_until": "退回后可改至",
    "visible_until": "可查看至",
}
MOST_LEAD_DAYS = 366


def set_deliverable(
    *,
    by: Person,
    campaign: Campaign,
    key: str,
    kind: str,
    title: str,
    required: bool,
    period_from: datetime.date,
    period_to: datetime.date,
    second_from: datetime.date | None = None,
    second_to: datetime.date | None = None,
    opens_at: datetime.datetime,
    due_at: datetime.datetime,
    late_until: datetime.datetime | None = None,
    edit_until: datetime.datetime | None = None,
    visible_until: datetime.datetime | None = None,
    leads: Mapping[str, int],
    version: int | None = None,
) -> Deliverable:
    """Add the deliverable with this key, or change it; `version` as seen, None when it is new.

    After publication only title, instants and leads may change, in the draft of the next notice version; addressees
    get the new dates when that is published.
    """
    values = {name: value for name, value in locals().items() if name in LABELS}
    require(by, "campaign.edit", campaign)
    _check(values, leads)
    with transaction.atomic():
        must_be_open(campaign)
        current = Deliverable.objects.filter(campaign=campaign, key=key).first()
        if current is None:
            order = (campaign.deliverables.aggregate(last=Max("order"))["last"] or 0) + 1
            current = Deliverable.objects.create(campaign=campaign, key=key, order=order, **values)
        else:
            _change(current, version, values)
        current.leads.all().delete()
        LeadTime.objects.bulk_create(
            LeadTime(deliverable=current, union_kind=level, days=days) for level, days in sorted(leads.items()) if days
        )
        audit.record(
            act="campaign.edit",
            by=by,
            union=campaign.issuer,
            obj=current,
            fields=[*values, "leads"],
            after=[values, dict(leads)],
        )
    return current


def _change(current: Deliverable, version: int | None, values: dict[str, Any]) -> None:
    if Addressee.objects.filter(deliverable=current).exists():
        for name, label in FIXED.items():
            if getattr(current, name) != values[name]:
                raise Refused(
                    f"“{current.title}”已经发布，{label}不能再改。",
                    "只能改名称、日期和提前天数；要改其他内容，请另加一件应报材料。",
                )
    changed = Deliverable.objects.filter(pk=current.pk, version=version or 0).update(**values, version=F("version") + 1)
    if changed != 1:
        raise Stale(differences(LABELS, current, values), act="campaign.edit", obj=current)
    current.refresh_from_db()


def _check(values: dict[str, Any], leads: Mapping[str, int]) -> None:
    if not values["title"].strip():
        raise Refused("材料名称没有填。", "请填写应报材料的名称，例如“送温暖统计表”。")
    if values["kind"] not in DeliverableKind.values:
        raise Refused("材料形式不在列表里。", "请选择统计表、书面报告或其他材料。")
    if values["period_to"] < values["period_from"]:
        raise Refused("统计期间止早于统计期间起。", "请对调或改正这两个日期。")
    if (values["second_from"] is None) != (values["second_to"] is None):
        raise Refused("第二期间只填了一头。", "请把起止两个日期都填上，或者都留空。")
    if values["second_from"] and values["second_to"] < values["second_from"]:
        raise Refused("第二期间止早于第二期间起。", "请对调或改正这两个日期。")
    if values["due_at"] <= values["opens_at"]:
        raise Refused("上报截止不晚于开放填报。", "请把上报截止改到开放填报之后。")
    if values["late_until"] and values["late_until"] < values["due_at"]:
        raise Refused("迟报截止早于上报截止。", "请把迟报截止改到上报截止当天或以后，或者留空（封存前都收）。")
    for level, days in leads.items():
        if level not in UnionKind.values or not 0 <= days <= MOST_LEAD_DAYS:
            raise Refused("提前天数不对。", f"请填 0 到 {MOST_LEAD_DAYS} 之间的整数。")


def remove_deliverable(*, by: Person, campaign: Campaign, key: str) -> None:
    """Take a deliverable out of the draft; one that was published stays."""
    require(by, "campaign.edit", campaign)
    with transaction.atomic():
        must_be_open(campaign)
        current = Deliverable.objects.filter(campaign=campaign, key=key).first()
        if current is None:
            raise Refused("这件应报材料已经不在了。", "请刷新页面。", act="campaign.edit", obj=campaign)
        if Addressee.objects.filter(deliverable=current).exists():
            raise Refused(
                f"“{current.title}”已经发布，不能删除。",
                "不再要求时，请在通知的新一版里说明。",
                act="campaign.edit",
                obj=campaign,
            )
        current.delete()
        audit.record(act="campaign.edit", by=by, union=campaign.issuer, obj=campaign, detail={"removed": key})
