"""Writes one union's form to a file: the latest handed-in round, else the live draft marked 草稿 (D28)."""

import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from relief.site.endings import found, refuse
from reporting.enums import Part
from reporting.exports import FORMATS, document, rendered
from reporting.models import Submission
from reporting.rounds import round_faults
from unions import audit


class Command(BaseCommand):
    help = (
        "Writes the form of a union as xlsx, pdf or json: the latest handed-in round, else the live draft. "
        "Exit status: 0 written, 1 the stored round is not what was handed in (nothing written), 2 could not run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--campaign", required=True, metavar="CODE")
        parser.add_argument("--union", required=True, metavar="CODE")
        parser.add_argument("--form", required=True, metavar="FORM_ID")
        parser.add_argument(
            "--part", choices=[str(part) for part in Part], help="default: consolidated where there are children"
        )
        parser.add_argument("--format", required=True, choices=FORMATS)
        parser.add_argument("--output", required=True, metavar="PATH")

    def handle(self, *args: Any, **options: Any) -> None:
        submission = _submission(options["campaign"], options["union"], options["form"])
        target = Path(options["output"])
        if not target.parent.is_dir() or target.is_dir():
            refuse(f"{target} cannot be written: give a file in a folder that exists.")
        paper = document(submission, part=options["part"])
        if paper.frozen is not None:
            broken = list(round_faults(paper.frozen))
            for table, row, message in broken:
                self.stdout.write(f"{table} {row}: {message}")
            if broken:
                found()
        content = rendered(paper, options["format"])
        with transaction.atomic():
            _write(target, content)
            detail = {"format": options["format"], "part": str(paper.part), "by": "command"}
            audit.record(act="form.export", by=None, union=submission.union, obj=submission, detail=detail)
        self.stdout.write(f"{target}: {len(content)} bytes")


def _submission(campaign: str, union: str, form: str) -> Submission:
    """The one submission meant; ends the command with a sentence that says what does not fit."""
    rows = Submission.objects.select_related(
        "union", "addressee__reports_to", "deliverable__campaign__issuer", "deliverable__form_link__form_version"
    ).filter(deliverable__campaign__code=campaign)
    if not rows.exists():
        refuse(f"No published campaign has the code {campaign}.")
    rows = rows.filter(deliverable__form_link__form_version__form_id=form)
    if not rows.exists():
        refuse(f"The campaign {campaign} does not ask for the form {form}.")
    found_rows = list(rows.filter(union__code=union).order_by("deliverable__order")[:2])
    if not found_rows:
        refuse(f"The union {union} does not file the form {form} in the campaign {campaign}.")
    return found_rows[0]


def _write(target: Path, content: bytes) -> None:
    """Put the whole file in place at once, so that nobody reads half of it."""
    try:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            os.chmod(name, 0o640)
            os.replace(name, target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as problem:
        refuse(f"{target} cannot be written: {problem.strerror}.")
