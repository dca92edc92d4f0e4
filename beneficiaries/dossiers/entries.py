"""One person's checked entries, and the kinds of boxes they come from: words of lists, texts, days, amounts, marks.

Pure. A box of a sealed field that is left empty leaves what is stored; a single dash clears it. Sentences never repeat
what was typed: a refusal is kept in the audit record.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from beneficiaries import codes
from relief.lib.money import parse_amount

DASHES = frozenset({"-", "－", "—"})
PHONE = re.compile(r"[0-9+\-() ]{7,20}")
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月)?|(\d{4})(\d{2})(\d{2})")
_EARLIEST = datetime.date(1930, 1, 1)


@dataclass
class Entry:
    """One checked person: the values to write and what is wrong with them."""

    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    pk: int | None = None

    def keep(self, name: str, value: Any) -> None:
        self.values[name] = value


def is_dash(given: Any) -> bool:
    """Whether somebody wrote the single dash that clears a sealed box."""
    return str(given or "").strip() in DASHES


def keep_text(entry: Entry, name: str, given: Any, most: int) -> None:
    """A text of at most so many characters."""
    text = str(given or "").strip()
    if len(text) > most:
        entry.faults[name] = f"最多 {most} 个字，现在是 {len(text)} 个字，请缩短。"
    entry.keep(name, text)


def keep_word(entry: Entry, name: str, given: Any, *, listed: str = "", dash: bool = False, who: str = "") -> None:
    """The present value of a word of a list, old words included; an empty box keeps the empty value."""
    if dash and is_dash(given):
        entry.keep(name, "-")
        return
    reading = codes.read(listed or name, given)
    if reading.known:
        entry.keep(name, reading.value)
    else:
        entry.faults[name] = f"{who}{reading.sentence}"


def keep_day(entry: Entry, name: str, given: Any, today: datetime.date, label: str) -> None:
    """A day that has come; `None` for an empty box."""
    if given in (None, ""):
        entry.keep(name, None)
        return
    day = given if isinstance(given, datetime.date) else read_day(str(given))
    if day is None:
        entry.faults[name] = f"{label}请写成 2009-07-01 这样。"
    elif not _EARLIEST <= day <= today:
        entry.faults[name] = f"{label}应在 1930 年以后、今天以前，请核对。"
    else:
        entry.keep(name, day)


def keep_amount(entry: Entry, name: str, given: Any, label: str) -> None:
    """An amount of 元 that is not negative; `None` for an empty box."""
    if given is None or (isinstance(given, str) and not given.strip()):
        entry.keep(name, None)
        return
    try:
        amount = parse_amount(given) if isinstance(given, str) else Decimal(given)
    except ValueError:
        entry.faults[name] = f"{label}请只写数字，单位是元，例如 1234.56。"
        return
    if amount < 0:
        entry.faults[name] = f"{label}不能是负数，没有就填 0。"
    elif amount > Decimal("100000000"):
        entry.faults[name] = f"{label}超过 1 亿元，请检查单位是不是元。"
    else:
        entry.keep(name, amount)


def keep_number(entry: Entry, name: str, given: Any, most: int, label: str) -> None:
    """A plain number up to `most`, one decimal at the most, kept as text."""
    text = unicodedata.normalize("NFKC", str(given if given is not None else "")).strip().removesuffix("m2")
    if text and (not re.fullmatch(r"\d{1,5}(\.\d)?", text) or Decimal(text) > most):
        entry.faults[name] = f"{label}请填 0 至 {most} 的数字，最多一位小数。"
    else:
        entry.keep(name, text)


def keep_phone(entry: Entry, name: str, given: Any, who: str = "") -> None:
    """A telephone number; only what is typed is kept."""
    text = str(given or "").strip()
    if text and not is_dash(text) and not PHONE.fullmatch(text):
        entry.faults[name] = f"{who}电话应是 7 至 20 位数字，可以带区号和横线，请核对。"
    if text:
        entry.keep(name, text)


def leave_or_clear(values: dict[str, Any], names: Iterable[str], clearable: frozenset[str], new: bool) -> None:
    """An empty sealed box stays as it is; a single dash clears it."""
    for name in set(names) & set(values):
        if name in clearable and is_dash(values[name]):
            values[name] = ""
        elif values[name] == "" and not new:
            del values[name]


def read_day(text: str) -> datetime.date | None:
    """A day as people write it; a month alone is its first day, nonsense is None.

    >>> [str(read_day(t)) for t in ("2009年7月1日", "2009.7", "20090701", "2009-07-01", "２００９年７月", "7/1")]
    ['2009-07-01', '2009-07-01', '2009-07-01', '2009-07-01', '2009-07-01', 'None']
    """
    found = _DAY.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    if found is None:
        return None
    year, month, day = found.group(1, 2, 3) if found.group(1) else found.group(4, 5, 6)
    try:
        return datetime.date(int(year), int(month), int(day or 1))
    except ValueError:
        return None


def unknown_names(given: Mapping[str, Any], known: frozenset[str], entry: Entry, where: str) -> None:
    """Mark names that no form sends."""
    for name in set(given) - known:
        entry.faults[name] = f"{where}里没有“{name[:20]}”这一项。"
