"""Forms of payouts: the draft with its lines, the filters of the list, and the confirmation of a step."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django import forms

from beneficiaries.enums import DossierState, Purpose, ReliefGroup, Route, Trait
from beneficiaries.models import Dossier, Payout
from campaigns.enums import FundSource
from campaigns.models import Campaign
from relief.lib import idnumber
from relief.lib.money import MoneyFormField, grouped
from unions.models import Person, Union

KEEP = "留空不改"
BASIS = ("union_member", "self_paid", "students")
"""What the rules ask beside the person."""
WRITE_ONLY = ("recipient", "id_number", "bank", "card_number", "self_paid")
"""Not shown again once they are saved."""
STAGES = {
    "draft": "草稿",
    "to_review": "待审核",
    "to_approve": "待审批",
    "to_second": "待第二审批",
    "approved": "已审批",
    "released": "已出账",
    "paid": "已发放",
    "failed": "失败",
    "reversed": "已冲正",
}


def day_field(label: str, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    words = {"invalid": "请写成 2024-01-16 这样的日期。", "required": f"请填写{label}。"}
    return forms.DateField(label=label, widget=widget, error_messages=words, **more)


class DossierChoice(forms.ModelChoiceField):
    def label_from_instance(self, dossier: Dossier) -> str:  # type: ignore[override]
        state = "" if dossier.state == DossierState.ACTIVE else f"（{dossier.get_state_display()}）"
        return f"{idnumber.mask_name(dossier.name)}　{dossier.number}{state}"


class CampaignChoice(forms.ModelChoiceField):
    def label_from_instance(self, campaign: Campaign) -> str:  # type: ignore[override]
        return campaign.title


class UnionChoice(forms.ModelChoiceField):
    def label_from_instance(self, union: Union) -> str:  # type: ignore[override]
        return union.called


class PayoutForm(forms.Form):
    """Who gets it, for what, when; the money stands in the lines. Typed numbers are write-only after saving (D18)."""

    campaign = CampaignChoice(
        Campaign.objects.none(), label="活动", required=False, empty_label="日常帮扶（不属于某次活动）"
    )
    dossier = DossierChoice(
        Dossier.objects.none(),
        label="从档案选户",
        required=False,
        empty_label="（不选档案，填写姓名）",
        error_messages={"invalid_choice": "选的档案不在本工会可发放的档案里，请重新选择。"},
    )
    recipient = forms.CharField(label="姓名", max_length=40, required=False, help_text="选了档案可以不填，取户主。")
    id_number = forms.CharField(label="身份证号", max_length=24, required=False, help_text="保存后只显示末四位。")
    relief_group = forms.ChoiceField(label="对象类别", choices=[("", "请选择"), *ReliefGroup.choices])
    purpose = forms.ChoiceField(label="用途", choices=[("", "请选择"), *Purpose.choices])
    traits = forms.MultipleChoiceField(
        label="人员特征", choices=Trait.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    planned_on = day_field("计划发放日期")
    bank = forms.CharField(label="开户银行及支行", max_length=60, required=False)
    card_number = forms.CharField(label="银行卡号", max_length=30, required=False, help_text="发到银行卡、存折时填写。")
    paid_from = UnionChoice(Union.objects.none(), label="出资工会", empty_label=None)
    union_member = forms.TypedChoiceField(
        label="工会会员",
        choices=[("", "没有登记"), ("yes", "是"), ("no", "不是")],
        required=False,
        coerce=lambda said: said == "yes",
        empty_value=None,
        help_text="农民工用中央财政资金时须是会员。",
    )
    self_paid = MoneyFormField(
        label="自付医疗费（元）",
        required=False,
        min_value=0,
        help_text="医疗救助时填写票据的自付部分，保存后不再显示。",
    )
    students = forms.IntegerField(
        label="受助学生数",
        required=False,
        min_value=1,
        max_value=20,
        help_text="子女助学时填写，不填按 1 名。",
        error_messages={"invalid": "请填整数，例如 2。", "min_value": "至少 1 名。", "max_value": "最多 20 名。"},
    )
    reason = forms.CharField(
        label="提醒说明", max_length=200, required=False, help_text="有提醒时写明原因，例如“2月19日会议纪要第2项”。"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    request_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, union: Union, person: Person, payout: Payout | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payout = payout
        campaigns = Campaign.objects.visible_to(person).published().filter(closed_at__isnull=True)
        if payout is not None and payout.campaign_id is not None:
            campaigns = campaigns | Campaign.objects.filter(pk=payout.campaign_id)
        self.fields["campaign"].queryset = campaigns.distinct()  # type: ignore[attr-defined]
        dossiers = Dossier.objects.visible_to(person).filter(union=union).exclude(state=DossierState.CLOSED)
        self.fields["dossier"].queryset = dossiers.defer("note")  # type: ignore[attr-defined]
        self.fields["paid_from"].queryset = Union.objects.filter(pk__in=union.line_ids()).order_by("-depth")  # type: ignore[attr-defined]
        for name in WRITE_ONLY:
            self.fields[name].widget.attrs["autocomplete"] = "off"
            if payout is not None:
                self.fields[name].help_text = self._kept(name, getattr(payout, name))

    @staticmethod
    def _kept(name: str, value: str) -> str:
        if not value:
            return "未登记"
        shown = {
            "recipient": idnumber.mask_name(value),
            "id_number": f"···{idnumber.last4(value)}",
            "card_number": f"尾号 {idnumber.mask_card(value)[-4:]}",
        }.get(name, "")
        return f"已登记 {shown}，{KEEP}" if shown else f"已登记，{KEEP}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("dossier") and not cleaned.get("recipient") and not (self.payout and self.payout.recipient):
            self.add_error("recipient", "请从档案选一户，或填写姓名。")
        return cleaned

    def facts(self) -> dict[str, Any]:
        """The keyword arguments of draft_payout and change_payout, but the lines."""
        cleaned = self.cleaned_data
        given = {name: cleaned[name] for name in self.fields if name not in ("version", "request_key", *BASIS)}
        given["basis"] = {name: cleaned[name] for name in BASIS}
        old = self.payout
        if old is not None and cleaned["self_paid"] is None and old.self_paid:
            del given["basis"]["self_paid"]
        if old is not None and given["dossier"] == old.dossier:
            for name in ("recipient", "id_number", "bank", "card_number"):
                given[name] = given[name] or getattr(old, name)
        return given


class LineForm(forms.Form):
    """One money or goods line; an empty row is left out."""

    source = forms.ChoiceField(label="资金来源", choices=[("", "请选择"), *FundSource.choices], required=False)
    route = forms.ChoiceField(label="方式", choices=[("", "请选择"), *Route.choices], required=False)
    item = forms.CharField(label="实物名称", max_length=60, required=False)
    amount = MoneyFormField(label="金额或折价", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if any(cleaned.get(name) for name in ("source", "route", "item", "amount")) or self.errors:
            for name, words in (("source", "请选择资金来源。"), ("route", "请选择方式。"), ("amount", "请填写金额。")):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, words)
            if cleaned.get("route") == Route.GOODS and not cleaned.get("item"):
                self.add_error("item", "请填写物品名称。")
            amount = cleaned.get("amount")
            if amount is not None and amount < 0:
                self.add_error("amount", "金额须大于 0。")
        return cleaned


class LineSet(forms.BaseFormSet):
    def clean(self) -> None:
        if not any(self.errors) and not self.lines():
            raise forms.ValidationError("请至少填写一行款物：资金来源、方式和金额。")

    def lines(self) -> list[dict[str, Any]]:
        """The filled rows in their order."""
        rows = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        return [
            {"source": row["source"], "route": row["route"], "item": row["item"], "amount": row["amount"]}
            for row in rows
            if row.get("source") and row.get("amount") is not None
        ]


def line_set(extra: int) -> type[LineSet]:
    """The formset with so many empty rows; 20 lines are the most."""
    return forms.formset_factory(LineForm, formset=LineSet, extra=extra, max_num=20, absolute_max=20)  # type: ignore[return-value]


class PayoutFilter(forms.Form):
    """The filters of the list; a wrong value filters nothing."""

    stage = forms.ChoiceField(choices=list(STAGES.items()), required=False)
    campaign = CampaignChoice(Campaign.objects.none(), label="活动", required=False, empty_label="全部活动")
    group = forms.ChoiceField(label="对象类别", choices=[("", "全部类别"), *ReliefGroup.choices], required=False)
    source = forms.ChoiceField(label="资金来源", choices=[("", "全部来源"), *FundSource.choices], required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = Payout.objects.visible_to(person).values("campaign")
        self.fields["campaign"].queryset = Campaign.objects.filter(pk__in=used)  # type: ignore[attr-defined]

    def narrowed(self, payouts):
        """The payouts that the filters leave, but for the stage."""
        chosen = self.cleaned_data if self.is_valid() else {}
        if chosen.get("campaign"):
            payouts = payouts.filter(campaign=chosen["campaign"])
        if chosen.get("group"):
            payouts = payouts.filter(relief_group=chosen["group"])
        if chosen.get("source"):
            payouts = payouts.filter(pk__in=payouts.filter(lines__source=chosen["source"]).values("pk"))
        return payouts

    @property
    def current_stage(self) -> str:
        return self.cleaned_data.get("stage", "") if self.is_valid() else ""


class StepForm(forms.Form):
    """The confirmation of a step; which fields it has depends on the step."""

    request_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    count = forms.IntegerField(
        label="清册合计（人次）", min_value=1, error_messages={"required": "请照纸质清册填写人次合计。"}
    )
    amount = MoneyFormField(label="清册合计（元）", error_messages={"required": "请照纸质清册填写金额合计。"})
    paid_on = day_field("发放日期")
    reason = forms.CharField(
        label="退回原因", max_length=110, error_messages={"required": "请写明要改哪里，填报人会看到。"}
    )

    WANTED: dict[str, tuple[str, ...]] = {
        "approve": ("count", "amount"),
        "second": ("count", "amount"),
        "release": ("count", "amount"),
        "settle": ("paid_on",),
        "return": ("reason",),
    }

    def __init__(
        self, *args: Any, step: str, total: tuple[int, Decimal] = (0, Decimal(0)), today: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.total, self.today = total, today
        for name in ("count", "amount", "paid_on", "reason"):
            if name not in self.WANTED.get(step, ()):
                del self.fields[name]

    def clean_count(self) -> int:
        typed, real = self.cleaned_data["count"], self.total[0]
        if typed != real:
            raise forms.ValidationError(f"与系统合计不一致：系统是 {real} 人次，填的是 {typed} 人次。请核对清册。")
        return typed

    def clean_amount(self) -> Decimal:
        typed, real = self.cleaned_data["amount"], self.total[1]
        if typed != real:
            raise forms.ValidationError(
                f"与系统合计不一致：系统是 {grouped(real, 2)} 元，填的是 {grouped(typed, 2)} 元。请核对清册。"
            )
        return typed

    def clean_paid_on(self) -> datetime.date:
        day = self.cleaned_data["paid_on"]
        if day > self.today:
            raise forms.ValidationError(f"发放日期不能晚于今天（{self.today:%Y-%m-%d}）。")
        return day


class FailForm(forms.Form):
    reason = forms.CharField(label="失败原因", max_length=120, error_messages={"required": "请写明银行退回的原因。"})
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReverseForm(forms.Form):
    reversed_on = day_field("冲正日期")
    reason = forms.CharField(label="冲正原因", max_length=200, error_messages={"required": "请写明为什么冲正。"})


class RefuseReversalForm(forms.Form):
    why = forms.CharField(label="退回原因", max_length=110, error_messages={"required": "请写明为什么退回这笔冲正。"})


__all__ = [
    "STAGES",
    "FailForm",
    "PayoutFilter",
    "PayoutForm",
    "RefuseReversalForm",
    "ReverseForm",
    "StepForm",
    "line_set",
]
