"""Opening a payout batch and filling it: households, named recipients, pasted rows, amounts."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from beneficiaries.actions.batch_entries import Recipient, drafts_of, of_households
from beneficiaries.actions.payout_imports import Draft, write_drafts
from beneficiaries.actions.payouts import kept_papers
from beneficiaries.actions.typists import MOVED_OUT
from beneficiaries.enums import PayoutState, Purpose, ReliefGroup, Route
from beneficiaries.models import Dossier, Payout, PayoutBatch, PayoutLine
from campaigns.enums import FundSource
from campaigns.models import Campaign
from relief.lib import clock
from relief.lib.money import from_fen, grouped, to_fen
from unions import audit, idempotency
from unions.models import Person, Union
from unions.policy import Refused, Stale, require
from unions.words import refuse_numbers

LINES = 500
"""Payouts that one batch may hold: as many as one step moves at once."""


def open_batch(
    *,
    by: Person,
    union: Union,
    campaign: Campaign | None,
    title: str,
    relief_group: str,
    purpose: str,
    planned_on: datetime.date,
    source: str,
    route: str,
    amount: Decimal | None = None,
    item: str = "",
    paid_from: Union | None = None,
    key: str = "",
) -> PayoutBatch:
    """Return a new empty batch; what it says are the values of the payouts that are put into it."""
    values = _values(
        union, campaign, title, relief_group, purpose, planned_on, source, route, amount, item, paid_from or union
    )
    batch = PayoutBatch(union=union, entered_by=by, entered_at=clock.db_now(), **values)
    require(by, "batch.open", batch)
    with transaction.atomic():
        claim = None
        if key:
            claim, new = idempotency.claim(by=by, act="batch.open", key=key, body=_plain(values))
            if not new:
                return PayoutBatch.objects.get(number=claim.receipt)
        batch.number = batch.row_key
        batch.save(force_insert=True)
        batch.number = f"PC-{planned_on.year}-{batch.pk:05d}"
        PayoutBatch.objects.filter(pk=batch.pk).update(number=batch.number)
        audit.record(
            act="batch.open", by=by, union=union, obj=batch, fields=values, detail={"number": batch.number}, money=True
        )
        if claim is not None:
            idempotency.remember(claim, batch.number)
    return batch


def change_batch(
    *, by: Person, batch: PayoutBatch, version: int, title: str, planned_on: datetime.date, amount: Decimal | None
) -> None:
    """Write title, planned day and usual amount anew; the day goes to every draft of the batch."""
    require(by, "batch.change", batch)
    values = _values(
        batch.union, batch.campaign, title, batch.relief_group, batch.purpose, planned_on, batch.source, batch.route,
        amount, batch.item, batch.paid_from,
    )  # fmt: skip
    with transaction.atomic():
        _bump(batch, act="batch.change", version=version, title=values["title"], planned_on=planned_on, amount=amount)
        if planned_on != batch.planned_on:
            _move_day(by, batch, planned_on)
        audit.record(
            act="batch.change", by=by, union=batch.union, obj=batch, fields=["title", "planned_on", "amount"],
            detail={"number": batch.number}, money=True,
        )  # fmt: skip


def _move_day(by: Person, batch: PayoutBatch, planned_on: datetime.date) -> None:
    """Put the drafts on another day; nobody may get two of a kind on it."""
    moved = _drafts(batch)
    try:
        with transaction.atomic():
            moved.update(planned_on=planned_on, entered_by=by, entered_at=clock.db_now(), version=F("version") + 1)
    except IntegrityError:
        raise Refused(
            f"{planned_on:%Y-%m-%d} 这一天，本批里有人在同一活动、同一用途已经有一笔发放，计划日期没有改。",
            "请换一天，或先把重复的人移出本批。",
            act="batch.change",
            obj=batch,
        ) from None


def delete_batch(*, by: Person, batch: PayoutBatch, version: int) -> None:
    """Remove a batch without payouts for good."""
    require(by, "batch.delete", batch)
    with transaction.atomic():
        _bump(batch, act="batch.delete", version=version)
        if batch.payouts.exists():
            raise Refused("批次里还有发放，不能删除。", "请先移出或删除里面的每一笔。", act="batch.delete", obj=batch)
        if batch.bank_files.exists():
            raise Refused("批次出过银行文件，不能删除。", "空批次留着即可。", act="batch.delete", obj=batch)
        audit.record(
            act="batch.delete", by=by, union=batch.union, obj=batch, money=True,
            detail={"number": batch.number, "enterer": batch.entered_by_id},
        )  # fmt: skip
        PayoutBatch.objects.filter(pk=batch.pk).delete()


def add_households(*, by: Person, batch: PayoutBatch, dossiers: Sequence[Dossier], key: str = "") -> tuple[int, int]:
    """Add a payout per household, with its own traits and account; how many were added and how many were there already."""
    require(by, "batch.fill", batch)
    if any(dossier.union_id != batch.union_id for dossier in dossiers):
        raise Refused(
            "选中的档案里有别的工会的。", "请先由建档工会转入，或由建档工会发放。", status=422, act="batch.fill"
        )
    if not dossiers:
        raise Refused("没有选中任何一户。", "请先勾选，或勾选“全部符合条件的”。", status=422, act="batch.fill")
    if batch.amount is None:
        raise Refused(
            "批次还没有写每笔金额。", "请先在批次页写明每笔金额，加入以后可以逐笔修改。", status=422, act="batch.fill"
        )
    recipients, there = of_households(batch, dossiers)
    with transaction.atomic():
        if key:
            claim, new = idempotency.claim(
                by=by, act="batch.fill", key=key, body=[batch.pk, sorted(dossier.pk for dossier in dossiers)]
            )
            if not new:
                added = int(claim.receipt or 0)
                return added, len(dossiers) - added
            idempotency.remember(claim, str(len(recipients)))
        if recipients:
            _fill(by, batch, recipients, how="households")
    return len(recipients), there


def add_recipients(
    *, by: Person, batch: PayoutBatch, recipients: Sequence[Recipient], how: str = "named", key: str = ""
) -> int:
    """Add a payout per named recipient, all or none: `BatchFaults` carries every fault with its line.

    The same request `key` twice writes once: who has no ID number is not known again otherwise.
    """
    require(by, "batch.fill", batch)
    with transaction.atomic():
        if key:
            claim, new = idempotency.claim(by=by, act="batch.fill", key=key, body=[batch.pk, _said(recipients)])
            if not new:
                return int(claim.receipt)
            idempotency.remember(claim, str(len(recipients)))
        _fill(by, batch, recipients, how=how)
    return len(recipients)


def _said(recipients: Sequence[Recipient]) -> list[list[str]]:
    """The recipients as plain text, for the digest of a request."""
    return [[str(value) for name, value in vars(each).items() if name != "traits"] for each in recipients]


def set_amounts(
    *,
    by: Person,
    batch: PayoutBatch,
    version: int,
    amounts: Mapping[int, Decimal],
    reasons: Mapping[int, str] | None = None,
) -> int:
    """Write the amount (and the reason) of these drafts by payout id; how many payouts changed.

    Only a payout with a single line of money takes an amount here. The batch must be as it was shown.
    """
    require(by, "batch.fill", batch)
    reasons = reasons or {}
    with transaction.atomic():
        _bump(batch, act="batch.fill", version=version)
        rows = {row.pk: row for row in _drafts(batch).prefetch_related("lines")}
        lost = [pk for pk in {*amounts, *reasons} if pk not in rows]
        if lost:
            raise Stale([("草稿", f"{len(lost)} 笔已不在草稿里", "选中")], act="batch.fill", obj=batch)
        lines = _amounts_changed(rows, amounts)
        told = [rows[pk] for pk, words in reasons.items() if rows[pk].reason != words.strip()]
        for row in told:
            row.reason = _reason(reasons[row.pk])
        PayoutLine.objects.bulk_update(lines, ["amount"], batch_size=250)
        Payout.objects.bulk_update(told, ["reason"], batch_size=250)
        changed = {line.payout_id for line in lines} | {row.pk for row in told}
        _typed(by, batch, changed)
        audit.record(
            act="batch.fill", by=by, union=batch.union, obj=batch, fields=["amount", "reason"], money=True,
            detail={
                "how": "amounts",
                "number": batch.number,
                "count": len(changed),
                "fen": sum(to_fen(line.amount) for line in lines),
            },
        )  # fmt: skip
    return len(changed)


def drop_lines(*, by: Person, batch: PayoutBatch, version: int, payouts: Iterable[int], keep: bool = True) -> int:
    """Take drafts out of the batch: kept, each becomes a draft of its own; else they are deleted. How many."""
    require(by, "batch.fill", batch)
    wanted = set(payouts)
    if not wanted:
        raise Refused("没有选中任何一笔。", "请先勾选要移出的行。", status=422, act="batch.fill", obj=batch)
    with transaction.atomic():
        _bump(batch, act="batch.fill", version=version)
        rows = _drafts(batch).filter(pk__in=wanted)
        if not keep and (papers := kept_papers(rows)):
            raise Refused(f"选中的行里有{papers}的，不能删除。", "请改为“移出本批”。", act="batch.fill", obj=batch)
        # the state is taken first, so that two people cannot delete and send the same draft
        if rows.update(version=F("version") + 1) != len(wanted):
            raise Refused(
                "选中的行里有已经送审的，不能移出。", "请先由审核人或审批人退回。", act="batch.fill", obj=batch
            )
        numbers = list(rows.order_by("pk").values_list("number", flat=True))
        audit.record(
            act="batch.fill", by=by, union=batch.union, obj=batch, money=True,
            detail={"how": MOVED_OUT if keep else "deleted", "number": batch.number, "numbers": numbers},
        )  # fmt: skip
        if keep:
            rows.update(batch=None)
        else:
            Payout.objects.filter(pk__in=wanted, state=PayoutState.DRAFT).delete()
    return len(numbers)


def check_recipients(*, by: Person, batch: PayoutBatch, recipients: Sequence[Recipient]) -> None:
    """Raise what `add_recipients` would raise; nothing is written."""
    require(by, "batch.fill", batch)
    _checked(by, batch, recipients)


def _checked(by: Person, batch: PayoutBatch, recipients: Sequence[Recipient]) -> list[Draft]:
    here = batch.payouts.count()
    if here + len(recipients) > LINES:
        raise Refused(
            f"一批最多 {LINES} 笔：已有 {here} 笔，再加 {len(recipients)} 笔就超过了。",
            "请分成两批。",
            status=422,
            act="batch.fill",
            obj=batch,
        )
    return drafts_of(by, batch, recipients)


def _fill(by: Person, batch: PayoutBatch, recipients: Sequence[Recipient], *, how: str) -> None:
    _bump(batch, act="batch.fill")  # first: it holds the batch, so that two fills at once count one after the other
    made = _checked(by, batch, recipients)
    write_drafts(made)
    audit.record(
        act="batch.fill", by=by, union=batch.union, obj=batch, money=True,
        after=[[draft.payout.row_key, draft.payout.id_index] for draft in made],
        detail={
            "how": how,
            "number": batch.number,
            "count": len(made),
            "fen": sum(to_fen(line.amount) for draft in made for line in draft.lines),
        },
    )  # fmt: skip


def _drafts(batch: PayoutBatch):
    return Payout.objects.filter(batch=batch, state=PayoutState.DRAFT)


def _typed(by: Person, batch: PayoutBatch, changed: set[int]) -> None:
    """Whoever changes a draft becomes its enterer, so that nobody reviews their own typing."""
    updated = _drafts(batch).filter(pk__in=changed)
    if updated.update(entered_by=by, entered_at=clock.db_now(), version=F("version") + 1) != len(changed):
        raise Stale([("草稿", "已由别人送审", "草稿")], act="batch.fill", obj=batch)


def _amounts_changed(rows: Mapping[int, Payout], amounts: Mapping[int, Decimal]) -> list[PayoutLine]:
    """The lines that get another amount, with it set."""
    changed = []
    for pk, amount in amounts.items():
        lines = list(rows[pk].lines.all())
        if len(lines) != 1:
            raise Refused(
                f"发放 {rows[pk].number} 有 {len(lines)} 行款物，不能在这里改金额。",
                "请打开这一笔逐行修改。",
                status=422,
                act="batch.fill",
            )
        if lines[0].amount != _positive(amount, rows[pk].number):
            lines[0].amount = amount
            changed.append(lines[0])
    return changed


def _positive(amount: Decimal, number: str) -> Decimal:
    try:
        fen = to_fen(amount)
    except ValueError as fault:
        raise Refused(f"发放 {number}：{fault}", "请改正金额。", status=422, act="batch.fill") from None
    if fen <= 0:
        raise Refused(
            f"发放 {number} 的金额须大于 0，现在是 {grouped(amount, 2)} 元。",
            "请改正金额；不发的请移出本批。",
            status=422,
            act="batch.fill",
        )
    return from_fen(fen)


def _reason(text: str) -> str:
    if len(text.strip()) > 200:
        raise Refused("提醒说明超过 200 字。", "请缩短后再保存。", status=422, act="batch.fill")
    refuse_numbers(text, "提醒说明", "档案号或发放编号", act="batch.fill")
    return text.strip()


def _bump(batch: PayoutBatch, *, act: str, version: int | None = None, **values: Any) -> None:
    """Count the batch up; with a version only if it is still the one that was shown."""
    found = PayoutBatch.objects.filter(pk=batch.pk)
    if version is not None:
        found = found.filter(version=version)
    if found.update(version=F("version") + 1, **values) != 1:
        raise Stale([("批次", "已由别人改过", "打开页面时的样子")], act=act, obj=batch)


def _values(
    union: Union,
    campaign: Campaign | None,
    title: str,
    relief_group: str,
    purpose: str,
    planned_on: datetime.date,
    source: str,
    route: str,
    amount: Decimal | None,
    item: str,
    paid_from: Union,
) -> dict[str, Any]:
    title, item = title.strip(), item.strip()
    known = relief_group in ReliefGroup.values and purpose in Purpose.values and source in FundSource.values
    wrong = [
        (campaign is not None and campaign.closed_at is not None, "这个活动已经封存，不能再录发放。"),
        (not known or route not in Route.values, "对象类别、用途、资金来源或方式不在代码表里。"),
        (not title or len(title) > 60, "请写批次名称，60 个字以内。"),
        (not union.is_within(paid_from), "出资工会须是本工会或其上级工会。"),
        (route == Route.GOODS and not item, "发实物的批次须写明物品名称。"),
        (len(item) > 60, "物品名称超过 60 个字。"),
        (amount is not None and amount <= 0, "每笔金额须大于 0。"),
    ]
    for is_wrong, sentence in wrong:
        if is_wrong:
            raise Refused(sentence, "请改正后再保存。", status=422, act="batch.open")
    return {
        "campaign": campaign,
        "paid_from": paid_from,
        "title": title,
        "relief_group": relief_group,
        "purpose": purpose,
        "planned_on": planned_on,
        "source": source,
        "route": route,
        "amount": amount,
        "item": item if route == Route.GOODS else "",
    }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values that a digest can be made of."""
    return {name: getattr(value, "pk", value) for name, value in values.items()}
