"""Purpose and source of a whole batch of drafts written anew: the rules are asked again, for all lines or for none."""

from __future__ import annotations

from collections import defaultdict

from django.db import IntegrityError, transaction
from django.db.models import F

from beneficiaries.actions.batch_entries import BatchFaults
from beneficiaries.enums import PayoutState, Purpose
from beneficiaries.models import Payout, PayoutBatch, PayoutLine
from beneficiaries.payouts.facts import findings_of, for_checking
from beneficiaries.rules import REFUSE
from campaigns.enums import FundSource
from relief.lib import clock
from unions import audit
from unions.models import Person
from unions.policy import Refused, Stale, require

ACT = "batch.change"
TODO = "请改选用途或来源，或先把这些行移出本批。"


def change_terms(*, by: Person, batch: PayoutBatch, version: int, purpose: str, source: str) -> int:
    """Give the batch and every line in it this purpose and source; how many payouts it holds.

    Nothing is written while a rule refuses a line: `BatchFaults` carries every fault with the line's place.
    """
    require(by, ACT, batch)
    if purpose not in Purpose.values or source not in FundSource.values:
        raise Refused("用途或资金来源不在代码表里。", "请从下拉列表里重新选择。", status=422, act=ACT, obj=batch)
    if batch.campaign is not None and batch.campaign.closed_at is not None:
        raise Refused("这个活动已经封存，不能再改发放。", "确需补录，请联系发文工会。", act=ACT, obj=batch)
    before = {"purpose": batch.purpose, "source": batch.source}
    after = {"purpose": purpose, "source": source}
    with transaction.atomic():
        found = PayoutBatch.objects.filter(pk=batch.pk, version=version)
        if found.update(version=F("version") + 1, **after) != 1:
            raise Stale([("批次", "已由别人改过", "打开页面时的样子")], act=ACT, obj=batch)
        rows = list(Payout.objects.filter(batch=batch).order_by("pk"))
        _refuse_sent(batch, rows)
        if faults := _doubles(batch, rows, purpose):
            raise BatchFaults(faults, TODO)
        _write(by, batch, rows, purpose, source)
        if faults := _refused([row.pk for row in rows]):
            raise BatchFaults(faults, TODO)
        audit.record(
            act=ACT, by=by, union=batch.union, obj=batch, fields=["purpose", "source"], before=before, after=after,
            detail={"number": batch.number, "count": len(rows), "lines": [row.number for row in rows]}, money=True,
        )  # fmt: skip
    return len(rows)


def _refuse_sent(batch: PayoutBatch, rows: list[Payout]) -> None:
    sent = sum(1 for row in rows if row.state != PayoutState.DRAFT)
    if sent:
        raise Refused(
            f"批次里有 {sent} 笔已经送审，不能一次改全部明细。", "请先由审核人或审批人退回整批。", act=ACT, obj=batch
        )


def _write(by: Person, batch: PayoutBatch, rows: list[Payout], purpose: str, source: str) -> None:
    """Whoever changes a draft becomes its enterer, so that nobody reviews their own typing."""
    PayoutLine.objects.filter(payout__in=[row.pk for row in rows]).update(source=source)
    drafts = Payout.objects.filter(batch=batch, state=PayoutState.DRAFT)
    try:
        with transaction.atomic():
            moved = drafts.update(purpose=purpose, entered_by=by, entered_at=clock.db_now(), version=F("version") + 1)
    except IntegrityError:
        raise Refused(
            "有人刚刚在同一活动、同一天、同一用途已经有一笔发放，没有改。", "请刷新页面再试。", act=ACT, obj=batch
        ) from None
    if moved != len(rows):
        raise Stale([("草稿", "已由别人送审", "草稿")], act=ACT, obj=batch)


def _doubles(batch: PayoutBatch, rows: list[Payout], purpose: str) -> list[tuple[int, str]]:
    """Who would get two payouts of one purpose on one day: here, or beside what stands outside the batch."""
    known = {row.id_index for row in rows if row.id_index}
    others = Payout.objects.filter(
        union=batch.union_id, campaign=batch.campaign_id, purpose=purpose, id_index__in=known
    )
    outside = others.exclude(batch=batch).exclude(state=PayoutState.FAILED).values_list("id_index", "planned_on")
    taken = set(outside)
    first: dict[tuple, int] = {}
    faults = []
    for place, row in enumerate(rows, 1):
        key = (row.id_index, row.planned_on)
        if not row.id_index:
            continue
        if key in taken:
            faults.append((place, "这个人在同一活动、同一天、同一用途已经有一笔发放，不能重复发放。"))
        elif key in first:
            faults.append((place, f"与第 {first[key]} 行是同一个人，改成同一用途就重复了。"))
        first.setdefault(key, place)
    return faults


def _refused(pks: list[int]) -> list[tuple[int, str]]:
    """What the rules refuse of the drafts as they are now, with the place of each in the batch."""
    rows = list(for_checking().filter(pk__in=pks).order_by("pk"))
    told = findings_of(rows, today=clock.today())
    said: dict[int, list[str]] = defaultdict(list)
    for place, row in enumerate(rows, 1):
        said[place] += [each.sentence for each in told[row.pk] if each.severity == REFUSE]
    return [(place, sentence) for place, sentences in said.items() for sentence in sentences]
