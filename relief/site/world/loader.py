"""`load_world(world)` puts a whole world into an empty database, or nothing of it (docs/world-format.md)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from beneficiaries.dossiers.duplicates import as_one_probe
from campaigns.models import Campaign
from relief.lib import clock
from relief.site.world import schema
from relief.site.world.instants import at_hour, read_day, read_instant
from relief.site.world.loading import batches, campaigns, drives, filings, ground, households, ledgers, payouts
from relief.site.world.loading.cast import Cast, Timeline, WorldRefused
from unions import audit
from unions.models import Account, AuditEvent, Person, Union

ACT = "world.load"
SECTIONS = tuple(schema.WORLD.optional) + ("unions",)
BEFORE_ALL = timedelta(days=30)
"""How long before the first thing that happens unions, people and posts are set up."""


@dataclass(frozen=True)
class Loaded:
    """What came of a load: how many of each, and the one-time passwords of those who had none in the file."""

    counts: dict[str, int]
    passwords: dict[str, str] = field(default_factory=dict)


def load_world(world: dict[str, Any], now: datetime | None = None) -> Loaded:
    """Check and load a world; `WorldRefused` with every fault, and then nothing was written.

    `now` is the instant that relative values count from (default: the clock of the database).
    """
    found = schema.faults(world)
    if found:
        raise WorldRefused(*(str(fault) for fault in found))
    if not is_empty():
        raise WorldRefused("数据库不是空的：世界文件只能载入空库。请换一个空的数据库。")
    cast = Cast(now or clock.db_now())
    with transaction.atomic(), as_one_probe():
        with clock.as_of(_beginning(world, cast.now)):
            ground.load_unions(cast, world)
            ground.load_persons(cast, world, must_change=not settings.RELIEF_DEMO)
        campaigns.load_campaigns(cast, world)
        timeline = Timeline(cast.now)
        for part in (households, drives, ledgers, payouts, batches):
            part.plan(cast, world, timeline)
        timeline.run()
        filings.load_filings(cast, world)
        counts = {name: len(world[name]) for name in SECTIONS if isinstance(world.get(name), list)}
        detail = {"title": world.get("title", ""), "digest": digest(world), **counts}
        with clock.as_of(cast.now):
            audit.record(act=ACT, by=None, detail=detail)
    return Loaded(counts, cast.passwords)


def is_empty() -> bool:
    """Whether nobody and nothing is in the database yet."""
    return not any(model.objects.exists() for model in (Union, Person, Account, Campaign))


def loaded_title() -> str | None:
    """The title of the world that was loaded; None when none was."""
    event = AuditEvent.objects.filter(act=ACT).order_by("pk").first()
    return None if event is None else str(event.detail.get("title", ""))


def digest(world: dict[str, Any]) -> str:
    """A fingerprint of the world file."""
    return hashlib.sha256(json.dumps(world, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _beginning(world: dict[str, Any], now: datetime) -> datetime:
    """An instant before everything that the file dates."""
    dates = [row.get("opened_on") for row in world.get("households", [])]
    dates += [row["planned_on"] for row in world.get("payouts", [])]
    dates += [row["received_on"] for row in world.get("funds", [])]
    dates += [row["starts_on"] for row in world.get("drives", [])]
    dates += [row["donated_on"] for row in world.get("donations", [])]
    dates += [row["remitted_on"] for row in world.get("remittances", [])]
    dates += [row["visited_on"] for row in world.get("visits", [])]
    dates += [row["held_on"] for row in world.get("activities", [])]
    first = min((at_hour(read_day(day), 0) for day in dates if day), default=now)
    instants = [row.get("published_at") for row in world.get("campaigns", [])]
    instants += [row["at"] for row in world.get("filings", [])]
    return min([first, now, *(read_instant(text, now) for text in instants if text)]) - BEFORE_ALL
