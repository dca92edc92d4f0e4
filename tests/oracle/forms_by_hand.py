"""The blanks of the forms, written by hand from the printed forms and the counting rules; no form file is read here.

A blank is counted by a function (ledger, union, first day, last day) that returns a whole number (分 or ones), or the
set of distinct keys where a form asks for different persons or households.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

Counter = Callable[[Any, str, str, str], "int | set[Hashable]"]

HARDSHIP = ("low_income", "illness_disaster", "troubled_enterprise", "injury_bereaved", "dossier_holder")
GROUPS = (
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
    "dossier_holder",
)


@dataclass(frozen=True)
class Blank:
    """One blank: printed unit and places, how it is counted, its parts when it is a sum, how superiors join it."""

    code: str
    unit: str
    places: int = 0
    count: Counter | None = None
    parts: tuple[str, ...] = ()
    over: str = "sum"
    period: str = "period"

    @property
    def base(self) -> int:
        """Base units (分, ones) in one printed unit."""
        return {"万元": 1_000_000, "元": 100}.get(self.unit, 1)

    @property
    def is_word(self) -> bool:
        return self.unit in ("文本", "日期")


# What is counted


def enterprises(ledger: Any, union: str, first: str, last: str) -> int:
    """Visits to enterprises."""
    return sum(1 for v in ledger.visits(union, first, last) if v["kind"] == "enterprise")


def visited_households(ledger: Any, union: str, first: str, last: str) -> set[Hashable]:
    return {ledger.id_of(v["household"]) for v in ledger.visits(union, first, last) if v["kind"] == "household"}


def raised(*sources: str) -> Counter:
    """Money that came in from the sources."""

    def count(ledger: Any, union: str, first: str, last: str) -> int:
        return sum(f["fen"] for f in ledger.funds(union, first, last) if f["source"] in sources)

    return count


def _helped(
    ledger: Any,
    union: str,
    first: str,
    last: str,
    groups: tuple[str, ...] = GROUPS,
    purpose: Callable[[str], bool] = lambda purpose: True,
    trait: str = "",
) -> list[Any]:
    return [
        p
        for p in ledger.payouts(union, first, last)
        if p["group"] in groups and purpose(p["purpose"]) and (not trait or trait in p["traits"])
    ]


def contacts(**which: Any) -> Counter:
    """Payouts: each is one 人次, whatever its lines."""
    return lambda ledger, *place: len(_helped(ledger, *place, **which))


def paid(**which: Any) -> Counter:
    """The money and valued goods of payouts."""
    return lambda ledger, *place: sum(p["fen"] for p in _helped(ledger, *place, **which))


def paid_from_sources(*sources: str) -> Counter:
    def count(ledger: Any, *place: str) -> int:
        return sum(fen for p in _helped(ledger, *place) for source, fen in p["lines"] if source in sources)

    return count


def contacts_from_sources(*sources: str) -> Counter:
    def count(ledger: Any, *place: str) -> int:
        return sum(1 for p in _helped(ledger, *place) if any(source in sources for source, _ in p["lines"]))

    return count


def helped_keys(ledger: Any, *place: str) -> set[Hashable]:
    """Different people (or householders) helped; who has no ID number counts apart, payout by payout."""
    return {p["who"] for p in _helped(ledger, *place)}


def served(*kinds: str, measure: str = "contacts") -> Counter:
    """A measure of activities of the kinds."""

    def count(ledger: Any, union: str, first: str, last: str) -> int:
        return sum(a[measure] for a in ledger.activities(union, first, last) if a["kind"] in kinds)

    return count


def active_dossiers(*classes: str) -> Counter:
    """Households whose file was active at the union on the last day."""
    return lambda ledger, union, first, last: {
        h["id_number"] for h in ledger.active_on(union, last) if not classes or h["class"] in classes
    }


def workers(ledger: Any, union: str, first: str, last: str) -> int:
    return ledger.head_count("workers", union, last)


# 003: 2024年元旦春节期间各级工会送温暖统计表


def _wan(code: str, count: Counter | None = None, parts: tuple[str, ...] = ()) -> Blank:
    return Blank(code, "万元", 2, count, parts)


def _times(code: str, count: Counter | None = None, parts: tuple[str, ...] = ()) -> Blank:
    return Blank(code, "人次", 0, count, parts)


SHAANXI_2024 = (
    Blank("A", "家", 0, enterprises),
    _wan("B", parts=("B1", "B2", "B3", "B4", "B5", "B6")),
    _wan("B1", raised("central")),
    _wan("B2", raised("province", "local")),
    _wan("B3", raised("own_union", "superior_union")),
    _wan("B4", raised("donation")),
    _wan("B5", raised("employer")),
    _wan("B6", raised("interest", "other")),
    _times("C", parts=("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "C10", "C11")),
    _wan("D", parts=("D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9", "D10", "D11")),
    _times("C1", contacts(groups=("low_income",))),
    _wan("D1", paid(groups=("low_income",))),
    _times("C2", contacts(groups=("illness_disaster",))),
    _wan("D2", paid(groups=("illness_disaster",))),
    _times("C3", contacts(groups=("troubled_enterprise",))),
    _wan("D3", paid(groups=("troubled_enterprise",))),
    _times("C4", contacts(groups=("injury_bereaved",))),
    _wan("D4", paid(groups=("injury_bereaved",))),
    _times("C5", contacts(groups=("hard_conditions",))),
    _wan("D5", paid(groups=("hard_conditions",))),
    _times("C6", contacts(groups=("disaster_duty",))),
    _wan("D6", paid(groups=("disaster_duty",))),
    _times("C7", contacts(groups=("festival_duty",))),
    _wan("D7", paid(groups=("festival_duty",))),
    _times("C8", contacts(groups=("seconded",))),
    _wan("D8", paid(groups=("seconded",))),
    _times("C9", contacts(groups=("major_project",))),
    _wan("D9", paid(groups=("major_project",))),
    _times("C10", contacts(groups=("role_model",))),
    _wan("D10", paid(groups=("role_model",))),
    _times("C11", contacts(groups=("dossier_holder",))),
    _wan("D11", paid(groups=("dossier_holder",))),
    _times("E", parts=("E1", "E2", "E3", "E4", "E5")),
    _times("E1", served("policy_help")),
    _times("E2", contacts(groups=HARDSHIP, purpose=lambda purpose: purpose == "living")),
    _times("E3", contacts(groups=HARDSHIP, purpose=lambda purpose: purpose == "medical")),
    _times("E4", contacts(groups=HARDSHIP, purpose=lambda purpose: purpose == "study")),
    _times(
        "E5",
        lambda ledger, *place: (
            contacts(groups=HARDSHIP, purpose=lambda p: p not in ("living", "medical", "study", "relief_visit"))(
                ledger, *place
            )
            # "takes in legal aid, training and placement where a form has no line for them"
            + served("other_help", "legal_aid", "job_training", "job_placement")(ledger, *place)
        ),
    ),
    _times("F", parts=("F1", "F2", "F3")),
    _times("F1", served("mental_health")),
    _times("F2", served("culture")),
    _times("F3", served("other_service", "health_check")),
    _times("G", served("journey_home")),
    _times("H", served("wage_recovery", measure="farmer_contacts")),
    _wan("I", served("wage_recovery", measure="farmer_fen")),
    _times("J1", contacts(trait="gig_worker")),
    _wan("J2", paid(trait="gig_worker")),
    _times("K1", contacts(trait="disabled")),
    _wan("K2", paid(trait="disabled")),
)

# The small form of the tests: two blanks in a sentence, text and date, distinct households, typed leaves.
MINI = (
    Blank("01A", "户", 0, active_dossiers(), over="distinct"),
    Blank("01A1", "户", 0, active_dossiers("deep"), over="distinct"),
    Blank("02", "元", 2, parts=("02A", "02B")),
    Blank("02A", "元", 2, raised("donation")),
    Blank("02B", "元", 2),
    Blank("02C", "文本", over="none"),
    Blank("02D", "日期", over="none"),
    Blank("05", "人次", 0, served("culture", "mental_health")),
    Blank("05_1", "场次"),
)

# A form of different persons and households, two periods, four places of 万元 (tests/oracle/forms/helped.json).
HELPED = (
    Blank("P1", "人", 0, helped_keys, over="distinct"),
    Blank("P2", "户", 0, helped_keys, over="distinct"),
    Blank("P3", "万元", 4, paid()),
    Blank("P4", "户", 0, visited_households, over="distinct"),
    Blank("P5", "人", 0, helped_keys, over="distinct", period="second_period"),
    Blank("P6", "元", 2, paid(), period="second_period"),
    Blank("P7", "人", 0, workers),
    Blank("P8", "万元", 1, paid_from_sources("central", "province")),
    Blank("P9", "人次", 0, contacts_from_sources("donation", "own_union")),
)

FORMS = {"shaanxi-2024": SHAANXI_2024, "mini": MINI, "helped": HELPED}
