"""The checks, one function per key of FundRule; `check` runs them all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from beneficiaries.enums import Purpose, Route
from beneficiaries.rules import caps, words
from beneficiaries.rules.facts import HINT, SEVERITIES, WARN, Finding, PayoutFacts, Rule, Way
from campaigns.enums import FundSource

Check = Callable[[Rule, PayoutFacts], Iterator[Finding]]
OTHER_SOURCE = "换资金来源"


def check(facts: PayoutFacts, rules: Iterable[Rule]) -> list[Finding]:
    """What the rules say about the payout, worst first; an unknown key is an error in the rows, not silence.

    Where rules of several unions say the same of the same place, the hardest one speaks.
    """
    found = [finding for rule in rules for finding in CHECKS[rule.key](rule, facts)]
    worst: dict[tuple[str, str], Finding] = {}
    for finding in sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)):
        worst.setdefault((finding.key, finding.field), finding)
    return list(worst.values())


def dossier_required(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    bound = words.bound(rule, facts)
    if not bound:
        return
    money, other = words.sources(bound), Way(OTHER_SOURCE, f"lines-{bound[0][0]}-source")
    dossier = facts.dossier
    if dossier is None:
        yield words.finding(
            rule, f"{money}先建档、后帮扶：这一笔没有选职工档案。", "dossier", Way("从档案选户", "dossier"), other
        )
        return
    if not dossier.active:
        yield words.finding(
            rule,
            f"{money}先建档、后帮扶：档案 {dossier.number} 是“{dossier.state}”，发放时须已在档。",
            "dossier",
            Way("查看档案", "dossier"),
            other,
        )
    elif dossier.opened_on is None or dossier.opened_on >= facts.day:
        opened = words.day(dossier.opened_on) if dossier.opened_on else "未写"
        yield words.finding(
            rule,
            f"{money}先建档、后帮扶：档案 {dossier.number} 的建档日期（{opened}）须早于发放日期（{words.day(facts.day)}）。",
            "planned_on",
            Way("改发放日期", "planned_on"),
            other,
        )


def dossier_age(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    """A file that nobody looked at for so many months must be declared anew before money follows it."""
    dossier, months = facts.dossier, rule.parameters["months"]
    if dossier is None or dossier.renewed_on is None or not words.bound(rule, facts):
        return
    if words.months_later(dossier.renewed_on, months) <= facts.day:
        yield words.finding(
            rule,
            f"档案 {dossier.number} 最近一次认定或复核是 {words.day(dossier.renewed_on)}，到发放日已满 {months} 个月，"
            "须重新申报。",
            "dossier",
            Way("查看档案", "dossier"),
        )


def route_allowed(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    allowed = tuple(rule.parameters["routes"])
    named = "、".join(Route(route).label for route in allowed)
    for at, source in words.bound(rule, facts):
        route = facts.lines[at].route
        if route not in allowed:
            yield words.finding(
                rule,
                f"{source}资金只能通过{named}发放，不能发{Route(route).label}。",
                f"lines-{at}-route",
                Way(f"改为{Route(allowed[0]).label}", f"lines-{at}-route"),
                Way(OTHER_SOURCE, f"lines-{at}-source"),
            )


def real_name(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    if facts.has_id and not facts.id_fault:
        return
    bound = words.bound(rule, facts)
    way = Way("改证件号", "id_number")
    if bound:
        wrong = facts.id_fault or "没有填写身份证号。"
        yield words.finding(
            rule,
            f"{words.sources(bound)}实行实名制：{wrong}",
            "id_number",
            way,
            Way(OTHER_SOURCE, f"lines-{bound[0][0]}-source"),
        )
    elif facts.has_id:
        severity = rule.parameters.get("others_wrong", WARN)
        yield words.finding(rule, f"证件号有误：{facts.id_fault}", "id_number", way, severity=severity)
    else:
        severity = rule.parameters.get("others_missing", HINT)
        yield words.finding(
            rule,
            "没有身份证号：按单独一人统计，可能重复。",
            "id_number",
            Way("补证件号", "id_number"),
            severity=severity,
        )


def purpose_allowed(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    allowed, bound = tuple(rule.parameters["purposes"]), words.bound(rule, facts)
    if bound and facts.purpose not in allowed:
        named = "、".join(Purpose(purpose).label for purpose in allowed)
        yield words.finding(
            rule,
            f"{words.sources(bound)}只能用于{named}，不能用于“{Purpose(facts.purpose).label}”。",
            "purpose",
            Way("改用途", "purpose"),
            Way(OTHER_SOURCE, f"lines-{bound[0][0]}-source"),
        )


def member_required(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    """A farmer worker must be a union member; where nobody wrote it down the rule says how hard it asks."""
    bound = words.bound(rule, facts)
    if not bound or not facts.farmer_worker or facts.union_member:
        return
    known = facts.union_member is not None
    yield words.finding(
        rule,
        f"{words.sources(bound)}发给农民工的，本人须是工会会员：{'这一位不是会员。' if known else '没有写是不是会员。'}",
        "union_member",
        Way("写明会员", "union_member"),
        severity="" if known else rule.parameters.get("unknown", HINT),
    )


def banned_goods(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    names, whole = rule.parameters.get("words", ()), rule.parameters.get("whole", ())
    for at, _ in words.bound(rule, facts):
        item = facts.lines[at].item
        if _is_banned(item, names, whole):
            yield words.finding(
                rule, f"“{item}”在禁购清单内，不能作慰问品。", f"lines-{at}-item", Way("改物品", f"lines-{at}-item")
            )


def _is_banned(item: str, names: Iterable[str], whole: Iterable[str]) -> bool:
    """`names` anywhere in the name, `whole` only as a thing of its own: 酒 is banned, 酒精 is not."""
    text = re.sub(r"[\s·.\-_]", "", unicodedata.normalize("NFKC", item)).casefold()
    things = {re.sub(r"[\d.]+\S?$", "", thing) for thing in re.split(r"[、,，;；/+和及]", text)}
    return any(name in text for name in names) or any(thing in whole for thing in things)


def procurement(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    """Goods that fall under procurement rules carry the document; its number is written down as the reason."""
    for at, _ in words.bound(rule, facts):
        if facts.lines[at].route == Route.GOODS:
            yield words.finding(
                rule, "实物属于采购范围的，须附采购文件：请写明文号。", f"lines-{at}-item", Way("写明文号", "reason")
            )
            return


def card_number(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    """Passbooks do not satisfy the check digit: only the card route is looked at (domain.md 5)."""
    if all(line.route != Route.CARD for line in facts.lines):
        return
    if not facts.has_card:
        severity = rule.parameters.get("missing", HINT)
        yield words.finding(
            rule, "没有银行卡号，出账前请补上。", "card_number", Way("补卡号", "card_number"), severity=severity
        )
    elif facts.card_fault:
        yield words.finding(rule, facts.card_fault, "card_number", Way("改卡号", "card_number"))


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
            yield words.finding(
                rule,
                f"{FundSource(source).label}可用 {words.yuan(available)}，这一笔要 {words.yuan(amount)}，少 {words.yuan(amount - available)}："
                "减少金额，或写明何时补足。",
                f"lines-{places[source]}-amount",
                Way("改金额", f"lines-{places[source]}-amount"),
                Way("写明", "reason"),
            )


def same_household(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    if facts.others:
        yield words.finding(
            rule,
            f"同一户在本活动、同一用途已由{'、'.join(facts.others)}登记发放，请先与对方核对。",
            "dossier",
            Way("写明原因", "reason"),
        )


def one_per_purpose(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    if facts.again and words.bound(rule, facts):
        yield words.finding(
            rule,
            f"同一户在本活动、同一用途本工会已登记 {'、'.join(facts.again)}，一户一个用途只发一次。",
            "purpose",
            Way("改用途", "purpose"),
            Way("写明原因", "reason"),
        )


def sign_off(rule: Rule, facts: PayoutFacts) -> Iterator[Finding]:
    if any(line.route in (Route.CASH, Route.GOODS) for line in facts.lines):
        yield words.finding(rule, "现金、实物须有实名签收表，由经手人、证明人签字。", "lines-0-route")


CHECKS: dict[str, Check] = {
    each.__name__: each
    for each in (
        dossier_required,
        dossier_age,
        route_allowed,
        real_name,
        member_required,
        purpose_allowed,
        banned_goods,
        procurement,
        card_number,
        funds_cover,
        same_household,
        one_per_purpose,
        sign_off,
        caps.case_decision,
        caps.cap_per_contact,
        caps.cap_per_year,
        caps.cap_per_household,
        caps.cap_per_purpose,
        caps.cap_living,
        caps.cap_medical,
        caps.cap_study,
    )
}
"""Every key that a FundRule may have."""
