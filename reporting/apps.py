"""Forms, submissions, figures, roll-ups and the official papers that come out of them."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = "统计报表"

    def ready(self) -> None:
        from reporting import listings, verifiers, workflow

        workflow.register()
        verifiers.register()
        listings.register()
