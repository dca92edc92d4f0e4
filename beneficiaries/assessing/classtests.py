"""Class rules of other times and offices as tests that are data (domain.md 3.1): what they would say, for reference.

A test adds up terms, per head and month or for the year, and compares them with a multiple of the standard, an amount,
or a share of the income. All tests of a result must hold. No result of these decides a class.

>>> rule = {"months": 12, "tests": [{"result": "刚性支出型", "all": [
...     {"terms": ["rigid"], "income_share": "80", "operator": ">="}]}]}
>>> [found.words for found in verdicts(rule, {"income": Decimal(100), "rigid": Decimal(80)}, 1, Decimal(780))]
['刚性支出 80.00 元，不低于年收入的 80%（80.00 元）']
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from relief.lib.money import grouped, rounded

OPERATORS: dict[str, tuple[Callable[[Decimal, Decimal], bool], str, str]] = {
    "<": (operator.lt, "低于", "不低于"),
    "<=": (operator.le, "不超过", "超过"),
    ">": (operator.gt, "超过", "不超过"),
    ">=": (operator.ge, "不低于", "低于"),
}
TERMS = {"income": "可支配收入", "rigid": "刚性支出", "loss": "意外损失", "savings": "存款和投资", "job": "就业成本"}


@dataclass(frozen=True)
class Verdict:
    """One result with whether all its tests hold, and what each compared."""

    result: str
    holds: bool
    words: str


def verdicts(
    parameters: Mapping[str, Any], amounts: Mapping[str, Decimal], persons: int, standard: Decimal
) -> list[Verdict]:
    """Every result of the rule in its order; `amounts` are yearly sums by the names of `TERMS`."""
    found = []
    for test in parameters["tests"]:
        outcomes = [_compare(one, int(parameters["months"]), amounts, persons, standard) for one in test["all"]]
        found.append(
            Verdict(test["result"], all(holds for holds, _ in outcomes), "；".join(words for _, words in outcomes))
        )
    return found


def first_result(found: list[Verdict]) -> str:
    """The first result that holds, "" when none does."""
    return next((verdict.result for verdict in found if verdict.holds), "")


def _compare(
    test: Mapping[str, Any], months: int, amounts: Mapping[str, Decimal], persons: int, standard: Decimal
) -> tuple[bool, str]:
    """(holds, words); compared as whole sums, so that rounding the shown figure decides nothing."""
    yearly = sum((_term(name, amounts) for name in test["terms"]), Decimal(0))
    compare, yes, no = OPERATORS[test["operator"]]
    name = "".join(_signed(term, place) for place, term in enumerate(test["terms"]))
    if "income_share" in test:
        bound = amounts.get("income", Decimal(0)) * Decimal(test["income_share"]) / 100
        holds = compare(yearly, bound)
        limit = f"年收入的 {test['income_share']}%（{grouped(rounded(bound, 2), 2)} 元）"
        return holds, f"{name} {grouped(rounded(yearly, 2), 2)} 元，{yes if holds else no}{limit}"
    monthly = Decimal(test["standard"]) * standard if "standard" in test else Decimal(test["yuan"])
    divisor = months * persons
    holds = compare(yearly, monthly * divisor)
    shown = grouped(rounded(yearly / divisor, 2), 2)
    limit = f"{test['standard']} 倍低保标准" if "standard" in test else "规定的金额"
    return holds, f"人均月（{name}）{shown} 元，{yes if holds else no}{limit} {grouped(rounded(monthly, 2), 2)} 元"


def _term(name: str, amounts: Mapping[str, Decimal]) -> Decimal:
    amount = amounts.get(name.removeprefix("-"), Decimal(0))
    return -amount if name.startswith("-") else amount


def _signed(term: str, place: int) -> str:
    word = TERMS[term.removeprefix("-")]
    return f" − {word}" if term.startswith("-") else f" + {word}" if place else word
