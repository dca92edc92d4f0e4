"""DATABASE_URL, and the options that keep what was acknowledged."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from relief.settings.database import from_url

FILE = Path("/somewhere/relief.sqlite3")


def test_without_an_address_it_is_sqlite_in_the_given_file():
    chosen = from_url("", FILE)

    assert (chosen["ENGINE"], chosen["NAME"]) == ("django.db.backends.sqlite3", str(FILE))
    assert chosen["OPTIONS"] == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON",
    }


@pytest.mark.parametrize(
    ("url", "name"), [("sqlite:////data/a%20b.sqlite3", "/data/a b.sqlite3"), ("sqlite:///a.sqlite3", "a.sqlite3")]
)
def test_a_sqlite_address_names_a_file(url, name):
    assert from_url(url, FILE)["NAME"] == name


def test_a_postgresql_address_is_taken_apart():
    chosen = from_url("postgresql://relief:p%40ss%2Fword@db.example:5433/relief?sslmode=verify-full", FILE)

    parts = [chosen[part] for part in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")]
    assert parts == ["django.db.backends.postgresql", "relief", "relief", "p@ss/word", "db.example", "5433"]
    assert chosen["OPTIONS"] == {
        "options": "-c lock_timeout=3000 -c statement_timeout=60000 -c jit=off -c work_mem=32MB",
        "sslmode": "verify-full",
    }
    assert (chosen["CONN_HEALTH_CHECKS"], chosen["ATOMIC_REQUESTS"]) == (True, False)


def test_a_postgresql_address_may_name_a_socket():
    chosen = from_url("postgres:///relief?host=/run/postgresql", FILE)

    assert (chosen["HOST"], chosen["PORT"], chosen["NAME"]) == ("/run/postgresql", "", "relief")


@pytest.mark.parametrize("url", ["mysql://u:secret@h/n", "postgresql://u:secret@h", "postgresql://", "sqlite://", "x"])
def test_another_address_is_refused_without_quoting_its_password(url):
    with pytest.raises(ImproperlyConfigured) as caught:
        from_url(url, FILE)

    assert str(caught.value) == (
        "DATABASE_URL must look like postgresql://user:password@host:5432/name or sqlite:///file."
    )


@pytest.mark.django_db
def test_the_connection_runs_with_the_options_we_rely_on():
    # synchronous 2 is FULL: NORMAL loses acknowledged writes at a power cut (NL1).
    asked = {
        "sqlite": {"PRAGMA journal_mode": "wal", "PRAGMA synchronous": 2, "PRAGMA foreign_keys": 1},
        "postgresql": {"SHOW lock_timeout": "3s", "SHOW statement_timeout": "1min", "SHOW TimeZone": "UTC"},
    }[connection.vendor]

    with connection.cursor() as cursor:
        found = {question: cursor.execute(question).fetchone()[0] for question in asked}

    assert found == asked
