"""The lists of this app that can be taken along as Excel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Value

from campaigns.enums import ActivityKind, DonationBody, DriveState, FundSource, RemittanceState
from campaigns.forms.drives import DriveFilter
from campaigns.forms.ledger import LedgerFilter
from campaigns.models import Activity, Allocation, Campaign, Donation, Drive, FundsRaised, Remittance
from campaigns.standings import STATUSES, narrowed, unions_in, with_standing
from unions.listings import Field, Listing, register_listing
from unions.models import Person, Union
from unions.web import whole_number

COMMON = {"campaign": "活动", "first": "从", "last": "到"}
WIDE = 28
OVER_ALL = "-"
BODIES = [*DonationBody.choices, (OVER_ALL, "各机构合计（不重复人数）")]


def _narrowed(given: Mapping[str, str], person: Person, **how: Any) -> dict[str, Any]:
    return LedgerFilter(given, person=person, **how).filters()


def _funds(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    how = {"code": "source", "label": "来源", "choices": FundSource.choices, "day": "received_on"}
    return _of_ledger(FundsRaised, person, _narrowed(given, person, **how))


def _allocations(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    how = {"code": "source", "label": "来源", "choices": FundSource.choices, "day": "allocated_on"}
    taken_back = Exists(Allocation.objects.filter(reverses=OuterRef("pk")))
    rows = Allocation.objects.visible_to(person).filter(**_narrowed(given, person, **how))
    return rows.annotate(taken_back=taken_back).select_related("giver", "receiver", "campaign", "entered_by")


def _donations(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    how = {"code": "body", "label": "接收机构", "choices": BODIES, "day": "donated_on"}
    filters = _narrowed(given, person, **how)
    if filters.get("body") == OVER_ALL:
        filters["body"] = ""
    return _of_ledger(Donation, person, filters)


def _remittances(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    how = {"code": "state", "label": "状态", "choices": RemittanceState.choices, "day": "remitted_on"}
    rows = _of_ledger(Remittance, person, _narrowed(given, person, **how))
    return rows.select_related("union", "campaign", "entered_by", "drive", "confirms_at", "decided_by")


def _drives(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    rows = Drive.objects.visible_to(person).filter(**DriveFilter(given, person=person).filters())
    return rows.select_related("issuer", "campaign", "receiver")


def _drive_unions(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    """The unions of the drive that the address names, each with its standing; nothing without a visible drive."""
    drive = (
        Drive.objects.visible_to(person).select_related("issuer").filter(pk=whole_number(given.get("drive"))).first()
    )
    if drive is None:
        return Union.objects.none()
    rows = with_standing(unions_in(drive, person), drive).annotate(drive_title=Value(drive.title))
    return narrowed(rows, given.get("status", ""))


def _describe_drive(name: str, word: str) -> str:
    """The status in words; a drive is named by its rows, not here, where nobody asks who may see it."""
    return STATUSES.get(word, dict(DriveState.choices).get(word, word))


def _activities(person: Person, given: Mapping[str, str]) -> QuerySet[Any]:
    how = {"code": "kind", "label": "类别", "choices": ActivityKind.choices, "day": "held_on"}
    rows = Activity.objects.visible_to(person).filter(**_narrowed(given, person, **how))
    return rows.select_related("union", "campaign", "entered_by")


def _of_ledger(model: Any, person: Person, filters: dict[str, Any]) -> QuerySet[Any]:
    """Rows of a ledger with whether each was reversed."""
    taken_back = Exists(model.objects.filter(reverses=OuterRef("pk")))
    rows = model.objects.visible_to(person).filter(**filters).annotate(taken_back=taken_back)
    return rows.select_related("union", "campaign", "entered_by", "drive")


def _mark(row: Any) -> str:
    return "冲销" if row.reverses_id else "已冲销" if row.taken_back else ""


def _campaign(row: Any) -> str:
    return row.campaign.title if row.campaign else "常态化"


def _drive(row: Any) -> str:
    return row.drive.title if row.drive else ""


def _describe(choices: list[tuple[str, str]]) -> Any:
    """The words of a filter: campaigns by their title, codes by their label, days as they are."""
    labels = {str(value): str(label) for value, label in choices}

    def say(name: str, word: str) -> str:
        if name == "campaign":
            found = Campaign.objects.filter(pk=word).values_list("title", flat=True).first() if word.isdigit() else None
            return found or word
        return labels.get(word, word) if name == "code" else word

    return say


def _union(title: str = "工会") -> Field:
    return Field(title, lambda row: row.union.name, width=WIDE)


def _amount(title: str = "金额（元）") -> Field:
    return Field(title, lambda row: row.amount, kind="number", width=16)


def _whole(title: str, name: str) -> Field:
    return Field(title, lambda row: getattr(row, name), kind="number", width=12, number_format="#,##0")


def _money(title: str, name: str) -> Field:
    return Field(f"{title}（元）", lambda row: getattr(row, name), kind="number", width=16)


TAIL = (
    Field("活动", _campaign, width=WIDE),
    Field("说明", lambda row: row.note, width=WIDE),
    Field("登记人", lambda row: row.entered_by.name),
)
LISTINGS = (
    Listing(
        "funds",
        "资金筹集",
        "funds",
        "ledger.read",
        {**COMMON, "code": "来源"},
        _funds,
        (
            Field("到账日期", lambda row: row.received_on, kind="date"),
            _union(),
            Field("资金来源", lambda row: row.get_source_display(), width=20),
            Field("形式", lambda row: row.get_form_display()),
            _amount(),
            Field("凭证号", lambda row: row.voucher, width=18),
            Field("留存自募捐", _drive, width=WIDE),
            Field("冲销", _mark),
            *TAIL,
        ),
        _describe(FundSource.choices),
        unit="笔",
    ),
    Listing(
        "allocations",
        "资金拨付",
        "allocations",
        "ledger.read",
        {**COMMON, "code": "来源"},
        _allocations,
        (
            Field("拨付日期", lambda row: row.allocated_on, kind="date"),
            Field("拨出工会", lambda row: row.giver.name, width=WIDE),
            Field("收到工会", lambda row: row.receiver.name, width=WIDE),
            Field("资金来源", lambda row: row.get_source_display(), width=20),
            _amount(),
            Field("凭证号", lambda row: row.voucher, width=18),
            Field("活动", _campaign, width=WIDE),
            Field("冲销", _mark),
            Field("登记人", lambda row: row.entered_by.name),
        ),
        _describe(FundSource.choices),
        unit="笔",
    ),
    Listing(
        "donations",
        "捐款",
        "donations",
        "ledger.read",
        {**COMMON, "code": "接收机构"},
        _donations,
        (
            Field("捐款日期", lambda row: row.donated_on, kind="date"),
            _union(),
            Field("募捐", _drive, width=WIDE),
            Field("募捐种类", lambda row: row.get_kind_display(), width=18),
            Field("接收机构", lambda row: row.get_body_display() or "各机构合计", width=20),
            _whole("捐款人数", "donors"),
            _amount(),
            Field("凭证号", lambda row: row.voucher, width=18),
            Field("冲销", _mark),
            *TAIL,
        ),
        _describe(BODIES),
        unit="笔",
    ),
    Listing(
        "remittances",
        "汇款",
        "remittances",
        "ledger.read",
        {**COMMON, "code": "状态"},
        _remittances,
        (
            Field("汇款日期", lambda row: row.remitted_on, kind="date"),
            _union(),
            _amount("汇款金额（元）"),
            Field("汇款凭证号", lambda row: row.slip_number, width=18),
            Field("募捐", _drive, width=WIDE),
            Field("状态", lambda row: row.get_state_display()),
            Field("由谁确认", lambda row: row.confirms_at.name if row.confirms_at else "", width=WIDE),
            Field("到账日期", lambda row: row.arrived_on, kind="date"),
            Field("退回原因", lambda row: row.returned_reason, width=WIDE),
            Field("冲销", _mark),
            *TAIL,
        ),
        _describe(RemittanceState.choices),
        unit="笔",
    ),
    Listing(
        "drives",
        "募捐",
        "drives",
        "ledger.read",
        {"year": "年度", "state": "状态"},
        _drives,
        (
            Field("名称", lambda row: row.title, width=WIDE),
            Field("发起工会", lambda row: row.issuer.name, width=WIDE),
            Field("种类", lambda row: row.get_kind_display()),
            Field("年度", lambda row: row.year, kind="number", number_format="0"),
            Field("接收机构", lambda row: "、".join(label for _, label in row.asked), width=40),
            Field("捐款开始", lambda row: row.starts_on, kind="date"),
            Field("捐款截止", lambda row: row.ends_on, kind="date"),
            Field("缴款截止", lambda row: row.account_by, kind="date"),
            Field("汇款由谁确认", lambda row: row.receiver.name if row.receiver else "上一级工会", width=WIDE),
            Field("允许留存", lambda row: "是" if row.keeps else "否"),
            Field("状态", lambda row: row.get_state_display()),
            Field("活动", _campaign, width=WIDE),
        ),
        _describe_drive,
        unit="次",
    ),
    Listing(
        "drive_unions",
        "募捐各单位情况",
        "drives",
        "ledger.read",
        {"drive": "募捐", "status": "情况"},
        _drive_unions,
        (
            Field("募捐", lambda row: row.drive_title, width=WIDE),
            Field("单位代码", lambda row: row.code),
            Field("单位", lambda row: row.name, width=WIDE),
            _whole("捐款人数", "donors"),
            _money("捐款", "collected"),
            Field("报 0", lambda row: "已报 0" if row.zero else ""),
            _money("收到下级", "received"),
            _money("汇款", "remitted"),
            _money("其中已确认", "confirmed"),
            _money("留存", "retained"),
            _money("差额", "left"),
            _whole("待确认笔数", "waiting"),
            _whole("退回笔数", "returned"),
        ),
        _describe_drive,
        unit="家",
    ),
    Listing(
        "activities",
        "服务记录",
        "activities",
        "ledger.read",
        {**COMMON, "code": "类别"},
        _activities,
        (
            Field("日期", lambda row: row.held_on, kind="date"),
            _union(),
            Field("类别", lambda row: row.get_kind_display(), width=20),
            _whole("场次", "number"),
            _whole("人次", "contacts"),
            _whole("人数", "persons"),
            _whole("数量", "quantity"),
            _amount(),
            _whole("农民工人次", "farmer_contacts"),
            _whole("农民工人数", "farmer_persons"),
            _whole("新生代农民工人次", "new_contacts"),
            _whole("新生代农民工人数", "new_persons"),
            Field("作废", lambda row: "作废" if row.voided_at else ""),
            *TAIL,
        ),
        _describe(ActivityKind.choices),
    ),
)


def register() -> None:
    """Hand the lists down; called once when Django starts."""
    register_listing(*LISTINGS)
