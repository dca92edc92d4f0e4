"""The second look at a world file: names that must be unique, references that must lead somewhere, days in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from beneficiaries.enums import PayoutState, Route, VisitKind
from campaigns.enums import DeliverableKind
from relief.lib.money import parse_amount
from relief.site.world.shapes import Fault
from unions.enums import ADMIN_ROLES, BUSINESS_ROLES

LOGIN_KEYS = frozenset("by drafted_by confirmed_by visited_by posted_by reviewed_by approved_by paid_by".split())
UNION_KEYS = frozenset("union issuer to giver receiver paid_from".split())
SECTIONS = (
    "unions persons campaigns households thresholds batches payouts funds allocations drives donations remittances visits"
    " activities filings"
).split()
_WITH = {
    "entered": {PayoutState.DRAFT},
    "sent": {PayoutState.PLANNED},
    "reviewed": {PayoutState.PLANNED},
    "approved": {PayoutState.APPROVED, PayoutState.PLANNED},
    "seconded": {PayoutState.APPROVED},
    "released": {PayoutState.RELEASED},
    "in_file": {PayoutState.RELEASED},
    "answered": {PayoutState.PAID, PayoutState.FAILED},
    "signed": {PayoutState.PAID, PayoutState.APPROVED},
}
"""Per point of a batch's way the states its payouts may have there."""
REACHED = tuple(_WITH)
_SHARED = ("union", "paid_from", "campaign", "group", "purpose", "planned_on")


def faults(world: dict[str, Any]) -> Iterator[Fault]:
    """Faults of a world whose shapes are right."""
    names = {
        "union": {union["code"] for union in world["unions"]},
        "login": {person["login"] for person in world.get("persons", [])},
        "campaign": {campaign["code"] for campaign in world.get("campaigns", [])},
        "household": {household["key"] for household in world.get("households", [])},
        "batch": {batch["key"] for batch in world.get("batches", [])},
        "drive": {drive["key"] for drive in world.get("drives", [])},
    }
    yield from _duplicates(world, "unions", "code")
    yield from _duplicates(world, "persons", "login", fold=True)
    yield from _duplicates(world, "campaigns", "code")
    yield from _duplicates(world, "households", "key")
    yield from _duplicates(world, "payouts", "key")
    yield from _duplicates(world, "batches", "key")
    yield from _duplicates(world, "drives", "key")
    yield from _parents(world)
    for section in SECTIONS:
        yield from _references(world.get(section, []), f"$.{section}", names)
    yield from _entries(world, "persons", _person)
    yield from _entries(world, "campaigns", _campaign, names["union"])
    yield from _entries(world, "households", _household)
    yield from _standards(world)
    yield from _entries(world, "payouts", _payout)
    yield from _batches(world)
    yield from _entries(world, "donations", _donation)
    yield from _entries(world, "visits", _visit)
    yield from _entries(world, "activities", _activity)
    yield from _filings(world)


def _entries(world: dict[str, Any], section: str, look: Any, *more: Any) -> Iterator[Fault]:
    for place, entry in enumerate(world.get(section, [])):
        yield from look(entry, f"$.{section}[{place}]", *more)


def _duplicates(world: dict[str, Any], section: str, name: str, *, fold: bool = False) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for place, entry in enumerate(world.get(section, [])):
        value = entry[name].casefold() if fold else entry[name]
        if value in seen:
            yield Fault(f"$.{section}[{place}].{name}", f"“{entry[name]}”已在 $.{section}[{seen[value]}] 用过。")
        seen.setdefault(value, place)


def _parents(world: dict[str, Any]) -> Iterator[Fault]:
    before: set[str] = set()
    for place, union in enumerate(world["unions"]):
        parent = union["parent"]
        if parent is not None and parent not in before:
            yield Fault(f"$.unions[{place}].parent", f"“{parent}”不在前面的工会里；上级要排在下级之前。")
        before.add(union["code"])


def _references(value: Any, path: str, names: dict[str, set[str]]) -> Iterator[Fault]:
    """Every key that names a union, a login, a campaign or a household, wherever it stands."""
    if isinstance(value, list):
        for place, entry in enumerate(value):
            yield from _references(entry, f"{path}[{place}]", names)
        return
    if not isinstance(value, dict):
        return
    for key, entry in value.items():
        if isinstance(entry, dict | list):
            yield from _references(entry, f"{path}.{key}", names)
        elif entry is not None:
            yield from _reference(key, entry, f"{path}.{key}", names)


def _reference(key: str, entry: Any, path: str, names: dict[str, set[str]]) -> Iterator[Fault]:
    if key in UNION_KEYS and entry not in names["union"]:
        yield Fault(path, f"没有代码为“{entry}”的工会。")
    elif key in LOGIN_KEYS and entry not in names["login"]:
        yield Fault(path, f"没有登录名为“{entry}”的人员。")
    elif key == "campaign" and entry not in names["campaign"]:
        yield Fault(path, f"没有代码为“{entry}”的活动。")
    elif key == "batch" and entry not in names["batch"]:
        yield Fault(path, f"没有编号为“{entry}”的批次。")
    elif key == "drive" and entry not in names["drive"]:
        yield Fault(path, f"没有编号为“{entry}”的募捐。")
    elif key == "household" and entry not in names["household"]:
        yield Fault(path, f"没有编号为“{entry}”的家庭。")


def _person(person: dict[str, Any], path: str) -> Iterator[Fault]:
    posts = person.get("posts", [])
    roles = {post["role"] for post in posts}
    pairs = [(post["union"], post["role"]) for post in posts]
    if len(pairs) != len(set(pairs)):
        yield Fault(f"{path}.posts", "同一个岗位写了两次。")
    if len(roles & ADMIN_ROLES) > 1 or (roles & ADMIN_ROLES and roles & BUSINESS_ROLES):
        yield Fault(f"{path}.posts", "系统、安全、审计三个管理岗位不能兼任，也不能兼任业务岗位。")


def _campaign(campaign: dict[str, Any], path: str, unions: set[str]) -> Iterator[Fault]:
    if campaign["ends_on"] < campaign["starts_on"]:
        yield Fault(f"{path}.ends_on", "结束日早于开始日。")
    seen = set()
    for place, deliverable in enumerate(campaign["deliverables"]):
        here = f"{path}.deliverables[{place}]"
        if deliverable["key"] in seen:
            yield Fault(f"{here}.key", f"“{deliverable['key']}”用了两次。")
        seen.add(deliverable["key"])
        if deliverable["kind"] == DeliverableKind.FORM and "form" not in deliverable:
            yield Fault(f"{here}.form", "统计表要写明表样代码。")
    lists = [(name, campaign.get(name, [])) for name in ("addressees", "optional") if campaign.get(name) != "all"]
    for name, codes in lists:
        for place, code in enumerate(codes):
            if code not in unions:
                yield Fault(f"{path}.{name}[{place}]", f"没有代码为“{code}”的工会。")
    if campaign.get("published_at") and not campaign.get("addressees"):
        yield Fault(f"{path}.addressees", "已发布的活动要有主送单位。")


def _household(household: dict[str, Any], path: str) -> Iterator[Fault]:
    events = household.get("history", [])
    opened = household.get("opened_on")
    for place, event in enumerate(events):
        here = f"{path}.history[{place}]"
        if event["event"] == "transfer" and "to" not in event:
            yield Fault(f"{here}.to", "转移要写明转到哪个工会。")
        earlier = events[place - 1]["on"] if place else opened
        if earlier and event["on"] < earlier:
            yield Fault(f"{here}.on", "早于前一件事或建档日期。")
    ended = household.get("state") in ("out_of_hardship", "closed")
    if not opened and (events or ended or household.get("state", "active") == "active"):
        yield Fault(f"{path}.opened_on", "在档、已脱困、已注销或有后续变动的家庭要写建档日期。")
    if ended and not any(event["event"] == household["state"] for event in events):
        yield Fault(f"{path}.history", f"状态是 {household['state']}，history 里要有同名的一件事。")


def _standards(world: dict[str, Any]) -> Iterator[Fault]:
    """A household that is to be assessed needs a subsistence standard at its union or above."""
    parents = {union["code"]: union["parent"] for union in world["unions"]}
    covered = {union["code"] for union in world["unions"] if union.get("standards")}
    for _ in range(len(parents)):
        below = {code for code, parent in parents.items() if parent in covered} - covered
        if not below:
            break
        covered |= below
    for place, household in enumerate(world.get("households", [])):
        if household.get("state") != "draft" and household["union"] not in covered:
            yield Fault(
                f"$.households[{place}].union", "该工会及其上级都没有低保标准（unions[…].standards），不能测算。"
            )


def _payout(payout: dict[str, Any], path: str) -> Iterator[Fault]:
    named = [name for name in ("household", "recipient") if payout.get(name)]
    if len(named) != 1:
        yield Fault(path, "household 和 recipient 要写一个，且只写一个。")
    if payout["state"] == PayoutState.PAID and not payout.get("paid_on"):
        yield Fault(f"{path}.paid_on", "已发放的要写发放日期。")
    for place, line in enumerate(payout["lines"]):
        if line["route"] == Route.GOODS and not line.get("item"):
            yield Fault(f"{path}.lines[{place}].item", "实物要写名称。")
    reversal = payout.get("reversal")
    if bool(reversal) != bool(payout.get("reversed_on")):
        yield Fault(f"{path}.reversal", "reversed_on 和 reversal 要一起写。")
    elif reversal:
        yield from _reversal(payout, reversal, path)


def _batches(world: dict[str, Any]) -> Iterator[Fault]:
    """A payout in a batch is what the batch says, and stands where the batch stands."""
    heads = {batch["key"]: batch for batch in world.get("batches", [])}
    for place, batch in enumerate(world.get("batches", [])):
        if batch["route"] == Route.GOODS and not batch.get("item"):
            yield Fault(f"$.batches[{place}].item", "实物要写名称。")
    for place, payout in enumerate(world.get("payouts", [])):
        path, head = f"$.payouts[{place}]", heads.get(payout.get("batch") or "")
        if head is None:
            continue
        for name in _SHARED:
            if payout.get(name) != head.get(name):
                yield Fault(f"{path}.{name}", "与批次写的不一致。")
        if payout["state"] not in _WITH[head["reached"]]:
            yield Fault(f"{path}.state", f"批次到了 {head['reached']}，这一笔不能是 {payout['state']}。")
        lines = [(line["source"], line["route"], line.get("item", "")) for line in payout["lines"]]
        if lines != [(head["source"], head["route"], head.get("item", ""))]:
            yield Fault(f"{path}.lines", "批次里的一笔只有一行，来源、方式、物品与批次相同。")
    for key, head in heads.items():
        mine = [payout for payout in world.get("payouts", []) if payout.get("batch") == key]
        if head["reached"] in ("answered", "signed") and not any(each.get("paid_on") for each in mine):
            yield Fault(f"$.batches（{key}）.reached", "至少要有一笔已发放并写明日期。")
        elif not mine and head["reached"] != "entered":
            yield Fault(f"$.batches（{key}）.reached", "空批次只能停在 entered。")


def _reversal(payout: dict[str, Any], reversal: dict[str, Any], path: str) -> Iterator[Fault]:
    if payout["state"] != PayoutState.PAID:
        yield Fault(f"{path}.state", "只有已发放的才能冲正。")
    elif payout.get("paid_on") and payout["reversed_on"] < payout["paid_on"]:
        yield Fault(f"{path}.reversed_on", "冲正日期早于发放日期。")
    if reversal.get("by") and reversal.get("by") == reversal.get("confirmed_by"):
        yield Fault(f"{path}.reversal.confirmed_by", "冲正要由另一个人确认。")


def _donation(donation: dict[str, Any], path: str) -> Iterator[Fault]:
    money = parse_amount(donation.get("amount", "0"))
    if not money and not donation.get("donors"):
        yield Fault(path, "捐款人数 donors 和金额 amount 至少写一项。")
    if money and not donation.get("body"):
        yield Fault(f"{path}.amount", "各机构合计（body 为空）只写人数，不写金额。")


def _visit(visit: dict[str, Any], path: str) -> Iterator[Fault]:
    wanted = "household" if visit["kind"] == VisitKind.HOUSEHOLD else "enterprise"
    unwanted = "enterprise" if wanted == "household" else "household"
    if not visit.get(wanted):
        yield Fault(f"{path}.{wanted}", "缺少走访对象。")
    if visit.get(unwanted):
        yield Fault(f"{path}.{unwanted}", f"走访对象是 {visit['kind']}，这一项不能写。")


def _activity(activity: dict[str, Any], path: str) -> Iterator[Fault]:
    for whole, parts in (
        ("contacts", ("farmer_contacts", "new_contacts")),
        ("persons", ("farmer_persons", "new_persons")),
    ):
        for part in parts:
            if activity.get(part, 0) > activity.get(whole, 0):
                yield Fault(f"{path}.{part}", f"多于 {whole}。")
    if parse_amount(activity.get("farmer_amount", "0")) > parse_amount(activity.get("amount", "0")):
        yield Fault(f"{path}.farmer_amount", "多于 amount。")


FILING_NEEDS: dict[str, Iterable[str]] = {
    "return": ("reason",),
    "nil": ("reason",),
    "report": ("text",),
    "adjust": ("code", "value", "title", "reason"),
}


def _filings(world: dict[str, Any]) -> Iterator[Fault]:
    known = {
        campaign["code"]: {deliverable["key"] for deliverable in campaign["deliverables"]}
        for campaign in world.get("campaigns", [])
        if campaign.get("published_at")
    }
    for place, filing in enumerate(world.get("filings", [])):
        path = f"$.filings[{place}]"
        if filing["campaign"] not in known:
            yield Fault(f"{path}.campaign", "这个活动没有发布（published_at），不能填报。")
        elif filing["deliverable"] not in known[filing["campaign"]]:
            yield Fault(f"{path}.deliverable", f"活动里没有代码为“{filing['deliverable']}”的应报材料。")
        for name in FILING_NEEDS.get(filing["act"], ()):
            if not filing.get(name):
                yield Fault(f"{path}.{name}", f"“{filing['act']}”缺少这一项。")
