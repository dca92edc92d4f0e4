"""Addresses of this app: dossiers, visits and payouts."""

from django.urls import URLPattern

from beneficiaries.urls import auditing, banking, cases, dossiers, payouts, rules

urlpatterns: list[URLPattern] = [
    *dossiers.urlpatterns,
    *cases.urlpatterns,
    *payouts.urlpatterns,
    *rules.urlpatterns,
    *banking.urlpatterns,
    *auditing.urlpatterns,
]
