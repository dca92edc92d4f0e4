"""Who has handed in what below a union, read once at the start: the export is one picture of one moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from campaigns.enums import DeliverableKind
from campaigns.models import Campaign, Deliverable
from reporting import boards
from reporting.boards import Row
from reporting.bundles.asking import Asked, BundleKind, Scope
from reporting.enums import SubmissionState
from reporting.models import Round, Submission
from unions.models import Person, Union

ROUND_FACTS = (
    "submission_id number union_name handed_in_at late nil receipt check_code figures_digest filer_name form_version_id"
).split()
"""All of a round but its texts and lists, which are read one round at a time."""


@dataclass
class Entry:
    """One union and one deliverable: its hand-in in force, every hand-in, and the files written for it."""

    submission: Submission
    rounds: list[Round]
    files: list[str] = field(default_factory=list)

    @property
    def frozen(self) -> Round | None:
        """The latest hand-in; none of a draft, nor of a hand-in that was taken back."""
        if self.submission.state == SubmissionState.DRAFT or not self.rounds:
            return None
        return self.rounds[-1]

    @property
    def number(self) -> int:
        """The round of the hand-in in force; 0 when there is none."""
        return self.frozen.number if self.frozen else 0

    @property
    def union(self) -> Union:
        return self.submission.union

    @property
    def name(self) -> str:
        """The union's name as it was then."""
        return self.frozen.union_name if self.frozen else self.submission.addressee.union_name

    @property
    def is_form(self) -> bool:
        return self.submission.deliverable.kind == DeliverableKind.FORM

    @property
    def state_words(self) -> str:
        if self.frozen is not None:
            return str(self.submission.get_state_display())
        if self.rounds:
            return "已撤回，待重报"
        return "未上报" if self.submission.addressee.required else "未上报（自愿）"


@dataclass(frozen=True)
class Contents:
    """All that one export speaks about: deliverables in their order, each with its unions in the order of the tree."""

    union: Union
    campaign: Campaign
    asked: Asked
    groups: list[tuple[Deliverable, list[Entry]]]

    @property
    def entries(self) -> list[Entry]:
        return [entry for _, entries in self.groups for entry in entries]

    @property
    def filed(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.frozen is not None]

    @property
    def missing(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.frozen is None]


def seen(person: Person, union: Union, campaign: Campaign) -> QuerySet[Submission]:
    """The filings of the campaign at the union and below it along the frozen line, as far as the person sees them."""
    return Submission.objects.visible_to(person).filter(
        deliverable__campaign=campaign, addressee__line_path__contains=f"/{union.pk}/"
    )


def contents_of(person: Person, union: Union, campaign: Campaign, asked: Asked) -> Contents:
    """Read the picture in three queries, however many unions there are."""
    below = seen(person, union, campaign)
    if asked.scope == Scope.DIRECT:
        below = below.filter(Q(union=union) | Q(addressee__reports_to=union))
    if asked.kind != BundleKind.CAMPAIGN:
        below = below.filter(deliverable=asked.deliverable, deliverable__kind=DeliverableKind.FORM)
    submissions = list(
        below.select_related("union", "addressee__reports_to", "deliverable__campaign", "deliverable__form_link")
        .defer("report_text")
        .order_by("union__code")
    )
    rounds: dict[int, list[Round]] = defaultdict(list)
    for frozen in Round.objects.filter(submission__in=below.values("pk")).only(*ROUND_FACTS).order_by("number"):
        rounds[frozen.submission_id].append(frozen)
    return Contents(union, campaign, asked, list(_groups(submissions, rounds)))


def _groups(submissions: list[Submission], rounds: dict[int, list[Round]]) -> Iterable[tuple[Deliverable, list[Entry]]]:
    by_deliverable: dict[int, list[Row]] = defaultdict(list)
    deliverables: dict[int, Deliverable] = {}
    for submission in submissions:
        deliverables[submission.deliverable_id] = submission.deliverable
        by_deliverable[submission.deliverable_id].append(Row(submission))
    for deliverable in sorted(deliverables.values(), key=lambda each: (each.order, each.pk)):
        rows = boards.in_tree_order(by_deliverable[deliverable.pk])
        yield deliverable, [Entry(row.submission, rounds.get(row.submission.pk, [])) for row in rows]
