"""The lists of this app that can be taken along as Excel; names and numbers only in the full form (R-22, R-30)."""

from __future__ import annotations

from collections import defaultdict, namedtuple
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from beneficiaries.batches import page
from beneficiaries.dossiers import queries
from beneficiaries.enums import DossierState, HardshipClass, PayoutState, Purpose, ReliefGroup, Route, VisitKind
from beneficiaries.forms.payouts import STAGES, PayoutFilter
from beneficiaries.models import Dossier, Payout, PayoutBatch, PayoutLine, Visit
from beneficiaries.payouts.stages import STAGE, with_reversal
from campaigns.enums import FundSource
from campaigns.models import Campaign
from relief.lib import idnumber
from unions.enums import Role
from unions.listings import AT_ONCE, Field, Grade, Listing, register_listing
from unions.models import Person

WIDE = 28
NUMBER = 22


def _dossiers(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    rows = Dossier.objects.visible_to(person).select_related("union").order_by("number")
    if given.get("number"):
        rows = rows.filter(number__istartswith=given["number"].strip()[:40])
    if given.get("class") in HardshipClass.values:
        rows = rows.filter(hardship_class=given["class"])
    if given.get("state") in DossierState.values:
        rows = rows.filter(state=given["state"])
    return queries.filtered(rows, given.get("ask", ""))


def _batches(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    """All batches the person may see, newest first, each with its sum."""
    lines = PayoutLine.objects.filter(payout__batch=OuterRef("pk")).order_by().values("payout__batch")
    rows = page.listed(PayoutBatch.objects.visible_to(person)).select_related("paid_from")
    return rows.annotate(amount_in=Subquery(lines.annotate(total=Sum("amount")).values("total")))


def _payouts(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    from_filter = PayoutFilter(given, person=person)
    rows = from_filter.narrowed(with_reversal(Payout.objects.visible_to(person)))
    if from_filter.current_stage:
        rows = rows.filter(STAGE[from_filter.current_stage])
    return (
        rows.select_related("union", "paid_from", "campaign").prefetch_related("lines").order_by("-planned_on", "-pk")
    )


def _visits(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    rows = Visit.objects.visible_to(person).select_related("union", "dossier", "campaign", "entered_by")
    return rows.filter(kind=given["kind"]) if given.get("kind") in VisitKind.values else rows


def _worked_on(person: Person, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of files or payouts those opened in the person's work: kept there by a deciding post, or routed to one.

    The same as `actions.households.works_on`, as a condition: who only audits or pays at a union reads it masked.
    """
    kept = Q(union__in=person.union_ids({Role.ENTER, Role.REVIEW, Role.APPROVE}))
    routed = Q(review_union__in=person.union_ids({Role.REVIEW})) | Q(approve_union__in=person.union_ids({Role.APPROVE}))
    return rows.filter(kept | routed)


MASKED = (
    "pk", "number", "union__name", "paid_from__name", "recipient", "relief_group", "purpose", "campaign__title",
    "planned_on", "paid_on", "state", "taken_back",
)  # fmt: skip
OPENED = ("row_key", "id_number", "bank", "card_number")
Handed = namedtuple("Handed", [*MASKED, *OPENED, "lines"])  # type: ignore[misc]
"""What the columns of payouts read; the sealed ones are None in the masked form."""


def _handed(rows: QuerySet[Any], full: bool) -> Iterator[Any]:
    """The payouts of an export without a row of the model for each: a list may have two hundred thousand."""
    plain = rows.select_related(None).prefetch_related(None)
    found = plain.values_list(*MASKED, *(OPENED if full else ())).iterator(chunk_size=AT_ONCE)
    closed = () if full else (None,) * len(OPENED)
    while some := list(islice(found, AT_ONCE)):
        held: dict[int, list[Any]] = defaultdict(list)
        lines = PayoutLine.objects.filter(payout__in=[row[0] for row in some])
        for payout, *line in lines.values_list("payout", "source", "route", "item", "amount"):
            held[payout].append(line)
        for row in some:
            yield Handed._make((*row, *closed, held[row[0]]))


def _open(name: str) -> Any:
    """Reads a sealed column of a payout."""
    field: Any = Payout._meta.get_field(name)
    return lambda row: field.open(row.row_key, getattr(row, name))


def _word(name: str, choices: Any) -> Any:
    """Reads a word of a code list as people say it."""
    words = dict(choices.choices)
    return lambda row: words.get(getattr(row, name), getattr(row, name))


SOURCES, ROUTES = dict(FundSource.choices), dict(Route.choices)
_state = _word("state", PayoutState)


def _amount(payout: Any) -> Decimal:
    return sum((amount for *_, amount in payout.lines), Decimal(0))


def _lines(payout: Any) -> str:
    return "；".join(
        f"{SOURCES[source]} {ROUTES[route]}{f' {item}' if item else ''} {amount:.2f}"
        for source, route, item, amount in payout.lines
    )


def _labels(**choices: Any) -> Any:
    """The words of each filter; a campaign by its title."""

    def say(name: str, word: str) -> str:
        if name == "campaign":
            found = Campaign.objects.filter(pk=word).values_list("title", flat=True).first() if word.isdigit() else None
            return found or word
        return str(dict(choices[name]).get(word, word)) if name in choices else word

    return say


def _day(title: str, name: str) -> Field:
    return Field(title, lambda row: getattr(row, name), kind="date")


DOSSIERS = Listing(
    "dossiers",
    "职工档案",
    "dossier_list",
    "dossier.read",
    {"number": "档案号", "class": "困难类别", "state": "状态", "ask": "查询"},
    _dossiers,
    (
        Field("档案号", lambda row: row.number, width=NUMBER),
        Field("建档工会", lambda row: row.union.name, width=WIDE),
        Field("姓名（遮蔽）", lambda row: idnumber.mask_name(row.name)),
        Field("姓名", lambda row: row.name, full=True),
        Field("身份证号", lambda row: row.id_number, width=NUMBER, full=True),
        Field("手机号码", lambda row: row.phone, full=True),
        Field("工作单位", lambda row: row.employer, width=WIDE, full=True),
        Field("困难类别", _word("hardship_class", HardshipClass)),
        Field("建档标准", lambda row: row.get_level_display()),
        Field("状态", _word("state", DossierState)),
        _day("建档日期", "opened_on"),
        _day("下次复核", "review_due_on"),
        Field("开户银行及支行", lambda row: row.bank, width=WIDE, full=True, grade=Grade.PROPERTY),
        Field("银行卡号", lambda row: row.card_number, width=NUMBER, full=True, grade=Grade.PROPERTY),
    ),
    _labels(**{"class": HardshipClass.choices, "state": DossierState.choices, "ask": queries.LABELS.items()}),
    full_act="household.unmask",
    worked_on=_worked_on,
    unit="户",
)
PAYOUTS = Listing(
    "payouts",
    "慰问发放",
    "payout_list",
    "payout.read",
    {"stage": "状态", "campaign": "活动", "group": "对象类别", "source": "资金来源"},
    _payouts,
    (
        Field("发放编号", lambda row: row.number, width=NUMBER),
        Field("发放工会", lambda row: row.union__name, width=WIDE),
        Field("出资工会", lambda row: row.paid_from__name, width=WIDE),
        Field("姓名（遮蔽）", lambda row: idnumber.mask_name(row.recipient)),
        Field("姓名", lambda row: row.recipient, full=True),
        Field("身份证号", _open("id_number"), width=NUMBER, full=True),
        Field("对象类别", _word("relief_group", ReliefGroup), width=WIDE),
        Field("用途", _word("purpose", Purpose)),
        Field("活动", lambda row: row.campaign__title or "常态化", width=WIDE),
        Field("款物", _lines, width=36),
        Field("金额或折价（元）", _amount, kind="number", width=16),
        _day("计划发放日期", "planned_on"),
        _day("发放日期", "paid_on"),
        Field("状态", lambda row: "已冲正" if row.taken_back else _state(row)),
        Field("开户银行及支行", _open("bank"), width=WIDE, full=True, grade=Grade.PROPERTY),
        Field("银行卡号", _open("card_number"), width=NUMBER, full=True, grade=Grade.PROPERTY),
    ),
    _labels(stage=STAGES.items(), group=ReliefGroup.choices, source=FundSource.choices),
    full_act="household.unmask",
    worked_on=_worked_on,
    unit="笔",
    stream=_handed,
)
BATCHES = Listing(
    "batches",
    "发放批次",
    "batch_list",
    "payout.read",
    {},
    _batches,
    (
        Field("批次号", lambda row: row.number, width=NUMBER),
        Field("批次名称", lambda row: row.title, width=WIDE),
        Field("发放工会", lambda row: row.union.name, width=WIDE),
        Field("出资工会", lambda row: row.paid_from.name, width=WIDE),
        Field("活动", lambda row: row.campaign.title if row.campaign else "常态化", width=WIDE),
        Field("对象类别", lambda row: row.get_relief_group_display(), width=WIDE),
        Field("用途", lambda row: row.get_purpose_display()),
        Field("资金来源", lambda row: row.get_source_display()),
        Field("方式", lambda row: row.get_route_display()),
        Field("实物名称", lambda row: row.item),
        _day("计划发放日期", "planned_on"),
        Field("笔数", lambda row: row.lines_in, kind="number", number_format="#,##0"),
        Field("金额或折价（元）", lambda row: row.amount_in or Decimal(0), kind="number", width=16),
        Field("状态", lambda row: page.state_words(page.counts_of(row)), width=WIDE),
        Field("开立人", lambda row: row.entered_by.name),
    ),
    _labels(),
    unit="批",
)
VISITS = Listing(
    "visits",
    "走访记录",
    "visit_list",
    "visit.read",
    {"kind": "走访对象"},
    _visits,
    (
        _day("走访日期", "visited_on"),
        Field("工会", lambda row: row.union.name, width=WIDE),
        Field("走访对象", lambda row: row.get_kind_display()),
        Field(
            "家庭（遮蔽）或企业",
            lambda row: idnumber.mask_name(row.dossier.name) if row.dossier else row.enterprise,
            width=WIDE,
        ),
        Field("档案号", lambda row: row.dossier.number if row.dossier else "", width=NUMBER),
        Field("困难企业", lambda row: "是" if row.in_difficulty else ""),
        Field("带慰问款物", lambda row: "是" if row.with_relief else ""),
        Field("带队人", lambda row: row.leader),
        Field("走访人数", lambda row: row.persons, kind="number", number_format="#,##0"),
        Field("活动", lambda row: row.campaign.title if row.campaign else "常态化", width=WIDE),
        Field("登记人", lambda row: row.entered_by.name),
        Field("作废", lambda row: "作废" if row.voided_at else ""),
    ),
    _labels(kind=VisitKind.choices),
    unit="次",
)


def register() -> None:
    """Hand the lists down; called once when Django starts."""
    register_listing(DOSSIERS, PAYOUTS, BATCHES, VISITS)
