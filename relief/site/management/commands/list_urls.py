"""Prints the access table: every address with its methods, its act and the roles of the act."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.urls import URLResolver, get_resolver

from unions.enums import Role
from unions.policy import ACTS

HEAD = """# Access table

Printed by `python manage.py list_urls`; a test compares. "At" names whose post counts: the attribute of the object that
holds the union; empty means that the act is decided inside the page. What is out of reach answers 404 whatever the role.

| Address | Name | Methods | Act | Roles | At |
| --- | --- | --- | --- | --- | --- |
"""


def rows(patterns: Any = None, prefix: str = "/") -> list[str]:
    """One line of the table per address, in the order in which they are tried."""
    found: list[str] = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            found += rows(pattern.url_patterns, route)
        else:
            found.append(_row(route, pattern.name or "", pattern.callback))
    return found


def _row(route: str, name: str, view: Any) -> str:
    act = ACTS.get(getattr(view, "act", ""))
    roles = (
        "everybody without login"
        if act is None
        else ", ".join(r for r in Role.values if r in act.roles) or "every login"
    )
    cells = [
        f"`{route}`",
        name,
        " ".join(getattr(view, "methods", ())),
        getattr(view, "act", ""),
        roles,
        act.at if act else "",
    ]
    return f"| {' | '.join(cells)} |"


class Command(BaseCommand):
    """`manage.py list_urls`."""

    help = "Prints every address with its methods, its act and the roles of the act."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(HEAD + "\n".join(rows()))
