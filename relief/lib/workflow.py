"""Acts as data: who may move what from which state to which. Pure: knows no request and no database.

>>> table = ActTable()
>>> accept = Act("submission.accept", "接收", roles=frozenset({"review"}), model="reporting.Submission",
...              before=frozenset({"in_review"}), after="accepted", other_than=("submitted_by_id",), at="reviewer")
>>> table.register(accept)
>>> table.get("submission.accept").label
'接收'
>>> table.register(accept)
Traceback (most recent call last):
...
ValueError: act submission.accept is registered twice
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Act:
    """One thing a role may do to one kind of object.

    `roles` empty: everybody who is logged in. `at` names the attribute of the object that holds the union (or its id,
    when it ends in `_id`) where the role must be held; "" means anywhere. `before` empty: any state. `other_than` names
    attributes with the ids of persons who may not do it. `subtree`: a post above the union counts too (administrators).
    """

    name: str
    label: str
    roles: frozenset[str] = frozenset()
    model: str = ""
    before: frozenset[str] = frozenset()
    after: str | None = None
    at: str = ""
    other_than: tuple[str, ...] = ()
    subtree: bool = False
    money: bool = False
    fresh: bool = False
    next_step: str = ""


@dataclass
class ActTable:
    """The table of all acts; an act that is not in it is refused."""

    _acts: dict[str, Act] = field(default_factory=dict)

    def register(self, *acts: Act) -> None:
        for act in acts:
            if act.name in self._acts:
                raise ValueError(f"act {act.name} is registered twice")
            self._acts[act.name] = act

    def get(self, name: str) -> Act | None:
        return self._acts.get(name)

    def __iter__(self) -> Iterator[Act]:
        return iter(sorted(self._acts.values(), key=lambda act: act.name))

    def __len__(self) -> int:
        return len(self._acts)
