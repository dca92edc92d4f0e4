"""Addresses of dossiers and visits."""

from django.urls import URLPattern, path

from beneficiaries.views import (
    assessing,
    dossier_entry,
    dossiers,
    households,
    leaving,
    pairings,
    requests,
    sheets,
    visits,
)

urlpatterns: list[URLPattern] = [
    path("dossiers/", dossiers.dossier_list, name="dossier_list"),
    path("dossiers/search/", dossiers.dossier_search, name="dossier_search"),
    path("dossiers/new/", dossier_entry.dossier_new, name="dossier_new"),
    path("dossiers/standards/", households.standards, name="standards"),
    path("dossiers/standards/rule/", households.class_rule_adopt, name="class_rule_adopt"),
    path("dossiers/requests/", requests.dossier_requests, name="dossier_requests"),
    path("dossiers/requests/moves/<int:pk>/answer/", requests.move_answer, name="move_answer"),
    path("dossiers/requests/moves/<int:pk>/withdraw/", requests.move_withdraw, name="move_withdraw"),
    path("dossiers/requests/claims/<int:pk>/answer/", requests.claim_answer, name="claim_answer"),
    path("dossiers/<int:pk>/", dossiers.dossier_detail, name="dossier_detail"),
    path("dossiers/<int:pk>/edit/", dossier_entry.dossier_edit, name="dossier_edit"),
    path("dossiers/<int:pk>/pairings/", pairings.dossier_pairings, name="dossier_pairings"),
    path("dossiers/<int:pk>/pairings/<int:number>/end/", pairings.pairing_end, name="pairing_end"),
    path("dossiers/<int:pk>/changes/", pairings.dossier_changes, name="dossier_changes"),
    path("dossiers/<int:pk>/assess/", assessing.dossier_assess, name="dossier_assess"),
    path("dossiers/<int:pk>/steps/<slug:step>/", dossiers.dossier_step, name="dossier_step"),
    path("dossiers/<int:pk>/return/", dossiers.dossier_return, name="dossier_return"),
    path("dossiers/<int:pk>/close/", leaving.dossier_close, name="dossier_close"),
    path("dossiers/<int:pk>/transfer/", leaving.dossier_transfer, name="dossier_transfer"),
    path("dossiers/<int:pk>/reopen/", leaving.dossier_reopen, name="dossier_reopen"),
    path("dossiers/<int:pk>/unmask/", households.household_unmask, name="household_unmask"),
    path("dossiers/<int:pk>/evidence/", households.evidence_add, name="evidence_add"),
    path("dossiers/<int:pk>/evidence/<int:attachment>/", households.evidence_download, name="evidence_download"),
    path("dossiers/<int:pk>/sheet/<slug:kind>/", sheets.dossier_sheet_file, name="dossier_sheet"),
    path("visits/", visits.visit_list, name="visit_list"),
    path("visits/household/", visits.visit_new, {"kind": "household"}, name="visit_household"),
    path("visits/enterprise/", visits.visit_new, {"kind": "enterprise"}, name="visit_enterprise"),
    path("visits/<int:pk>/void/", visits.visit_void, name="visit_void"),
]
