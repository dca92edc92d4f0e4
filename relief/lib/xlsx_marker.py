"""The process that colours a stranger's workbook: xlsx and marks in, xlsx out.

Run as `python -m relief.lib.xlsx_marker`. The guarded reader has taken the file before, so that its size is known; openpyxl
still reads it here, where it may die without harm (security.md T1).
"""

import io
import json

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.writer.excel import save_workbook

from relief.lib.child import serve

MEMORY = 3 << 29
CPU_SECONDS = 90
MOST_CELLS = 200_000
"""Cells of a coloured copy (D26)."""
MOST_WORDS = 2_000
BAD = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
WORDS = PatternFill("solid", start_color="FFFFEB9C", end_color="FFFFEB9C")


def mark(data: bytes, marks: dict) -> bytes:
    """The workbook with the marked cells coloured and a last column that says what is wrong in each row."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    if sum(ws.max_row * ws.max_column for ws in book.worksheets) > MOST_CELLS:
        raise ValueError("too many cells to colour")
    for ws in book.worksheets:
        told = marks.get(ws.title)
        if told is None:
            continue
        last = ws.max_column + 1
        for row, column in told["cells"]:
            ws.cell(row, column).fill = BAD
        _text(ws, max(told["head"], 1), last, "检查结果")
        for row, words in told["words"]:
            _text(ws, row, last, words[:MOST_WORDS]).fill = WORDS
        ws.column_dimensions[openpyxl.utils.get_column_letter(last)].width = 60
    out = io.BytesIO()
    save_workbook(book, out)
    return out.getvalue()


def _text(ws, row: int, column: int, text: str):
    cell = ws.cell(row, column, text)
    # a string that starts with "=" would become a formula (T4)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.font = Font(color="FF9C0006", bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def answer(question: bytes) -> bytes:
    """`+` and the marked workbook, or `-` when it cannot be marked. The question is marks as JSON, a line break, xlsx."""
    marks, _, data = question.partition(b"\n")
    try:
        return b"+" + mark(data, json.loads(marks))
    except Exception:
        return b"-"


if __name__ == "__main__":
    serve(answer, memory=MEMORY, cpu_seconds=CPU_SECONDS)
