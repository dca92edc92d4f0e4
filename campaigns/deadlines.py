"""Who hands in to whom, until when, and which dates look wrong. Pure: knows no request and no database.

Instants are ends of days in China time: "3月13日" as a deadline is the instant 3月14日 00:00 (relief.lib.clock).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from relief.lib import clock
from unions.enums import UnionKind

ERROR, VERIFY, HINT = "error", "verify", "hint"
SEVERITY_ORDER = (ERROR, VERIFY, HINT)
SHORT_OF_MIDNIGHT = timedelta(microseconds=1)


# ---------------------------------------------------------------- lines


@dataclass(frozen=True)
class Node:
    """A union as the line needs it; `path` holds the ids from the root of the tree down to it ("/1/7/91/")."""

    id: int
    path: str
    kind: str

    def ancestors(self) -> list[int]:
        """Ids above it, nearest first."""
        return [int(part) for part in self.path.strip("/").split("/")][-2::-1]


@dataclass(frozen=True)
class Line:
    """Where one addressee stands in the line of a campaign."""

    union_id: int
    reports_to: int | None
    line_path: str
    depth: int


def lines(issuer: Node, chosen: Iterable[Node]) -> list[Line]:
    """The line of every chosen union, the issuer first (D10, D11).

    A union reports to its nearest chosen ancestor, else to the issuer; the issuer to nobody. The issuer itself may be
    among the chosen. A union outside the issuer's subtree is a `ValueError`.

    >>> tree = [Node(7, "/1/7/", "city"), Node(91, "/1/7/9/91/", "grassroots")]
    >>> [(line.union_id, line.reports_to, line.line_path) for line in lines(Node(1, "/1/", "province"), tree)]
    [(1, None, '/1/'), (7, 1, '/1/7/'), (91, 7, '/1/7/91/')]
    """
    nodes = {node.id: node for node in chosen if node.id != issuer.id}
    found = {issuer.id: Line(issuer.id, None, f"/{issuer.id}/", 0)}
    # ancestors have shorter paths, so the superior's line is there before it is asked for
    for node in sorted(nodes.values(), key=lambda node: (node.path.count("/"), node.path)):
        if not node.path.startswith(issuer.path):
            raise ValueError(f"union {node.id} does not stand below the issuer")
        above = next((each for each in node.ancestors() if each in found), issuer.id)
        found[node.id] = Line(node.id, above, f"{found[above].line_path}{node.id}/", found[above].depth + 1)
    return list(found.values())


# ---------------------------------------------------------------- instants


@dataclass(frozen=True)
class Instants:
    """The five instants of a deliverable (A2); an empty 迟报截止 means accepted late until sealed (D12)."""

    opens_at: datetime
    due_at: datetime
    late_until: datetime | None = None
    edit_until: datetime | None = None
    visible_until: datetime | None = None

    def earlier(self, days: int) -> Instants:
        """The same for a level that hands in `days` earlier: opening and 可查看至 stay, the three ends move."""
        if not days:
            return self
        lead = timedelta(days=days)
        return replace(
            self,
            due_at=self.due_at - lead,
            late_until=self.late_until and self.late_until - lead,
            edit_until=self.edit_until and self.edit_until - lead,
        )


def instants_for(base: Instants, kind: str, leads: Mapping[str, int]) -> Instants:
    """The issuer's instants less the lead of the kind of union."""
    return base.earlier(leads.get(kind, 0))


def last_day(end: datetime) -> date:
    """The last whole day before an end: 3月14日 00:00 → 3月13日."""
    return clock.day_of(end - SHORT_OF_MIDNIGHT)


# ---------------------------------------------------------------- findings


@dataclass(frozen=True)
class Finding:
    """One remark of the date check. `field` names the place: "due_at", "leads.county", "title", …"""

    severity: str
    field: str
    title: str
    message: str
    key: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the notice cannot be published with it."""
        return self.severity == ERROR


@dataclass(frozen=True)
class Plan:
    """What the check must know of a deliverable. `levels`: pairs (kind, kind it reports to; "" for the issuer)."""

    key: str
    title: str
    period_from: date
    period_to: date
    base: Instants
    leads: Mapping[str, int]
    levels: frozenset[tuple[str, str]] = frozenset()


def check_plan(plan: Plan, *, year: int, issued_on: date | None) -> list[Finding]:
    """Everything that is wrong or worth a look in the dates of one deliverable, errors first."""
    found = [
        *_order(plan.base),
        *_levels(plan),
        *_weekends(plan),
        *_period(plan, year),
        *(_signature(plan.base, issued_on) if issued_on else ()),
    ]
    return in_order(replace(finding, key=plan.key) for finding in found)


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """Errors, then what to verify, then hints."""
    return sorted(found, key=lambda finding: SEVERITY_ORDER.index(finding.severity))


def say(day: date) -> str:
    """2024年2月24日（周六）."""
    return f"{day.year}年{day.month}月{day.day}日（周{clock.WEEKDAYS[day.weekday()]}）"


def say_end(end: datetime) -> str:
    return say(last_day(end))


def _order(at: Instants) -> Iterable[Finding]:
    opens, due = clock.day_of(at.opens_at), say_end(at.due_at)
    if at.due_at <= at.opens_at:
        yield Finding(
            ERROR,
            "due_at",
            "上报截止不晚于开放填报",
            f"开放填报是{say(opens)}，上报截止是{due}，请把上报截止改到开放填报之后。",
        )
    if at.late_until and at.late_until < at.due_at:
        yield Finding(
            ERROR,
            "late_until",
            "迟报截止早于上报截止",
            f"迟报截止{say_end(at.late_until)}，请改为{due}或以后，或者留空。",
        )
    if at.edit_until and at.edit_until < at.due_at:
        yield Finding(
            ERROR,
            "edit_until",
            "可改至早于上报截止",
            f"退回后可改至{say_end(at.edit_until)}，而上报截止是{due}。请改为{due}或以后。",
        )
    elif at.edit_until and at.late_until and at.edit_until < at.late_until:
        yield Finding(
            VERIFY,
            "edit_until",
            "可改至早于迟报截止",
            f"{say_end(at.edit_until)}以后迟报的材料被退回时已不能再改，请核实退回后可改至。",
        )
    ends = [end for end in (at.due_at, at.late_until, at.edit_until) if end]
    if at.visible_until and at.visible_until < max(ends):
        yield Finding(
            ERROR,
            "visible_until",
            "可查看至早于其他期限",
            f"可查看至{say_end(at.visible_until)}，还没到{say_end(max(ends))}就看不到了。请改为{say_end(max(ends))}或以后。",
        )


def _label(kind: str) -> str:
    return UnionKind(kind).label


def _levels(plan: Plan) -> Iterable[Finding]:
    for kind in sorted({kind for kind, _ in plan.levels}):
        own = instants_for(plan.base, kind, plan.leads)
        if own.due_at <= own.opens_at < plan.base.due_at:
            yield Finding(
                ERROR,
                f"leads.{kind}",
                f"{_label(kind)}没有填报时间",
                f"{_label(kind)}早 {plan.leads[kind]} 天，{say_end(own.due_at)}截止，而开放填报是{say(clock.day_of(own.opens_at))}。"
                "请减少提前天数，或把开放填报提前。",
            )
    for kind, above in sorted(plan.levels):
        yield from _against_superior(plan, kind, above)


def _against_superior(plan: Plan, kind: str, above: str) -> Iterable[Finding]:
    own = instants_for(plan.base, kind, plan.leads).due_at
    superior = instants_for(plan.base, above, plan.leads).due_at if above else plan.base.due_at
    who = _label(above) if above else "发文工会"
    if own > superior:
        yield Finding(
            ERROR,
            f"leads.{kind}",
            f"{_label(kind)}截止晚于上级",
            f"{_label(kind)}{say_end(own)}截止，上级{who}{say_end(superior)}截止，上级来不及汇总。"
            f"请把{_label(kind)}的提前天数改为不少于 {plan.leads.get(above, 0)} 天。",
        )
    elif own == superior and above:
        yield Finding(
            VERIFY,
            f"leads.{kind}",
            f"{_label(kind)}与上级同日截止",
            f"{_label(kind)}和上级{who}都在{say_end(own)}截止，上级当天要审核又要汇总，请核实是否让下级提前几天。",
        )


def _weekends(plan: Plan) -> Iterable[Finding]:
    days = {last_day(plan.base.due_at): "due_at"}
    for kind in sorted({kind for kind, _ in plan.levels}):
        days.setdefault(last_day(instants_for(plan.base, kind, plan.leads).due_at), f"leads.{kind}")
    for day, field in sorted(days.items()):
        if day.weekday() >= 5:
            yield Finding(
                HINT,
                field,
                "截止日不是工作日",
                f"上报截止{say(day)}，可能没有人值班。日期可以保留，当天 24:00 前都能上报。",
            )


def _period(plan: Plan, year: int) -> Iterable[Finding]:
    if plan.period_to < plan.period_from:
        yield Finding(ERROR, "period_to", "统计期间前后颠倒", "统计期间止早于统计期间起，请改正。")
    elif last_day(plan.base.due_at) < plan.period_to:
        yield Finding(
            HINT,
            "due_at",
            "截止早于统计期间结束",
            f"上报截止{say_end(plan.base.due_at)}，统计期间到{say(plan.period_to)}才结束，报上来的是中期数，结束后请再补报一轮。",
        )
    if year not in (plan.period_from.year, plan.period_to.year):
        yield Finding(
            VERIFY,
            "period_from",
            "统计期间不在活动年度",
            f"活动年度是 {year} 年，统计期间是{say(plan.period_from)}至{say(plan.period_to)}，请核实年份是否写错。",
        )


def _signature(at: Instants, issued_on: date) -> Iterable[Finding]:
    if issued_on > last_day(at.due_at):
        yield Finding(
            ERROR,
            "due_at",
            "成文日期晚于上报截止",
            f"通知{say(issued_on)}成文，上报截止却是{say_end(at.due_at)}。请改正其中一个日期（常见是年份写错）。",
        )
    elif issued_on > clock.day_of(at.opens_at):
        yield Finding(
            VERIFY,
            "opens_at",
            "开放填报早于成文日期",
            f"开放填报{say(clock.day_of(at.opens_at))}，通知{say(issued_on)}才成文，请核实。",
        )


def check_notice(
    *,
    title: str,
    document_number: str,
    body: str,
    salutation: str,
    signatories: Iterable[str],
    issued_on: date,
    year: int,
) -> list[Finding]:
    """Everything that is missing or worth a look in the text of the notice, errors first."""
    found: list[Finding] = []
    for field, label, value in (
        ("title", "标题", title),
        ("salutation", "主送机关", salutation),
        ("body", "正文", body),
    ):
        if not value.strip():
            found.append(Finding(ERROR, field, f"没有{label}", f"请在第 1 步填写{label}。"))
    if not [name for name in signatories if name.strip()]:
        found.append(Finding(ERROR, "signatories", "没有落款单位", "请在第 1 步填写落款单位，一行一个。"))
    years = {int(found_year) for found_year in re.findall(r"(20\d\d)\s*年", title)}
    if years and year not in years:
        said = "、".join(str(each) for each in sorted(years))
        found.append(
            Finding(VERIFY, "title", "标题年份与活动年度不符", f"标题写的是 {said} 年，活动年度是 {year} 年，请核实。")
        )
    return in_order([*found, *_document_number(document_number.strip(), issued_on)])


def _document_number(number: str, issued_on: date) -> Iterable[Finding]:
    if not number:
        return
    if re.search(r"[【】\[\]（）()［］]", number):
        yield Finding(
            HINT,
            "document_number",
            "文号括号不规范",
            f"“{number}”里的年份应当用六角括号〔〕，例如 云教工〔2023〕41号。",
        )
    if re.search(r"第|[〕】\]）)］]\s*0", number):
        yield Finding(HINT, "document_number", "文号写法不规范", "序号前不写“第”，也不补零，例如 〔2023〕41号。")
    year = re.search(r"(20\d\d)", number)
    if year and int(year[1]) != issued_on.year:
        yield Finding(
            HINT,
            "document_number",
            "文号年份与成文日期不同",
            f"文号是 {year[1]} 年的，成文日期是{say(issued_on)}。按下一年编号时可以保留。",
        )
