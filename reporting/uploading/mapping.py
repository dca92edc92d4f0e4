"""A sheet that somebody made: heads found wherever they stand, matched to blanks, one line of values taken.

Heads may run across (one column per blank) or down (one row per blank). Nothing is taken without the person's word: the
guess fills a screen on which every head has its blank, its unit and its value.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from difflib import SequenceMatcher

from openpyxl.utils import coordinate_to_tuple, range_boundaries

from relief.lib import xlsx
from reporting.spec import FormSpec, Item
from reporting.values import MONEY_UNITS, TEXT_LIMIT, EntryFault, Value, parse_entry

MOST_HEADS, MOST_LINES, MOST_RECORDS, HEAD_ROWS, HEAD_DEPTH = 60, 1000, 60, 40, 3
MOST_OF_HEAD, MOST_SHEETS, MOST_MERGED = 200, 20, 1000
"""What is looked at: a longer text is no head, and no hand-made workbook has its table behind so many others."""
SURE, LIKELY = Decimal(1), Decimal("0.62")
SUMS = ("合计", "总计", "小计")
FORMULA = "（公式）"
_UNITS = re.compile(r"[（(]\s*(?:单位[:：])?\s*(万元|元)\s*[）)]|单位[:：]\s*(万元|元)|\n\s*(万元|元)\s*$")
_BRACKETS = re.compile(r"[（(][^（()）]{0,8}[）)]")
_NOISE = re.compile(r"[\s，,。；;：:、“”\"'/·_—-]|其中|总额$|^\d+[.、]")


@dataclass(frozen=True)
class Field:
    """A head of the foreign sheet with its unit, the blank it probably is, and the column or row it stands in."""

    head: str
    unit: str
    code: str
    place: str


@dataclass(frozen=True)
class Record:
    """One line of values (or one column, where heads run down): as words, with what they belong to."""

    name: str
    place: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Guess:
    """What was made out of a sheet; `record` is the line that is probably the union's own."""

    sheet: str
    fields: tuple[Field, ...]
    records: tuple[Record, ...]
    record: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """What the person decided: the line, and per head the blank (or none) and the unit."""

    record: int
    codes: tuple[str, ...]
    units: tuple[str, ...]


@dataclass
class Mapped:
    """Values by code with their place, and every fault."""

    values: dict[str, Value] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Heads:
    """Heads found in one direction: texts by position, and where the values begin."""

    across: bool
    texts: tuple[str, ...]
    first: int
    score: Decimal


def guess(spec: FormSpec, book: xlsx.Workbook, unions: Sequence[str]) -> Guess | None:
    """The best table of the workbook, or nothing when no head looks like a blank of the form."""
    tables = [table for table in book.sheets if table.rows][:MOST_SHEETS]
    found = [(heads, table) for table in tables for heads in _heads(spec, table)]
    if not found:
        return None
    heads, table = max(found, key=lambda pair: pair[0].score)
    if not heads.score:
        return None
    return replace(_guess(spec, table, heads, unions), notes=tuple(_notes(book, table)))


def _notes(book: xlsx.Workbook, table: xlsx.Sheet) -> Iterator[str]:
    others = [sheet.name for sheet in book.sheets if sheet.name != table.name and sheet.rows]
    if others:
        yield f"只读了工作表“{table.name}”；{'、'.join(others[:5])}没有用。"
    if table.hidden_rows:
        yield f"有 {len(table.hidden_rows)} 行是隐藏的（第 {'、'.join(map(str, table.hidden_rows[:5]))} 行等），请核对。"
    if table.hidden_columns:
        yield "有隐藏的列，请核对。"


def _guess(spec: FormSpec, table: xlsx.Sheet, heads: _Heads, unions: Sequence[str]) -> Guess:
    codes = match(spec, heads.texts)
    grid = _filled(table)
    across = heads.across
    kept = [n for n, text in enumerate(heads.texts) if text][:MOST_HEADS]
    lines = grid[heads.first :] if across else [list(column) for column in _turned(grid)][heads.first :]
    units = _unit_column(lines, across, grid, heads)
    fields = tuple(
        Field(
            heads.texts[n][:60],
            unit_of(heads.texts[n]) or units.get(n, ""),
            codes.get(n, ""),
            xlsx.cell_name(1, n + 1).rstrip("1") if across else str(n + 1),
        )
        for n in kept
    )
    records, titles = [], [n for n in range(len(grid[0]) if across else len(grid)) if n not in codes]
    for number, line in enumerate(lines[:MOST_LINES], heads.first):
        cells = tuple(cell_words(line[n]) if n < len(line) else "" for n in kept)
        place = str(number + 1) if across else xlsx.cell_name(1, number + 1).rstrip("1")
        values = [cell for n, cell in zip(kept, cells, strict=True) if n in codes and cell]
        if values:
            records.append(Record(_name(line, titles, grid, heads, number), place, cells))
    own = _own(records, unions, fields)
    # The screen offers the first lines and the union's own one, wherever it stands.
    kept_records = sorted({*range(min(len(records), MOST_RECORDS)), own} if records else set())
    return Guess(table.name, fields, tuple(records[n] for n in kept_records), kept_records.index(own) if records else 0)


def _name(line: Sequence[xlsx.Cell], titles: Sequence[int], grid: list[list[xlsx.Cell]], heads: _Heads, at: int) -> str:
    """What a line of values belongs to: its first words, or the words above its column."""
    if not heads.across:
        above = [str(row[at]).strip() for row in grid[:HEAD_ROWS] if at < len(row) and isinstance(row[at], str)]
        return " ".join(above[:2])[:40]
    words = [str(line[n]).strip() for n in titles if n < len(line) and isinstance(line[n], str)]
    return " ".join(word for word in words if word)[:40]


def _own(records: Sequence[Record], unions: Sequence[str], fields: Sequence[Field]) -> int:
    """The line with the union's name, else the one with the most values that is no sum."""
    for number, record in enumerate(records):
        if any(name and name in record.name for name in unions):
            return number
    plain = [n for n, record in enumerate(records) if not record.name.startswith(SUMS)] or range(len(records))
    coded = [n for n, found in enumerate(fields) if found.code]
    return max(plain, key=lambda n: (sum(1 for at in coded if _is_number(records[n].cells[at])), -n), default=0)


def _is_number(words: str) -> bool:
    return bool(re.fullmatch(r"-?[\d,]+(\.\d+)?", unicodedata.normalize("NFKC", words).strip() or "x"))


def _heads(spec: FormSpec, table: xlsx.Sheet) -> Iterator[_Heads]:
    """Every row and column of heads worth a look, scored by how many blanks they name exactly."""
    grid = _filled(table)
    known = _known(spec)
    for across, lines in ((True, grid), (False, [list(column) for column in _turned(grid)])):
        for last in range(min(len(lines), HEAD_ROWS)):
            for depth in range(1, min(HEAD_DEPTH, last + 1) + 1):
                texts = _joined(lines[last - depth + 1 : last + 1])
                score = Decimal(len({known[key] for text in texts for key in _keys(text) if key in known}))
                if score:
                    # Fewer rows of heads are better when they say as much.
                    yield _Heads(across, texts, last + 1, score - Decimal(depth) / 100)


def _known(spec: FormSpec) -> dict[str, str]:
    """{words: code} of everything that names a blank; its own label says more than words printed beside another one."""
    return {**_once(_all_names(spec)), **_once((normal(item.label), item.code) for item in spec.items)}


def _shared(spec: FormSpec) -> set[str]:
    """The words that name several blanks, so that they name none."""
    return {words for words, _ in _all_names(spec)} - _known(spec).keys()


def _all_names(spec: FormSpec) -> list[tuple[str, str]]:
    return [(normal(words), item.code) for item in spec.items for words in _names(spec, item)]


def _once(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for words, code in names:
        found.setdefault(words, set()).add(code)
    return {words: min(codes) for words, codes in found.items() if words and len(codes) == 1}


def _names(spec: FormSpec, item: Item) -> list[str]:
    heads = spec.layout.heads
    column = next((c.col for c in spec.layout.line.cells if item.code in c.codes), None) if spec.layout.line else None
    names = [item.code, item.label, item.printed, item.paper_label, item.printed + item.measure]
    return [*names, heads[column]] if column is not None else names


def _keys(text: str) -> list[str]:
    return [key for key in (normal(text), *(normal(part) for part in text.split())) if key]


def match(spec: FormSpec, texts: Sequence[str]) -> dict[int, str]:
    """{position: code}: the heads that name a blank exactly, then the likely ones; a blank and a head are used once."""
    known, shared = _known(spec), _shared(spec)
    scored = []
    for position, text in enumerate(texts):
        words = normal(text)
        # What names two blanks is left to the person: a likeness would lead to a third one.
        if not words or words in shared:
            continue
        exact = next((known[key] for key in _keys(text) if key in known), None)
        if exact is not None:
            scored.append((SURE, position, exact))
            continue
        for name, code in known.items():
            likeness = _likeness(words, name)
            if likeness >= LIKELY:
                scored.append((likeness, position, code))
    found: dict[int, str] = {}
    for _, position, code in sorted(scored, key=lambda row: (-row[0], row[1])):
        if position not in found and code not in found.values():
            found[position] = code
    return found


def _likeness(one: str, other: str) -> Decimal:
    short, long = sorted((one, other), key=len)
    if len(short) < 2 or len(short) * 3 < len(long):
        return Decimal(0)
    if short in long:
        return Decimal("0.7") + Decimal(len(short)) / len(long) / 5
    return Decimal(str(round(SequenceMatcher(None, one, other).ratio(), 3)))


def normal(text: str) -> str:
    """The words that matter of a head: no spaces, stops, brackets, one width.

    >>> normal(" 帮困金额\\n（万元）"), normal("其中：Ｂ1 中央财政")
    ('帮困金额', 'b1中央财政')
    """
    plain = unicodedata.normalize("NFKC", text)
    return _NOISE.sub("", _BRACKETS.sub("", plain)).lower()


def unit_of(text: str) -> str:
    """万元 or 元 where the head says so.

    >>> unit_of("金额（元）"), unit_of("金额\\n万元"), unit_of("元旦慰问")
    ('元', '万元', '')
    """
    found = _UNITS.search(text)
    return next((word for word in found.groups() if word), "") if found else ""


def _unit_column(
    lines: list[list[xlsx.Cell]], across: bool, grid: list[list[xlsx.Cell]], heads: _Heads
) -> dict[int, str]:
    """{row: unit} where heads run down and a column of its own names the units."""
    if across:
        return {}
    found: dict[int, str] = {}
    for line in lines:
        units = {n: str(cell).strip() for n, cell in enumerate(line) if str(cell).strip() in MONEY_UNITS}
        found = units if len(units) > len(found) else found
    return found


def _filled(table: xlsx.Sheet) -> list[list[xlsx.Cell]]:
    """The cells of a sheet as a rectangle, merged heads repeated in every cell they cover."""
    width = min(max((len(row) for row in table.rows), default=0), MOST_HEADS + 20)
    grid = [[*row[:width], *([None] * (width - len(row)))] for row in table.rows[: MOST_LINES + HEAD_ROWS]]
    for area in table.merged[:MOST_MERGED]:
        left, top, right, bottom = range_boundaries(area)
        for row in range(top - 1, min(bottom, len(grid), top + 40)):
            for col in range(left - 1, min(right, width)):
                if isinstance(grid[top - 1][left - 1], str):
                    grid[row][col] = grid[top - 1][left - 1]
    for address, words in {**dict.fromkeys(table.formulas, FORMULA), **table.errors}.items():
        row, col = coordinate_to_tuple(address)
        if row <= len(grid) and col <= width:
            grid[row - 1][col - 1] = words
    return grid


def _turned(grid: list[list[xlsx.Cell]]) -> Iterator[tuple[xlsx.Cell, ...]]:
    return zip(*grid, strict=True)


def _joined(lines: Sequence[Sequence[xlsx.Cell]]) -> tuple[str, ...]:
    """The heads of several rows read together, a repeated word once."""
    texts = []
    for column in zip(*lines, strict=True):
        words = [cell.strip()[:MOST_OF_HEAD] for cell in column if isinstance(cell, str) and cell.strip()]
        texts.append(" ".join(dict.fromkeys(words)))
    return tuple(texts)


def cell_words(cell: xlsx.Cell) -> str:
    """A value as somebody would have typed it."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, datetime.datetime | datetime.date):
        return f"{cell:%Y-%m-%d}"
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell).strip()[:TEXT_LIMIT]


def mapped(spec: FormSpec, found: Guess, choice: Choice) -> Mapped:
    """The values of the chosen line under the chosen blanks; a number in 元 becomes one in 万元 exactly."""
    result = Mapped()
    if not 0 <= choice.record < len(found.records):
        result.faults.append("没有选用哪一行的数，请选本单位的那一行。")
        return result
    record = found.records[choice.record]
    used: dict[str, str] = {}
    for head, code, unit, words in zip(found.fields, choice.codes, choice.units, record.cells, strict=True):
        if not code:
            continue
        place = _place(found, head, record)
        if code not in spec.leaves:
            result.faults.append(f"{place}：“{code[:20]}”不是可以填的格子。")
        elif code in used:
            result.faults.append(f"“{code}”选了两次：{used[code]} 和 {place}，请只留一处。")
        else:
            used[code] = place
            _take(spec.item(code), unit, words, place, result)
    return result


def _place(found: Guess, head: Field, record: Record) -> str:
    across = head.place.isalpha()
    return f"“{found.sheet}”{head.place}{record.place}" if across else f"“{found.sheet}”{record.place}{head.place}"


def _take(item: Item, unit: str, words: str, place: str, result: Mapped) -> None:
    meant = replace(item, unit=unit) if item.kind == "money" and unit in MONEY_UNITS else item
    if words == FORMULA or words.startswith("#"):
        what = "公式" if words == FORMULA else f"错误值 {words[:20]}"
        result.faults.append(f"{place}（{item.name}）是{what}，请粘贴为数值后再上传。")
        return
    try:
        value = parse_entry(meant, words)
    except EntryFault as fault:
        result.faults.append(f"{place}：{fault}")
        return
    if not value.is_empty:
        result.values[item.code] = value
        result.where[item.code] = place.replace("“", "").replace("”", "!")
