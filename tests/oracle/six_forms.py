"""What the records say for every blank of the six forms that asks them, by hand from the printed forms; no form file is read.

Two windows: the form's own period, and the calendar year before the campaign. Codes of totals are here too where the
notice says "computed; against …".
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from tests.oracle.forms_by_hand import (
    GROUPS,
    HARDSHIP,
    SHAANXI_2024,
    Counter,
    active_dossiers,
    contacts,
    enterprises,
    helped_keys,
    paid,
    raised,
    served,
    visited_households,
    workers,
)
from tests.oracle.ledger import fen

Column = tuple[Counter, str]
MAIN, YEAR_BEFORE = "main", "year before"
EVERY_SOURCE = ("central province local superior_union own_union donation employer interest other").split()


def _only(count: Counter) -> Column:
    return count, MAIN


def head_count(what: str) -> Counter:
    return lambda ledger, union, first, last: ledger.head_count(what, union, last)


def donated(measure: str, body: str = "", kind: str = "") -> Counter:
    """Donors or money that a receiving body was given; the drive's own row without a body is another count."""

    def count(ledger: Any, *place: str) -> int:
        rows = [
            d for d in ledger.donations(*place) if d["body"] and body in ("", d["body"]) and kind in ("", d["kind"])
        ]
        return sum(d["donors"] if measure == "donors" else fen(d.get("amount", "0")) for d in rows)

    return count


def every_donor(ledger: Any, *place: str) -> int:
    return sum(d["donors"] for d in ledger.donations(*place) if d["body"] == "")


def sent_on(ledger: Any, *place: str) -> int:
    return sum(fen(r["amount"]) for r in ledger.remittances(*place))


def files(which: Callable[[dict[str, Any]], bool]) -> Counter:
    """Households with an active file on the last day."""
    return lambda ledger, union, first, last: {h["id_number"] for h in ledger.active_on(union, last) if which(h)}


def _poor(household: dict[str, Any]) -> bool:
    """Three persons below 780 yuan a head and month."""
    return fen(household["assessment"]["yearly_income"]) < 3 * 12 * 780_00


def opened(ledger: Any, *place: str) -> set[Hashable]:
    return {h["id_number"] for h in ledger.opened(*place)}


def left(ledger: Any, *place: str) -> set[Hashable]:
    return {h["id_number"] for h in ledger.left_hardship(*place)}


def relieved(groups: tuple[str, ...] = GROUPS, trait: str = "") -> Counter:
    """Households that got a payout or a visit with relief; whom a visit meets holds a file."""

    def count(ledger: Any, *place: str) -> set[Hashable]:
        found = {
            p["who"] for p in ledger.payouts(*place) if p["group"] in groups and (not trait or trait in p["traits"])
        }
        for visit in ledger.visits(*place):
            if visit["kind"] == "household" and visit["with_relief"] and "dossier_holder" in groups:
                household = ledger.household(visit["household"])
                if not trait or trait in household["traits"]:
                    found.add(household["id_number"])
        return found

    return count


def poor_enterprises(ledger: Any, *place: str) -> int:
    visits = (v for v in ledger.visits(*place) if v["kind"] == "enterprise")
    return sum(1 for v in visits if v["in_difficulty"] and v["with_relief"])


_OF_2024 = {blank.code: _only(blank.count) for blank in SHAANXI_2024 if blank.count is not None}
_TOTALS = {
    "B": _only(raised(*EVERY_SOURCE)),
    "C": _only(contacts()),
    "D": _only(paid()),
}
_SHAANXI = _OF_2024 | _TOTALS

# C5, C6 of 2024 did not exist in 2019: the codes behind them move up by two; neither did J and K.
_NOW_CALLED = {f"{letter}{n}": f"{letter}{n - 2}" for letter in "CD" for n in range(7, 12)}
_GONE = {"C5", "D5", "C6", "D6", "J1", "J2", "K1", "K2"}
_JIAOZUO_CAMPAIGN = {_NOW_CALLED.get(code, code): column for code, column in _SHAANXI.items() if code not in _GONE}

_SHANGHAI = {
    "S1": _only(helped_keys),
    "S2": _only(paid()),
    "S3": _only(donated("amount", kind="one_day_donation")),
    "S4": _only(visited_households),
    "S5": (helped_keys, YEAR_BEFORE),
    "S6": (paid(), YEAR_BEFORE),
}

_BODIES = ("one_day", "red_cross", "charity_fund", "elderly_fund", "army_family_fund")
_JINSHAN = {
    "J0": _only(workers),
    **{f"J{n}A": _only(donated("donors", body)) for n, body in enumerate(_BODIES, 1)},
    **{f"J{n}B": _only(donated("amount", body)) for n, body in enumerate(_BODIES, 1)},
    "J6A": _only(every_donor),
    "J6B": _only(sent_on),
}


def _purpose(word: str) -> dict[str, Any]:
    return {"purpose": lambda purpose: purpose == word}


_JIAOZUO_CENTRE = {
    "P01": _only(head_count("help_centres")),
    "P03": _only(active_dossiers()),
    "P04": _only(active_dossiers("deep")),
    "P05": _only(active_dossiers("relative")),
    "P06": _only(active_dossiers("accidental")),
    "P07": _only(files(lambda h: "farmer_worker" in h["traits"])),
    "P08": _only(opened),
    "P09": _only(left),
    "P10": _only(raised(*EVERY_SOURCE)),
    "P11": _only(raised("central")),
    "P12": _only(raised("province", "local")),
    "P13": _only(raised("own_union", "superior_union")),
    "P14": _only(raised("donation", "employer", "interest", "other")),
    "P15": _only(paid()),
    "P16": _only(contacts(**_purpose("living"))),
    "P17": _only(paid(**_purpose("living"))),
    "P18": _only(contacts(**_purpose("medical"))),
    "P19": _only(paid(**_purpose("medical"))),
    "P20": _only(contacts(**_purpose("study"))),
    "P21": _only(paid(**_purpose("study"))),
    "P22": _only(paid(purpose=lambda purpose: purpose not in ("living", "medical", "study"))),
    "P23": _only(served("legal_aid")),
    "P24": _only(served("job_training", "job_placement")),
    "P25": _only(served("reception")),
    "P26": _only(served("pairing", measure="quantity")),
}

_SUZHOU_SERVED = {  # code: (kind, what is counted)
    "07A": ("study_meeting", "number"),
    "07B": ("policy_publicity", "contacts"),
    "07B1": ("policy_help", "contacts"),
    "07C": ("job_offer", "quantity"),
    "07E": ("job_training", "contacts"),
    "07H": ("legal_aid", "contacts"),
    "07I": ("pairing", "quantity"),
    "08A": ("rights_case", "persons"),
    "08A1": ("rights_case", "new_persons"),
    "08B": ("rights_education", "contacts"),
    "08B1": ("rights_education", "new_contacts"),
    "08C": ("wage_recovery", "persons"),
    "08C1": ("wage_recovery", "fen"),
    "08C2": ("wage_recovery", "farmer_persons"),
    "08C3": ("wage_recovery", "farmer_fen"),
    "09A": ("mental_health", "contacts"),
    "09A1": ("mental_health", "new_contacts"),
    "09B": ("culture", "contacts"),
    "09B1": ("culture", "new_contacts"),
    "09C": ("health_check", "contacts"),
    "09C1": ("health_check", "new_contacts"),
    "09D": ("other_service", "contacts"),
    "09D1": ("other_service", "new_contacts"),
    "10A": ("journey_home", "contacts"),
    "10B": ("charter_train", "quantity"),
    "10B1": ("charter_train", "contacts"),
    "10C": ("charter_carriage", "quantity"),
    "10C1": ("charter_carriage", "contacts"),
    "10D": ("charter_coach", "quantity"),
    "10D1": ("charter_coach", "contacts"),
    "10E": ("charter_ship", "quantity"),
    "10E1": ("charter_ship", "contacts"),
    "10F": ("charter_plane", "quantity"),
    "10F1": ("charter_plane", "contacts"),
    "10G": ("ticket_help", "quantity"),
    "10H": ("ticket_window", "quantity"),
    "11A": ("travel_subsidy", "fen"),
}
_SUZHOU = {
    "01A": _only(workers),
    "01A1": _only(head_count("farmer_workers")),
    "03A": _only(active_dossiers()),
    "03A1": _only(files(lambda h: "farmer_worker" in h["traits"])),
    "03B": _only(files(_poor)),
    "03C": _only(files(lambda h: h["certificate"] == "特困职工救助证")),
    "03D": _only(files(lambda h: h["cause"] in ("illness", "disaster", "accident"))),
    "03E": (left, YEAR_BEFORE),
    "04A": _only(enterprises),
    "04A1": _only(visited_households),
    "04B": _only(poor_enterprises),
    "04C": _only(relieved()),
    "04C1": _only(relieved(HARDSHIP)),
    "04C2": _only(relieved(trait="farmer_worker")),
    "04C3": _only(relieved(trait="model_worker")),
    "05": _only(raised(*EVERY_SOURCE)),
    "05A": _only(raised("central", "province", "local")),
    "05B": _only(raised("own_union", "superior_union")),
    "05C": _only(raised("donation")),
    "05D": _only(raised("employer", "interest", "other")),
    "06": _only(paid()),
    "06A": _only(paid(trait="model_worker")),
    "06B": _only(paid(trait="farmer_worker")),
    "07D": _only(contacts(**_purpose("living"))),
    "07F": _only(contacts(**_purpose("medical"))),
    "07G": _only(contacts(**_purpose("study"))),
    **{code: _only(served(kind, measure=measure)) for code, (kind, measure) in _SUZHOU_SERVED.items()},
}

RECORDED: dict[str, dict[str, Column]] = {
    "shaanxi-2024": _SHAANXI,
    "jiaozuo-2019-campaign": _JIAOZUO_CAMPAIGN,
    "shanghai-2019": _SHANGHAI,
    "jinshan-2020-donation": _JINSHAN,
    "jiaozuo-2018-centre": _JIAOZUO_CENTRE,
    "suzhou-2013": _SUZHOU,
}


def recorded(ledger: Any, form: str, union: str, windows: dict[str, tuple[str, str]]) -> dict[str, int]:
    """{code: number} of one union: amounts in 分, different people and homes counted once."""
    found = {code: count(ledger, union, *windows[window]) for code, (count, window) in RECORDED[form].items()}
    return {code: len(number) if isinstance(number, set) else number for code, number in found.items()}


def keys(ledger: Any, form: str, union: str, windows: dict[str, tuple[str, str]]) -> dict[str, int]:
    """How many different people or homes stand behind each leaf that counts them; a total has no keys of its own."""
    found = {code: count(ledger, union, *windows[window]) for code, (count, window) in RECORDED[form].items()}
    return {code: len(number) for code, number in found.items() if isinstance(number, set) and code != "P03"}
