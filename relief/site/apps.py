"""The top app, which joins all others: start, worlds, commands."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The top app: it may import every other one and nobody imports it."""

    name = "relief.site"
    label = "site_wide"
    verbose_name = "全站"
