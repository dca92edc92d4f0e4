"""240 households in hardship: most of them active, some on their way through the chain, some left or moved."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from relief.site.world.demo.people import People, Someone
from relief.site.world.demo.tree import GRASSROOTS

COUNT = 240
# Hospitals and larger schools keep more files; the tiny teaching post keeps one, and it is a draft.
WEIGHTS = {"D1": 34, "G09": 26, "G03": 22, "D2": 18, "D3": 14, "G04": 16, "G05": 15, "G01": 18, "G02": 14, "G07": 15}
STATES = ("draft",) * 7 + ("applied",) * 6 + ("visited",) * 5 + ("posted",) * 5 + ("reviewed",) * 5
LEFT = ("out_of_hardship",) * 9 + ("closed",) * 6
MOVES = (("G01", "G02"), ("G02", "G03"), ("G04", "G05"), ("G07", "G09"), ("D2", "D1"), ("G06", "G01"))
ILLNESSES = ("恶性肿瘤", "心血管病", "脑血管病", "终末期肾病", "肝病", "血液病", "糖尿病", "肺病")
CAUSES = ("illness",) * 5 + ("schooling",) * 3 + ("unable", "disaster", "accident", "laid_off", "uninsured", "other")


def households(rng: Random) -> list[dict[str, Any]]:
    """All households; the keys run H001 to H240."""
    people = People(rng)
    unions = _unions()
    special = dict(zip(rng.sample(range(10, COUNT), len(STATES) + len(LEFT)), STATES + LEFT, strict=True))
    made = []
    for place in range(COUNT):
        state = "draft" if unions[place] == "G08" else special.get(place, "active")
        made.append(_household(rng, people, place + 1, unions[place], state))
    _move(made)
    return made


def _unions() -> list[str]:
    """The keeper of each household, in the order of the tree."""
    total = sum(WEIGHTS.get(code, 8) for code in GRASSROOTS if code != "G08")
    kept = ["G08"]
    for code in GRASSROOTS:
        if code != "G08":
            kept += [code] * (WEIGHTS.get(code, 8) * (COUNT - 1) // total)
    kept += ["D1"] * (COUNT - len(kept))
    return sorted(kept, key=GRASSROOTS.index)


def _household(rng: Random, people: People, number: int, union: str, state: str) -> dict[str, Any]:
    head = people.someone()
    cause = rng.choice(CAUSES)
    members = _members(rng, people, head)
    klass = rng.choices(("deep", "relative", "accidental"), (4, 5, 1))[0]
    opened = date(2022, 3, 1) + timedelta(days=rng.randrange(640))
    ill = cause in ("illness", "unable")
    made: dict[str, Any] = {
        "key": f"H{number:03}",
        "union": union,
        "name": head.name,
        "id_number": head.id_number,
        "sex": head.sex,
        "class": klass,
        "state": state,
        "cause": cause,
        "health": rng.choice(ILLNESSES) if ill else rng.choices(("良好", "一般疾病", "残疾"), (7, 2, 1))[0],
        "work_status": rng.choices(("on_post", "sick_leave", "ill_retired"), (8, 2, 1))[0] if ill else "on_post",
        "employer": _employer(union),
        "phone": people.phone(),
        "address": f"{rng.choice(('文昌街', '学府路', '澜江路', '育才巷', '康宁里'))}{rng.randrange(1, 180)}号",
        "bank": people.bank(),
        "card_number": people.card(),
        "traits": _traits(rng),
        "level": rng.choices(("province", "city", "county"), (1, 2, 5))[0],
        **_particulars(number, union, members, int(head.id_number[6:10])),
        "assessment": _assessment(rng, klass, len(members) + 1),
        "members": members,
    }
    if state not in ("draft", "applied", "visited", "posted", "reviewed"):
        made["opened_on"] = opened.isoformat()
    if state in LEFT:
        on = date(2024, 2, 12) + timedelta(days=rng.randrange(10))
        made["history"] = [{"on": on.isoformat(), "event": state}]
        if state == "closed":
            made["history"][0]["reason"] = rng.choice(("retired", "moved", "died", "mistake"))
    return made


def _employer(union: str) -> str:
    names = {"D1": "云岭省人民医院", "G01": "临澜区实验小学", "G02": "临澜区第三中学", "G03": "临澜区人民医院"}
    return names.get(union, "")


def _traits(rng: Random) -> list[str]:
    traits = [("farmer_worker", 8), ("disabled", 6), ("model_worker", 40), ("gig_worker", 30)]
    return [word for word, one_in in traits if rng.randrange(one_in) == 0]


def _particulars(number: int, union: str, members: list[dict[str, Any]], born: int) -> dict[str, Any]:
    """What most forms ask for besides; drawn apart, so that the rest of the world stays as it was."""
    rng = Random(f"particulars of household {number}")
    married = any(member["relation"] in ("wife", "husband") for member in members)
    wage = rng.randrange(1200, 4200, 50)
    return {
        "staff_number": f"{union}-{number:04}",
        "ethnicity": rng.choices(("汉族", "回族", "苗族", "彝族"), (9, 1, 1, 1))[0],
        "political_status": rng.choices(("群众", "中共党员", "共青团员"), (7, 3, 1))[0],
        "marital_status": "已婚" if married else rng.choice(("离异", "丧偶", "未婚")),
        "model_worker_rank": "非劳模",
        "registration_kind": rng.choices(("非农业", "农业", "农转居"), (6, 3, 1))[0],
        "registration_place": "云岭省澜川市临澜区",
        "housing": rng.choice(("商品房", "自建房", "经济适用房", "租房", "承租单位公房")),
        "floor_area": str(rng.randrange(35, 95)),
        "employer_nature": "国有机关/事业单位",
        "industry": "教育",
        "worked_since": f"{min(born + rng.randrange(20, 26), 2018)}-07-01",
        "medical_insurance": "职工医保",
        "monthly_income": f"{wage}.00",
        "other_yearly_income": f"{rng.randrange(0, 3000, 100)}.00",
    }


def _members(rng: Random, people: People, head: Someone) -> list[dict[str, Any]]:
    """Spouse, children and sometimes a parent; children bear the father's surname."""
    members = []
    spouse = None
    if rng.randrange(5):
        sex = "female" if head.sex == "male" else "male"
        spouse = people.someone(sex=sex)
        income = rng.randrange(0, 2800, 100)
        members.append(
            _member("wife" if sex == "female" else "husband", spouse, income, "在岗" if income else "失(无)业")
        )
    father = head if head.sex == "male" or spouse is None else spouse
    for _ in range(rng.choices((0, 1, 2), (1, 4, 2))[0]):
        child = people.someone(
            surname=father.name[: 2 if father.name[:2] in ("欧阳", "司徒", "上官") else 1], ages=(7, 23)
        )
        members.append(
            _member(
                "son" if child.sex == "male" else "daughter", child, 0, rng.choice(("小学", "初中", "高中", "大学生"))
            )
        )
    if rng.randrange(4) == 0:
        parent = people.someone(sex="female", ages=(62, 80))
        members.append(_member("mother", parent, rng.randrange(0, 400, 50), "退休"))
    return members


def _member(relation: str, someone: Someone, income: int, role: str) -> dict[str, Any]:
    return {
        "relation": relation,
        "name": someone.name,
        "id_number": someone.id_number,
        "monthly_income": f"{income}.00",
        "health": "良好",
        "role": role,
    }


def _assessment(rng: Random, klass: str, persons: int) -> dict[str, Any]:
    """Income and expenses that give the class under every standard of the demo (680 to 820 yuan)."""
    per_head = {"deep": (150, 620), "relative": (900, 1320), "accidental": (1700, 2300)}[klass]
    rigid = rng.randrange(8000, 72000, 500)
    income = rng.randrange(*per_head, 10) * 12 * persons + rigid
    made = {"persons": persons, "yearly_income": f"{income}.00", "rigid_expenses": f"{rigid}.00"}
    if klass == "accidental":
        made["accidental_loss"] = f"{income * 9 // 10}.00"
    return made


def _move(households: list[dict[str, Any]]) -> None:
    """A few households change their employer's union in the middle of the campaign."""
    for number, (giver, receiver) in enumerate(MOVES):
        moved = next(
            household
            for household in households
            if household["union"] == giver and household["state"] == "active" and "history" not in household
        )
        moved["history"] = [{"on": f"2024-01-{16 + number}", "event": "transfer", "to": receiver}]


def keeper_on(household: dict[str, Any], day: str) -> str:
    """The union that keeps the household on a day; on the day of a transfer it is the new one."""
    keeper = household["union"]
    for event in household.get("history", []):
        if event["event"] == "transfer" and event["on"] <= day:
            keeper = event["to"]
    return keeper
