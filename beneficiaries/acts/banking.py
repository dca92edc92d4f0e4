"""The acts on bank files: the cashier of the paying union makes, takes and answers them."""

from beneficiaries.acts.payouts import STEPS
from beneficiaries.bankfiles.querysets import BANK_ROLES
from beneficiaries.enums import PayoutState
from relief.lib.workflow import Act
from unions.enums import Role
from unions.policy import ACTS
from unions.registry import MenuEntry, register_menu

PAY = frozenset({Role.PAY})
FILE = "beneficiaries.BankFile"


def register() -> None:
    """Add the acts and the menu entry; called once when Django starts."""
    ACTS.register(
        Act("bank.read", "查看银行文件", BANK_ROLES),
        Act(
            "bank.make",
            "做银行文件",
            PAY,
            "beneficiaries.Payout",
            frozenset({PayoutState.RELEASED}),
            other_than=STEPS[Role.PAY],
            next_step="出账以后、登记结果以前的发放才能做银行文件。",
            at="pay_union_id",
            money=True,
        ),
        Act("bank.copy", "再做一份银行文件", PAY, FILE, at="union_id", money=True),
        Act("bank.take", "下载银行文件", PAY, FILE, at="union_id", money=True),
        Act("bank.check", "核对银行文件", BANK_ROLES, FILE, at="union_id", money=True),
        Act("bank.read_result", "读入银行结果", PAY, FILE, at="union_id", money=True),
        Act(
            "bank.record_result",
            "登记银行结果",
            PAY,
            "beneficiaries.BankResult",
            at="bank_file.union_id",
            money=True,
        ),
        Act("bank.profiles", "查看银行文件方案", PAY),
        Act("bank.edit_profile", "改银行文件方案", PAY, "beneficiaries.BankProfile", at="union_id"),
    )
    register_menu(MenuEntry("银行文件", "bank_file_list", "bank.read", 55, "/banking/"))
