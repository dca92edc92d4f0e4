"""The acts around files: duplicates and moves, yearly reviews and their drawn checks, public lists, plans of visits."""

from beneficiaries.enums import CaseState, DossierState, ListState
from relief.lib.workflow import Act
from unions.enums import Role
from unions.policy import ACTS
from unions.registry import MenuEntry, register_menu

ENTER, REVIEW = frozenset({Role.ENTER}), frozenset({Role.REVIEW})
DECIDERS = frozenset({Role.ENTER, Role.REVIEW, Role.APPROVE})
MOVE, CLAIM, LIST = "beneficiaries.DossierMove", "beneficiaries.DuplicateClaim", "beneficiaries.PublicList"
WAITING = frozenset({CaseState.WAITING})
ANSWERED = "已经有了答复，请刷新页面。"


def register() -> None:
    """Add the acts and menu entries; called once when Django starts."""
    ACTS.register(
        Act("dossier.requests", "查看转移和查重", ENTER | REVIEW),
        Act("transfer.ask", "申请转入档案", ENTER, MOVE, at="to_union"),
        Act(
            "transfer.answer",
            "答复档案转移",
            ENTER,
            MOVE,
            WAITING,
            other_than=("asked_by_id",),
            next_step=ANSWERED,
            at="answering_union",
        ),
        Act("transfer.withdraw", "撤回档案转移", ENTER, MOVE, WAITING, next_step=ANSWERED, at="asking_union"),
        Act(
            "claim.clear",
            "核准重复登记",
            REVIEW,
            CLAIM,
            WAITING,
            other_than=("asked_by_id",),
            next_step=ANSWERED,
            at="clear_union",
        ),
        Act(
            "review.record",
            "登记年度复核",
            ENTER,
            "beneficiaries.Dossier",
            frozenset({DossierState.ACTIVE}),
            next_step="在档的档案才要年度复核。",
            at="union",
        ),
        Act("check.read", "查看复核抽查", frozenset({Role.REVIEW, Role.APPROVE})),
        Act("check.draw", "抽取复核名单", REVIEW, "beneficiaries.SpotCheck", at="union"),
        Act("check.record", "登记抽查结果", REVIEW, "beneficiaries.SpotCheckItem", at="check_list.union"),
        Act("list.read", "查看公示", DECIDERS),
        Act("list.prepare", "拟公示名单", ENTER, LIST, at="union"),
        Act(
            "list.publish",
            "发布公示",
            frozenset({Role.APPROVE}),
            LIST,
            frozenset({ListState.DRAFT}),
            ListState.PUBLISHED,
            other_than=("prepared_by_id",),
            next_step="待发布的公示才能发布。",
            at="approve_union",
        ),
        Act(
            "list.withdraw",
            "撤下公示",
            frozenset({Role.ENTER, Role.APPROVE}),
            LIST,
            frozenset({ListState.DRAFT, ListState.PUBLISHED}),
            ListState.WITHDRAWN,
            next_step="这份公示已经撤下。",
            at="union",
        ),
        Act("list.object", "登记异议", ENTER, LIST, frozenset({ListState.PUBLISHED}), at="union"),
        Act(
            "objection.decide",
            "核查异议",
            frozenset({Role.REVIEW, Role.APPROVE, Role.ENTER}),
            "beneficiaries.Objection",
            at="public_list.union",
        ),
        Act("visit.plan", "安排走访", ENTER, "beneficiaries.VisitPlan", at="union"),
    )
    register_menu(MenuEntry("公示", "public_lists", "list.read", 45, "/public-lists/"))
