"""收支结余: the statement of a union's funds by year or period, and the rows behind each of its figures."""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from beneficiaries.funds.statement import COLUMNS, NOTHING, OUT, Period, SourceLine, entries, statement, year_of
from beneficiaries.querysets import KEEPER_ROLES
from campaigns.enums import FundSource
from campaigns.querysets import own_line
from campaigns.views.answers import page_of
from relief.lib import clock
from unions.models import Union
from unions.web import current_union, page, person_of, whole_number

YEARS_BACK = 6


@page("ledger.read")
def fund_statement(request: HttpRequest) -> HttpResponse:
    """Per source what was there, came in, went out and is left; `?year=`, or `?first=&last=` of a form's period."""
    union, today = _union(request), clock.today()
    period = _period(request, today)
    found = statement(union.pk, period)
    where = {"union": union.pk, **_days(period)}
    context = {
        "union": union,
        "unions": _near(request, union),
        "period": period,
        "years": range(today.year, today.year - YEARS_BACK, -1),
        "columns": [(name, label, name in OUT) for name, label in COLUMNS.items()],
        "rows": [_row(line, where) for line in found.lines],
        "total": _row(found.total, where),
        "explained": _explained(found.total),
        "opening_url": _before(union, period),
        "tab": "statement",
    }
    return render(request, "beneficiaries/fund_statement.html", context)


@page("ledger.read")
def fund_statement_rows(request: HttpRequest) -> HttpResponse:
    """The rows behind one figure of the statement, whose sum it is."""
    union, period, column = _union(request), _period(request, clock.today()), request.GET.get("column", "")
    source = request.GET.get("source", "")
    if column not in COLUMNS or source not in ("", *FundSource.values):
        raise Http404
    keeper = union.pk in set(person_of(request).union_ids(KEEPER_ROLES))
    found = entries(union.pk, column, source, period, keeper=keeper)
    context = {
        "union": union,
        "period": period,
        "column": COLUMNS[column],
        "source": FundSource(source).label if source else "全部来源",
        "page": page_of(request, found),
        "total": sum((entry.amount for entry in found), NOTHING),
        "back": f"{reverse('fund_statement')}?{urlencode({'union': union.pk, **_days(period)})}",
        "keeper": keeper,
    }
    return render(request, "beneficiaries/fund_statement_rows.html", context)


def _union(request: HttpRequest) -> Union:
    wanted = whole_number(request.GET.get("union"))
    if not wanted:
        return current_union(request)
    return get_object_or_404(Union.objects.filter(own_line(person_of(request), "path")), pk=wanted)


def _near(request: HttpRequest, union: Union) -> list[Union]:
    """The union, those above it that the person may read, and those right below it."""
    reach = Union.objects.filter(own_line(person_of(request), "path"))
    above = reach.filter(pk__in=union.line_ids())
    return list((above | reach.filter(parent=union)).order_by("depth", "code"))


def _period(request: HttpRequest, today: datetime.date) -> Period:
    """The year of the address when it is one, else its days, else this year."""
    year = whole_number(request.GET.get("year"))
    if 2000 <= year <= today.year + 1:
        return year_of(year)
    first, last = _day(request.GET.get("first")), _day(request.GET.get("last"))
    return Period(first, last) if first and last and first <= last else year_of(today.year)


def _day(text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text or "")
    except ValueError:
        return None


def _days(period: Period) -> dict[str, Any]:
    if period.year is not None:
        return {"year": period.year}
    return {"first": period.first.isoformat(), "last": period.last.isoformat()}


def _row(line: SourceLine, where: dict[str, Any]) -> dict[str, Any]:
    address = reverse("fund_statement_rows")
    return {
        "label": FundSource(line.source).label if line.source else "合计",
        "opening": line.opening,
        "flows": [
            (amount, f"{address}?{urlencode({**where, 'column': name, 'source': line.source})}")
            for name, amount in line.flows.items()
        ],
        "closing": line.closing,
        "on_the_way": line.on_the_way,
    }


def _before(union: Union, period: Period) -> str:
    before = period.before
    days = {"year": period.year - 1} if period.year else {"first": before.first, "last": before.last}
    return f"{reverse('fund_statement')}?{urlencode({'union': union.pk, **days})}"


def _explained(total: SourceLine) -> list[tuple[str, Any]]:
    """From what more was paid than raised; nothing where no more was paid."""
    if not total.more_paid:
        return []
    from_where = [
        ("期初结余", total.opening),
        ("上级拨入", total.flows["received"]),
        ("下级退回", total.flows["returned_in"]),
    ]
    return [("多发放", total.more_paid), *[(label, amount) for label, amount in from_where if amount]]
