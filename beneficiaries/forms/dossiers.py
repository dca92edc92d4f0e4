"""Forms of the file of a household; they check shape, the action checks the rest and names the field."""

from __future__ import annotations

from typing import Any

from django import forms

from beneficiaries.actions.evidence import KINDS
from beneficiaries.actions.households import TYPED
from beneficiaries.enums import (
    Cause,
    Certificate,
    ClosingReason,
    DossierLevel,
    HardshipClass,
    Health,
    Relation,
    Sex,
    WorkStatus,
)
from beneficiaries.intake import CLEARABLE, MARKS, MOST_MEMBERS, SECRETS
from beneficiaries.models import Dossier, Member
from relief.lib.money import MoneyFormField
from unions.models import Person, Union
from unions.querysets import path_within


def _choices(choices: Any, empty: str) -> list[tuple[str, str]]:
    return [("", empty), *choices.choices]


class DayField(forms.DateField):
    """A day as the browser's date box sends it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": "日期请写成 2024-02-22 这样。", "required": "请填写日期。"},
            **kwargs,
        )


class DossierForm(forms.Form):
    """The householder. What is sealed is never shown again: left empty it stays, a single dash clears it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    request_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    name = forms.CharField(label="姓名", max_length=40, error_messages={"required": "请填写户主姓名。"})
    id_number = forms.CharField(label="身份证号", required=False, max_length=40)
    sex = forms.ChoiceField(label="性别", required=False, choices=_choices(Sex, "按身份证号认出"))
    phone = forms.CharField(label="手机号码", required=False, max_length=20)
    address = forms.CharField(label="家庭住址", required=False, max_length=200)
    employer = forms.CharField(label="工作单位", required=False, max_length=120)
    work_status = forms.ChoiceField(label="工作状态", choices=WorkStatus.choices)
    health = forms.ChoiceField(label="健康状况", required=False, choices=_choices(Health, "请选择"))
    cause = forms.ChoiceField(label="主要致困原因", required=False, choices=_choices(Cause, "请选择"))
    level = forms.ChoiceField(label="建档标准", choices=DossierLevel.choices)
    bank = forms.CharField(
        label="开户银行及支行", required=False, max_length=120, help_text="要写到支行，否则银行会退回。"
    )
    card_number = forms.CharField(label="银行卡号", required=False, max_length=40)
    certificate = forms.ChoiceField(label="持有证件", required=False, choices=_choices(Certificate, "（没有）"))
    contact_person = forms.ModelChoiceField(
        label="联系人", required=False, queryset=Person.objects.none(), empty_label="（未指定）"
    )
    farmer_worker = forms.BooleanField(label="农民工", required=False)
    disabled = forms.BooleanField(label="残疾职工", required=False)
    model_worker = forms.BooleanField(label="劳模", required=False)
    gig_worker = forms.BooleanField(label="新就业形态劳动者", required=False)
    note = forms.CharField(
        label="备注",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不要写病名、证件号和卡号，它们有专门的栏目。",
    )
    reason = forms.CharField(label="修改原因", required=False, max_length=200)

    def __init__(self, *args: Any, union: Union, dossier: Dossier | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Person.objects.filter(posts__union=union, posts__revoked_at__isnull=True).distinct().order_by("pk")
        self.fields["contact_person"].queryset = staff  # type: ignore[attr-defined]
        for name in SECRETS & set(self.fields):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        if dossier is None:
            del self.fields["reason"]
        else:
            self._explain_sealed(dossier)

    def _explain_sealed(self, dossier: Dossier) -> None:
        for name in SECRETS & set(self.fields):
            if getattr(dossier, name):
                clear = "；填一个减号 - 表示清空" if name in CLEARABLE and name != "health" else ""
                self.fields[name].help_text = f"已登记，不再显示；留空表示不改{clear}。"
                if isinstance(self.fields[name], forms.ChoiceField):
                    self.fields[name].choices = [("", "（已登记，不改）"), *self.fields[name].choices[1:]]  # type: ignore[attr-defined]
        self.fields["reason"].help_text = (
            "在档档案必填。改身份证号、开户行或卡号的，档案回到“已申请”，重走公示、审核和审批。"
            if dossier.state == "active"
            else "写清楚为什么改，留作变更记录。"
        )

    def typed(self) -> dict[str, Any]:
        """What goes to the action; `sex` only when chosen, so that the number can tell it."""
        names = [name for name in self.cleaned_data if name not in ("version", "request_key", "reason")]
        return {name: self.cleaned_data[name] for name in names if name != "sex" or self.cleaned_data["sex"]}


def initial_of(dossier: Dossier) -> dict[str, Any]:
    """What the edit form shows: everything that is not sealed."""
    shown = ("name", "sex", "employer", "work_status", "level", "certificate", "contact_person", "note", *MARKS)
    return {name: getattr(dossier, name) for name in shown} | {"version": dossier.version}


class MemberForm(forms.Form):
    """One member; a saved one shows only its label and empty boxes for what should change."""

    id = forms.IntegerField(widget=forms.HiddenInput, required=False)
    relation = forms.ChoiceField(label="与户主关系", required=False, choices=_choices(Relation, "请选择"))
    name = forms.CharField(label="姓名", required=False, max_length=40)
    id_number = forms.CharField(label="身份证号", required=False, max_length=40)
    birth_date = forms.CharField(label="出生日期", required=False, max_length=10)
    role = forms.CharField(label="人员身份", required=False, max_length=20)
    monthly_income = forms.CharField(label="月收入（元）", required=False, max_length=20)
    health = forms.ChoiceField(label="健康状况", required=False, choices=_choices(Health, "请选择"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "id_number", "birth_date", "role", "monthly_income"):
            self.fields[name].widget.attrs |= {"autocomplete": "off"}
        self.fields["monthly_income"].widget.attrs |= {"inputmode": "decimal"}
        self.fields["birth_date"].widget.attrs |= {"placeholder": "没有证号才填"}
        self.label = ""

    def is_empty(self) -> bool:
        """A row nobody touched."""
        return not any(self.cleaned_data.get(name) for name in self.fields if name != "DELETE")

    def typed(self) -> dict[str, Any]:
        """The row for the action, without boxes left empty."""
        return {
            name: value for name, value in self.cleaned_data.items() if name != "DELETE" and value not in (None, "")
        }


class MemberBaseFormSet(forms.BaseFormSet):
    """At most fifty members; more are refused in words, however many rows a request brings (T9)."""

    default_error_messages = {
        **forms.BaseFormSet.default_error_messages,
        "too_many_forms": f"一份档案最多登记 {MOST_MEMBERS} 位家庭成员，多出的没有保存；请核对是否把几户填在了一起。",
    }

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "移除这一位"

    def rows(self) -> list[tuple[int, dict[str, Any]]]:
        """(place of the form, what was typed) of every row that is filled and not removed."""
        return [
            (place, form.typed())
            for place, form in enumerate(self.forms)
            if not form.is_empty() and not form.cleaned_data.get("DELETE")
        ]


MemberFormSet = forms.formset_factory(
    MemberForm,
    formset=MemberBaseFormSet,
    extra=1,
    max_num=MOST_MEMBERS,
    absolute_max=MOST_MEMBERS + 1,
    validate_max=True,
    can_delete=True,
)


def members_initial(members: list[Member]) -> list[dict[str, Any]]:
    """The rows of saved members: which one, and the relation of adults (everything of a child is sealed)."""
    return [{"id": member.pk, "relation": member.relation if member.adult_birth_year else ""} for member in members]


class AssessmentForm(forms.Form):
    """The inputs of an assessment."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    persons = forms.IntegerField(
        label="家庭人口（共同生活）", error_messages={"required": "请填写家庭人口。", "invalid": "家庭人口只能是整数。"}
    )
    yearly_income = MoneyFormField(
        label="年可支配收入（元）", min_value=0, help_text="全家工资、经营、财产和转移收入，减去税费。"
    )
    rigid_expenses = MoneyFormField(
        label="年刚性支出（元）", min_value=0, help_text="医疗自付、子女教育、残疾康复、灾害损失；没有填 0。"
    )
    job_cost = MoneyFormField(
        label="年必要就业成本（元）", min_value=0, required=False, help_text="只用于相对困难的测算；没有留空。"
    )
    accidental_loss = MoneyFormField(
        label="年意外损失（元）", min_value=0, required=False, help_text="超过年收入 80% 时提示意外致困，由人认定。"
    )
    override = forms.ChoiceField(
        label="人工认定", required=False, choices=[("", "不改，按测算结果"), *HardshipClass.choices]
    )
    override_reason = forms.CharField(
        label="认定理由", required=False, max_length=200, help_text="测算结果会一直留在旁边。不要写病名。"
    )


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


class CloseForm(ReasonForm):
    reason = forms.ChoiceField(label="退出原因", choices=_choices(ClosingReason, "请选择"))
    on = DayField(label="退出日期")
    field_order = ("version", "reason", "on", "text")


class TransferForm(ReasonForm):
    to = forms.ModelChoiceField(
        label="转入工会",
        queryset=Union.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择转入工会。", "invalid_choice": "请从列表里选择转入工会。"},
    )
    on = DayField(label="转移日期", help_text="从这一天起由转入工会保管，不晚于今天。")
    field_order = ("version", "to", "on", "text")

    def __init__(self, *args: Any, union: Union, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        root = Union.objects.get(pk=union.line_ids()[0])
        keepers = Union.objects.filter(path_within(root.path), closed_on__isnull=True).exclude(pk=union.pk)
        self.fields["to"].queryset = keepers.order_by("code")  # type: ignore[attr-defined]


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
