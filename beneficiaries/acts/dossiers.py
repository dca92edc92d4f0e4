"""The acts on dossiers, households and visits: who, in which state, at which union, and not by whom."""

from beneficiaries.enums import DossierState
from relief.lib.workflow import Act
from unions.enums import Role
from unions.policy import ACTS
from unions.registry import MenuEntry, register_menu

READERS = frozenset({Role.ENTER, Role.REVIEW, Role.APPROVE, Role.PAY, Role.AUDIT})
ENTER = frozenset({Role.ENTER})
DECIDERS = frozenset({Role.ENTER, Role.REVIEW, Role.APPROVE})
MODEL = "beneficiaries.Dossier"
EARLIER = ("entered_by_id", "visited_by_id")


def _own(name: str, label: str, before: set[str] | None = None, after: str | None = None, next_step: str = "") -> Act:
    """An act of the union that keeps the file, done by its filers."""
    return Act(f"dossier.{name}", label, ENTER, MODEL, frozenset(before or ()), after, next_step=next_step, at="union")


def register() -> None:
    """Add the acts and menu entries; called once when Django starts."""
    state = DossierState
    in_chain = {state.APPLIED, state.VISITED, state.POSTED}
    ACTS.register(
        Act("dossier.read", "查看职工档案", roles=READERS),
        _own("open", "新建档案"),
        Act("dossier.import", "导入档案", ENTER, "unions.Union", at="pk"),
        _own("save", "修改档案", {state.DRAFT, state.ACTIVE}, next_step="审核中的档案不能改；要改请先请审核人退回。"),
        _own("assess", "困难评估", {state.DRAFT, state.ACTIVE}, next_step="审核中的档案不能改；要改请先请审核人退回。"),
        _own("apply", "提交申请", {state.DRAFT}, state.APPLIED),
        _own("visit", "登记入户调查", {state.APPLIED}, state.VISITED, "请先提交申请。"),
        _own("post", "登记公示", {state.VISITED}, state.POSTED, "请先登记入户调查。"),
        Act(
            "dossier.review",
            "审核",
            frozenset({Role.REVIEW}),
            MODEL,
            frozenset({state.POSTED}),
            state.REVIEWED,
            other_than=EARLIER,
            next_step="公示登记以后才能审核。",
            at="review_union",
        ),
        Act(
            "dossier.approve",
            "审批建档",
            frozenset({Role.APPROVE}),
            MODEL,
            frozenset({state.REVIEWED}),
            state.ACTIVE,
            other_than=(*EARLIER, "reviewed_by_id"),
            next_step="审核通过以后才能审批。",
            at="approve_union",
        ),
        Act(
            "dossier.return",
            "退回（审核）",
            frozenset({Role.REVIEW}),
            MODEL,
            frozenset(in_chain),
            state.DRAFT,
            other_than=EARLIER,
            at="review_union",
        ),
        Act(
            "dossier.send_back",
            "退回（审批）",
            frozenset({Role.APPROVE}),
            MODEL,
            frozenset({state.REVIEWED}),
            state.DRAFT,
            other_than=(*EARLIER, "reviewed_by_id"),
            at="approve_union",
        ),
        _own("close", "脱困、注销", {state.DRAFT, state.ACTIVE}, next_step="审核中的档案请先退回，再注销。"),
        _own("transfer", "转出", {state.ACTIVE}, next_step="在档的档案才能转给别的工会。"),
        _own("reopen", "重新申请", {state.OUT_OF_HARDSHIP, state.CLOSED}, state.DRAFT),
        _own("pair", "登记结对帮扶"),
        _own("evidence", "上传佐证材料", {state.DRAFT, state.APPLIED, state.VISITED, state.POSTED, state.ACTIVE}),
        Act("household.unmask", "查看完整信息", DECIDERS),
        Act("dossier.sheet", "取职工档案表", DECIDERS),
        Act(
            "standard.set",
            "登记低保标准",
            frozenset({Role.ENTER, Role.REVIEW, Role.APPROVE, Role.ORGANISE}),
            "beneficiaries.SubsistenceStandard",
            at="union",
        ),
        Act(
            "standard.set_below_county",
            "登记基层的低保标准",
            frozenset({Role.REVIEW, Role.APPROVE, Role.ORGANISE}),
            "beneficiaries.SubsistenceStandard",
            at="union",
        ),
        Act(
            "classrule.adopt",
            "采用困难类别规则",
            frozenset({Role.APPROVE, Role.ORGANISE}),
            "beneficiaries.SubsistenceStandard",
            at="union",
        ),
        Act("visit.read", "查看走访记录", READERS),
        Act("visit.record", "登记走访", ENTER, "beneficiaries.Visit", at="union"),
        Act("visit.photo", "放走访照片", ENTER, "beneficiaries.Visit", at="union"),
        Act(
            "visit.photo_take",
            "下载走访照片",
            frozenset({Role.ENTER, Role.REVIEW, Role.APPROVE}),
            "beneficiaries.Visit",
            at="union",
        ),
        Act("visit.void", "作废走访记录", ENTER, "beneficiaries.Visit", at="union"),
    )
    register_menu(
        MenuEntry("职工档案", "dossier_list", "dossier.read", 40, "/dossiers/"),
        MenuEntry("走访", "visit_list", "visit.read", 60, "/visits/"),
    )
