"""What `manage.py verify` checks in this app: `verifiers_dossiers` and `verifiers_payouts`."""

from beneficiaries import verifiers_banking, verifiers_dossiers, verifiers_payouts


def register() -> None:
    """Add the checks; called once when Django starts."""
    verifiers_dossiers.register()
    verifiers_payouts.register()
    verifiers_banking.register()
