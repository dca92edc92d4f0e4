"""The records behind one figure: the rows a click on it lists, as far as the viewer may see them (D17)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from beneficiaries.models import Dossier, DossierPeriod, Payout, PayoutLine, Visit
from campaigns.models import Activity
from relief.lib.idnumber import mask_name
from relief.lib.money import grouped
from reporting.measures import term_in_words
from reporting.models import Submission
from reporting.records import Records, tables_of
from reporting.spec import Item, Term
from unions.models import Person

MOST = 500
"""Rows a page lists; the totals below are of all rows."""

HIDDEN = "户级明细由建档工会和审批层级查看；这里只列合计。"


@dataclass
class Listing:
    """One table of records: head words, rows of cells, totals in words; `hidden` says why rows are not shown."""

    title: str
    heads: list[str]
    rows: list[list[Any]] = field(default_factory=list)
    totals: str = ""
    hidden: str = ""
    total_rows: int = 0
    asked: str = ""
    addresses: list[str] = field(default_factory=list)

    def fill(
        self,
        everything: Sequence[Any],
        visible: Iterable[int],
        cells: Callable[[Any], list[Any]],
        address: Callable[[Any], str] = lambda row: "",
    ) -> Listing:
        """Add the rows that may be seen, the first 500 of all; says so when some may not."""
        seen = set(visible)
        self.total_rows = len(everything)
        shown = [row for row in everything[:MOST] if row.pk in seen]
        self.rows, self.addresses = [cells(row) for row in shown], [address(row) for row in shown]
        if any(row.pk not in seen for row in everything):
            self.hidden = HIDDEN
        return self

    @property
    def linked(self) -> list[tuple[str, list[Any]]]:
        """Each row behind the address of what it is about ("" where there is no page of its own)."""
        return list(zip(self.addresses, self.rows, strict=True))


def listings(item: Item, submission: Submission, person: Person) -> list[Listing]:
    """The listings of each term of the blank's source, or of what stands against its formula.

    Household rows only for those who may see them (R-11).
    """
    records = Records(submission.deliverable, [submission.union_id])
    found = []
    for term in item.terms:
        for table in tables_of(term):
            # The money of a payout is listed with the payout it belongs to.
            name = "payouts" if table == "lines" else table
            listing = _LISTERS[name](records.rows(term, name), term, person)
            listing.asked = term_in_words(term)
            found.append(listing)
    return found


def _visible(rows: QuerySet[Any], person: Person, everything: Sequence[Any]) -> set[int]:
    mine = rows.model._default_manager.visible_to(person)  # type: ignore[attr-defined]
    return set(mine.filter(pk__in=[row.pk for row in everything[:MOST]]).values_list("pk", flat=True)) | {
        row.pk for row in everything[MOST:]
    }


def _payouts(rows: QuerySet[Payout], term: Term, person: Person) -> Listing:
    wanted = PayoutLine.objects.all()
    if "source" in term.filters:
        wanted = wanted.filter(source__in=term.filters["source"])
    everything = list(rows.prefetch_related(Prefetch("lines", queryset=wanted)).order_by("paid_on", "pk"))
    amount = sum((line.amount for row in everything for line in row.lines.all()), start=0)
    people = {row.id_index or f"p{row.pk}" for row in everything}
    homes = {row.household_index or row.id_index or f"p{row.pk}" for row in everything}
    found = Listing("发放", ["发放日期", "编号", "对象", "对象类别", "用途", "来源与方式", "金额（元）"])
    found.totals = f"{len(everything)} 人次 · {len(people)} 人 · {len(homes)} 户 · {grouped(amount, 2)} 元"
    return found.fill(
        everything,
        _visible(rows, person, everything),
        _payout_cells,
        lambda row: reverse("payout_detail", args=[row.pk]),
    )


def _payout_cells(row: Payout) -> list[Any]:
    lines = list(row.lines.all())
    ways = "、".join(dict.fromkeys(f"{line.get_source_display()}（{line.get_route_display()}）" for line in lines))
    amount = sum((line.amount for line in lines), start=0)
    return [
        row.paid_on, row.number, mask_name(row.recipient), row.get_relief_group_display(), row.get_purpose_display(), ways, grouped(amount, 2),
    ]  # fmt: skip


def _visits(rows: QuerySet[Visit], term: Term, person: Person) -> Listing:
    everything = list(rows.select_related("dossier").order_by("visited_on", "pk"))
    homes = {row.dossier.id_index or f"d{row.dossier_id}" for row in everything if row.dossier}
    found = Listing("走访", ["走访日期", "对象", "带队人", "带慰问款物"])
    found.totals = f"{len(everything)} 次" + (f" · {len(homes)} 户" if homes else "")
    # An enterprise is nobody's household detail.
    shown = _visible(rows, person, everything) | {row.pk for row in everything if row.enterprise}
    return found.fill(everything, shown, _visit_cells)


def _visit_cells(row: Visit) -> list[Any]:
    who = row.enterprise or (row.dossier.number if row.dossier else "")
    return [row.visited_on, who, row.leader or "—", "是" if row.with_relief else "否"]


def _dossiers(rows: QuerySet[DossierPeriod], term: Term, person: Person) -> Listing:
    everything = list(rows.select_related("dossier").order_by("valid_from", "pk"))
    homes = {row.dossier.id_index or f"d{row.dossier_id}" for row in everything}
    heads = ["自", "档案号", "户主", "困难类别", "状态"]
    found = Listing("档案", heads, totals=f"{len(homes)} 户")
    files = set(
        Dossier.objects.visible_to(person)
        .filter(pk__in=[row.dossier_id for row in everything])
        .values_list("pk", flat=True)
    )
    return found.fill(
        everything,
        (row.pk for row in everything if row.dossier_id in files),
        _dossier_cells,
        lambda row: reverse("dossier_detail", args=[row.dossier_id]),
    )


def _dossier_cells(row: DossierPeriod) -> list[Any]:
    kind = row.get_hardship_class_display() if row.hardship_class else "—"
    return [row.valid_from, row.dossier.number, mask_name(row.dossier.name), kind, row.get_state_display()]


def _ledger(title: str, day: str, names: str, *heads: str) -> Callable[..., Listing]:
    """How money that came in or went on is listed: day, words, note, amount."""

    def listing(rows: QuerySet[Any], term: Term, person: Person) -> Listing:
        everything = list(rows.order_by(day, "pk"))
        amount = sum((row.amount for row in everything), start=0)
        found = Listing(title, [*heads, "金额（元）"], totals=f"{len(everything)} 笔 · {grouped(amount, 2)} 元")

        def cells(row: Any) -> list[Any]:
            words = [getattr(row, name)() if name.startswith("get_") else getattr(row, name) for name in names.split()]
            return [getattr(row, day), *(text or "—" for text in words), grouped(row.amount, 2)]

        return found.fill(everything, _visible(rows, person, everything), cells)

    return listing


def _activities(rows: QuerySet[Activity], term: Term, person: Person) -> Listing:
    measure = term.measure.partition(".")[2]
    everything = [row for row in rows.order_by("held_on", "pk") if getattr(row, measure)]
    total = sum((getattr(row, measure) for row in everything), start=0)
    word = str(Activity._meta.get_field(measure).verbose_name)  # type: ignore[union-attr]
    found = Listing("服务", ["日期", "类别", "说明", word], totals=f"{len(everything)} 条 · {grouped(total)}")
    return found.fill(
        everything,
        _visible(rows, person, everything),
        lambda row: [row.held_on, row.get_kind_display(), row.note or "—", grouped(getattr(row, measure))],
    )


def _donations(rows: QuerySet[Any], term: Term, person: Person) -> Listing:
    everything = list(rows.order_by("donated_on", "pk"))
    donors, amount = sum(row.donors for row in everything), sum((row.amount for row in everything), start=0)
    heads = ["捐款日期", "募捐种类", "接收机构", "凭证号", "捐款人数", "金额（元）"]
    found = Listing("捐款", heads, totals=f"{len(everything)} 笔 · {grouped(donors)} 人 · {grouped(amount, 2)} 元")

    def cells(row: Any) -> list[Any]:
        body = row.get_body_display() if row.body else "各机构合计"
        number = grouped(row.donors)
        return [row.donated_on, row.get_kind_display(), body, row.voucher or "—", number, grouped(row.amount, 2)]

    return found.fill(everything, _visible(rows, person, everything), cells)


def _headcounts(rows: QuerySet[Any], term: Term, person: Person) -> Listing:
    everything = list(rows)
    found = Listing("职工人数", ["年度", "职工总数", "其中农民工", "帮扶中心和站点"])
    found.totals = "取统计期所在年度或之前最近一年的数"
    return found.fill(
        everything,
        (row.pk for row in everything),
        lambda row: [row.year, row.workers, row.farmer_workers, row.help_centres],
    )


_LISTERS: dict[str, Callable[..., Listing]] = {
    "payouts": _payouts,
    "visits": _visits,
    "periods": _dossiers,
    "funds": _ledger(
        "筹集",
        "received_on",
        "get_source_display get_form_display voucher note",
        "到账日期",
        "来源",
        "形式",
        "凭证号",
        "说明",
    ),
    "activities": _activities,
    "donations": _donations,
    "remittances": _ledger("汇款", "remitted_on", "slip_number note", "汇款日期", "汇款凭证号", "说明"),
    "headcounts": _headcounts,
}
