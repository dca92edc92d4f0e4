"""No value leaves its fence (NI1): marker strings of a household, searched in everything that anybody is given."""

from __future__ import annotations

import io
import json
import logging
import re
import zipfile
from pathlib import Path

import pytest
from django.db import connection

from tests.beneficiaries import households
from tests.guards import crawl, world
from tests.guards.access_table import PEOPLE, ROWS
from unions.models import AuditEvent

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
    "ID number of a recipient": world.RECIPIENT_ID,
    "card of a recipient": world.CARD,
}
# Masked on pages of the union that keeps the file: never whole, whoever looks.
NEVER_WHOLE = ("ID number", "ID number of the wife", "card", "phone", "ID number of a recipient", "card of a recipient")
MILL = {"clerk", "reviewer", "approver", "cashier"}
CLEAR_AT_THE_MILL = "唐志远"
"""The householder's name: class L3, shown to the union that keeps the file and to nobody else."""


UNCHOSEN = re.compile(r'<option value="[^"]*">[^<]*</option>')


def text_of(response) -> str:
    """Everything an answer says: body, headers, and what lies inside a workbook."""
    body = response.content
    # The words of a closed list that nobody chose say nothing about anybody.
    page = UNCHOSEN.sub("", body.decode("utf-8", "ignore"))
    said = [page, *(f"{name}: {value}" for name, value in response.items())]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            said += [archive.read(name).decode("utf-8", "ignore") for name in archive.namelist()]
    return "\n".join(said)


def found_in(text: str, names=tuple(MARKERS)) -> list[str]:
    return [name for name in names if MARKERS[name] in text]


@pytest.fixture
def here(cast):
    return world.build(cast)


def test_nobody_outside_the_fence_is_given_anything(here, cast):
    """Each page × each role that may not see the household: body, headers, redirects, errors, exports."""
    leaks = []
    for name in sorted({"anonymous", *PEOPLE} - MILL):
        client = crawl.client_of(cast, name)
        for row in ROWS:
            answers = [client.get(crawl.url_of(here, row))] if crawl.walks(row, name) else []
            if "POST" in row.methods.split() and name not in row.may.split():
                answers.append(client.post(crawl.url_of(here, row)))
            for answer in answers:
                said = text_of(answer)
                leaks += [f"{name} {row.name}: {what}" for what in found_in(said)]
                if CLEAR_AT_THE_MILL in said:
                    leaks.append(f"{name} {row.name}: name of the householder")
    assert "\n".join(leaks) == ""


def test_inside_the_fence_numbers_stay_masked(here, cast):
    """Pages opened by a plain GET never show a whole number, not even to the union that keeps the file."""
    leaks = []
    for name in sorted(MILL):
        client = crawl.client_of(cast, name)
        for row in ROWS:
            if crawl.walks(row, name):
                said = text_of(client.get(crawl.url_of(here, row)))
                leaks += [f"{name} {row.name}: {what}" for what in found_in(said, NEVER_WHOLE)]
    assert "\n".join(leaks) == ""


def test_the_search_finds_what_is_there():
    assert found_in(f"身份证 {households.HOLDER_ID}") == ["ID number"]


def test_nothing_of_l4_lies_in_the_database_in_the_clear(here):
    """A raw dump, past every field class of ours: what a thief of the disk reads (R-21)."""
    lying = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = "\n".join(json.dumps([str(value) for value in row], ensure_ascii=False) for row in cursor.fetchall())
            lying += [f"{table}: {what}" for what in found_in(rows)]
    assert lying == []


def test_nothing_personal_is_in_the_audit(here):
    rows = "\n".join(str(row) for row in AuditEvent.objects.values())
    assert found_in(rows) == []
    assert CLEAR_AT_THE_MILL not in rows


def test_nothing_personal_is_in_the_log(here, cast, caplog):
    """Refused, broken and bad requests with personal data in the form and in the address (R-39)."""
    caplog.set_level(logging.DEBUG)
    client = crawl.client_of(cast, "clerk")
    client.post(
        "/dossiers/new/", {"name": CLEAR_AT_THE_MILL, "id_number": households.HOLDER_ID, "phone": households.PHONE}
    )
    client.post("/dossiers/search/", {"q": households.HOLDER_ID, "query": households.HOLDER_ID})
    client.post("/payouts/new/", {"id_number": world.RECIPIENT_ID, "card_number": world.CARD})
    client.get(f"/dossiers/999/?q={households.HOLDER_ID}")
    lines = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert found_in(lines) == []


def test_files_on_disk_are_sealed(here, settings):
    """Attachments lie encrypted under random names (R-19)."""
    files = [path for path in Path(settings.RELIEF_FILES_DIR).rglob("*") if path.is_file()]
    assert len(files) >= 4
    assert [path.name for path in files if path.read_bytes().startswith(b"%PDF") or "paper" in path.name] == []
    assert {path.stat().st_mode & 0o077 for path in files} == {0}
