"""From a figure of a form to the money behind it, for an audit: filed figures beside the ledger, and the ledger's rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, QuerySet

from beneficiaries.auditing.scope import audited_unions
from campaigns.enums import DeliverableKind
from campaigns.models import Deliverable
from relief.lib.money import from_fen
from reporting.enums import Part
from reporting.formstore import spec_of
from reporting.frozen import frozen_values
from reporting.models import Round, Submission
from reporting.records import Records
from reporting.spec import FormSpec, Item
from unions.models import Person

TABLES = {"funds.amount": "funds", "payouts.amount": "lines"}
"""The measures that are money of the ledger, and where their rows are."""


def table_of(item: Item) -> str:
    """`funds` or `lines` when the blank counts money raised or paid and nothing else, else nothing."""
    found = {TABLES.get(term.measure, "") for term in item.terms}
    return found.pop() if len(found) == 1 else ""


def money_items(spec: FormSpec, *, whole: bool = False) -> list[Item]:
    """The blanks of a form that count money raised or paid; `whole`: those that count all of it."""
    items = [item for item in spec.items if table_of(item)]
    return [item for item in items if not any(term.filters for term in item.terms)] if whole else items


def audited_filings(person: Person) -> QuerySet[Submission]:
    """Forms handed in by the unions that the person audits, in the order of the tree."""
    handed_in = Submission.objects.visible_to(person).filter(
        union__in=audited_unions(person).order_by().values("pk"),
        deliverable__kind=DeliverableKind.FORM,
        deliverable__form_link__isnull=False,
        round_number__gt=0,
    )
    return handed_in.select_related("union", "deliverable__campaign", "deliverable__form_link__form_version").order_by(
        "union__path"
    )


def audited_deliverables(person: Person) -> list[Deliverable]:
    """The forms that such filings are for, the newest campaign first."""
    wanted = audited_filings(person).order_by().values("deliverable")
    rows = Deliverable.objects.filter(pk__in=wanted).select_related("campaign", "form_link__form_version")
    return list(rows.order_by("-campaign__starts_on", "-campaign_id", "pk"))


def chosen_of(deliverables: Sequence[Deliverable], text: str) -> Deliverable | None:
    """The form that an address names by its id, else the newest one."""
    named = next((each for each in deliverables if str(each.pk) == text), None)
    return named or next(iter(deliverables), None)


@dataclass(frozen=True)
class Compared:
    """One figure in 元: as filed (None: not filled), and what the ledger's rows sum up to now."""

    item: Item
    filed: Decimal | None
    ledger: Decimal

    @property
    def differs(self) -> Decimal:
        """By how much the filed figure is more than the ledger; nothing filed counts as nothing."""
        return (self.filed or Decimal(0)) - self.ledger


def compared(filings: Sequence[Submission], items: Iterable[Item], spec: FormSpec) -> dict[int, list[Compared]]:
    """{filing id: its figures}, own rows of one form; a fixed number of queries."""
    if not filings:
        return {}
    wanted = list(items)
    rounds = Round.objects.filter(submission__in=filings, number=F("submission__round_number"))
    of_filing = dict(rounds.values_list("submission_id", "pk"))
    frozen = frozen_values(of_filing.values(), Part.OWN)
    numbers = Records(filings[0].deliverable, [filing.union_id for filing in filings]).numbers(spec)
    found = {}
    for filing in filings:
        values = frozen.get(of_filing.get(filing.pk, 0), {})
        now = numbers[filing.union_id]
        found[filing.pk] = [Compared(item, _yuan(values.get(item.code)), from_fen(now[item.code])) for item in wanted]
    return found


def _yuan(value: Any) -> Decimal | None:
    return from_fen(value.number) if value is not None and value.number is not None else None


def rows_behind(filing: Submission, item: Item) -> QuerySet[Any]:
    """The rows of the ledger that the blank of this filing's own row counts, newest first."""
    records, table = Records(filing.deliverable, [filing.union_id]), table_of(item)
    rows = reduce(or_, (records.rows(term, table) for term in item.terms))
    if table == "funds":
        return rows.order_by("-received_on", "-pk")
    return rows.select_related("payout").annotate(paid_day=F("payout__paid_on")).order_by("-paid_day", "-pk")


def spec_for(deliverable: Deliverable) -> FormSpec:
    """The form that the deliverable asks for."""
    return spec_of(deliverable.form_link.form_version)
