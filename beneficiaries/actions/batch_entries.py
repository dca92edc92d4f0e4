"""Recipients of a batch checked together and turned into drafts: a fixed number of queries for any number of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from beneficiaries.actions.payout_imports import Draft
from beneficiaries.enums import DossierState, PayoutState, Trait
from beneficiaries.models import Dossier, Payout, PayoutBatch, PayoutLine
from beneficiaries.payouts.snapshots import households_of
from relief.lib import clock, crypto, idnumber
from relief.lib.money import to_fen
from unions.models import Person
from unions.policy import Refused


@dataclass(frozen=True)
class Recipient:
    """One line to be: `line` is where it stood in what was typed, `amount` None takes the amount of the batch."""

    name: str
    id_number: str = ""
    amount: Decimal | None = None
    bank: str = ""
    card_number: str = ""
    traits: frozenset[str] = frozenset()
    reason: str = ""
    line: int = 0
    dossier: Dossier | None = field(default=None, compare=False)


class BatchFaults(Refused):
    """Nothing was written; `faults` says per line what is wrong."""

    def __init__(
        self, faults: Sequence[tuple[int, str]], next_step: str = "请按下面的行号改正后再写入；您填的内容还在框里。"
    ) -> None:
        self.faults = sorted(faults)
        super().__init__(
            f"有 {len(self.faults)} 处要改正，一行也没有写入。",
            next_step,
            status=422,
            act="batch.fill",
        )


def of_households(batch: PayoutBatch, dossiers: Sequence[Dossier]) -> tuple[list[Recipient], int]:
    """A recipient per householder, and how many are left out because they have such a payout already."""
    taken = _taken(batch, {dossier.id_index for dossier in dossiers if dossier.id_index})
    taken_dossiers = set(batch.payouts.filter(dossier__in=list(dossiers)).values_list("dossier_id", flat=True))
    wanted = [row for row in dossiers if row.id_index not in taken and row.pk not in taken_dossiers]
    found = [
        Recipient(
            name=dossier.name,
            id_number=idnumber.normalise(dossier.id_number),
            bank=dossier.bank,
            card_number=idnumber.normalise_card(dossier.card_number),
            traits=frozenset(trait for trait in Trait.values if getattr(dossier, trait, False)),
            dossier=dossier,
        )
        for dossier in wanted
    ]
    return found, len(dossiers) - len(wanted)


def drafts_of(by: Person, batch: PayoutBatch, recipients: Sequence[Recipient]) -> list[Draft]:
    """The drafts to write; raises `BatchFaults` with everything that is wrong in any line."""
    indexes = [crypto.blind_index(each.id_number, "id_number") if each.id_number else "" for each in recipients]
    dossiers = _dossiers(batch, {index for index in indexes if index})
    faults = [*_faults(batch, recipients), *_doubles(batch, recipients, indexes)]
    for each, index in zip(recipients, indexes, strict=True):
        dossier = each.dossier or dossiers.get(index)
        if dossier is not None and dossier.name != each.name:
            faults.append((each.line, f"姓名与本单位档案 {dossier.number} 的户主不一致，请核对姓名和身份证号。"))
    if faults:
        raise BatchFaults(faults)
    own = [each.dossier or dossiers.get(index) for each, index in zip(recipients, indexes, strict=True)]
    households = households_of({dossier.pk: dossier for dossier in own if dossier is not None}.values())
    now, generation = clock.db_now(), crypto.index_generation()
    shared = {
        "union": batch.union,
        "paid_from": batch.paid_from,
        "campaign": batch.campaign,
        "batch": batch,
        "relief_group": batch.relief_group,
        "purpose": batch.purpose,
        "planned_on": batch.planned_on,
        "entered_by": by,
        "entered_at": now,
        "id_index_generation": generation,
    }
    return [
        _draft(batch, each, index, dossier, households.get(dossier.pk if dossier else 0, {}), shared)
        for each, index, dossier in zip(recipients, indexes, own, strict=True)
    ]


def _draft(
    batch: PayoutBatch, each: Recipient, index: str, dossier: Dossier | None, household: dict, shared: dict
) -> Draft:
    marks = {trait: trait in each.traits for trait in Trait.values}
    if dossier is not None:
        marks = {trait: marks[trait] or getattr(dossier, trait, False) for trait in Trait.values}
    payout = Payout(
        dossier=dossier,
        recipient=each.name,
        id_number=each.id_number,
        id_index=index,
        household_index=dossier.id_index if dossier is not None else index,
        bank=each.bank or (dossier.bank if dossier is not None else ""),
        card_number=each.card_number or (idnumber.normalise_card(dossier.card_number) if dossier is not None else ""),
        snapshot=household,  # type: ignore[misc]
        reason=each.reason,
        **marks,
        **shared,
    )
    amount = each.amount if each.amount is not None else batch.amount or Decimal(0)
    return Draft(payout, [PayoutLine(source=batch.source, route=batch.route, amount=amount, item=batch.item)])


def _faults(batch: PayoutBatch, recipients: Iterable[Recipient]) -> list[tuple[int, str]]:
    """What is wrong with a line by itself."""
    found = []
    for each in recipients:
        if not each.name or len(each.name) > 40:
            found.append((each.line, "请填写姓名，40 个字以内。"))
        if each.id_number and (fault := idnumber.fault(each.id_number)):
            found.append((each.line, f"身份证号：{fault}"))
        if len(each.reason) > 200:
            found.append((each.line, "提醒说明超过 200 字，请缩短。"))
        if idnumber.contains_number(each.reason):
            found.append((each.line, "提醒说明里有证件号或卡号一类的号码，请去掉。"))
        if len(each.bank) > 60:
            found.append((each.line, "开户银行超过 60 个字，请缩短。"))
        if each.amount is None and batch.amount is None:
            found.append((each.line, "没有金额；本批也没有统一金额，请填写。"))
        elif each.amount is not None and (sentence := _amount_fault(each.amount)):
            found.append((each.line, sentence))
    return found


def _amount_fault(amount: Decimal) -> str:
    try:
        return "" if to_fen(amount) > 0 else "金额须大于 0。"
    except ValueError as fault:
        return str(fault)


def _doubles(batch: PayoutBatch, recipients: Sequence[Recipient], indexes: Sequence[str]) -> list[tuple[int, str]]:
    """Who stands there twice, here or in what is written already."""
    times = Counter(index for index in indexes if index)
    taken = _taken(batch, set(times))
    first: dict[str, int] = {}
    found = []
    for each, index in zip(recipients, indexes, strict=True):
        if not index:
            continue
        if index in first:
            found.append((each.line, f"与第 {first[index]} 行是同一个身份证号，同一批只能发一笔。"))
        elif index in taken:
            found.append((each.line, "这个人在本批或同一活动、同一天、同一用途已经有一笔发放，不能重复发放。"))
        first.setdefault(index, each.line)
    return found


def _taken(batch: PayoutBatch, indexes: set[str]) -> set[str]:
    """Whose number has such a payout already: in this batch, or of the same campaign, day and purpose."""
    rows = Payout.objects.filter(union=batch.union_id, id_index__in=indexes).exclude(state=PayoutState.FAILED)
    same = rows.filter(campaign=batch.campaign_id, purpose=batch.purpose, planned_on=batch.planned_on)
    return set(same.values_list("id_index", flat=True)) | set(
        rows.filter(batch=batch).values_list("id_index", flat=True)
    )


def _dossiers(batch: PayoutBatch, indexes: set[str]) -> dict[str, Dossier]:
    """The union's own files by index: a typed number that belongs to one is paid to that household."""
    rows = Dossier.objects.filter(union=batch.union_id, id_index__in=indexes, restricted=False)
    rows = rows.exclude(state__in=(DossierState.CLOSED, DossierState.DRAFT))
    return {dossier.id_index: dossier for dossier in rows.defer("note")}
