"""The lowest app: the union tree, accounts, posts, scope and the audit record."""

from django.apps import AppConfig


class UnionsConfig(AppConfig):
    name = "unions"
    verbose_name = "工会组织"

    def ready(self) -> None:
        from unions import verifiers, workflow
        from unions.listings import own
        from unions.staff import importing

        workflow.register()
        verifiers.register()
        own.register()
        importing.register()
