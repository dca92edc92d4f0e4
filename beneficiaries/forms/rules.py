"""The form of a new version of a rule: its values typed in words, as the catalogue of rules asks for them."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

from django import forms

from beneficiaries.enums import Purpose, Route, RuleEffect
from beneficiaries.models import FundRule
from beneficiaries.rules import catalogue
from beneficiaries.rules.catalogue import CATALOGUE, Value
from campaigns.enums import FundSource
from campaigns.forms.campaigns import DayField
from campaigns.forms.ledger import KeyedForm
from campaigns.models import Campaign
from relief.lib.money import MoneyFormField
from unions.models import Union

SOFTER = [("", "不提示"), ("hint", "提示"), ("warn", "须说明原因"), ("refuse", "拒绝")]
BETWEEN = re.compile(r"[、,，;；\n]+")
MOST_WORDS = 200


class RuleForm(KeyedForm):
    """What a version says; `key` decides which values are asked."""

    effect = forms.ChoiceField(label="效力", choices=RuleEffect.choices, widget=forms.RadioSelect)
    sources = forms.MultipleChoiceField(
        label="资金来源",
        choices=FundSource.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="一个都不选，就是对所有来源。",
    )
    origin = forms.CharField(label="依据", max_length=160, help_text="例如：工发〔2024〕5号第八条")
    issuer = forms.CharField(label="发布单位", max_length=80)
    issued_year = forms.IntegerField(label="发布年份", error_messages={"invalid": "请填年份，例如 2024。"})
    valid_from = DayField(label="生效日期", help_text="从今天或以后；以前的发放不受影响。")
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label="只用于活动", required=False, empty_label="常年有效（不限活动）"
    )

    def __init__(self, *args: Any, key: str, union: Union, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key
        issued = Campaign.objects.filter(issuer=union, closed_at__isnull=True)
        self.fields["campaign"].queryset = issued.order_by("-starts_on")  # type: ignore[attr-defined]
        for value in CATALOGUE[key].values:
            self.fields |= _fields(key, value)
        first = ("effect", "sources")
        asked = [name for name in self.fields if name.startswith("value_")]
        self.order_fields([*first, *asked])

    def values(self) -> dict[str, Any]:
        """The keyword arguments of `propose_rule`, the request key as `request_key`."""
        given = super().values()
        typed = {name: given.pop(name) for name in list(given) if name.startswith("value_")}
        parameters = {value.name: _parameter(value, typed) for value in CATALOGUE[self.key].values}
        given["parameters"] = {name: held for name, held in parameters.items() if held not in (None, "", [], {})}
        given["request_key"] = given.pop("key")
        return given


def _fields(key: str, value: Value) -> dict[str, forms.Field]:
    """The form fields of one value, by name."""
    name, needed = f"value_{value.name}", not catalogue.optional(key, value)
    if value.kind == catalogue.BY_PURPOSE:
        return {
            f"{name}_{purpose}": MoneyFormField(
                label=f"{label}{value.label}（元）", required=False, min_value=Decimal("0.01")
            )
            for purpose, label in Purpose.choices
        }
    common: dict[str, Any] = {"label": value.label, "required": needed, "help_text": value.help}
    if value.kind == catalogue.MONEY:
        return {name: MoneyFormField(min_value=Decimal("0.01"), **{**common, "label": f"{value.label}（元）"})}
    if value.kind == catalogue.WHOLE:
        wrong = {"invalid": "请填整数，例如 12。"}
        return {name: forms.IntegerField(min_value=1, max_value=600, error_messages=wrong, **common)}
    if value.kind == catalogue.WORDS:
        return {name: forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, **common)}
    if value.kind == catalogue.SEVERITY:
        return {name: forms.ChoiceField(choices=SOFTER, **common)}
    choices = Route.choices if value.kind == catalogue.ROUTES else Purpose.choices
    return {name: forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)}


def _parameter(value: Value, typed: dict[str, Any]) -> Any:
    """What the row keeps of a typed value: amounts as text, words as a list."""
    name = f"value_{value.name}"
    if value.kind == catalogue.BY_PURPOSE:
        given = {purpose: typed.get(f"{name}_{purpose}") for purpose in Purpose.values}
        return {purpose: f"{amount:.2f}" for purpose, amount in given.items() if amount is not None}
    held = typed.get(name)
    if value.kind == catalogue.MONEY:
        return None if held is None else f"{held:.2f}"
    if value.kind == catalogue.WORDS:
        words = dict.fromkeys(word.strip() for word in BETWEEN.split(held or ""))
        return [word for word in words if word][:MOST_WORDS]
    return held


def shown(row: FundRule | None, union: Union, today: datetime.date) -> dict[str, Any]:
    """First values of the form: those of the version that holds now."""
    start: dict[str, Any] = {"issuer": union.name, "issued_year": today.year, "valid_from": today}
    if row is None:
        return start
    start |= {"effect": row.effect, "sources": row.sources}
    parameters: dict[str, Any] = row.parameters
    for value in CATALOGUE[row.key].values:
        held, name = parameters.get(value.name), f"value_{value.name}"
        if value.kind == catalogue.BY_PURPOSE:
            start |= {f"{name}_{purpose}": amount for purpose, amount in (held or {}).items()}
        elif value.kind == catalogue.WORDS:
            start[name] = "、".join(held or ())
        elif held is not None:
            start[name] = held
    return start
