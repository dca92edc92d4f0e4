"""Funds raised (筹集) from Excel: rows are added, never changed; what stands in the ledger already is recognised."""

from __future__ import annotations

import datetime
from collections import defaultdict
from decimal import Decimal
from typing import Any

from campaigns.actions.importing import add_funds
from campaigns.actions.ledger import check_money, refuse_future
from campaigns.enums import FundForm, FundSource
from campaigns.importing.shared import NOTE_HINT, campaign_field, refused, union_field
from campaigns.models import FundsRaised
from relief.lib import clock
from relief.lib.tables import Fault, Field, Row, Table, repeated
from relief.lib.tables import readers as read
from unions.imports import Plan, Resource
from unions.models import Person, Union

SOURCES: dict[str, str] = {
    **{source.label: source.value for source in FundSource},
    "中央财政专项": "central",
    "中央专项资金": "central",
    "省级财政": "province",
    "市财政": "local",
    "县财政": "local",
    "上级补助": "superior_union",
    "上级工会": "superior_union",
    "本级经费": "own_union",
    "工会经费": "own_union",
    "社会捐款": "donation",
    "行政补助": "employer",
    "单位行政": "employer",
    "利息": "interest",
}
FORMS: dict[str, str] = {
    **{form.label: form.value for form in FundForm},
    "现金": "cash",
    "款": "cash",
    "实物": "goods",
    "物资": "goods",
    "折价": "goods",
}


def fields(person: Person, union: Union) -> list[Field]:
    """The columns of the list, in the order of the template."""
    return [
        Field(
            "received_on", "到账日期", read.day, "day", ("日期", "到账时间", "收款日期", "入账日期"), True,
            hint="2024-01-05、2024年1月5日、20240105 都可以。",
        ),
        Field(
            "source", "资金来源", read.choice(SOURCES, "资金来源"), "text", ("来源", "资金渠道", "经费来源"), True,
            tuple(source.label for source in FundSource),
        ),
        Field(
            "amount", "金额（元）", read.money, "money", ("金额", "筹集金额", "到账金额", "资金数额"), True,
            hint="单位是元，最多两位小数。", sums=True,
        ),
        Field(
            "form", "形式", read.choice(FORMS, "形式"), "text", ("款物形式", "资金形式"), False,
            tuple(form.label for form in FundForm), hint="不填就是资金；实物按发票价折算。",
        ),
        Field("voucher", "凭证号", read.text(60), "text", ("凭证", "凭证编号", "记账凭证"), hint="例如 记-012。"),
        campaign_field(person),
        Field("note", "说明", read.text(200), "text", ("备注", "摘要"), hint=NOTE_HINT),
        union_field(union),
    ]  # fmt: skip


def values_of(row: Row) -> dict[str, Any]:
    """The values of the record that the row means."""
    said = row.values
    return {
        "campaign_id": said.get("campaign"),
        "source": said["source"],
        "form": said.get("form") or FundForm.CASH.value,
        "amount": said["amount"],
        "received_on": said["received_on"],
        "voucher": said.get("voucher") or "",
        "note": said.get("note") or "",
    }


def plan(person: Person, union: Union, table: Table) -> Plan:
    """Which rows are new and which stand in the ledger; every fault of the rules."""
    found = Plan(amount=Decimal(0))
    known, today = _known(union), clock.today()
    for row in table.rows:
        faults = _rule_faults(row, today)
        values = values_of(row)
        there = known.get(_place(values), set())
        if not faults and values["amount"] in there:
            found.same += 1
        elif not faults and there and values["voucher"]:
            says = f"台账里同一天、同一来源、同一凭证号的是 {min(there):,.2f} 元。"
            todo = "原来录错的，请先在台账里冲销；确是另一笔的，请在凭证号后加 -2"
            found.faults.append(row.fault("amount", says, todo))
        elif not faults:
            found.new.append(row)
            found.amount = (found.amount or Decimal(0)) + values["amount"]
        found.faults += faults
    todo = "留一行；确是两笔的，请写上不同的凭证号"
    found.faults += repeated(table.rows, lambda row: (_place(values_of(row)), row.values["amount"]), "amount", todo)
    return found


def _rule_faults(row: Row, today: datetime.date) -> list[Fault]:
    source, amount, day = row.values["source"], row.values["amount"], row.values["received_on"]
    return [
        *refused(lambda: check_money(source, amount, None), row, "amount"),
        *refused(lambda: refuse_future(day, "到账日期", today), row, "received_on"),
    ]


def _place(values: dict[str, Any]) -> tuple:
    return values["source"], values["form"], values["received_on"], values["voucher"]


def _known(union: Union) -> dict[tuple, set[Decimal]]:
    """The amounts that count at the union, by what else names a row of the ledger."""
    known: dict[tuple, set[Decimal]] = defaultdict(set)
    rows = FundsRaised.objects.filter(union=union).not_reversed()
    for source, form, day, voucher, amount in rows.values_list("source", "form", "received_on", "voucher", "amount"):
        known[source, form, day, voucher].add(amount)
    return known


def write(person: Person, union: Union, plan: Plan) -> None:
    """Add the new rows."""
    add_funds(by=person, union=union, rows=[values_of(row) for row in plan.new])


FUNDS = Resource(
    kind="funds",
    label="筹集",
    unit="笔",
    act="funds.import",
    back="funds",
    fields=fields,
    plan=plan,
    write=write,
    note="台账里的记录不会被改动：已有的同一笔略过，金额不同的会指出来，请先冲销。",
    money=True,
)
