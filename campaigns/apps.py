"""Campaigns: notices, what must be handed in and by whom, money coming in, and the activity record."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "送温暖活动"

    def ready(self) -> None:
        from campaigns import importing, listings, verifiers, workflow

        workflow.register()
        verifiers.register()
        importing.register()
        listings.register()
