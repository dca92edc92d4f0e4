"""Who and what a world file names, found again by its codes, logins and keys; and who does a step when none is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from beneficiaries.models import Dossier, Payout
from campaigns.models import Campaign, Drive
from relief.lib import clock
from unions.models import Person, Union
from unions.policy import Refused


class WorldRefused(Exception):
    """A world that cannot be loaded: `faults` says where and why; nothing was written."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@contextmanager
def at_path(path: str) -> Iterator[None]:
    """Turn the refusal of an action into the refusal of the world, with the place in the file."""
    try:
        yield
    except Refused as refusal:
        raise WorldRefused(f"{path}: {refusal.reason}{refusal.next_step}") from refusal


@dataclass
class Cast:
    """Everything loaded so far, by the names of the file."""

    now: datetime
    unions: dict[str, Union] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    payouts: dict[str, Payout] = field(default_factory=dict)
    drives: dict[str, Drive] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    holders: dict[tuple[int, str], list[str]] = field(default_factory=dict)

    def campaign(self, code: str | None) -> Campaign | None:
        return self.campaigns[code] if code else None

    def drive(self, key: str | None) -> Drive | None:
        return self.drives[key] if key else None

    def by_id(self, union_id: int) -> Union:
        """The union with this id."""
        return next(union for union in self.unions.values() if union.pk == union_id)

    def person(self, login: str | None, union: Union, role: str, *, not_by: tuple[int | None, ...] = ()) -> Person:
        """The person named, else the first by login who holds the role at the union and whose id is not in `not_by`."""
        if login:
            return self.persons[login]
        for name in self.holders.get((union.pk, role), []):
            if self.persons[name].pk not in not_by:
                return self.persons[name]
        raise Refused(f"{union.name}没有（另一位）{role} 岗位的人员来办这一步。", "请在 persons 里加上。")

    def person_above(
        self, login: str | None, union: Union, role: str, *, not_by: tuple[int | None, ...] = ()
    ) -> Person:
        """As `person`, looking further up the tree when the union has nobody."""
        place: Union | None = union
        while place is not None:
            try:
                return self.person(login, place, role, not_by=not_by)
            except Refused:
                place = place.parent
        raise Refused(f"{union.name}及其上级没有（另一位）{role} 岗位的人员来办这一步。", "请在 persons 里加上。")


Do = Callable[[], Any]


class Timeline:
    """Steps with their instants; run in the order of time, each under a clock that tells its own instant."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._steps: list[tuple[datetime, int, str, Do]] = []

    def add(self, at: datetime, path: str, do: Do) -> None:
        """Plan a step; what lies in the future happens now, and the action itself refuses what may not."""
        self._steps.append((min(at, self.now), len(self._steps), path, do))

    def run(self) -> None:
        """Run all steps; the first refusal stops the load."""
        for at, _, path, do in sorted(self._steps, key=lambda step: step[:2]):
            with clock.as_of(at), at_path(path):
                do()
