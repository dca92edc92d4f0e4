"""Acts as data: who may do what to which object in which state, and which state follows.

Every app declares its acts in its `workflow.py`; the one decision function, the buttons, the gate, the tests and the
printed table read the same rows. An act that stands in no table is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Act:
    """One thing a role may do to an object.

    `roles` empty: everybody who is logged in. `model` is the label "campaigns.Notice"; empty for acts without an object.
    `before` are the states it starts from (empty: any), `after` the state it leads to (None: the state stays). `at` names
    the attribute of the object that holds the union (or its id) where the role must be held; "" means anywhere.
    `subtree`: a post above the union counts too (administrators). `other_than` names attributes of the object that hold
    ids of persons: none of them may do this. `fresh` asks for the second factor again. `next_step` is the sentence that
    a refusal ends with.
    """

    name: str
    label: str
    roles: frozenset[str] = frozenset()
    model: str = ""
    before: frozenset[str] = frozenset()
    after: str | None = None
    other_than: tuple[str, ...] = ()
    next_step: str = ""
    fresh: bool = False
    at: str = ""
    subtree: bool = False
    money: bool = False

    def __post_init__(self):
        for given in ("roles", "before"):
            if isinstance(getattr(self, given), str):
                raise TypeError(f"{self.name}: {given} is a set of words, not one text")
            object.__setattr__(self, given, frozenset(getattr(self, given)))
        object.__setattr__(self, "other_than", tuple(self.other_than))
        if not self.name or not self.label:
            raise ValueError(f"act {self.name!r} needs a name and a label")

    def starts_from(self, state: str) -> bool:
        """True when the object may be in this state."""
        return not self.before or state in self.before

    def excluded(self, obj) -> frozenset[int]:
        """The ids of the persons who may not do this to the object, because they did an earlier step."""
        ids = (getattr(obj, attribute) for attribute in self.other_than)
        return frozenset(person for person in ids if person is not None)


class ActTable:
    """All acts by name.

    >>> table = ActTable()
    >>> submit = Act("payout.submit", "提交", {"enter"}, "beneficiaries.Payout", {"draft"}, "planned")
    >>> table.register(submit)
    >>> table.get("payout.submit").after, [act.label for act in table.all()], "payout.submit" in table
    ('planned', ['提交'], True)
    >>> submit.starts_from("draft"), submit.starts_from("paid")
    (True, False)
    >>> table.register(submit)
    Traceback (most recent call last):
    ValueError: act 'payout.submit' stands in the table twice
    >>> table.get("payout.burn") is None
    True
    """

    def __init__(self) -> None:
        self._acts: dict[str, Act] = {}

    def register(self, *acts: Act) -> None:
        """Add acts; a name that is already there is refused, and then nothing is added."""
        names = [act.name for act in acts]
        for name in names:
            if name in self._acts or names.count(name) > 1:
                raise ValueError(f"act {name!r} stands in the table twice")
        self._acts.update(zip(names, acts, strict=True))

    def get(self, name: str) -> Act | None:
        """The act with this name; None when there is none: then it is refused."""
        return self._acts.get(name)

    def all(self) -> tuple[Act, ...]:
        """Every act, in order of name."""
        return tuple(self._acts[name] for name in sorted(self._acts))

    def for_model(self, model: str) -> tuple[Act, ...]:
        """The acts on objects of one model, in the order they were registered."""
        return tuple(act for act in self._acts.values() if act.model == model)

    def __iter__(self) -> Iterator[Act]:
        return iter(self.all())

    def __contains__(self, name: str) -> bool:
        return name in self._acts

    def __len__(self) -> int:
        return len(self._acts)
