"""The only place that decides who may do what: `can(person, act, obj)` reads the table of acts (R-10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from relief.lib import clock
from relief.lib.workflow import Act, ActTable
from unions.enums import Role
from unions.models import Person, Post, Union

ACTS = ActTable()
"""Every act of every app; each app's workflow.py adds its own when Django starts."""


@dataclass(frozen=True)
class Decision:
    """Whether the act is allowed; if not, the sentence why and what to do next."""

    allowed: bool
    reason: str = ""
    next_step: str = ""
    status: int = 403

    def __bool__(self) -> bool:
        return self.allowed


class Refused(Exception):
    """The object is visible but the act is refused: shown as a page with the reason and the next step (D16)."""

    def __init__(
        self, reason: str, next_step: str = "", *, status: int = 409, act: str = "", obj: Model | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.next_step = next_step
        self.status = status
        self.act = act
        self.obj = obj


class Stale(Refused):
    """Somebody else changed the row since the page was opened; `differences` lists (label, theirs, yours)."""

    def __init__(
        self, differences: list[tuple[str, str, str]] | None = None, *, act: str = "", obj: Model | None = None
    ) -> None:
        super().__init__(
            "这条记录在您打开页面之后已被别人改过，您的修改没有写入。",
            "请对照下面两个版本，决定保留哪一个后再保存；您填的内容还在页面上。",
            act=act,
            obj=obj,
        )
        self.differences = differences or []


YES = Decision(True)


def can(person: Person, act_name: str, obj: Model | None = None) -> Decision:
    """Decide whether the person may do the act to the object; never raises, unknown acts are refused."""
    act = ACTS.get(act_name)
    if act is None:
        return Decision(False, "系统里没有登记这个操作，已拒绝。", "请联系系统管理员。")
    for refusal in (_role(person, act, obj), _state(act, obj), _other_person(person, act, obj)):
        # A refusal is falsy: `or` would walk past it.
        if refusal is not None:
            return refusal
    return YES


def require(person: Person, act_name: str, obj: Model | None = None) -> None:
    """Raise Refused with the sentence of `can` unless the act is allowed."""
    decision = can(person, act_name, obj)
    if not decision:
        raise Refused(decision.reason, decision.next_step, status=decision.status, act=act_name, obj=obj)


def may_anywhere(person: Person, act_name: str) -> bool:
    """Whether the person holds a role of the act at any union: what opens a list page or a menu entry."""
    act = ACTS.get(act_name)
    return act is not None and (not act.roles or person.holds(act.roles))


def _union_id(act: Act, obj: Model) -> int | None:
    found: Any = obj
    for name in act.at.split("."):
        found = getattr(found, name)
    return found.pk if isinstance(found, Union) else found


def _role(person: Person, act: Act, obj: Model | None) -> Decision | None:
    if not act.roles:
        return None
    words = "、".join(Role(role).label for role in sorted(act.roles))
    if obj is None or not act.at:
        if person.holds(act.roles):
            return None
        return Decision(
            False, f"“{act.label}”需要{words}岗位，您没有这个岗位。", "请换用有该岗位的账号，或请安全管理员授岗。"
        )
    union_id = _union_id(act, obj)
    if union_id is not None and person.holds(act.roles, union_id):
        return None
    if union_id is not None and act.subtree:
        path = Union.objects.only("path").get(pk=union_id).path
        if any(post.role in act.roles and path.startswith(post.union.path) for post in person.posts_now()):
            return None
    where = Union.objects.filter(pk=union_id).values_list("name", flat=True).first() if union_id else None
    at = f"由{where}的{words}办理" if where else f"需要{words}岗位"
    return Decision(False, f"“{act.label}”{at}，您在该工会没有这个岗位。", "请联系有该岗位的同事办理。")


def _state(act: Act, obj: Model | None) -> Decision | None:
    state = getattr(obj, "state", None)
    if obj is None or not act.before or state in act.before:
        return None
    label = obj.get_state_display()  # type: ignore[attr-defined]
    return Decision(
        False, f"当前状态是“{label}”，不能“{act.label}”。", act.next_step or "请刷新页面，按最新状态办理。", status=409
    )


def _other_person(person: Person, act: Act, obj: Model | None) -> Decision | None:
    if obj is None:
        return None
    for name in act.other_than:
        if getattr(obj, name) == person.pk:
            return Decision(
                False,
                f"您已经办过这一件的前一步，“{act.label}”必须由另一个人办理（不相容岗位分离）。",
                "请交给同岗位的另一位同事；本工会没有第二个人时，会转到上一级工会。",
            )
    return None


def step_union(union: Union, role: str, *, other_than: Iterable[int] = ()) -> Union | None:
    """The union that does a step: the nearest one at or above with somebody in the role (a missing role moves up).

    `other_than` names persons who had a hand in the case: a union where only they hold the role counts as without it,
    so that a step moves up and never merges with another (security.md 2.1).
    """
    from_root = union.line_ids()
    holders = set(
        Post.objects.in_force(clock.db_now())
        .filter(union__in=from_root, role=role)
        .exclude(person__in=list(other_than))
        .values_list("union_id", flat=True)
    )
    for union_id in reversed(from_root):
        if union_id in holders:
            return Union.objects.get(pk=union_id)
    return None
