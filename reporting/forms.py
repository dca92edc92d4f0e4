"""Forms of this app's pages: how a new form draft begins."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from reporting.designing import MOST_BYTES
from reporting.models import FormVersion

SOURCES = [("blank", "空白表样"), ("version", "复制已有的表样"), ("file", "导入表样文件")]
FORM_ID = RegexValidator(r"^[a-z0-9][a-z0-9-]*\Z", "代码只用小写字母、数字和连字符，例如 xianqu-2027。")


class NewDraftForm(forms.Form):
    """Where a new draft comes from: nothing, a version that is there, or a file."""

    source = forms.ChoiceField(label="从哪里开始", choices=SOURCES, initial="blank")
    form_version = forms.TypedChoiceField(
        label="复制哪一张", coerce=int, empty_value=None, required=False, help_text="列出每张表样的最新一版。"
    )
    title = forms.CharField(label="表名", max_length=120, required=False, help_text="空白表样必填。")
    form_id = forms.CharField(
        label="表样代码",
        max_length=60,
        required=False,
        validators=[FORM_ID],
        help_text="空白表样必填。复制时不填，就是原表的新版；填新代码，就另立一张表。",
    )
    year = forms.IntegerField(
        label="年份",
        min_value=2000,
        max_value=2100,
        required=False,
        help_text="复制时填新年份，表名和各项名称里的年份随之更新。",
    )
    file = forms.FileField(label="表样文件", required=False, help_text="本系统“导出”的 .json 文件，不超过 1 MB。")

    def __init__(self, *args: Any, versions: list[FormVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {v.pk: f"{v.title}（{v.form_id} 第 {v.version} 版）" for v in versions}
        self.fields["form_version"].choices = [("", "请选择表样"), *choices.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or self.cleaned_data
        source = sent.get("source")
        if source == "version" and not sent.get("form_version"):
            self._needs("form_version", "请选择要复制的表样。")
        if source == "blank" and not sent.get("title"):
            self._needs("title", "请填写表名。")
        if source == "blank" and not sent.get("form_id"):
            self._needs("form_id", "请填写表样代码，例如 xianqu-2027。")
        if source == "file":
            self._check_file(sent.get("file"))
        return sent

    def _check_file(self, upload: Any) -> None:
        if upload is None:
            self._needs("file", "请选择从本系统“导出”的表样文件。")
        elif upload.size > MOST_BYTES:
            self._needs("file", "文件超过 1 MB，请选择从本系统“导出”的表样文件。")

    def _needs(self, name: str, sentence: str) -> None:
        if name not in self.errors:
            self.add_error(name, sentence)
