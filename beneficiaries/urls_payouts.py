"""Addresses of payouts; no personal data in any of them."""

from django.urls import URLPattern, path

from beneficiaries.views import (
    batch_fill,
    batch_papers,
    batch_steps,
    batches,
    payout_detail,
    payout_entry,
    payout_list,
    payout_steps,
)

urlpatterns: list[URLPattern] = [
    path("payouts/", payout_list.payout_list, name="payout_list"),
    path("payouts/new/", payout_entry.payout_new, name="payout_new"),
    path("payouts/step/<slug:step>/", payout_steps.payout_step, name="payout_step"),
    path("payouts/thresholds/", batch_papers.threshold_list, name="threshold_list"),
    path("payouts/thresholds/<int:pk>/end/", batch_papers.threshold_end, name="threshold_end"),
    path("payouts/batches/", batches.batch_list, name="batch_list"),
    path("payouts/batches/new/", batches.batch_new, name="batch_new"),
    path("payouts/batches/<int:pk>/", batches.batch_detail, name="batch_detail"),
    path("payouts/batches/<int:pk>/head/", batches.batch_head, name="batch_head"),
    path("payouts/batches/<int:pk>/terms/", batches.batch_terms, name="batch_terms"),
    path("payouts/batches/<int:pk>/amounts/", batches.batch_amounts, name="batch_amounts"),
    path("payouts/batches/<int:pk>/drop/", batches.batch_drop, name="batch_drop"),
    path("payouts/batches/<int:pk>/delete/", batches.batch_delete, name="batch_delete"),
    path("payouts/batches/<int:pk>/households/", batch_fill.batch_households, name="batch_households"),
    path("payouts/batches/<int:pk>/rows/", batch_fill.batch_paste_rows, name="batch_paste_rows"),
    path("payouts/batches/<int:pk>/steps/<slug:step>/", batch_steps.batch_step, name="batch_step"),
    path("payouts/batches/<int:pk>/papers/<slug:key>/<slug:kind>/", batch_papers.batch_paper, name="batch_paper"),
    path("payouts/batches/<int:pk>/signed/", batch_papers.batch_sign, name="batch_sign"),
    path("payouts/batches/<int:pk>/scans/<int:attachment>/", batch_papers.batch_scan, name="batch_scan"),
    path("payouts/batches/<int:pk>/invoices/", batch_papers.batch_invoice, name="batch_invoice"),
    path("payouts/<int:pk>/proxy/", batch_steps.payout_proxy, name="payout_proxy"),
    path("payouts/<int:pk>/", payout_detail.payout_detail, name="payout_detail"),
    path("payouts/<int:pk>/invoices/", payout_detail.payout_invoice, name="payout_invoice"),
    path("payouts/<int:pk>/invoices/<int:invoice>/", payout_detail.payout_invoice_scan, name="payout_invoice_scan"),
    path("payouts/<int:pk>/edit/", payout_entry.payout_edit, name="payout_edit"),
    path("payouts/<int:pk>/delete/", payout_entry.payout_delete, name="payout_delete"),
    path("payouts/<int:pk>/fail/", payout_detail.payout_fail, name="payout_fail"),
    path("payouts/<int:pk>/reverse/", payout_detail.payout_reverse, name="payout_reverse"),
    path("payouts/<int:pk>/reversal/confirm/", payout_detail.payout_reversal_confirm, name="payout_reversal_confirm"),
    path("payouts/of-dossier/<int:pk>/", payout_detail.dossier_payouts, name="dossier_payouts"),
]
