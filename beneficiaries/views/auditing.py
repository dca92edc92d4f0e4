"""经审: the money of the audited unions in a year, the gaps in its papers, and the lines with their papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from beneficiaries.auditing import papers
from beneficiaries.auditing.asking import YEARS_BACK, Asked, NotAudited, asked, unread_period
from beneficiaries.auditing.gaps import GAPS, OF, Tally, tallies
from beneficiaries.auditing.overdrawn import OVERDRAWN, overdrawn
from beneficiaries.auditing.scope import Scope, audited_unions
from beneficiaries.auditing.sums import Place, added, by_kind, by_union, year_sums
from beneficiaries.enums import PayoutState
from beneficiaries.funds.statement import COLUMNS, OUT, SourceLine
from beneficiaries.models import PayoutLine
from campaigns.enums import FundSource
from campaigns.fund_kinds import FundKind, kind_of
from campaigns.models import FundsRaised
from relief.lib import clock, idnumber
from unions.models import Union
from unions.web import page, person_of

PER_PAGE = 50
SHOWN = {"raised": "筹集", "paid": "发放"}
"""The columns whose lines are listed with their papers; the others open in the 收支结余."""
NOTHING = Decimal("0.00")


@page("auditing.read")
def audit_desk(request: HttpRequest) -> HttpResponse:
    """Both kinds of money of the audited unions in a year, what is missing, and each union's own figures."""
    wanted = _asked(request)
    sums, found = year_sums(wanted.scope), tallies(wanted.scope)
    kinds = by_kind(sums)
    rows = by_union(sums)
    unions = audited_unions(wanted.scope.person).filter(pk__in=rows)
    shown = Paginator(unions, PER_PAGE).get_page(request.GET.get("page"))
    numbers: defaultdict[int, int] = defaultdict(int)
    for tally in found:
        numbers[tally.union_id] += tally.count
    context = {
        **_frame(wanted),
        "columns": [(label, name in OUT) for name, label in COLUMNS.items()],
        "kinds": [_kind(wanted, *each) for each in kinds],
        "total": _cells(wanted, added(line for _, line, _ in kinds), "合计") if len(kinds) > 1 else None,
        "gaps": _gap_rows(wanted, found, sums),
        "gap_count": sum(numbers.values()) + sum(line.closing < 0 for line in sums.values()),
        "page": shown,
        "unions": [_union_row(wanted, union, rows[union.pk], numbers[union.pk]) for union in shown],
    }
    return render(request, "beneficiaries/audit_desk.html", context)


@page("auditing.read")
def audit_gaps(request: HttpRequest) -> HttpResponse:
    """The rows of one kind of gap, newest first."""
    wanted, key = _asked(request), request.GET.get("gap", "")
    if key not in ("", OVERDRAWN.key, *OF):
        raise Http404
    sums, found = year_sums(wanted.scope), tallies(wanted.scope)
    kinds = _gap_rows(wanted, found, sums)
    key = key or next((each["key"] for each in kinds if each["count"]), GAPS[0].key)
    gap = OF.get(key)
    rows: Any = gap.rows(wanted.scope) if gap else overdrawn(wanted.scope, sums)
    chosen = next(each for each in kinds if each["key"] == key)
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **_frame(wanted),
        "kinds": [each for each in kinds if each["count"] or each["key"] == key],
        "chosen": chosen,
        "page": shown,
        "rows": [_shown(row) for row in shown],
        "of_payouts": gap is not None and gap.table == "lines",
    }
    return render(request, "beneficiaries/audit_gaps.html", context)


@page("auditing.read")
def audit_lines(request: HttpRequest, kind: str) -> HttpResponse:
    """The lines behind what was raised or paid, each with its papers; `?back=1` lists what was taken back."""
    wanted, source = _asked(request), request.GET.get("source", "")
    if kind not in SHOWN or source not in ("", *wanted.scope.sources):
        raise Http404
    sources = (source,) if source else wanted.scope.sources
    lines, back = _lines_of(wanted.scope, kind, sources)
    backwards = request.GET.get("back") == "1"
    chosen = back if backwards else lines
    shown = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    there, taken = _size(lines), _size(back)
    context = {
        **_frame(wanted),
        "of_payouts": kind == "paid",
        "export": f"audit_{kind}",
        "label": SHOWN[kind],
        "source": FundSource(source).label if source else "",
        "page": shown,
        "rows": _with_papers(list(shown), wanted.scope, kind, backwards),
        "back": backwards,
        "there": there,
        "taken": taken,
        "figure": there[1] - taken[1],
    }
    return render(request, "beneficiaries/audit_lines.html", context)


def _asked(request: HttpRequest) -> Asked:
    given = request.GET.dict()
    try:
        found = asked(person_of(request), given)
    except NotAudited:
        raise Http404 from None
    unread = unread_period(given)
    if unread:
        messages.warning(request, unread)
    return found


def _frame(wanted: Asked) -> dict[str, Any]:
    """What the head of every page of the workspace shows."""
    scope, today = wanted.scope, clock.today()
    mine = audited_unions(scope.person)
    line = list(mine.filter(pk__in=scope.union.line_ids()).order_by("depth")) if scope.union else []
    return {
        "words": wanted.words,
        "union": scope.union,
        "own": scope.own,
        "period": scope.period,
        "money": scope.money,
        "money_label": FundKind(scope.money).label if scope.money else "",
        "kinds_of_money": FundKind.choices,
        "years": range(today.year, min(today.year - YEARS_BACK, scope.period.first.year - 1), -1),
        "line": [(union, _url("audit_desk", wanted.but(union=union.pk, own=None))) for union in line],
        "desk_url": _url("audit_desk", wanted.words),
        "all_url": _url("audit_desk", wanted.but(union=None, own=None)),
        "query": urlencode(wanted.words),
    }


def _url(name: str, words: dict[str, Any], *arguments: Any) -> str:
    return f"{reverse(name, args=arguments)}?{urlencode(words)}"


def _kind(wanted: Asked, kind: FundKind, total: SourceLine, lines: Iterable[SourceLine]) -> dict[str, Any]:
    """One kind of money: its total and a row per source."""
    inside = Asked(wanted.scope, wanted.but(money=kind.value))
    return {
        "total": _cells(inside, total, kind.label),
        "rows": [_cells(inside, line, FundSource(line.source).label) for line in lines],
    }


def _cells(wanted: Asked, line: SourceLine, label: str) -> dict[str, Any]:
    """One row of the statement; what was raised and paid opens its lines, the rest of one union its 收支结余."""
    return {
        "label": label,
        "opening": line.opening,
        "flows": [(amount, _cell_url(wanted, column, line.source)) for column, amount in line.flows.items()],
        "closing": line.closing,
        "on_the_way": line.on_the_way,
    }


def _cell_url(wanted: Asked, column: str, source: str) -> str:
    if column in SHOWN:
        return _url("audit_lines", wanted.but(source=source), column)
    if wanted.scope.union is None or not wanted.scope.own or (not source and wanted.words.get("money")):
        return ""
    days: dict[str, Any] = {name: wanted.words[name] for name in ("year", "first", "last") if name in wanted.words}
    return _url("fund_statement_rows", {"union": wanted.scope.union.pk, **days, "column": column, "source": source})


def _gap_rows(wanted: Asked, found: Sequence[Tally], sums: dict[Place, SourceLine]) -> list[dict[str, Any]]:
    """Every kind of gap with count and sum, both kinds of money apart; those with rows first."""
    cells: defaultdict[tuple[str, str], list[Any]] = defaultdict(lambda: [0, NOTHING])
    for each in found:
        cell = cells[each.key, kind_of(each.source)]
        cell[0], cell[1] = cell[0] + each.count, cell[1] + each.total
    for (_, source), line in sums.items():
        if line.closing < 0:
            cell = cells[OVERDRAWN.key, kind_of(source)]
            cell[0], cell[1] = cell[0] + 1, cell[1] - line.closing
    rows = []
    for gap in (*GAPS, OVERDRAWN):
        parts = [
            (*cells[gap.key, kind], _url("audit_gaps", wanted.but(gap=gap.key, money=kind.value)))
            for kind in FundKind
            if wanted.scope.money in ("", kind)
        ]
        rows.append(
            {
                "key": gap.key,
                "label": gap.label,
                "missing": gap.missing,
                "parts": parts,
                "count": sum(part[0] for part in parts),
                "sum": sum((part[1] for part in parts), NOTHING),
                "url": _url("audit_gaps", wanted.but(gap=gap.key)),
            }
        )
    return rows


def _union_row(wanted: Asked, union: Union, kinds: dict[FundKind, SourceLine], gaps: int) -> dict[str, Any]:
    """One union with a line per kind of money, its gaps, and the way to it alone."""
    alone = Asked(wanted.scope, wanted.but(union=union.pk, own="1"))
    return {
        "union": union,
        "url": _url("audit_desk", alone.words),
        "below_url": _url("audit_desk", wanted.but(union=union.pk, own=None)),
        "kinds": [(kind.label, line) for kind, line in kinds.items()],
        "gaps": gaps,
        "gaps_url": _url("audit_gaps", alone.words),
    }


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a gap as the page may show it."""
    return {
        **row,
        "who": idnumber.mask_name(row["who"]) if row["who"] else "",
        "source_label": FundSource(row["source"]).label,
        "kind": kind_of(row["source"]).label,
    }


def _lines_of(scope: Scope, column: str, sources: Sequence[str]) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """The rows that are added and those that are taken off, newest first; together they are the figure."""
    if column == "raised":
        raised = FundsRaised.objects.filter(scope.of("union"), source__in=sources, received_on__range=scope.days)
        return raised.order_by("-received_on", "-pk").select_related("union"), raised.none()
    rows = PayoutLine.objects.filter(scope.of("payout__union"), source__in=sources, payout__state=PayoutState.PAID)
    rows = rows.select_related("payout__union").annotate(paid_day=F("payout__paid_on"))
    day = "payout__reversals__reversed_on"
    confirmed = Q(payout__reversals__confirmed_at__isnull=False, **{f"{day}__range": scope.days})
    back = rows.filter(confirmed).annotate(back_day=F(day)).order_by("-back_day", "-pk")
    return rows.filter(payout__paid_on__range=scope.days).order_by("-paid_day", "-pk"), back


def _size(rows: QuerySet[Any]) -> tuple[int, Decimal]:
    found = rows.order_by().aggregate(number=Count("pk"), total=Sum("amount"))
    return found["number"], found["total"] or NOTHING


def _with_papers(rows: list[Any], scope: Scope, column: str, backwards: bool) -> list[tuple[str, papers.MoneyRow]]:
    """Each row with the name of its union."""
    if column == "raised":
        return list(zip([row.union.called for row in rows], papers.raised_rows(rows), strict=True))
    how: dict[str, Any] = {"sign": -1, "day": "back_day"} if backwards else {}
    made = papers.line_rows(rows, scope.person, **how)
    return list(zip([row.payout.union.called for row in rows], made, strict=True))
