"""A throw-away PostgreSQL for a measurement: the machine's own binaries, the options of the tests' server."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.plugins.postgres import Server, _machine_binaries, _wheel_binaries


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database; it is gone when the block ends. SystemExit when the machine has no server."""
    folder = Path(tempfile.mkdtemp(prefix="relief-bench-", dir="/tmp"))
    folder.chmod(0o755)
    binaries = _machine_binaries() or _wheel_binaries(folder)
    if binaries is None:
        shutil.rmtree(folder)
        raise SystemExit("no PostgreSQL found: install it, or the development requirements")
    server = Server(binaries, folder)
    try:
        server.start()
        yield server.url
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
