"""What the six forms ask beyond the first two: marks of files, donations, remittances, help centres, every activity.

Drawn from a random of their own, so that the worlds stay the worlds they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

BODIES = ("one_day", "red_cross", "charity_fund", "elderly_fund", "army_family_fund", "other")
DONATION_KINDS = ("one_day_donation", "joint", "other")
CAUSES = ("illness", "disaster", "accident", "jobless", "schooling", "other")
CERTIFICATES = ("", "", "特困职工救助证", "低保证", "残疾证")
TRAITS = ("farmer_worker", "gig_worker", "disabled", "model_worker")
INCOMES = ("12000.00", "28080.00", "28079.00", "30000.00")
"""Three persons at 780 yuan a month: 28080 a year is the standard itself, which is not below it."""
MEASURES = {
    "study_meeting": ("number",),
    "job_offer": ("quantity",),
    "pairing": ("quantity",),
    "rights_case": ("persons", "new_persons"),
    "rights_education": ("contacts", "new_contacts"),
    "mental_health": ("contacts", "new_contacts"),
    "culture": ("contacts", "new_contacts"),
    "health_check": ("contacts", "new_contacts"),
    "other_service": ("contacts", "new_contacts"),
    "charter_train": ("quantity", "contacts"),
    "charter_carriage": ("quantity", "contacts"),
    "charter_coach": ("quantity", "contacts"),
    "charter_ship": ("quantity", "contacts"),
    "charter_plane": ("quantity", "contacts"),
    "ticket_help": ("quantity",),
    "ticket_window": ("quantity",),
    "travel_subsidy": ("amount",),
    "reception": ("contacts",),
}


def add(world: dict[str, Any], seed: int, days: Sequence[str]) -> None:
    """Put the facts into the world."""
    pick = Random(f"facts of {seed}")
    unions = [union["code"] for union in world["unions"]]
    for union in world["unions"]:
        for count in union["headcounts"]:
            count |= {"farmer_workers": pick.randint(0, 20), "help_centres": pick.randint(0, 3)}
    for household in world["households"]:
        household |= {"cause": pick.choice(CAUSES), "certificate": pick.choice(CERTIFICATES)}
        household["traits"] = sorted(pick.sample(TRAITS, pick.choice((0, 1, 2))))
        household["assessment"] = {"persons": 3, "yearly_income": pick.choice(INCOMES)}
    for visit in world["visits"]:
        visit["with_relief"] = pick.random() < 0.6
        if visit["kind"] == "enterprise":
            visit["in_difficulty"] = pick.random() < 0.5
    world["activities"] += [_activity(pick, unions, days) for _ in range(pick.randint(10, 18))]
    world["donations"] = [_donation(pick, unions, days) for _ in range(pick.randint(8, 14))]
    world["remittances"] = [_remittance(pick, unions, days, place) for place in range(pick.randint(2, 5))]


def _activity(pick: Random, unions: Sequence[str], days: Sequence[str]) -> dict[str, Any]:
    kind = pick.choice(tuple(MEASURES))
    row: dict[str, Any] = {"union": pick.choice(unions), "kind": kind, "held_on": pick.choice(days)}
    for measure in MEASURES[kind]:
        row[measure] = pick.randint(0, 5) if measure.startswith("new_") else pick.randint(6, 40)
    if "amount" in row:
        row["amount"] = f"{row['amount']}00.50"
    return row


def _donation(pick: Random, unions: Sequence[str], days: Sequence[str]) -> dict[str, Any]:
    row: dict[str, Any] = {"union": pick.choice(unions), "kind": pick.choice(DONATION_KINDS)}
    row |= {"donated_on": pick.choice(days), "donors": pick.randint(1, 60), "reversed": pick.random() < 0.15}
    if pick.random() < 0.25:
        return row | {"body": ""}
    return row | {"body": pick.choice(BODIES), "amount": f"{pick.randint(1, 3000)}.{pick.choice((0, 5, 99)):02d}"}


def _remittance(pick: Random, unions: Sequence[str], days: Sequence[str], place: int) -> dict[str, Any]:
    row: dict[str, Any] = {"union": pick.choice(unions), "remitted_on": pick.choice(days), "slip_number": f"HK{place}"}
    return row | {"amount": f"{pick.randint(1, 9000)}.{pick.choice((0, 33)):02d}", "reversed": pick.random() < 0.2}
