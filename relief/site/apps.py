"""The top app, which joins all others: start, worlds, commands."""

from django.apps import AppConfig
from django.forms import ChoiceField, Field, FileField, ModelChoiceField

REQUIRED = (
    (Field, "这一项必须填写。"),
    (ChoiceField, "请选择一项。"),
    (ModelChoiceField, "请选择一项。"),
    (FileField, "请选择文件。"),
)
"""What an empty box is told where the form has no sentence of its own; the framework's speaks of "fields"."""


class SiteConfig(AppConfig):
    """The top app: it may import every other one and nobody imports it."""

    name = "relief.site"
    label = "site_wide"
    verbose_name = "全站"

    def ready(self) -> None:
        for kind, sentence in REQUIRED:
            kind.default_error_messages = {**kind.default_error_messages, "required": sentence}
