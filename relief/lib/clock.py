"""One clock for the whole application, and the words in which it is told.

Deadlines are instants (UTC). "2 月 22 日前" means before 2 月 23 日 00:00 in Asia/Shanghai, and is said as
"2月22日24:00". Whether someone was in time is decided by the clock of the database, because web servers disagree.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connections

SHANGHAI = ZoneInfo("Asia/Shanghai")
# "has always been there": the default of a start that nobody wrote down
FIRST_DAY = date(1900, 1, 1)
WEEKDAYS = "一二三四五六日"

_pinned: ContextVar[datetime | None] = ContextVar("relief_pinned_instant", default=None)


def db_now(using: str = "default") -> datetime:
    """The instant now by the clock of the database, aware, in UTC (one query).

    On PostgreSQL the clock runs on inside a transaction; SQLite tells milliseconds.
    """
    pinned = _pinned.get()
    if pinned is not None:
        return pinned
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            told = cursor.fetchone()[0].astimezone(UTC)
        else:
            cursor.execute("SELECT STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')")
            told = datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)
    return told + _offset()


def today(now: datetime | None = None) -> date:
    """The calendar day in China at `now` (default: the clock of the database)."""
    return day_of(db_now() if now is None else now)


def day_of(instant: datetime) -> date:
    """The calendar day in China on which an instant lies.

    >>> day_of(datetime(2024, 2, 22, 16, 0, tzinfo=UTC))
    datetime.date(2024, 2, 23)
    """
    return instant.astimezone(SHANGHAI).date()


@contextmanager
def as_of(instant: datetime) -> Iterator[datetime]:
    """While the block runs, `db_now()` tells this instant. For the world loader and for tests only."""
    if instant.tzinfo is None:
        raise ValueError("as_of() needs an aware datetime")
    token = _pinned.set(instant.astimezone(UTC))
    try:
        yield instant
    finally:
        _pinned.reset(token)


def start_of_day(day: date) -> datetime:
    """The instant at which a day begins in China.

    >>> start_of_day(date(2024, 2, 22)).isoformat()
    '2024-02-21T16:00:00+00:00'
    """
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The first instant that is no longer that day in China: what "D 日前" is compared with by `<`.

    >>> end_of_day(date(2024, 2, 22)).isoformat()
    '2024-02-22T16:00:00+00:00'
    """
    return start_of_day(day + timedelta(days=1))


def say_instant(instant: datetime, now: datetime | None = None) -> str:
    """An instant as people in China say it; midnight belongs to the day that ends with it.

    The year is said only when it is not the year of `now` (default: this machine's clock, no query).

    >>> now = datetime(2024, 2, 1, tzinfo=UTC)
    >>> say_instant(end_of_day(date(2024, 2, 22)), now)
    '2月22日（星期四）24:00'
    >>> say_instant(datetime(2024, 2, 22, 1, 5, tzinfo=UTC), now)
    '2月22日（星期四）09:05'
    >>> say_instant(end_of_day(date(2024, 12, 31)), now)
    '12月31日（星期二）24:00'
    >>> say_instant(end_of_day(date(2025, 1, 3)), now)
    '2025年1月3日（星期五）24:00'
    """
    local = instant.astimezone(SHANGHAI)
    day, hour = local.date(), f"{local:%H:%M}"
    if (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0):
        day, hour = day - timedelta(days=1), "24:00"
    year = "" if day.year == day_of(now or _machine_now()).year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日（星期{WEEKDAYS[day.weekday()]}）{hour}"


def say_remaining(instant: datetime, now: datetime) -> str:
    """How long it is until an instant, or since, in words.

    >>> now = datetime(2024, 2, 20, 2, 0, tzinfo=UTC)
    >>> say_remaining(end_of_day(date(2024, 2, 22)), now)
    '还有 2 天 14 小时'
    >>> say_remaining(now + timedelta(days=2), now)
    '还有 2 天'
    >>> say_remaining(now + timedelta(hours=3, minutes=20), now)
    '还有 3 小时 20 分钟'
    >>> say_remaining(now + timedelta(seconds=59), now)
    '还有不到 1 分钟'
    >>> say_remaining(now - timedelta(days=3, hours=5), now)
    '已过 3 天'
    >>> say_remaining(now - timedelta(minutes=90), now)
    '已过 1 小时'
    >>> say_remaining(now, now)
    '刚刚到时'
    """
    minutes, seconds = divmod(abs(int((instant - now).total_seconds())), 60)
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(days, "天"), (hours, "小时"), (minutes, "分钟")]
    first = next((place for place, (count, _) in enumerate(parts) if count), None)
    if first is None:
        return "还有不到 1 分钟" if instant > now else "刚刚到时"
    said = [f"{count} {unit}" for count, unit in parts[first : first + 2] if count]
    return f"还有 {' '.join(said)}" if instant > now else f"已过 {said[0]}"


def _machine_now() -> datetime:
    return _pinned.get() or datetime.now(UTC) + _offset()


def _offset() -> timedelta:
    # for tests and demo; the production settings refuse it
    offset = getattr(settings, "RELIEF_CLOCK_OFFSET", 0)
    return offset if isinstance(offset, timedelta) else timedelta(seconds=offset)
