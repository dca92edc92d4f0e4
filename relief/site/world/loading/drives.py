"""Drives: opened on their first day, with the unions that reported nothing, and closed on the day the file says."""

from __future__ import annotations

from typing import Any

from campaigns import actions
from campaigns.models import Drive
from relief.site.world.instants import at_hour, read_day
from relief.site.world.loading.cast import Cast, Timeline
from unions.enums import Role


def plan(cast: Cast, world: dict[str, Any], timeline: Timeline) -> None:
    """Open each drive before anything is recorded in it, and close it after everything of its last day."""
    for place, row in enumerate(world.get("drives", [])):
        path = f"$.drives[{place}]"
        timeline.add(at_hour(read_day(row["starts_on"]), 5), path, lambda row=row: _open(cast, row))
        for at, said in enumerate(row.get("nothing", [])):
            timeline.add(
                at_hour(read_day(said["on"]), 18),
                f"{path}.nothing[{at}]",
                lambda row=row, said=said: _nothing(cast, row, said),
            )
        if row.get("closed_on"):
            timeline.add(at_hour(read_day(row["closed_on"]), 23), path, lambda row=row: _close(cast, row))


def _open(cast: Cast, row: dict[str, Any]) -> None:
    issuer = cast.unions[row["issuer"]]
    cast.drives[row["key"]] = actions.open_drive(
        by=cast.person(row.get("by"), issuer, Role.ENTER),
        issuer=issuer,
        title=row["title"],
        kind=row["kind"],
        year=row["year"],
        bodies=row["bodies"],
        starts_on=read_day(row["starts_on"]),
        ends_on=read_day(row["ends_on"]),
        account_by=read_day(row["account_by"]),
        campaign=cast.campaign(row.get("campaign")),
        receiver=cast.unions[row["receiver"]] if row.get("receiver") else None,
        keeps=row.get("keeps", False),
        note=row.get("note", ""),
    )


def _nothing(cast: Cast, row: dict[str, Any], said: dict[str, Any]) -> None:
    union = cast.unions[said["union"]]
    by = cast.person(said.get("by"), union, Role.ENTER)
    actions.report_nothing(by=by, union=union, drive=cast.drives[row["key"]])


def _close(cast: Cast, row: dict[str, Any]) -> None:
    now = Drive.objects.get(pk=cast.drives[row["key"]].pk)
    by = cast.person(row.get("by"), now.issuer, Role.ENTER)
    cast.drives[row["key"]] = actions.close_drive(by=by, drive=now, version=now.version)
