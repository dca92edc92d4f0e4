"""The audit record: one event per act, in the same transaction, in a hash chain that nobody can rewrite (R-13…R-15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model

from relief.lib import clock, crypto
from unions.enums import Outcome, UnionKind
from unions.models import AuditChain, AuditEvent, Person, Union

SITE = "site"


@dataclass(frozen=True)
class Origin:
    """Where a request came from; empty for commands and jobs."""

    address: str = ""
    request_id: str = ""


origin: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - frozen


def record(
    *,
    act: str,
    by: Person | None,
    union: Union | None = None,
    obj: Model | None = None,
    fields: Iterable[str] = (),
    before: Any = None,
    after: Any = None,
    detail: Mapping[str, Any] | None = None,
    outcome: str = Outcome.DONE,
    money: bool = False,
) -> AuditEvent:
    """Append one event to the chain of the union and return it.

    `before` and `after` may hold personal data: only keyed digests of them are kept. `detail` is stored as it is and must
    hold nothing of class L3 or L4. Call it last in the action: it locks the head of the chain until commit.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.record() outside a transaction: no audit row, no act")
    chain = _locked_chain(union)
    event = AuditEvent(
        chain=chain,
        seq=chain.head_seq + 1,
        at=clock.db_now(),
        act=act,
        outcome=outcome,
        person=by,
        role=_roles_at(by, union),
        union=union,
        object_type=obj._meta.label if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        fields=sorted(fields),
        before_digest="" if before is None else crypto.keyed_digest(before),
        after_digest="" if after is None else crypto.keyed_digest(after),
        detail=dict(detail or {}),
        money=money,
        address=origin.get().address,
        request_id=origin.get().request_id,
        previous_mac=chain.head_mac,
    )
    event.mac = crypto.mac(canonical(event))
    event.save(force_insert=True)
    AuditChain.objects.filter(pk=chain.pk).update(head_seq=event.seq, head_mac=event.mac)
    return event


def canonical(event: AuditEvent) -> dict[str, Any]:
    """The facts of an event that its MAC covers, the link to the event before it included."""
    names = (
        "chain_id seq act outcome person_id role union_id object_type object_id fields before_digest after_digest detail"
        " money address request_id previous_mac"
    )
    facts = {name: getattr(event, name) for name in names.split()}
    facts["at"] = event.at.isoformat(timespec="milliseconds")
    return facts


def chain_key(union: Union | None) -> str:
    """One chain per county-level union, or per union that hangs directly under a city or province; else the site's."""
    if union is None:
        return SITE
    known = union.__dict__.get("_chain_key")
    if known is None:
        known = union.__dict__["_chain_key"] = _chain_key(union)
    return known


def _chain_key(union: Union) -> str:
    """As `chain_key`, read once per loaded union: its place in the tree does not change."""
    if union.kind in (UnionKind.PROVINCE, UnionKind.CITY, UnionKind.INDUSTRY):
        return SITE
    line = Union.objects.filter(pk__in=union.line_ids()).order_by("depth")
    for above in line:
        if above.kind not in (UnionKind.PROVINCE, UnionKind.CITY, UnionKind.INDUSTRY):
            return f"union-{above.pk}"
    return SITE


def _locked_chain(union: Union | None) -> AuditChain:
    key = chain_key(union)
    # On SQLite the write lock is already held (BEGIN IMMEDIATE); select_for_update does nothing there.
    chain = AuditChain.objects.select_for_update().filter(key=key).first()
    if chain is None:
        AuditChain.objects.bulk_create([AuditChain(key=key)], ignore_conflicts=True)
        chain = AuditChain.objects.select_for_update().get(key=key)
    return chain


def _roles_at(by: Person | None, union: Union | None) -> str:
    if by is None:
        return ""
    roles = {post.role for post in by.posts_now() if union is None or union.path.startswith(post.union.path)}
    return ",".join(sorted(roles))[:60]


def record_refusal(*, act: str, by: Person | None, obj: Model | None, reason: str) -> None:
    """Write the row of a refused act in a transaction of its own, after the rollback (R-15)."""
    union = getattr(obj, "union", None)
    with transaction.atomic():
        record(
            act=act or "page",
            by=by,
            union=union if isinstance(union, Union) else None,
            obj=obj,
            detail={"reason": reason[:200]},
            outcome=Outcome.REFUSED,
        )
