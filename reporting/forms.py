"""Forms of this app's pages: the three ways in which a form draft begins."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from reporting.designing import MOST_BYTES
from reporting.models import FormVersion

FORM_ID = RegexValidator(r"^[a-z0-9][a-z0-9-]*\Z", "代码只用小写字母、数字和连字符，例如 xianqu-2027。")


def _year(help_text: str) -> forms.IntegerField:
    return forms.IntegerField(label="年份", min_value=2000, max_value=2100, required=False, help_text=help_text)


class BlankDraftForm(forms.Form):
    """A draft that begins with nothing but its name."""

    title = forms.CharField(label="表名", max_length=120, error_messages={"required": "请填写表名。"})
    form_id = forms.CharField(
        label="表样代码",
        max_length=60,
        validators=[FORM_ID],
        error_messages={"required": "请填写表样代码，例如 xianqu-2027。"},
        help_text="小写字母、数字和连字符，例如 xianqu-2027。",
    )
    year = _year("表名里的年份。")


class CopyDraftForm(forms.Form):
    """A draft that begins as a copy of a version: the next one of its form, or another form."""

    form_version = forms.TypedChoiceField(
        label="复制哪一张",
        coerce=int,
        error_messages={"required": "请选择要复制的表样。"},
        help_text="列出每张表样的最新一版。",
    )
    year = _year("填新年份，表名和各项名称里的年份随之更新。")
    form_id = forms.CharField(
        label="新代码",
        max_length=60,
        required=False,
        validators=[FORM_ID],
        help_text="不填就是原表的新版；填新代码，就另立一张表。",
    )
    title = forms.CharField(
        label="新表名", max_length=120, required=False, help_text="另立一张表时填；不填就用原来的表名。"
    )

    def __init__(self, *args: Any, versions: list[FormVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {v.pk: f"{v.title}（{v.form_id} 第 {v.version} 版）" for v in versions}
        self.fields["form_version"].choices = [("", "请选择表样"), *choices.items()]  # type: ignore[attr-defined]


class FileDraftForm(forms.Form):
    """A draft that begins with an exported file."""

    file = forms.FileField(
        label="表样文件",
        error_messages={"required": "请选择从本系统“导出”的表样文件。"},
        help_text="本系统“导出”的 .json 文件，不超过 1 MB。",
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError("文件超过 1 MB，请选择从本系统“导出”的表样文件。")
        return upload
