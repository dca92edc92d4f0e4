"""Lists of this app that come in from Excel: payouts, named recipients."""

from beneficiaries.importing.payouts import PAYOUTS, RECIPIENTS
from unions.imports import register_import


def register() -> None:
    """Add the resources; called once when Django starts."""
    register_import(PAYOUTS, RECIPIENTS)


__all__ = ["PAYOUTS", "RECIPIENTS", "register"]
