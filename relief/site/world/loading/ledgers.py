"""Money that came in and went down, visits and activities: one record, one step."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from beneficiaries import actions as beneficiary_actions
from campaigns import actions
from campaigns.enums import FundForm
from campaigns.models import Allocation, Remittance
from relief.site.world.instants import at_hour, read_day
from relief.site.world.loading.cast import Cast, Timeline
from relief.site.world.loading.households import keeper_on
from relief.site.world.schema import COUNTS
from unions.enums import Role
from unions.policy import Refused

WRONG = "登记有误，冲销"


def plan(cast: Cast, world: dict[str, Any], timeline: Timeline) -> None:
    """Put every record on its own day: money in the early morning, so that it is there when it is paid out."""
    for section, load, day, hour in LEDGERS:
        for place, row in enumerate(world.get(section, [])):
            at = at_hour(read_day(row[day]), hour)
            timeline.add(at, f"$.{section}[{place}]", lambda load=load, row=row: load(cast, row))
    households = {row["key"]: row for row in world.get("households", [])}
    for place, row in enumerate(world.get("visits", [])):
        at = at_hour(read_day(row["visited_on"]), _visit_hour(row, households))
        timeline.add(at, f"$.visits[{place}]", lambda row=row: _visit(cast, row))


def _visit_hour(row: dict[str, Any], households: dict[str, Any]) -> int:
    """Eleven o'clock; after a transfer on the same day in the afternoon, by the receiving union."""
    household = households.get(row.get("household") or "")
    if household is None:
        return 11
    moved = any(
        event["event"] == "transfer" and event["on"] == row["visited_on"] for event in household.get("history", [])
    )
    return 15 if moved and keeper_on(household, row["visited_on"]) == row["union"] else 11


def _funds(cast: Cast, row: dict[str, Any]) -> None:
    union, on = cast.unions[row["union"]], read_day(row["received_on"])
    by = cast.person(row.get("by"), union, Role.ENTER)
    made = actions.record_funds(
        by=by,
        union=union,
        campaign=cast.campaign(row.get("campaign")),
        source=row["source"],
        form=row.get("form", FundForm.CASH),
        amount=Decimal(row["amount"]),
        received_on=on,
        voucher=row.get("voucher", ""),
        note=row.get("note", ""),
    )
    if row.get("reversed"):
        actions.reverse_funds(by=by, funds=made, reason=row.get("note") or WRONG, reversed_on=on, past=True)


def _allocation(cast: Cast, row: dict[str, Any]) -> None:
    """Handed down, and received on the same day unless the file says when, or null: still on its way."""
    giver, receiver = cast.unions[row["giver"]], cast.unions[row["receiver"]]
    made = actions.record_allocation(
        by=cast.person(row.get("by"), giver, Role.ENTER),
        giver=giver,
        receiver=receiver,
        campaign=cast.campaign(row.get("campaign")),
        source=row["source"],
        amount=Decimal(row["amount"]),
        allocated_on=read_day(row["allocated_on"]),
        voucher=row.get("voucher", ""),
        past=True,
    )
    arrived = row.get("confirmed_on", row["allocated_on"])
    if made.confirmed_on is None and arrived is not None:
        _arrived(cast, made, read_day(arrived))


def _arrived(cast: Cast, made: Allocation, on: datetime.date) -> None:
    for role in (Role.ENTER, Role.PAY):
        for login in cast.holders.get((made.receiver_id, role), []):
            if cast.persons[login].pk != made.entered_by_id:
                actions.confirm_allocation(by=cast.persons[login], allocation=made, confirmed_on=on)
                return
    raise Refused(f"{made.receiver.name}没有另一位填报或出纳来确认收到拨款。", "请在 persons 里加上。")


def _donation(cast: Cast, row: dict[str, Any]) -> None:
    union, on = cast.unions[row["union"]], read_day(row["donated_on"])
    by = cast.person(row.get("by"), union, Role.ENTER)
    (made,) = actions.record_donations(
        by=by,
        union=union,
        campaign=cast.campaign(row.get("campaign")),
        kind=row["kind"],
        donated_on=on,
        drive=cast.drive(row.get("drive")),
        given={row.get("body", ""): (row.get("donors", 0), Decimal(row.get("amount", "0")))},
        voucher=row.get("voucher", ""),
        note=row.get("note", ""),
    )
    if row.get("reversed"):
        actions.reverse_donation(by=by, donation=made, reason=row.get("note") or WRONG, reversed_on=on)


def _remittance(cast: Cast, row: dict[str, Any]) -> None:
    union, on = cast.unions[row["union"]], read_day(row["remitted_on"])
    by = cast.person(row.get("by"), union, Role.ENTER)
    made = actions.record_remittance(
        by=by,
        union=union,
        campaign=cast.campaign(row.get("campaign")),
        remitted_on=on,
        amount=Decimal(row["amount"]),
        slip_number=row["slip_number"],
        note=row.get("note", ""),
        drive=cast.drive(row.get("drive")),
    )
    if row.get("reversed"):
        actions.reverse_remittance(by=by, remittance=made, reason=row.get("note") or WRONG, reversed_on=on)
    elif row.get("confirmed_on", row["remitted_on"]) is not None:
        _remittance_arrived(cast, made, read_day(row.get("confirmed_on", row["remitted_on"])))


def _remittance_arrived(cast: Cast, made: Remittance, on: datetime.date) -> None:
    """Confirmed above; where the file has nobody who could, it waits."""
    logins = [login for role in (Role.ENTER, Role.PAY) for login in cast.holders.get((made.confirms_at_id, role), [])]  # type: ignore[arg-type]
    others = [cast.persons[login] for login in logins if cast.persons[login].pk != made.entered_by_id]
    if others:
        actions.confirm_remittance(by=others[0], remittance=made, version=made.version, arrived_on=on)


def _visit(cast: Cast, row: dict[str, Any]) -> None:
    union = cast.unions[row["union"]]
    beneficiary_actions.record_visit(
        by=cast.person(row.get("by"), union, Role.ENTER),
        union=union,
        campaign=cast.campaign(row.get("campaign")),
        kind=row["kind"],
        visited_on=read_day(row["visited_on"]),
        dossier=cast.dossiers[row["household"]] if row.get("household") else None,
        enterprise=row.get("enterprise", ""),
        in_difficulty=row.get("in_difficulty", False),
        with_relief=row.get("with_relief", False),
        leader=row.get("leader", ""),
        persons=row.get("persons", 1),
        note=row.get("note", ""),
    )


def _activity(cast: Cast, row: dict[str, Any]) -> None:
    union = cast.unions[row["union"]]
    counts: dict[str, Any] = {name: row[name] for name in COUNTS if row.get(name)}
    counts |= {name: Decimal(row[name]) for name in ("amount", "farmer_amount") if name in row}
    actions.record_activity(
        by=cast.person(row.get("by"), union, Role.ENTER),
        union=union,
        campaign=cast.campaign(row.get("campaign")),
        kind=row["kind"],
        held_on=read_day(row["held_on"]),
        counts=counts,
        note=row.get("note", ""),
    )


LEDGERS = (
    ("funds", _funds, "received_on", 6),
    ("allocations", _allocation, "allocated_on", 7),
    ("donations", _donation, "donated_on", 8),
    ("remittances", _remittance, "remitted_on", 9),
    ("activities", _activity, "held_on", 17),
)
"""Section, its loader, its day and the hour: money before what is paid from it."""
