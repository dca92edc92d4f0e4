"""The acts of this app: filling in, handing in, reviewing, closing."""

from relief.lib.workflow import Act
from reporting.enums import SubmissionState as S
from unions.enums import BUSINESS_ROLES, Role
from unions.policy import ACTS
from unions.registry import MenuEntry, register_menu

EDITABLE = frozenset({S.DRAFT, S.RETURNED})
MODEL = "reporting.Submission"
ENTER = frozenset({Role.ENTER})
REVIEW = frozenset({Role.REVIEW})
REVIEWERS = frozenset({Role.REVIEW, Role.APPROVE, Role.ORGANISE, Role.AUDIT})
BUNDLERS = REVIEWERS | ENTER
"""Who takes the material of a union and of those below it along: whoever reviews or reads there, and who hands in for it."""
HANDED_IN_NEXT = "已上报的表要先撤回（审核开始前），或由上级退回，才能再改。"
REVIEW_NEXT = "请刷新页面，看看是不是已有同事处理过。"


def register() -> None:
    """Add the acts and menu entries; called once when Django starts."""
    ACTS.register(
        Act("submission.read", "查看填报", roles=BUSINESS_ROLES, model=MODEL),
        Act("figures.save", "填报", roles=ENTER, model=MODEL, before=EDITABLE, at="union", next_step=HANDED_IN_NEXT),
        Act(
            "submission.submit",
            "上报",
            roles=ENTER,
            model=MODEL,
            before=EDITABLE,
            after=S.SUBMITTED,
            at="union",
            next_step=HANDED_IN_NEXT,
        ),
        Act(
            "submission.withdraw",
            "撤回",
            roles=ENTER,
            model=MODEL,
            before=frozenset({S.SUBMITTED}),
            after=S.DRAFT,
            at="union",
            next_step="上级已开始审核，请联系上级退回。",
        ),
        Act(
            "submission.open",
            "开始审核",
            roles=REVIEW,
            model=MODEL,
            before=frozenset({S.SUBMITTED}),
            after=S.IN_REVIEW,
            at="review_union",
            other_than=("submitted_by_id",),
            next_step=REVIEW_NEXT,
        ),
        Act(
            "submission.return",
            "退回",
            roles=REVIEW,
            model=MODEL,
            before=frozenset({S.IN_REVIEW}),
            after=S.RETURNED,
            at="review_union",
            other_than=("submitted_by_id",),
            next_step=REVIEW_NEXT,
        ),
        Act(
            "submission.accept",
            "接收",
            roles=REVIEW,
            model=MODEL,
            before=frozenset({S.IN_REVIEW}),
            after=S.ACCEPTED,
            at="review_union",
            other_than=("submitted_by_id",),
            next_step=REVIEW_NEXT,
        ),
        Act(
            "submission.reopen",
            "重开",
            roles=REVIEW,
            model=MODEL,
            before=frozenset({S.ACCEPTED}),
            after=S.RETURNED,
            at="review_union",
            other_than=("submitted_by_id",),
            next_step=REVIEW_NEXT,
        ),
        Act(
            "submission.finalise",
            "定稿",
            roles=frozenset({Role.APPROVE, Role.REVIEW}),
            model=MODEL,
            before=frozenset({S.SUBMITTED}),
            after=S.ACCEPTED,
            at="union",
            other_than=("submitted_by_id",),
            next_step=REVIEW_NEXT,
        ),
        Act(
            "check.waive",
            "认可说明",
            roles=REVIEW,
            model=MODEL,
            before=frozenset({S.IN_REVIEW}),
            at="review_union",
            other_than=("submitted_by_id",),
            next_step=REVIEW_NEXT,
        ),
        Act("comment.answer", "回复意见", roles=ENTER | REVIEW, model=MODEL),
        Act("comment.answer_filed", "回复意见", roles=ENTER, model=MODEL, at="union"),
        Act("comment.answer_reviewed", "回复意见", roles=REVIEW, model=MODEL, at="review_union"),
        Act(
            "adjustment.propose",
            "提出调整",
            roles=ENTER | REVIEW,
            model=MODEL,
            before=EDITABLE,
            at="union",
            next_step=HANDED_IN_NEXT,
        ),
        Act(
            "adjustment.confirm",
            "复核调整",
            roles=frozenset({Role.REVIEW, Role.APPROVE}),
            model="reporting.Adjustment",
            at="submission.union",
            other_than=("proposed_by_id",),
        ),
        Act("board.read", "完整性看板", roles=REVIEWERS),
        Act("bundle.create", "导出材料", roles=BUNDLERS, model="unions.Union", at="pk"),
        Act("bundle.read", "下载导出的材料", roles=BUNDLERS, model="unions.Job", at="union"),
        Act("form.read", "查看表样", roles=BUSINESS_ROLES),
        Act(
            "form.design",
            "设计表样",
            roles=frozenset({Role.ORGANISE}),
            model="reporting.FormDraft",
            at="union",
            next_step="请由本单位的活动管理办理。",
        ),
        Act(
            "form.enable",
            "启用表样",
            roles=frozenset({Role.ORGANISE}),
            model="reporting.FormDraft",
            at="union",
            next_step="请由本单位的活动管理办理。",
        ),
        Act("form.choose", "选用统计表", roles=frozenset({Role.ORGANISE}), model="campaigns.Campaign", at="issuer"),
    )
    register_menu(
        MenuEntry("统计报表", "submission_list", "submission.read", 30, "/submissions/"),
        MenuEntry("表样管理", "designer_list", "form.design", 35, "/forms/"),
        MenuEntry("审核汇总", "board", "board.read", 25, "/board/"),
    )
