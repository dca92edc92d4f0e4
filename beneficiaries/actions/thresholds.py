"""Setting and ending approval thresholds (审批限额): rows are never edited, a new amount is a new row."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.db import transaction

from beneficiaries.enums import ThresholdWay
from beneficiaries.models import ApprovalThreshold
from campaigns.models import Campaign
from relief.lib import clock
from relief.lib.money import to_fen
from unions import audit
from unions.models import Person, Union
from unions.policy import Refused, Stale, require

ACT = "threshold.set"


def set_threshold(
    *,
    by: Person,
    union: Union,
    per_payout: Decimal | None,
    per_batch: Decimal | None,
    origin: str,
    valid_from: datetime.date,
    campaign: Campaign | None = None,
    way: str = ThresholdWay.UPWARD,
) -> ApprovalThreshold:
    """Return a new threshold for the union and everybody below it; it can only tighten what holds from above."""
    require(by, ACT, union)
    amounts = [amount for amount in (per_payout, per_batch) if amount is not None]
    if not amounts or any(amount <= 0 for amount in amounts):
        raise Refused("请至少填写一个大于 0 的限额。", "每笔、每批可以只填一个。", status=422, act=ACT, obj=union)
    if way not in ThresholdWay.values:
        raise Refused("请选择超过限额时怎样审批。", "从两种方式里选一种。", status=422, act=ACT, obj=union)
    if not 0 < len(origin.strip()) <= 160:
        raise Refused(
            "请写明依据，160 个字以内。", "例如：某某工会资金审批办法第六条。", status=422, act=ACT, obj=union
        )
    with transaction.atomic():
        row = ApprovalThreshold.objects.create(
            union=union, campaign=campaign, per_payout=per_payout, per_batch=per_batch, way=way, origin=origin.strip(),
            valid_from=valid_from, set_by=by, set_at=clock.db_now(),
        )  # fmt: skip
        audit.record(
            act=ACT, by=by, union=union, obj=row, fields=["per_payout", "per_batch", "way"], money=True,
            detail={
                "per_payout": to_fen(per_payout) if per_payout is not None else None,
                "per_batch": to_fen(per_batch) if per_batch is not None else None,
                "way": way,
                "from": valid_from.isoformat(),
            },
        )  # fmt: skip
    return row


def end_threshold(*, by: Person, threshold: ApprovalThreshold) -> None:
    """Let a threshold hold to the end of today; the row stays."""
    require(by, ACT, threshold.union)
    with transaction.atomic():
        found = ApprovalThreshold.objects.filter(pk=threshold.pk, valid_to__isnull=True)
        if found.update(valid_to=clock.today()) != 1:
            raise Stale([("限额", "已由别人停用", "有效")], act=ACT, obj=threshold)
        audit.record(act=ACT, by=by, union=threshold.union, obj=threshold, fields=["valid_to"], money=True)
