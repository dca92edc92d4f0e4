"""Everything between a checkout and a serving ./run, in one process, because each start of Django costs a second."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

# Older upload leftovers come from a crash; younger ones may belong to another process at work.
STALE_SECONDS = 60 * 60


class Command(BaseCommand):
    help = (
        "Brings database, demo and static files up to date and prints the demo accounts. Quick when nothing is to do."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        remove_stale_uploads(Path(settings.FILE_UPLOAD_TEMP_DIR))
        if migrations_are_due():
            self.stderr.write("Preparing the database ...")
            call_command("migrate", interactive=False, verbosity=0)
        if static_files_are_due():
            self.stderr.write("Collecting static files ...")
            collect_static_files()
        if settings.RELIEF_DEMO:
            call_command("demo", stdout=self.stderr)
            call_command("demo", accounts=True, stdout=self.stdout)


def migrations_are_due() -> bool:
    """Whether `migrate` has something to do; raises CommandError when the database cannot be reached."""
    try:
        executor = MigrationExecutor(connection)
    except OperationalError as problem:
        # The text of the driver names host and user, never the password.
        raise CommandError(f"The database cannot be reached: {problem}".strip()) from None
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def static_files_are_due() -> bool:
    """Whether the collected static files are older than their sources."""
    stamp = _stamp()
    return not stamp.exists() or stamp.read_text(encoding="ascii") != _digest_of_sources()


def collect_static_files() -> None:
    """Collects all static files and remembers from which sources."""
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    _stamp().write_text(_digest_of_sources(), encoding="ascii")


def remove_stale_uploads(folder: Path) -> None:
    """Removes what a crash left in the folder for uploads in progress (R-25)."""
    for path in folder.iterdir():
        if path.is_file() and time.time() - path.stat().st_mtime > STALE_SECONDS:
            path.unlink(missing_ok=True)


def _stamp() -> Path:
    return Path(settings.STATIC_ROOT).with_name("static.stamp")


def _digest_of_sources() -> str:
    digest = hashlib.sha256()
    for line in sorted(_sources()):
        digest.update(line.encode())
    return digest.hexdigest()


def _sources() -> Iterator[str]:
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            yield f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n"
