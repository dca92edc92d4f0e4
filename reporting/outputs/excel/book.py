"""The workbook of official sheets: printed layouts first, then for each a list of its figures called 数据."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from xlsxwriter import Workbook

from reporting.outputs.excel.figures import DATA_SHEET, write_figures
from reporting.outputs.excel.formats import Formats
from reporting.outputs.excel.printed import Printed
from reporting.outputs.sheet import SheetData

OPTIONS = {
    "in_memory": True,
    # Text is written as text only, whatever it looks like (T4).
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook(sheets: Sequence[SheetData], *, figures: bool = True) -> bytes:
    """An xlsx file: each sheet in its printed layout, then (with `figures`) for each a list of its figures called 数据."""
    stream = io.BytesIO()
    with new_book(stream) as book:
        formats, names = Formats(book), list[str]()
        for sheet in sheets:
            Printed(book.add_worksheet(free_name(names, sheet.name)), sheet, formats).write()
        if figures:
            for sheet in sheets:
                write_figures(book.add_worksheet(free_name(names, DATA_SHEET)), sheet, formats)
    return stream.getvalue()


def new_book(stream: io.BytesIO) -> Workbook:
    """An empty workbook that never makes a formula, a link or a number of a text."""
    book = Workbook(stream, OPTIONS)
    book.set_properties({"author": "送温暖"})
    return book


def free_name(taken: list[str], name: str) -> str:
    """A sheet name that Excel takes and that is not there yet; it is added to those taken."""
    plain = "".join(" " if character in "[]:*?/\\'" else character for character in name).strip()[:28] or "表"
    found = next(iter(_free_names(plain, {existing.lower() for existing in taken})))
    taken.append(found)
    return found


def _free_names(plain: str, taken: set[str]) -> Iterable[str]:
    tries = (plain if number == 1 else f"{plain}{number}" for number in range(1, len(taken) + 2))
    return (candidate for candidate in tries if candidate.lower() not in taken)
