"""How a world file tells days and instants: dates, instants with offset, and values relative to the loading."""

import re
from datetime import date, datetime, timedelta

from relief.lib.clock import SHANGHAI, day_of, end_of_day, start_of_day

_RELATIVE = re.compile(r"([+-])(\d{1,7})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_day(text: str) -> date:
    """A day written `2024-01-16`; `ValueError` with a sentence otherwise.

    >>> read_day("2024-01-16")
    datetime.date(2024, 1, 16)
    """
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        raise ValueError("日期要写成 2024-01-16 这样。")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"没有 {text} 这一天。") from None


def read_instant(text: str, now: datetime) -> datetime:
    """An instant: ISO with offset, or relative to `now` (`-3h`, `+60s`, `-5d`); a bare day is its beginning.

    >>> from datetime import UTC
    >>> now = datetime(2024, 2, 20, 2, 0, tzinfo=UTC)
    >>> read_instant("-3h", now).isoformat(), read_instant("2024-02-20T09:42:00+08:00", now).isoformat()
    ('2024-02-19T23:00:00+00:00', '2024-02-20T09:42:00+08:00')
    """
    moved = _relative(text)
    if moved is not None:
        return now + moved
    if isinstance(text, str) and _DAY.fullmatch(text):
        return start_of_day(read_day(text))
    return _absolute(text)


def read_deadline(text: str, now: datetime) -> datetime:
    """A last instant: as `read_instant`, but a bare day and a relative value of whole days mean the end of that day.

    >>> from datetime import UTC
    >>> now = datetime(2024, 2, 20, 2, 0, tzinfo=UTC)
    >>> read_deadline("+2d", now).isoformat(), read_deadline("2024-02-24", now).isoformat()
    ('2024-02-22T16:00:00+00:00', '2024-02-24T16:00:00+00:00')
    >>> read_deadline("+60s", now).isoformat()
    '2024-02-20T02:01:00+00:00'
    """
    moved = _relative(text)
    if moved is not None:
        return end_of_day(day_of(now + moved)) if text.endswith("d") else now + moved
    if isinstance(text, str) and _DAY.fullmatch(text):
        return end_of_day(read_day(text))
    return _absolute(text)


def at_hour(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of day in China."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def _relative(text: object) -> timedelta | None:
    match = _RELATIVE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    sign, count, unit = match.groups()
    moved = timedelta(**{_UNITS[unit]: int(count)})
    if abs(moved) > timedelta(days=36500):
        raise ValueError("相对时间太远，最多 36500 天。")
    return -moved if sign == "-" else moved


def _absolute(text: object) -> datetime:
    sentence = "时刻要写成 2024-02-20T09:42:00+08:00（带时区），或相对载入时刻：+60s、-3h、+5d。"
    if not isinstance(text, str):
        raise ValueError(sentence)
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(sentence) from None
    if told.tzinfo is None:
        raise ValueError(sentence)
    return told
