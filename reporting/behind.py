"""The records behind one figure: the rows a click on it lists, as far as the viewer may see them (D17)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from beneficiaries.models import Payout, PayoutLine, Visit
from campaigns.models import Activity, FundsRaised
from relief.lib.idnumber import mask_name
from reporting.models import Submission
from reporting.records import Records, dossiers_of, payouts_of, visits_of
from reporting.spec import Item, Term
from unions.models import Person, UnionHeadcount

MOST = 500
"""Rows a page lists; the totals below are of all rows."""


@dataclass
class Listing:
    """One table of records: head words, rows of cells, totals in words; `hidden` says why rows are not shown."""

    title: str
    heads: list[str]
    rows: list[list[Any]] = field(default_factory=list)
    totals: str = ""
    hidden: str = ""
    total_rows: int = 0


def listings(item: Item, submission: Submission, person: Person) -> list[Listing]:
    """One listing per term of the item's source; household rows only for those who may see them (R-11)."""
    if not item.terms:
        return []
    records = Records(submission.deliverable, [submission.union_id])
    return [_listing(records, term, person) for term in item.terms]


def _listing(records: Records, term: Term, person: Person) -> Listing:
    table, _, measure = term.measure.partition(".")
    if table == "payouts":
        return _payouts(payouts_of(records, term), term, person)
    if table == "visits":
        return _visits(visits_of(records, measure, term), person)
    if table == "funds":
        return _funds(records, term)
    if table == "activities":
        return _activities(records, term, measure)
    if table == "dossiers":
        return _dossiers(records, term)
    if table == "headcount":
        return _headcounts(records)
    return Listing("台账", [])


def _payouts(rows: QuerySet[Payout], term: Term, person: Person) -> Listing:
    wanted = PayoutLine.objects.all()
    if "source" in term.filters:
        wanted = wanted.filter(source__in=term.filters["source"])
    everything = list(rows.prefetch_related(Prefetch("lines", queryset=wanted)).order_by("paid_on", "pk"))
    visible = set(
        Payout.objects.visible_to(person).filter(pk__in=[row.pk for row in everything]).values_list("pk", flat=True)
    )
    amount = sum((line.amount for row in everything for line in row.lines.all()), start=0)
    people = {row.id_index or f"p{row.pk}" for row in everything}
    homes = {row.household_index or row.id_index or f"p{row.pk}" for row in everything}
    found = Listing(
        "发放", ["发放日期", "编号", "对象", "对象类别", "用途", "来源与方式", "金额（元）"], total_rows=len(everything)
    )
    found.totals = f"{len(everything)} 人次 · {len(people)} 人 · {len(homes)} 户 · {amount:,.2f} 元"
    if len(visible) < len(everything):
        found.hidden = "户级明细由建档工会和审批层级查看；这里只列笔数与金额。"
    for row in everything[:MOST]:
        if row.pk in visible:
            found.rows.append(_payout_cells(row))
    return found


def _payout_cells(row: Payout) -> list[Any]:
    lines = list(row.lines.all())
    ways = "、".join(dict.fromkeys(f"{line.get_source_display()}（{line.get_route_display()}）" for line in lines))
    amount = sum((line.amount for line in lines), start=0)
    return [
        row.paid_on, row.number, mask_name(row.recipient), row.get_relief_group_display(), row.get_purpose_display(), ways, f"{amount:,.2f}",
    ]  # fmt: skip


def _visits(rows: QuerySet[Visit], person: Person) -> Listing:
    everything = list(rows.select_related("dossier").order_by("visited_on", "pk"))
    visible = set(
        Visit.objects.visible_to(person).filter(pk__in=[row.pk for row in everything]).values_list("pk", flat=True)
    )
    found = Listing(
        "走访", ["走访日期", "对象", "带队人", "带慰问款物"], total_rows=len(everything), totals=f"{len(everything)} 次"
    )
    for row in everything[:MOST]:
        if row.enterprise or row.pk in visible:
            who = row.enterprise or (row.dossier.number if row.dossier else "")
            found.rows.append([row.visited_on, who, row.leader or "—", "是" if row.with_relief else "否"])
    return found


def _funds(records: Records, term: Term) -> Listing:
    first, last = records.window(term.period)
    rows = FundsRaised.objects.filter(union__in=records.union_ids).not_reversed().between(first, last, "received_on")
    if "source" in term.filters:
        rows = rows.filter(source__in=term.filters["source"])
    everything = list(rows.order_by("received_on", "pk"))
    amount = sum((row.amount for row in everything), start=0)
    found = Listing("筹集", ["到账日期", "来源", "形式", "凭证号", "说明", "金额（元）"], total_rows=len(everything))
    found.totals = f"{len(everything)} 笔 · {amount:,.2f} 元"
    for row in everything[:MOST]:
        found.rows.append(
            [
                row.received_on,
                row.get_source_display(),
                row.get_form_display(),
                row.voucher or "—",
                row.note or "—",
                f"{row.amount:,.2f}",
            ]
        )
    return found


def _activities(records: Records, term: Term, measure: str) -> Listing:
    first, last = records.window(term.period)
    rows = Activity.objects.filter(
        union__in=records.union_ids, held_on__gte=first, held_on__lte=last, voided_at__isnull=True
    )
    if "kind" in term.filters:
        rows = rows.filter(kind__in=term.filters["kind"])
    everything = [row for row in rows.order_by("held_on", "pk") if getattr(row, measure)]
    total = sum((getattr(row, measure) for row in everything), start=0)
    word = str(Activity._meta.get_field(measure).verbose_name)  # type: ignore[union-attr]
    found = Listing("服务", ["日期", "类别", "说明", word], total_rows=len(everything))
    found.totals = f"{len(everything)} 条 · {total:,}"
    for row in everything[:MOST]:
        found.rows.append([row.held_on, row.get_kind_display(), row.note or "—", f"{getattr(row, measure):,}"])
    return found


def _dossiers(records: Records, term: Term) -> Listing:
    number = dossiers_of(records, term).values("dossier").distinct().count()
    return Listing("档案", [], totals=f"{number} 户在档", total_rows=number, hidden="名单请在职工档案里按状态查看。")


def _headcounts(records: Records) -> Listing:
    rows = UnionHeadcount.objects.filter(union__in=records.union_ids).order_by("-year")
    return Listing(
        "职工人数",
        ["年度", "职工总数", "其中农民工"],
        [[r.year, r.workers, r.farmer_workers] for r in rows],
        total_rows=len(rows),
    )
