"""A list of 50,000 payouts as Excel, through the gate, beside bare xlsxwriter in constant memory.

Ours asks for the list, lets the second person agree, makes the file as its job does, seals it and opens it again: the
scope of the person, the filters, the masked columns, the keys of the rows, the count of the day and the audit events are
all in it. The floor knows nothing of persons: it reads the same columns with one plain `values_list` iterator, joined, and
the lines with another in the same order, hides the middle of the name, puts the words of the code lists from dicts, and
writes the same cells in the same formats with the writer's typed calls. Both run in turn in one process on the same
PostgreSQL; medians.
"""

from __future__ import annotations

import datetime
import io
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import openpyxl
import xlsxwriter

from beneficiaries.enums import PayoutState, Purpose, ReliefGroup, Route
from beneficiaries.listings import PAYOUTS
from beneficiaries.models import Payout, PayoutLine
from campaigns.enums import FundSource
from unions import actions, attachments
from unions.actions import list_files, listings
from unions.enums import Role
from unions.models import ListExport, Person, Union

RATIO_GOAL = 1.5
AT_ONCE = 2_000
ORDER = ("-planned_on", "-pk")
DAYS = (9, 10)


def measure(person: Person, union: Union, rounds: int = 3) -> dict[str, Any]:
    """One line: our time, the floor's time, their ratio."""
    second = actions.create_person(by=None, name="审批员", phone="")
    actions.grant_post(by=None, person=second, union=union, role=Role.APPROVE)
    second = Person.objects.get(pk=second.pk)
    _same(ours(person, second, union), floor())
    taken: dict[str, list[tuple[float, float]]] = {"ours": [], "floor": []}
    for _ in range(rounds):
        taken["ours"].append(_timed(lambda: ours(person, second, union)))
        taken["floor"].append(_timed(floor))
    wall, cpu = (
        {name: statistics.median(each[at] for each in times) for name, times in taken.items()} for at in (0, 1)
    )
    return {
        "name": f"list of {Payout.objects.count()} payouts as Excel, through the gate",
        "ms": round(wall["ours"] * 1000),
        "bare_ms": round(wall["floor"] * 1000),
        "cpu_ratio": round(cpu["ours"] / cpu["floor"], 2),
        "ratio": round(wall["ours"] / wall["floor"], 2),
        "ratio_goal": RATIO_GOAL,
    }


def _timed(work: Callable[[], bytes]) -> tuple[float, float]:
    start, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - used


def ours(person: Person, second: Person, union: Union) -> bytes:
    """The workbook as a person gets it: asked for, agreed to, made by the job and sealed, opened at the download."""
    export = listings.ask_export(
        by=person, union=union, listing=PAYOUTS, conditions={}, full=False, purpose="年度发放情况报送"
    )
    listings.confirm_export(by=second, export=export)
    export = ListExport.objects.select_related("job").get(pk=export.pk)
    if export.job is None:
        raise SystemExit(f"{export.rows} rows are no long list; RELIEF_LIST_ROWS is too high")
    list_files.run(export.job.pk)
    export = ListExport.objects.select_related("job").get(pk=export.pk)
    return b"".join(attachments.pieces(list_files.give_out(by=person, export=export)))


def floor() -> bytes:
    """The same cells from the same rows, written by the library alone."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        ws = book.add_worksheet(PAYOUTS.title)
        text, day, money = (book.add_format({"num_format": shown}) for shown in ("@", "yyyy-mm-dd", "#,##0.00"))
        for place, field in enumerate(PAYOUTS.chosen(False)):
            ws.set_column(place, place, field.width)
            ws.write_string(0, place, field.title)
        for line, row in enumerate(_rows(), 1):
            for place, value in enumerate(row):
                if value is None or value == "":
                    continue
                if place in DAYS:
                    ws.write_datetime(line, place, value, day)
                elif place == 8:
                    ws.write_number(line, place, value, money)
                else:
                    ws.write_string(line, place, value, text)
    return out.getvalue()


def _rows() -> Iterator[tuple[Any, ...]]:
    groups, purposes, states = dict(ReliefGroup.choices), dict(Purpose.choices), dict(PayoutState.choices)
    sources, routes = dict(FundSource.choices), dict(Route.choices)
    columns = (
        "pk", "number", "union__name", "paid_from__name", "recipient", "relief_group", "purpose", "campaign__title",
        "planned_on", "paid_on", "state",
    )  # fmt: skip
    payouts = Payout.objects.order_by(*ORDER).values_list(*columns).iterator(AT_ONCE)
    lines = (
        PayoutLine.objects.order_by("-payout__planned_on", "-payout", "pk")
        .values_list("payout", "source", "route", "item", "amount")
        .iterator(AT_ONCE)
    )
    for row, (_, held) in zip(payouts, groupby(lines, itemgetter(0)), strict=True):
        _, number, union, payer, name, group, purpose, campaign, planned, paid, state = row
        said = list(held)
        yield (
            number, union, payer, f"{name[:1]}*{name[2:]}", groups[group], purposes[purpose], campaign or "常态化",
            "；".join(f"{sources[s]} {routes[r]}{f' {item}' if item else ''} {a:.2f}" for _, s, r, item, a in said),
            sum(each[4] for each in said), planned, paid, states[state],
        )  # fmt: skip


def _same(made: bytes, bare: bytes) -> None:
    """SystemExit when the two workbooks do not say the same."""
    one, other = (
        openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0].iter_rows(values_only=True)
        for data in (made, bare)
    )
    for place, (mine, theirs) in enumerate(zip(one, other, strict=True), 1):
        if _plain(mine) != _plain(theirs):
            raise SystemExit(f"row {place} differs")


def _plain(row: tuple[Any, ...]) -> list[Any]:
    cells = [cell.date() if isinstance(cell, datetime.datetime) else cell for cell in row]
    while cells and cells[-1] is None:
        cells.pop()
    return cells
