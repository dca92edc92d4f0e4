"""The demo world: a made-up province, the same every time. `build()` gives it as a world, `written()` as its file."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings

from relief.site.world.demo import (
    activities,
    batches,
    drives,
    earlier,
    filings,
    households,
    money,
    notice,
    payouts,
    tree,
)
from relief.site.world.schema import FORMAT

SEED = 20240210
TITLE = "云岭省教科文卫体工会（演示）"
FILE = Path("fixtures/demo/world.json")


def build() -> dict[str, Any]:
    """The demo as a world: the campaign of 2024 with 240 households and 600 payouts, filings in every state, and four
    earlier campaigns with a few records each; all people are made up."""
    rng = Random(SEED)
    kept = households.households(rng)
    paid = payouts.payouts(rng, kept)
    raised = money.money(rng, paid)
    seen = activities.visits(rng, kept)
    held = activities.activities(rng)
    old = earlier.records()
    heads, in_batches, dues = batches.batches()
    return {
        "format": FORMAT,
        "title": TITLE,
        "unions": tree.unions(earlier.HEADCOUNTS),
        "persons": tree.persons(),
        "campaigns": [notice.campaign(), *earlier.campaigns()],
        "households": kept + old["households"],
        "thresholds": batches.thresholds(),
        "batches": heads,
        "payouts": paid + old["payouts"] + in_batches,
        "funds": raised.funds + old["funds"] + dues,
        "allocations": raised.allocations,
        "drives": drives.drives(),
        "donations": old["donations"],
        "remittances": old["remittances"],
        "visits": seen + old["visits"],
        "activities": held + old["activities"],
        "filings": filings.in_time([*filings.filings(paid, raised.funds), *earlier.filings()]),
    }


def path() -> Path:
    """Where the demo's file lies."""
    return Path(settings.BASE_DIR) / FILE


def written(world: dict[str, Any]) -> str:
    """The world as the text of its file: one record per line, so that a change is seen in a diff."""
    parts = []
    for name, value in world.items():
        if isinstance(value, list):
            lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in value)
            parts.append(f" {json.dumps(name)}: [\n{lines}\n ]")
        else:
            parts.append(f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"
