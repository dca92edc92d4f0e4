"""Batches of the demo: one at every point of its way, so that everybody finds the next step on the first page.

Their days lie after the period of the campaign's form: what is paid in them counts in no figure of the demo.
"""

from __future__ import annotations

from random import Random
from typing import Any, NamedTuple

from relief.site.world.demo.people import People
from relief.site.world.demo.tree import holder

FUNDED_ON = "2024-02-25"


class _Plan(NamedTuple):
    """One batch in short: `states` are those of its lines."""

    union: str
    title: str
    group: str
    reached: str
    route: str
    planned_on: str
    amount: str
    states: tuple[str, ...]
    item: str = ""


PLANS = (
    _Plan("G01", "开学第一周坚守岗位慰问", "festival_duty", "entered", "cash", "2024-02-26", "200.00", ("draft",) * 3),
    _Plan("G01", "毕业班教师慰问", "hard_conditions", "sent", "card", "2024-02-27", "300.00", ("planned",) * 3),
    _Plan("G01", "食堂保洁人员慰问", "low_income", "reviewed", "cash", "2024-02-28", "260.00", ("planned",) * 2),
    _Plan("G01", "防疫消杀值守慰问", "disaster_duty", "approved", "goods", "2024-02-29", "120.00", ("approved",) * 2, "米面油"),
    _Plan("G01", "支教教师慰问", "seconded", "in_file", "card", "2024-03-01", "500.00", ("released",) * 3),
    _Plan("G01", "宿舍管理员慰问", "hard_conditions", "answered", "card", "2024-03-02", "280.00", ("paid", "failed", "paid")),
    _Plan("G03", "夜班护士慰问", "festival_duty", "signed", "goods", "2024-03-04", "150.00", ("paid", "paid", "approved"), "棉被"),
    _Plan("C1", "市直单位一线慰问", "hard_conditions", "sent", "card", "2024-03-05", "400.00", ("planned",) * 2),
    _Plan("D1", "重症医学科慰问", "hard_conditions", "approved", "cash", "2024-03-06", "900.00", ("planned",) * 2),
)  # fmt: skip


def thresholds() -> list[dict[str, Any]]:
    """The hospital of the province: more than 1,500 yuan in one batch is approved by two."""
    return [
        {
            "union": "D1",
            "per_batch": "1500.00",
            "way": "second",
            "origin": "医院工会经费审批办法第九条",
            "valid_from": FUNDED_ON,
        }
    ]


def batches() -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """The batches, the payouts in them, and the dues that pay for them."""
    people = People(Random(11))
    heads, lines = [], []
    for number, plan in enumerate(PLANS, 1):
        key = f"B{number}"
        heads.append(_head(key, plan))
        lines += [_line(people, key, place, plan, state) for place, state in enumerate(plan.states, 1)]
    return heads, lines, [_dues(union) for union in sorted({plan.union for plan in PLANS})]


def _head(key: str, plan: _Plan) -> dict[str, Any]:
    return {
        "key": key,
        "union": plan.union,
        "campaign": None,
        "title": plan.title,
        "group": plan.group,
        "purpose": "relief_visit",
        "planned_on": plan.planned_on,
        "source": "own_union",
        "route": plan.route,
        "amount": plan.amount,
        **({"item": plan.item} if plan.item else {}),
        "reached": plan.reached,
    }


def _line(people: People, key: str, place: int, plan: _Plan, state: str) -> dict[str, Any]:
    someone = people.someone()
    recipient = {"name": someone.name, "id_number": someone.id_number}
    if plan.route == "card":
        recipient |= {"bank": people.bank(), "card_number": people.card()}
    line = {"source": "own_union", "route": plan.route, "amount": plan.amount}
    if plan.item:
        line["item"] = plan.item
    row: dict[str, Any] = {
        "key": f"{key}-{place}",
        "batch": key,
        "union": plan.union,
        "campaign": None,
        "recipient": recipient,
        "group": plan.group,
        "purpose": "relief_visit",
        "planned_on": plan.planned_on,
        "lines": [line],
        "state": state,
    }
    if state == "paid":
        row["paid_on"] = plan.planned_on
    if state == "failed":
        row["failure"] = "户名与账号不符"
    return row


def _dues(union: str) -> dict[str, Any]:
    return {
        "union": union,
        "source": "own_union",
        "amount": "6000.00",
        "received_on": FUNDED_ON,
        "voucher": f"慰-{union}",
        "note": "开学慰问经费",
        "by": holder(union, "enter"),
    }
