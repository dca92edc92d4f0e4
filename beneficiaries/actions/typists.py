"""Who has typed into payouts: such a person takes no later step in them, wherever the payout went since (R-09)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q

from beneficiaries.models import Payout, PayoutBatch
from unions.models import AuditEvent, Person

BATCH_TYPING = ("batch.open", "batch.change", "batch.fill")
"""Acts of whoever typed into a batch."""
PAYOUT_TYPING = ("payout.draft", "payout.change")
MOVED_OUT = "moved out"
"""How `batch.fill` says that lines left their batch and go on by themselves."""


def typed_by(person: Person, payouts: Sequence[Payout]) -> set[int]:
    """The ids of those payouts that the person typed or changed, even earlier than their present enterer."""
    batches = _batches_of(payouts)
    mine = _batches_typed(person, {batch for several in batches.values() for batch in several})
    events = AuditEvent.objects.filter(
        object_type=Payout._meta.label, object_id__in=[str(payout.pk) for payout in payouts], act__in=PAYOUT_TYPING
    )
    # drafts that came with a file have no row of their own: the first change names who had entered them
    rows = events.filter(Q(person=person) | Q(detail__enterer=person.pk)).values_list("object_id", flat=True)
    return {int(pk) for pk in rows} | {pk for pk, several in batches.items() if several & mine}


def _batches_of(payouts: Sequence[Payout]) -> dict[int, set[str]]:
    """The batches that each payout is in, or was in before it was moved out."""
    found: dict[int, set[str]] = defaultdict(set)
    alone = {payout.number: payout for payout in payouts if payout.batch_id is None}
    for payout in payouts:
        if payout.batch_id is not None:
            found[payout.pk].add(str(payout.batch_id))
    if alone:
        left = AuditEvent.objects.filter(
            act="batch.fill", union__in={payout.union_id for payout in alone.values()}, detail__how=MOVED_OUT
        )
        for batch, numbers in left.values_list("object_id", "detail__numbers"):
            for number in alone.keys() & set(numbers):
                found[alone[number].pk].add(batch)
    return found


def _batches_typed(person: Person, batches: set[str]) -> set[str]:
    if not batches:
        return set()
    events = AuditEvent.objects.filter(object_type=PayoutBatch._meta.label, object_id__in=batches)
    # a batch that came with a file has no event of its own, only its enterer; its removal names who that was
    mine = Q(act__in=BATCH_TYPING, person=person) | Q(act="batch.delete", detail__enterer=person.pk)
    opened = PayoutBatch.objects.filter(pk__in=batches, entered_by=person).values_list("pk", flat=True)
    return set(events.filter(mine).values_list("object_id", flat=True)) | {str(pk) for pk in opened}
