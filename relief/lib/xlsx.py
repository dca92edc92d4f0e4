"""Workbooks: the guarded reader and the one writer.

Reading happens in a child process that may die (security.md T1 to T3, `xlsx_worker`). Text goes into a workbook by
`put_text` or `stream_table` only, because openpyxl makes a live formula of any string that starts with "=" (T4).
"""

import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import xlsxwriter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from relief.lib.child import Child, ChildDied, ChildLate

if not openpyxl.DEFUSEDXML:
    raise ImproperlyConfigured("openpyxl runs without defusedxml: install it and unset OPENPYXL_DEFUSEDXML")

MOST_TEXT = 32_767
MOST_DIGITS = 15
Cell = str | int | Decimal | bool | date | datetime | None


@dataclass(frozen=True)
class Profile:
    """How large a workbook may be; `values` also bounds the area of all sheets together."""

    rows: int
    columns: int
    unpacked: int
    seconds: int
    entries: int = 2000

    @property
    def limits(self) -> bytes:
        """What the child process is told."""
        return json.dumps({**asdict(self), "values": self.rows * self.columns}).encode()


FORM = Profile(rows=5_000, columns=60, unpacked=64 << 20, seconds=30)
LIST = Profile(rows=20_000, columns=60, unpacked=256 << 20, seconds=90)


class BadWorkbook(Exception):
    """The workbook was refused; the text is a Chinese sentence that says what to do."""


@dataclass(frozen=True)
class Sheet:
    """One worksheet: `rows[0][0]` is A1, short rows end at their last value.

    `formulas`, `errors` and `merged` name cells as people do ("B7"); rows and columns that are hidden count from 1.
    Formula cells show their last stored value, or nothing: refuse them by name unless your own layout put them there.
    """

    name: str
    rows: list[list[Cell]]
    visible: bool = True
    formulas: frozenset[str] = frozenset()
    errors: dict[str, str] = field(default_factory=dict)
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    merged: tuple[str, ...] = ()

    def cell(self, row: int, column: int) -> Cell:
        """The value at row and column, both from 1; None outside."""
        line = self.rows[row - 1] if 0 < row <= len(self.rows) else []
        return line[column - 1] if 0 < column <= len(line) else None


@dataclass(frozen=True)
class Workbook:
    """All worksheets, in their order."""

    sheets: list[Sheet]

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of this name, or None."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def read_workbook(data: bytes, profile: Profile = FORM) -> Workbook:
    """The values of an xlsx; `BadWorkbook` when it is none, too large, or its reader died.

    Whole numbers are `int`, others `Decimal` with the 15 digits that Excel shows; days are `date`, days with an
    hour `datetime` without zone; empty cells None.
    """
    child = Child("relief.lib.xlsx_worker")
    try:
        reply = child.ask(profile.limits + b"\n" + data, profile.seconds)
    except ChildLate:
        raise BadWorkbook(f"文件读了 {profile.seconds} 秒还没有读完，请删去多余的内容或拆成几个文件。") from None
    except ChildDied:
        raise BadWorkbook("文件内容异常，读取程序已停止，请用 Excel 或 WPS 重新保存后再上传。") from None
    finally:
        child.close()
    if reply[:1] != b"+":
        raise BadWorkbook(reply[1:].decode())
    sheets: list[Sheet] = []
    # line by line: a long list as one text would stand in memory a third time
    lines = io.BytesIO(reply)
    del reply
    lines.seek(1)
    for line in lines:
        found = json.loads(line, object_hook=_tagged)
        if isinstance(found, list):
            sheets[-1].rows.extend(found)
        else:
            sheets.append(_sheet(found))
    return Workbook(sheets)


def cell_name(row: int, column: int) -> str:
    """The name of a cell, row and column from 1.

    >>> cell_name(7, 2), cell_name(1, 28)
    ('B7', 'AB1')
    """
    return f"{openpyxl.utils.get_column_letter(column)}{row}"


def put_text(ws, row: int, column: int, value: str | None):
    """The cell with this text, as text whatever it looks like; the only way text enters an openpyxl sheet."""
    cell = ws.cell(row, column, None)
    text = clean_text(value)
    if text:
        cell.value = text
        cell.data_type = "s"
    cell.number_format = "@"
    return cell


def put_number(ws, row: int, column: int, value: Decimal | int | None, number_format: str = "#,##0.00"):
    """The cell with this number; empty for None (not filled is not zero)."""
    cell = ws.cell(row, column, None)
    cell.value = None if value is None else _number(value)
    cell.number_format = number_format
    return cell


def put_formula(ws, row: int, column: int, formula: str, number_format: str = "#,##0.00"):
    """The cell with a live formula; for formulas of our own layouts only, never for what a person typed."""
    if not formula.startswith("="):
        raise ValueError("a formula starts with =")
    cell = ws.cell(row, column, formula)
    cell.number_format = number_format
    return cell


@dataclass(frozen=True)
class Column:
    """A column of a streamed table: `kind` is text, number or date."""

    title: str
    kind: str = "text"
    width: int = 12
    number_format: str = "#,##0.00"


def stream_table(columns: Sequence[Column], rows: Iterable[Sequence[Any]], sheet: str = "数据") -> bytes:
    """A workbook with one long table, written row by row in constant memory; text stays text, empty stays empty."""
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "tmpdir": getattr(settings, "FILE_UPLOAD_TEMP_DIR", None),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    # `with` closes after a fault as well, so that no temporary file with names in it stays behind
    with xlsxwriter.Workbook(out, options) as book:
        ws = book.add_worksheet(sheet)
        formats = _stream_head(book, ws, columns)
        kinds = [column.kind for column in columns]
        places = range(len(columns))
        for line, row in enumerate(rows, 1):
            for place, kind, value, shown in zip(places, kinds, row, formats, strict=True):
                _stream_cell(ws, line, place, kind, value, shown)
    return out.getvalue()


def clean_text(value: object) -> str:
    """The value as text that a cell can hold: without control characters; `ValueError` beyond 32,767 characters."""
    text = "" if value is None else str(value)
    if not text.isprintable():
        text = ILLEGAL_CHARACTERS_RE.sub("", text)
    if len(text) > MOST_TEXT:
        raise ValueError(f"a cell holds {MOST_TEXT} characters, not {len(text)}")
    return text


def csv_text(value: str) -> str:
    """Text for a CSV column, so that no spreadsheet runs it; `read_csv_text` takes the guard off again.

    >>> [csv_text(text) for text in ("=1+1", "@a", "'a", "唐志远", "")]
    ["'=1+1", "'@a", "''a", '唐志远', '']
    """
    return f"'{value}" if re.match(r"[=+\-@\t\r']", value) else value


def read_csv_text(value: str) -> str:
    """The text that `csv_text` was given.

    >>> [read_csv_text(text) for text in ("'=1+1", "''a", "唐志远", "'")]
    ['=1+1', "'a", '唐志远', '']
    """
    return value.removeprefix("'")


def _stream_head(book, ws, columns: Sequence[Column]) -> list:
    """Writes the head of a streamed table; the cell format of each column."""
    head = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
    formats = []
    for place, column in enumerate(columns):
        shown = {"text": "@", "date": "yyyy-mm-dd"}.get(column.kind, column.number_format)
        formats.append(book.add_format({"num_format": shown}))
        ws.set_column(place, place, column.width)
        ws.write_string(0, place, clean_text(column.title), head)
    ws.freeze_panes(1, 0)
    return formats


def _stream_cell(ws, row: int, column: int, kind: str, value: Any, shown) -> None:
    if value is None or value == "":
        return
    if kind == "number":
        ws.write_number(row, column, _number(value), shown)
    elif kind == "date":
        ws.write_datetime(row, column, value, shown)
    else:
        ws.write_string(row, column, clean_text(value), shown)


def _number(value: Decimal | int) -> Decimal | int:
    if not isinstance(value, Decimal | int) or isinstance(value, bool):
        raise TypeError(f"a number cell takes Decimal or int, not {type(value).__name__}")
    number = Decimal(value)
    if not number.is_finite() or len(number.normalize().as_tuple().digits) > MOST_DIGITS:
        raise ValueError("a spreadsheet keeps 15 digits: write longer numbers as text")
    return value


def _tagged(found: dict) -> Any:
    if found.keys() == {"d"}:
        return date.fromisoformat(found["d"])
    if found.keys() == {"n"}:
        return Decimal(found["n"])
    if found.keys() == {"t"}:
        return datetime.fromisoformat(found["t"])
    return found


def _sheet(found: dict) -> Sheet:
    return Sheet(
        name=found["name"],
        rows=[],
        visible=found["visible"],
        formulas=frozenset(found["formulas"]),
        errors=found["errors"],
        hidden_rows=tuple(found["hidden_rows"]),
        hidden_columns=tuple((first, last) for first, last in found["hidden_columns"]),
        merged=tuple(found["merged"]),
    )


def located(sheet: Sheet) -> Iterator[tuple[str, Cell]]:
    """Each value with the name of its cell, row by row, empty cells left out."""
    for row, cells in enumerate(sheet.rows, 1):
        for column, value in enumerate(cells, 1):
            if value is not None:
                yield cell_name(row, column), value
