"""Checks that nothing in the database was changed behind the application's back, and names each bad row."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from relief.site.endings import found, refuse
from unions.registry import verifiers


class Command(BaseCommand):
    help = "Runs every integrity check and names each bad row. Exit status: 0 clean, 1 findings, 2 could not run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--only", action="append", choices=sorted(verifiers()), help="run this check; may be repeated"
        )
        parser.add_argument("--json", action="store_true", help="one finding per line, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        chosen = options["only"] or sorted(verifiers())
        try:
            for name in chosen:
                for finding in verifiers()[name]():
                    count += 1
                    row = asdict(finding)
                    said = json.dumps(row, ensure_ascii=False) if options["json"] else _line(row)
                    self.stdout.write(said)
        except DatabaseError as problem:
            refuse(f"The check could not run: {type(problem).__name__}. Is the database there and migrated?")
        if not options["json"]:
            self.stdout.write(f"{len(chosen)} checks, {count} findings.")
        if count:
            found()


def _line(row: dict[str, str]) -> str:
    return f"{row['check']}: {row['table']} {row['row']}: {row['message']}"
