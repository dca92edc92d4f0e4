"""The checks that set an amount: per contact, person, household, purpose, and the three of central money (domain.md 2.4).

A cap that binds some sources looks at these sources alone, now and earlier in the year: own dues use up no central money.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from beneficiaries.enums import Purpose
from beneficiaries.rules import words
from beneficiaries.rules.facts import HINT, Finding, PayoutFacts, Rule, Way

AMOUNT = "lines-0-amount"
LESS, WHY = Way("改金额", AMOUNT), Way("写明原因", "reason")


def case_decision(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    """Above the standard a case needs its own recorded decision (一事一议)."""
    standard, amount = Decimal(rule.parameters["yuan"]), words.bound_amount(rule, facts)
    if amount > standard:
        yield words.finding(
            rule,
            f"本次 {words.yuan(amount)}，超过标准 {words.yuan(standard)}，须一事一议：请写明会议纪要的日期和条目。",
            AMOUNT,
            Way("写明会议纪要", "reason"),
        )


def cap_per_contact(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    cap, amount = Decimal(rule.parameters["yuan"]), words.bound_amount(rule, facts)
    if amount > cap:
        yield words.finding(rule, f"本次 {words.yuan(amount)}，超过每人次 {words.yuan(cap)}。", AMOUNT, WHY)


def cap_per_year(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    cap, amount = Decimal(rule.parameters["yuan"]), words.bound_amount(rule, facts)
    before = sum((total for source, total in facts.year_total.items() if rule.binds(source)), Decimal(0))
    if amount and before + amount > cap:
        yield words.finding(
            rule,
            f"本年已领 {words.yuan(before)}，加本次 {words.yuan(before + amount)}，超过每人每年 {words.yuan(cap)}。",
            AMOUNT,
            WHY,
        )


def cap_per_household(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    """All that a household gets in a calendar year."""
    before = sum((total for (_, source), total in facts.totals.items() if rule.binds(source)), Decimal(0))
    yield from _household(rule, facts, Decimal(rule.parameters["yuan"]), before, "每户每年不超过")


def cap_per_purpose(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    """What a household gets in a calendar year for one purpose; purposes without an amount are free."""
    cap = rule.parameters["purposes"].get(facts.purpose)
    if cap is not None:
        said = f"{Purpose(facts.purpose).label}每户每年不超过"
        yield from _household(rule, facts, Decimal(cap), _so_far(rule, facts), said)


def cap_living(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    if facts.purpose == Purpose.LIVING and facts.standard is not None:
        months = rule.parameters["months"]
        said = f"生活救助每户每年不超过 {months} 个月低保标准"
        yield from _household(rule, facts, facts.standard * months, _so_far(rule, facts), said, bracket=True)


def cap_medical(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    """Medical aid is at most what the household paid of the bills itself, case by case."""
    amount = words.bound_amount(rule, facts)
    if facts.purpose != Purpose.MEDICAL or not amount:
        return
    way = Way("填自付医疗费", "self_paid")
    if facts.self_paid is None:
        yield words.finding(
            rule,
            "医疗救助不超过医疗费的自付部分：还没有填自付医疗费。",
            "self_paid",
            way,
            severity=rule.parameters.get("missing", HINT),
        )
    elif amount > facts.self_paid:
        yield words.finding(
            rule,
            f"医疗救助不超过医疗费的自付部分：本次 {words.yuan(amount)}，超过所填的自付医疗费。",
            AMOUNT,
            LESS,
            way,
        )


def cap_study(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    """School aid per student and year is at most so many months of basic living cost."""
    if facts.purpose != Purpose.STUDY or not words.bound_amount(rule, facts):
        return
    given = rule.parameters.get("yuan")
    monthly = Decimal(given) if given else facts.standard
    if monthly is None:
        return
    students = facts.students or 1
    months = rule.parameters["months"]
    said = f"子女助学每名学生每年不超过 {months} 个月基本生活费，{students} 名学生"
    yield from _household(rule, facts, monthly * months * students, _so_far(rule, facts), said, bracket=True)


def _so_far(rule: Rule, facts: PayoutFacts) -> Decimal:
    """What the bound sources gave the household for the purpose in the year."""
    given = facts.totals.items()
    return sum((total for (why, source), total in given if why == facts.purpose and rule.binds(source)), Decimal(0))


def _household(
    rule: Rule, facts: PayoutFacts, cap: Decimal, before: Decimal, said: str, *, bracket: bool = False
) -> Iterator[Finding]:
    amount = words.bound_amount(rule, facts)
    if amount and before + amount > cap:
        limit = f"（{words.yuan(cap)}）" if bracket else f" {words.yuan(cap)}"
        yield words.finding(rule, f"{said}{limit}，加本次是 {words.yuan(before + amount)}。", AMOUNT, LESS, WHY)
