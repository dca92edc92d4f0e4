"""The migrated, still empty database that every run starts from: migrated once for a set of migrations, then copied.

To migrate takes half a minute of a processor, to copy a second. The copies lie in var/tests and go by a digest of
everything that a migration is made of; Django still looks whether any migration is missing and applies it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).parent.parent.parent
KEPT = ROOT / "var" / "tests"
MADE_OF = (
    "*/migrations/*.py",
    "relief/lib/money.py",
    "relief/lib/crypto/*.py",
    "unions/triggers.py",
    "requirements-dev.lock",
)


def digest() -> str:
    """A fingerprint of the migrations and of what they are written with."""
    found = hashlib.sha256()
    for pattern in MADE_OF:
        for path in sorted(ROOT.glob(pattern)):
            found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


@contextmanager
def copied() -> Iterator[bool]:
    """Put the copy where the test database will be, if there is one, and say whether; afterwards keep one for the next.

    Runs and workers that start together wait for the first of them.
    """
    copy = _copy()
    if copy is None:
        yield False
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{copy.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = copy.exists()
        if found:
            fcntl.flock(lock, fcntl.LOCK_UN)
            _put(copy)
        yield found
        if not found:
            _keep(copy)


def _copy() -> Path | None:
    """The file of the copy; None for a PostgreSQL that the run has not started itself."""
    if connection.vendor == "sqlite":
        return KEPT / f"sqlite-{digest()}"
    if not _programs():
        return None
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = cursor.fetchone()[0]
    return KEPT / f"postgresql{version}-{digest()}"


def _put(copy: Path) -> None:
    name = connection.creation._get_test_db_name()
    if connection.vendor == "sqlite":
        shutil.copyfile(copy, name)
        return
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")
        cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
    _run("psql", name, "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-f", str(copy))


def _keep(copy: Path) -> None:
    """Copy what was migrated, in one step for others; copies of earlier migrations go."""
    fresh = copy.with_name(f"{copy.name}.new")
    if connection.vendor == "sqlite":
        fresh.unlink(missing_ok=True)
        connection.ensure_connection()
        target = sqlite3.connect(fresh)
        connection.connection.backup(target)
        target.close()
    else:
        name = connection.settings_dict["NAME"]
        _run("pg_dump", name, "--no-owner", "--no-privileges", "-f", str(fresh))
    for old in KEPT.glob(f"{copy.name.partition('-')[0]}-*"):
        if not old.name.startswith(copy.name):
            old.unlink(missing_ok=True)
    fresh.replace(copy)


def _programs() -> str:
    """The folder of psql and pg_dump, told by the controller that started the server."""
    return os.environ.get("RELIEF_TEST_PROGRAMS", "")


def _run(program: str, database: str, *arguments: str) -> None:
    settings = connection.settings_dict
    where = ["-h", settings["HOST"], "-U", settings["USER"], "-d", database]
    command = [str(Path(_programs(), program)), *where, *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
