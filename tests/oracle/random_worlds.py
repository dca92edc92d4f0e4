"""Random small worlds in the format relief-world/1, the same for the same seed, all of them allowed by the rules."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from tests.oracle import random_facts, random_filings
from tests.oracle.oracle import reports_to

FORM_PERIOD = ("2023-12-28", "2024-02-24")
LAST_DAY = date(2024, 3, 3)
"""Worlds are loaded as of 5 March 2024; nothing in them is later than this."""
FINANCE = ("central", "province")
FINANCE_PURPOSES = ("living", "medical", "study", "legal_aid", "training", "placement")
PURPOSES = ("relief_visit", *FINANCE_PURPOSES, "policy_help", "other")
FREE_SOURCES = ("local", "superior_union", "own_union", "donation", "employer", "interest", "other")
DOSSIER_GROUPS = ("dossier_holder", "dossier_holder", "dossier_holder", "illness_disaster", "injury_bereaved")
OTHER_GROUPS = (
    "low_income",
    "illness_disaster",
    "troubled_enterprise",
    "injury_bereaved",
    "hard_conditions",
    "disaster_duty",
    "festival_duty",
    "seconded",
    "major_project",
    "role_model",
)
TRAITS = ("farmer_worker", "gig_worker", "disabled", "model_worker")
DAYS = (  # outside the period, at its edges, inside
    "2023-03-10",
    "2023-12-27",
    "2023-12-28",
    "2023-12-31",
    "2024-01-15",
    "2024-01-31",
    "2024-02-24",
    "2024-02-25",
)
COUNTED_KINDS = (
    "policy_help",
    "other_help",
    "legal_aid",
    "job_training",
    "job_placement",
    "mental_health",
    "culture",
    "other_service",
    "health_check",
    "journey_home",
    "policy_publicity",
    "rights_education",
)


def random_world(seed: int) -> dict[str, Any]:
    """One world: tree, people, records, and filings of two forms with late, missing, returned and typed ones."""
    return _Maker(seed).world()


def id_number(serial: int) -> str:
    """A made-up ID number of region 9999xx with a valid check character."""
    born = date(1960, 1, 1) + timedelta(days=serial * 37 % 12000)
    body = f"9999{serial % 90 + 10:02d}{born:%Y%m%d}{serial % 999 + 1:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def card_number(serial: int) -> str:
    """A made-up card number whose last digit satisfies Luhn."""
    body = f"629900{serial:09d}"
    doubled = [int(d) * (2 if place % 2 == 0 else 1) for place, d in enumerate(reversed(body))]
    return body + str(-sum(n - 9 if n > 9 else n for n in doubled) % 10)


class _Maker:
    def __init__(self, seed: int) -> None:
        self.seed, self.random = seed, Random(seed)
        self.unions: list[dict[str, Any]] = []
        self.persons: list[dict[str, Any]] = []
        self.households: list[dict[str, Any]] = []
        self.payouts: list[dict[str, Any]] = []
        self.serial = seed * 1000
        self.taken: set[tuple[str, ...]] = set()

    def world(self) -> dict[str, Any]:
        self._tree()
        self._staff()
        for _ in range(self.random.randint(4, 6)):
            self._household()
        self.idle = {self._pick_leaf() for _ in range(2)}
        # few days and unions, so that the steps of payouts are taken in batches
        self.days = (*self.random.sample(DAYS, 2), "2024-01-15")
        self.paying = [self._busy() for _ in range(4)]
        for _ in range(self.random.randint(30, 40)):
            self._payout()
        world = {
            "format": "relief-world/1",
            "title": f"随机世界 {self.seed}",
            "unions": self.unions,
            "persons": self.persons,
            "campaigns": [self._campaign()],
            "households": self.households,
            "payouts": self.payouts,
            "funds": [self._funds() for _ in range(self.random.randint(10, 18))],
            "allocations": self._allocations(),
            "visits": self._visits(),
            "activities": [self._activity() for _ in range(self.random.randint(12, 20))],
            "filings": [],
        }
        random_facts.add(world, self.seed, (*DAYS, "2024-01-02", "2024-01-20", "2024-02-10"))
        random_filings.fill(world, self.random)
        return world

    # Tree and people

    def _union(self, code: str, kind: str, parent: str | None) -> str:
        counts = [{"year": year, "workers": self.random.randint(20, 900)} for year in (2022, 2023, 2025)]
        self.unions.append(
            {
                "code": code,
                "name": f"{code}号测试工会委员会",
                "kind": kind,
                "parent": parent,
                "opened_on": "2000-01-01",
                "headcounts": self.random.sample(counts, self.random.randint(0, 3)),
            }
        )
        return code

    def _tree(self) -> None:
        """Three or four levels, with direct unions and grassroots unions on any of them."""
        pick = self.random
        self._union("P", "province", None)
        self.unions[0]["standards"] = [{"year": year, "monthly": "780.00"} for year in (2022, 2023, 2024)]
        cities = [self._union(f"C{n}", "city", "P") for n in range(1, pick.randint(2, 3))]
        counties = [self._union(f"{city}K{n}", "county", city) for city in cities for n in range(1, pick.randint(1, 3))]
        places = [*cities, *counties, *(counties or cities), "P"]
        for n in range(1, max(6 - len(self.unions), pick.randint(3, 7)) + 1):
            place = pick.choice(places)
            kind = "direct" if place not in counties and pick.random() < 0.5 else "grassroots"
            self._union(f"G{n:02d}", kind, place)

    def _staff(self) -> None:
        """One person per post, so that nobody meets their own work; a leaf's missing roles move up the tree."""
        for union in self.unions:
            inner = any(other["parent"] == union["code"] for other in self.unions) or union["parent"] is None
            for role in ("enter", "review", "approve", "pay"):
                if inner or role == "enter" or self.random.random() < 0.4:
                    self._person(union["code"], role)
        self._person("P", "organise")
        self._person("P", "organise", "2")

    def _person(self, union: str, role: str, more: str = "") -> None:
        login = f"{union}-{role}{more}".lower()
        self.persons.append({"login": login, "name": f"测{union}", "posts": [{"union": union, "role": role}]})

    def _pick_union(self) -> str:
        return self.random.choice(self.unions)["code"]

    def _pick_leaf(self) -> str:
        return self.random.choice([u["code"] for u in self.unions if u["code"].startswith("G")])

    def _line(self, union: str) -> list[str]:
        parents = {u["code"]: u["parent"] for u in self.unions}
        line = [union]
        while parents[line[-1]] is not None:
            line.append(parents[line[-1]])
        return line

    def _campaign(self) -> dict[str, Any]:
        pick = self.random
        below = [u["code"] for u in self.unions if u["code"] != "P"]
        left_out = set(pick.sample(below, pick.choice((0, 0, 1, 2))))
        asked = [code for code in below if code not in left_out]
        second = {"key": "second", "kind": "form", "form": "mini", "period": ["2024-01-01", "2024-01-31"]}
        if self.seed % 2:
            second |= {"form": "helped", "second_period": ["2023-01-01", "2023-12-31"]}
        deliverables = [{"key": "form", "kind": "form", "form": "shaanxi-2024", "period": list(FORM_PERIOD)}, second]
        dates = {"opens": "-29d", "due": pick.choice(("-22d", "-15d", "+5d")), "edit_until": "+20d"}
        return {
            "code": "sx-2024",
            "issuer": "P",
            "year": 2024,
            "title": "2024年送温暖",
            "starts_on": FORM_PERIOD[0],
            "ends_on": FORM_PERIOD[1],
            "published_at": "-30d",
            "notice": {
                "title": "关于开展送温暖的通知",
                "salutation": "各工会：",
                "body": "正文。",
                "issued_on": "2023-12-28",
            },
            "deliverables": [{"title": d["form"], **d, **dates} for d in deliverables],
            "addressees": asked if left_out or pick.random() < 0.5 else "all",
            "optional": pick.sample(asked, 1) if left_out else [],
        }

    # Records

    def _new_serial(self) -> int:
        self.serial += 1
        return self.serial

    def _household(self) -> None:
        """A file that may move to another union or be left, before or after the payouts."""
        pick, serial = self.random, self._new_serial()
        row: dict[str, Any] = {
            "key": f"H{serial}",
            "union": self._pick_union(),
            "name": f"户主{serial}",
            "id_number": id_number(serial),
            "card_number": card_number(serial),
            "bank": "测试银行",
            "class": pick.choice(("deep", "relative", "accidental")),
            "cause": "illness",
            "state": "active",
            "opened_on": pick.choice(("2023-02-01", "2023-11-20", "2024-01-10", "2024-01-31", "2024-02-01")),
            "assessment": {"persons": 3, "yearly_income": "30000.00"},
            "history": [],
        }
        if pick.random() < 0.15:
            row |= {"state": pick.choice(("draft", "applied", "posted", "reviewed"))}
            self.households.append(row)
            return
        if pick.random() < 0.5:
            to = pick.choice([u["code"] for u in self.unions if u["code"] != row["union"]])
            on = pick.choice(
                [d for d in ("2024-01-12", "2024-01-31", "2024-02-01", "2024-02-20") if d > row["opened_on"]]
            )
            row["history"].append({"on": on, "event": "transfer", "to": to})
        if pick.random() < 0.25:
            left = pick.choice(("out_of_hardship", "closed"))
            row["history"].append({"on": pick.choice(("2024-02-26", "2024-03-01")), "event": left})
            row["state"] = left
            if pick.random() < 0.5 and not row["history"][:-1] and row["opened_on"] < "2024-01-31":
                row["history"][-1]["on"] = "2024-01-31"
        self.households.append(row)

    def _keeper(self, household: dict[str, Any], day: str) -> str:
        moves = [e["to"] for e in household["history"] if e["event"] == "transfer" and e["on"] <= day]
        return moves[-1] if moves else household["union"]

    def _kept(self, day: str) -> list[dict[str, Any]]:
        """Households whose file was opened before the day and is still active on it; none that moves on that day."""
        return [
            h
            for h in self.households
            if h["state"] in ("active", "out_of_hardship", "closed")
            and h["opened_on"] < day
            and not any(e["on"] == day or (e["event"] != "transfer" and e["on"] < day) for e in h["history"])
        ]

    def _payout(self) -> None:
        pick = self.random
        day = pick.choice(self.days)
        paid_on = min(date.fromisoformat(day) + timedelta(days=pick.choice((0, 0, 0, 0, 20))), LAST_DAY).isoformat()
        kept = [h for h in self._kept(day) if h in self._kept(paid_on)]
        household = pick.choice(kept) if kept and pick.random() < 0.5 else None
        if household is not None:
            union, who = self._keeper(household, day), household["id_number"]
            row = {"household": household["key"], "group": pick.choice(DOSSIER_GROUPS)}
        else:
            union, (who, recipient) = pick.choice(self.paying), self._recipient()
            row = {"recipient": recipient, "group": pick.choice(OTHER_GROUPS)}
        lines = self._lines(household is not None)
        finance = any(line["source"] in FINANCE for line in lines)
        purpose = pick.choice(FINANCE_PURPOSES if finance else PURPOSES)
        if union in self.idle or (union, who, purpose, day) in self.taken:
            return
        self.taken.add((union, who, purpose, day))
        row |= {
            "key": f"F{len(self.payouts) + 1:03d}",
            "union": union,
            "paid_from": pick.choice([union, union, union, self._line(union)[-1 if len(self.payouts) % 2 else 0]]),
            "campaign": pick.choice(("sx-2024", None)),
            "purpose": purpose,
            "traits": sorted(pick.sample(TRAITS, pick.choice((0, 0, 1, 2)))),
            "planned_on": day,
            "state": pick.choices(("paid", "draft", "planned", "approved", "released", "failed"), (20, 1, 1, 1, 1, 1))[
                0
            ],
            "lines": lines,
        }
        if row["state"] in ("released", "failed"):
            row["lines"] = [{**line, "route": "card"} for line in lines]
        if row["state"] == "paid":
            row["paid_on"] = paid_on
            if pick.random() < 0.15:
                back = min(date.fromisoformat(paid_on) + timedelta(days=pick.choice((0, 3, 30))), LAST_DAY)
                row |= {"reversed_on": back.isoformat(), "reversal": {"reason": "重复发放，款已退回"}}
        self.payouts.append(row)

    def _recipient(self) -> tuple[str, dict[str, str]]:
        """Somebody new, somebody helped before, a householder by name, or somebody without a number."""
        pick, serial = self.random, self._new_serial()
        roll = pick.random()
        if roll < 0.15:
            return f"?{serial}", {"name": f"职工{serial}"}
        known = [p["recipient"] for p in self.payouts if "id_number" in p.get("recipient", {})]
        known += [{"name": h["name"], "id_number": h["id_number"]} for h in self.households]
        if roll < 0.75 and known:
            again = pick.choice(known)
            return again["id_number"], dict(again)
        number = id_number(serial)
        return number, {"name": f"职工{serial}", "id_number": number}

    def _lines(self, dossier: bool) -> list[dict[str, str]]:
        """One to four lines over sources and routes; central and province money by card, to files only."""
        lines = []
        for _ in range(self.random.choice((1, 1, 2, 3, 4))):
            source = self.random.choice((*FREE_SOURCES, *FINANCE, *FINANCE) if dossier else FREE_SOURCES)
            route = "card" if source in FINANCE else self.random.choice(("card", "cash", "goods"))
            line = {"source": source, "route": route, "amount": self._yuan(2000)}
            lines.append({**line, "item": self.random.choice(("大米", "食用油", "棉被"))} if route == "goods" else line)
        return lines

    def _yuan(self, most: int) -> str:
        return f"{self.random.randint(1, most)}.{self.random.choice((0, 0, 1, 33, 50, 99)):02d}"

    def _day(self) -> str:
        return self.random.choice((*DAYS, "2024-01-02", "2024-01-20", "2024-02-10"))

    def _busy(self) -> str:
        return self.random.choice([u["code"] for u in self.unions if u["code"] not in self.idle])

    def _funds(self) -> dict[str, Any]:
        return {
            "union": self._busy(),
            "campaign": self.random.choice(("sx-2024", None)),
            "source": self.random.choice((*FREE_SOURCES, *FINANCE)),
            "form": self.random.choice(("cash", "goods")),
            "amount": self._yuan(60000),
            "received_on": self._day(),
            "reversed": self.random.random() < 0.15,
        }

    def _allocations(self) -> list[dict[str, Any]]:
        rows = []
        for union in self.random.sample(self.unions, 3):
            for giver in self._line(union["code"])[1:2]:
                row = {"giver": giver, "receiver": union["code"], "campaign": "sx-2024", "source": "own_union"}
                rows.append({**row, "amount": self._yuan(9000), "allocated_on": self._day()})
        return rows

    def _visits(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for n in range(self.random.randint(8, 14)):
            day = self._day()
            row: dict[str, Any] = {
                "union": self._busy(),
                "kind": "enterprise",
                "visited_on": day,
                "with_relief": n % 2 == 0,
            }
            kept = [h for h in self._kept(day) if self._keeper(h, day) not in self.idle]
            if kept and n % 2:
                household = self.random.choice(kept)
                row |= {"kind": "household", "household": household["key"], "union": self._keeper(household, day)}
            else:
                row["enterprise"] = f"测试企业{n % 3}"
            rows.append(row)
        return rows

    def _activity(self) -> dict[str, Any]:
        pick = self.random
        row: dict[str, Any] = {
            "union": self._busy(),
            "campaign": pick.choice(("sx-2024", None)),
            "held_on": self._day(),
        }
        if pick.random() < 0.25:
            farmers, others = pick.randint(0, 4), pick.randint(1, 3)
            owed = self._yuan(30000) if farmers else "0.00"
            row |= {"kind": "wage_recovery", "persons": farmers + others, "contacts": farmers + others}
            row |= {"farmer_contacts": farmers, "farmer_persons": farmers, "farmer_amount": owed, "amount": "40000.00"}
            return row
        return row | {"kind": pick.choice(COUNTED_KINDS), "contacts": pick.randint(1, 60)}


__all__ = ["card_number", "id_number", "random_world", "reports_to"]
