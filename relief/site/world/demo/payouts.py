"""600 payouts: to dossier households and to named people, in plausible splits of sources, routes and groups."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from relief.site.world.demo.households import keeper_on
from relief.site.world.demo.notice import CODE
from relief.site.world.demo.people import People
from relief.site.world.demo.tree import GRASSROOTS, MIDDLE, PARENT

COUNT = 600
TO_HOUSEHOLDS = 300
GOODS = ("大米食用油礼盒", "棉被", "牛奶和鸡蛋", "米面油", "保暖内衣", "羽绒服")
# Per group: weight, purposes, words of a usual amount.
GROUPS: dict[str, tuple[int, tuple[str, ...]]] = {
    "low_income": (7, ("living", "study", "relief_visit")),
    "illness_disaster": (8, ("medical", "living", "relief_visit")),
    "troubled_enterprise": (4, ("living", "training", "relief_visit")),
    "injury_bereaved": (5, ("medical", "relief_visit", "legal_aid")),
    "hard_conditions": (7, ("relief_visit",)),
    "disaster_duty": (3, ("relief_visit",)),
    "festival_duty": (11, ("relief_visit",)),
    "seconded": (4, ("relief_visit",)),
    "major_project": (3, ("relief_visit",)),
    "role_model": (4, ("relief_visit",)),
}
HOUSEHOLD_PURPOSES = (
    ("living",) * 9 + ("medical",) * 5 + ("study",) * 3 + ("relief_visit",) * 2 + ("training", "legal_aid")
)
# The first payouts of each list end in these states, the last days of the plan first.
UNFINISHED = ("draft",) * 14 + ("planned",) * 20 + ("approved",) * 14 + ("released",) * 10 + ("failed",) * 7
HELD_UP = {"planned": "draft", "approved": "draft", "released": "failed"}
REVERSED = 12
DAYS = (5, 9, 12, 16, 18, 23, 26, 30, 33, 36)  # days after 2023-12-31
NO_RECORDS = frozenset({"G08"})


def payouts(rng: Random, households: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All payouts; the keys run F001 to F600 in the order of their days."""
    people = People(Random(7))
    made = [_to_household(rng, household, turn) for household, turn in _recipients(rng, households)]
    made += [_to_person(rng, people) for _ in range(COUNT - len(made))]
    made.sort(key=lambda payout: (payout["planned_on"], payout["union"]))
    _end(rng, made, {h["key"] for h in households if any(e["event"] != "transfer" for e in h.get("history", []))})
    for place, payout in enumerate(made):
        made[place] = {"key": f"F{place + 1:03}", **payout}
    return made


def _recipients(rng: Random, households: list[dict[str, Any]]) -> list[tuple[dict[str, Any], int]]:
    """Households that were active all through the campaign, some of them twice."""
    able = [household for household in households if "opened_on" in household]
    twice = rng.sample(able, TO_HOUSEHOLDS - len(able))
    return [(household, 0) for household in able] + [(household, 1) for household in twice]


def _day(rng: Random, union: str, half: int) -> str:
    """The day on which the union hands out in this half of the campaign; now and then one later."""
    place = list(PARENT).index(union) + (rng.randrange(12) == 0)
    return (date(2023, 12, 31) + timedelta(days=DAYS[half * 5 + place % 5])).isoformat()


def _to_household(rng: Random, household: dict[str, Any], turn: int) -> dict[str, Any]:
    day = _day(rng, household["union"], turn)
    purpose = rng.choice(HOUSEHOLD_PURPOSES)
    if turn and purpose == "living":
        purpose = "medical"
    lines = [_money(rng, "own_union", "cash", 300, 900)]
    if purpose != "relief_visit":
        source = rng.choices(("central", "province", "superior_union", "donation", "local"), (6, 4, 2, 1, 1))[0]
        local = keeper_on(household, day).startswith("D") and source == "local"
        lines = [_money(rng, "province" if local else source, "card", 800, 3000)]
        if rng.randrange(3) == 0:
            lines.append(_money(rng, "own_union", rng.choice(("cash", "card")), 200, 600))
    if rng.randrange(4) == 0:
        lines.append(_goods(rng))
    union = keeper_on(household, day)
    return {
        "union": union,
        "paid_from": union,
        "campaign": CODE,
        "household": household["key"],
        "group": "dossier_holder",
        "purpose": purpose,
        "traits": list(household["traits"]),
        "planned_on": day,
        "lines": lines,
        "reason": "已与职工本人核对，属两个不同用途。" if turn else "",
    }


def _to_person(rng: Random, people: People) -> dict[str, Any]:
    group = rng.choices(list(GROUPS), [weight for weight, _ in GROUPS.values()])[0]
    purpose = rng.choice(GROUPS[group][1])
    union = _payer(rng, group)
    someone = people.someone()
    recipient = {"name": someone.name, "id_number": someone.id_number if rng.randrange(8) else ""}
    source = rng.choices(("own_union", "employer", "donation", "interest", "other"), (8, 4, 3, 1, 1))[0]
    route = rng.choices(("cash", "card", "goods"), (4, 3, 3))[0]
    if route == "card":
        recipient |= {"bank": people.bank(), "card_number": people.card()}
    lines = [_goods(rng, source)] if route == "goods" else [_money(rng, source, route, 200, 1200)]
    if route != "goods" and rng.randrange(5) == 0:
        lines.append(_goods(rng))
    return {
        "union": union,
        "paid_from": _payer_of(rng, union),
        "campaign": CODE,
        "recipient": recipient,
        "group": group,
        "purpose": purpose,
        "traits": _traits(rng, group),
        "planned_on": _day(rng, union, rng.randrange(2)),
        "lines": lines,
        "reason": "" if recipient["id_number"] else "临时走访，未带证件，已由所在科室证明身份。",
    }


def _payer(rng: Random, group: str) -> str:
    """Mostly the worker's own union; seconded staff and role models are often visited by those above."""
    above = group in ("seconded", "role_model", "major_project") and rng.randrange(3) > 0
    codes = ("P", *MIDDLE) if above or rng.randrange(9) == 0 else tuple(set_of_grassroots())
    return rng.choice(codes)


def set_of_grassroots() -> list[str]:
    """Grassroots unions that have records; the large ones stand in it more than once."""
    return [
        code
        for code in GRASSROOTS
        for _ in range(3 if code in ("D1", "G09", "G03", "G07") else 1)
        if code not in NO_RECORDS
    ]


def _payer_of(rng: Random, union: str) -> str:
    """Now and then the county pays what the school hands out."""
    return "C1A" if union in ("G01", "G02") and rng.randrange(4) == 0 else union


def _traits(rng: Random, group: str) -> list[str]:
    traits = [("gig_worker", 7), ("disabled", 12), ("farmer_worker", 6)]
    found = [word for word, one_in in traits if rng.randrange(one_in) == 0]
    if group == "role_model" and rng.randrange(2):
        found.append("model_worker")
    if "farmer_worker" in found and rng.randrange(2):
        found.append("new_generation")
    return found


def _money(rng: Random, source: str, route: str, least: int, most: int) -> dict[str, Any]:
    amount = rng.randrange(least, most + 1, 100)
    cents = rng.choice((0, 0, 0, 0, 50, 6))
    return {"source": source, "route": route, "amount": f"{amount}.{cents:02}"}


def _goods(rng: Random, source: str = "own_union") -> dict[str, Any]:
    amount = f"{rng.randrange(60, 280, 5)}.{rng.choice(('00', '00', '80'))}"
    return {"source": source, "route": "goods", "amount": amount, "item": rng.choice(GOODS)}


def _end(rng: Random, payouts: list[dict[str, Any]], leaving: set[str]) -> None:
    """Most are paid; the last ones are still under way, some failed at the bank, a few were taken back.

    Nobody leaves with money on its way: what is under way to a household that leaves is a draft again, or failed.
    """
    by_card = [
        place for place, payout in enumerate(payouts) if any(line["route"] == "card" for line in payout["lines"])
    ]
    late = iter(reversed(range(len(payouts))))
    chosen: dict[int, str] = {}
    for state in UNFINISHED:
        place = next(
            place for place in late if place not in chosen and (state not in ("released", "failed") or place in by_card)
        )
        chosen[place] = state
    for place, payout in enumerate(payouts):
        payout["state"] = chosen.get(place, "paid")
        if payout.get("household") in leaving:
            payout["state"] = HELD_UP.get(payout["state"], payout["state"])
        if payout["state"] == "paid":
            payout["paid_on"] = payout["planned_on"]
        elif payout["state"] == "failed":
            payout["failure"] = rng.choice(("户名与账号不符", "账户状态异常", "收款行信息不全"))
    paid = [payout for payout in payouts if payout["state"] == "paid"]
    for payout in rng.sample(paid, REVERSED):
        payout["reversed_on"] = (date.fromisoformat(payout["paid_on"]) + timedelta(days=5)).isoformat()
        payout["reversal"] = {"reason": rng.choice(("重复登记", "受助人已由其他渠道救助，退回", "卡号有误，款项退回"))}
