"""Lists of this app that come in from Excel: households, payouts, named recipients."""

from beneficiaries.importing.households import HOUSEHOLDS
from beneficiaries.importing.payouts import PAYOUTS, RECIPIENTS
from unions.imports import register_import


def register() -> None:
    """Add the resources; called once when Django starts."""
    register_import(HOUSEHOLDS, PAYOUTS, RECIPIENTS)


__all__ = ["HOUSEHOLDS", "PAYOUTS", "RECIPIENTS", "register"]
