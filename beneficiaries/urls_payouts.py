"""Addresses of payouts; no personal data in any of them."""

from django.urls import URLPattern, path

from beneficiaries.views import payout_detail, payout_entry, payout_list, payout_steps

urlpatterns: list[URLPattern] = [
    path("payouts/", payout_list.payout_list, name="payout_list"),
    path("payouts/new/", payout_entry.payout_new, name="payout_new"),
    path("payouts/step/<slug:step>/", payout_steps.payout_step, name="payout_step"),
    path("payouts/part/funds/", payout_detail.funds_paid_part, name="funds_paid_part"),
    path("payouts/<int:pk>/", payout_detail.payout_detail, name="payout_detail"),
    path("payouts/<int:pk>/edit/", payout_entry.payout_edit, name="payout_edit"),
    path("payouts/<int:pk>/delete/", payout_entry.payout_delete, name="payout_delete"),
    path("payouts/<int:pk>/fail/", payout_detail.payout_fail, name="payout_fail"),
    path("payouts/<int:pk>/reverse/", payout_detail.payout_reverse, name="payout_reverse"),
    path("payouts/<int:pk>/reversal/confirm/", payout_detail.payout_reversal_confirm, name="payout_reversal_confirm"),
    path("payouts/of-dossier/<int:pk>/", payout_detail.dossier_payouts, name="dossier_payouts"),
]
