"""The command: `python -m benchmarks pages|forms|imports|dossiers [--json]`; `imports` also takes the list out again.

`pages` runs on the database of the settings (load the demo first); the others make their own PostgreSQL and throw it away.
"""

import argparse
import json
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import django


def main() -> int:
    """Run the named benchmark, print one line per measurement, return 0."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("name", choices=["pages", "forms", "imports", "dossiers"])
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--requests", type=int, default=40, help="pages: requests per page")
    parser.add_argument("--unions", type=int, default=10_000, help="forms: unions in the database")
    parser.add_argument("--payouts", type=int, default=1_000_000, help="forms: payouts in the database")
    parser.add_argument("--part", choices=["all", "records", "papers"], default="all", help="forms: only these lines")
    parser.add_argument("--files", type=int, default=200_000, help="dossiers: files in the database")
    parser.add_argument("--rows", type=int, default=50_000, help="imports: rows of the list")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relief.settings.dev")
    lines = {"pages": pages, "forms": forms, "imports": imports, "dossiers": dossiers}[options.name](options)
    if options.json:
        json.dump(lines, sys.stdout, ensure_ascii=False, indent=1)
        print()
    else:
        for line in lines:
            print("  ".join(f"{name} {value}" for name, value in line.items()))
    return 0


def pages(options: argparse.Namespace) -> list[dict[str, Any]]:
    """How long the pages take that people open all day."""
    django.setup()
    from benchmarks import pages

    return pages.measure(options.requests)


def forms(options: argparse.Namespace) -> list[dict[str, Any]]:
    """How long the figures, the Excel and the PDF of forms take beside the bare tools."""
    from benchmarks.server import postgresql

    with postgresql() as address:
        # Settings read the address when Django starts.
        os.environ["DATABASE_URL"] = address
        django.setup()
        from django.db import connection

        from benchmarks import forms_output, forms_records

        lines = forms_output.measure() if options.part != "records" else []
        if options.part != "papers":
            lines += forms_records.measure(options.unions, options.payouts)
        connection.close()
    return lines


def dossiers(options: argparse.Namespace) -> list[dict[str, Any]]:
    """How long the list of files takes over many files beside the same page over 2,000."""
    from benchmarks.server import postgresql

    with postgresql() as address:
        os.environ["DATABASE_URL"] = address
        django.setup()
        from django.db import connection

        from benchmarks import dossiers

        lines = dossiers.measure(2_000, options.files)
        connection.close()
    return lines


def imports(options: argparse.Namespace) -> list[dict[str, Any]]:
    """How long a large list from Excel takes beside a bare loop, and how much memory."""
    from benchmarks.server import postgresql

    with postgresql() as address, tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATABASE_URL": address, "RELIEF_FILES_DIR": folder}
        # A process of its own: the memory of the server's helpers is not the product's.
        with ProcessPoolExecutor(1) as worker:
            return worker.submit(_imports, options.rows).result()


def _imports(rows: int) -> list[dict[str, Any]]:
    django.setup()
    from django.db import connection

    from benchmarks import imports

    lines = imports.measure(rows)
    connection.close()
    return lines


if __name__ == "__main__":
    sys.exit(main())
