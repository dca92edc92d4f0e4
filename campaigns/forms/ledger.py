"""Forms of funds, allocations and activities; each receives its scope and narrows its choices with it."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet

from campaigns.actions.activities import MEASURES, WHOLE_OF, measures_of
from campaigns.enums import ActivityKind, FundForm, FundSource
from campaigns.forms.campaigns import DayField, Sentences
from campaigns.models import Activity, Campaign
from relief.lib import clock
from relief.lib.money import MoneyFormField
from unions.models import Person, Union

MONEY_MEASURES = ("amount", "farmer_amount")
SCAN = "进账单、银行回单或发票的扫描件，PDF 或图片，不超过 10 MB"


def open_campaigns(person: Person) -> QuerySet[Campaign]:
    """Campaigns under which money and activities may still be recorded."""
    return Campaign.objects.visible_to(person).published().filter(closed_at__isnull=True)


class PastDayField(DayField):
    """A day that has come: tomorrow is refused."""

    def clean(self, value: Any) -> datetime.date | None:
        day = super().clean(value)
        today = clock.today()
        if day and day > today:
            raise forms.ValidationError(
                f"{day.isoformat()} 还没有到，今天是 {today.isoformat()}，请等实际发生后再登记。"
            )
        return day


class CampaignChoice(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Campaign.objects.none(), label="活动", required=False, empty_label="不属于某个活动（常态化）", **kwargs
        )


class KeyedForm(Sentences):
    """A form whose second arrival answers like the first: it carries the request key of the page."""

    request_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def values(self) -> dict[str, Any]:
        """The cleaned values for the action, the request key as `key`."""
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "request_key")}
        return {**values, "key": self.cleaned_data["request_key"]}


class FundsForm(KeyedForm):
    campaign = CampaignChoice()
    source = forms.ChoiceField(label="资金来源", choices=[("", "请选择"), *FundSource.choices])
    form = forms.ChoiceField(
        label="形式",
        choices=FundForm.choices,
        initial=FundForm.CASH,
        widget=forms.RadioSelect,
        help_text="实物按发票价折算",
    )
    amount = MoneyFormField(label="金额（元）")
    received_on = PastDayField(label="到账日期")
    voucher = forms.CharField(label="凭证号", max_length=60, required=False, help_text="例如 记-012")
    scan = forms.FileField(
        label="到账凭证", required=False, help_text=SCAN, error_messages={"empty": "这个文件是空的，请换一个。"}
    )
    note = forms.CharField(label="说明", max_length=200, required=False, help_text="不要写职工姓名、证件号等个人信息")

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].queryset = open_campaigns(person)  # type: ignore[attr-defined]


class AllocationForm(KeyedForm):
    receiver = forms.ModelChoiceField(Union.objects.none(), label="收到工会", empty_label="请选择下级工会")
    campaign = CampaignChoice()
    source = forms.ChoiceField(label="资金来源", choices=[("", "请选择"), *FundSource.choices])
    amount = MoneyFormField(label="金额（元）")
    allocated_on = PastDayField(label="拨付日期")
    voucher = forms.CharField(label="凭证号", max_length=60, required=False)

    def __init__(self, *args: Any, person: Person, giver: Union, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        below = Union.objects.subtree(giver).exclude(pk=giver.pk).open_on(clock.today())
        self.fields["receiver"].queryset = below.order_by("code")  # type: ignore[attr-defined]
        self.fields["campaign"].queryset = open_campaigns(person)  # type: ignore[attr-defined]


class ReturnForm(AllocationForm):
    """The same upward: to one of the unions above."""

    note = forms.CharField(label="退回原因", max_length=200, help_text="例如：对象不符合条件，余款退回")

    def __init__(self, *args: Any, person: Person, giver: Union, **kwargs: Any) -> None:
        super().__init__(*args, person=person, giver=giver, **kwargs)
        above = Union.objects.filter(pk__in=giver.line_ids()).exclude(pk=giver.pk).order_by("-depth")
        field: Any = self.fields["receiver"]
        field.queryset, field.empty_label = above, "请选择上级工会"
        self.fields["allocated_on"].label = "退回日期"


class ReceiptForm(KeyedForm):
    confirmed_on = PastDayField(label="收到日期", help_text="款到本工会账户的那一天")


class VoucherForm(KeyedForm):
    """The scan of the voucher of a receipt."""

    upload = forms.FileField(
        label="到账凭证",
        help_text=SCAN,
        error_messages={"empty": "这个文件是空的，请换一个。", "required": "请选择要上传的凭证。"},
    )

    def values(self) -> dict[str, Any]:
        return {"upload": self.cleaned_data["upload"], "key": self.cleaned_data["request_key"]}


class ReversalForm(KeyedForm):
    reason = forms.CharField(label="冲销原因", max_length=200, help_text="例如：金额录错，重新登记")
    reversed_on = PastDayField(label="冲销日期")


class AllocationReversalForm(KeyedForm):
    reversed_on = PastDayField(label="冲销日期")


class ActivityForm(KeyedForm):
    """The counts of one kind: only its own measures are asked."""

    held_on = PastDayField(label="日期")
    campaign = CampaignChoice()

    def __init__(self, *args: Any, kind: str, person: Person, current: Campaign | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measures = measures_of(kind)
        choices = open_campaigns(person)
        # a record under a sealed campaign still shows it
        self.fields["campaign"].queryset = choices | Campaign.objects.filter(pk=current.pk) if current else choices  # type: ignore[attr-defined]
        for name in self.measures:
            label = MEASURES[name]
            self.fields[name] = (
                MoneyFormField(label=label, required=False, min_value=0)
                if name in MONEY_MEASURES
                else forms.IntegerField(
                    label=label,
                    required=False,
                    min_value=0,
                    max_value=2_147_483_647,
                    error_messages={"invalid": "请填整数，例如 12。", "min_value": "不能小于 0。"},
                )
            )
        self.fields["note"] = forms.CharField(
            label="说明", max_length=200, required=False, help_text="不要写职工姓名、证件号等个人信息"
        )

    @staticmethod
    def shown(activity: Activity) -> dict[str, Any]:
        names = ("held_on", "campaign", "note", "version", *measures_of(activity.kind))
        return {name: getattr(activity, name) for name in names}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for part, whole in WHOLE_OF.items():
            if part in self.measures and (cleaned.get(part) or 0) > (cleaned.get(whole) or 0):
                self.add_error(part, f"不能超过{MEASURES[whole]} {cleaned.get(whole) or 0}，请改正其中一个。")
        if not self.errors and not any(cleaned.get(name) for name in self.measures):
            self.add_error(
                self.measures[0], f"没有填写任何数，请至少填写一项：{'、'.join(MEASURES[n] for n in self.measures)}。"
            )
        return cleaned

    def values(self) -> dict[str, Any]:
        """The values for the action: counts apart, empty ones 0."""
        values = super().values()
        counts = {name: values.pop(name) or 0 for name in self.measures}
        return {**values, "counts": counts}


class KindForm(forms.Form):
    """The first step of a new activity: its kind decides what is asked."""

    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), *ActivityKind.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["kind"].error_messages["required"] = "请选择类别。"


class LedgerFilter(forms.Form):
    """What narrows a list of the ledger: campaign, one code list, days. Names of lookups come from here only (R-17)."""

    campaign = forms.ModelChoiceField(Campaign.objects.none(), label="活动", required=False, empty_label="全部活动")
    code = forms.ChoiceField(required=False)
    first = DayField(label="从", required=False)
    last = DayField(label="到", required=False)

    def __init__(
        self, data: Any, *, person: Person, day: str, code: str = "", label: str = "", choices: Any = ()
    ) -> None:
        super().__init__(data, label_suffix="")
        self.lookups = {"campaign": "campaign", "code": code, "first": f"{day}__gte", "last": f"{day}__lte"}
        self.fields["campaign"].queryset = Campaign.objects.visible_to(person)  # type: ignore[attr-defined]
        if not code:
            del self.fields["code"]
            return
        self.fields["code"].label = label
        self.fields["code"].choices = [("", f"全部{label}"), *choices]  # type: ignore[attr-defined]

    def filters(self) -> dict[str, Any]:
        """Lookups of the fields that are right; a wrong one narrows nothing and says so on the page."""
        self.is_valid()
        given = getattr(self, "cleaned_data", {})
        return {self.lookups[name]: value for name, value in given.items() if value not in (None, "")}

    @property
    def narrowed(self) -> bool:
        return bool(self.filters())
