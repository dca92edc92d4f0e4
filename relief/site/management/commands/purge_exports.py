"""Lets exports vanish that are past their day, and halves that a killed worker left."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from beneficiaries.actions import paper_jobs
from relief.site.endings import refuse
from reporting.actions.bundling import purge
from unions.actions import list_files


class Command(BaseCommand):
    help = "Removes exported files that are past RELIEF_EXPORT_DAYS; each worker does so before every export, too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="say the count as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = purge() + list_files.purge() + paper_jobs.purge()
        except DatabaseError as problem:
            refuse(f"Nothing was removed: {type(problem).__name__}. Is the database there and migrated?")
        self.stdout.write(json.dumps({"removed": count}) if options["json"] else f"{count} exports removed.")
