"""Addresses of the first page, the board and the roll-up."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
