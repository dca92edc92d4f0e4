"""What waits for a person, from every app: notices, filings, reviews, payouts, dossiers. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse

from beneficiaries.enums import DossierState, PayoutState
from beneficiaries.models import Dossier, Payout, PayoutReversal
from campaigns.enums import NoticeState
from campaigns.models import Acknowledgement, Addressee, Notice
from relief.lib import clock
from reporting.enums import SubmissionState
from reporting.models import Adjustment, Comment, Submission
from unions.enums import Role
from unions.models import Person

EDITABLE = (SubmissionState.DRAFT, SubmissionState.RETURNED)
GROUPS = (("late", "已过期"), ("soon", "今天、明天到期"), ("week", "本周"), ("later", "以后"), ("open", "尽快办理"))
REVIEW_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Todo:
    """One thing to do: what, until when, and the one button that does it."""

    title: str
    text: str
    url: str
    verb: str
    icon: str
    tone: str = ""
    due: datetime | None = None
    due_word: str = "截止"
    quote: str = ""


@dataclass
class Group:
    """Todos of one urgency."""

    key: str
    label: str
    todos: list[Todo] = field(default_factory=list)


def grouped(todos: Iterable[Todo], now: datetime) -> list[Group]:
    """The todos by urgency, sorted by instant; empty groups are left out."""
    groups = {key: Group(key, label) for key, label in GROUPS}
    for todo in sorted(todos, key=lambda each: each.due or now):
        groups[urgency(todo.due, now)].todos.append(todo)
    return [group for group in groups.values() if group.todos]


def urgency(due: datetime | None, now: datetime) -> str:
    """Which group an instant belongs to, by calendar days in China; a week ends with Sunday."""
    if due is None:
        return "open"
    if due <= now:
        return "late"
    # A deadline at midnight belongs to the day that ends with it.
    last_day, today = clock.day_of(due - timedelta(microseconds=1)), clock.today(now)
    if last_day <= today + timedelta(days=1):
        return "soon"
    return "week" if last_day <= today + timedelta(days=6 - today.weekday()) else "later"


def todos_of(person: Person, now: datetime) -> list[Todo]:
    """Everything that waits for the person, over all posts."""
    return [
        *notices(person, now),
        *proposed_notices(person),
        *filings(person, now),
        *closings(person),
        *adjustments(person),
        *payouts(person, now),
        *reversals(person),
        *dossiers(person, now),
    ]


def notices(person: Person, now: datetime) -> Iterator[Todo]:
    """Published notices that a union of the person has not acknowledged in their latest version."""
    unions = person.union_ids({Role.ENTER})
    if not unions:
        return
    rows = Addressee.objects.filter(
        union__in=unions, reports_to__isnull=False, deliverable__campaign__notices__state=NoticeState.PUBLISHED
    )
    dues: dict[tuple[int, int], datetime] = {}
    for campaign, union, due in rows.values_list("deliverable__campaign_id", "union_id", "due_at"):
        dues[campaign, union] = min(due, dues.get((campaign, union), due))
    found = {
        n.campaign_id: n
        for n in Notice.objects.visible_to(person).filter(
            state=NoticeState.PUBLISHED, campaign__in={campaign for campaign, _ in dues}
        )
    }
    done = set(
        Acknowledgement.objects.filter(
            notice__in=[notice.pk for notice in found.values()], union__in=unions
        ).values_list("notice_id", "union_id")
    )
    for (campaign, union), due in dues.items():
        notice = found.get(campaign)
        if notice is None or (notice.pk, union) in done:
            continue
        version = f"第 {notice.number} 版" if notice.number > 1 else ""
        yield Todo(
            title=f"签收通知{version}",
            text=notice.change_note or notice.title,
            url=reverse("notice", args=[campaign]),
            verb="阅读并签收",
            icon="megaphone",
            tone="warn",
            due=due if due > now else None,
            due_word="材料截止",
        )


def proposed_notices(person: Person) -> Iterator[Todo]:
    """Notices that wait for a second person's confirmation."""
    issuers = person.union_ids({Role.ORGANISE, Role.APPROVE})
    if not issuers:
        return
    rows = Notice.objects.visible_to(person).filter(
        campaign__issuer__in=issuers, state__in=(NoticeState.PROPOSED, NoticeState.DRAFT)
    )
    organises = set(person.union_ids({Role.ORGANISE}))
    for notice in rows.select_related("campaign"):
        if notice.state == NoticeState.DRAFT and notice.campaign.issuer_id in organises:
            url = reverse("campaign_notice", args=[notice.campaign_id])
            yield Todo(notice.campaign.title, "通知还是草稿，没有发布。", url, "继续拟稿", "document-text")
        elif notice.state == NoticeState.PROPOSED and notice.confirmation_excludes != person.pk:
            url = reverse("campaign_preview", args=[notice.campaign_id])
            yield Todo(notice.campaign.title, "通知待第二人确认后发布。", url, "查看并确认", "megaphone", "warn")


def own_filings(person: Person, roles: Iterable[str]) -> list[Submission]:
    """Filings of the unions where the person holds one of the roles, nearest due first."""
    unions = person.union_ids(roles)
    if not unions:
        return []
    return list(
        Submission.objects.visible_to(person)
        .filter(union__in=unions)
        .select_related(
            "union", "addressee__reports_to", "deliverable__campaign__issuer", "deliverable__form_link__form_version"
        )
        .defer("report_text")
        .order_by("addressee__due_at", "deliverable__order")
    )


def due_of(submission: Submission) -> datetime | None:
    """Until when the filing can be corrected or is due."""
    addressee = submission.addressee
    return (addressee.edit_until or None) if submission.state == SubmissionState.RETURNED else addressee.due_at


def filings(person: Person, now: datetime) -> Iterator[Todo]:
    """Forms and reports that the person's unions owe."""
    owed = [s for s in own_filings(person, {Role.ENTER}) if s.state in EDITABLE and s.addressee.opens_at <= now]
    owed = [s for s in owed if s.addressee.required or s.saved_at]
    reasons = remarks([s for s in owed if s.state == SubmissionState.RETURNED])
    for submission in owed:
        yield _filing(submission, reasons, now)


def _filing(submission: Submission, reasons: dict[int, Comment], now: datetime) -> Todo:
    title, url = submission.deliverable.title, reverse("submission_page", args=[submission.pk])
    campaign, due = submission.deliverable.campaign.title, due_of(submission)
    if submission.state == SubmissionState.RETURNED:
        remark = reasons.get(submission.pk)
        said = f"{remark.by.name}：“{remark.text}”" if remark else ""
        return Todo(f"{title}被退回", campaign, url, "修改并重报", "arrow-uturn-left", "bad", due, "可改至", said)
    late = submission.addressee.late_until
    text = campaign
    if due is not None and due <= now:
        text = f"{campaign}；现在报送记迟报" if late is None or now < late else f"{campaign}；已过迟报截止，请申请延期"
    verb = "继续填报" if submission.saved_at else "开始填报"
    return Todo(title, text, url, verb, "document-text", "warn" if due and due <= now else "", due)


def remarks(submissions: list[Submission]) -> dict[int, Comment]:
    """The general remark of the latest return of each filing, else its first pinned one."""
    found: dict[int, Comment] = {}
    rounds = {s.pk: s.round_number for s in submissions}
    rows = Comment.objects.filter(submission__in=rounds, answers__isnull=True).select_related("by", "round")
    for comment in rows.order_by("-code", "-pk"):
        if comment.round.number == rounds[comment.submission_id]:
            found[comment.submission_id] = comment
    return found


def closings(person: Person) -> Iterator[Todo]:
    """The issuer's own filings that wait for 定稿 by a second person."""
    for submission in own_filings(person, {Role.APPROVE, Role.REVIEW}):
        if (
            submission.state == SubmissionState.SUBMITTED
            and submission.is_issuers
            and submission.submitted_by_id != person.pk
        ):
            yield Todo(
                f"{submission.deliverable.title}待定稿",
                submission.deliverable.campaign.title,
                reverse("review_page", args=[submission.pk]),
                "查看并定稿",
                "check-badge",
                "warn",
                submission.addressee.due_at,
            )


def adjustments(person: Person) -> Iterator[Todo]:
    """Adjustments of roll-ups that a second person must confirm."""
    unions = person.union_ids({Role.REVIEW, Role.APPROVE})
    if not unions:
        return
    rows = Adjustment.objects.visible_to(person).filter(
        submission__union__in=unions, submission__state__in=EDITABLE, confirmed_at__isnull=True
    )
    for row in rows.exclude(proposed_by=person).select_related("proposed_by", "submission__deliverable"):
        yield Todo(
            f"调整待复核：{row.title}",
            f"{row.submission.deliverable.title} {row.code}，{row.proposed_by.name}提出",
            reverse("rollup_page", args=[row.submission_id]) + "#adjustments",
            "复核",
            "scale",
            "warn",
        )


def payouts(person: Person, now: datetime) -> Iterator[Todo]:
    """Payouts outside of batches that wait for a step of this person, counted by step (one query)."""
    steps = payout_steps(person)
    if not steps:
        return
    totals = (
        Payout.objects.visible_to(person)
        .filter(batch__isnull=True)
        .aggregate(
            **{f"n_{key}": Count("pk", filter=condition) for key, condition, *_ in steps},
            **{f"on_{key}": Min("planned_on", filter=condition) for key, condition, *_ in steps},
        )
    )
    for key, _, stage, title, verb, tone in steps:
        if totals[f"n_{key}"]:
            text, due = planned_words("慰问发放", totals[f"on_{key}"], "最早计划", now)
            yield Todo(
                f"{title} {totals[f'n_{key}']} 笔",
                text,
                reverse("payout_list") + f"?stage={stage}",
                verb,
                "banknotes",
                tone,
                due,
                "计划发放",
            )


def payout_steps(person: Person) -> list[tuple[str, Q, str, str, str, str]]:
    """(key, condition, stage of the list, title, verb, tone) of the steps that the person's posts allow."""
    enter, review = person.union_ids({Role.ENTER}), person.union_ids({Role.REVIEW})
    approve, pay = person.union_ids({Role.APPROVE}), person.union_ids({Role.PAY})
    not_entered, not_reviewed = ~Q(entered_by=person), ~Q(reviewed_by=person) | Q(reviewed_by__isnull=True)
    planned = Q(state=PayoutState.PLANNED)
    others = not_entered & not_reviewed & (~Q(approved_by=person) | Q(approved_by__isnull=True))
    others &= ~Q(second_by=person) | Q(second_by__isnull=True)
    found = []
    if enter:
        mine = Q(union__in=enter)
        found.append(("draft", mine & Q(state=PayoutState.DRAFT), "draft", "待送审", "继续制单", ""))
    if review:
        waiting = planned & Q(review_union__in=review, reviewed_by__isnull=True) & not_entered
        found.append(("review", waiting, "to_review", "待审核", "审核", "warn"))
    if approve:
        waiting = planned & Q(approve_union__in=approve, reviewed_by__isnull=False) & not_entered & not_reviewed
        found.append(("approve", waiting & Q(approved_by__isnull=True), "to_approve", "待审批", "审批", "warn"))
        second = planned & Q(second_union__in=approve, approved_by__isnull=False) & others
        found.append(("second", second, "to_second", "待第二审批", "第二审批", "warn"))
    if pay:
        mine = Q(pay_union__in=pay) & others
        found.append(("release", mine & Q(state=PayoutState.APPROVED), "approved", "待出账", "出账", "warn"))
        found.append(("settle", mine & Q(state=PayoutState.RELEASED), "released", "待登记发放", "登记发放", ""))
        found.append(("failed", mine & Q(state=PayoutState.FAILED), "failed", "银行退回", "核对后重发", "bad"))
    return found


def reversals(person: Person) -> Iterator[Todo]:
    """Reversals that wait for confirmation."""
    unions = person.union_ids({Role.APPROVE})
    if not unions:
        return
    rows = PayoutReversal.objects.filter(payout__approve_union__in=unions, confirmed_at__isnull=True)
    for row in rows.exclude(proposed_by=person).select_related("payout", "proposed_by"):
        url = reverse("payout_detail", args=[row.payout_id])
        text = f"发放 {row.payout.number}，{row.proposed_by.name}提出"
        yield Todo("冲正待确认", text, url, "查看并确认", "receipt-refund", "warn")


def dossiers(person: Person, now: datetime) -> Iterator[Todo]:
    """Dossiers that wait for a step of this person, counted by step (one query)."""
    steps = dossier_steps(person, clock.today(now))
    if not steps:
        return
    totals = Dossier.objects.visible_to(person).aggregate(
        **{f"n_{key}": Count("pk", filter=condition) for key, condition, *_ in steps},
        first_due=Min("review_due_on", filter=steps[-1][1]),
    )
    for key, _, state, title, verb in steps:
        if totals[f"n_{key}"]:
            url = reverse("dossier_list") + f"?state={state}"
            text, due = planned_words("职工档案", totals["first_due"] if key == "yearly" else None, "最早到期", now)
            tone = "warn" if key in ("review", "approve") else ""
            yield Todo(f"{title} {totals[f'n_{key}']} 户", text, url, verb, "folder-open", tone, due, "复核到期")


def dossier_steps(person: Person, today: date) -> list[tuple[str, Q, str, str, str]]:
    """(key, condition, state of the list, title, verb) of the steps that the person's posts allow."""
    enter, review = person.union_ids({Role.ENTER}), person.union_ids({Role.REVIEW})
    approve, state = person.union_ids({Role.APPROVE}), DossierState
    not_me = ~Q(entered_by=person) & (~Q(visited_by=person) | Q(visited_by__isnull=True))
    found = []
    if review:
        condition = Q(state=state.POSTED, review_union__in=review) & not_me
        found.append(("review", condition, "posted", "待审核", "审核"))
    if approve:
        condition = Q(state=state.REVIEWED, approve_union__in=approve) & not_me & ~Q(reviewed_by=person)
        found.append(("approve", condition, "reviewed", "待审批建档", "审批"))
    if enter:
        mine = Q(union__in=enter)
        found.append(("draft", mine & Q(state=state.DRAFT), "draft", "档案草稿", "补材料"))
        found.append(("applied", mine & Q(state=state.APPLIED), "applied", "待入户调查", "登记入户"))
        found.append(("visited", mine & Q(state=state.VISITED), "visited", "待公示", "登记公示"))
        due = Q(state=state.ACTIVE, review_due_on__lte=today + REVIEW_SOON)
        found.append(("yearly", mine & due, "active", "年度复核到期", "去复核"))
    return found


def planned_words(text: str, day: date | None, word: str, now: datetime) -> tuple[str, datetime | None]:
    """Text and instant of a planned day: a day that is over is no deadline to wait for, it is told in the text."""
    if day is None or day >= clock.today(now):
        return text, clock.end_of_day(day) if day else None
    return f"{text}，{word} {day.year}年{day.month}月{day.day}日", None
