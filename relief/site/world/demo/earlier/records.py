"""A few records of 2012 to 2020, so that the forms of the earlier notices are not empty; all people are made up."""

from __future__ import annotations

from random import Random
from typing import Any

from relief.site.world.demo.earlier.notices import JS, JZ, SH, SZ
from relief.site.world.demo.people import People
from relief.site.world.demo.tree import holder

HEADCOUNTS: dict[str, list[tuple[int, int, int, int]]] = {
    # year, workers, farmer workers, help centres
    "C2": [(2013, 22, 0, 1)],
    "C2A": [(2013, 13, 0, 1)],
    "G07": [(2013, 168, 21, 0)],
    "G08": [(2013, 12, 0, 0)],
    "G09": [(2013, 640, 35, 1)],
    "G10": [(2013, 96, 4, 0)],
    "C3": [(2018, 20, 0, 1)],
    "C3A": [(2018, 12, 0, 2)],
    "G11": [(2018, 84, 6, 0)],
    "G12": [(2018, 31, 0, 0)],
    "G13": [(2018, 45, 2, 1)],
    "G01": [(2019, 92, 3, 0)],
    "G02": [(2019, 128, 4, 0)],
    "G03": [(2019, 166, 9, 0)],
    "G04": [(2019, 236, 8, 0)],
    "G05": [(2019, 271, 12, 0)],
    "G06": [(2019, 38, 1, 0)],
}

# key, union, opened, left, cause, class, yearly income, certificate, traits
HOUSEHOLDS = (
    ("E01", "G07", "2012-03-15", "2014-11-20", "illness", "deep", "7200.00", "特困职工救助证", ()),
    ("E02", "G07", "2012-05-22", "2014-11-20", "laid_off", "relative", "28800.00", "", ("farmer_worker",)),
    ("E03", "G09", "2012-04-18", "2014-11-20", "accident", "accidental", "61200.00", "", ("model_worker",)),
    ("E04", "G09", "2011-09-06", "2012-10-30", "schooling", "relative", "27600.00", "低保证", ()),
    ("E05", "G11", "2018-03-20", "2020-11-18", "illness", "deep", "6900.00", "", ()),
    ("E06", "G13", "2017-06-12", "2020-11-18", "schooling", "relative", "27000.00", "", ("farmer_worker",)),
    ("E07", "G13", "2016-05-10", "2018-09-27", "laid_off", "relative", "26400.00", "低保证", ()),
    ("E08", "D1", "2018-02-26", "2020-11-18", "illness", "deep", "7500.00", "", ()),
)
# union, campaign, day, household or "", group, purpose, source, route, yuan, traits
PAYOUTS = (
    ("G07", SZ, "2013-01-10", "E01", "dossier_holder", "medical", "own_union", "card", "1500.00", ()),
    ("G07", SZ, "2013-01-10", "E02", "dossier_holder", "living", "own_union", "card", "800.00", ("farmer_worker",)),
    ("G09", SZ, "2013-01-11", "E03", "dossier_holder", "living", "employer", "card", "1000.00", ("model_worker",)),
    ("G09", SZ, "2013-01-11", "", "low_income", "study", "donation", "cash", "600.00", ()),
    ("C2", SZ, "2013-01-15", "", "role_model", "relief_visit", "own_union", "goods", "260.00", ("model_worker",)),
    ("G13", JZ, "2018-05-16", "E07", "dossier_holder", "living", "own_union", "card", "600.00", ()),
    ("G11", JZ, "2018-10-12", "E05", "dossier_holder", "medical", "own_union", "card", "1200.00", ()),
    ("G11", JZ, "2019-01-09", "E05", "dossier_holder", "medical", "own_union", "card", "1500.00", ()),
    ("G13", JZ, "2019-01-09", "E06", "dossier_holder", "study", "donation", "passbook", "900.00", ("farmer_worker",)),
    ("C3A", JZ, "2019-01-10", "", "festival_duty", "relief_visit", "own_union", "goods", "180.00", ()),
    ("C3", JZ, "2019-01-10", "", "seconded", "relief_visit", "own_union", "goods", "220.00", ()),
    ("D1", SH, "2018-06-20", "E08", "dossier_holder", "medical", "own_union", "card", "1800.00", ()),
    ("D1", SH, "2019-01-22", "E08", "dossier_holder", "living", "own_union", "card", "1000.00", ()),
    ("D1", SH, "2019-01-22", "", "injury_bereaved", "relief_visit", "own_union", "card", "800.00", ()),
    ("D2", SH, "2019-01-24", "", "low_income", "living", "own_union", "card", "900.00", ()),
)
# union, campaign, day, source, yuan
FUNDS = (
    ("G07", SZ, "2013-01-04", "own_union", "3000.00"),
    ("G09", SZ, "2013-01-04", "employer", "2000.00"),
    ("G09", SZ, "2013-01-05", "donation", "1200.50"),
    ("C2", SZ, "2013-01-04", "own_union", "1000.00"),
    ("C2", SZ, "2013-01-06", "local", "5000.00"),
    ("G13", JZ, "2018-04-10", "own_union", "1000.00"),
    ("G11", JZ, "2018-09-20", "own_union", "1500.00"),
    ("G11", JZ, "2019-01-03", "own_union", "2000.00"),
    ("G13", JZ, "2019-01-03", "donation", "1000.00"),
    ("C3A", JZ, "2019-01-04", "own_union", "500.00"),
    ("C3", JZ, "2019-01-04", "local", "800.00"),
    ("D1", SH, "2018-05-30", "own_union", "5000.00"),
    ("D1", SH, "2019-01-08", "own_union", "4000.00"),
    ("D2", SH, "2019-01-08", "own_union", "2000.00"),
)
# union, campaign, day, kind, counts
ACTIVITIES: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    ("C2", SZ, "2013-01-08", "study_meeting", {"number": 3}),
    ("G09", SZ, "2013-01-09", "policy_publicity", {"contacts": 240}),
    ("G07", SZ, "2013-01-09", "policy_help", {"contacts": 6}),
    ("C2A", SZ, "2013-01-12", "job_offer", {"quantity": 35}),
    ("G07", SZ, "2013-01-14", "job_training", {"contacts": 28}),
    ("C2A", SZ, "2013-01-14", "legal_aid", {"contacts": 4}),
    ("G07", SZ, "2013-01-15", "pairing", {"quantity": 2}),
    ("C2A", SZ, "2013-01-15", "rights_case", {"persons": 7, "new_persons": 3}),
    ("C2A", SZ, "2013-01-16", "rights_education", {"contacts": 180, "new_contacts": 60}),
    (
        "C2A",
        SZ,
        "2013-01-16",
        "wage_recovery",
        {
            "persons": 9,
            "contacts": 9,
            "amount": "56800.00",
            "farmer_persons": 7,
            "farmer_contacts": 7,
            "farmer_amount": "43500.50",
        },
    ),
    ("G09", SZ, "2013-01-17", "mental_health", {"contacts": 45, "new_contacts": 12}),
    ("G09", SZ, "2013-01-18", "culture", {"contacts": 320, "new_contacts": 40}),
    ("G09", SZ, "2013-01-18", "health_check", {"contacts": 96, "new_contacts": 18}),
    ("G07", SZ, "2013-01-18", "other_service", {"contacts": 54, "new_contacts": 9}),
    ("G07", SZ, "2013-01-19", "journey_home", {"contacts": 60}),
    ("G07", SZ, "2013-01-19", "charter_coach", {"quantity": 1, "contacts": 42}),
    ("G07", SZ, "2013-01-19", "ticket_help", {"quantity": 16}),
    ("C2", SZ, "2013-01-19", "ticket_window", {"quantity": 1}),
    ("C2", SZ, "2013-01-20", "travel_subsidy", {"amount": "8000.00"}),
    ("C3A", JZ, "2018-06-14", "legal_aid", {"contacts": 5}),
    ("C3A", JZ, "2018-07-18", "job_training", {"contacts": 22}),
    ("C3A", JZ, "2018-08-22", "reception", {"contacts": 63}),
    ("G13", JZ, "2018-09-12", "pairing", {"quantity": 2}),
    ("C3A", JZ, "2019-01-07", "policy_help", {"contacts": 5}),
    ("G11", JZ, "2019-01-08", "mental_health", {"contacts": 24}),
    ("G13", JZ, "2019-01-11", "culture", {"contacts": 130}),
    ("G11", JZ, "2019-01-12", "journey_home", {"contacts": 8}),
)
# union, campaign, day, household or enterprise
VISITS = (
    ("G07", SZ, "2013-01-10", "E01"),
    ("G09", SZ, "2013-01-11", "E03"),
    ("C2", SZ, "2013-01-15", "青浔医疗器械维修部"),
    ("C3", JZ, "2019-01-10", "雁沙文体用品公司"),
    ("G11", JZ, "2019-01-09", "E05"),
    ("D1", SH, "2019-01-22", "E08"),
)
JOINT = "joint-2020"
"""The drive that the donations and remittances of JS belong to."""
# union: donors and yuan of each receiving body, donors over all of them, day of the bank slip
DRIVE: dict[str, tuple[dict[str, tuple[int, str]], int, str]] = {
    "G01": (
        {"one_day": (86, "4300.00"), "red_cross": (52, "1040.50"), "charity_fund": (48, "960.00")},
        88,
        "2020-01-06",
    ),
    "G02": (
        {
            "one_day": (110, "5500.00"),
            "red_cross": (64, "1280.00"),
            "charity_fund": (60, "1200.00"),
            "elderly_fund": (35, "700.00"),
            "army_family_fund": (33, "660.20"),
        },
        118,
        "2020-01-07",
    ),
    "G03": ({"one_day": (140, "7000.00"), "charity_fund": (92, "2760.00")}, 151, "2020-01-08"),
    "G04": (
        {"one_day": (201, "10050.00"), "red_cross": (120, "2400.00"), "elderly_fund": (76, "1520.00")},
        214,
        "2020-01-09",
    ),
    "G05": ({"one_day": (188, "9400.00"), "red_cross": (97, "1940.80")}, 196, "2020-01-09"),
}
ONE_DAY = (
    ("D1", "2019-01-18", 1180, "59000.00"),
    ("D2", "2019-01-21", 64, "3200.00"),
    ("D3", "2019-01-23", 72, "3610.50"),
)


def records() -> dict[str, list[dict[str, Any]]]:
    """The records by section of the world file."""
    people = People(Random(2013))
    return {
        "households": [_household(people, *row) for row in HOUSEHOLDS],
        "payouts": [_payout(people, place, *row) for place, row in enumerate(PAYOUTS, 1)],
        "funds": [
            _by({"union": union, "campaign": code, "source": source, "amount": yuan, "received_on": on})
            | {"voucher": f"旧-{place:03}"}
            for place, (union, code, on, source, yuan) in enumerate(FUNDS, 1)
        ],
        "activities": [
            _by({"union": union, "campaign": code, "kind": kind, "held_on": on, **counts})
            for union, code, on, kind, counts in ACTIVITIES
        ],
        "visits": [_visit(*row) for row in VISITS],
        "donations": [*_drive(), *_one_day()],
        "remittances": _remittances(),
    }


def _by(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "by": holder(row["union"], "enter")}


def _household(
    people: People,
    key: str,
    union: str,
    opened: str,
    left: str,
    cause: str,
    klass: str,
    income: str,
    certificate: str,
    traits: tuple[str, ...],
) -> dict[str, Any]:
    head = people.someone()
    return {
        "key": key,
        "union": union,
        "name": head.name,
        "id_number": head.id_number,
        "sex": head.sex,
        "class": klass,
        "state": "out_of_hardship",
        "opened_on": opened,
        "cause": cause,
        "health": "心血管病" if cause == "illness" else "良好",
        "phone": people.phone(),
        "bank": people.bank(),
        "card_number": people.card(),
        "certificate": certificate,
        "traits": list(traits),
        "assessment": {"persons": 2, "yearly_income": income},
        "members": [],
        "history": [{"on": left, "event": "out_of_hardship"}],
    }


def _payout(
    people: People,
    place: int,
    union: str,
    code: str,
    on: str,
    household: str,
    group: str,
    purpose: str,
    source: str,
    route: str,
    yuan: str,
    traits: tuple[str, ...],
) -> dict[str, Any]:
    line = {"source": source, "route": route, "amount": yuan} | ({"item": "米面油"} if route == "goods" else {})
    someone = people.someone()
    recipient: dict[str, Any] = {"name": someone.name, "id_number": someone.id_number}
    if route == "card":
        recipient |= {"bank": people.bank(), "card_number": people.card()}
    return {
        "key": f"E{place:03}",
        "union": union,
        "campaign": code,
        **({"household": household} if household else {"recipient": recipient}),
        "group": group,
        "purpose": purpose,
        "traits": list(traits),
        "planned_on": on,
        "paid_on": on,
        "state": "paid",
        "lines": [line],
    }


def _visit(union: str, code: str, on: str, to: str) -> dict[str, Any]:
    row = _by(
        {"union": union, "campaign": code, "visited_on": on, "with_relief": True, "leader": "工会主席", "persons": 2}
    )
    if to.startswith("E"):
        return {**row, "kind": "household", "household": to}
    return {**row, "kind": "enterprise", "enterprise": to, "in_difficulty": True}


def _drive() -> list[dict[str, Any]]:
    """One row per receiving body and one for the donors over all of them; one row entered twice was taken back."""
    made = []
    for union, (bodies, donors, _) in DRIVE.items():
        base = _by({"union": union, "campaign": JS, "drive": JOINT, "kind": "joint", "donated_on": "2019-12-31"})
        made += [{**base, "body": body, "donors": n, "amount": yuan} for body, (n, yuan) in bodies.items()]
        made.append({**base, "body": "", "donors": donors})
    made.append({**made[0], "note": "重复登记，已冲销", "reversed": True})
    return made


def _one_day() -> list[dict[str, Any]]:
    return [
        _by({"union": union, "campaign": SH, "kind": "one_day_donation", "body": "one_day", "donated_on": on})
        | {"donors": donors, "amount": yuan}
        for union, on, donors, yuan in ONE_DAY
    ]


def _remittances() -> list[dict[str, Any]]:
    return [
        _by({"union": union, "campaign": JS, "drive": JOINT, "remitted_on": on, "amount": total_of(union)})
        | {"slip_number": slip_of(union), "note": "联合募捐款"}
        for union, (_, _, on) in DRIVE.items()
    ]


def total_of(union: str) -> str:
    """The whole sum of a union's drive, as on its bank slip."""
    fen = sum(int(yuan.replace(".", "")) for _, yuan in DRIVE[union][0].values())
    return f"{fen // 100}.{fen % 100:02}"


def slip_of(union: str) -> str:
    return f"HK2020-{union[1:]}"
