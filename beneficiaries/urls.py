"""Addresses of this app: dossiers, visits and payouts."""

from django.urls import URLPattern

from beneficiaries import urls_auditing, urls_banking, urls_cases, urls_dossiers, urls_payouts, urls_rules

urlpatterns: list[URLPattern] = [
    *urls_dossiers.urlpatterns,
    *urls_cases.urlpatterns,
    *urls_payouts.urlpatterns,
    *urls_rules.urlpatterns,
    *urls_banking.urlpatterns,
    *urls_auditing.urlpatterns,
]
