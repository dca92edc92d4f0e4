"""The year of many unions by source, set-based: five queries, however many unions.

The same figures as the 收支结余 of each union (`beneficiaries.funds.statement`), which a test holds them to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from beneficiaries.auditing.scope import Scope
from beneficiaries.enums import PayoutState
from beneficiaries.funds.statement import OUT, SourceLine
from beneficiaries.models import PayoutLine
from campaigns.enums import AllocationKind, FundSource
from campaigns.fund_kinds import FundKind, kind_of
from campaigns.models import Allocation, FundsRaised

Place = tuple[int, str]
Flow = tuple[int, str, str, Decimal | None, Decimal | None]
"""Union, source, column, what was before the period, what is in it."""


def year_sums(scope: Scope) -> dict[Place, SourceLine]:
    """Per (union id, source) the statement of the period; places without any row are left out."""
    found: dict[Place, SourceLine] = {}
    for union_id, source, column, before, now in (*_raised(scope), *_going(scope), *_paid(scope), *_taken_back(scope)):
        _add(_line(found, union_id, source), column, before, now)
    for union_id, source, kind, before, now, way in _coming(scope):
        line = _line(found, union_id, source)
        _add(line, "returned_in" if kind == AllocationKind.RETURN else "received", before, now)
        line.on_the_way += way or Decimal(0)
    return {place: line for place, line in found.items() if _says_something(line)}


def _line(found: dict[Place, SourceLine], union_id: int, source: str) -> SourceLine:
    return found.setdefault((union_id, source), SourceLine(source))


def _add(line: SourceLine, column: str, before: Decimal | None, now: Decimal | None) -> None:
    earlier = before or Decimal(0)
    line.opening += -earlier if column in OUT else earlier
    line.flows[column] += now or Decimal(0)


def _says_something(line: SourceLine) -> bool:
    return bool(line.opening or line.on_the_way or any(line.flows.values()))


def _summed(rows: QuerySet[Any], scope: Scope, day: str, *names: str, **more: Any) -> QuerySet[Any, Any]:
    """Per names what was before the period and in it."""
    first = scope.period.first
    before = Sum("amount", filter=Q(**{f"{day}__lt": first}))
    now = Sum("amount", filter=Q(**{f"{day}__gte": first, f"{day}__lte": scope.period.last}))
    rows = rows.filter(source__in=scope.sources).order_by().values(*names)
    return rows.annotate(before=before, now=now, **more).values_list(*names, "before", "now", *more)


def _until(scope: Scope, day: str) -> Q:
    return Q(**{f"{day}__lte": scope.period.last})


def _raised(scope: Scope) -> Iterator[Flow]:
    rows = FundsRaised.objects.filter(scope.of("union"), _until(scope, "received_on"))
    for union_id, source, before, now in _summed(rows, scope, "received_on", "union_id", "source"):
        yield union_id, source, "raised", before, now


def _coming(scope: Scope) -> QuerySet[Any, Any]:
    waits = Q(confirmed_on__isnull=True) | Q(confirmed_on__gt=scope.period.last)
    until = _until(scope, "confirmed_on") | _until(scope, "allocated_on")
    rows = Allocation.objects.filter(scope.of("receiver"), until)
    way = Sum("amount", filter=waits & _until(scope, "allocated_on"))
    return _summed(rows, scope, "confirmed_on", "receiver_id", "source", "kind", way=way)


def _going(scope: Scope) -> Iterator[Flow]:
    rows = Allocation.objects.filter(scope.of("giver"), _until(scope, "allocated_on"))
    for union_id, source, kind, before, now in _summed(rows, scope, "allocated_on", "giver_id", "source", "kind"):
        yield union_id, source, "returned" if kind == AllocationKind.RETURN else "given", before, now


def _paid(scope: Scope) -> Iterator[Flow]:
    rows = PayoutLine.objects.filter(
        scope.of("payout__union"), _until(scope, "payout__paid_on"), payout__state=PayoutState.PAID
    )
    for union_id, source, before, now in _summed(rows, scope, "payout__paid_on", "payout__union_id", "source"):
        yield union_id, source, "paid", before, now


def _taken_back(scope: Scope) -> Iterator[Flow]:
    """A reversed payout is taken off on the day of its reversal (D5)."""
    day = "payout__reversals__reversed_on"
    rows = PayoutLine.objects.filter(
        scope.of("payout__union"),
        _until(scope, day),
        payout__state=PayoutState.PAID,
        payout__reversals__confirmed_at__isnull=False,
    )
    for union_id, source, before, now in _summed(rows, scope, day, "payout__union_id", "source"):
        yield union_id, source, "paid", -(before or Decimal(0)), -(now or Decimal(0))


def added(lines: Iterable[SourceLine], source: str = "") -> SourceLine:
    """The sum of some statements, as one line."""
    total = SourceLine(source)
    for line in lines:
        total.opening += line.opening
        total.on_the_way += line.on_the_way
        for column, amount in line.flows.items():
            total.flows[column] += amount
    return total


def by_kind(sums: dict[Place, SourceLine]) -> list[tuple[FundKind, SourceLine, list[SourceLine]]]:
    """Per kind of money its total and its sources, over all unions; kinds without money are left out."""
    sources: dict[str, list[SourceLine]] = defaultdict(list)
    for (_, source), line in sums.items():
        sources[source].append(line)
    found = []
    for kind in FundKind:
        lines = [added(sources[each], each) for each in FundSource.values if each in sources and kind_of(each) == kind]
        if lines:
            found.append((kind, added(lines), lines))
    return found


def by_union(sums: dict[Place, SourceLine]) -> dict[int, dict[FundKind, SourceLine]]:
    """Per union with money its total of each kind."""
    lines: dict[tuple[int, FundKind], list[SourceLine]] = defaultdict(list)
    for (union_id, source), line in sums.items():
        lines[union_id, kind_of(source)].append(line)
    found: dict[int, dict[FundKind, SourceLine]] = defaultdict(dict)
    for kind in FundKind:
        for union_id in {union_id for union_id, of in lines if of == kind}:
            found[union_id][kind] = added(lines[union_id, kind])
    return dict(found)
