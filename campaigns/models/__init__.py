"""What an upper union asks for, whom it asks, and the money and activities recorded under it."""

from campaigns.models.activities import Activity
from campaigns.models.drives import Drive, NothingCollected
from campaigns.models.money import Allocation, Donation, FundsRaised, Remittance
from campaigns.models.notices import (
    Acknowledgement,
    Addressee,
    Campaign,
    Deliverable,
    LeadTime,
    Notice,
    Selection,
)

__all__ = [
    "Acknowledgement",
    "Activity",
    "Addressee",
    "Allocation",
    "Campaign",
    "Deliverable",
    "Donation",
    "Drive",
    "FundsRaised",
    "LeadTime",
    "NothingCollected",
    "Notice",
    "Remittance",
    "Selection",
]
