"""Forms of the steps of a file; they check shape, the action checks the rest and names the field."""

from __future__ import annotations

from django import forms

from beneficiaries.actions.evidence import KINDS
from beneficiaries.actions.households import TYPED
from beneficiaries.enums import DossierLevel
from beneficiaries.forms.dossier_entry import DayField
from relief.lib.money import MoneyFormField


class StepForm(forms.Form):
    """What every step of the chain asks: the version seen and an opinion."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="意见",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不要写病名、证件号和卡号。",
    )
    amount = MoneyFormField(
        label="建议金额（元）",
        required=False,
        min_value=0,
        help_text="这一级建议帮扶多少；各级的数都保留，没有建议留空。",
    )


class VisitStepForm(StepForm):
    on = DayField(label="入户日期")


class PostStepForm(StepForm):
    on = DayField(label="公示起始日")
    until = DayField(label="公示截止日", help_text="至少 5 个工作日。")


class ApproveStepForm(StepForm):
    opened_on = DayField(label="建档日期", help_text="纸质档案上的日期，不晚于今天。")
    level = forms.ChoiceField(label="建档标准", choices=DossierLevel.choices)


class ReasonForm(forms.Form):
    """A reason that must be given."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="原因",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明原因。"},
        help_text="写清楚缺什么、改什么；不要写病名和证件号。",
    )


class UnmaskForm(forms.Form):
    """Purpose and reason of looking at a household in full."""

    purpose = forms.ChoiceField(label="用途", choices=[("", "请选择"), *TYPED])
    reason = forms.CharField(label="事由", max_length=100, help_text="记入审计；不要写病名和证件号。")


class EvidenceForm(forms.Form):
    """One file with its type."""

    kind = forms.ChoiceField(label="材料类型", choices=[("", "请选择"), *[(kind, kind) for kind in KINDS]])
    upload = forms.FileField(
        label="文件",
        help_text="图片或 PDF，不超过 10 MB；照片里的拍摄位置会去掉。",
        error_messages={"required": "请选择文件。"},
    )


class StandardForm(forms.Form):
    """The subsistence standard of a union for a year."""

    year = forms.IntegerField(label="年度", error_messages={"invalid": "年度请写成 2024 这样。"})
    monthly = MoneyFormField(label="月标准（元/人）")
