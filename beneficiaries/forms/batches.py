"""Forms of payout batches: opening, choosing households, pasting, the confirmation of a step, papers and thresholds."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django import forms

from beneficiaries.actions.batch_steps import Control
from beneficiaries.enums import (
    CauseClass,
    Certificate,
    DossierLevel,
    DossierState,
    HardshipClass,
    Purpose,
    ReliefGroup,
    Route,
    ThresholdWay,
    Trait,
)
from beneficiaries.forms.payouts import CampaignChoice, UnionChoice, day_field
from beneficiaries.models import Dossier, Payout, PayoutBatch
from beneficiaries.querysets import DossierQuerySet
from campaigns.enums import FundSource
from campaigns.models import Campaign
from relief.lib.money import MoneyFormField, grouped
from unions.models import Person, Union


class BatchForm(forms.Form):
    """What a batch is for; the values that its payouts start with."""

    title = forms.CharField(label="批次名称", max_length=60, help_text="例如：春节坚守岗位职工慰问（第一批）。")
    campaign = CampaignChoice(
        Campaign.objects.none(), label="活动", required=False, empty_label="日常帮扶（不属于某次活动）"
    )
    relief_group = forms.ChoiceField(label="对象类别", choices=[("", "请选择"), *ReliefGroup.choices])
    purpose = forms.ChoiceField(label="用途", choices=[("", "请选择"), *Purpose.choices])
    planned_on = day_field("计划发放日期")
    source = forms.ChoiceField(label="资金来源", choices=[("", "请选择"), *FundSource.choices])
    paid_from = UnionChoice(Union.objects.none(), label="出资工会", empty_label=None)
    route = forms.ChoiceField(label="方式", choices=[("", "请选择"), *Route.choices])
    item = forms.CharField(label="实物名称", max_length=60, required=False, help_text="发实物时填写。")
    amount = MoneyFormField(label="每笔金额或折价（元）", required=False, help_text="先按这个数加入，以后可以逐笔改。")
    request_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, union: Union, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campaigns = Campaign.objects.visible_to(person).published().filter(closed_at__isnull=True)
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]
        self.fields["paid_from"].queryset = Union.objects.filter(pk__in=union.line_ids()).order_by("-depth")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("route") == Route.GOODS and not cleaned.get("item"):
            self.add_error("item", "发实物的批次请写物品名称，例如大米、食用油。")
        amount = cleaned.get("amount")
        if amount is not None and amount <= 0:
            self.add_error("amount", "金额须大于 0。")
        return cleaned

    def facts(self) -> dict[str, Any]:
        """The keyword arguments of open_batch."""
        return {name: value for name, value in self.cleaned_data.items() if name != "request_key"}


class BatchHeadForm(forms.Form):
    """What may still be changed while lines are drafts."""

    title = forms.CharField(label="批次名称", max_length=60)
    planned_on = day_field("计划发放日期")
    amount = MoneyFormField(label="每笔金额或折价（元）", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class BatchTermsForm(forms.Form):
    """What all lines of a batch of drafts are for and from which source they are paid."""

    purpose = forms.ChoiceField(label="用途", choices=Purpose.choices)
    source = forms.ChoiceField(label="资金来源", choices=FundSource.choices)
    version = forms.IntegerField(widget=forms.HiddenInput)


class HouseholdFilter(forms.Form):
    """Which households to choose from; a wrong value filters nothing."""

    hardship_class = forms.ChoiceField(
        label="困难类别", choices=[("", "全部类别"), *HardshipClass.choices], required=False
    )
    cause_class = forms.ChoiceField(label="致困大类", choices=[("", "全部"), *CauseClass.choices], required=False)
    certificate = forms.ChoiceField(label="持有证件", choices=[("", "全部"), *Certificate.choices], required=False)
    level = forms.ChoiceField(label="建档标准", choices=[("", "全部"), *DossierLevel.choices], required=False)
    trait = forms.ChoiceField(
        label="人员特征",
        choices=[("", "全部"), *((trait.value, trait.label) for trait in Trait if trait != Trait.NEW_GENERATION)],
        required=False,
    )
    helped = forms.ChoiceField(
        label="帮扶情况",
        choices=[("", "全部"), ("never", "从未帮扶"), ("year", "本年未帮扶"), ("campaign", "本活动未发放")],
        required=False,
    )

    NAMES = ("hardship_class", "cause_class", "certificate", "level")

    def narrowed(self, dossiers: DossierQuerySet, batch: PayoutBatch, today: datetime.date) -> DossierQuerySet:
        """The active households that the filters leave."""
        chosen = self.cleaned_data if self.is_valid() else {}
        rows = dossiers.filter(union=batch.union_id, state=DossierState.ACTIVE)
        rows = rows.filter(**{name: chosen[name] for name in self.NAMES if chosen.get(name)})
        if chosen.get("trait"):
            rows = rows.filter(**{chosen["trait"]: True})
        helped = Payout.objects.counted().filter(dossier__isnull=False)
        if chosen.get("helped") == "year":
            helped = helped.filter(paid_on__year=today.year)
        if chosen.get("helped") == "campaign":
            helped = Payout.objects.filter(campaign=batch.campaign_id, dossier__isnull=False)
        return rows.exclude(pk__in=helped.values("dossier")) if chosen.get("helped") else rows


def households(person: Person) -> DossierQuerySet:
    """The households a person may choose from, without what only the dossier page needs."""
    return Dossier.objects.visible_to(person).defer("note").select_related("union").order_by("number")


class PasteForm(forms.Form):
    text = forms.CharField(
        label="粘贴的行",
        required=False,
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "autocomplete": "off", "spellcheck": "false", "wrap": "off"}),
    )


class BatchStepForm(forms.Form):
    """The confirmation of a step: the totals of the paper list are typed and compared; `seen` is what was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    count = forms.IntegerField(
        label="清册合计（人次）", min_value=1, error_messages={"required": "请照清册填写人次合计。"}
    )
    amount = MoneyFormField(label="清册合计（元）", error_messages={"required": "请照清册填写金额合计。"})

    def __init__(self, *args: Any, control: Control, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.control = control

    def clean_count(self) -> int:
        typed, real = self.cleaned_data["count"], self.control.count
        if typed != real:
            raise forms.ValidationError(f"与系统合计不一致：系统是 {real} 人次，填的是 {typed} 人次。请核对清册。")
        return typed

    def clean_amount(self) -> Decimal:
        typed, real = self.cleaned_data["amount"], self.control.amount
        if typed != real:
            raise forms.ValidationError(
                f"与系统合计不一致：系统是 {grouped(real, 2)} 元，填的是 {grouped(typed, 2)} 元。请核对清册。"
            )
        return typed


class ReturnForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = forms.CharField(
        label="退回原因", max_length=110, error_messages={"required": "请写明要改哪里，填报人会看到。"}
    )


class SignedForm(forms.Form):
    """Who signed is ticked in the list; the control totals are those of the ticked lines."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    count = forms.IntegerField(
        label="签收合计（人次）", min_value=1, error_messages={"required": "请照签收表填写签收人次。"}
    )
    amount = MoneyFormField(label="签收合计（元）", error_messages={"required": "请照签收表填写签收金额。"})
    paid_on = day_field("发放日期")
    upload = forms.FileField(label="签过字的签收表", required=False, help_text="扫描件或照片；已经上传过的可以不再传。")

    def __init__(self, *args: Any, total: tuple[int, Decimal] = (0, Decimal(0)), today: datetime.date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.total, self.today = total, today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        count, amount = self.total
        if cleaned.get("count") not in (None, count):
            self.add_error("count", f"与勾选的不一致：勾选了 {count} 人次，填的是 {cleaned['count']} 人次。")
        if cleaned.get("amount") not in (None, amount):
            self.add_error(
                "amount",
                f"与勾选的不一致：勾选的合计 {grouped(amount, 2)} 元，填的是 {grouped(cleaned['amount'], 2)} 元。",
            )
        day = cleaned.get("paid_on")
        if day is not None and day > self.today:
            self.add_error("paid_on", f"发放日期不能晚于今天（{self.today:%Y-%m-%d}）。")
        return cleaned


class InvoiceForm(forms.Form):
    number = forms.CharField(label="发票号码", max_length=40)
    issued_on = day_field("开票日期")
    amount = MoneyFormField(label="发票金额（元）")
    upload = forms.FileField(label="发票扫描件", required=False)


class ProxyForm(forms.Form):
    name = forms.CharField(label="代领人姓名", max_length=40)
    relation = forms.CharField(label="与领款人关系", max_length=20, help_text="例如：配偶、子女、同事。")
    id_number = forms.CharField(label="代领人身份证号", max_length=24, help_text="保存后只显示末四位。")


class ThresholdForm(forms.Form):
    campaign = CampaignChoice(Campaign.objects.none(), label="活动", required=False, empty_label="全部活动")
    per_payout = MoneyFormField(label="每笔超过（元）", required=False)
    per_batch = MoneyFormField(label="每批合计超过（元）", required=False)
    way = forms.ChoiceField(
        label="超过时",
        choices=ThresholdWay.choices,
        required=False,
        help_text="第二人审批：第一位审批以后，还要另一位审批人同意。",
    )
    origin = forms.CharField(label="依据", max_length=160, help_text="例如：某某工会资金审批办法第六条。")
    valid_from = day_field("生效日期")

    AMOUNTS = ("per_payout", "per_batch")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = Campaign.objects.visible_to(person).published()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["way"] = cleaned.get("way") or ThresholdWay.UPWARD
        for name in self.AMOUNTS:
            amount = cleaned.get(name)
            if amount is not None and amount <= 0:
                self.add_error(name, "限额要大于 0；不设这一项的，留空。")
        if not self.errors.keys() & set(self.AMOUNTS) and all(cleaned.get(name) is None for name in self.AMOUNTS):
            self.add_error(None, "请至少填写一个限额：每笔，或每批。")
        return cleaned


__all__ = [
    "BatchForm",
    "BatchHeadForm",
    "BatchStepForm",
    "BatchTermsForm",
    "HouseholdFilter",
    "InvoiceForm",
    "PasteForm",
    "ProxyForm",
    "ReturnForm",
    "SignedForm",
    "ThresholdForm",
    "households",
]
