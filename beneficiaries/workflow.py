"""The acts of this app: dossiers, visits and households in `acts_dossiers`, what goes on around files in `acts_cases`,
payouts in `acts_payouts`, their batches in `acts_batches`, rules about money in `acts_rules`,
the auditor's workspace in `acts_auditing`."""

from beneficiaries import acts_auditing, acts_banking, acts_batches, acts_cases, acts_dossiers, acts_payouts, acts_rules


def register() -> None:
    """Add the acts and menu entries; called once when Django starts."""
    acts_dossiers.register()
    acts_cases.register()
    acts_payouts.register()
    acts_rules.register()
    acts_banking.register()
    acts_batches.register()
    acts_auditing.register()
