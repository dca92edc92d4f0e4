"""Forms of public lists."""

from __future__ import annotations

from typing import Any

from django import forms

from beneficiaries.actions.public_lists import TO_LIST, TO_POST
from beneficiaries.enums import ListKind, ObjectionOutcome
from beneficiaries.forms.dossier_entry import DayField
from beneficiaries.models import Dossier, Payout, PublicList
from campaigns.models import Campaign
from relief.lib.idnumber import mask_name
from unions.models import Person, Union


class Files(forms.ModelMultipleChoiceField):
    """Files by number and masked name."""

    def label_from_instance(self, obj: Dossier) -> str:  # type: ignore[override]
        return f"{obj.number} {mask_name(obj.name)} {obj.get_hardship_class_display()}（{obj.get_state_display()}）"


class Payouts(forms.ModelMultipleChoiceField):
    """Payouts by number and masked name."""

    def label_from_instance(self, obj: Payout) -> str:  # type: ignore[override]
        return f"{obj.number} {mask_name(obj.recipient)}（{obj.get_state_display()}）"


class ListForm(forms.Form):
    """What every public list says about itself."""

    title = forms.CharField(label="标题", max_length=80)
    starts_on = DayField(label="公示起")
    ends_on = DayField(label="公示至", help_text="至少 5 个工作日；当天结束后链接自动失效。")
    contact = forms.CharField(
        label="监督电话或地点", max_length=80, help_text="例如“县总工会权益保障部，0900-6611000”。不要写个人手机。"
    )


class DossierListForm(ListForm):
    kind = ListKind.DOSSIERS
    chosen = Files(
        label="公示对象",
        queryset=Dossier.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="已入户、等公示的档案。公示上只有隐去一字的姓名、单位和困难类别。",
        error_messages={"required": "请至少选一户。"},
    )

    def __init__(self, *args: Any, person: Person, union: Union, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Dossier.objects.visible_to(person).filter(union=union, state__in=TO_POST)
        self.fields["chosen"].queryset = rows.select_related("union").order_by("number")  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        return {"dossiers": list(typed.pop("chosen")), **typed}


class PayoutListForm(ListForm):
    kind = ListKind.PAYOUTS
    campaign = forms.ModelChoiceField(
        label="活动", required=False, queryset=Campaign.objects.none(), empty_label="（不限活动）"
    )
    with_amount = forms.BooleanField(label="公布金额", required=False, help_text="规定要求公布的才勾选。")
    amount_basis = forms.CharField(label="公布金额的依据", required=False, max_length=120)
    chosen = Payouts(
        label="公示对象",
        queryset=Payout.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="已送审的发放。公示上只有隐去一字的姓名、单位和类别，规定要求时有金额。",
        error_messages={"required": "请至少选一笔。"},
    )

    def __init__(self, *args: Any, person: Person, union: Union, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Payout.objects.visible_to(person).filter(union=union, state__in=TO_LIST)
        self.fields["campaign"].queryset = Campaign.objects.visible_to(person)  # type: ignore[attr-defined]
        self.fields["chosen"].queryset = rows.select_related("union", "dossier").order_by("number")  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        typed = dict(self.cleaned_data)
        return {"payouts": list(typed.pop("chosen")), **typed}


class WithdrawForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label="撤下的原因", max_length=200, error_messages={"required": "请写明撤下的原因。"})


class ObjectionForm(forms.Form):
    """What was objected, and to whom; the person who objected stays unnamed."""

    line = forms.ChoiceField(label="对象", required=False)
    received_on = DayField(label="收到日期")
    text = forms.CharField(
        label="异议内容",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不写提出人的姓名，不写病名和证件号。",
        error_messages={"required": "请写明异议内容。"},
    )

    def __init__(self, *args: Any, public_list: PublicList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in public_list.lines.order_by("place")}
        choices = [("", "整份名单"), *[(key, f"{row.place}. {row.name}") for key, row in self.rows.items()]]
        self.fields["line"].choices = choices  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {"received_on": typed["received_on"], "text": typed["text"], "line": self.rows.get(typed["line"])}


class DecideForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label="处理结果",
        choices=[
            ("", "请选择"),
            (ObjectionOutcome.UPHELD.value, "成立"),
            (ObjectionOutcome.DISMISSED.value, "不成立"),
        ],
    )
    answer = forms.CharField(
        label="核查情况",
        max_length=400,
        error_messages={"required": "请写明核查情况。"},
        help_text="不要写病名和证件号。",
    )
