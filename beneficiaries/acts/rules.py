"""The acts on rules about money: everybody who works with payouts reads them, the issuer's organisers write new versions."""

from beneficiaries.acts.payouts import READERS
from beneficiaries.enums import RuleState
from relief.lib.workflow import Act
from unions.enums import Role
from unions.policy import ACTS

MODEL = "beneficiaries.FundRule"
ORGANISE = frozenset({Role.ORGANISE})
DECIDE = frozenset({Role.ORGANISE, Role.APPROVE})


def register() -> None:
    """Add the acts; called once when Django starts."""
    waiting = frozenset({RuleState.PROPOSED})
    once = "这一版已经办理过，请刷新页面。"
    ACTS.register(
        Act("rule.read", "查看资金规则", READERS | ORGANISE),
        Act("rule.propose", "登记资金规则", ORGANISE, "unions.Union", at="pk", money=True),
        Act(
            "rule.confirm", "确认资金规则", DECIDE, MODEL, waiting, RuleState.CONFIRMED,
            other_than=("confirmation_excludes",), next_step=once, at="place_id", money=True,
        ),
        Act("rule.withdraw", "撤回资金规则", DECIDE, MODEL, waiting, RuleState.WITHDRAWN, next_step=once, at="place_id",
            money=True),
    )  # fmt: skip
