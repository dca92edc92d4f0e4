"""What `manage.py verify` checks in this app: published notices, frozen addressees, reversals of the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef

from campaigns.enums import NoticeState
from campaigns.models import Addressee, Allocation, Donation, Drive, FundsRaised, NothingCollected, Notice, Remittance
from campaigns.standings import with_standing
from relief.lib import crypto
from unions.models import Union
from unions.registry import Finding, register_verifier


def register() -> None:
    """Add the checks; called once when Django starts."""
    register_verifier("published_notices", published_notices)
    register_verifier("addressee_lines", addressee_lines)
    register_verifier("funds_reversals", funds_reversals)
    register_verifier("allocation_reversals", allocation_reversals)
    register_verifier("donation_reversals", donation_reversals)
    register_verifier("retained_donations", retained_donations)
    register_verifier("nothing_collected", nothing_collected)


def published_notices() -> Iterator[Finding]:
    """Name every published version whose text differs from what was published."""
    table = Notice._meta.db_table
    for notice in Notice.objects.filter(published_at__isnull=False).order_by("pk").iterator(chunk_size=500):
        if not crypto.mac_ok(notice.facts(), notice.mac):
            yield Finding("published_notices", table, str(notice.pk), "已发布的通知被改动")
    unsigned = Notice.objects.filter(
        state__in=(NoticeState.PUBLISHED, NoticeState.SUPERSEDED), published_at__isnull=True
    )
    for pk in unsigned.values_list("pk", flat=True):
        yield Finding("published_notices", table, str(pk), "通知标为已发布，却没有发布时间")


def addressee_lines() -> Iterator[Finding]:
    """Name every addressee whose line does not fit the others of its deliverable."""
    rows: dict[int, dict[int, Addressee]] = defaultdict(dict)
    for row in Addressee.objects.select_related("deliverable__campaign").order_by("pk").iterator(chunk_size=2000):
        rows[row.deliverable_id][row.union_id] = row
    for by_union in rows.values():
        for row in by_union.values():
            fault = _line_fault(row, by_union)
            if fault:
                yield Finding("addressee_lines", Addressee._meta.db_table, str(row.pk), fault)


def nothing_collected() -> Iterator[Finding]:
    """Name every union that is said to have collected nothing and has donations in the same drive."""
    given = Donation.objects.filter(drive=OuterRef("drive"), union=OuterRef("union")).not_reversed()
    rows = NothingCollected.objects.standing().filter(Exists(given)).order_by("pk")
    for pk in rows.values_list("pk", flat=True):
        yield Finding("nothing_collected", NothingCollected._meta.db_table, str(pk), "报了 0，却有捐款登记")


def _line_fault(row: Addressee, by_union: dict[int, Addressee]) -> str:
    line = [int(part) for part in row.line_path.strip("/").split("/")]
    issuer_id = row.deliverable.campaign.issuer_id
    if line[0] != issuer_id or line[-1] != row.union_id:
        return "报送线不是从发文工会到本单位"
    if row.depth != len(line) - 1:
        return "层次与报送线不符"
    if row.reports_to_id is None:
        return "" if row.union_id == issuer_id else "没有上报对象，却不是发文工会"
    above = by_union.get(row.reports_to_id)
    if above is None:
        return "上报对象不在报送范围内"
    return "" if row.line_path == f"{above.line_path}{row.union_id}/" else "报送线与上级的报送线接不上"


SAME: dict[type[FundsRaised | Allocation | Donation | Remittance], tuple[str, tuple[str, ...]]] = {
    FundsRaised: ("工会或来源", ("union_id", "source")),
    Allocation: ("工会、来源或方向", ("giver_id", "receiver_id", "source", "kind")),
    Donation: ("工会、募捐种类或接收机构", ("union_id", "kind", "body")),
    Remittance: ("工会或凭证号", ("union_id", "slip_number")),
}
"""What a reversal has in common with the row it takes back."""


def funds_reversals() -> Iterator[Finding]:
    """Name every reversal of money that came in that does not take back exactly its row."""
    yield from _reversals("funds_reversals", FundsRaised)


def allocation_reversals() -> Iterator[Finding]:
    """Name every reversal of an allocation that does not take back exactly its row."""
    yield from _reversals("allocation_reversals", Allocation)


def donation_reversals() -> Iterator[Finding]:
    """The same of donations and remittances."""
    yield from _reversals("donation_reversals", Donation)
    yield from _reversals("donation_reversals", Remittance)


def retained_donations() -> Iterator[Finding]:
    """Name every drive of which a union kept more than it had in hand (D30)."""
    for drive in Drive.objects.filter(retained__isnull=False).distinct().order_by("pk").iterator(chunk_size=100):
        kept = Union.objects.filter(pk__in=FundsRaised.objects.filter(drive=drive).values("union"))
        for union in with_standing(kept, drive).filter(retained__gt=0, left__lt=0).order_by("pk"):
            yield Finding(
                "retained_donations", Drive._meta.db_table, str(drive.pk), f"{union.code} 留存的多于手中的捐款"
            )


def _reversals(check: str, model: type[FundsRaised | Allocation | Donation | Remittance]) -> Iterator[Finding]:
    table = model._meta.db_table
    common, names = SAME[model]
    pairs = model.objects.filter(reverses__isnull=False).select_related("reverses").order_by("pk")
    for row in pairs.iterator(chunk_size=2000):
        first: Any = row.reverses
        if first.reverses_id is not None or any(getattr(row, name) != getattr(first, name) for name in names):
            yield Finding(check, table, str(row.pk), f"冲销与原记录的{common}不符")
        if row.amount != -first.amount:
            yield Finding(check, table, str(row.pk), "冲销金额与原记录不符")
        if isinstance(row, Donation) and row.donors != -first.donors:
            yield Finding(check, table, str(row.pk), "冲销人数与原记录不符")
