"""Forms of pairings."""

from __future__ import annotations

from django import forms

from beneficiaries.forms.dossier_entry import DayField


class PairingForm(forms.Form):
    """Who pairs with the household, and since when."""

    helper = forms.CharField(label="结对人", max_length=40, error_messages={"required": "请填写结对人姓名。"})
    unit = forms.CharField(label="单位和职务", required=False, max_length=120, help_text="例如 区总工会 副主席。")
    phone = forms.CharField(label="工作电话", required=False, max_length=20)
    valid_from = DayField(label="结对日期")


class EndPairingForm(forms.Form):
    """The end of a pairing."""

    valid_to = DayField(label="结束日期")
    why = forms.CharField(
        label="结束原因",
        max_length=200,
        help_text="例如 已脱困、工作调动。不要写病名。",
        error_messages={"required": "请写明结束原因。"},
    )
