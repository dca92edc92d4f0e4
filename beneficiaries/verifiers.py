"""What `manage.py verify` checks in this app; payouts in `verifiers_payouts`."""

from beneficiaries import verifiers_payouts


def register() -> None:
    """Add the checks; called once when Django starts."""
    verifiers_payouts.register()
