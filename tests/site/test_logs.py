"""R-39: a log line has the request id and neither the text of an exception nor a forged line."""

import logging
import sys
from types import SimpleNamespace

from relief.logs import PrivateFormatter

FORMATTER = PrivateFormatter("{levelname} {name} [{request_id}] {message}", style="{")


def line(message: str, *args: object, **attributes: object) -> str:
    record = logging.LogRecord("relief", logging.WARNING, __file__, 1, message, args, attributes.pop("exc_info", None))
    record.__dict__.update(attributes)
    return FORMATTER.format(record)


def test_a_line_names_its_request():
    assert (
        line("Not Found: %s", "/x/", request=SimpleNamespace(request_id="r-1")) == "WARNING relief [r-1] Not Found: /x/"
    )


def test_a_line_outside_a_request_says_so():
    assert line("started") == "WARNING relief [-] started"


def test_a_forged_line_stays_part_of_the_first():
    forged = line("Not Found: %s", "/a\nCRITICAL root [-] all is lost\r\x1b[2J")

    assert [text[:4] for text in forged.split("\n")] == ["WARN", "    "]
    assert forged.endswith("all is lost\\x0d\\x1b[2J")


def test_an_exception_shows_its_kind_and_place_but_not_its_text():
    try:
        raise ValueError("Key (name)=(王某某) already exists")
    except ValueError:
        shown = line("failed", exc_info=sys.exc_info())

    first, kind, place = shown.split("\n")
    assert (first, kind) == ("WARNING relief [-] failed", "    builtins.ValueError")
    assert place.endswith("test_an_exception_shows_its_kind_and_place_but_not_its_text")
    assert "王某某" not in shown
