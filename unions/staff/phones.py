"""The office telephone of a member of staff or a union: what may stand there, for pages and for files alike."""

from __future__ import annotations

import re
import unicodedata

from relief.lib.tables import Unreadable, readers
from relief.lib.xlsx import Cell

RULE = "区号和号码，例如 0900-6611000；有分机的写在后面：0900-6611000-802。"
SAYS = "办公电话应是 7 至 20 位数字，可以带区号、横线和括号。"
_SIGNS = re.compile(r"[0-9+\-() ]{7,32}")


def office_phone(text: str) -> str | None:
    """The number with plain digits and signs, empty where none is given; None when it is no telephone number.

    >>> office_phone("（0900）6611000"), office_phone(" "), office_phone("问办公室")
    ('(0900)6611000', '', None)
    """
    plain = re.sub("[‐-―－—]", "-", unicodedata.normalize("NFKC", text)).strip()
    digits = sum(sign.isdigit() for sign in plain)
    return plain if not plain or (_SIGNS.fullmatch(plain) and 7 <= digits <= 20) else None


def read_office_phone(cell: Cell) -> str:
    """Reads the column of a list."""
    found = office_phone(readers.text(32)(cell))
    if found is None:
        raise Unreadable(SAYS, f"写{RULE[:-1]}")
    return found
