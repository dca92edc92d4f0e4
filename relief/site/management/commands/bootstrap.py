"""Fills an empty installation: with its first three administrators, or with a world file."""

import datetime
import json
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from relief.site.endings import found, refuse
from relief.site.world import loader, schema
from relief.site.world.loading.cast import WorldRefused
from relief.site.world.loading.ground import SECRET_BYTES
from unions import actions
from unions.enums import Role, UnionKind
from unions.policy import Refused

ADMINISTRATORS = (
    ("system", "系统管理员", Role.SYSTEM),
    ("security", "安全管理员", Role.SECURITY),
    ("audit", "审计管理员", Role.AUDIT_ADMIN),
)

FIRST_PASSWORD_LIFE = datetime.timedelta(hours=24)
"""How long the printed one-time passwords wait for their first login (R-07)."""


class Command(BaseCommand):
    help = (
        "Fills an EMPTY database: with --world FILE from a world file (docs/world-format.md), else with the top union and "
        "its three administrators, whose one-time passwords are printed once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--world", metavar="FILE", help="a world file, JSON; - reads standard input")
        parser.add_argument("--check", action="store_true", help="only check the world file; write nothing")
        parser.add_argument("--name", default="", help="name of the top union (without --world)")
        parser.add_argument("--code", default="P", help="code of the top union (without --world)")
        parser.add_argument("--kind", default=UnionKind.PROVINCE.value, choices=UnionKind.values)
        parser.add_argument("--json", action="store_true", help="print what was made as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check(options)
            return
        try:
            if options["world"]:
                loaded = loader.load_world(_read(options["world"]))
                counts, passwords = loaded.counts, loaded.passwords
            else:
                counts, passwords = {}, first_administrators(options["code"], options["name"], options["kind"])
        except WorldRefused as refusal:
            refuse("The world was not loaded, nothing was written:\n" + "\n".join(refusal.faults))
        self._tell(counts, passwords, as_json=options["json"])

    def _check(self, options: dict[str, Any]) -> None:
        if not options["world"]:
            refuse("--check needs --world FILE.")
        faults = schema.faults(_read(options["world"]))
        for fault in faults:
            line = {"path": fault.path, "message": fault.message}
            self.stdout.write(json.dumps(line, ensure_ascii=False) if options["json"] else str(fault))
        if faults:
            found()

    def _tell(self, counts: dict[str, int], passwords: dict[str, str], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"counts": counts, "passwords": passwords}, ensure_ascii=False))
            return
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count}")
        if passwords:
            self.stdout.write("One-time passwords, shown only now; each must be changed at the first login:")
        for login, password in passwords.items():
            self.stdout.write(f"  {login}  {password}")


def _read(name: str) -> Any:
    try:
        text = Path("/dev/stdin" if name == "-" else name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        refuse(f"{name} cannot be read: {problem}")
    try:
        return json.loads(text)
    except json.JSONDecodeError as problem:
        refuse(f"{name} is not JSON: {problem}")


@transaction.atomic
def first_administrators(code: str, name: str, kind: str) -> dict[str, str]:
    """Make the top union and its three administrators; returns their one-time passwords by login (R-07, R-08)."""
    if not loader.is_empty():
        raise WorldRefused("The database is not empty: its administrators are there already.")
    if not name.strip():
        raise WorldRefused("Give the name of the top union: --name 某某工会委员会 (or a whole world: --world FILE).")
    passwords = {}
    try:
        union = actions.create_union(by=None, code=code, name=name.strip(), kind=kind, parent=None)
        for login, title, role in ADMINISTRATORS:
            person = actions.create_person(by=None, name=title)
            actions.grant_post(by=None, person=person, union=union, role=role)
            passwords[login] = secrets.token_urlsafe(SECRET_BYTES)
            actions.create_account(
                by=None, person=person, username=login, password=passwords[login], valid_for=FIRST_PASSWORD_LIFE
            )
    except Refused as refusal:
        raise WorldRefused(f"{refusal.reason}{refusal.next_step}") from refusal
    return passwords
