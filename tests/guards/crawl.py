"""Walking every address as every role, and comparing the database before and after."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.cast import Cast, log_in
from tests.guards.access_table import Row
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
    """Every row of every table of ours, but audit."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    rows = {}
    for model in models:
        if model._meta.label in NOT_COMPARED:
            continue
        names = [f.attname for f in model._meta.local_concrete_fields if f.attname not in ("last_login", "password")]
        rows[model._meta.label] = [
            tuple(map(repr, row)) for row in model._base_manager.order_by("pk").values_list(*names)
        ]
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
    if "GET" not in row.methods.split():
        return False
    return PRINTED.get(row.name, name) == name or expected(row, name) != row.shown


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
