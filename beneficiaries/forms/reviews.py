"""Forms of yearly reviews and of their drawn checks."""

from __future__ import annotations

from typing import Any

from django import forms

from beneficiaries.enums import CheckResult, ReviewOutcome
from beneficiaries.forms.dossier_entry import DayField
from relief.lib import clock


class ReviewForm(forms.Form):
    """What the yearly look found."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label="结论",
        choices=ReviewOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择复核结论。", "invalid_choice": "请选择复核结论。"},
        help_text="类别有变的，先重新评估，按新类别审批下来以后再登记；不再困难的，登记后档案随即脱困。",
    )
    on = DayField(label="复核日期")
    text = forms.CharField(
        label="情况",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明复核的情况。"},
        help_text="收入、住房、就业、上学有没有变；不要写病名和证件号。",
    )


class DrawForm(forms.Form):
    """A year, and a share or a number."""

    year = forms.IntegerField(label="年度", error_messages={"invalid": "年度请写成 2024 这样。"})
    share = forms.IntegerField(
        label="比例", required=False, min_value=1, max_value=100, help_text="百分之几，一般不少于 30。"
    )
    asked = forms.IntegerField(label="或户数", required=False, min_value=1, max_value=1000, help_text="两项填一项。")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not self.errors and (typed.get("share") is None) == (typed.get("asked") is None):
            self.add_error("share", "比例和户数填一项。")
        if typed.get("year") is not None and not 2000 <= typed["year"] <= clock.today().year:
            self.add_error("year", "年度应在 2000 年以后、不晚于今年。")
        return typed


class CheckForm(forms.Form):
    """The result of one drawn check."""

    version = forms.IntegerField()
    result = forms.ChoiceField(choices=CheckResult.choices, error_messages={"required": "请选择抽查结果。"})
    note = forms.CharField(required=False, max_length=200, error_messages={"max_length": "情况最多 200 个字。"})
