"""Log lines that carry the request id and no personal data (R-39)."""

import logging
import traceback
from types import TracebackType
from typing import Any


class PrivateFormatter(logging.Formatter):
    """One line per event; an exception shows its type and place, not its text.

    The text of an exception is left out because database errors quote the row that broke the rule.
    """

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = _request_id(record)
        message = super().format(record)
        head, *frames = message.split("\n")
        return "\n".join([_escaped(head), *(f"    {_escaped(line)}" for line in frames)])

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, _, trace = ei
        if kind is None:
            return ""
        frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace, limit=-12)]
        return "\n".join([f"{kind.__module__}.{kind.__qualname__}", *frames])


def _request_id(record: logging.LogRecord) -> str:
    request: Any = getattr(record, "request", None)
    return getattr(request, "request_id", None) or "-"


def _escaped(text: str) -> str:
    """The text with control characters spelled out, so that nobody can forge a log line.

    >>> _escaped("a\\rb\\x1b")
    'a\\\\x0db\\\\x1b'
    """
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
