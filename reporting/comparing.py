"""This year's figures beside last year's: partners through the code map, changes in per cent, and what is too much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from relief.lib import money
from reporting.rounding import shown_texts
from reporting.spec import FormSpec, Item
from reporting.values import Value, base_units, in_unit, printed_number, shown, whole

NO_ITEM = "上年表无此项"
UNLIKE = "不可比"
NO_FILING = "上年未报"
NOTHING = "—"
ZERO_BEFORE = "上年为 0"
SAME_UNITS = frozenset({"人", "名"})
PLACES = 1
MOST_PLACES = 6


@dataclass(frozen=True)
class PastForm:
    """The frozen figures of one form of last year."""

    spec: FormSpec
    values: Mapping[str, Value]


Past = Mapping[str, PastForm]
"""Last year's forms of a union by form id."""


@dataclass(frozen=True)
class Partner:
    """Last year's figure that a blank is compared with, or the words why there is none."""

    item: Item | None = None
    value: Value | None = None
    words: str = ""


@dataclass(frozen=True)
class YearChange:
    """What the margin says of last year: its figure, the change, and whether the change asks for an explanation."""

    before: str = ""
    change: str = ""
    words: str = ""
    too_much: bool = False


def partner(spec: FormSpec, code: str, past: Past) -> Partner | None:
    """The figure of last year for a code of this form or `form-id:CODE`; nothing when last year holds no filing."""
    if not past:
        return None
    form, old = _named(spec, code, past)
    found = past.get(form)
    if found is None:
        mapped = ":" in code or (code in spec.by_code and spec.item(code).last_year)
        return Partner(words=NO_FILING if mapped else NO_ITEM)
    if old not in found.spec.by_code:
        return Partner(words=NO_ITEM)
    item = found.spec.item(old)
    if code in spec.by_code and not comparable(spec.item(code), item):
        return Partner(words=UNLIKE)
    return Partner(item, found.values.get(old, Value.empty()))


def _named(spec: FormSpec, code: str, past: Past) -> tuple[str, str]:
    """Form and code of the partner; where last year holds no filing of the form named, the same code of this form."""
    if ":" in code:
        form, _, old = code.partition(":")
        return form, old
    form, old = spec.partner(code)
    return (form, old) if form in past or spec.id not in past else (spec.id, code)


def comparable(item: Item, old: Item) -> bool:
    """Whether two blanks measure the same: one kind, and one unit (money may change between 元 and 万元)."""
    if item.kind != old.kind:
        return False
    return item.kind != "number" or item.unit == old.unit or {item.unit, old.unit} <= SAME_UNITS


def taken_over(item: Item, old: Item, value: Value) -> Value:
    """The other blank's value in the base units of this one; money is in 分 on both sides."""
    if value.number is None or item.kind == "money":
        return value
    return Value.of(whole(in_unit(old, value.number) * base_units(item)))


def year_changes(spec: FormSpec, values: Mapping[str, Value], past: Past) -> dict[str, YearChange]:
    """The margin's words per blank; nothing when last year holds no filing."""
    if not past:
        return {}
    printed = {form: shown_texts(known.spec, _full(known)) for form, known in past.items()}
    found = {}
    for item in spec.items:
        before = partner(spec, item.code, past)
        if before is None or before.item is None or before.value is None:
            found[item.code] = YearChange(words=before.words if before else "")
            continue
        form, old = _named(spec, item.code, past)
        same = before.item.unit == item.unit
        text = printed[form][old] if same else shown(item, taken_over(item, before.item, before.value))
        found[item.code] = _change(item, values[item.code], before.item, before.value, text)
    return found


def _full(known: PastForm) -> dict[str, Value]:
    return {code: known.values.get(code, Value.empty()) for code in known.spec.codes}


def _change(item: Item, value: Value, old: Item, before: Value, text: str) -> YearChange:
    if not item.is_numeric or value.number is None or before.number is None:
        return YearChange(text or NOTHING, NOTHING if item.is_numeric else "")
    share = change(in_unit(item, value.number), in_unit(old, before.number) * _scale(old, item))
    if share is None:
        return YearChange(text, NOTHING if value.number == 0 else ZERO_BEFORE, too_much=_beyond(item, value, None))
    return YearChange(text, signed_percent(share), too_much=_beyond(item, value, share))


def _scale(old: Item, item: Item) -> Fraction:
    """How many units of the new blank one unit of the old one is: 元 to 万元."""
    return Fraction(base_units(old), base_units(item)) if item.kind == "money" else Fraction(1)


def change(now: Fraction, before: Fraction) -> Fraction | None:
    """The change in per cent, exact; nothing where last year was zero.

    >>> change(Fraction(402), Fraction(216)), change(Fraction(3), Fraction(0))
    (Fraction(775, 9), None)
    """
    return None if before == 0 else (now - before) * 100 / abs(before)


def percent(share: Fraction, places: int = PLACES) -> Decimal:
    """The share with its places, rounded half up away from zero."""
    return Decimal(whole(share * 10**places)).scaleb(-places)


def signed_percent(share: Fraction) -> str:
    """The change as the margin shows it.

    >>> signed_percent(Fraction(775, 9)), signed_percent(Fraction(-52, 5)), signed_percent(Fraction(0))
    ('+86.1%', '−10.4%', '0.0%')
    """
    number = percent(share)
    sign = "+" if number > 0 else "−" if number < 0 else ""
    return f"{sign}{money.grouped(abs(number), PLACES)}%"


def _beyond(item: Item, value: Value, share: Fraction | None) -> bool:
    if item.change_limit is None or value.number is None:
        return False
    return value.number != 0 if share is None else abs(share) > Fraction(item.change_limit)


def too_much_changed(spec: FormSpec, values: Mapping[str, Value], past: Past) -> Iterator[tuple[str, str]]:
    """(code, sentence) for every blank that changed by more than its limit against last year."""
    for item in spec.items:
        if item.change_limit is None or not past:
            continue
        before, value = partner(spec, item.code, past), values[item.code]
        if before is None or before.item is None or before.value is None:
            continue
        if value.number is None or before.value.number is None:
            continue
        old = in_unit(before.item, before.value.number) * _scale(before.item, item)
        share = change(in_unit(item, value.number), old)
        if _beyond(item, value, share):
            past_text = shown(item, taken_over(item, before.item, before.value))
            yield item.code, _too_much(item, share, past_text, shown(item, value))


def _too_much(item: Item, share: Fraction | None, before: str, now: str) -> str:
    limit = f"{item.change_limit:f}%"
    if share is None:
        return f"{item.code} 上年为 0，今年 {now} {item.unit}，变动超过 {limit}。请核实，或写明原因。"
    way = "增长" if share > 0 else "减少"
    return (
        f"{item.code} 比上年{way} {_apart_from(abs(share), item.change_limit)}%"
        f"（{before} → {now} {item.unit}），超过 {limit}。请核实，或写明原因。"
    )


def _apart_from(share: Fraction, limit: Decimal | None) -> str:
    """The share with as many places as it needs to be seen above the limit."""
    for places in range(PLACES, MOST_PLACES):
        number = percent(share, places)
        if number != limit:
            return money.grouped(number, places)
    return money.grouped(percent(share, MOST_PLACES), MOST_PLACES)


def signed(item: Item, number: int) -> str:
    """A change in the printed unit with its sign; nothing for no change."""
    if not number:
        return ""
    printed = printed_number(item, Value.of(abs(number)))
    return f"{'+' if number > 0 else '−'}{money.grouped(printed or 0)}"


def gap_to_records(item: Item, value: Value, record: Value | None) -> str:
    """How far a figure lies from the records, with its sign; 0 when it does not, nothing when one of them is missing."""
    if record is None or record.number is None or not item.is_numeric:
        return ""
    if value.is_na and record.number == 0:
        return "0"
    return "" if value.number is None else signed(item, value.number - record.number) or "0"
