"""Everything that writes campaigns, notices, the ledger and activities. Each act leaves one audit event."""

from campaigns.actions.activities import change_activity, record_activity, void_activity
from campaigns.actions.addressees import select_addressees
from campaigns.actions.allocations import confirm_allocation, record_allocation, return_funds, reverse_allocation
from campaigns.actions.campaigns import change_campaign, create_campaign
from campaigns.actions.deliverables import remove_deliverable, set_deliverable
from campaigns.actions.donations import record_donations
from campaigns.actions.drive_zeros import report_nothing, take_back_nothing
from campaigns.actions.drives import change_drive, close_drive, open_drive, reopen_drive, retain_donations
from campaigns.actions.ledger import attach_voucher, lock_funds, open_voucher, record_funds
from campaigns.actions.notices import acknowledge, propose_notice, save_notice, start_reissue, withdraw_notice
from campaigns.actions.publishing import publish_notice
from campaigns.actions.remittances import (
    attach_slip,
    confirm_remittance,
    open_slip,
    record_remittance,
    resubmit_remittance,
    return_remittance,
)
from campaigns.actions.reversals import reverse_donation, reverse_funds, reverse_remittance

__all__ = [
    "acknowledge",
    "attach_slip",
    "attach_voucher",
    "change_activity",
    "change_campaign",
    "change_drive",
    "close_drive",
    "confirm_allocation",
    "confirm_remittance",
    "create_campaign",
    "lock_funds",
    "open_drive",
    "open_slip",
    "open_voucher",
    "propose_notice",
    "publish_notice",
    "record_activity",
    "record_allocation",
    "record_donations",
    "record_funds",
    "record_remittance",
    "remove_deliverable",
    "reopen_drive",
    "report_nothing",
    "resubmit_remittance",
    "retain_donations",
    "return_funds",
    "return_remittance",
    "reverse_allocation",
    "reverse_donation",
    "reverse_funds",
    "reverse_remittance",
    "save_notice",
    "select_addressees",
    "set_deliverable",
    "start_reissue",
    "take_back_nothing",
    "void_activity",
    "withdraw_notice",
]
