"""Values of blanks: three states, exact base units, reading what was typed, printing what is shown.

Base units: money in 分, a plain number in its last printed place (ones when it has none).
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from relief.lib import money

if TYPE_CHECKING:
    from reporting.spec.model import Item

MONEY_UNITS = {"万元": 1_000_000, "元": 100}
MONEY_PLACES = {"万元": 6, "元": 2}
NUMBER_LIMIT = 10**15
TEXT_LIMIT = 200
NOT_APPLICABLE = "—"
_NA_WORDS = {"—", "——", "–", "-", "--", "不适用"}
_NUMBER = re.compile(r"([-−+]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]*)(?:\.([0-9]+))?")
_DAY = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?|(\d{4})(\d{2})(\d{2})", re.ASCII)


class State(StrEnum):
    """Whether a blank was filled, left open, or does not apply to this union."""

    FILLED = "filled"
    EMPTY = "empty"
    NA = "na"


class EntryFault(ValueError):
    """What was typed cannot be taken; the text is a sentence for the person who typed it."""


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in a blank: a state, and a whole number of base units or a text when filled."""

    state: State
    number: int | None = None
    text: str | None = None

    @classmethod
    def of(cls, number: int) -> Value:
        """A filled number, in base units."""
        return cls(State.FILLED, number=number)

    @classmethod
    def word(cls, text: str) -> Value:
        """A filled text, or a day as `2024-02-24`."""
        return cls(State.FILLED, text=text)

    @classmethod
    def empty(cls) -> Value:
        """Not filled."""
        return cls(State.EMPTY)

    @classmethod
    def na(cls) -> Value:
        """Not applicable, printed as a dash."""
        return cls(State.NA)

    @property
    def units(self) -> int:
        """The number of base units of a filled number."""
        if self.number is None:
            raise ValueError("this value holds no number")
        return self.number

    @property
    def is_filled(self) -> bool:
        return self.state is State.FILLED

    @property
    def is_empty(self) -> bool:
        return self.state is State.EMPTY

    @property
    def is_na(self) -> bool:
        return self.state is State.NA


def base_units(item: Item) -> int:
    """How many base units make one printed unit: 1,000,000 for 万元, 100 for 元, 1 for persons."""
    if item.kind == "money":
        return MONEY_UNITS[item.unit]
    return 10**item.places


def in_unit(item: Item, number: int) -> Fraction:
    """A number of base units in the printed unit, exact and not rounded."""
    return Fraction(number, base_units(item))


def whole(number: Fraction | int) -> int:
    """The nearest whole number, halves away from zero.

    >>> whole(Fraction(5, 2)), whole(Fraction(-5, 2)), whole(Fraction(7, 3))
    (3, -3, 2)
    """
    exact_number = Fraction(number)
    size = (abs(exact_number.numerator) * 2 + exact_number.denominator) // (exact_number.denominator * 2)
    return -size if exact_number < 0 else size


def exact(item: Item, value: Value) -> Decimal | None:
    """The unrounded number in the printed unit, or nothing when the blank holds none."""
    if not value.is_filled or value.number is None:
        return None
    if item.kind != "money":
        return Decimal(value.number).scaleb(-item.places)
    return money.wan_yuan(value.number, MONEY_PLACES["万元"]) if item.unit == "万元" else money.from_fen(value.number)


def printed_number(item: Item, value: Value) -> Decimal | None:
    """The number in the printed unit with the printed places, rounded once, half up."""
    if not value.is_filled or value.number is None:
        return None
    if item.kind == "money" and item.unit == "万元":
        return money.wan_yuan(value.number, item.places)
    return money.rounded(exact(item, value) or 0, item.places)


def shown(item: Item, value: Value) -> str:
    """What is printed: nothing when empty, a dash when not applicable, else grouped with fixed places."""
    if value.is_empty:
        return ""
    if value.is_na:
        return NOT_APPLICABLE
    if value.text is not None:
        return day_in_words(value.text) if item.kind == "date" else value.text
    return money.grouped(printed_number(item, value))


def entry_text(item: Item, value: Value) -> str:
    """What stands in an input box: exact, without commas, more places than printed where needed."""
    if value.is_na:
        return NOT_APPLICABLE
    if value.text is not None:
        return value.text
    number = exact(item, value)
    if number is None:
        return ""
    ones, _, fraction = f"{number:f}".partition(".")
    fraction = fraction.rstrip("0").ljust(item.places, "0")
    return f"{ones}.{fraction}" if fraction else ones


def parse_entry(item: Item, text: str, *, signed: bool = False) -> Value:
    """The value that somebody typed or pasted for the item.

    Raises EntryFault with a sentence that names the item. `signed` lets a negative number pass (adjustments).
    """
    plain = unicodedata.normalize("NFKC", text or "").strip()
    if not plain:
        return Value.empty()
    if plain in _NA_WORDS:
        return Value.na()
    if item.kind == "text":
        return _read_text(item, text.strip())
    if item.kind == "date":
        return _read_day(item, plain)
    return _read_number(item, plain, signed)


def _read_text(item: Item, text: str) -> Value:
    words = " ".join(text.split())
    if len(words) > TEXT_LIMIT:
        raise EntryFault(f"“{item.name}”最多填 {TEXT_LIMIT} 个字，现在有 {len(words)} 个字，请缩短。")
    if any(unicodedata.category(character).startswith("C") for character in words):
        raise EntryFault(f"“{item.name}”里有看不见的控制字符，请删去后重填。")
    return Value.word(words)


def _read_day(item: Item, plain: str) -> Value:
    match = _DAY.fullmatch(plain.replace(" ", ""))
    try:
        year, month, day = (int(part) for part in match.groups() if part) if match else (0, 0, 0)
        return Value.word(datetime.date(year, month, day).isoformat())
    except ValueError:
        raise EntryFault(f"“{item.name}”要填日期，例如 2024-02-24，填的是“{_tail(plain)}”。") from None


def _read_number(item: Item, plain: str, signed: bool) -> Value:
    match = _NUMBER.fullmatch(plain.removesuffix(item.unit).strip())
    sign, ones, fraction = match.groups(default="") if match else ("", "", "")
    if (not ones and not fraction) or len(plain) > 60:
        raise EntryFault(f"“{item.name}”要填数字，填的是“{_tail(plain)}”。没有发生请填 0，不涉及请填“—”。")
    negative = sign in {"-", "−"}
    if negative and not signed:
        raise EntryFault(f"“{item.name}”不能填负数，填的是“{_tail(plain)}”。")
    fraction = fraction.rstrip("0")
    places = MONEY_PLACES[item.unit] if item.kind == "money" else item.places
    if len(fraction) > places:
        raise EntryFault(_too_precise(item, plain, places))
    number = int(Fraction(f"{ones.replace(',', '') or '0'}.{fraction or '0'}") * base_units(item))
    if number > NUMBER_LIMIT:
        raise EntryFault(f"“{item.name}”的数太大，填的是“{_tail(plain)}”，请看看单位是不是{item.unit}。")
    return Value.of(-number if negative else number)


def _too_precise(item: Item, plain: str, places: int) -> str:
    if item.kind == "money":
        return f"“{item.name}”最多填 {places} 位小数（精确到分），填的是“{_tail(plain)}”。"
    if places == 0:
        return f"“{item.name}”按{item.unit}计，只能填整数，填的是“{_tail(plain)}”。"
    return f"“{item.name}”最多填 {places} 位小数，填的是“{_tail(plain)}”。"


def _tail(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}…"


def day_in_words(text: str) -> str:
    """A day `2024-02-24` as 2024年2月24日."""
    day = datetime.date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"
