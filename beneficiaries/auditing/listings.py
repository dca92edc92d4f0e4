"""The lists of the workspace as Excel, through the same gate as every list (R-22); there is no full form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast

from django.db.models import QuerySet

from beneficiaries.auditing.asking import FILTERS, NotAudited, asked
from beneficiaries.auditing.gaps import GAPS, OF, lines_with_papers, raised_with_papers, tallies
from beneficiaries.auditing.overdrawn import OVERDRAWN, overdrawn
from beneficiaries.auditing.scope import Scope, audited_unions
from beneficiaries.auditing.sums import year_sums
from beneficiaries.enums import Route
from beneficiaries.funds.statement import COLUMNS
from campaigns.enums import FundSource
from campaigns.fund_kinds import FundKind, kind_of
from relief.lib import idnumber
from unions.listings import Field, Listing, number_of, register_listing
from unions.models import Person, Union

WIDE = 28
BY_HAND = (Route.CASH, Route.GOODS)


@dataclass(frozen=True)
class Collected:
    """Rows from several queries that are counted and read like one."""

    number: Callable[[], int]
    parts: Callable[[int], Iterator[Any]]

    def count(self) -> int:
        return self.number()

    def iterator(self, chunk_size: int) -> Iterator[Any]:
        return self.parts(chunk_size)


def _nothing() -> Collected:
    return Collected(lambda: 0, lambda _: iter(()))


def _scope(person: Person, given: Mapping[str, str]) -> Scope | None:
    try:
        return asked(person, given).scope
    except NotAudited:
        return None


def _gaps(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    """The gaps of one kind, or of all kinds one after the other."""
    scope, key = _scope(person, given), given.get("gap", "")
    if scope is None or key not in ("", OVERDRAWN.key, *OF):
        return cast(Any, _nothing())
    gaps = [gap for gap in GAPS if key in ("", gap.key)]
    below = overdrawn(scope) if key in ("", OVERDRAWN.key) else []

    def number() -> int:
        return len(below) + sum(each.count for each in tallies(scope) if key in ("", each.key))

    def parts(chunk_size: int) -> Iterator[Any]:
        return chain(*(gap.rows(scope).iterator(chunk_size=chunk_size) for gap in gaps), below)

    return cast(Any, Collected(number, parts))


@dataclass(frozen=True)
class _Statement:
    union: Union
    source: str
    line: Any


def _statements(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    """One row per union and source."""
    scope = _scope(person, given)
    if scope is None:
        return cast(Any, _nothing())
    sums = year_sums(scope)
    unions = audited_unions(person).in_bulk({union_id for union_id, _ in sums})
    order = {source: place for place, source in enumerate(FundSource.values)}
    places = sorted(sums, key=lambda place: (unions[place[0]].path, order[place[1]]))
    rows = [_Statement(unions[union_id], source, sums[union_id, source]) for union_id, source in places]
    return cast(Any, Collected(lambda: len(rows), lambda _: iter(rows)))


def _says(name: str, word: str) -> str:
    if name == "union":
        return Union.objects.filter(pk=word).values_list("name", flat=True).first() or word if word.isdigit() else word
    if name == "gap":
        return LABELS.get(word, word)
    if name == "own":
        return "只看本级"
    return dict(FundKind.choices).get(word, word) if name == "money" else word


def _paid_lines(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    """Every paid line of the period with whether its papers are there; one that was taken back says when."""
    scope = _scope(person, given)
    return cast(Any, _nothing()) if scope is None else lines_with_papers(scope)


def _raised(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    scope = _scope(person, given)
    return cast(Any, _nothing()) if scope is None else raised_with_papers(scope)


def _there(held: bool) -> str:
    return "有" if held else "缺"


LABELS = {gap.key: gap.label for gap in (*GAPS, OVERDRAWN)}


def _flow(column: str, label: str) -> Field:
    return Field(label, lambda row: row.line.flows[column], kind="number", width=16)


OF_PERIOD = {name: word for name, word in FILTERS.items() if name != "gap"}
STATEMENTS = Listing(
    "audit_funds",
    "经审资金收支",
    "audit_desk",
    "auditing.read",
    OF_PERIOD,
    _statements,
    (
        Field("工会代码", lambda row: row.union.code, width=16),
        Field("工会", lambda row: row.union.name, width=WIDE),
        Field("资金", lambda row: kind_of(row.source).label, width=16),
        Field("资金来源", lambda row: FundSource(row.source).label, width=16),
        Field("上年结余", lambda row: row.line.opening, kind="number", width=16),
        *(_flow(column, label) for column, label in COLUMNS.items()),
        Field("结余", lambda row: row.line.closing, kind="number", width=16),
        Field("在途", lambda row: row.line.on_the_way, kind="number", width=16),
    ),
    _says,
    unit="行",
    row_key=lambda row: number_of(row.union.pk, row.source),
)
GAP_LIST = Listing(
    "audit_gaps",
    "经审疑点",
    "audit_gaps",
    "auditing.read",
    FILTERS,
    _gaps,
    (
        Field("疑点", lambda row: LABELS[row["gap"]], width=24),
        Field("工会", lambda row: row["union_name"], width=WIDE),
        Field("日期", lambda row: row["day"], kind="date"),
        Field("资金", lambda row: kind_of(row["source"]).label, width=16),
        Field("资金来源", lambda row: FundSource(row["source"]).label, width=16),
        Field("金额（元）", lambda row: row["amount"], kind="number", width=16),
        Field("凭证号或发放编号", lambda row: row["paper"], width=22),
        Field("姓名（遮蔽）", lambda row: idnumber.mask_name(row["who"]) if row["who"] else ""),
        Field("建档日期", lambda row: row["opened"], kind="date"),
        Field("缺什么", lambda row: row["said"], width=40),
    ),
    _says,
    unit="条",
    row_key=lambda row: number_of(row["gap"], row["pk"], row["source"]),
)
PAID = Listing(
    "audit_paid",
    "经审逐笔发放",
    "audit_desk",
    "auditing.read",
    OF_PERIOD,
    _paid_lines,
    (
        Field("发放日期", lambda row: row.paid_day, kind="date"),
        Field("工会", lambda row: row.union_name, width=WIDE),
        Field("发放编号", lambda row: row.paper, width=22),
        Field("姓名（遮蔽）", lambda row: idnumber.mask_name(row.who) if row.who else ""),
        Field("资金", lambda row: kind_of(row.source).label, width=16),
        Field("资金来源", lambda row: row.get_source_display(), width=16),
        Field("方式", lambda row: row.get_route_display()),
        Field("金额（元）", lambda row: row.amount, kind="number", width=16),
        Field("签收表", lambda row: _there(row.signed) if row.route in BY_HAND else ""),
        Field("发票", lambda row: _there(row.billed) if row.route == Route.GOODS else ""),
        Field("银行文件", lambda row: "" if row.route in BY_HAND else _there(row.sent)),
        Field("冲正日期", lambda row: row.back_day, kind="date"),
    ),
    _says,
    unit="笔",
)
RAISED = Listing(
    "audit_raised",
    "经审逐笔筹集",
    "audit_desk",
    "auditing.read",
    OF_PERIOD,
    _raised,
    (
        Field("到账日期", lambda row: row.received_on, kind="date"),
        Field("工会", lambda row: row.union.name, width=WIDE),
        Field("资金", lambda row: kind_of(row.source).label, width=16),
        Field("资金来源", lambda row: row.get_source_display(), width=16),
        Field("形式", lambda row: row.get_form_display()),
        Field("金额（元）", lambda row: row.amount, kind="number", width=16),
        Field("凭证号", lambda row: row.voucher, width=18),
        Field("凭证原件", lambda row: "" if row.reverses_id else _there(row.scanned)),
        Field("冲销", lambda row: "冲销" if row.reverses_id else ""),
    ),
    _says,
    unit="笔",
)


def register() -> None:
    """Hand the lists down; called once when Django starts."""
    register_listing(STATEMENTS, GAP_LIST, PAID, RAISED)
