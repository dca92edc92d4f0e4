"""What the payout list and the sign list say: columns of domain.md 6, one row per line of money or goods, totals at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from beneficiaries.bankfiles.facts import bank_part
from beneficiaries.enums import HardshipClass, Route
from beneficiaries.models import BankFile, Payout, PayoutBatch, PayoutLine
from relief.lib import clock, idnumber
from relief.lib.money import capitals, grouped
from unions.models import Person

LIST, SIGN = "list", "sign"
PAPERS = {LIST: "发放清册", SIGN: "签收表"}
SIGNED_FOR = frozenset({Route.CASH, Route.GOODS})
NOTHING = "—"


@dataclass(frozen=True)
class Column:
    """One column: its heading, its width in mm, and whether it holds amounts or text to sign in."""

    title: str
    width: int
    look: str = "text"


COLUMNS: dict[str, tuple[Column, ...]] = {
    LIST: (
        Column("序号", 10, "place"), Column("单位", 34), Column("姓名", 18), Column("身份证号", 38),
        Column("困难类别/对象类别", 34), Column("家庭人口", 14, "place"), Column("资金来源", 22),
        Column("金额（元）", 24, "number"), Column("物品及折价", 26), Column("开户行及银行卡号", 39), Column("备注", 14),
    ),
    SIGN: (
        Column("序号", 10, "place"), Column("单位", 34), Column("姓名", 18), Column("身份证号", 38),
        Column("困难类别/对象类别", 34), Column("金额（元）", 24, "number"), Column("物品及折价", 28),
        Column("领款人签字", 32, "sign"), Column("代领人（关系、身份证号）", 41), Column("备注", 14),
    ),
}  # fmt: skip
"""Together 273 mm: the width between the margins of an A4 page on its side."""


@dataclass(frozen=True)
class PayoutList:
    """One list ready for both kinds of file; a row's texts stand in the order of the columns."""

    paper: str
    title: str
    under: tuple[str, str]
    columns: tuple[Column, ...]
    rows: list[list[str]]
    total: Decimal
    count: int
    by_class: str
    signatures: tuple[str, ...]
    foot: str
    full: bool
    bank: tuple[str, ...] = ()
    """What goes through the bank: control totals with the check code of the batch, and of each file that was made."""

    @property
    def capitals(self) -> str:
        return f"人民币{capitals(self.total)}"

    @property
    def figures(self) -> str:
        return grouped(self.total, 2)

    @property
    def amount_column(self) -> int:
        return next(at for at, column in enumerate(self.columns) if column.look == "number")


def payout_list(batch: PayoutBatch, *, paper: str, by: Person, full: bool) -> PayoutList:
    """The lines of a batch that the person may see; `full` only after the action has allowed and recorded it.

    The sign list holds cash and goods only: what goes through a bank is signed for by nobody.
    """
    payouts = list(
        batch.payouts.visible_to(by)
        .select_related("union", "dossier", "proxy", "entered_by", "reviewed_by")
        .prefetch_related("lines")
        .order_by("pk")
    )
    rows: list[list[str]] = []
    persons: list[Payout] = []
    total = Decimal(0)
    for payout in payouts:
        lines = [line for line in payout.lines.all() if paper == LIST or line.route in SIGNED_FOR]
        for line in lines:
            rows.append(_row(payout, line, str(len(persons) + 1) if line is lines[0] else "", paper, full))
            total += line.amount
        if lines:
            persons.append(payout)
    return PayoutList(
        paper=paper,
        title=f"{batch.title}{PAPERS[paper]}",
        under=(
            f"发放工会：{batch.union.name}　活动：{batch.campaign or '日常帮扶'}",
            f"批次：{batch.number}　资金来源：{batch.get_source_display()}　计划日期：{batch.planned_on:%Y-%m-%d}　单位：元",
        ),
        columns=COLUMNS[paper],
        rows=rows,
        total=total,
        count=len(persons),
        by_class=_by_class(persons, paper),
        signatures=_signatures(persons, paper),
        foot=_foot(batch, by, full, len(payouts)),
        full=full,
        bank=_bank(batch, payouts) if paper == LIST else (),
    )


def _bank(batch: PayoutBatch, payouts: Sequence[Payout]) -> tuple[str, ...]:
    """The lines of the list by which paper, page and file are compared; nothing where no bank takes part."""
    part = bank_part(payouts)
    if part is None:
        return ()
    files = BankFile.objects.filter(batch=batch).exclude(check_code="").order_by("pk")
    return (
        f"银行代发 {part.count} 笔 {grouped(part.total, 2)} 元，核对码 {part.code}",
        *(
            f"银行文件 {each.number}：{each.count} 笔 {grouped(each.total, 2)} 元，核对码 {each.check_code}"
            for each in files
        ),
    )


def _row(payout: Payout, line: PayoutLine, place: str, paper: str, full: bool) -> list[str]:
    goods = line.route == Route.GOODS
    shared = [
        place,
        payout.dossier.employer if payout.dossier and payout.dossier.employer else payout.union.called,
        payout.recipient if full else idnumber.mask_name(payout.recipient),
        (payout.id_number if full else _tail(payout.id_number)) or NOTHING,
        _kind(payout),
    ]
    goods_words = f"{line.item}（折价）" if goods else NOTHING
    amount = grouped(line.amount, 2)
    if paper == SIGN:
        return [*shared, amount, goods_words, "", _proxy(payout, full), ""]
    members = _frozen(payout).get("members", "")
    account = payout.card_number if full else _tail(payout.card_number)
    bank = f"{payout.bank if full else ''} {account}".strip()
    account = bank if line.route in (Route.CARD, Route.PASSBOOK) else line.get_route_display()
    return [*shared, str(members or NOTHING), line.get_source_display(), amount, goods_words, account or NOTHING, ""]


def _tail(number: str) -> str:
    return f"···{idnumber.last4(number)}" if number else ""


def _frozen(payout: Payout) -> dict[str, Any]:
    """The household as it was frozen with the payout."""
    return payout.snapshot or {}  # type: ignore[return-value]


def _kind(payout: Payout) -> str:
    """The hardship class frozen with the household, else the group."""
    frozen = _frozen(payout).get("class", "")
    return HardshipClass(frozen).label if frozen else payout.get_relief_group_display()


def _proxy(payout: Payout, full: bool) -> str:
    proxy = getattr(payout, "proxy", None)
    if proxy is None:
        return ""
    name = proxy.name if full else idnumber.mask_name(proxy.name)
    return f"{name}（{proxy.relation}）{proxy.id_number if full else _tail(proxy.id_number)}"


def _by_class(payouts: Sequence[Payout], paper: str) -> str:
    """Number and amount per class, in the order in which they appear."""
    sums: dict[str, tuple[int, Decimal]] = {}
    for payout in payouts:
        kind = _kind(payout)
        count, amount = sums.get(kind, (0, Decimal(0)))
        own = sum((line.amount for line in payout.lines.all() if paper == LIST or line.route in SIGNED_FOR), Decimal(0))
        sums[kind] = (count + 1, amount + own)
    return "；".join(f"{kind} {count} 人次 {grouped(amount, 2)} 元" for kind, (count, amount) in sums.items())


def _signatures(payouts: Sequence[Payout], paper: str) -> tuple[str, ...]:
    """Who made and who reviewed the list; what is signed by hand stays open."""
    made = "、".join(dict.fromkeys(payout.entered_by.name for payout in payouts))
    reviewed = "、".join(dict.fromkeys(payout.reviewed_by.name for payout in payouts if payout.reviewed_by))
    hands = ("经手人：", "证明人：") if paper == SIGN else ()
    return (f"制表：{made}", f"审核：{reviewed}", *hands, "单位负责人：")


def _foot(batch: PayoutBatch, by: Person, full: bool, seen: int) -> str:
    now = clock.db_now().astimezone(clock.SHANGHAI)
    kind = "完整版，含敏感信息，请妥善保管" if full else "遮蔽版"
    count = batch.payouts.count()
    part = f" · 只列出本人可以查看的 {seen} 笔，本批共 {count} 笔" if seen != count else ""
    return f"{kind} · 批次 {batch.number}{part} · {by.name} 于 {now:%Y-%m-%d %H:%M} 打印"
