"""Households in hardship: dossiers, visits, and the money and goods handed out."""

from django.apps import AppConfig


class BeneficiariesConfig(AppConfig):
    name = "beneficiaries"
    verbose_name = "职工档案与慰问发放"

    def ready(self) -> None:
        from beneficiaries import importing, listings, verifiers, workflow
        from beneficiaries.auditing import listings as audit_lists
        from beneficiaries.funds import balances

        workflow.register()
        verifiers.register()
        balances.register()
        importing.register()
        listings.register()
        audit_lists.register()
