"""The checks, one function per key of FundRule; `check` runs them all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from beneficiaries.enums import Purpose, Route
from beneficiaries.rules.facts import HINT, SEVERITIES, WARN, Finding, PayoutFacts, Rule, Way
from campaigns.enums import FundSource
from relief.lib.money import grouped

Check = Callable[[Rule, PayoutFacts], Iterator[Finding]]
OTHER_SOURCE = "换资金来源"


def check(facts: PayoutFacts, rules: Iterable[Rule]) -> list[Finding]:
    """What the rules say about the payout, worst first; an unknown key is an error in the rows, not silence."""
    found = [finding for rule in rules for finding in CHECKS[rule.key](rule, facts)]
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))


def _finding(rule: Rule, sentence: str, field: str, *ways: Way, severity: str = "") -> Finding:
    return Finding(rule.key, severity or rule.effect, f"{sentence}依据：{rule.origin}。", field, ways)


def _bound(rule: Rule, facts: PayoutFacts) -> list[tuple[int, str]]:
    """Place and label of the lines whose source the rule binds."""
    return [(at, FundSource(line.source).label) for at, line in enumerate(facts.lines) if rule.binds(line.source)]


def _sources(bound: list[tuple[int, str]]) -> str:
    return "、".join(dict.fromkeys(label for _, label in bound)) + "资金"


def _day(day) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _yuan(amount: Decimal) -> str:
    return f"{grouped(amount, 2)} 元"


def dossier_required(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    bound = _bound(rule, facts)
    if not bound:
        return
    money, other = _sources(bound), Way(OTHER_SOURCE, f"lines-{bound[0][0]}-source")
    dossier = facts.dossier
    if dossier is None:
        yield _finding(
            rule, f"{money}先建档、后帮扶：这一笔没有选职工档案。", "dossier", Way("从档案选户", "dossier"), other
        )
        return
    if not dossier.active:
        yield _finding(
            rule,
            f"{money}先建档、后帮扶：档案 {dossier.number} 是“{dossier.state}”，发放时须已在档。",
            "dossier",
            Way("查看档案", "dossier"),
            other,
        )
    elif dossier.opened_on is None or dossier.opened_on >= facts.day:
        opened = _day(dossier.opened_on) if dossier.opened_on else "未写"
        yield _finding(
            rule,
            f"{money}先建档、后帮扶：档案 {dossier.number} 的建档日期（{opened}）须早于发放日期（{_day(facts.day)}）。",
            "planned_on",
            Way("改发放日期", "planned_on"),
            other,
        )


def route_allowed(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    allowed = tuple(rule.parameters["routes"])
    words = "、".join(Route(route).label for route in allowed)
    for at, source in _bound(rule, facts):
        route = facts.lines[at].route
        if route not in allowed:
            yield _finding(
                rule,
                f"{source}资金只能通过{words}发放，不能发{Route(route).label}。",
                f"lines-{at}-route",
                Way(f"改为{Route(allowed[0]).label}", f"lines-{at}-route"),
                Way(OTHER_SOURCE, f"lines-{at}-source"),
            )


def real_name(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    if facts.has_id and not facts.id_fault:
        return
    bound = _bound(rule, facts)
    way = Way("改证件号", "id_number")
    if bound:
        wrong = facts.id_fault or "没有填写身份证号。"
        yield _finding(
            rule,
            f"{_sources(bound)}实行实名制：{wrong}",
            "id_number",
            way,
            Way(OTHER_SOURCE, f"lines-{bound[0][0]}-source"),
        )
    elif facts.has_id:
        severity = rule.parameters.get("others_wrong", WARN)
        yield _finding(rule, f"证件号有误：{facts.id_fault}", "id_number", way, severity=severity)
    else:
        severity = rule.parameters.get("others_missing", HINT)
        yield _finding(
            rule,
            "没有身份证号：按单独一人统计，可能重复。",
            "id_number",
            Way("补证件号", "id_number"),
            severity=severity,
        )


def purpose_allowed(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    allowed, bound = tuple(rule.parameters["purposes"]), _bound(rule, facts)
    if bound and facts.purpose not in allowed:
        words = "、".join(Purpose(purpose).label for purpose in allowed)
        yield _finding(
            rule,
            f"{_sources(bound)}只能用于{words}，不能用于“{Purpose(facts.purpose).label}”。",
            "purpose",
            Way("改用途", "purpose"),
            Way(OTHER_SOURCE, f"lines-{bound[0][0]}-source"),
        )


def banned_goods(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    words, whole = rule.parameters.get("words", ()), rule.parameters.get("whole", ())
    for at, _ in _bound(rule, facts):
        item = facts.lines[at].item
        if _is_banned(item, words, whole):
            yield _finding(
                rule, f"“{item}”在禁购清单内，不能作慰问品。", f"lines-{at}-item", Way("改物品", f"lines-{at}-item")
            )


def _is_banned(item: str, words: Iterable[str], whole: Iterable[str]) -> bool:
    """`words` anywhere in the name, `whole` only as a thing of its own: 酒 is banned, 酒精 is not."""
    text = re.sub(r"[\s·.\-_]", "", unicodedata.normalize("NFKC", item)).casefold()
    things = {re.sub(r"[\d.]+\S?$", "", thing) for thing in re.split(r"[、,，;；/+和及]", text)}
    return any(word in text for word in words) or any(thing in whole for thing in things)


def card_number(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    """Passbooks do not satisfy the check digit: only the card route is looked at (domain.md 5)."""
    if all(line.route != Route.CARD for line in facts.lines):
        return
    if not facts.has_card:
        severity = rule.parameters.get("missing", HINT)
        yield _finding(
            rule, "没有银行卡号，出账前请补上。", "card_number", Way("补卡号", "card_number"), severity=severity
        )
    elif facts.card_fault:
        yield _finding(rule, facts.card_fault, "card_number", Way("改卡号", "card_number"))


def funds_cover(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    wanted: dict[str, Decimal] = {}
    places: dict[str, int] = {}
    for at, line in enumerate(facts.lines):
        if rule.binds(line.source):
            wanted[line.source] = wanted.get(line.source, Decimal(0)) + line.amount
            places.setdefault(line.source, at)
    for source, amount in wanted.items():
        available = facts.available.get(source, Decimal(0))
        if amount > available:
            yield _finding(
                rule,
                f"{FundSource(source).label}可用 {_yuan(available)}，这一笔要 {_yuan(amount)}，少 {_yuan(amount - available)}："
                "减少金额，或写明何时补足。",
                f"lines-{places[source]}-amount",
                Way("改金额", f"lines-{places[source]}-amount"),
                Way("写明", "reason"),
            )


def same_household(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    if facts.others:
        yield _finding(
            rule,
            f"同一户在本活动、同一用途已由{'、'.join(facts.others)}登记发放，请先与对方核对。",
            "dossier",
            Way("写明原因", "reason"),
        )


def sign_off(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    if any(line.route in (Route.CASH, Route.GOODS) for line in facts.lines):
        yield _finding(rule, "现金、实物须有实名签收表，由经手人、证明人签字。", "lines-0-route")


def cap_per_contact(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    cap, amount = Decimal(rule.parameters["yuan"]), _bound_amount(rule, facts)
    if amount > cap:
        yield _finding(
            rule, f"本次 {_yuan(amount)}，超过每人次 {_yuan(cap)}。", "lines-0-amount", Way("写明原因", "reason")
        )


def cap_per_year(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    cap, amount = Decimal(rule.parameters["yuan"]), _bound_amount(rule, facts)
    if facts.year_total + amount > cap:
        yield _finding(
            rule,
            f"本年已领 {_yuan(facts.year_total)}，加本次 {_yuan(facts.year_total + amount)}，超过每人每年 {_yuan(cap)}。",
            "lines-0-amount",
            Way("写明原因", "reason"),
        )


def cap_living(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    if facts.purpose != Purpose.LIVING or facts.standard is None:
        return
    cap, amount = facts.standard * rule.parameters["months"], _bound_amount(rule, facts)
    if facts.living_total + amount > cap:
        yield _finding(
            rule,
            f"生活救助每户每年不超过 {rule.parameters['months']} 个月低保标准（{_yuan(cap)}），"
            f"加本次是 {_yuan(facts.living_total + amount)}。",
            "lines-0-amount",
            Way("改金额", "lines-0-amount"),
        )


def _bound_amount(rule: Rule, facts: PayoutFacts) -> Decimal:
    return sum((line.amount for line in facts.lines if rule.binds(line.source)), Decimal(0))


CHECKS: dict[str, Check] = {
    each.__name__: each
    for each in (
        dossier_required,
        route_allowed,
        real_name,
        purpose_allowed,
        banned_goods,
        card_number,
        funds_cover,
        same_household,
        sign_off,
        cap_per_contact,
        cap_per_year,
        cap_living,
    )
}
"""Every key that a FundRule may have."""
