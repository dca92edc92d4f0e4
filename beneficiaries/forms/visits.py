"""Forms of visits."""

from __future__ import annotations

from typing import Any

from django import forms

from beneficiaries.enums import DossierState, Met, VisitChange, VisitKind
from beneficiaries.forms.dossiers import DayField
from beneficiaries.models import Dossier
from campaigns.models import Campaign
from relief.lib.idnumber import mask_name
from unions.models import Person, Union


class DossierChoice(forms.ModelChoiceField):
    """A household by number and masked name."""

    def label_from_instance(self, obj: Dossier) -> str:  # type: ignore[override]
        return f"{obj.number} {mask_name(obj.name)}（{obj.get_hardship_class_display() or '未评估'}）"


class Households(forms.ModelMultipleChoiceField):
    """Households by number and masked name."""

    def label_from_instance(self, obj: Dossier) -> str:  # type: ignore[override]
        return f"{obj.number} {mask_name(obj.name)}（{obj.get_hardship_class_display() or '未评估'}）"


class PhotoInput(forms.FileInput):
    """Takes several photos at once; a phone offers its camera."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/jpeg,image/png"})


class PhotosField(forms.FileField):
    """A list of uploaded photos, empty when there is none."""

    widget = PhotoInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            raise forms.ValidationError("请选择照片。")
        return [super(PhotosField, self).clean(one, initial) for one in given]


PHOTO_HELP = "jpg 或 png，每张不超过 10 MB，一次最多 6 张；照片里的拍摄地点等信息会自动去掉。"


class PhotosForm(forms.Form):
    photos = PhotosField(label="照片", help_text=PHOTO_HELP)


class VisitForm(forms.Form):
    """What every visit says."""

    visited_on = DayField(label="走访日期")
    campaign = forms.ModelChoiceField(
        label="活动", required=False, queryset=Campaign.objects.none(), empty_label="日常走访"
    )
    with_relief = forms.BooleanField(label="带去了慰问款物", required=False, help_text="款物另在“慰问发放”里登记。")
    leader = forms.CharField(label="带队人", required=False, max_length=40)
    persons = forms.IntegerField(label="走访人数", initial=1, error_messages={"invalid": "走访人数只能是整数。"})
    note = forms.CharField(
        label="记录",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="不要写病名和证件号。",
    )
    photos = PhotosField(label="照片", required=False, help_text=PHOTO_HELP)

    def __init__(self, *args: Any, person: Person, union: Union, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.visible_to(person)  # type: ignore[attr-defined]


class HouseholdVisitForm(VisitForm):
    kind = VisitKind.HOUSEHOLD
    dossier = DossierChoice(
        label="家庭",
        queryset=Dossier.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择走访的家庭。", "invalid_choice": "请从列表里选择家庭。"},
    )
    met = forms.ChoiceField(label="见到本人了吗", required=False, choices=Met.choices, widget=forms.RadioSelect)
    changed = forms.MultipleChoiceField(
        label="家里有变化吗",
        required=False,
        choices=VisitChange.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="选了会提醒复核档案。",
    )
    field_order = (
        "dossier",
        "visited_on",
        "met",
        "changed",
        "note",
        "photos",
        "with_relief",
        "campaign",
        "leader",
        "persons",
    )

    def __init__(self, *args: Any, person: Person, union: Union, **kwargs: Any) -> None:
        super().__init__(*args, person=person, union=union, **kwargs)
        known = Dossier.objects.visible_to(person).filter(union=union).exclude(state=DossierState.CLOSED)
        self.fields["dossier"].queryset = known  # type: ignore[attr-defined]


class EnterpriseVisitForm(VisitForm):
    kind = VisitKind.ENTERPRISE
    enterprise = forms.CharField(label="企业名称", max_length=120, error_messages={"required": "请填写企业名称。"})
    in_difficulty = forms.BooleanField(label="困难企业", required=False)
    field_order = (
        "enterprise",
        "in_difficulty",
        "visited_on",
        "with_relief",
        "note",
        "photos",
        "campaign",
        "leader",
        "persons",
    )


class PlanForm(forms.Form):
    """A route of one day."""

    planned_on = DayField(label="走访日期")
    route = forms.CharField(label="线路", max_length=60, help_text="例如“第 2 路 城东”。不要写住址和电话。")
    leader = forms.CharField(label="带队人", max_length=40)
    companions = forms.CharField(label="同行", required=False, max_length=80)
    dossiers = Households(
        label="走访的家庭",
        queryset=Dossier.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一家。"},
        help_text="一条线路最多 30 家。",
    )

    def __init__(self, *args: Any, person: Person, union: Union, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Dossier.objects.visible_to(person).filter(union=union).exclude(state=DossierState.CLOSED)
        self.fields["dossiers"].queryset = known.order_by("number")  # type: ignore[attr-defined]
