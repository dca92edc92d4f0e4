"""The first page: what to do now, until when, with one click to it; by the person's current post."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from beneficiaries.funds.balances import balances
from campaigns.enums import DeliverableKind, FundSource, NoticeState
from campaigns.models import Acknowledgement, Notice
from relief.lib import clock
from reporting import boards, todos
from reporting.cells import blocks
from reporting.enums import SubmissionState
from reporting.figures import sheet_of, staleness
from reporting.models import Submission
from reporting.todos import cases
from reporting.views.boards import cards
from unions.enums import ADMIN_ROLES, BUSINESS_ROLES, Role
from unions.models import Account, Job, Person, Post, Union
from unions.policy import may_anywhere
from unions.web import current_post, page, person_of

MOST_WAITING = 8
UPPER = frozenset({Role.REVIEW, Role.APPROVE, Role.ORGANISE})


@page("home")
def home(request: HttpRequest) -> HttpResponse:
    """The page that fits the post the person works in just now."""
    person, post, now = person_of(request), current_post(request), clock.db_now()
    shared: dict[str, Any] = {
        "now": now,
        "post": post,
        "real_data_warning": settings.RELIEF_REAL_DATA_WARNING and not settings.RELIEF_DEMO,
    }
    if post is None:
        return render(request, "reporting/home_without_post.html", shared)
    if post.role in ADMIN_ROLES:
        return render(request, "reporting/home_admin.html", shared | _admin(person, post))
    if post.role in UPPER:
        tracked = boards.boards_of(person, post.union)
        if tracked:
            return render(request, "reporting/home_upper.html", shared | _upper(person, post.union, tracked, now))
    return render(request, "reporting/home.html", shared | _filer(person, post, now))


def _filer(person: Person, post: Post, now: datetime) -> dict[str, Any]:
    """The first page of whoever fills in, pays or audits at one union."""
    own = [s for s in todos.own_filings(person, BUSINESS_ROLES) if s.union_id == post.union_id]
    listed = cases.everything(person, now)
    owed = next_form(own, now) if post.role == Role.ENTER else None
    return {
        "groups": todos.grouped(listed, now),
        "count": len(listed),
        "soon": sum(1 for todo in listed if todos.urgency(todo.due, now) in ("late", "soon")),
        "owed": owed,
        "sheet": _progress(owed) if owed else None,
        "points": points(owed) if owed else [],
        "next": next_date(own, now),
        "notice": latest_notice(person, post, own),
        "funds": funds(post),
        "links": links(person),
    }


def next_form(own: list[Submission], now: datetime) -> Submission | None:
    """The form that is owed next: open, not handed in, nearest due first; the latest that is still to come otherwise."""
    owed = [
        s
        for s in own
        if s.state in todos.EDITABLE
        and s.deliverable.kind == DeliverableKind.FORM
        and hasattr(s.deliverable, "form_link")
    ]
    opened = [s for s in owed if s.addressee.opens_at <= now]
    ahead = [s for s in opened if (todos.due_of(s) or now) > now]
    return next(iter(ahead or opened), None)


def _progress(submission: Submission) -> dict[str, Any]:
    sheet = sheet_of(submission)
    found = blocks(sheet)
    total = sum(block.total for block in found)
    filled = sum(block.filled for block in found)
    return {
        "blocks": found,
        "filled": filled,
        "total": total,
        "open": total - filled,
        "has_children": sheet.has_children,
    }


def points(submission: Submission) -> list[tuple[str, datetime | None, str]]:
    """The four dates of the ruler: opens, due, late-until, and the issuer's due."""
    addressee, above = submission.addressee, submission.deliverable
    found: list[tuple[str, datetime | None, str]] = [
        ("开放填报", addressee.opens_at, "opens"),
        ("截止", addressee.due_at, "due"),
    ]
    if addressee.late_until:
        found.append(("迟报截止", addressee.late_until, "late"))
    if addressee.reports_to_id and above.due_at > addressee.due_at:
        found.append(("发文工会截止", above.due_at, "superior"))
    return found


def next_date(own: list[Submission], now: datetime) -> tuple[str, datetime] | None:
    """The next date of the union's own filings, for whoever has nothing to do."""
    ahead = [("开放填报", s.addressee.opens_at, s) for s in own if s.addressee.opens_at > now]
    ahead += [("截止", s.addressee.due_at, s) for s in own if s.state in todos.EDITABLE and s.addressee.due_at > now]
    if not ahead:
        return None
    word, at, submission = min(ahead, key=lambda each: each[1])
    return f"{submission.deliverable.title}{word}", at


def latest_notice(person: Person, post: Post, own: list[Submission]) -> dict[str, Any] | None:
    """The newest notice in force that asks the union for something, with its own dates and states."""
    campaigns = {s.deliverable.campaign_id for s in own}
    notice = (
        Notice.objects.visible_to(person)
        .filter(campaign__in=campaigns, state=NoticeState.PUBLISHED)
        .select_related("campaign__issuer")
        .order_by("-published_at", "-pk")
        .first()
    )
    if notice is None:
        return None
    receipt = Acknowledgement.objects.filter(notice=notice, union=post.union).select_related("person").first()
    return {
        "notice": notice,
        "acknowledged": receipt,
        "asked": notice.campaign.issuer_id != post.union_id,
        "own": [s for s in own if s.deliverable.campaign_id == notice.campaign_id],
    }


def funds(post: Post) -> list[dict[str, Any]]:
    """Money of the post's union by source, in the order of the code list."""
    found = balances([post.union_id])[post.union_id]
    return [
        {
            "label": source.label,
            "income": row.raised + row.allocated_in,
            "given": row.allocated_out,
            "paid": row.paid,
            "balance": row.balance,
        }
        for source in FundSource
        if (row := found.get(source.value)) is not None
    ]


def links(person: Person) -> dict[str, bool]:
    """Which quick buttons the page offers."""
    return {
        "dossier": may_anywhere(person, "dossier.open"),
        "payout": may_anywhere(person, "payout.draft"),
        "visit": may_anywhere(person, "visit.record"),
        "audit": may_anywhere(person, "audit.read"),
        "ledger": may_anywhere(person, "ledger.read"),
        "payouts": may_anywhere(person, "payout.read"),
    }


def _upper(person: Person, union: Union, tracked: list[Any], now: datetime) -> dict[str, Any]:
    """The first page of a reviewer, approver or organiser above others."""
    deliverable = running(tracked, now)
    siblings = [d for d in tracked if d.campaign_id == deliverable.campaign_id]
    board = boards.load(person, union, deliverable.campaign, siblings)
    queue = boards.review_queue(person)
    own = [s for s in todos.own_filings(person, BUSINESS_ROLES) if s.union_id == union.pk]
    listed = cases.everything(person, now)
    tally = boards.tally(board.of(deliverable), now)
    return {
        "union": union,
        "campaign": deliverable.campaign,
        "deliverable": deliverable,
        "queue": [waiting(s, now) for s in queue[:MOST_WAITING]],
        "queue_count": len(queue),
        "first": queue[0] if queue else None,
        "returned": returned(own),
        "stale": stale_rollups(own),
        "groups": todos.grouped(listed, now),
        "count": len(listed),
        "nearest": nearest(board, own, now),
        "points": levels(board, deliverable, own),
        "tally": tally,
        "others": [{"deliverable": d, "tally": boards.tally(board.of(d), now)} for d in siblings],
        "cards": cards(board, deliverable, now),
    }


def running(tracked: list[Any], now: datetime) -> Any:
    """The first deliverable of the campaign that is due next; of the newest one when nothing is due any more."""
    ahead = [d for d in tracked if d.opens_at <= now < d.due_at]
    if not ahead:
        return tracked[0]
    campaign = min(ahead, key=lambda d: d.due_at).campaign_id
    return next(d for d in tracked if d.campaign_id == campaign)


def waiting(submission: Submission, now: datetime) -> dict[str, Any]:
    """One line of 待审核; nil and round are told as tags."""
    since: datetime = submission.handed_in_at  # type: ignore[attr-defined]  # annotated by review_queue
    days = (clock.day_of(now) - clock.day_of(since)).days
    return {
        "submission": submission,
        "since": since,
        "days": days,
        "opened": submission.state == SubmissionState.IN_REVIEW,
        "nil": bool(submission.nil_reason),
    }


def returned(own: list[Submission]) -> list[dict[str, Any]]:
    """Filings of the own union that came back, with the reason."""
    found = [s for s in own if s.state == SubmissionState.RETURNED]
    reasons = todos.remarks(found)
    return [{"submission": s, "remark": reasons.get(s.pk), "until": s.addressee.edit_until} for s in found]


def stale_rollups(own: list[Submission]) -> list[dict[str, Any]]:
    """Own roll-ups that were handed in and whose children moved since."""
    handed_in = [s for s in own if s.state not in todos.EDITABLE and s.deliverable.kind == DeliverableKind.FORM]
    found = staleness(handed_in)
    return [{"submission": s, "staleness": found[s.pk]} for s in handed_in if s.pk in found]


def nearest(board: boards.Board, own: list[Submission], now: datetime) -> tuple[str, datetime] | None:
    """The nearest deadline ahead: of those below, or the own one."""
    titles = {deliverable.pk: deliverable.title for deliverable in board.deliverables}
    ahead = [
        (f"下级{titles[pk]}截止", row.due_at)
        for pk, rows in board.rows.items()
        for row in rows
        if row.missing and row.due_at > now
    ]
    ahead += [
        (f"本会{s.deliverable.title}截止", due)
        for s in own
        if s.state in todos.EDITABLE and (due := todos.due_of(s)) is not None and due > now
    ]
    return min(ahead, key=lambda each: each[1]) if ahead else None


def levels(board: boards.Board, deliverable: Any, own: list[Submission]) -> list[tuple[str, datetime, str]]:
    """The ruler: one mark per due date below with how many filed, then the own due and the late end."""
    by_due: dict[datetime, list[boards.Row]] = {}
    for row in board.of(deliverable):
        if row.counted:
            by_due.setdefault(row.due_at, []).append(row)
    found: list[tuple[str, datetime, str]] = [("开放填报", deliverable.opens_at, "opens")]
    for due, rows in sorted(by_due.items())[:3]:
        found.append((f"下级 {sum(row.filed for row in rows)}/{len(rows)}", due, "due"))
    mine = next((s for s in own if s.deliverable_id == deliverable.pk), None)
    if mine is not None and mine.addressee.due_at not in by_due:
        found.append(("本会截止", mine.addressee.due_at, "superior"))
    return found


def _admin(person: Person, post: Post) -> dict[str, Any]:
    """The administrators' short page: no figures, no households (R-08)."""
    unions = Union.objects.subtree(post.union)
    posts = Post.objects.in_force(clock.db_now()).filter(union__in=unions.values("pk"))
    return {
        "union": post.union,
        "union_count": unions.count(),
        "post_count": posts.count(),
        "people_count": posts.values("person").distinct().count(),
        "account_count": Account.objects.filter(person__in=posts.values("person"), is_active=True).count(),
        "job": Job.objects.visible_to(person).filter(kind="verify").order_by("-pk").first(),
        "may_verify": may_anywhere(person, "integrity.verify"),
        "may_audit": may_anywhere(person, "audit.read"),
    }
