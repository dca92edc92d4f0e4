"""The acts around files: duplicates and moves, yearly reviews and their drawn checks, public lists, plans of visits."""

from beneficiaries.enums import CaseState
from relief.lib.workflow import Act
from unions.enums import Role
from unions.policy import ACTS

ENTER, REVIEW = frozenset({Role.ENTER}), frozenset({Role.REVIEW})
MOVE, CLAIM = "beneficiaries.DossierMove", "beneficiaries.DuplicateClaim"
WAITING = frozenset({CaseState.WAITING})
ANSWERED = "已经有了答复，请刷新页面。"


def register() -> None:
    """Add the acts; called once when Django starts."""
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
    )
