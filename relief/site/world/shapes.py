"""Small checkers from which the schema of the world file is built: each yields every fault with its JSON path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from relief.lib import idnumber
from relief.lib.money import parse_amount
from relief.site.world.instants import read_day, read_deadline, read_instant


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a world file: where, and a sentence."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


Shape = Callable[[Any, str], Iterator[Fault]]
# Only whether the text can be read counts here; relative values are resolved when the file is loaded.
_ANY_NOW = datetime(2024, 1, 1, tzinfo=UTC)


def text(most: int, *, blank: bool = False) -> Shape:
    """A text of at most so many characters."""

    def check(value: Any, path: str) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault(path, "应当是文字。")
        elif not blank and not value.strip():
            yield Fault(path, "不能为空。")
        elif len(value) > most:
            yield Fault(path, f"最多 {most} 个字，现在 {len(value)} 个。")
        elif "\x00" in value:
            yield Fault(path, "含有不可用的控制字符。")

    return check


def one_of(words: Any) -> Shape:
    """One word of a code list."""
    allowed = [str(word) for word in words]

    def check(value: Any, path: str) -> Iterator[Fault]:
        if value not in allowed:
            yield Fault(path, f"不认识“{str(value)[:40]}”，可用：{'、'.join(allowed)}。")

    return check


def whole(least: int = 0, most: int = 10**9) -> Shape:
    """A whole number between two limits."""

    def check(value: Any, path: str) -> Iterator[Fault]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield Fault(path, "应当是整数。")
        elif not least <= value <= most:
            yield Fault(path, f"应当在 {least} 到 {most} 之间。")

    return check


def flag(value: Any, path: str) -> Iterator[Fault]:
    """True or false."""
    if not isinstance(value, bool):
        yield Fault(path, "应当是 true 或 false。")


def money(*, least: Decimal = Decimal("0.01"), signed: bool = False) -> Shape:
    """Yuan as a text, `"1200.00"`."""

    def check(value: Any, path: str) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault(path, '金额要写成文字，单位是元，例如 "1200.00"。')
            return
        try:
            amount = parse_amount(value)
        except ValueError as fault:
            yield Fault(path, str(fault))
            return
        if not signed and amount < least:
            yield Fault(path, f"金额不能小于 {least} 元。")

    return check


def _readable(read: Callable[..., Any], *more: Any) -> Shape:
    def check(value: Any, path: str) -> Iterator[Fault]:
        try:
            read(value, *more)
        except ValueError as fault:
            yield Fault(path, str(fault))

    return check


day = _readable(read_day)
instant = _readable(read_instant, _ANY_NOW)
deadline = _readable(read_deadline, _ANY_NOW)


def id_number(*, blank: bool = False) -> Shape:
    """A valid identity number; the sentence never repeats it."""

    def check(value: Any, path: str) -> Iterator[Fault]:
        if blank and value == "":
            return
        wrong = idnumber.fault(value) if isinstance(value, str) else "应当是文字。"
        if wrong:
            yield Fault(path, wrong)

    return check


def maybe(shape: Shape) -> Shape:
    """The shape, or null."""

    def check(value: Any, path: str) -> Iterator[Fault]:
        if value is not None:
            yield from shape(value, path)

    return check


def list_of(shape: Shape, *, least: int = 0) -> Shape:
    """A list whose entries all have the shape."""

    def check(value: Any, path: str) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield Fault(path, "应当是列表。")
            return
        if len(value) < least:
            yield Fault(path, f"至少要有 {least} 项。")
        for place, entry in enumerate(value):
            yield from shape(entry, f"{path}[{place}]")

    return check


def map_of(key: Shape, value_shape: Shape) -> Shape:
    """An object whose keys and values have these shapes."""

    def check(value: Any, path: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(path, "应当是对象 {…}。")
            return
        for name, entry in value.items():
            yield from key(name, f"{path}.{name}")
            yield from value_shape(entry, f"{path}.{name}")

    return check


def period(value: Any, path: str) -> Iterator[Fault]:
    """Two days in order."""
    if not isinstance(value, list) or len(value) != 2:
        yield Fault(path, '期间要写成 ["2023-12-28", "2024-02-24"]。')
        return
    faults = [fault for place, entry in enumerate(value) for fault in day(entry, f"{path}[{place}]")]
    yield from faults
    if not faults and value[1] < value[0]:
        yield Fault(path, "期间的结束日早于开始日。")


@dataclass(frozen=True)
class Record:
    """An object with named entries; unknown and missing ones are faults."""

    required: Mapping[str, Shape]
    optional: Mapping[str, Shape] = field(default_factory=dict)

    def __call__(self, value: Any, path: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(path, "应当是对象 {…}。")
            return
        for name in self.required:
            if name not in value:
                yield Fault(f"{path}.{name}", "缺少这一项。")
        for name, entry in value.items():
            shape = self.required.get(name) or self.optional.get(name)
            if shape is None:
                yield Fault(f"{path}.{name}", "不认识这一项。")
            else:
                yield from shape(entry, f"{path}.{name}")
