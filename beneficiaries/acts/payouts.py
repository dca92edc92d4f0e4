"""The acts on payouts: who, in which state, at which union, and not by whom (R-09)."""

from beneficiaries.enums import PayoutState
from relief.lib.workflow import Act
from unions.enums import Role
from unions.policy import ACTS
from unions.registry import MenuEntry, register_menu

READERS = frozenset({Role.ENTER, Role.REVIEW, Role.APPROVE, Role.PAY, Role.AUDIT})
MODEL = "beneficiaries.Payout"
STEPS: dict[str, tuple[str, ...]] = {
    Role.REVIEW: ("entered_by_id",),
    Role.APPROVE: ("entered_by_id", "reviewed_by_id"),
    Role.PAY: ("entered_by_id", "reviewed_by_id", "approved_by_id", "second_by_id"),
}
"""Whose earlier work shuts a person out of a step."""
PLACES: dict[str, str] = {
    Role.ENTER: "union_id",
    Role.REVIEW: "review_union_id",
    Role.APPROVE: "approve_union_id",
    Role.PAY: "pay_union_id",
}


def _act(name: str, label: str, role: str, before: set[str], after: str | None, next_step: str) -> Act:
    return Act(
        f"payout.{name}",
        label,
        frozenset({role}),
        MODEL,
        frozenset(before),
        after,
        other_than=STEPS.get(role, ()),
        next_step=next_step,
        at=PLACES[role],
        money=True,
    )


def register() -> None:
    """Add the acts and the menu entry; called once when Django starts."""
    state = PayoutState
    draft_first = "送审以后的发放不能改；要改请先请审核人或审批人退回。"
    ACTS.register(
        Act("payout.read", "查看慰问发放", READERS),
        Act("payout.draft", "制单", frozenset({Role.ENTER}), MODEL, at="union_id", money=True),
        Act("payout.import", "导入发放", frozenset({Role.ENTER}), "unions.Union", at="pk", money=True),
        _act("change", "修改", Role.ENTER, {state.DRAFT}, None, draft_first),
        _act("delete", "删除草稿", Role.ENTER, {state.DRAFT}, None, draft_first),
        _act("plan", "送审", Role.ENTER, {state.DRAFT}, state.PLANNED, "草稿才能送审。"),
        _act("review", "审核", Role.REVIEW, {state.PLANNED}, None, "送审以后才能审核。"),
        _act("return_review", "退回（审核）", Role.REVIEW, {state.PLANNED}, state.DRAFT, "待审核的发放才能退回。"),
        _act("approve", "审批", Role.APPROVE, {state.PLANNED}, state.APPROVED, "审核以后才能审批。"),
        Act(
            "payout.return_approve",
            "退回（审批）",
            frozenset({Role.APPROVE}),
            MODEL,
            frozenset({state.PLANNED, state.APPROVED, state.FAILED}),
            state.DRAFT,
            other_than=("entered_by_id",),
            next_step="已出账的发放不能退回；银行退款后先登记失败。",
            at="approve_union_id",
            money=True,
        ),
        Act(
            "payout.second",
            "第二审批",
            frozenset({Role.APPROVE}),
            MODEL,
            frozenset({state.PLANNED}),
            state.APPROVED,
            other_than=(*STEPS[Role.APPROVE], "approved_by_id"),
            next_step="第一位审批人审批以后，才由第二人审批。",
            at="second_union_id",
            money=True,
        ),
        Act(
            "payout.return_second",
            "退回（第二审批）",
            frozenset({Role.APPROVE}),
            MODEL,
            frozenset({state.PLANNED}),
            state.DRAFT,
            other_than=("entered_by_id",),
            next_step="待第二审批的发放才能这样退回。",
            at="second_union_id",
            money=True,
        ),
        _act(
            "release",
            "出账",
            Role.PAY,
            {state.APPROVED, state.FAILED},
            state.RELEASED,
            "审批以后才能出账，每笔只出一次。",
        ),
        _act(
            "settle", "登记已发放", Role.PAY, {state.RELEASED, state.APPROVED}, state.PAID, "出账或签收以后才能登记。"
        ),
        _act("fail", "登记失败", Role.PAY, {state.RELEASED}, state.FAILED, "已出账的发放才会失败。"),
        _act("reverse", "提出冲正", Role.PAY, {state.PAID}, None, "已发放的才能冲正。"),
        Act(
            "payout.confirm_reversal",
            "确认冲正",
            frozenset({Role.APPROVE}),
            "beneficiaries.PayoutReversal",
            other_than=("proposed_by_id",),
            at="payout.approve_union_id",
            money=True,
        ),
        Act(
            "payout.refuse_reversal",
            "退回冲正",
            frozenset({Role.APPROVE}),
            "beneficiaries.PayoutReversal",
            at="payout.approve_union_id",
            money=True,
        ),
    )
    register_menu(MenuEntry("慰问发放", "payout_list", "payout.read", 50, "/payouts/"))
