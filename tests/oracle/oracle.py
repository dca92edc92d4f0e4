"""What every blank of every filing of a world must be, worked out from the world file alone (docs/world-format.md).

Nothing of the product is used: plain Python over the file, with its own tables of the forms.

A value is a whole number of base units (分 or ones), a text, `None` (not filled) or `NA` (not applicable).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from tests.oracle.forms_by_hand import FORMS, Blank
from tests.oracle.ledger import Ledger


class Mark(Enum):
    """What stands in a blank that holds neither number nor text."""

    NA = "—"


NA = Mark.NA
Value = int | str | None | Mark
Row = dict[str, Value]
Place = tuple[str, str, str]


@dataclass
class Handed:
    """One round: own row, consolidated row, the rounds of children it took in, the distinct keys of its own row."""

    number: int
    own: Row
    consolidated: Row
    pins: list[Handed]
    keys: dict[str, set[Hashable]]


@dataclass
class Filing:
    """One form of one union through all filings."""

    blanks: tuple[Blank, ...]
    counted: Row
    keys: dict[str, set[Hashable]]
    children: list[str]
    state: str = "draft"
    before: str = "draft"
    typed: Row = field(default_factory=dict)
    adjustments: list[tuple[str, int]] = field(default_factory=list)
    rounds: list[Handed] = field(default_factory=list)
    own: Row = field(default_factory=dict)
    consolidated: Row = field(default_factory=dict)

    @property
    def accepted(self) -> Handed | None:
        return self.rounds[-1] if self.state == "accepted" else None


def compute(world: dict[str, Any]) -> dict[Place, Filing]:
    """{(campaign, deliverable, union): filing} after all filings; own and consolidated rows are those of now."""
    ledger, filings = Ledger(world), {}
    for campaign in world.get("campaigns", []):
        if campaign.get("published_at"):
            filings.update(_asked(world, ledger, campaign))
    for act in world.get("filings", []):
        place = (act["campaign"], act["deliverable"], act["union"])
        if place in filings:  # written reports hold no figures
            _do(act, filings, place)
    for place, filing in filings.items():
        filing.own = own_row(filing)
        filing.consolidated = consolidated_row(filing, filing.own, _accepted(filings, place))
    return filings


def _asked(world: dict[str, Any], ledger: Ledger, campaign: dict[str, Any]) -> dict[Place, Filing]:
    line = reports_to(world, campaign)
    found = {}
    for deliverable in campaign["deliverables"]:
        if deliverable["kind"] != "form":
            continue
        blanks = FORMS[deliverable["form"]]
        for union in line:
            counted, keys = _count(ledger, blanks, deliverable, union)
            children = sorted(child for child, above in line.items() if above == union)
            found[campaign["code"], deliverable["key"], union] = Filing(blanks, counted, keys, children)
    return found


def reports_to(world: dict[str, Any], campaign: dict[str, Any]) -> dict[str, str | None]:
    """{union: the one it hands in to}: the nearest asked union above it, else the issuer, which hands in to nobody."""
    parents = {union["code"]: union["parent"] for union in world["unions"]}

    def above(code: str) -> list[str]:
        parent = parents[code]
        return [] if parent is None else [parent, *above(parent)]

    issuer, asked = campaign["issuer"], campaign.get("addressees", [])
    if asked == "all":
        asked = [code for code in parents if issuer in above(code)]
    stops = {issuer, *asked}
    line: dict[str, str | None] = {code: next(up for up in above(code) if up in stops) for code in asked}
    return {issuer: None, **line}


def _count(
    ledger: Ledger, blanks: Iterable[Blank], deliverable: dict[str, Any], union: str
) -> tuple[Row, dict[str, set[Hashable]]]:
    counted: Row = {}
    keys = {}
    for blank in blanks:
        if blank.count is None:
            continue
        found = blank.count(ledger, union, *deliverable[blank.period])
        if isinstance(found, set):
            keys[blank.code] = found
            found = len(found)
        counted[blank.code] = found
    return counted, keys


# What happens to a filing


def _do(act: dict[str, Any], filings: dict[Place, Filing], place: Place) -> None:
    filing, name = filings[place], act["act"]
    if name in ("save", "submit"):
        _type(filing, act.get("typed", {}))
    if name == "nil":
        filing.typed |= {b.code: 0 for b in leaves(filing) if b.count is None and not b.is_word}
    if name in ("submit", "nil"):
        filing.before = filing.state
        own = own_row(filing)
        pins = _accepted(filings, place)
        whole = consolidated_row(filing, own, pins)
        filing.rounds.append(Handed(len(filing.rounds) + 1, own, whole, pins, filing.keys))
    if name == "adjust":
        blank = next(b for b in filing.blanks if b.code == act["code"])
        number = read(blank, act["value"])
        assert isinstance(number, int)
        filing.adjustments.append((blank.code, number))
    if name == "withdraw":
        filing.state = filing.before
    filing.state = STATES.get(name, filing.state)


STATES = {
    "submit": "submitted",
    "nil": "submitted",
    "open": "in_review",
    "return": "returned",
    "accept": "accepted",
    "finalise": "accepted",
}


def _type(filing: Filing, typed: dict[str, dict[str, str]]) -> None:
    blanks = {blank.code: blank for blank in filing.blanks}
    for code, entry in typed.items():
        value = read(blanks[code], entry["value"])
        if value is None and not entry.get("note"):
            filing.typed.pop(code, None)  # emptied without a word: the records stand again
        else:
            filing.typed[code] = value


def read(blank: Blank, text: str) -> Value:
    """What was typed, in base units."""
    if not text.strip():
        return None
    if text.strip() == "—":
        return NA
    if blank.is_word:
        return text
    number = Fraction(text.replace(",", "")) * blank.base
    if number.denominator != 1:
        raise ValueError(f"{blank.code}: {text} is finer than its base unit")
    return number.numerator


def _accepted(filings: dict[Place, Filing], place: Place) -> list[Handed]:
    below = (filings[place[0], place[1], child] for child in filings[place].children)
    return [filing.accepted for filing in below if filing.accepted is not None]


# Rows


def leaves(filing: Filing) -> list[Blank]:
    return [blank for blank in filing.blanks if not blank.parts]


def own_row(filing: Filing) -> Row:
    """本级: what was typed, else what the records give, else nothing; sums from their parts."""
    row: Row = {b.code: filing.typed.get(b.code, filing.counted.get(b.code)) for b in leaves(filing)}
    return with_sums(filing, row)


def consolidated_row(filing: Filing, own: Row, pins: list[Handed]) -> Row:
    """Own row + the accepted children's consolidated rows ± adjustments."""
    row: Row = {}
    for blank in leaves(filing):
        parts = [own[blank.code], *(pin.consolidated[blank.code] for pin in pins)]
        adjusted = sum(number for code, number in filing.adjustments if code == blank.code)
        if blank.over == "none":
            row[blank.code] = own[blank.code]
        elif blank.over == "distinct":
            row[blank.code] = _distinct(blank.code, own, filing.keys, pins, adjusted)
        else:
            row[blank.code] = add(parts, adjusted)
    return with_sums(filing, row)


def with_sums(filing: Filing, row: Row) -> Row:
    """The row with its printed sums, in the order of the form."""
    full = row | {b.code: add([row[part] for part in b.parts], 0) for b in filing.blanks if b.parts}
    return {blank.code: full[blank.code] for blank in filing.blanks}


def add(parts: list[Value], adjusted: int) -> Value:
    """A sum that skips what is not filled and what does not apply."""
    numbers = [part for part in parts if isinstance(part, int)]
    if numbers or adjusted:
        return sum(numbers) + adjusted
    return None if None in parts else NA


def _distinct(code: str, own: Row, keys: dict[str, set[Hashable]], pins: list[Handed], adjusted: int) -> Value:
    """Different keys over the own row and every round below, plus what was typed beyond the keys (D7)."""
    rows = [(own[code], keys[code]), *((below.own[code], below.keys[code]) for below in _all_below(pins))]
    if not any(isinstance(value, int) for value, _ in rows) and not adjusted:
        return add([value for value, _ in rows], 0)
    counting = [(value, known) for value, known in rows if isinstance(value, int)]
    different = set().union(*(known for _, known in counting))
    return len(different) + sum(value - len(known) for value, known in counting) + adjusted


def _all_below(pins: list[Handed]) -> list[Handed]:
    return [round for pin in pins for round in (pin, *_all_below(pin.pins))]


# Print


def printed(blank: Blank, value: Value) -> Decimal | str | None:
    """The value in the printed unit and places, halves rounded up; a text as it is; nothing where no value stands."""
    if not isinstance(value, int):
        return value if isinstance(value, str) else None
    exact = Decimal(value) / blank.base
    return exact.quantize(Decimal(1).scaleb(-blank.places), ROUND_HALF_UP)
