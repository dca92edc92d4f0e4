"""Addresses of the auditor's workspace; no personal data in any of them."""

from django.urls import URLPattern, path

from beneficiaries.views import auditing

urlpatterns: list[URLPattern] = [
    path("auditing/", auditing.audit_desk, name="audit_desk"),
    path("auditing/gaps/", auditing.audit_gaps, name="audit_gaps"),
    path("auditing/lines/<slug:kind>/", auditing.audit_lines, name="audit_lines"),
]
