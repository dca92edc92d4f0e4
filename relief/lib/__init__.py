"""Shared code below all apps: no models, knows no app."""
