"""Visits to households and enterprises, and the activities that fill the blanks without persons."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from relief.site.world.demo.households import keeper_on
from relief.site.world.demo.notice import CODE
from relief.site.world.demo.payouts import set_of_grassroots
from relief.site.world.demo.tree import MIDDLE, UNIONS, holder

LEADERS = ("工会主席", "工会副主席", "党委委员", "女职工委员会主任", "分管领导")
ENTERPRISES = (
    "澜川校办印刷厂 石浔教学仪器厂 禾沣学生营养餐中心 青浔医疗器械维修部 雁沙文体用品公司 临澜校园物业公司 澜川幼教玩具厂"
    " 青浔体育器材厂 雁沙文化演艺公司 石浔被服洗涤中心 禾沣教育书店 澜江印务公司"
).split()
ACTIVITIES: dict[str, tuple[int, tuple[int, int], str]] = {
    "policy_help": (14, (2, 25), "协助办理医保报销、临时救助"),
    "other_help": (8, (1, 12), "法律咨询、技能培训推荐"),
    "mental_health": (15, (15, 120), "心灵驿站团体辅导"),
    "culture": (16, (40, 320), "迎新春职工文化活动"),
    "other_service": (10, (20, 160), "理发、修鞋、缝补便民服务"),
    "health_check": (8, (20, 90), "职工健康体检"),
    "journey_home": (9, (4, 40), "外来务工人员返乡购票、接站"),
    "wage_recovery": (7, (1, 9), "校园基建和后勤外包单位欠薪协调"),
}


def _day(rng: Random) -> str:
    return (date(2024, 1, 3) + timedelta(days=rng.randrange(48))).isoformat()


def visits(rng: Random, households: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """About 130 visits to households and 40 to enterprises, a few before the period."""
    made = []
    for household in rng.sample([household for household in households if "opened_on" in household], 130):
        day = (date(2024, 1, 8) + timedelta(days=rng.randrange(32))).isoformat()
        union = keeper_on(household, day)
        visit = _visit(rng, union, "household", day)
        made.append(
            visit | {"household": household["key"], "with_relief": rng.randrange(4) > 0, "note": "家中情况已记入档案。"}
        )
    for place in range(40):
        union = rng.choice(("P", *MIDDLE, *MIDDLE, *set_of_grassroots()))
        visit = _visit(rng, union, "enterprise", "2023-12-20" if place < 2 else _day(rng))
        name = rng.choice(ENTERPRISES)
        made.append(
            visit | {"enterprise": name, "in_difficulty": rng.randrange(3) > 0, "with_relief": rng.randrange(2) > 0}
        )
    return sorted(made, key=lambda visit: (visit["visited_on"], visit["union"]))


def _visit(rng: Random, union: str, kind: str, day: str) -> dict[str, Any]:
    return {
        "union": union,
        "campaign": CODE,
        "kind": kind,
        "visited_on": day,
        "leader": rng.choice(LEADERS),
        "persons": rng.randrange(2, 6),
        "by": holder(union, "enter"),
    }


def activities(rng: Random) -> list[dict[str, Any]]:
    """Activities of every kind that the form asks for, at all levels."""
    codes = [code for code, *_ in UNIONS if code != "G08"]
    made = []
    for kind, (number, (least, most), note) in ACTIVITIES.items():
        for union in ["D1", "G09", *rng.sample(codes, number)]:
            contacts = rng.randrange(least, most)
            activity = {
                "union": union,
                "campaign": CODE,
                "kind": kind,
                "held_on": _day(rng),
                "contacts": contacts,
                "note": note,
                "by": holder(union, "enter"),
            }
            if kind == "wage_recovery":
                activity |= _wages(rng, contacts)
            made.append(activity)
    return sorted(made, key=lambda activity: (activity["held_on"], activity["union"]))


def _wages(rng: Random, contacts: int) -> dict[str, Any]:
    """Persons and yuan, the farmer workers' part of both apart."""
    farmers = rng.randrange(1, contacts + 1)
    each = rng.randrange(2800, 9600, 50)
    return {
        "persons": contacts,
        "amount": f"{each * contacts}.00",
        "farmer_contacts": farmers,
        "farmer_persons": farmers,
        "farmer_amount": f"{each * farmers}.00",
    }
