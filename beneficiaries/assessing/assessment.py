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

from collections.abc import Iterable, Mapping, Sequence
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
EXCLUSIONS: list[dict[str, str]] = [
    {
        "key": "two_homes",
        "words": "有两套及以上住房",
        "hint": "有的省规定人均不足 15 平方米的除外，按当地规定办。",
        "origin": "困难职工建档规定（不予建档情形）",
    },
    {
        "key": "business",
        "words": "有经营用房，或雇工两人及以上",
        "hint": "",
        "origin": "困难职工建档规定（不予建档情形）",
    },
    {
        "key": "costly_school",
        "words": "子女就读高收费私立学校或自费出国留学",
        "hint": "有的市以学费超过同类公办学校两倍为界。",
        "origin": "困难职工建档规定（不予建档情形）",
    },
    {
        "key": "two_cars",
        "words": "有一辆以上家用轿车",
        "hint": "",
        "origin": "困难职工建档规定（不予建档情形）",
    },
]
"""The exclusions of `class_2x` version 2, as the migration writes them (domain.md 3.2)."""


@dataclass(frozen=True)
class Inputs:
    """What the household declared: persons living together and yearly sums in 元."""

    persons: int
    yearly_income: Decimal
    rigid_expenses: Decimal = Decimal(0)
    job_cost: Decimal = Decimal(0)
    accidental_loss: Decimal = Decimal(0)
    savings: Decimal = Decimal(0)


@dataclass(frozen=True)
class Exclusion:
    """One circumstance in which no file is opened, asked as yes or no, with its origin."""

    key: str
    words: str
    hint: str = ""
    origin: str = ""


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
    exclusions: tuple[Exclusion, ...] = ()

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Parameters:
        """The parameters of a ClassRule row; `ValueError` when an operator is unknown."""
        return cls(
            months=int(stored["months"]),
            deep=_limit(stored["deep"]),
            relative=_limit(stored["relative"]),
            accidental_share=Decimal(stored["accidental_share"]),
            exclusions=tuple(Exclusion(**row) for row in stored.get("exclusions", ())),
        )

    def excluded(self, keys: Iterable[str]) -> list[Exclusion]:
        """The ticked exclusions in the order of the rule."""
        ticked = set(keys)
        return [exclusion for exclusion in self.exclusions if exclusion.key in ticked]


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
    computed: str = ""
    steps: tuple[str, ...] = ()


def assess(inputs: Inputs, parameters: Parameters, standard: Decimal, ticked: Iterable[str] = ()) -> Outcome:
    """The class of a household: deep before relative; accidental hardship is only hinted at, an officer decides it.

    A ticked exclusion makes the result “not eligible”, whatever the sum says; `computed` keeps what the sum says.
    """
    divisor = parameters.months * inputs.persons
    yearly = inputs.yearly_income - inputs.rigid_expenses
    less_job = yearly - (inputs.job_cost if parameters.relative.less_job_cost else 0)
    if parameters.deep.holds(yearly, divisor, standard):
        result = HardshipClass.DEEP
    elif parameters.relative.holds(less_job, divisor, standard):
        result = HardshipClass.RELATIVE
    else:
        result = HardshipClass.NONE
    excluded = parameters.excluded(ticked)
    low, high = parameters.deep.multiple * standard, parameters.relative.multiple * standard
    per_head, after_job_cost = rounded(yearly / divisor, 2), rounded(less_job / divisor, 2)
    return Outcome(
        per_head=per_head,
        after_job_cost=after_job_cost,
        result=(HardshipClass.NONE if excluded else result).value,
        computed=result.value,
        distance=abs(
            (low if result == HardshipClass.DEEP else high)
            - (per_head if result == HardshipClass.DEEP else after_job_cost)
        ),
        low=rounded(low, 2),
        high=rounded(high, 2),
        accidental_hint=inputs.accidental_loss * 100 > parameters.accidental_share * inputs.yearly_income
        and inputs.accidental_loss > 0,
        sentence=_sentence(inputs, parameters, result, (per_head, after_job_cost), (low, high))
        + _exclusion_words(excluded),
        steps=_steps(inputs, parameters, standard, result, (per_head, after_job_cost), excluded),
    )


def _exclusion_words(excluded: Sequence[Exclusion]) -> str:
    return f"但有不予建档情形：{'、'.join(one.words for one in excluded)}，按规定不予建档。" if excluded else ""


def _steps(
    inputs: Inputs,
    parameters: Parameters,
    standard: Decimal,
    result: HardshipClass,
    found: tuple[Decimal, Decimal],
    excluded: Sequence[Exclusion],
) -> tuple[str, ...]:
    """The calculation in words, one line per step, as a clerk would explain it at the table."""
    rest = inputs.yearly_income - inputs.rigid_expenses
    low, high = parameters.deep.multiple * standard, parameters.relative.multiple * standard
    deep = result == HardshipClass.DEEP
    lines = [
        f"全家一年可支配收入 {grouped(inputs.yearly_income, 2)} 元。",
        f"减去一年刚性支出 {grouped(inputs.rigid_expenses, 2)} 元，余 {grouped(rest, 2)} 元。",
        f"除以 {parameters.months} 个月、{inputs.persons} 口人，人均每月 {grouped(found[0], 2)} 元。",
        f"深度困难线：{_bound(parameters.deep)} {grouped(low, 2)} 元。本户{'符合' if deep else '不符合'}。",
    ]
    if not deep:
        if parameters.relative.less_job_cost and inputs.job_cost:
            job = grouped(inputs.job_cost, 2)
            lines.append(f"再减去一年必要就业成本 {job} 元，人均每月 {grouped(found[1], 2)} 元。")
        fits = "符合" if result == HardshipClass.RELATIVE else "不符合"
        lines.append(f"相对困难线：{_bound(parameters.relative)} {grouped(high, 2)} 元。本户{fits}。")
    lines.append(f"按收入测算：{result.label}。")
    if excluded:
        lines.append(f"有不予建档情形：{'、'.join(one.words for one in excluded)}。按规定不予建档，结果为“不符合”。")
    elif parameters.exclusions:
        lines.append("不予建档情形逐项核对，均否。")
    return tuple(lines)


def _bound(limit: Limit) -> str:
    words = "低于" if limit.operator == "<" else "不超过"
    return f"人均每月{words}低保标准" + ("" if limit.multiple == 1 else f"的 {limit.multiple.normalize():f} 倍")


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
        "savings": "存款和投资",
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
