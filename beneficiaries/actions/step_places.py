"""The unions that do the steps of payouts: who reviews, who approves, who approves as the second, who pays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from beneficiaries.models import Payout
from beneficiaries.payouts.thresholds import Passed
from relief.lib import clock
from unions.enums import Role
from unions.models import Person, Post, Union
from unions.policy import Refused, step_union

_NOBODY = "本工会和上级工会没有第二位审批人，不能由两人审批。"


class Places:
    """The unions that do the steps, looked up once per union and the persons who had a hand in it.

    `typists` names per payout id everybody who ever typed into it: the gate refuses all of them (R-09).
    """

    def __init__(self, typists: Mapping[int, set[int]]) -> None:
        self.typists = typists
        self.too_large: dict[int, Passed] = {}
        self.two: dict[int, Passed] = {}
        self._known: dict[tuple[Any, ...], Any] = {}

    def of(self, payout: Payout) -> dict[str, Any]:
        approves = self._place(payout, payout.union, Role.APPROVE)
        if payout.pk in self.too_large and approves.parent is not None:
            approves = self._place(payout, approves.parent, Role.APPROVE, self.too_large[payout.pk].sentence)
        if payout.pk in self.two:
            self._refuse_single(payout, approves)
        return {
            "review_union": self._place(payout, payout.union, Role.REVIEW),
            "approve_union": approves,
            # the fund is opened by its own cashier
            "pay_union": self._place(payout, payout.paid_from, Role.PAY),
        }

    def _place(self, payout: Payout, union: Any, role: str, why: str = "") -> Any:
        hands = self._typed(payout)
        key = (union.pk, role, hands)
        if key not in self._known:
            self._known[key] = step_union(union, role, other_than=hands)
        if self._known[key] is None:
            raise Refused(
                f"{why}{union.name}和它的上级都没有{Role(role).label}岗位，不能送审。",
                "请安全管理员先授岗。",
                act="payout.plan",
                obj=payout,
            )
        return self._known[key]

    def _typed(self, payout: Payout) -> frozenset[int]:
        return frozenset(self.typists.get(payout.pk, ())) | {payout.entered_by_id}

    def approval(self, payout: Payout, reviewer: Person) -> Union:
        """Where the payout is approved now that its reviewer is known, who is not that person."""
        hands = self._typed(payout) | {reviewer.pk}
        key = (payout.approve_union_id, Role.APPROVE, hands)
        if key not in self._known:
            assert payout.approve_union is not None
            self._known[key] = step_union(payout.approve_union, Role.APPROVE, other_than=hands)
        if self._known[key] is None:
            why = "除了录入和审核的人，本工会和上级工会没有人担任审批岗位。"
            raise Refused(why, "请由另一位审核人办理，或请安全管理员先授岗。", act="payout.review", obj=payout)
        return self._known[key]

    def second(self, payout: Payout, first: Person) -> Union:
        """Where somebody approves who has had no hand in the payout; the first approver is not that person."""
        hands = self._typed(payout) | {hand for hand in (payout.reviewed_by_id, first.pk) if hand}
        key = (payout.approve_union_id, "second", hands)
        if key not in self._known:
            assert payout.approve_union is not None
            self._known[key] = step_union(payout.approve_union, Role.APPROVE, other_than=hands)
        if self._known[key] is None:
            raise Refused(_NOBODY, "请安全管理员给另一个人授审批岗位。", act="payout.approve", obj=payout)
        return self._known[key]

    def _refuse_single(self, payout: Payout, approves: Union) -> None:
        """Say at once, and not when half of the way is done, that there are no two approvers."""
        hands = self._typed(payout)
        key = (approves.pk, "two", hands)
        if key not in self._known:
            posts = Post.objects.in_force(clock.db_now()).filter(union__in=approves.line_ids(), role=Role.APPROVE)
            self._known[key] = posts.exclude(person__in=hands).values("person").distinct().count()
        if self._known[key] < 2:
            why = self.two[payout.pk].sentence
            raise Refused(why + _NOBODY, "请安全管理员给另一个人授审批岗位。", act="payout.plan", obj=payout)
