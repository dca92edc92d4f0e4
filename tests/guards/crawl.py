"""Walking every address as every role, and comparing the database before and after."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.cast import Cast, log_in
from tests.guards.access_table import PEOPLE, Row
from tests.guards.sources import APPS
from tests.guards.world import World

# What a refused request may write: its own audit row, the login session, the throttle.
NOT_COMPARED = {"unions.AuditEvent", "unions.AuditChain"}
REQUEST_ID = re.compile(rb"\b[0-9a-f]{16}\b")


def addresses(patterns: Any = None, prefix: str = "") -> list[tuple[str, URLPattern]]:
    """Every address of the site with its full route, in the order in which they are tried."""
    found: list[tuple[str, URLPattern]] = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            found += addresses(pattern.url_patterns, route)
        else:
            found.append((route, pattern))
    return found


def client_of(cast: Cast, name: str, *, checks: bool = False) -> Client:
    """A browser of one member of the cast; `anonymous` is nobody."""
    client = Client(enforce_csrf_checks=checks, raise_request_exception=False)
    return client if name == "anonymous" else log_in(client, getattr(cast, name))


def url_of(world: World, row: Row) -> str:
    return reverse(row.name, kwargs=world.arguments(row.of)) + row.query


def dump() -> dict[str, list[tuple]]:
    """Every row of every table of ours, but audit, as it lies in the database."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    rows, quoted = {}, connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in models:
            if model._meta.label in NOT_COMPARED:
                continue
            fields = [f for f in model._meta.local_concrete_fields if f.attname not in ("last_login", "password")]
            names = ", ".join(quoted(field.column) for field in fields)
            order = quoted(model._meta.pk.column)
            cursor.execute(f"SELECT {names} FROM {quoted(model._meta.db_table)} ORDER BY {order}")
            rows[model._meta.label] = cursor.fetchall()
    return rows


def changed(before: dict[str, list[tuple]], after: dict[str, list[tuple]]) -> list[str]:
    """The tables that differ."""
    return [label for label in before if before[label] != after[label]]


def bare(response: HttpResponse) -> bytes:
    """The bytes of an answer without its request id."""
    body = response.content.replace(response["X-Request-Id"].encode(), b"")
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", body)


def expected(row: Row, name: str) -> tuple[int, ...]:
    """What the table says about a GET of one person."""
    if "GET" not in row.methods.split():
        return (302,) if name == "anonymous" and not row.public else (405,)
    if name == "anonymous":
        return (200,) if row.public else (302,)
    if name not in row.role.split():
        return (403,)
    if row.reach is not None and name not in row.reach.split():
        return (404,)
    return row.shown


PRINTED = {"notice_document": "clerk", "round_receipt": "clerk"}
"""Papers that take a second to print: of those who get them, one prints; whoever is refused walks as always."""


def walks(row: Row, name: str) -> bool:
    """Whether the person opens the page with a GET."""
    if "GET" not in row.methods.split() or not _asked_here(row, name, expected):
        return False
    return PRINTED.get(row.name, name) == name or expected(row, name) != row.shown


def posts(row: Row, name: str) -> bool:
    """Whether the person sends a form without having a right to."""
    return row.name not in ("login", "logout") and name not in row.may.split() and _asked_here(row, name, refusal)


def _asked_here(row: Row, name: str, answer: Callable[[Row, str], tuple[int, ...]]) -> bool:
    """Everybody on SQLite; on PostgreSQL the first person for each answer: its own part is the queries of each page."""
    if connection.vendor == "sqlite":
        return True
    return name == next(other for other in ("anonymous", *PEOPLE) if answer(row, other) == answer(row, name))


def refusal(row: Row, name: str) -> tuple[int, ...]:
    """What the table says about a POST of somebody who may not act."""
    if name == "anonymous" and not row.public:
        return (302,)
    if "POST" not in row.methods.split():
        return (405,)
    if name not in row.role.split():
        return (403,)
    if row.reach is not None and name not in row.reach.split():
        return (404,)
    # Inside, but not allowed, or not with an empty form: refused or asked again.
    return (200, 302, 400, 403, 404, 409, 422)
