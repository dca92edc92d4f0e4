"""Addresses of dossiers and visits."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
