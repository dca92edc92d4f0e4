"""Addresses of this app: dossiers and visits; payouts add `*urls_payouts.urlpatterns` here."""

from django.urls import URLPattern

from beneficiaries import urls_dossiers

urlpatterns: list[URLPattern] = [*urls_dossiers.urlpatterns]
