"""The form of an assessment: income per person and kind, what is taken off, exclusions, and an override with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from beneficiaries.assessing import income
from beneficiaries.assessing.assessment import Exclusion
from beneficiaries.enums import HardshipClass
from beneficiaries.models import ClassRule
from relief.lib.money import MoneyFormField, grouped

NO_SUM = "请填写各人工资和其他收入，或直接填合计。"


def _amount(label: str, help_text: str = "", *, least: int | None = 0) -> MoneyFormField:
    return MoneyFormField(label=label, required=False, min_value=least, help_text=help_text)


class AssessmentForm(forms.Form):
    """What a household declares for a year; the sums follow from the lines where lines are given."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    persons = forms.IntegerField(
        label="家庭人口（共同生活）", error_messages={"required": "请填写家庭人口。", "invalid": "家庭人口只能是整数。"}
    )
    business = _amount("全家经营净收入", "收入减成本和税；亏了写负数。", least=None)
    property = _amount("全家财产净收入", "利息、租金等，减去支出。", least=None)
    transfer = _amount("全家转移净收入", "养老金、低保金、赡养费等，减去缴出的。", least=None)
    other = _amount("全家其他收入")
    yearly_income = _amount("年可支配收入合计", "填了上面各项就按各项相加，这里不用填；只知道合计的直接填这里。")
    less_medical = _amount("医疗自付", "报销以后自己付的。")
    less_schooling = _amount("子女教育")
    less_rehabilitation = _amount("残疾康复")
    less_disaster = _amount("灾害、事故损失", "赔偿、保险以后自己承担的。")
    less_other = _amount("其他刚性支出")
    rigid_expenses = _amount("年刚性支出合计", "填了上面各项就按各项相加；没有支出填 0。")
    job_cost = _amount("年必要就业成本", "交通、租房等上班必须花的；只用于相对困难的测算。")
    accidental_loss = _amount("年意外损失", "超过年收入 80% 时提示意外致困，由人认定。")
    savings = _amount("存款和投资", "不影响现行类别，只用于旧口径的参考。")
    exclusions = forms.MultipleChoiceField(
        label="有以下情形的，勾选", required=False, widget=forms.CheckboxSelectMultiple
    )
    exclusion_note = forms.CharField(
        label="核实情况", required=False, max_length=200, help_text="勾选了情形的必填：怎么核实的，有什么材料。"
    )
    override = forms.ChoiceField(
        label="人工认定", required=False, choices=[("", "不改，按测算结果"), *HardshipClass.choices]
    )
    override_reason = forms.CharField(
        label="认定理由", required=False, max_length=200, help_text="测算结果会一直留在旁边。不要写病名。"
    )

    def __init__(
        self, *args: Any, earners: Sequence[income.Earner] = (), rule: ClassRule | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.earners = earners
        for earner in earners:
            self.fields[f"wages_{earner.key}"] = _amount(f"{earner.label} 年工资收入", _registered(earner))
        listed = rule.parameters.get("exclusions", []) if rule is not None else []
        self.listed = [Exclusion(**row) for row in listed]
        self.fields["exclusions"].choices = [(one.key, _asked(one)) for one in self.listed]  # type: ignore[attr-defined]

    def sections(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """(heading, note, fields) in the order of the calculation."""
        wages = [f"wages_{earner.key}" for earner in self.earners]
        checks = ["exclusions", "exclusion_note"] if self.listed else []
        parts = (
            ("人口和收入", "按年填写，税后，单位是元", ["persons", *wages, *income_boxes(), "yearly_income"]),
            ("刚性支出和其他", "一年合计，单位是元", [*deduction_boxes(), "rigid_expenses", "job_cost"]),
            ("意外和积蓄", "没有就留空", ["accidental_loss", "savings"]),
            ("不予建档情形", "逐项向本人核对；有一项就不能建档，特殊情况写理由人工认定", checks),
            ("人工认定", "测算结果和实际不符时才用", ["override", "override_reason"]),
        )
        return [(title, note, [self[name] for name in names]) for title, note, names in parts if names]

    def clean(self) -> dict[str, Any]:
        """Add the sums and lines: those of the boxes where any was filled, else the typed sums."""
        given = super().clean() or self.cleaned_data
        wages = {earner.key: given.get(f"wages_{earner.key}") for earner in self.earners}
        others = {name: given.get(name) for name in income_boxes()}
        typed = any(amount is not None for amount in (*wages.values(), *others.values()))
        lines: list[income.Line] = []
        if typed or (given.get("yearly_income") is None and any(earner.monthly for earner in self.earners)):
            lines += income.income_lines(self.earners, wages, others)
            given["yearly_income"] = income.total(lines, income.INCOME)
        off = income.deduction_lines({name.removeprefix("less_"): given.get(name) for name in deduction_boxes()})
        if off:
            given["rigid_expenses"] = income.total(off, income.DEDUCTION)
        if given.get("yearly_income") is None and "yearly_income" not in self.errors:
            self.add_error("yearly_income", NO_SUM)
        given["lines"] = [*lines, *off]
        return given

    def typed(self) -> dict[str, Any]:
        """What goes to the action."""
        given = self.cleaned_data
        amounts = ("rigid_expenses", "job_cost", "accidental_loss", "savings")
        names = ("version", "persons", "exclusions", "exclusion_note", "override", "override_reason", "lines")
        return {name: given[name] for name in names} | {
            "yearly_income": given["yearly_income"],
            **{name: given[name] if given[name] is not None else Decimal(0) for name in amounts},
        }


def income_boxes() -> list[str]:
    """The boxes of income that is nobody's wage."""
    return [kind for kind in income.INCOME_KINDS if kind != "wages"]


def deduction_boxes() -> list[str]:
    return [f"less_{kind}" for kind in income.DEDUCTIONS]


def _registered(earner: income.Earner) -> str:
    """What an empty box stands for; a member's registered wage is sealed and not said."""
    if earner.monthly is None:
        return "档案里没有登记月收入。"
    if earner.key == "holder":
        return f"档案登记月均 {grouped(earner.monthly, 2)} 元；留空按 12 个月计。"
    return "档案里登记了月收入；留空按它的 12 个月计。"


def _asked(one: Exclusion) -> str:
    return f"{one.words}（{one.hint}依据：{one.origin}）" if one.hint else f"{one.words}（依据：{one.origin}）"
