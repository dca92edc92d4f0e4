"""The roll-up as a matrix: blanks down, own row, children, adjustments and total across."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from reporting.comparing import YearChange, gap_to_records, signed, year_changes
from reporting.enums import Part, SubmissionState
from reporting.figures import Child, Sheet, accepted_rounds, children_of, frozen_values, sheet_of
from reporting.frozen import recorded_in, rounds_below, with_totals
from reporting.models import Round, RoundPin, Submission
from reporting.outside import last_year_of
from reporting.rounding import shown_texts
from reporting.spec import FormSpec, Item
from reporting.values import Value, shown

Values = Mapping[str, Value]
WAITING = {
    SubmissionState.DRAFT: "未报",
    SubmissionState.SUBMITTED: "已报，待审核",
    SubmissionState.IN_REVIEW: "审核中",
    SubmissionState.RETURNED: "退回未重报",
    SubmissionState.ACCEPTED: "未汇入",
}


@dataclass
class Column:
    """One child: the figures that went in, or why there are none; `later` holds the newer round's figures."""

    name: str
    word: str
    values: Values | None = None
    later: Values | None = None
    submission_id: int | None = None
    stale: bool = False

    @property
    def missing(self) -> bool:
        return self.values is None


@dataclass(frozen=True)
class Cell:
    text: str
    url: str = ""
    kind: str = ""
    delta: str = ""
    label: str = ""


@dataclass(frozen=True)
class Beside:
    """What the total is compared with: the records of everything that went in, and last year's filing."""

    records: Values
    years: Mapping[str, YearChange]


@dataclass
class Line:
    """One blank of the form across all columns."""

    item: Item
    own: Cell
    cells: list[Cell]
    adjusted: str
    notes: list[int]
    total: Cell
    records: str = ""
    gap: str = ""
    year: YearChange | None = None


@dataclass
class Matrix:
    """The whole roll-up as the page shows it."""

    spec: FormSpec
    columns: list[Column]
    lines: list[Line]
    frozen: Round | None
    missing: list[tuple[str, str]] = field(default_factory=list)
    adjustments: list[dict[str, Any]] = field(default_factory=list)

    @property
    def used(self) -> int:
        return sum(1 for column in self.columns if not column.missing)

    @property
    def moved(self) -> list[tuple[str, str, str]]:
        """(code, column, change) of every child's figure that differs in its newer round."""
        return [
            (line.item.code, column.name, cell.delta)
            for line in self.lines
            for column, cell in zip(self.columns, line.cells, strict=True)
            if cell.delta and not line.item.is_formula
        ]


def matrix_of(submission: Submission, *, live: bool, form: FormSpec) -> Matrix | None:
    """The live roll-up, or the latest frozen round; nothing when the union has neither children nor a round."""
    if live:
        sheet = sheet_of(submission)
        return _live(sheet) if sheet.has_children else None
    frozen = (
        Round.objects.filter(submission=submission, number=submission.round_number)
        .select_related("form_version")
        .first()
    )
    return None if frozen is None else _frozen(submission, frozen, form)


def _live(sheet: Sheet) -> Matrix:
    columns = [
        _column(child, sheet.child_values[child.round.pk] if child.round else None, child.round)
        for child in sheet.children
        if child.round is not None or child.addressee.required or _filed(child)
    ]
    adjustments = [
        {
            "pk": row.pk,
            "code": row.code,
            "number": row.number,
            "title": row.title,
            "reason": row.reason,
            "proposed_by": row.proposed_by.name,
            "confirmed_by": row.confirmed_by.name if row.confirmed_by else "",
            "row": row,
        }
        for row in sheet.adjustments
    ]
    missing = [(child.addressee.union_name, _waits(child)) for child in sheet.missing]
    years = year_changes(sheet.spec, sheet.consolidated, sheet.last_year.consolidated)
    return build(
        sheet.spec,
        sheet.submission.pk,
        sheet.own.values,
        columns,
        sheet.consolidated,
        adjustments,
        None,
        missing,
        Beside(_recorded(sheet), years),
    )


def _recorded(sheet: Sheet) -> dict[str, Value]:
    """What the records give now for the own row, and gave for the rounds below, as far as it can be added."""
    own = {code: value for code, value in sheet.own.records.items() if value.number is not None}
    below = rounds_below([frozen.pk for frozen in sheet.pinned])
    if not below:
        return with_totals(sheet.spec, own)
    given = recorded_in(sheet.spec, below)
    return with_totals(
        sheet.spec,
        {
            code: Value.of((value.number or 0) + (given[code].number or 0))
            for code, value in own.items()
            if code in given and sheet.spec.item(code).over_children == "sum"
        },
    )


def _frozen(submission: Submission, frozen: Round, form: FormSpec) -> Matrix | None:
    pinned = {
        pin.child.submission_id: pin.child
        for pin in RoundPin.objects.filter(round=frozen).select_related("child__submission")
    }
    children = children_of(submission)
    if not children:
        return None
    newer = {
        key: later
        for key, later in accepted_rounds([c.submission for c in children if c.submission]).items()
        if key in pinned and later.pk != pinned[key].pk
    }
    values = frozen_values([r.pk for r in (*pinned.values(), *newer.values())], Part.CONSOLIDATED)
    columns = []
    for child in children:
        key = child.submission.pk if child.submission else 0
        used = pinned.get(key)
        if used is None and not child.addressee.required and not _filed(child):
            continue
        column = _column(child, values[used.pk] if used else None, used)
        column.stale = used is not None and (child.round is None or child.round.pk != used.pk)
        column.later = values[newer[key].pk] if key in newer else None
        columns.append(column)
    own = frozen_values([frozen.pk], Part.OWN)[frozen.pk]
    total = frozen_values([frozen.pk], Part.CONSOLIDATED)[frozen.pk]
    missing = [(row["name"], row["state"]) for row in frozen.missing]
    full = {code: total.get(code, Value.empty()) for code in form.codes}
    beside = Beside(
        recorded_in(form, rounds_below([frozen.pk])),
        year_changes(form, full, last_year_of(submission, form.earlier_forms).consolidated),
    )
    return build(form, submission.pk, own, columns, total, list(frozen.adjustments), frozen, missing, beside)


def _filed(child: Child) -> bool:
    return child.submission is not None and child.submission.state != SubmissionState.DRAFT


def _waits(child: Child) -> str:
    return WAITING[SubmissionState(child.submission.state)] if child.submission else "未报"


def _column(child: Child, values: Values | None, used: Round | None) -> Column:
    name = child.addressee.union.short_name or child.addressee.union_name
    word = f"第{used.number}轮" if used is not None else f"缺：{_waits(child)}"
    return Column(name, word, values, submission_id=child.submission.pk if child.submission else None)


def build(
    spec: FormSpec,
    submission_id: int,
    own: Values,
    columns: Sequence[Column],
    total: Values,
    adjustments: list[dict[str, Any]],
    frozen: Round | None,
    missing: list[tuple[str, str]],
    beside: Beside,
) -> Matrix:
    """Put the printed texts of all columns side by side."""
    own_texts, total_texts = _texts(spec, own), _texts(spec, total)
    texts = [None if column.values is None else _texts(spec, column.values) for column in columns]
    adjusted, notes = _adjusted(spec, adjustments)
    link = figure_link(submission_id)
    links = [figure_link(column.submission_id) if column.submission_id else "" for column in columns]
    lines = []
    for item in spec.items:
        code = item.code
        cells = [_cell(item, column, shown, url) for column, shown, url in zip(columns, texts, links, strict=True)]
        change = _change(item, columns)
        record = beside.records.get(code)
        lines.append(
            Line(
                item,
                Cell(own_texts[code], link.replace("CODE", code), label="本级"),
                cells,
                adjusted.get(code, ""),
                notes.get(code, []),
                Cell(total_texts[code], link.replace("CODE", code), "moved" if change else "", change, "合计"),
                shown(item, record) if record is not None else "",
                gap_to_records(item, total.get(code, Value.empty()), record),
                beside.years.get(code),
            )
        )
    return Matrix(spec, list(columns), lines, frozen, missing, adjustments)


def figure_link(submission_id: int) -> str:
    """The address of what stands behind a figure, with CODE in the place of the blank's code."""
    return reverse("figure_page", args=[submission_id, "CODE"])


def _texts(spec: FormSpec, values: Values) -> dict[str, str]:
    return shown_texts(spec, {code: values.get(code, Value.empty()) for code in spec.codes})


def _cell(item: Item, column: Column, texts: Mapping[str, str] | None, url: str) -> Cell:
    if texts is None:
        return Cell("", kind="missing", label=column.name)
    delta = _delta(item, column)
    return Cell(texts[item.code], url.replace("CODE", item.code), "moved" if delta else "", delta, column.name)


def _numbers(item: Item, column: Column) -> tuple[int, int] | None:
    """Pinned and newer number of a child's blank, when both are there."""
    if column.values is None or column.later is None:
        return None
    before, after = column.values.get(item.code), column.later.get(item.code)
    return ((before.number or 0) if before else 0, (after.number or 0) if after else 0)


def _delta(item: Item, column: Column) -> str:
    numbers = _numbers(item, column)
    return signed(item, numbers[1] - numbers[0]) if numbers and item.is_numeric else ""


def _change(item: Item, columns: Sequence[Column]) -> str:
    """How the total would move with the newer rounds; a distinct figure may move less, so it is not told."""
    if not item.is_numeric or item.over_children != "sum":
        return ""
    pairs = [numbers for column in columns if (numbers := _numbers(item, column))]
    return signed(item, sum(after - before for before, after in pairs))


def _adjusted(spec: FormSpec, adjustments: list[dict[str, Any]]) -> tuple[dict[str, str], dict[str, list[int]]]:
    """Per blank the sum of the confirmed adjustments as text, and the numbers of its rows in the list below."""
    sums: dict[str, int] = defaultdict(int)
    notes: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(adjustments, start=1):
        row["text"] = f"{signed(spec.item(row['code']), row['number'])} {spec.item(row['code']).unit}"
        row["label"] = spec.item(row["code"]).label
        notes[row["code"]].append(place)
        if row["confirmed_by"]:
            sums[row["code"]] += row["number"]
    return {code: signed(spec.item(code), number) for code, number in sums.items()}, notes
