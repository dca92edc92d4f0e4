"""Every address of the site with its methods and its act; an address without an act is a finding."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver

from relief.site.endings import found
from unions.enums import Role
from unions.policy import ACTS

PUBLIC = "public"
HEAD = (
    "# Access table",
    "",
    "Printed by `python manage.py list_urls --table`; a test compares. The last column names the attribute of the object",
    "that holds the union where the role is held; empty: the page itself narrows. Out of reach is 404 whatever the role.",
    "",
    "| Address | Name | Methods | Act | Roles | At |",
    "| --- | --- | --- | --- | --- | --- |",
)


class Command(BaseCommand):
    help = "Prints every URL with methods, name and act. Exit status 1 when one has no registered act."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one URL per line, as JSON")
        parser.add_argument("--table", action="store_true", help="the access table of docs/access.md")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = list(urls())
        if options["table"]:
            self.stdout.write("\n".join([*HEAD, *(_table_row(row) for row in rows)]))
            return
        for row in rows:
            line = f"{row['url']:<60} {','.join(row['methods']):<10} {row['act'] or 'NO ACT'}  ({row['name']})"
            self.stdout.write(json.dumps(row, ensure_ascii=False) if options["json"] else line)
        if any(row["act"] is None for row in rows):
            found()


def urls() -> Iterator[dict[str, Any]]:
    """One row per address: the act is None when the view carries none or one that is not registered."""
    for pattern, prefix in _patterns(get_resolver(), "/"):
        act = getattr(pattern.callback, "act", None)
        yield {
            "url": prefix + str(pattern.pattern).lstrip("^"),
            "name": pattern.name,
            "methods": list(getattr(pattern.callback, "methods", ())),
            "act": act if act == PUBLIC or (act is not None and ACTS.get(act) is not None) else None,
            "parameters": sorted(pattern.pattern.converters),
        }


def _table_row(row: dict[str, Any]) -> str:
    """One line of the access table: who may come to the address at all."""
    act = ACTS.get(row["act"] or "")
    roles = [role for role in Role.values if act is not None and role in act.roles]
    who = "without login" if row["act"] == PUBLIC else ", ".join(roles) or "every login"
    cells = [
        f"`{row['url']}`",
        row["name"],
        " ".join(row["methods"]),
        row["act"] or "NO ACT",
        who,
        act.at if act else "",
    ]
    return f"| {' | '.join(cells)} |"


def _patterns(resolver: URLResolver, prefix: str) -> Iterator[tuple[URLPattern, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, prefix + str(entry.pattern).lstrip("^"))
        else:
            yield entry, prefix
