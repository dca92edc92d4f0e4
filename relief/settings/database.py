"""The DATABASES entry for a DATABASE_URL, with the options both engines need."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# IMMEDIATE: a read-then-write transaction takes the write lock at once instead of failing in the middle (T8).
# FULL: NORMAL is faster but loses acknowledged writes at a power cut (NL1).
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON",
}
POSTGRESQL_LIMITS = "-c lock_timeout=3000 -c statement_timeout=60000 -c jit=off -c work_mem=32MB"


def from_url(url: str, sqlite_file: Path) -> dict[str, Any]:
    """The settings for `postgresql://user:password@host:port/name` or `sqlite:///file`; empty: `sqlite_file`.

    A PostgreSQL address may carry libpq options, for example `postgresql:///relief?host=/run/postgresql`.
    """
    if not url:
        return _sqlite(sqlite_file)
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
        return _sqlite(Path(unquote(parts.path[1:])))
    if parts.scheme in {"postgres", "postgresql"} and len(parts.path) > 1:
        return _postgresql(url)
    # The address may hold a password: it is never quoted.
    raise ImproperlyConfigured(
        "DATABASE_URL must look like postgresql://user:password@host:5432/name or sqlite:///file."
    )


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": dict(SQLITE_OPTIONS),
        # Every page view would take the write lock (T8).
        "ATOMIC_REQUESTS": False,
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": {"options": POSTGRESQL_LIMITS, **options},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
