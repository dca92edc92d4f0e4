"""Forms of the ways out of a file and of the answers to moves and claims."""

from __future__ import annotations

from typing import Any

from django import forms

from beneficiaries.enums import ClosingReason, DossierState
from beneficiaries.forms.dossiers import DayField, ReasonForm
from beneficiaries.models import Dossier
from unions.models import Person, Union
from unions.querysets import path_within

LEFT = (DossierState.CLOSED, DossierState.OUT_OF_HARDSHIP)
REASONS = [
    ("", "请选择"),
    (ClosingReason.OUT_OF_HARDSHIP.value, "脱困（不再困难）"),
    (ClosingReason.RETIRED.value, "退休"),
    (ClosingReason.MOVED.value, "调离（去了别的地方，不再由本系统的工会帮扶）"),
    (ClosingReason.DIED.value, "死亡"),
    (ClosingReason.MISTAKE.value, "错录"),
    (ClosingReason.MERGED.value, "合并（与另一份档案是同一户）"),
]


class CloseForm(ReasonForm):
    """脱困 or 注销: why, from which day, and what a merged file goes into."""

    reason = forms.ChoiceField(
        label="退出原因",
        choices=REASONS,
        error_messages={"required": "请选择退出原因。", "invalid_choice": "请从列表里选择退出原因。"},
    )
    on = DayField(label="退出日期", help_text="从这一天起不再算在档，不晚于今天。")
    kept_number = forms.CharField(
        label="保留的档案号",
        required=False,
        max_length=40,
        help_text="只在合并时填写：本工会另一份档案的号；以前的发放记录留在原处不动。",
    )
    field_order = ("version", "reason", "kept_number", "on", "text")

    def __init__(self, *args: Any, person: Person, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._own = Dossier.objects.visible_to(person).filter(union=dossier.union_id).exclude(pk=dossier.pk)
        self.fields["text"].label = "情况说明"
        self.fields["text"].help_text = "写清楚依据，例如收入变化、新的工作；不要写病名和证件号。"

    def clean(self) -> dict[str, Any]:
        """Turn the number of the kept file into the file; only a merge names one."""
        typed = super().clean() or {}
        number, kept = str(typed.pop("kept_number", "") or "").strip(), None
        if typed.get("reason") == ClosingReason.MERGED:
            kept = self._own.filter(number__iexact=number).exclude(state__in=LEFT).first() if number else None
            if kept is None:
                said = (
                    "本工会没有这个号的档案，或者它已经退出；请核对。" if number else "合并要填写保留的那份档案的号。"
                )
                self.add_error("kept_number", said)
        elif number:
            self.add_error("kept_number", "只有退出原因选“合并”时才填档案号。")
        typed["kept"] = kept
        return typed


class OfferForm(ReasonForm):
    """Which union is to take the file over, and why."""

    to = forms.ModelChoiceField(
        label="转入工会",
        queryset=Union.objects.none(),
        empty_label="请选择",
        help_text="对方工会的填报员同意以后，档案才转过去；在那以前仍由本工会保管。",
        error_messages={"required": "请选择转入工会。", "invalid_choice": "请从列表里选择转入工会。"},
    )
    field_order = ("version", "to", "text")

    def __init__(self, *args: Any, union: Union, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        root = Union.objects.get(pk=union.line_ids()[0])
        keepers = Union.objects.filter(path_within(root.path), closed_on__isnull=True).exclude(pk=union.pk)
        self.fields["to"].queryset = keepers.order_by("code")  # type: ignore[attr-defined]
        self.fields["text"].label = "转出原因"
        self.fields["text"].help_text = "写清楚职工去了哪里；不要写病名和证件号。"
        self.fields["text"].max_length = 200  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """Yes or no to a move or a claim, with words; a no needs them."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        choices=[("yes", "同意"), ("no", "不同意")],
        error_messages={"required": "请点“同意”或“不同意”。", "invalid_choice": "请点“同意”或“不同意”。"},
    )
    answer = forms.CharField(required=False, max_length=200, error_messages={"max_length": "说明最多 200 个字。"})

    def said(self) -> dict[str, Any]:
        """What the action asks."""
        typed = self.cleaned_data
        return {"version": typed["version"], "accept": typed["decision"] == "yes", "answer": typed["answer"]}
