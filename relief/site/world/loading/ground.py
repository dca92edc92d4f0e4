"""The tree, the people and their posts and logins: what stands before anything happens."""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import Any

from beneficiaries.models import SubsistenceStandard
from relief.site.world.instants import read_day
from relief.site.world.loading.cast import Cast, at_path
from unions import actions
from unions.models import Person

SECRET_BYTES = 15


def load_unions(cast: Cast, world: dict[str, Any]) -> None:
    """Create the unions in the order of the file, with headcounts and standards."""
    for place, row in enumerate(world["unions"]):
        with at_path(f"$.unions[{place}]"):
            union = actions.create_union(
                by=None,
                code=row["code"],
                name=row["name"],
                kind=row["kind"],
                parent=cast.unions[row["parent"]] if row["parent"] else None,
                short_name=row.get("short", ""),
                phone=row.get("phone", ""),
                opened_on=read_day(row["opened_on"]) if row.get("opened_on") else None,
            )
            cast.unions[row["code"]] = union
            for year in row.get("headcounts", []):
                actions.set_headcount(by=None, union=union, **year)
            SubsistenceStandard.objects.bulk_create(
                SubsistenceStandard(union=union, year=standard["year"], monthly=Decimal(standard["monthly"]))
                for standard in row.get("standards", [])
            )


def load_persons(cast: Cast, world: dict[str, Any], *, must_change: bool) -> None:
    """Create the people with posts and logins; who has no password in the file gets a random one, told once."""
    hashes: dict[str, str] = {}
    for place, row in enumerate(world.get("persons", [])):
        with at_path(f"$.persons[{place}]"):
            person = actions.create_person(by=None, name=row["name"], phone=row.get("phone", ""))
            for post in row.get("posts", []):
                actions.grant_post(by=None, person=person, union=cast.unions[post["union"]], role=post["role"])
                cast.holders.setdefault((cast.unions[post["union"]].pk, post["role"]), []).append(row["login"])
            given = row.get("password", "")
            password = given or secrets.token_urlsafe(SECRET_BYTES)
            if not given:
                cast.passwords[row["login"]] = password
            account = actions.create_account(
                by=None,
                person=person,
                username=row["login"],
                password=password,
                must_change=must_change or not given,
                check=False,
                encoded=hashes.get(password, ""),
            )
            hashes[password] = account.password
            # Loaded anew, so that the posts are read once and kept.
            cast.persons[row["login"]] = Person.objects.get(pk=person.pk)
    for logins in cast.holders.values():
        logins.sort()
