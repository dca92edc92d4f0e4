"""The process that opens strangers' workbooks: xlsx in, JSON out.

Run as `python -m relief.lib.xlsx_worker` by `relief.lib.xlsx`, one workbook per process. Before any reader sees the file
it is unpacked while counting (T1), every part is passed through expat once (T3: DOCTYPE, far cells, too many values),
and what is needed is packed anew, so that no reader can understand the zip otherwise than we did.
"""

import datetime
import io
import json
import math
import posixpath
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import islice
from xml.parsers import expat

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from relief.lib.archive import MEGABYTE, BadArchive, pack, parse, refuse_doctype, unpack
from relief.lib.child import serve

MEMORY = 3 << 29
CPU_SECONDS = 60
ROWS_IN_LINE = 500
MOST_SHEETS = 200
MOST_MERGES = 20_000
MOST_TEXT = 32_767
MOST_CHARACTERS = 64 * MEGABYTE
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_NEEDED = re.compile(r"(\[content_types\]\.xml|_rels/\.rels|xl/(?!media/|drawings/|charts/).*\.(xml|rels))", re.I)
_OLD = b"\xd0\xcf\x11\xe0"


class Bad(BadArchive):
    """The workbook is refused; the text is a Chinese sentence."""


def column_name(column: int) -> str:
    """The letters of a column counted from 1: 28 is AB."""
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name


@cache
def column_number(letters: str) -> int:
    """The column of these letters, counted from 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


class Scan:
    """One pass over a sheet: where values, formulas, errors, merges and hidden rows are."""

    def __init__(self, name: str, limits: dict):
        self.name, self.limits = name, limits
        self.row = self.column = self.values = self.last_row = self.last_column = 0
        self.formulas: list[str] = []
        self.merged: list[str] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[list[int]] = []
        self.errors: dict[str, str] = {}
        self._kind, self._text, self._parser = "", "", None

    def run(self, xml: bytes) -> "Scan":
        parser = expat.ParserCreate(namespace_separator=None)
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        self._parser = parser
        parse(parser, xml)
        self._parser = None
        return self

    @property
    def ref(self) -> str:
        return f"{column_name(self.column)}{self.row}"

    def _doctype(self, *_names) -> None:
        raise Bad(f"工作表“{self.name}”含有不允许的声明（DOCTYPE），请用 Excel 或 WPS 重新保存后再上传。")

    def _start(self, tag: str, attributes: dict) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag == "c":
            self._cell(attributes)
        elif tag == "v" or tag == "is":
            self._value()
        elif tag == "f":
            self._inside()
            self.formulas.append(self.ref)
        elif tag == "row":
            self.row, self.column = self._number(attributes.get("r"), self.row + 1), 0
            if attributes.get("hidden") in ("1", "true"):
                self.hidden_rows.append(self.row)
        elif tag == "mergeCell":
            self.merged.append(attributes.get("ref", "")[:30])
            if len(self.merged) > MOST_MERGES:
                raise Bad(f"工作表“{self.name}”的合并单元格超过 {MOST_MERGES} 处，请取消合并后重新保存。")
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first = self._number(attributes.get("min"), 1)
            self.hidden_columns.append([first, self._number(attributes.get("max"), first)])

    def _cell(self, attributes: dict) -> None:
        place = attributes.get("r")
        if place is None:
            self.column += 1
        else:
            found = _CELL.fullmatch(place)
            if not found:
                raise Bad(f"工作表“{self.name}”里有一个单元格的位置认不出，请重新保存后再上传。")
            self.column, self.row = column_number(found[1]), int(found[2])
        self._kind = attributes.get("t", "")

    def _value(self) -> None:
        self._inside()
        self.values += 1
        if self.values > self.limits["values"]:
            raise Bad(f"工作表“{self.name}”的内容超过 {self.limits['values']} 格，请拆成几个文件。")
        self.last_row = self.row if self.row > self.last_row else self.last_row
        self.last_column = self.column if self.column > self.last_column else self.last_column
        if self._kind == "e":
            # only an error value is worth a callback per piece of text: a million cells pass here
            self._text = ""
            self._parser.CharacterDataHandler, self._parser.EndElementHandler = self._characters, self._end

    def _inside(self) -> None:
        rows, columns = self.limits["rows"], self.limits["columns"]
        if self.row > rows or self.column > columns:
            raise Bad(
                f"工作表“{self.name}”的 {self.ref} 格有内容，超出了 {rows} 行 {columns} 列的范围，"
                "请删去这一格及其后的行列，或拆成几个文件。"
            )

    def _characters(self, text: str) -> None:
        self._text = (self._text + text)[:20]

    def _end(self, _tag: str) -> None:
        self.errors[self.ref] = self._text
        self._parser.CharacterDataHandler = self._parser.EndElementHandler = None

    def _number(self, text: str | None, otherwise: int) -> int:
        return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 8 else otherwise


def sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """The path of each worksheet by the name of the sheet, in the order of the workbook."""
    book = _find(parts, "xl/workbook.xml")
    relations = _relations(parts, "xl/_rels/workbook.xml.rels")
    sheets: list[tuple[str, str]] = []

    def start(tag: str, attributes: dict) -> None:
        if tag.rpartition(":")[2] == "sheet":
            key = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
            sheets.append((attributes.get("name", ""), relations.get(key, "")))

    parser = expat.ParserCreate(namespace_separator=None)
    parser.StartElementHandler = start
    parse(parser, book)
    if len(sheets) > MOST_SHEETS:
        raise Bad(f"工作簿有 {len(sheets)} 个工作表，最多 {MOST_SHEETS} 个，请拆成几个文件。")
    if len({name for name, _ in sheets}) != len(sheets):
        raise Bad("工作簿里有同名的工作表，请重新保存后再上传。")
    found = {name: path for name, path in sheets if "/worksheets/" in f"/{path}"}
    for name, path in found.items():
        if path not in parts:
            raise Bad(f"工作表“{name}”的内容缺失，请重新保存后再上传。")
    return found


def _relations(parts: dict[str, bytes], path: str) -> dict[str, str]:
    targets: dict[str, str] = {}

    def start(tag: str, attributes: dict) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            target = attributes.get("Target", "")
            place = target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            if targets.setdefault(attributes.get("Id", ""), place) != place:
                raise Bad("工作簿内部的引用重复，请重新保存后再上传。")

    parser = expat.ParserCreate(namespace_separator=None)
    parser.StartElementHandler = start
    parse(parser, _find(parts, path))
    return targets


def _find(parts: dict[str, bytes], path: str) -> bytes:
    if path not in parts:
        raise Bad("这不是 Excel 工作簿（.xlsx），请用 Excel 或 WPS 另存为 .xlsx 后再上传。")
    return parts[path]


def read(data: bytes, limits: dict) -> Iterator[bytes]:
    """The workbook as plain values, line by line as JSON; `BadArchive` with the sentence why not.

    An object says what a sheet is called and what stands out in it, the lists after it are its rows, some in each.
    """
    if data[:4] == _OLD:
        raise Bad("这是旧格式（.xls）或设有密码的文件，请去掉密码，另存为 .xlsx 后再上传。")
    parts = unpack(data, most_bytes=limits["unpacked"], most_entries=limits["entries"])
    parts = {name: content for name, content in parts.items() if _NEEDED.fullmatch(name)}
    sheets = sheet_parts(parts)
    scanned, area, values = {}, 0, 0
    for name, path in sheets.items():
        scanned[name] = found = Scan(name, limits).run(parts[path])
        area, values = area + found.last_row * found.last_column, values + found.values
        if area > limits["values"] or values > limits["values"]:
            raise Bad(f"整个工作簿超过 {limits['values']} 格，请删去不用的工作表，或拆成几个文件。")
    for name, content in parts.items():
        if name not in sheets.values():
            refuse_doctype(content)
    packed = io.BytesIO(pack(parts))
    # the reader keeps a copy of its own: neither ours nor what it was packed from is needed beside it
    parts.clear()
    book = CalamineWorkbook.from_filelike(packed)
    packed.close()
    visible = {sheet.name: sheet.visible == SheetVisibleEnum.Visible for sheet in book.sheets_metadata}
    budget = [MOST_CHARACTERS]
    for name, scan in scanned.items():
        about = {
            "name": name,
            "visible": visible.get(name, False),
            "formulas": scan.formulas,
            "hidden_rows": scan.hidden_rows,
            "hidden_columns": scan.hidden_columns,
            "merged": scan.merged,
            "errors": scan.errors,
        }
        yield _line(about)
        rows = _rows(book, name, budget) if scan.values else iter(())
        while some := list(islice(rows, ROWS_IN_LINE)):
            yield _line(some)


def _line(value: dict | list) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _rows(book: CalamineWorkbook, name: str, budget: list[int]) -> Iterator[list]:
    """The rows of a sheet from A1 on, one at a time; each ends at its last value, the sheet at its last row with one."""
    sheet = book.get_sheet_by_name(name)
    left = sheet.start[1] if sheet.start else 0
    empty = 0
    for number, cells in enumerate(sheet.iter_rows(), 1):
        row = [plain(value, name, number, column, budget) for column, value in enumerate(cells, left + 1)]
        while row and row[-1] is None:
            row.pop()
        if not row:
            empty += 1
            continue
        while empty:
            yield []
            empty -= 1
        yield [None] * left + row


def plain(value, sheet: str, row: int, column: int, budget: list[int]):
    """One cell as JSON: whole numbers bare, others, days and instants tagged, empty text as null."""
    if isinstance(value, str):
        budget[0] -= len(value)
        if len(value) > MOST_TEXT or budget[0] < 0:
            raise Bad(f"工作表“{sheet}”的 {column_name(column)}{row} 格文字太多，请删短后重新保存。")
        return value or None
    if isinstance(value, float):
        return _number(value, f"工作表“{sheet}”的 {column_name(column)}{row} 格")
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return {"d": value.date().isoformat()} if midnight else {"t": value.isoformat(timespec="seconds")}
    if isinstance(value, datetime.date):
        return {"d": value.isoformat()}
    if isinstance(value, datetime.time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, datetime.timedelta):
        return str(value)
    return value


def _number(value: float, where: str) -> int | dict[str, str]:
    """The number that Excel shows: 15 digits, so that 0.1 + 0.2 is 0.3."""
    if not math.isfinite(value):
        raise Bad(f"{where}不是一个数，请改正后再上传。")
    shown = Decimal(f"{value:.15g}")
    return int(shown) if abs(shown) < 10**16 and shown == int(shown) else {"n": str(shown)}


def answer(question: bytes) -> bytes:
    """`+` and the lines of the workbook, or `-` and a Chinese sentence. The question is limits as JSON, a line break, xlsx."""
    limits, _, data = question.partition(b"\n")
    try:
        return b"+" + b"\n".join(read(data, json.loads(limits)))
    except BadArchive as refused:
        return b"-" + str(refused).encode()
    except MemoryError:
        return "-文件太大，内存不够，请删去多余的内容或拆成几个文件。".encode()
    except Exception:
        return "-文件读不出来，请用 Excel 或 WPS 重新保存后再上传。".encode()


if __name__ == "__main__":
    serve(answer, memory=MEMORY, cpu_seconds=CPU_SECONDS)
