"""Marker strings of a household, and the search for them in everything that anybody is given (NI1)."""

from __future__ import annotations

import io
import re
import zipfile

from tests.beneficiaries import households
from tests.guards import world, world_batches
from tests.guards.access_table import Row

MARKERS = {
    "ID number": households.HOLDER_ID,
    "ID number of the wife": households.WIFE_ID,
    "name of the wife": households.WIFE,
    "name of the child": households.CHILD,
    "phone": households.PHONE,
    "address": households.ADDRESS,
    "card": households.CARD,
    "bank": households.BANK,
    "health": households.HEALTH,
    "other contact": households.OTHER_CONTACT,
    "note of the cause": households.CAUSE_NOTE,
    "place of the wife": households.PLACE,
    "ID number of a recipient": world.RECIPIENT_ID,
    "card of a recipient": world.CARD,
    "ID number of a proxy": world_batches.PROXY_ID,
}
# Masked on pages of the union that keeps the file: never whole, whoever looks.
NEVER_WHOLE = (
    "ID number",
    "ID number of the wife",
    "card",
    "phone",
    "ID number of a recipient",
    "card of a recipient",
    "ID number of a proxy",
)
MILL = {"clerk", "reviewer", "approver", "cashier"}
CLEAR_AT_THE_MILL = "唐志远"
"""The householder's name: class L3, shown to the union that keeps the file and to nobody else."""


UNCHOSEN = re.compile(r'<option value="[^"]*">[^<]*</option>')


def text_of(response) -> str:
    """Everything an answer says: body, headers, and what lies inside a workbook."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    # The words of a closed list that nobody chose say nothing about anybody.
    page = UNCHOSEN.sub("", body.decode("utf-8", "ignore"))
    said = [page, *(f"{name}: {value}" for name, value in response.items())]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            said += [archive.read(name).decode("utf-8", "ignore") for name in archive.namelist()]
    return "\n".join(said)


def found_in(text: str, names=tuple(MARKERS)) -> list[str]:
    return [name for name in names if MARKERS[name] in text]


def told_too_much(name: str, row: Row, response) -> list[str]:
    """What this answer says that this person may not read: outside the fence nothing, inside never a whole number.

    Judged where the whole table is walked anyway: `tests/guards/test_access.py`.
    """
    said = text_of(response)
    if name in MILL:
        return [f"{name} {row.name}: {what}" for what in found_in(said, NEVER_WHOLE)] if row_was_read(response) else []
    leaks = [f"{name} {row.name}: {what}" for what in found_in(said)]
    if CLEAR_AT_THE_MILL in said:
        leaks.append(f"{name} {row.name}: name of the householder")
    return leaks


def row_was_read(response) -> bool:
    """Whether a plain GET gave the answer; what a form posted by the union itself may repeat is its own text."""
    return response.wsgi_request.method == "GET"
