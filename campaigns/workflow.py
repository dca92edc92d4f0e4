"""The acts of this app: campaigns and notices, money coming in, activities."""

from typing import Any

from campaigns.enums import DriveState, NoticeState, RemittanceState
from relief.lib.workflow import Act
from unions.enums import BUSINESS_ROLES, Role
from unions.policy import ACTS
from unions.registry import MenuEntry, register_menu

ENTER = frozenset({Role.ENTER})
ORGANISE = frozenset({Role.ORGANISE})
CONFIRM = frozenset({Role.ORGANISE, Role.APPROVE})
CONFIRMERS = frozenset({Role.ENTER, Role.PAY})
NOTICE = "campaigns.Notice"


def register() -> None:
    """Add the acts and menu entries; called once when Django starts."""
    ACTS.register(*_campaign_acts(), *_ledger_acts(), *_drive_acts())
    register_menu(
        MenuEntry("活动通知", "campaigns", "notice.read", 20, "/campaigns/"),
        MenuEntry("资金台账", "funds", "ledger.read", 70, "/funds/"),
        MenuEntry("服务记录", "activities", "ledger.read", 75, "/activities/"),
    )


def _campaign_acts() -> tuple[Act, ...]:
    draft, proposed = frozenset({NoticeState.DRAFT}), frozenset({NoticeState.PROPOSED})
    at = "campaign.issuer_id"
    return (
        Act("campaign.create", "新建活动", ORGANISE, "unions.Union", at="pk"),
        Act("campaign.edit", "修改活动", ORGANISE, "campaigns.Campaign", at="issuer_id"),
        Act("notice.propose", "提请确认", ORGANISE, NOTICE, draft, NoticeState.PROPOSED, at=at),
        Act("notice.withdraw", "撤回修改", CONFIRM, NOTICE, proposed, NoticeState.DRAFT, at=at),
        Act(
            "notice.publish",
            "确认发布",
            CONFIRM,
            NOTICE,
            proposed,
            NoticeState.PUBLISHED,
            other_than=("confirmation_excludes",),
            next_step="请先由活动管理岗“提请确认”，再由另一个人确认发布。",
            at=at,
        ),
        Act("notice.read", "查看通知", BUSINESS_ROLES),
        Act("notice.acknowledge", "签收通知", ENTER, "unions.Union", at="pk"),
    )


def _ledger_acts() -> tuple[Act, ...]:
    return (
        Act("ledger.read", "查看台账", BUSINESS_ROLES),
        Act("funds.record", "登记筹集", ENTER, "unions.Union", at="pk", money=True),
        Act("funds.import", "导入筹集", ENTER, "unions.Union", at="pk", money=True),
        Act("funds.reverse", "冲销筹集", ENTER, "campaigns.FundsRaised", at="union_id", money=True),
        Act("allocation.record", "登记拨付", ENTER, "unions.Union", at="pk", money=True),
        Act(
            "allocation.confirm",
            "确认收到拨款",
            frozenset({Role.ENTER, Role.PAY}),
            "campaigns.Allocation",
            other_than=("entered_by_id",),
            at="receiver_id",
            money=True,
        ),
        Act("allocation.return", "退回上级", ENTER, "unions.Union", at="pk", money=True),
        Act("funds.voucher", "上传到账凭证", ENTER, "campaigns.FundsRaised", at="union_id"),
        Act("allocation.reverse", "冲销拨付", ENTER, "campaigns.Allocation", at="giver_id", money=True),
        Act("donation.record", "登记捐款", ENTER, "unions.Union", at="pk", money=True),
        Act("donation.reverse", "冲销捐款", ENTER, "campaigns.Donation", at="union_id", money=True),
        Act("remittance.record", "登记汇款", ENTER, "unions.Union", at="pk", money=True),
        Act("remittance.slip", "上传汇款单据", ENTER, "campaigns.Remittance", at="union_id"),
        Act("remittance.reverse", "冲销汇款", ENTER, "campaigns.Remittance", at="union_id", money=True),
        Act("activity.record", "登记服务", ENTER, "unions.Union", at="pk"),
        Act("activity.import", "导入服务记录", ENTER, "unions.Union", at="pk"),
        Act("activity.change", "修改服务记录", ENTER, "campaigns.Activity", at="union_id"),
        Act("activity.void", "作废服务记录", ENTER, "campaigns.Activity", at="union_id"),
    )


def _drive_acts() -> tuple[Act, ...]:
    """Drives, and the remittance between who sends and who confirms."""
    waiting, returned = frozenset({RemittanceState.WAITING}), frozenset({RemittanceState.RETURNED})
    decided = frozenset({RemittanceState.WAITING, RemittanceState.CONFIRMED})
    started, ended = frozenset({DriveState.OPEN}), frozenset({DriveState.CLOSED})
    sent, drive = "campaigns.Remittance", "campaigns.Drive"
    openers = frozenset({Role.ORGANISE, Role.ENTER})
    confirm: dict[str, Any] = {
        "roles": CONFIRMERS, "model": sent, "other_than": ("entered_by_id",), "at": "confirms_at_id", "money": True
    }  # fmt: skip
    return (
        Act("drive.open", "发起募捐", openers, "unions.Union", at="pk"),
        Act("drive.change", "修改募捐", openers, drive, started, at="issuer_id"),
        Act("drive.close", "结束募捐", openers, drive, started, DriveState.CLOSED, at="issuer_id"),
        Act("drive.reopen", "重新开放", openers, drive, ended, DriveState.OPEN, at="issuer_id"),
        Act("drive.zero", "报送零捐款", ENTER, "unions.Union", at="pk", money=True),
        Act("donation.retain", "登记留存", ENTER, "unions.Union", at="pk", money=True),
        Act("donation.import", "导入捐款", ENTER, "unions.Union", at="pk", money=True),
        Act("remittance.confirm", "确认到账", before=waiting, after=RemittanceState.CONFIRMED, **confirm),
        Act("remittance.return", "退回汇款", before=decided, after=RemittanceState.RETURNED, **confirm),
        Act(
            "remittance.resubmit", "重新报送", ENTER, sent, returned, RemittanceState.WAITING, at="union_id", money=True
        ),
    )
