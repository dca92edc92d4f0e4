"""What `manage.py verify` checks in this app: one module per room."""

from beneficiaries.verifiers import banking, dossiers, payouts


def register() -> None:
    """Add the checks; called once when Django starts."""
    dossiers.register()
    payouts.register()
    banking.register()
