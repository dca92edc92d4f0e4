"""The demo of ./run: loads its world once, prints its accounts, writes its file anew."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from relief.site.endings import refuse
from relief.site.world import demo, loader
from relief.site.world.demo.accounts import MAIN, PASSWORD
from relief.site.world.loading.cast import WorldRefused


class Command(BaseCommand):
    help = "Loads the demo world into an empty database (no-op when it is loaded already). Demo profile only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="print the main accounts, one per role")
        parser.add_argument("--write", action="store_true", help=f"write {demo.FILE} anew from its generator")
        parser.add_argument("--json", action="store_true", help="print the accounts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            demo.path().parent.mkdir(parents=True, exist_ok=True)
            demo.path().write_text(demo.written(demo.build()), encoding="utf-8")
            self.stdout.write(f"Wrote {demo.FILE}.")
            return
        if not settings.RELIEF_DEMO:
            refuse("The demo has known passwords: it runs in the demo profile only (relief.settings.dev).")
        if options["accounts"]:
            self._accounts(as_json=options["json"])
            return
        self._load()

    def _load(self) -> None:
        title = loader.loaded_title()
        if title == demo.TITLE:
            return
        if title is not None or not loader.is_empty():
            refuse(
                "The database is not empty and does not hold the demo: nothing was written. Choose an empty database."
            )
        self.stdout.write("Loading the demo, once; this takes a minute ...")
        try:
            loader.load_world(json.loads(demo.path().read_text(encoding="utf-8")))
        except WorldRefused as refusal:
            refuse("The demo was not loaded:\n" + "\n".join(refusal.faults))

    def _accounts(self, *, as_json: bool) -> None:
        if loader.loaded_title() != demo.TITLE:
            return
        if as_json:
            rows = [
                {"login": login, "password": PASSWORD, "role": role, "union": union} for login, role, union, _ in MAIN
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        self.stdout.write(f"演示账号（密码都是 {PASSWORD}）:")
        for login, role, union, does in MAIN:
            self.stdout.write(f"  {login:<11} {role}　{union}　{does}")
