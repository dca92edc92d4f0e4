"""The acts of this app: dossiers, visits and households in `acts_dossiers`, payouts in `acts_payouts`."""

from beneficiaries import acts_dossiers


def register() -> None:
    """Add the acts and menu entries; called once when Django starts."""
    acts_dossiers.register()
    # payouts: import acts_payouts above and add acts_payouts.register() here
