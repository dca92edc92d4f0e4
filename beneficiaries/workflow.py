"""The acts of this app: dossiers, visits and households in `acts_dossiers`, what goes on around files in `acts_cases`,
payouts in `acts_payouts`, their batches in `acts_batches`, rules about money in `acts_rules`,
the auditor's workspace in `acts_auditing`."""

from beneficiaries.acts import auditing, banking, batches, cases, dossiers, payouts, rules


def register() -> None:
    """Add the acts and menu entries; called once when Django starts."""
    dossiers.register()
    cases.register()
    payouts.register()
    rules.register()
    banking.register()
    batches.register()
    auditing.register()
