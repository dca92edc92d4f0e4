"""Forms of donation drives and remittances."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from campaigns.actions.donations import ALL_BODIES, Given
from campaigns.actions.drives import refuse_kept
from campaigns.enums import DonationBody, DonationKind
from campaigns.forms.ledger import CampaignChoice, KeyedForm, PastDayField, open_campaigns
from campaigns.models import Drive
from relief.lib import uploads
from relief.lib.money import MoneyFormField
from unions.models import Person, Union
from unions.policy import Refused

MOST_DONORS = 10_000_000
SCAN = "银行回单的扫描件或照片，PDF 或图片，不超过 10 MB"


def _donors(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_DONORS,
        error_messages={"invalid": "请填整数，例如 12。", "min_value": "不能小于 0。"},
    )


class DonationForm(KeyedForm):
    """One day of a drive: a line per receiving body, and each donor counted once over all of them."""

    fields_template = "campaigns/_drive_fields.html"

    kind = forms.ChoiceField(label="募捐种类", choices=[("", "请选择"), *DonationKind.choices])
    campaign = CampaignChoice()
    donated_on = PastDayField(label="捐款日期", help_text="分几天捐的，按截止那天登记一次")
    voucher = forms.CharField(label="凭证号", max_length=60, required=False, help_text="例如 记-012")
    note = forms.CharField(label="说明", max_length=200, required=False, help_text="不要写捐款人姓名等个人信息")

    def __init__(self, *args: Any, person: Person, drive: Drive | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = drive.asked if drive is not None else list(DonationBody.choices)
        if drive is None:
            self.fields["campaign"].queryset = open_campaigns(person)  # type: ignore[attr-defined]
        else:
            del self.fields["kind"], self.fields["campaign"]
        for body, label in self.bodies:
            self.fields[f"donors_{body}"] = _donors(f"{label}捐款人数")
            self.fields[f"amount_{body}"] = MoneyFormField(label=f"{label}捐款金额", required=False, min_value=0)
        self.fields["all_donors"] = _donors("捐款总人数")

    def lines(self) -> Iterator[tuple[str, BoundField, BoundField]]:
        """(receiving body, donors, amount) in the order of the list."""
        for body, label in self.bodies:
            yield label, self[f"donors_{body}"], self[f"amount_{body}"]

    def head(self) -> list[BoundField]:
        return [self[name] for name in ("kind", "campaign", "donated_on") if name in self.fields]

    def foot(self) -> list[BoundField]:
        return [self["voucher"], self["note"]]

    def values(self) -> dict[str, Any]:
        """The values for the action, bodies without any entry left out."""
        values = {"kind": "", "campaign": None, **super().values()}
        given: dict[str, tuple[int, Decimal]] = {}
        for body, _ in self.bodies:
            donors, amount = values.pop(f"donors_{body}") or 0, values.pop(f"amount_{body}") or Decimal(0)
            if donors or amount:
                given[body] = (donors, amount)
        total = values.pop("all_donors")
        if total:
            given[ALL_BODIES] = (total, Decimal(0))
        return {**values, "given": given}

    @staticmethod
    def total(given: Given) -> Decimal:
        return sum((amount for _, amount in given.values()), Decimal(0))


class SlipField(forms.FileField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label="汇款单据", help_text=SCAN, **kwargs)
        self.error_messages |= {"empty": "这个文件是空的，请换一个。", "required": "请选择要上传的单据。"}

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The upload, looked at now, so that it is told together with the other fields; it is looked at again when kept."""
        found = super().clean(data, initial)
        if found:
            try:
                uploads.check_upload(found.name or "", found.read())
            except uploads.Refused as fault:
                raise forms.ValidationError(str(fault)) from None
            finally:
                found.seek(0)
        return found


class DriveChoice(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Drive.objects.none(), label="募捐", required=False, empty_label="不属于某次募捐", **kwargs)

    def label_from_instance(self, obj: Drive) -> str:
        return f"{obj.title}（{obj.issuer.called}发起）"


class RemittanceForm(KeyedForm):
    """A remittance; whatever is wrong with it is told at once, each at its field. With `drive` it belongs to that one."""

    drive = DriveChoice(help_text="属于某次募捐的请选上，才算在它的汇款里。")
    campaign = CampaignChoice()
    amount = MoneyFormField(label="汇款金额（元）")
    remitted_on = PastDayField(label="汇款日期")
    slip_number = forms.CharField(label="汇款凭证号", max_length=60, help_text="银行回单上的凭证号或流水号")
    slip = SlipField(required=False)
    note = forms.CharField(
        label="说明", max_length=200, required=False, help_text="例如收款单位和用途；不要写账号和个人信息"
    )

    def __init__(self, *args: Any, person: Person, union: Union, drive: Drive | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.union, self.named = union, drive
        drives = Drive.objects.open_for(union)
        if drive is not None:
            del self.fields["campaign"], self.fields["drive"]
            return
        self.fields["campaign"].queryset = open_campaigns(person)  # type: ignore[attr-defined]
        if drives:
            self.fields["drive"].queryset = drives  # type: ignore[attr-defined]
            self.fields["campaign"].help_text = "选了募捐的不用选，跟着募捐走。"
        else:
            del self.fields["drive"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        amount, day, campaign = (cleaned.get(name) for name in ("amount", "remitted_on", "campaign"))
        if amount is not None and amount <= 0:
            self.add_error("amount", "汇款金额要大于 0；要冲减已登记的一笔，请在那一笔上点“冲销”。")
            amount = None
        drive: Drive | None = self.named or cleaned.get("drive")
        if drive is None:
            return cleaned
        if campaign is not None and campaign != drive.campaign:
            self.add_error("campaign", "活动跟着募捐走：请不选活动，或不选这次募捐。")
        if day and day < drive.starts_on:
            self.add_error("remitted_on", f"早于捐款开始的日期，请写{drive.starts_on.isoformat()}或以后的日期。")
        try:
            if amount is not None:
                refuse_kept(self.union, drive, amount, "要汇出")
        except Refused as refusal:
            self.add_error("amount", f"{refusal.reason}{refusal.next_step}")
        return cleaned

    def values(self) -> dict[str, Any]:
        return {"campaign": None, "drive": self.named, **super().values()}


class SlipForm(KeyedForm):
    """Add the scan later."""

    slip = SlipField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slip"].error_messages["required"] = "请选择要上传的单据。"

    def values(self) -> dict[str, Any]:
        return {"upload": self.cleaned_data["slip"]}
