"""Forms of drives: what is asked, what a union keeps, how a remittance is confirmed or sent back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef

from campaigns.enums import DonationBody, DonationKind, DriveState
from campaigns.forms.campaigns import DayField
from campaigns.forms.ledger import CampaignChoice, KeyedForm, PastDayField, open_campaigns
from campaigns.models import Drive
from campaigns.standings import STATUSES
from relief.lib import clock
from relief.lib.money import MoneyFormField
from unions.models import Person, Union

ABOVE = "各单位的上一级工会"


class DriveForm(KeyedForm):
    """A new drive, or with `drive` what of it can still be changed."""

    title = forms.CharField(label="名称", max_length=80, help_text="例如：2024年“工会一日捐”")
    kind = forms.ChoiceField(label="募捐种类", choices=[("", "请选择"), *DonationKind.choices])
    year = forms.IntegerField(
        label="年度",
        min_value=2000,
        max_value=2100,
        error_messages={"min_value": "年度不能早于 2000 年。", "max_value": "年度不能晚于 2100 年。"},
    )
    campaign = CampaignChoice()
    bodies = forms.MultipleChoiceField(
        label="接收机构", choices=DonationBody.choices, widget=forms.CheckboxSelectMultiple
    )
    starts_on = DayField(label="捐款开始")
    ends_on = DayField(label="捐款截止")
    account_by = DayField(label="缴款截止", help_text="到这一天汇出并报送汇总")
    receiver = forms.ModelChoiceField(Union.objects.none(), label="汇款由谁确认", required=False, empty_label=ABOVE)
    keeps = forms.BooleanField(
        label="允许留存", required=False, help_text="勾选后，各单位可以把没有汇出的捐款登记为留存，转入本会资金"
    )
    note = forms.CharField(
        label="说明", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不要写个人信息和银行账号",
    )  # fmt: skip

    def __init__(self, *args: Any, person: Person, issuer: Union, drive: Drive | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        below = Exists(Union.objects.filter(parent=OuterRef("pk")))
        receivers = Union.objects.subtree(issuer).open_on(clock.today()).filter(below)
        self.fields["receiver"].queryset = receivers.order_by("code")  # type: ignore[attr-defined]
        if drive is not None:
            for name in ("kind", "year", "campaign"):
                del self.fields[name]
        else:
            self.fields["campaign"].queryset = open_campaigns(person)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        days = [cleaned.get(name) for name in ("starts_on", "ends_on", "account_by")]
        if days[0] and days[1] and days[1] < days[0]:
            self.add_error("ends_on", "捐款截止早于捐款开始，请改正其中一个。")
        if days[1] and days[2] and days[2] < days[1]:
            self.add_error("account_by", "缴款截止早于捐款截止，请改正其中一个。")
        return cleaned

    @staticmethod
    def shown(drive: Drive) -> dict[str, Any]:
        names = ("title", "bodies", "starts_on", "ends_on", "account_by", "receiver", "keeps", "note", "version")
        return {name: getattr(drive, name) for name in names}


class RetainForm(KeyedForm):
    """Donations that the union keeps for its own funds."""

    amount = MoneyFormField(label="留存金额（元）")
    retained_on = PastDayField(label="留存日期", help_text="转入本会资金的那一天")
    voucher = forms.CharField(label="凭证号", max_length=60, required=False, help_text="例如 记-012")
    note = forms.CharField(label="说明", max_length=200, required=False, help_text="例如留存的依据；不要写个人信息")


class VersionedForm(KeyedForm):
    """A step on a row that was looked at: the version it had goes along."""

    def values(self) -> dict[str, Any]:
        values = super().values()
        del values["key"]
        return {**values, "version": self.cleaned_data["version"] or 0}


class ArrivalForm(VersionedForm):
    arrived_on = PastDayField(label="到账日期", help_text="款到本工会账户的那一天，照银行进账单填写")


class SendBackForm(VersionedForm):
    reason = forms.CharField(label="退回原因", max_length=200, help_text="例如：账户没有收到这笔款；单据看不清")


class DriveFilter(forms.Form):
    """What narrows the list of drives."""

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *DriveState.choices])

    def __init__(self, data: Any, *, person: Person) -> None:
        super().__init__(data, label_suffix="")
        found = Drive.objects.visible_to(person).order_by("-year").values_list("year", flat=True).distinct()
        self.fields["year"].choices = [("", "全部年度"), *((year, f"{year}年") for year in found)]  # type: ignore[attr-defined]

    def filters(self) -> dict[str, Any]:
        self.is_valid()
        given = getattr(self, "cleaned_data", {})
        return {name: value for name, value in given.items() if value not in (None, "")}

    @property
    def narrowed(self) -> bool:
        return bool(self.filters())


class StatusFilter(forms.Form):
    """Which unions of a drive are shown."""

    status = forms.ChoiceField(label="情况", required=False, choices=[("", "全部单位"), *STATUSES.items()])

    def __init__(self, data: Any) -> None:
        super().__init__(data, label_suffix="")

    @property
    def chosen(self) -> str:
        """The status asked for; "" for none or an unknown one."""
        return self.cleaned_data["status"] if self.is_valid() else ""
