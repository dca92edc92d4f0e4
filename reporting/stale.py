"""Which handed-in roll-ups no longer fit their children (D11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from reporting.enums import SubmissionState
from reporting.models import Round, RoundPin, Submission


@dataclass
class Staleness:
    """Why a handed-in roll-up no longer fits its children: who moved, from which round to which."""

    moved: list[tuple[str, int, int]] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.moved or self.added)


def staleness(submissions: Iterable[Submission]) -> dict[int, Staleness]:
    """{submission id: Staleness} for handed-in submissions whose children changed since; in a fixed number of queries."""
    handed_in = [s for s in submissions if s.round_number]
    newest = {
        r.pk: r.submission_id
        for r in Round.objects.filter(submission__in=[s.pk for s in handed_in]).order_by("number")
        if r.number == next(s.round_number for s in handed_in if s.pk == r.submission_id)
    }
    found: dict[int, Staleness] = defaultdict(Staleness)
    pinned: dict[int, set[int]] = defaultdict(set)
    for pin in RoundPin.objects.filter(round__in=newest).select_related("child__submission__union"):
        parent, child = newest[pin.round_id], pin.child
        pinned[parent].add(child.submission_id)
        now = child.submission.round_number
        if now != child.number or child.submission.state != SubmissionState.ACCEPTED:
            found[parent].moved.append((child.submission.union.called, child.number, now))
    by_union = {(s.deliverable_id, s.union_id): s.pk for s in handed_in}
    accepted = Submission.objects.filter(
        deliverable__in={s.deliverable_id for s in handed_in},
        addressee__reports_to__in={s.union_id for s in handed_in},
        state=SubmissionState.ACCEPTED,
    ).select_related("union", "addressee")
    for late in accepted:
        above = late.addressee.reports_to_id
        owner = by_union.get((late.deliverable_id, above)) if above is not None else None
        if owner is not None and late.pk not in pinned[owner]:
            found[owner].added.append(late.union.called)
    return dict(found)
