"""Writing one payout while it is a draft: who gets what, for what, from which money."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from beneficiaries.enums import PayoutState, Purpose, ReliefGroup, Route, Trait
from beneficiaries.models import Dossier, Payout, PayoutLine
from campaigns.enums import FundSource
from campaigns.models import Campaign
from relief.lib import clock, crypto, idnumber
from relief.lib.crypto import sealed
from relief.lib.money import grouped, to_fen
from unions import audit, idempotency
from unions.models import Person, Union
from unions.policy import Refused, Stale, require
from unions.words import refuse_numbers

SEALED = ("id_number", "bank", "card_number", "self_paid")
LINES_AT_MOST = 20


def draft_payout(
    *,
    by: Person,
    union: Union,
    campaign: Campaign | None,
    planned_on: datetime.date,
    relief_group: str,
    purpose: str,
    lines: Sequence[Mapping[str, Any]],
    dossier: Dossier | None = None,
    recipient: str = "",
    id_number: str = "",
    bank: str = "",
    card_number: str = "",
    traits: Iterable[str] = (),
    paid_from: Union | None = None,
    reason: str = "",
    basis: Mapping[str, Any] | None = None,
    key: str = "",
) -> Payout:
    """Return a new draft. Name, number and account come from the dossier where they are not given.

    `basis` is what the caps and the member rule look at: union_member, self_paid (元), students.

    With a request `key` a request that arrives twice gets the same draft.
    """
    content = _content(union, campaign, planned_on, relief_group, purpose, dossier, traits, paid_from, reason)
    content |= _recipient(dossier, recipient, id_number, bank, card_number) | _basis(basis or {})
    rows = _lines(lines)
    payout = Payout(union=union, entered_by=by, entered_at=clock.db_now(), **content)
    require(by, "payout.draft", payout)
    with transaction.atomic():
        claim = None
        if key:
            body = [union.pk, _plain(content), [_line_facts(row) for row in rows]]
            claim, new = idempotency.claim(by=by, act="payout.draft", key=key, body=body)
            if not new:
                return Payout.objects.get(number=claim.receipt)
        payout.number = payout.row_key
        _saved_once(payout)
        payout.number = f"FF-{planned_on.year}-{payout.pk:06d}"
        Payout.objects.filter(pk=payout.pk).update(number=payout.number)
        _write_lines(payout, rows)
        audit.record(
            act="payout.draft", by=by, union=union, obj=payout, fields=content, after=_plain(content), money=True,
            detail={"number": payout.number, "lines": len(rows), "fen": _total(rows)},
        )  # fmt: skip
        if claim is not None:
            idempotency.remember(claim, payout.number)
    return payout


def change_payout(
    *,
    by: Person,
    payout: Payout,
    version: int,
    campaign: Campaign | None,
    planned_on: datetime.date,
    relief_group: str,
    purpose: str,
    lines: Sequence[Mapping[str, Any]],
    dossier: Dossier | None = None,
    recipient: str = "",
    id_number: str = "",
    bank: str = "",
    card_number: str = "",
    traits: Iterable[str] = (),
    paid_from: Union | None = None,
    reason: str = "",
    basis: Mapping[str, Any] | None = None,
) -> Payout:
    """Write the draft anew; whoever changes it becomes its enterer, so that nobody reviews their own typing."""
    require(by, "payout.change", payout)
    content = _content(payout.union, campaign, planned_on, relief_group, purpose, dossier, traits, paid_from, reason)
    content |= _recipient(dossier, recipient, id_number, bank, card_number) | _basis(basis or {})
    rows = _lines(lines)
    with transaction.atomic():
        before = _plain({name: getattr(payout, name) for name in content})
        values = {name: sealed(payout, name, value) if name in SEALED else value for name, value in content.items()}
        found = Payout.objects.filter(pk=payout.pk, state=PayoutState.DRAFT, version=version)
        updated = _updated_once(found, entered_by=by, entered_at=clock.db_now(), version=F("version") + 1, **values)
        if updated != 1:
            raise Stale(_differences(payout, content), act="payout.change", obj=payout)
        payout.lines.all().delete()
        _write_lines(payout, rows)
        changed = [name for name, value in _plain(content).items() if before[name] != value]
        audit.record(
            act="payout.change", by=by, union=payout.union, obj=payout, fields=[*changed, "lines"], before=before,
            after=_plain(content), money=True,
            detail={"number": payout.number, "lines": len(rows), "fen": _total(rows), "enterer": payout.entered_by_id},
        )  # fmt: skip
    return Payout.objects.get(pk=payout.pk)


def delete_draft(*, by: Person, payout: Payout, version: int) -> None:
    """Remove a draft for good; its number is not used again."""
    require(by, "payout.delete", payout)
    if papers := kept_papers(Payout.objects.filter(pk=payout.pk)):
        raise Refused(
            f"发放 {payout.number} {papers}，不能删除。",
            f"不再发放的，留在草稿即可；账目要对得上{PAPERS[papers]}。",
            act="payout.delete",
            obj=payout,
        )
    with transaction.atomic():
        number, pk = payout.number, payout.pk
        found = Payout.objects.filter(pk=pk, state=PayoutState.DRAFT, version=version)
        # the state is taken first, so that two people cannot delete and send the same draft
        if found.update(version=F("version") + 1) != 1:
            raise Stale(act="payout.delete", obj=payout)
        audit.record(
            act="payout.delete", by=by, union=payout.union, obj=payout, detail={"number": number}, money=True
        )  # fmt: skip
        Payout.objects.filter(pk=pk).delete()


PAPERS = {"出过银行文件": "银行文件", "列入过公示名单": "公示名单", "登记过实物发票": "发票"}


def kept_papers(payouts: QuerySet[Payout]) -> str:
    """What papers of these payouts are kept, so that none of them may be deleted; "" when there are none."""
    for name, words in zip(("bank_lines", "public_lines", "invoices"), PAPERS, strict=True):
        if payouts.filter(**{f"{name}__isnull": False}).exists():
            return words
    return ""


def refuse_double(payout: Payout) -> Refused:
    """The sentence about paying the same person twice."""
    return Refused(
        f"同一个人在同一活动、同一天、同一用途已经有一笔发放（{payout.planned_on:%Y-%m-%d}，{payout.get_purpose_display()}），"
        "不能重复发放。",
        "请在发放列表里按姓名或证件号末四位找到那一笔；确实是另一笔时，请改日期或用途。",
        act="payout.draft",
    )


def _content(
    union: Union,
    campaign: Campaign | None,
    planned_on: datetime.date,
    relief_group: str,
    purpose: str,
    dossier: Dossier | None,
    traits: Iterable[str],
    paid_from: Union | None,
    reason: str,
) -> dict[str, Any]:
    marks, source = set(traits), paid_from or union
    if campaign is not None and campaign.closed_at is not None:
        raise Refused("这个活动已经封存，不能再录发放。", "请选择进行中的活动；确需补录，请联系发文工会。", status=422)
    if relief_group not in ReliefGroup.values or purpose not in Purpose.values or not marks <= set(Trait.values):
        raise Refused("对象类别、用途或人员特征不在代码表里。", "请从下拉列表里重新选择。", status=422)
    if not union.is_within(source):
        raise Refused("出资工会须是本工会或其上级工会。", "请重新选择出资工会。", status=422)
    if dossier is not None and dossier.union_id != union.pk:
        raise Refused("这户档案不在本工会。", "请先由建档工会转入，或由建档工会发放。", status=422)
    if len(reason) > 200:
        raise Refused("提醒说明超过 200 字。", "请缩短后再保存。", status=422)
    refuse_numbers(reason, "提醒说明", "档案号或发放编号")
    content = {
        "campaign": campaign,
        "paid_from": source,
        "dossier": dossier,
        "relief_group": relief_group,
        "purpose": purpose,
        "planned_on": planned_on,
        "reason": reason.strip(),
    }
    return content | {trait: trait in marks for trait in Trait.values}


def _recipient(dossier: Dossier | None, name: str, id_number: str, bank: str, card_number: str) -> dict[str, Any]:
    name, id_number = name.strip(), idnumber.normalise(id_number)
    if dossier is not None:
        name, id_number = name or dossier.name, id_number or idnumber.normalise(dossier.id_number)
        if id_number == idnumber.normalise(dossier.id_number):
            bank, card_number = bank or dossier.bank, card_number or dossier.card_number
    if not name:
        raise Refused("还没有选择对象。", "请从档案选一户，或填写姓名。", status=422)
    if len(name) > 40:
        raise Refused("姓名超过 40 个字。", "请核对后再保存。", status=422)
    index = crypto.blind_index(id_number, "id_number")
    return {
        "recipient": name,
        "id_number": id_number,
        "id_index": index,
        "id_index_generation": crypto.index_generation(),
        "household_index": dossier.id_index if dossier is not None else index,
        "bank": bank.strip(),
        "card_number": idnumber.normalise_card(card_number),
    }


def _basis(basis: Mapping[str, Any]) -> dict[str, Any]:
    """What the rules ask beside the person; a name that is not given stays as it is."""
    known = {name: basis[name] for name in ("union_member", "self_paid", "students") if name in basis}
    if known.get("self_paid") is not None and "self_paid" in known:
        amount = Decimal(known["self_paid"])
        if amount < 0:
            raise Refused("自付医疗费不能小于 0。", "请照医疗票据的自付部分填写。", status=422)
        known["self_paid"] = f"{amount:.2f}"
    elif "self_paid" in known:
        known["self_paid"] = ""
    if known.get("students") is not None and not 1 <= known["students"] <= 20:
        raise Refused("受助学生数须在 1 到 20 之间。", "请填写这一户这次受助的学生人数。", status=422)
    return known


def _lines(lines: Sequence[Mapping[str, Any]]) -> list[PayoutLine]:
    if not lines:
        raise Refused("还没有填写款物。", "请至少填写一行资金来源、方式和金额。", status=422)
    if len(lines) > LINES_AT_MOST:
        raise Refused(f"一笔发放最多 {LINES_AT_MOST} 行款物。", "请分成几笔录入。", status=422)
    return [_line(at, line) for at, line in enumerate(lines, 1)]


def _line(at: int, line: Mapping[str, Any]) -> PayoutLine:
    source, route, item = line["source"], line["route"], (line.get("item") or "").strip()
    where = f"第 {at} 行款物"
    if source not in FundSource.values or route not in Route.values:
        raise Refused(f"{where}的资金来源或方式不在代码表里。", "请从下拉列表里重新选择。", status=422)
    amount = Decimal(line["amount"])
    try:
        fen = to_fen(amount)
    except ValueError as fault:
        raise Refused(f"{where}：{fault}", "请改正金额。", status=422) from None
    if fen <= 0:
        raise Refused(
            f"{where}的金额须大于 0，现在是 {grouped(amount, 2)} 元。", "请改正金额；要收回请用冲正。", status=422
        )
    if route == Route.GOODS and not item:
        raise Refused(f"{where}是实物，还没有写物品名称。", "请填写物品名称，例如大米、食用油。", status=422)
    if len(item) > 60:
        raise Refused(f"{where}的物品名称超过 60 个字。", "请缩短后再保存。", status=422)
    return PayoutLine(source=source, route=route, amount=amount, item=item)


def _write_lines(payout: Payout, rows: list[PayoutLine]) -> None:
    for row in rows:
        row.payout = payout
    PayoutLine.objects.bulk_create(rows)


def _saved_once(payout: Payout) -> None:
    try:
        with transaction.atomic():
            payout.save(force_insert=True)
    except IntegrityError as fault:
        raise _double_or(fault, payout) from None


def _updated_once(found, **values) -> int:
    try:
        with transaction.atomic():
            return found.update(**values)
    except IntegrityError as fault:
        payout = Payout(planned_on=values["planned_on"], purpose=values["purpose"])
        raise _double_or(fault, payout) from None


def _double_or(fault: IntegrityError, payout: Payout) -> Exception:
    """The refusal of a double payment; any other broken constraint stays what it is."""
    told = str(fault)
    return refuse_double(payout) if "one_payout_per" in told or "payout.id_index" in told else fault


def _plain(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content as values that a digest can be made of."""
    return {name: getattr(value, "pk", value) for name, value in content.items()}


def _line_facts(row: PayoutLine) -> list[Any]:
    return [row.source, row.route, to_fen(row.amount), row.item]


def _total(rows: list[PayoutLine]) -> int:
    return sum(to_fen(row.amount) for row in rows)


def _differences(payout: Payout, content: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Field by field what is stored now and what was typed; sealed fields only as different or not."""
    now = Payout.objects.select_related("campaign", "paid_from", "dossier").filter(pk=payout.pk).first()
    if now is None:
        return []
    found = []
    for name, value in content.items():
        theirs = getattr(now, name)
        if theirs != value and not name.endswith(("_index", "_generation")):
            label = str(_field(name).verbose_name)
            shown = ("已改", "不同") if name in SEALED else (_word(now, name, theirs), _word(now, name, value))
            found.append((label, *shown))
    return found


def _field(name: str) -> Any:
    return Payout._meta.get_field(name)


def _word(payout: Payout, name: str, value: Any) -> str:
    choices = dict(_field(name).flatchoices)
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(choices.get(value, "" if value is None else value))
