"""The acts on payout batches. Their steps are those of the payouts in them (`acts_payouts`), for all lines at once."""

from beneficiaries.acts.payouts import READERS
from relief.lib.workflow import Act
from unions.enums import Role
from unions.policy import ACTS

MODEL = "beneficiaries.PayoutBatch"


def register() -> None:
    """Add the acts; called once when Django starts."""
    enterer, payer = frozenset({Role.ENTER}), frozenset({Role.PAY})
    ACTS.register(
        Act("batch.open", "开立批次", enterer, MODEL, at="union_id", money=True),
        Act("batch.change", "修改批次", enterer, MODEL, at="union_id", money=True),
        Act("batch.delete", "删除批次", enterer, MODEL, at="union_id", money=True),
        Act("batch.fill", "批次制单", enterer, MODEL, at="union_id", money=True),
        Act("batch.list", "取发放清册", READERS, MODEL),
        Act("batch.list_full", "取完整清册", frozenset({Role.PAY, Role.AUDIT}), MODEL, money=True),
        Act("batch.sign", "登记签收表", payer, MODEL, money=True),
        Act("batch.audit", "查看签收表原件", frozenset({Role.AUDIT}), MODEL, at="union_id"),
        Act("batch.invoice", "登记发票", frozenset({Role.ENTER, Role.PAY}), MODEL, at="union_id", money=True),
        Act(
            "payout.invoice",
            "登记发票",
            frozenset({Role.ENTER, Role.PAY}),
            "beneficiaries.Payout",
            at="union_id",
            money=True,
        ),
        Act("payout.take_invoice", "下载发票扫描件", READERS, "beneficiaries.Payout"),
        Act("payout.papers", "办理清册和签收表", payer, "beneficiaries.Payout", at="pay_union_id", money=True),
        Act("payout.proxy", "登记代领", payer, "beneficiaries.Payout", at="pay_union_id", money=True),
        Act("threshold.set", "设审批限额", frozenset({Role.APPROVE}), "unions.Union", at="pk", money=True),
    )
