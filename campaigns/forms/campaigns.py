"""Forms of campaigns, notices and dates: they check shape and speak in sentences."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms

from campaigns.deadlines import last_day
from campaigns.enums import CampaignKind, DeliverableKind
from campaigns.models import Campaign, Deliverable, Notice
from relief.lib import clock
from unions.enums import UnionKind


class DayInput(forms.DateInput):
    """A date box that the browser can open as a calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, in any of the ways people write one."""

    widget = DayInput

    def __init__(self, **kwargs: Any) -> None:
        formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]
        super().__init__(input_formats=formats, **kwargs)
        self.error_messages["invalid"] = "不是日期，请写成 2024-02-24 这样。"


class Sentences(forms.Form):
    """A form whose "required" says which field to fill in; `version` is what the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            verb = "请选择" if isinstance(field, forms.ChoiceField) else "请填写"
            field.error_messages["required"] = f"{verb}{field.label}。"

    def saw(self, version: int | None) -> None:
        """Let the form, shown again, carry the version that is stored now."""
        self.data = {**self.data.dict(), "version": "" if version is None else str(version)}  # type: ignore[attr-defined]


class CampaignForm(Sentences):
    title = forms.CharField(label="活动名称", max_length=120, help_text="例如：2024年元旦春节送温暖")
    code = forms.RegexField(
        r"^[a-zA-Z0-9_-]+$",
        label="活动代码",
        max_length=40,
        help_text="只用字母、数字和连字符，建立后不改，例如 liangjie-2024",
        error_messages={"invalid": "只能用字母、数字和连字符，例如 liangjie-2024。"},
    )
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    kind = forms.ChoiceField(label="活动类型", choices=CampaignKind.choices)
    starts_on = DayField(label="统计期间起")
    ends_on = DayField(label="统计期间止")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "统计期间止早于统计期间起，请对调或改正。")
        return cleaned


class CampaignSettingsForm(CampaignForm):
    """The same without the code, which stays."""

    code = None  # type: ignore[assignment]

    @staticmethod
    def shown(campaign: Campaign) -> dict[str, Any]:
        names = ("title", "year", "kind", "starts_on", "ends_on", "version")
        return {name: getattr(campaign, name) for name in names}


class LinesField(forms.CharField):
    """A list of names, one per line."""

    widget = forms.Textarea(attrs={"rows": 2})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class NoticeForm(Sentences):
    """Step 1. Nothing is required here: a draft may be saved unfinished, publishing checks it."""

    document_number = forms.CharField(
        label="发文字号", max_length=60, required=False, help_text="年份用六角括号，例如 云教工〔2023〕41号；没有可不填"
    )
    title = forms.CharField(label="标题", max_length=160, required=False)
    salutation = forms.CharField(label="主送机关", max_length=240, required=False)
    body = forms.CharField(
        label="正文",
        required=False,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="一行一段。从文件里复制来的断行，点“粘贴整理”合并。",
    )
    annexes = LinesField(label="附件名称", required=False, help_text="一行一个，与附件表标题一致，不加句号")
    signatories = LinesField(label="落款单位", required=False, help_text="一行一个，联合发文按次序写")
    issued_on = DayField(label="成文日期")
    contact = forms.CharField(label="附注", max_length=160, required=False, help_text="联系人和电话")
    copied_to = forms.CharField(label="抄送", max_length=240, required=False)
    printed_by = forms.CharField(label="印发机关", max_length=120, required=False)
    change_note = forms.CharField(
        label="本版变化", max_length=240, required=False, help_text="改了什么，签收单位会先看到这一句"
    )

    def __init__(self, *args: Any, reissue: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not reissue:
            del self.fields["change_note"]

    @staticmethod
    def shown(notice: Notice | None, campaign: Campaign) -> dict[str, Any]:
        """The stored draft, or sensible beginnings."""
        if notice is None:
            return {
                "signatories": [campaign.issuer.name],
                "issued_on": clock.today(),
                "printed_by": campaign.issuer.name,
            }
        names = (
            "document_number title salutation body annexes signatories issued_on contact copied_to printed_by"
            " change_note version"
        )
        return {name: getattr(notice, name) for name in names.split()}

    def fields_to_save(self) -> dict[str, Any]:
        """The cleaned values without the version; line ends as one newline."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        values["body"] = values["body"].replace("\r\n", "\n")
        return values


ENDS = ("due_at", "late_until", "edit_until", "visible_until")


class DeliverableForm(Sentences):
    """Step 2: one deliverable with its five instants as days, and the days each level hands in earlier."""

    title = forms.CharField(label="材料名称", max_length=120)
    kind = forms.ChoiceField(label="形式", choices=DeliverableKind.choices)
    required = forms.BooleanField(label="必报", required=False, initial=True)
    period_from = DayField(label="统计期间起")
    period_to = DayField(label="统计期间止")
    second_from = DayField(label="第二期间起", required=False)
    second_to = DayField(label="第二期间止", required=False)
    opens_at = DayField(label="开放填报", help_text="当天 00:00 起")
    due_at = DayField(label="上报截止", help_text="含当天，到 24:00")
    late_until = DayField(label="迟报截止", required=False, help_text="不填：封存前都收，记迟报")
    edit_until = DayField(label="退回后可改至", required=False, help_text="不填：封存前都可改")
    visible_until = DayField(label="可查看至", required=False, help_text="不填：一直可看")

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = list(kinds)
        for kind in self.kinds:
            self.fields[f"lead_{kind}"] = forms.IntegerField(
                label=f"{UnionKind(kind).label}提前天数",
                min_value=0,
                max_value=366,
                required=False,
                initial=0,
                error_messages={"invalid": "请填整数天数，例如 2；不提前填 0。"},
            )

    @staticmethod
    def shown(deliverable: Deliverable) -> dict[str, Any]:
        """The stored deliverable as days: an end 3月14日 00:00 is the day 3月13日."""
        names = "title kind required period_from period_to second_from second_to version"
        shown: dict[str, Any] = {name: getattr(deliverable, name) for name in names.split()}
        shown["opens_at"] = clock.day_of(deliverable.opens_at)
        for name in ENDS:
            end = getattr(deliverable, name)
            shown[name] = last_day(end) if end else None
        for lead in deliverable.leads.all():
            shown[f"lead_{lead.union_kind}"] = lead.days
        return shown

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        days = cleaned.get
        self._after("period_to", days("period_from"), "统计期间止早于统计期间起，请对调或改正。")
        self._after("second_to", days("second_from"), "第二期间止早于第二期间起，请对调或改正。")
        if bool(days("second_from")) != bool(days("second_to")):
            self.add_error("second_to", "第二期间只填了一头，请把起止都填上，或都留空。")
        self._after("due_at", days("opens_at"), "上报截止早于开放填报，请改正其中一个。")
        self._after("late_until", days("due_at"), "迟报截止早于上报截止，请改到截止当天或以后，或留空。")
        return cleaned

    def _after(self, name: str, first: datetime.date | None, sentence: str) -> None:
        later = self.cleaned_data.get(name)
        if first and later and later < first:
            self.add_error(name, sentence)

    def values(self) -> dict[str, Any]:
        """What `set_deliverable` takes, but for the key; a level left empty has no lead."""
        cleaned = dict(self.cleaned_data)
        leads = {kind: cleaned.pop(f"lead_{kind}") or 0 for kind in self.kinds}
        cleaned["opens_at"] = clock.start_of_day(cleaned["opens_at"])
        for name in ENDS:
            cleaned[name] = clock.end_of_day(cleaned[name]) if cleaned[name] else None
        return {**cleaned, "leads": leads}


class CampaignFilter(forms.Form):
    """What narrows the list of campaigns."""

    year = forms.IntegerField(label="年度", required=False, min_value=2000, max_value=2100)
    kind = forms.ChoiceField(label="类型", required=False, choices=[("", "全部类型"), *CampaignKind.choices])

    def filters(self) -> dict[str, Any]:
        """Lookups for the query; wrong input narrows nothing."""
        if not self.is_valid():
            return {}
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
