"""Who has typed into payouts: such a person takes no later step in them, wherever the payout went since (R-09)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from beneficiaries.models import Payout, PayoutBatch
from unions.models import AuditEvent, Person

BATCH_TYPING = ("batch.open", "batch.change", "batch.fill")
"""Acts of whoever typed into a batch."""
PAYOUT_TYPING = ("payout.draft", "payout.change")
MOVED_OUT = "moved out"
"""How `batch.fill` says that lines left their batch and go on by themselves."""


def typed_by(person: Person, payouts: Sequence[Payout]) -> set[int]:
    """The ids of those payouts that the person typed or changed, even earlier than their present enterer."""
    return {pk for pk, persons in typists_of(payouts).items() if person.pk in persons}


def typists_of(payouts: Sequence[Payout]) -> dict[int, set[int]]:
    """Per payout id everybody who typed or changed it or its batch; a fixed number of queries."""
    batches = _batches_of(payouts)
    of_batch = _typists_of_batches({batch for several in batches.values() for batch in several})
    found: dict[int, set[int]] = {
        payout.pk: {person for batch in batches[payout.pk] for person in of_batch[batch]} for payout in payouts
    }
    events = AuditEvent.objects.filter(
        object_type=Payout._meta.label, object_id__in=[str(payout.pk) for payout in payouts], act__in=PAYOUT_TYPING
    )
    # drafts that came with a file have no row of their own: the first change names who had entered them
    for pk, *persons in events.values_list("object_id", "person", "detail__enterer"):
        found[int(pk)] |= {person for person in persons if person}
    return found


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


def _typists_of_batches(batches: set[str]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    if not batches:
        return found
    events = AuditEvent.objects.filter(object_type=PayoutBatch._meta.label, object_id__in=batches)
    for batch, person in events.filter(act__in=BATCH_TYPING, person__isnull=False).values_list("object_id", "person"):
        found[batch].add(person)
    # a batch that came with a file has no event of its own, only its enterer; its removal names who that was
    gone = events.filter(act="batch.delete", detail__enterer__isnull=False)
    for batch, person in gone.values_list("object_id", "detail__enterer"):
        found[batch].add(person)
    for pk, person in PayoutBatch.objects.filter(pk__in=batches).values_list("pk", "entered_by"):
        found[str(pk)].add(person)
    return found
