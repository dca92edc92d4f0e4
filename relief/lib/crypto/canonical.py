"""One text for one value, the same today and in ten years: what digests and MACs are made over."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID


def canonical_json(value) -> str:
    """The value as JSON with sorted keys, no spaces, nothing escaped that need not be.

    Decimals are text without trailing zeros, days ISO, instants UTC with microseconds. Floats, naive instants, bytes
    and sets are refused (`TypeError`, `ValueError`): they have no one text.

    >>> canonical_json({"b": Decimal("5.00"), "a": ["元", None, date(2024, 2, 22)]})
    '{"a":["元",null,"2024-02-22"],"b":"5"}'
    >>> canonical_json(datetime(2024, 2, 22, 16, 0, tzinfo=UTC))
    '"2024-02-22T16:00:00.000000+00:00"'
    """
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


_BARE = frozenset((str, int, bool, type(None)))


def _plain(value):
    # most values of a long list are these; a subclass, such as a member of a code list, takes the long way
    if type(value) in _BARE:
        return value
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, dict):
        if not all(isinstance(name, str) for name in value):
            raise TypeError("canonical JSON needs text as keys")
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return _atom(value)


def _atom(value) -> str:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("canonical JSON has no place for NaN and infinity")
        # 5.00 and 5 are one amount, whether it was just typed or loaded
        text = f"{value:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text == "-0" else text
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("canonical JSON needs aware instants")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"canonical JSON has no one text for {type(value).__name__}")
