"""Who has handed in what: rows, tree and counts of a campaign below one union, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, OuterRef, Subquery

from campaigns.models import Campaign, Deliverable
from reporting.enums import SubmissionState
from reporting.figures import Staleness, staleness
from reporting.models import Move, Round, Submission
from unions.enums import Role
from unions.models import Person, Post, Union
from unions.policy import ACTS

NOT_STARTED = "not_started"
FILED = frozenset({SubmissionState.SUBMITTED, SubmissionState.IN_REVIEW, SubmissionState.ACCEPTED})
STATE_WORDS = {NOT_STARTED: "未开始", **{state.value: state.label for state in SubmissionState}}
MARK_WORDS = {"late": "迟报", "nil": "零报告", "stale": "已过期"}


@dataclass
class Row:
    """One union on the board, with its filing of one deliverable and its place in the tree."""

    submission: Submission
    frozen: Round | None = None
    stale: Staleness | None = None
    depth: int = 0
    below: list[Row] = field(default_factory=list)
    others: list[Row | None] = field(default_factory=list)
    last: Move | None = None

    @property
    def union(self) -> Union:
        return self.submission.union

    @property
    def due_at(self) -> datetime:
        return self.submission.addressee.due_at

    @property
    def state(self) -> str:
        """The submission's state, 未开始 told apart from a draft."""
        started = self.submission.saved_at is not None or self.submission.round_number
        if self.submission.state == SubmissionState.DRAFT and not started:
            return NOT_STARTED
        return str(self.submission.state)

    @property
    def counted(self) -> bool:
        """In the denominator: required, or optional and filed (D10)."""
        return self.submission.addressee.required or self.submission.state != SubmissionState.DRAFT

    @property
    def filed(self) -> bool:
        return self.submission.state in FILED

    @property
    def late(self) -> bool:
        return self.filed and self.frozen is not None and self.frozen.late

    @property
    def nil(self) -> bool:
        return self.filed and self.frozen is not None and self.frozen.nil

    @property
    def missing(self) -> bool:
        return self.counted and not self.filed

    def has(self, key: str) -> bool:
        """Whether the row belongs to a chip: a state or a derived mark."""
        marks = {"late": self.late, "nil": self.nil, "stale": self.stale is not None}
        return marks.get(key, self.state == key)

    def subtree(self) -> list[Row]:
        """The row and everything that reports to it, directly or through others."""
        found, waiting = [], [self]
        while waiting:
            row = waiting.pop()
            found.append(row)
            waiting.extend(row.below)
        return found


@dataclass(frozen=True)
class Tally:
    """Counts that add up to 应报; the rate rounds down and never passes 100 %."""

    on_time: int = 0
    late: int = 0
    returned: int = 0
    overdue: int = 0
    waiting: int = 0
    nil: int = 0

    @property
    def filed(self) -> int:
        return self.on_time + self.late

    @property
    def missing(self) -> int:
        return self.overdue + self.waiting

    @property
    def total(self) -> int:
        return self.filed + self.returned + self.missing

    @property
    def percent(self) -> int:
        return self.filed * 100 // self.total if self.total else 0

    @property
    def parts(self) -> list[tuple[str, int, str]]:
        """For the stacked bar."""
        return [
            ("按期", self.on_time, "ok"),
            ("迟报", self.late, "orange"),
            ("退回未重报", self.returned, "bad"),
            ("未报", self.missing, "missing"),
        ]


def tally(rows: Iterable[Row], now: datetime) -> Tally:
    """Count the rows that belong to the denominator."""
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        if not row.counted:
            continue
        counts["nil"] += row.nil
        if row.filed:
            counts["late" if row.late else "on_time"] += 1
        elif row.submission.state == SubmissionState.RETURNED:
            counts["returned"] += 1
        else:
            counts["overdue" if row.due_at <= now else "waiting"] += 1
    return Tally(**counts)


@dataclass
class Board:
    """Everything below one union for one campaign: rows in tree order by deliverable."""

    union: Union
    campaign: Campaign
    deliverables: list[Deliverable]
    rows: dict[int, list[Row]]

    def of(self, deliverable: Deliverable) -> list[Row]:
        return self.rows.get(deliverable.pk, [])

    def top(self, deliverable: Deliverable) -> list[Row]:
        """The rows that report to the union itself."""
        return [row for row in self.of(deliverable) if row.depth == 0]


def boards_of(person: Person, union: Union) -> list[Deliverable]:
    """Deliverables that somebody below the union owes, newest campaign first."""
    return list(
        Deliverable.objects.visible_to(person)
        .filter(
            campaign__published_at__isnull=False,
            pk__in=Submission.objects.visible_to(person)
            .filter(addressee__line_path__contains=f"/{union.pk}/")
            .exclude(union=union)
            .values("deliverable"),
        )
        .select_related("campaign__issuer", "form_link__form_version")
        .order_by("-campaign__year", "-campaign__published_at", "-campaign_id", "order")
    )


def load(person: Person, union: Union, campaign: Campaign, deliverables: list[Deliverable]) -> Board:
    """Read the board in a fixed number of queries, however many unions lie below."""
    below = Submission.objects.visible_to(person).filter(
        deliverable__campaign=campaign, addressee__line_path__contains=f"/{union.pk}/"
    )
    submissions = list(
        below.exclude(union=union)
        .select_related("union", "addressee", "submitted_by")
        .defer("report_text")
        .order_by("union__code")
    )
    rounds = {
        frozen.submission_id: frozen
        for frozen in Round.objects.filter(
            submission__in=below.values("pk"), number=F("submission__round_number")
        ).only("submission_id", "number", "late", "nil", "handed_in_at", "receipt")
    }
    parents = {(s.deliverable_id, s.addressee.reports_to_id) for s in submissions}
    stale = staleness([s for s in submissions if (s.deliverable_id, s.union_id) in parents])
    rows: dict[int, list[Row]] = defaultdict(list)
    for submission in submissions:
        rows[submission.deliverable_id].append(Row(submission, rounds.get(submission.pk), stale.get(submission.pk)))
    board = Board(union, campaign, deliverables, {key: in_tree_order(found) for key, found in rows.items()})
    _put_beside(board)
    return board


def in_tree_order(rows: list[Row]) -> list[Row]:
    """The rows as a tree written line by line, each with what reports to it; siblings keep their order."""
    by_union = {row.submission.union_id: row for row in rows}
    top: list[Row] = []
    for row in rows:
        above = by_union.get(row.submission.addressee.reports_to_id or 0)
        (top if above is None else above.below).append(row)
    found, waiting = [], list(reversed(top))
    while waiting:
        row = waiting.pop()
        found.append(row)
        for child in reversed(row.below):
            child.depth = row.depth + 1
            waiting.append(child)
    return found


def _put_beside(board: Board) -> None:
    """Give each row the rows of the same union for all deliverables of the campaign, for the state columns."""
    by_place = {(key, row.submission.union_id): row for key, rows in board.rows.items() for row in rows}
    for rows in board.rows.values():
        for row in rows:
            row.others = [by_place.get((d.pk, row.submission.union_id)) for d in board.deliverables]


def put_last_moves(rows: list[Row]) -> None:
    """Give each shown row its last move with its person (one query)."""
    by_submission = {row.submission.pk: row for row in rows}
    for move in Move.objects.filter(submission__in=list(by_submission)).select_related("by").order_by("pk"):
        by_submission[move.submission_id].last = move


def said(move: Move) -> str:
    """What the move did, in the word of its act."""
    act = ACTS.get(move.act)
    return act.label if act is not None else "办理"


def chosen(
    rows: list[Row], *, state: str = "", text: str = "", missing_only: bool = False, under: str = ""
) -> list[Row]:
    """The rows of the denominator that pass the filters; optional unions that have not filed come without a state."""
    words = text.strip().casefold()
    found = [row for row in rows if row.counted or (not state and not missing_only)]
    if under:
        found = [row for row in found if f"/{under}/" in row.submission.addressee.line_path]
    if state in STATE_WORDS or state in MARK_WORDS:
        found = [row for row in found if row.has(state)]
    if missing_only:
        found = [row for row in found if row.missing]
    if words:
        found = [row for row in found if words in row.union.name.casefold() or words in row.union.code.casefold()]
    return found


@dataclass(frozen=True)
class Chip:
    key: str
    label: str
    count: int
    active: bool


def chips(rows: list[Row], active: str) -> tuple[list[Chip], list[Chip]]:
    """State chips that add up to 应报, and the derived marks beside them."""
    counted = [row for row in rows if row.counted]
    states = [Chip("", "全部", len(counted), not active)]
    states += [Chip(k, w, sum(row.state == k for row in counted), active == k) for k, w in STATE_WORDS.items()]
    marks = [Chip(k, w, sum(row.has(k) for row in counted), active == k) for k, w in MARK_WORDS.items()]
    return states, marks


def review_queue(person: Person) -> list[Submission]:
    """Filings that wait for the person's review, oldest first."""
    current = Round.objects.filter(submission=OuterRef("pk"), number=OuterRef("round_number"))
    found = (
        Submission.objects.visible_to(person)
        .filter(state__in=(SubmissionState.SUBMITTED, SubmissionState.IN_REVIEW), addressee__reports_to__isnull=False)
        .select_related("union", "addressee__reports_to", "deliverable", "opened_by")
        .defer("report_text")
        .annotate(handed_in_at=Subquery(current.values("handed_in_at")[:1]))
        .order_by("handed_in_at", "pk")
    )
    return waiting_for_review(person, found)


def waiting_for_review(person: Person, submissions: Iterable[Submission]) -> list[Submission]:
    """Of handed-in submissions those that the person reviews, oldest first (one query for the posts).

    A union without a reviewer hands the step to the next one above (the rule of `policy.step_union`, for many at once).
    """
    listed = [s for s in submissions if s.addressee.reports_to is not None and s.submitted_by_id != person.pk]
    lines = {s.addressee.reports_to.pk: s.addressee.reports_to.line_ids() for s in listed if s.addressee.reports_to}
    wanted = {union_id for line in lines.values() for union_id in line}
    holders = set(
        Post.objects.filter(union__in=wanted, role=Role.REVIEW, revoked_at__isnull=True).values_list(
            "union_id", flat=True
        )
    )
    mine = set(person.union_ids({Role.REVIEW}))
    step = {above: next((u for u in reversed(line) if u in holders), None) for above, line in lines.items()}
    return [s for s in listed if step[s.addressee.reports_to_id or 0] in mine]
