"""Reads a campaign's draft from the database into the pure words of `deadlines`."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.deadlines import ERROR, Finding, Instants, Line, Node, Plan, check_notice, check_plan, in_order, lines
from campaigns.enums import NoticeState
from campaigns.models import Addressee, Campaign, Deliverable, Notice, Selection
from relief.lib import clock
from unions.models import Union


@dataclass(frozen=True)
class Chosen:
    """A union that is asked, or was asked by an earlier version of the notice."""

    union: Union
    required: bool
    frozen: bool

    @property
    def node(self) -> Node:
        return node_of(self.union)


def node_of(union: Union) -> Node:
    return Node(union.pk, union.path, union.kind)


def draft_of(campaign: Campaign) -> Notice | None:
    """The version that is being written or waits for confirmation, if any."""
    return campaign.notices.filter(state__in=(NoticeState.DRAFT, NoticeState.PROPOSED)).first()


def published_of(campaign: Campaign) -> Notice | None:
    """The version in force, if any."""
    return campaign.notices.filter(state=NoticeState.PUBLISHED).first()


def chosen_unions(campaign: Campaign) -> list[Chosen]:
    """The picks of the draft and everybody already addressed, the issuer left out, by code."""
    frozen = set(
        Addressee.objects.filter(deliverable__campaign=campaign, reports_to__isnull=False).values_list(
            "union_id", flat=True
        )
    )
    picked = dict(Selection.objects.filter(campaign=campaign).values_list("union_id", "required"))
    unions = Union.objects.filter(pk__in=frozen | set(picked)).exclude(pk=campaign.issuer_id).order_by("code")
    return [Chosen(union, picked.get(union.pk, True), union.pk in frozen) for union in unions]


def lines_of(campaign: Campaign, chosen: list[Chosen]) -> list[Line]:
    return lines(node_of(campaign.issuer), [each.node for each in chosen])


def instants_of(row: Deliverable | Addressee) -> Instants:
    return Instants(row.opens_at, row.due_at, row.late_until, row.edit_until, row.visible_until)


def leads_of(deliverable: Deliverable) -> dict[str, int]:
    """Days by kind of union; kinds without a row have no lead."""
    return {lead.union_kind: lead.days for lead in deliverable.leads.all()}


def levels_of(campaign: Campaign, chosen: list[Chosen]) -> frozenset[tuple[str, str]]:
    """Which kind of union reports to which kind, as the picks stand."""
    kinds = {each.union.pk: each.union.kind for each in chosen}
    return frozenset(
        (kinds[line.union_id], "" if line.depth == 1 else kinds[line.reports_to])
        for line in lines_of(campaign, chosen)
        if line.reports_to is not None
    )


def plan_of(deliverable: Deliverable, levels: frozenset[tuple[str, str]]) -> Plan:
    return Plan(
        deliverable.key,
        deliverable.title,
        deliverable.period_from,
        deliverable.period_to,
        instants_of(deliverable),
        leads_of(deliverable),
        levels,
    )


@dataclass(frozen=True)
class Checked:
    """All remarks on a draft, by step of the wizard."""

    notice: list[Finding]
    dates: list[Finding]
    scope: list[Finding]

    @property
    def all(self) -> list[Finding]:
        return in_order([*self.notice, *self.dates, *self.scope])

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.all if finding.blocks]

    def of(self, key: str) -> list[Finding]:
        return [finding for finding in self.dates if finding.key == key]


def check_campaign(campaign: Campaign, notice: Notice | None) -> Checked:
    """Check text, dates and addressees of the draft."""
    chosen = chosen_unions(campaign)
    levels = levels_of(campaign, chosen)
    deliverables = list(campaign.deliverables.prefetch_related("leads"))
    issued_on = notice.issued_on if notice else None
    dates = [
        finding
        for each in deliverables
        for finding in check_plan(plan_of(each, levels), year=campaign.year, issued_on=issued_on)
    ]
    if not deliverables:
        dates.append(Finding(ERROR, "deliverables", "没有应报材料", "请在第 2 步至少添加一件应报材料。"))
    return Checked(_check_text(campaign, notice), in_order(dates), _check_scope(chosen))


def _check_text(campaign: Campaign, notice: Notice | None) -> list[Finding]:
    if notice is None:
        return [Finding(ERROR, "body", "没有通知正文", "请在第 1 步填写通知并保存。")]
    found = check_notice(
        title=notice.title,
        document_number=notice.document_number,
        body=notice.body,
        salutation=notice.salutation,
        signatories=notice.signatories,
        issued_on=notice.issued_on,
        year=campaign.year,
    )
    if notice.number > 1 and not notice.change_note.strip():
        found.insert(
            0,
            Finding(ERROR, "change_note", "没有写本版变化", "这是更新版，请写明改了什么，各单位据此重新签收。"),
        )
    return found


def _check_scope(chosen: list[Chosen]) -> list[Finding]:
    if not chosen:
        return [Finding(ERROR, "addressees", "没有报送单位", "请在第 4 步勾选要报送的工会。")]
    today = clock.today()
    closed = [
        each.union.name for each in chosen if not each.frozen and each.union.closed_on and each.union.closed_on <= today
    ]
    if closed:
        named = "、".join(closed[:5])
        return [Finding(ERROR, "addressees", "勾选了已撤销的工会", f"{named}已撤销，请在第 4 步取消勾选。")]
    return []
