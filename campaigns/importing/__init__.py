"""Lists of this app that come in from Excel: funds raised, donations, activities."""

from campaigns.importing.activities import ACTIVITIES
from campaigns.importing.donations import DONATIONS
from campaigns.importing.funds import FUNDS
from unions.imports import register_import


def register() -> None:
    """Add the resources; called once when Django starts."""
    register_import(FUNDS, DONATIONS, ACTIVITIES)


__all__ = ["ACTIVITIES", "DONATIONS", "FUNDS", "register"]
