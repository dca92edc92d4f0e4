"""The board: how complete a deliverable is below a union, as a picture and as a table."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from campaigns.models import Deliverable
from relief.lib import clock
from reporting import boards
from reporting.workflow import REVIEWERS
from unions.models import Union
from unions.web import current_union, page, person_of

PER_PAGE = 100
FEW = 12
"""Up to so many unions that report directly get a card each; more share one card."""


@page("board.read")
def board(request: HttpRequest) -> HttpResponse:
    """The board of the newest campaign."""
    union = board_union(request)
    found = boards.boards_of(person_of(request), union)
    if not found:
        return render(request, "reporting/board_empty.html", {"union": union})
    return _show(request, union, found, found[0])


@page("board.read")
def board_deliverable(request: HttpRequest, pk: int) -> HttpResponse:
    """The board of one deliverable."""
    union = board_union(request)
    found = boards.boards_of(person_of(request), union)
    deliverable = next((d for d in found if d.pk == pk), None)
    if deliverable is None:
        raise Http404
    return _show(request, union, found, deliverable)


def board_union(request: HttpRequest) -> Union:
    """The union whose lower ones are shown: chosen among the person's own, else the one of the current post."""
    wanted = request.GET.get("union", "")
    for post in person_of(request).posts_now():
        if post.role in REVIEWERS and str(post.union_id) == wanted:
            return post.union
    return current_union(request, {str(role) for role in REVIEWERS})


def _show(request: HttpRequest, union: Union, found: list[Deliverable], deliverable: Deliverable) -> HttpResponse:
    now = clock.db_now()
    siblings = [d for d in found if d.campaign_id == deliverable.campaign_id]
    board = boards.load(person_of(request), union, deliverable.campaign, siblings)
    rows = board.of(deliverable)
    filters = read_filters(request)
    shown = Paginator(boards.chosen(rows, **filters), PER_PAGE).get_page(request.GET.get("page"))
    boards.put_last_moves(list(shown))
    states, marks = boards.chips(rows, filters["state"])
    context = {
        "union": union,
        "campaign": deliverable.campaign,
        "deliverable": deliverable,
        "tabs": [{"deliverable": d, "tally": boards.tally(board.of(d), now)} for d in siblings],
        "campaigns": other_campaigns(found, deliverable),
        "tally": boards.tally(rows, now),
        "optional": sum(1 for row in rows if not row.counted),
        "cards": cards(board, deliverable, now),
        "states": states,
        "marks": marks,
        "filters": filters,
        "page": shown,
        "lines": [line(row, now, siblings) for row in shown],
        "siblings": siblings,
        "now": now,
    }
    return render(request, "reporting/board.html", context)


def read_filters(request: HttpRequest) -> dict[str, Any]:
    return {
        "state": request.GET.get("state", ""),
        "text": request.GET.get("q", "")[:60],
        "missing_only": request.GET.get("missing") == "1",
        "under": request.GET.get("under", ""),
    }


def other_campaigns(found: list[Deliverable], deliverable: Deliverable) -> list[Deliverable]:
    """The first deliverable of every other campaign."""
    first: dict[int, Deliverable] = {}
    for each in found:
        first.setdefault(each.campaign_id, each)
    return [each for key, each in first.items() if key != deliverable.campaign_id]


def line(row: boards.Row, now: Any, siblings: list[Deliverable]) -> dict[str, Any]:
    """One row of the table with what lies below it."""
    below = [each for each in row.subtree() if each is not row]
    tally = boards.tally(below, now)
    return {
        "row": row,
        "done": boards.said(row.last) if row.last else "",
        "indent": min(row.depth, 4),
        "below": tally if tally.total else None,
        "tone": "bad" if tally.total and tally.percent < 50 else "ok",
        "late_days": max((now - row.due_at).days, 0) if row.missing and row.due_at <= now else None,
        "others": list(zip(siblings, row.others, strict=True)),
    }


def cards(board: boards.Board, deliverable: Deliverable, now: Any) -> list[dict[str, Any]]:
    """A card per direct child with its subtree; many unions without lower ones share one card."""
    top = board.top(deliverable)
    single = [row for row in top if not row.below]
    apart = top if len(single) <= FEW and len(single) == len(top) else [row for row in top if row.below]
    found = [_card(row.union.name, row.subtree(), row, now) for row in apart]
    shared = [row for row in single if row not in apart]
    if shared:
        found.append(_card(f"直接上报的单位（{len(shared)} 家）", shared, None, now))
    return [card for card in found if card["tally"].total]


def _card(title: str, rows: list[boards.Row], head: boards.Row | None, now: Any) -> dict[str, Any]:
    tally = boards.tally(rows, now)
    return {
        "title": title,
        "head": head,
        "tally": tally,
        "union": head.union if head else None,
        "alarm": tally.percent < 50 and tally.overdue > 0,
        "due": min((row.due_at for row in rows if row.missing and row.due_at > now), default=None),
    }
