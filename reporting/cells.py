"""What stands in and beside each blank on a page: text, look, label for screen readers, margin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reporting.checks import Finding, source_words
from reporting.comparing import YearChange, gap_to_records, year_changes
from reporting.enums import Origin
from reporting.figures import Sheet
from reporting.layout import GridRow
from reporting.models import Comment
from reporting.records import sources_in_words
from reporting.rounding import shown_texts
from reporting.spec import FormSpec, Item, Severity
from reporting.values import Value, entry_text, shown

LOOKS = {
    Origin.RECORDS: "from-records",
    Origin.FORMULA: "formula",
    Origin.CHILDREN: "formula",
    Origin.NIL: "from-records",
    Origin.LAST_YEAR: "from-records",
    Origin.OTHER_FORM: "from-records",
}


@dataclass
class Cell:
    """One blank as a page shows it."""

    item: Item
    text: str
    look: str
    entry: str = ""
    seen: str = ""
    editable: bool = False
    records_text: str = ""
    has_records: bool = False
    gap: str = ""
    year: YearChange | None = None
    recorded: bool = False
    differs: bool = False
    typed: bool = False
    note: str = ""
    typed_by: str = ""
    source: str = ""
    fault: str = ""
    findings: list[Finding] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    url: str = ""
    duplicates: bool = False

    @property
    def code(self) -> str:
        return self.item.code

    @property
    def label(self) -> str:
        """The blank's name and unit, for screen readers."""
        return (
            f"{self.item.code} {self.item.label}，{self.item.unit}"
            if self.item.unit
            else f"{self.item.code} {self.item.label}"
        )

    @property
    def width(self) -> str:
        """Width class of a blank inside a sentence, by the digits that are to be expected."""
        length = len(self.text)
        if self.item.kind == "text":
            return "w20"
        if self.item.kind == "date":
            return "w8"
        return "w6" if length < 6 else "w12"

    @property
    def source_word(self) -> str:
        """What the blank's source is called: 台账, 上年 or 其他表."""
        return source_words(self.item)[1]

    @property
    def refused(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == Severity.REFUSE]


def value_look(value: Value, origin: str, differs: bool, note: str) -> str:
    """The class of a value cell; colour never alone: the margin says the same in words."""
    if value.is_na:
        return "na"
    if value.is_empty:
        return "empty-value"
    if origin == Origin.TYPED:
        return ("typed" if note else "failed") if differs else "hand"
    return LOOKS.get(Origin(origin), "")


def entry_cells(
    sheet: Sheet, *, editable: bool, posted: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None
) -> dict[str, Cell]:
    """Cells of the live own row, with what was typed kept when the page is shown again."""
    texts = shown_texts(sheet.spec, sheet.own.values)
    by_code: dict[str, list[Finding]] = {}
    for finding in sheet.findings:
        for code in finding.codes[:1] if finding.kind == "required" or finding.is_difference else finding.codes:
            by_code.setdefault(code, []).append(finding)
    years = year_changes(sheet.spec, sheet.own.values, sheet.last_year.own)
    cells = {}
    for item in sheet.spec.items:
        cell = _entry_cell(sheet, item, texts[item.code], by_code.get(item.code, []), editable)
        cell.year = years.get(item.code)
        if posted is not None and f"v-{item.code}" in posted:
            cell.entry = posted[f"v-{item.code}"]
            cell.note = posted.get(f"n-{item.code}", cell.note)
        if faults and item.code in faults:
            cell.fault, cell.look = faults[item.code], "failed"
        cells[item.code] = cell
    return cells


def _entry_cell(sheet: Sheet, item: Item, text: str, findings: list[Finding], editable: bool) -> Cell:
    own = sheet.own
    value, origin, record = own.values[item.code], own.origins[item.code], own.records.get(item.code)
    typed = item.code in own.typed
    differs = typed and record is not None and value != record and not (value.is_na and record.number == 0)
    figure = own.typed.get(item.code)
    cell = Cell(
        item=item,
        text=text,
        look=value_look(value, origin, differs, own.note(item.code)),
        entry=entry_text(item, value),
        seen=entry_text(item, value),
        editable=editable and not item.is_formula,
        records_text=shown(item, record) if record is not None else "",
        has_records=record is not None,
        recorded=bool(record is not None and record.number),
        differs=differs,
        typed=typed,
        note=own.note(item.code),
        typed_by=figure.typed_by.name if figure is not None and figure.typed_by else "",
        source=sources_in_words(item),
        findings=findings,
        gap=gap_to_records(item, value, record),
    )
    if cell.refused and cell.look != "empty-value" and not item.is_formula:
        cell.look = "failed"
    return cell


def put_beside(
    cells: Mapping[str, Cell],
    values: Mapping[str, Value],
    records: Mapping[str, Value],
    years: Mapping[str, YearChange],
) -> None:
    """Records, difference, last year and change beside each cell of the reviewer's page."""
    for code, cell in cells.items():
        record = records.get(code)
        cell.has_records = record is not None
        cell.records_text = shown(cell.item, record) if record is not None else ""
        cell.gap = gap_to_records(cell.item, values[code], record)
        cell.year = years.get(code)


def frozen_cells(spec: FormSpec, values: Mapping[str, Value], origins: Mapping[str, str]) -> dict[str, Cell]:
    """Cells of a frozen round: nothing can be typed."""
    texts = shown_texts(spec, values)
    return {
        item.code: Cell(
            item=item, text=texts[item.code], look=value_look(values[item.code], origins.get(item.code, ""), False, "")
        )
        for item in spec.items
    }


@dataclass(frozen=True)
class BlockProgress:
    """One numbered block of the form: how much is filled and what the checks say."""

    no: str
    title: str
    first: str
    filled: int
    total: int
    errors: int
    questions: int

    @property
    def tone(self) -> str:
        if self.errors:
            return "bad"
        if self.questions:
            return "warn"
        return "ok" if self.filled == self.total else "neutral"

    @property
    def word(self) -> str:
        if self.errors:
            return f"{self.errors} 错误"
        if self.questions:
            return f"{self.questions} 核实"
        return "通过" if self.filled == self.total else f"差 {self.total - self.filled} 项"


def blocks(sheet: Sheet) -> list[BlockProgress]:
    """Progress block by block; a bar says filled, the word beside it says checked."""
    rows = []
    for block in sheet.spec.blocks:
        codes = sheet.spec.block_codes(block.no)
        found = [f for f in sheet.findings if f.codes and f.codes[0] in codes]
        rows.append(
            BlockProgress(
                no=block.no,
                title=block.title,
                first=codes[0] if codes else "",
                filled=sum(1 for code in codes if not sheet.own.values[code].is_empty),
                total=len(codes),
                errors=sum(1 for f in found if f.severity == Severity.REFUSE),
                questions=sum(1 for f in found if f.severity == Severity.ASK and f.key not in sheet.notes),
            )
        )
    return rows


def codes_of(row: GridRow) -> tuple[str, ...]:
    return row.codes
