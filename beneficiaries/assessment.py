"""困难评估: income per head and month against the local standard, and the class that follows (domain.md 3.1).

Pure: the parameters of the rule, the standard and the inputs come in, numbers and sentences go out. Tests compare whole
sums, so that rounding the shown figure never decides a class.

>>> inputs = Inputs(4, Decimal("109560"), Decimal("74480"))
>>> outcome = assess(inputs, Parameters.read(CLASS_2X), Decimal("780"))
>>> outcome.per_head, outcome.result, outcome.distance
(Decimal('730.83'), 'deep', Decimal('49.17'))
>>> outcome.sentence
'（109,560.00 − 74,480.00）÷ 12 ÷ 4 = 730.83 元，低于低保标准 780.00 元，差 49.17 元，属深度困难。'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from beneficiaries.enums import HardshipClass
from relief.lib.money import grouped, rounded

CLASS_2X: dict[str, Any] = {
    "months": 12,
    "deep": {"multiple": "1", "operator": "<"},
    "relative": {"multiple": "2", "operator": "<=", "less_job_cost": True},
    "accidental_share": "80",
}
"""The parameters of `class_2x` version 1, as the migration writes them."""

MOST_PERSONS = 51


@dataclass(frozen=True)
class Inputs:
    """What the household declared: persons living together and yearly sums in 元."""

    persons: int
    yearly_income: Decimal
    rigid_expenses: Decimal = Decimal(0)
    job_cost: Decimal = Decimal(0)
    accidental_loss: Decimal = Decimal(0)


@dataclass(frozen=True)
class Limit:
    """One line of the rule: so many times the standard, compared by `<` or `<=`."""

    multiple: Decimal
    operator: str
    less_job_cost: bool = False

    def holds(self, yearly: Decimal, divisor: int, standard: Decimal) -> bool:
        """Whether the yearly sum divided by `divisor` stays within the limit; compared undivided, so exactly."""
        bound = self.multiple * standard * divisor
        return yearly < bound if self.operator == "<" else yearly <= bound


@dataclass(frozen=True)
class Parameters:
    """A version of the rule, read from its row."""

    months: int
    deep: Limit
    relative: Limit
    accidental_share: Decimal

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Parameters:
        """The parameters of a ClassRule row; `ValueError` when an operator is unknown."""
        return cls(
            months=int(stored["months"]),
            deep=_limit(stored["deep"]),
            relative=_limit(stored["relative"]),
            accidental_share=Decimal(stored["accidental_share"]),
        )


@dataclass(frozen=True)
class Outcome:
    """The result of one assessment, with the figures and sentences the page shows."""

    per_head: Decimal
    after_job_cost: Decimal
    result: str
    distance: Decimal
    low: Decimal
    high: Decimal
    accidental_hint: bool
    sentence: str


def assess(inputs: Inputs, parameters: Parameters, standard: Decimal) -> Outcome:
    """The class of a household: deep before relative; accidental hardship is only hinted at, an officer decides it."""
    divisor = parameters.months * inputs.persons
    yearly = inputs.yearly_income - inputs.rigid_expenses
    less_job = yearly - (inputs.job_cost if parameters.relative.less_job_cost else 0)
    if parameters.deep.holds(yearly, divisor, standard):
        result = HardshipClass.DEEP
    elif parameters.relative.holds(less_job, divisor, standard):
        result = HardshipClass.RELATIVE
    else:
        result = HardshipClass.NONE
    low, high = parameters.deep.multiple * standard, parameters.relative.multiple * standard
    per_head, after_job_cost = rounded(yearly / divisor, 2), rounded(less_job / divisor, 2)
    return Outcome(
        per_head=per_head,
        after_job_cost=after_job_cost,
        result=result.value,
        distance=abs(
            (low if result == HardshipClass.DEEP else high)
            - (per_head if result == HardshipClass.DEEP else after_job_cost)
        ),
        low=rounded(low, 2),
        high=rounded(high, 2),
        accidental_hint=inputs.accidental_loss * 100 > parameters.accidental_share * inputs.yearly_income
        and inputs.accidental_loss > 0,
        sentence=_sentence(inputs, parameters, result, (per_head, after_job_cost), (low, high)),
    )


def faults(inputs: Inputs) -> dict[str, str]:
    """What is wrong with the inputs, field by field, in Chinese sentences; empty when nothing is."""
    found: dict[str, str] = {}
    if not 1 <= inputs.persons <= MOST_PERSONS:
        found["persons"] = f"家庭人口应是 1 至 {MOST_PERSONS} 人，请填写共同生活的人数。"
    names = {
        "yearly_income": "年可支配收入",
        "rigid_expenses": "年刚性支出",
        "job_cost": "年必要就业成本",
        "accidental_loss": "年意外损失",
    }
    for name, label in names.items():
        if getattr(inputs, name) < 0:
            found[name] = f"{label}不能是负数，没有就填 0。"
        elif getattr(inputs, name) > Decimal("100000000"):
            found[name] = f"{label}超过 1 亿元，请检查单位是不是元。"
    return found


def _limit(stored: Mapping[str, Any]) -> Limit:
    if stored["operator"] not in ("<", "<="):
        raise ValueError(f"unknown operator {stored['operator']!r}")
    return Limit(Decimal(stored["multiple"]), stored["operator"], bool(stored.get("less_job_cost", False)))


def _sentence(
    inputs: Inputs,
    parameters: Parameters,
    result: HardshipClass,
    found: tuple[Decimal, Decimal],
    limits: tuple[Decimal, Decimal],
) -> str:
    """The sum in words, with its distance to the limit that decided."""
    money = [grouped(amount, 2) for amount in (inputs.yearly_income, inputs.rigid_expenses, inputs.job_cost)]
    deep = result == HardshipClass.DEEP
    with_job = not deep and parameters.relative.less_job_cost and inputs.job_cost > 0
    terms = f"{money[0]} − {money[1]}" + (f" − 必要就业成本 {money[2]}" if with_job else "")
    value, limit = (found[0], limits[0]) if deep else (found[1], limits[1])
    name = "低保标准" if deep else f"低保标准的 {parameters.relative.multiple.normalize():f} 倍"
    gap = rounded(abs(limit - value), 2)
    head = f"（{terms}）÷ {parameters.months} ÷ {inputs.persons} = {grouped(value, 2)} 元"
    said = f"{name} {grouped(limit, 2)} 元，{'差' if value < limit else '多'} {grouped(gap, 2)} 元"
    if gap == 0:
        said = f"{name} {grouped(limit, 2)} 元，差距不足 1 分或正好相等"
    words = {HardshipClass.DEEP: "低于", HardshipClass.RELATIVE: "不超过", HardshipClass.NONE: "超过"}
    return f"{head}，{words[result]}{said}，{'属' if result != HardshipClass.NONE else ''}{result.label}。"
