"""Picking who is asked."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from campaigns.actions.campaigns import must_be_open
from campaigns.models import Addressee, Campaign, Selection
from unions import audit
from unions.models import Person, Union
from unions.policy import Refused, require


def select_addressees(
    *, by: Person, campaign: Campaign, unions: Iterable[Union], optional: Iterable[Union] = ()
) -> int:
    """Replace the picks of the draft and return how many there are; unions in `optional` need not file (D10).

    Only unions below the issuer. Unions of a published version cannot be dropped: they are the denominator.
    """
    require(by, "campaign.edit", campaign)
    freed = {union.pk for union in optional}
    picked = {union.pk: union for union in unions}
    missing = freed - set(picked)
    if missing:
        raise Refused(
            "有工会标了自愿报送却没有勾选。",
            "请先勾选该工会，或去掉自愿报送的标记。",
            act="campaign.edit",
            obj=campaign,
        )
    for union in picked.values():
        if union.pk == campaign.issuer_id or not union.is_within(campaign.issuer):
            raise Refused(
                f"{union.name}不在{campaign.issuer.name}之下，不能列入报送范围。",
                "只能勾选发文工会的下级工会；发文工会自己的表在定稿时填。",
                act="campaign.edit",
                obj=campaign,
            )
    with transaction.atomic():
        must_be_open(campaign)
        _refuse_dropped(campaign, set(picked))
        Selection.objects.filter(campaign=campaign).delete()
        Selection.objects.bulk_create(
            Selection(campaign=campaign, union=union, required=union.pk not in freed) for union in picked.values()
        )
        audit.record(
            act="campaign.edit",
            by=by,
            union=campaign.issuer,
            obj=campaign,
            fields=["selections"],
            after=sorted(picked),
            detail={"selected": len(picked), "optional": len(freed)},
        )
    return len(picked)


def _refuse_dropped(campaign: Campaign, picked: set[int]) -> None:
    frozen = Addressee.objects.filter(deliverable__campaign=campaign, reports_to__isnull=False)
    dropped = frozen.exclude(union__in=picked).values_list("union_name", flat=True).distinct().order_by("union_name")
    if dropped:
        named = "、".join(dropped[:3])
        raise Refused(
            f"{named}等 {len(dropped)} 家已经列入发布的报送范围，不能取消。",
            "发布时的范围是报送率的分母；确实不用报的，请办理免报。",
            act="campaign.edit",
            obj=campaign,
        )
