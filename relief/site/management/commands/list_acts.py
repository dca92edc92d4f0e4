"""The table of acts: who may do what, from which state, and not after which own step."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from relief.lib.workflow import Act
from unions.policy import ACTS


class Command(BaseCommand):
    help = "Prints every registered act with its roles, states and whose earlier step shuts a person out."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one act per line, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        for act in sorted(ACTS.all(), key=lambda act: act.name):
            row = facts(act)
            self.stdout.write(json.dumps(row, ensure_ascii=False) if options["json"] else _line(row))


def facts(act: Act) -> dict[str, Any]:
    """An act as plain words."""
    return {
        "act": act.name,
        "label": act.label,
        "roles": sorted(str(role) for role in act.roles),
        "model": act.model,
        "before": sorted(str(state) for state in act.before),
        "after": None if act.after is None else str(act.after),
        "at": act.at,
        "subtree": act.subtree,
        "other_than": list(act.other_than),
        "money": act.money,
    }


def _line(row: dict[str, Any]) -> str:
    roles = ",".join(row["roles"]) or "everybody"
    states = f"{'|'.join(row['before']) or 'any'} -> {row['after'] or 'same'}" if row["model"] else "-"
    other = f"  not by {', '.join(row['other_than'])}" if row["other_than"] else ""
    return f"{row['act']:<26} {row['label']}  [{roles}]  {states}{other}"
