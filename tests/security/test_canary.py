"""No value leaves its fence (NI1): marker strings of a household, searched where it lies; the pages are searched by the crawl of tests/guards."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from django.db import connection

from tests.beneficiaries import households
from tests.guards import crawl, world
from tests.security.markers import CLEAR_AT_THE_MILL, found_in
from unions.models import AuditEvent


@pytest.fixture
def here(cast):
    return world.build(cast)


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
