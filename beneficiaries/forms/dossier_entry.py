"""The entry form of a file: the householder in sections, the members as rows. Shape only; the action names the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from beneficiaries import codes
from beneficiaries.dossiers.intake import CLEARABLE, MARKS, MOST_MEMBERS, SECRETS
from beneficiaries.dossiers.particulars import (
    HOLDER_AMOUNTS,
    HOLDER_DAYS,
    HOLDER_MARKS,
    HOLDER_TEXTS,
    HOLDER_WORDS,
    MEMBER,
)
from beneficiaries.enums import Cause, Certificate, DossierLevel, Health, Relation, Sex, WorkStatus
from beneficiaries.models import Dossier, Member
from relief.lib.money import MoneyFormField
from unions.models import Person, Union

PLEASE, NONE = "请选择", "（未填）"
MANY_MEMBERS = 30
"""Above this many rows the particulars of members are left out: a request carries at most 1,000 boxes (T9)."""


def with_empty(choices: Any, empty: str = PLEASE) -> list[tuple[str, str]]:
    """The choices of an enum or a list, behind an empty one."""
    return [("", empty), *getattr(choices, "choices", choices)]


class DayField(forms.DateField):
    """A day as the browser's date box sends it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": "日期请写成 2024-02-22 这样。", "required": "请填写日期。"},
            **kwargs,
        )


def _word(key: str, label: str = "", *, empty: str = NONE, help_text: str = "") -> forms.ChoiceField:
    """A box of one word of a list that may stay empty."""
    made = codes.LISTS[key]
    return forms.ChoiceField(
        label=label or made.title, required=False, choices=with_empty(codes.choices(key), empty), help_text=help_text
    )


def _text(label: str, most: int, help_text: str = "", **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=most, help_text=help_text, widget=forms.TextInput(attrs=attrs)
    )


def _amount(label: str, help_text: str = "") -> MoneyFormField:
    return MoneyFormField(label=label, required=False, min_value=0, help_text=help_text)


def _mark(label: str, help_text: str = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=help_text)


@dataclass(frozen=True)
class Section:
    """One part of the form with its heading."""

    key: str
    title: str
    note: str
    fields: list[forms.BoundField]


SECTIONS = (
    (
        "who",
        "身份",
        "填了身份证号，性别、出生日期和年龄自动认出。",
        "name id_number sex ethnicity political_status marital_status staff_number level application_kind",
    ),
    (
        "home",
        "联系方式、户口和住房",
        "电话和住址加密保存。",
        "phone other_contact address postcode registration_kind registration_place housing floor_area",
    ),
    (
        "work",
        "工作",
        "",
        "employer employer_nature employer_condition industry work_status worked_since contract_signed_on contract_term"
        " medical_insurance model_worker_rank union_member farmer_worker gig_worker model_worker disabled",
    ),
    (
        "hardship",
        "健康和困难",
        "健康、残疾和致困原因加密保存；病情写在这里，不要写进备注和意见。",
        "health disability cause other_causes cause_note certificate single_parent jobless_household can_help_itself"
        " priority_group exit_measure relief_target relief_target_on",
    ),
    (
        "money",
        "收入和账户",
        "做困难评估时会带出这里的收入。",
        "monthly_income other_yearly_income subsistence_amount bank card_number",
    ),
    ("office", "办理", "", "contact_person note reason"),
)


class DossierForm(forms.Form):
    """The householder. What is sealed is never shown again: left empty it stays, a single dash clears it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    request_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    name = forms.CharField(label="姓名", max_length=40, error_messages={"required": "请填写户主姓名。"})
    id_number = _text("身份证号", 40, "18 位；末位是 X 的也可以写小写 x。")
    sex = forms.ChoiceField(label="性别", required=False, choices=with_empty(Sex, "按身份证号认出"))
    ethnicity = _word("ethnicity")
    political_status = _word("political_status")
    marital_status = _word("marital_status")
    staff_number = _text("职工编号", 40, "单位里的工号，没有就留空。")
    level = forms.ChoiceField(label="建档标准", choices=DossierLevel.choices)
    application_kind = _word("application_kind", help_text="遇到急事、一次性帮扶的选“临时救助”。")
    phone = _text("手机号码", 20, inputmode="tel")
    other_contact = _text("其他联系方式", 60, "座机或亲属电话。")
    address = _text("家庭住址", 200)
    postcode = _text("邮政编码", 6, inputmode="numeric")
    registration_kind = _word("registration_kind")
    registration_place = _text("户口所在地行政区划", 80, "写到县（区），例如 云岭省澜川市临澜区。")
    housing = _word("housing")
    floor_area = _text("建筑面积（平方米）", 10, inputmode="decimal")
    employer = _text("工作单位", 120)
    employer_nature = _word("employer_nature")
    employer_condition = _word("employer_condition", help_text="机关、事业单位不填。")
    industry = _word("industry")
    work_status = forms.ChoiceField(label="工作状态", choices=WorkStatus.choices)
    worked_since = DayField(label="参加工作时间", required=False)
    contract_signed_on = DayField(label="劳动合同签订时间", required=False)
    contract_term = _word("contract_term")
    medical_insurance = forms.CharField(
        label="医保状况",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"list": "insurance"}),
        help_text="例如 已参保、未参保，或写明险种。",
    )
    model_worker_rank = _word("model_worker_rank")
    union_member = _mark("工会会员", "农民工用中央财政资金帮扶的，必须是会员。")
    farmer_worker = _mark("农民工")
    gig_worker = _mark("新就业形态劳动者")
    model_worker = _mark("劳模", "劳模类型不是“非劳模”的，自动勾上。")
    disabled = _mark("残疾职工", "统计表单独计数；残疾类别另填，加密保存。")
    health = forms.ChoiceField(label="健康状况", required=False, choices=with_empty(Health))
    disability = _word("disability", "残疾类别")
    cause = forms.ChoiceField(label="主要致困原因", required=False, choices=with_empty(Cause))
    other_causes = forms.MultipleChoiceField(
        label="次要致困原因",
        required=False,
        choices=Cause.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="最多选三项，不要和主要原因重复；没有就不选。",
    )
    cause_note = _text("致困原因说明", 200, "主要原因选“其他”的，在这里写明。")
    certificate = forms.ChoiceField(label="持有证件", required=False, choices=with_empty(Certificate, "（没有）"))
    single_parent = _mark("单亲家庭")
    jobless_household = _mark("零就业家庭", "法定劳动年龄内、有劳动能力的成员都没有就业。")
    can_help_itself = _mark("有一定自救能力")
    priority_group = _word("priority_group", help_text="2017—2020 年建档的填，其他留空。")
    exit_measure = _text("“四个一批”措施", 60, "例如 就业创业发展、纳入社保制度覆盖。")
    relief_target = _mark("解困脱困对象")
    relief_target_on = DayField(label="列为解困脱困对象的日期", required=False)
    monthly_income = _amount("本人月平均收入（元）", "近 12 个月平均，税后、扣除社保。")
    other_yearly_income = _amount("家庭其他非薪资年收入（元）", "全家经营、财产、转移收入，一年合计。")
    subsistence_amount = _amount("低保金额（元/月）", "享受低保的填每月实领数。")
    bank = _text("开户银行及支行", 120, "要写到支行，否则银行会退回。")
    card_number = _text("银行卡号", 40, inputmode="numeric")
    contact_person = forms.ModelChoiceField(
        label="联系人",
        required=False,
        queryset=Person.objects.none(),
        empty_label="（未指定）",
        help_text="本工会里负责联系这一户的人。",
    )
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
            self.fields["cause"].required = True
            self.fields["cause"].error_messages["required"] = "请选择主要致困原因。"
        else:
            self._explain_sealed(dossier)

    def _explain_sealed(self, dossier: Dossier) -> None:
        for name in SECRETS & set(self.fields):
            if getattr(dossier, name):
                self._sealed(name)
        self.fields["reason"].help_text = (
            "在档档案必填。改身份证号、开户行或卡号的，档案回到“已申请”，重走公示、审核和审批。"
            if dossier.state == "active"
            else "写清楚为什么改，留作变更记录。"
        )

    def _sealed(self, name: str) -> None:
        """Say that something is stored, how to keep it and how to clear it; never what it is."""
        box = self.fields[name]
        if isinstance(box, forms.MultipleChoiceField):
            box.help_text = "已登记，不再显示；都不选表示不改。"
            box.choices = [*box.choices, ("-", "清空原来登记的")]  # type: ignore[list-item,misc]
        elif isinstance(box, forms.ChoiceField):
            clear = [("-", "清空")] if name in CLEARABLE and name != "health" else []
            box.choices = [("", "（已登记，不改）"), *list(box.choices)[1:], *clear]  # type: ignore[arg-type,misc]
            box.help_text = "已登记，不再显示；留空表示不改。"
        else:
            clear_it = "；填一个减号 - 表示清空" if name in CLEARABLE else ""
            box.help_text = f"已登记，不再显示；留空表示不改{clear_it}。"

    def sections(self) -> list[Section]:
        """The visible fields in their parts, in the order a clerk meets them on paper."""
        return [
            Section(key, title, note, [self[name] for name in names.split() if name in self.fields])
            for key, title, note, names in SECTIONS
        ]

    def typed(self) -> dict[str, Any]:
        """What goes to the action; `sex` only when chosen, so that the number can tell it."""
        names = [name for name in self.cleaned_data if name not in ("version", "request_key", "reason")]
        return {name: self.cleaned_data[name] for name in names if name != "sex" or self.cleaned_data["sex"]}


PLAIN = (
    "name",
    "sex",
    "employer",
    "work_status",
    "level",
    "certificate",
    "contact_person",
    "note",
    "postcode",
    "floor_area",
    *MARKS,
    *HOLDER_MARKS,
    *HOLDER_WORDS,
    *HOLDER_DAYS,
    *HOLDER_AMOUNTS,
    *(name for name in HOLDER_TEXTS if name not in SECRETS),
)


def initial_of(dossier: Dossier) -> dict[str, Any]:
    """What the edit form shows: everything that is not sealed."""
    return {name: getattr(dossier, name) for name in PLAIN} | {"version": dossier.version}


class MemberForm(forms.Form):
    """One member; a saved one shows only its label and empty boxes for what should change."""

    id = forms.IntegerField(widget=forms.HiddenInput, required=False)
    relation = forms.ChoiceField(label="与户主关系", required=False, choices=with_empty(Relation))
    name = forms.CharField(label="姓名", required=False, max_length=40)
    id_number = forms.CharField(label="身份证号", required=False, max_length=40)
    birth_date = forms.CharField(label="出生日期", required=False, max_length=10)
    role = _text("人员身份", 20, list="roles")
    monthly_income = forms.CharField(label="月收入（元）", required=False, max_length=20)
    health = forms.ChoiceField(label="健康状况", required=False, choices=with_empty(Health))
    ethnicity = _word("ethnicity")
    political_status = _word("political_status")
    marital_status = _word("marital_status")
    registration_kind = _word("registration_kind")
    model_worker_rank = _word("model_worker_rank")
    disability = _word("disability", "残疾类别")
    medical_insurance = _text("医保状况", 40, list="insurance")
    phone = _text("手机", 20, inputmode="tel")
    other_contact = _text("其他联系方式", 60)
    education = _word("education")
    school_year = _text("入学年份", 4, inputmode="numeric")
    school_length = _text("年制", 2, inputmode="numeric")
    place = _text("单位或学校", 120)
    work_status = _word("work_status")
    employer_nature = _word("employer_nature")
    employer_condition = _word("employer_condition")
    industry = _word("industry")
    contract_signed_on = _text("合同签订/入伍时间", 11, placeholder="2009-07-01")
    contract_term = _word("contract_term")
    note = _text("备注", 200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "id_number", "birth_date", "monthly_income", "phone", "other_contact"):
            self.fields[name].widget.attrs |= {"autocomplete": "off"}
        self.fields["monthly_income"].widget.attrs |= {"inputmode": "decimal"}
        self.fields["birth_date"].widget.attrs |= {"placeholder": "没有证号才填"}
        self.label = ""

    def main_fields(self) -> list[forms.BoundField]:
        """The boxes everybody fills, and the one that takes the row away."""
        return [field for field in self.visible_fields() if field.name not in MEMBER]

    def more_fields(self) -> list[forms.BoundField]:
        """The particulars, behind a fold."""
        return [field for field in self.visible_fields() if field.name in MEMBER]

    def opened(self) -> bool:
        """Whether the fold stands open: something in it was typed, or is wrong."""
        return any(field.errors or field.value() for field in self.more_fields())

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
        if index is not None and self.crowded:
            for name in MEMBER:
                del form.fields[name]

    @property
    def crowded(self) -> bool:
        """Whether there are too many rows for all their boxes to fit into one request."""
        return self.total_form_count() > MANY_MEMBERS

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
