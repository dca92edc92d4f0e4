"""Donations (捐款) from Excel: a row per day and receiving body; rows are added, never changed, and recognised again."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from campaigns.actions.donations import ALL_BODIES, check_day, check_given
from campaigns.actions.importing import add_donations
from campaigns.enums import DonationBody, DonationKind
from campaigns.importing.shared import NOTE_HINT, campaign_field, refused, union_field
from campaigns.models import Donation, Drive
from relief.lib import clock
from relief.lib.tables import Fault, Field, Row, Table, repeated
from relief.lib.tables import readers as read
from unions.imports import Plan, Resource
from unions.models import Person, Union

OVER_ALL = "-"
"""How a row says that it counts each donor once over all bodies; an empty cell would be a forgotten one."""
OVER_ALL_WORDS = "各机构合计（不重复人数）"
BODIES: dict[str, str] = {
    **{body.label: body.value for body in DonationBody},
    OVER_ALL_WORDS: OVER_ALL,
    "一日捐": "one_day",
    "工会": "one_day",
    "红十字": "red_cross",
    "慈善基金": "charity_fund",
    "慈善总会": "charity_fund",
    "老年基金": "elderly_fund",
    "拥军优属": "army_family_fund",
    "其他": "other",
    "各机构合计": OVER_ALL,
    "总人数": OVER_ALL,
    "捐款总人数": OVER_ALL,
}
KINDS: dict[str, str] = {
    **{kind.label: kind.value for kind in DonationKind},
    "工会一日捐": "one_day_donation",
    "慈善一日捐": "one_day_donation",
    "募捐": "other",
    "其他": "other",
}


def drives_of(union: Union) -> list[Drive]:
    """The open drives in which the union records, newest first."""
    return list(Drive.objects.open_for(union))


def fields(person: Person, union: Union) -> list[Field]:
    """The columns of the list, in the order of the template."""
    return [
        Field(
            "donated_on", "捐款日期", read.day, "day", ("日期", "捐款时间", "募捐日期"), True,
            hint="分几天捐的，按截止那天登记一次。2024-01-05、2024年1月5日、20240105 都可以。",
        ),
        _drive_field(drives_of(union)),
        Field(
            "kind", "募捐种类", read.choice(KINDS, "募捐种类"), "text", ("种类", "捐款种类", "类别"), False,
            tuple(kind.label for kind in DonationKind), hint="写了“募捐”的可以不填。",
        ),
        Field(
            "body", "接收机构", read.choice(BODIES, "接收机构"), "text", ("受赠机构", "接收单位", "捐给", "机构"), True,
            (*(body.label for body in DonationBody), OVER_ALL_WORDS),
            hint=f"每个接收机构一行；一人向几个机构捐款时，另写一行“{OVER_ALL_WORDS}”，只填人数。",
        ),
        Field("donors", "捐款人数", read.whole, "whole", ("人数", "参加人数", "捐款人次")),
        Field(
            "amount", "捐款金额（元）", read.money, "money", ("金额", "金额（元）", "捐款金额", "捐款数额", "募捐金额"),
            hint="单位是元，最多两位小数。", sums=True,
        ),
        Field("voucher", "凭证号", read.text(60), "text", ("凭证", "凭证编号", "记账凭证"), hint="例如 记-012。"),
        campaign_field(person),
        Field("note", "说明", read.text(200), "text", ("备注", "摘要"), hint=f"不写捐款人姓名。{NOTE_HINT}"),
        union_field(union),
    ]  # fmt: skip


def _drive_field(found: list[Drive]) -> Field:
    """The column 募捐: the title of an open drive of the union or of one above it."""
    words: dict[str, Any] = {drive.title: drive.pk for drive in reversed(found)}
    return Field(
        "drive",
        "募捐",
        read.choice(words, "募捐") if words else _no_drive,
        aliases=("募捐名称", "募捐活动"),
        choices=tuple(dict.fromkeys(drive.title for drive in found)),
        hint="本单位或上级发起、还没有结束的募捐；不属于某次募捐的不填。",
    )


def _no_drive(cell: Any) -> Any:
    return read.choice({"没有进行中的募捐": None}, "募捐")(cell)


Meant = dict[str, Any]


def values_of(row: Row, drives: Mapping[int, Drive]) -> Meant:
    """The values of the record that the row means; kind and campaign of a drive are the drive's."""
    said = row.values
    drive = drives.get(said.get("drive") or 0)
    body = said["body"]
    return {
        "campaign_id": drive.campaign_id if drive else said.get("campaign"),
        "drive_id": drive and drive.pk,
        "kind": drive.kind if drive else said.get("kind") or "",
        "body": ALL_BODIES if body == OVER_ALL else body,
        "donated_on": said["donated_on"],
        "donors": said.get("donors") or 0,
        "amount": said.get("amount") or Decimal(0),
        "voucher": said.get("voucher") or "",
        "note": said.get("note") or "",
    }


def plan(person: Person, union: Union, table: Table) -> Plan:
    """Which rows are new and which stand in the ledger; every fault of the rules."""
    found, known, today = Plan(amount=Decimal(0)), _known(union), clock.today()
    drives = {drive.pk: drive for drive in drives_of(union)}
    days: dict[tuple, list[tuple[Row, Meant]]] = defaultdict(list)
    for row in table.rows:
        values = values_of(row, drives)
        faults = _rule_faults(row, values, drives, today)
        if not faults:
            _sort(found, row, values, known.get(_place(values), set()))
            days[_day(values)].append((row, values))
        found.faults += faults
    todo = "合成一行；确是两笔的，请写上不同的凭证号"
    found.faults += repeated(table.rows, lambda row: _place(values_of(row, drives)), "body", todo)
    for rows in days.values():
        found.faults += _day_faults(rows)
    return found


def _sort(found: Plan, row: Row, values: Meant, there: set[tuple[int, Decimal]]) -> None:
    """Put a row without a fault to the new ones, those that stand in the ledger, or those that contradict it."""
    if (values["donors"], values["amount"]) in there:
        found.same += 1
    elif there:
        donors, amount = min(there)
        says = f"台账里同一天、同一机构、同一凭证号的是 {donors} 人 {amount:,.2f} 元。"
        todo = "原来录错的，请先在台账里冲销；确是另一笔的，请写上不同的凭证号"
        found.faults.append(row.fault("amount", says, todo))
    else:
        found.new.append(row)
        found.amount = (found.amount or Decimal(0)) + values["amount"]


def _rule_faults(row: Row, values: Meant, drives: Mapping[int, Drive], today: datetime.date) -> list[Fault]:
    """What `record_donations` would refuse about the one row."""
    drive = drives.get(values["drive_id"] or 0)
    given = {values["body"]: (values["donors"], values["amount"])}
    said = row.values.get("kind")
    if drive is not None and said and said != drive.kind:
        words = DonationKind(drive.kind).label
        return [row.fault("kind", f"“{drive.title}”是{words}。", f"改成“{words}”，或不填")]
    if drive is None and not said:
        return [row.fault("kind", "没有填募捐种类。", "从下拉选；写了“募捐”的可以不填")]
    day = _check(lambda: check_day(values["kind"], values["donated_on"], given, drive, today), row, "donated_on")
    numbers = _check(lambda: check_given(given), row, "donors" if values["body"] != ALL_BODIES else "amount")
    return [*day, *numbers]


def _check(check: Callable[[], Any], row: Row, name: str) -> list[Fault]:
    faults = refused(check, row, name)
    if name == "donated_on" and faults and "捐款日期" not in faults[0].says:
        return refused(check, row, "body")
    return faults


def _day_faults(rows: list[tuple[Row, Meant]]) -> list[Fault]:
    """Whether the donors over all bodies fit the donors of each, told at the row that says them."""
    over_all = [row for row, values in rows if values["body"] == ALL_BODIES]
    if len(over_all) != 1 or len(rows) != len({values["body"] for _, values in rows}):
        return []
    given = {values["body"]: (values["donors"], values["amount"]) for _, values in rows}
    return refused(lambda: check_given(given), over_all[0], "donors")


def _day(values: Meant) -> tuple:
    return values["drive_id"], values["kind"], values["donated_on"], values["voucher"]


def _place(values: Meant) -> tuple:
    return *_day(values), values["body"]


def _known(union: Union) -> dict[tuple, set[tuple[int, Decimal]]]:
    """(donors, 元) of the rows that count at the union, by what else names a row of the ledger."""
    known: dict[tuple, set[tuple[int, Decimal]]] = defaultdict(set)
    rows = Donation.objects.filter(union=union).not_reversed()
    names = ("drive_id", "kind", "donated_on", "voucher", "body", "donors", "amount")
    for *place, donors, amount in rows.values_list(*names):
        known[tuple(place)].add((donors, amount))
    return known


def write(person: Person, union: Union, plan: Plan) -> None:
    """Add the new rows."""
    drives = {drive.pk: drive for drive in drives_of(union)}
    add_donations(by=person, union=union, rows=[values_of(row, drives) for row in plan.new])


DONATIONS = Resource(
    kind="donations",
    label="捐款",
    unit="笔",
    act="donation.import",
    back="donations",
    fields=fields,
    plan=plan,
    write=write,
    note="台账里的记录不会被改动：已有的同一笔略过，人数或金额不同的会指出来，请先冲销。",
    money=True,
)
