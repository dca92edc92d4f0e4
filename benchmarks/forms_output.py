"""How long the official Excel and the PDF of every shipped form take beside the bare libraries doing the same."""

import io
import json
import logging
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from django.conf import settings

from relief.lib.pdf import render_pdf
from reporting.formulas import compute
from reporting.outputs import SheetData
from reporting.outputs.excel import workbook
from reporting.outputs.sheet_html import form_document_html
from reporting.spec import FormSpec, load_spec
from reporting.values import Value

EXCEL_GOAL, PDF_GOAL = 1.5, 1.3
HEAD = {"union": "望海市第三中学工会", "filer": "何晓芸", "phone": "0900-6620318", "date": "2024 年 2 月 22 日"}
FOOT = "校验码 7K3M-9QXD　　回执 YL2024-0312-01　　第 1 次上报　2024-02-22 16:08"


def measure(rounds: int = 7) -> list[dict[str, Any]]:
    """One line per form and paper: our time, the library's time, their ratio and its goal; medians of `rounds`."""
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("weasyprint.progress").setLevel(logging.ERROR)
    lines = []
    for path in sorted((Path(settings.BASE_DIR) / "fixtures" / "forms").glob("*.json")):
        spec = load_spec(json.loads(path.read_text(encoding="utf-8")))
        sheet = SheetData(spec, _values(spec), HEAD, footer=FOOT)
        lines += [_excel(sheet, rounds), _pdf(sheet, rounds)]
    return lines


def _values(spec: FormSpec) -> dict[str, Value]:
    leaves = {}
    for number, code in enumerate(spec.leaves, 1):
        kind = spec.item(code).kind
        leaves[code] = (
            Value.word({"text": "20200115", "date": "2020-01-09"}[kind]) if kind in ("text", "date") else None
        )
        leaves[code] = leaves[code] or Value.of(number * 777)
    return compute(spec, leaves)


def _excel(sheet: SheetData, rounds: int) -> dict[str, Any]:
    """The whole workbook (layout and list of figures) beside openpyxl writing its cells without any look."""
    made = openpyxl.load_workbook(io.BytesIO(workbook([sheet])))
    cells = [
        (ws.title, [(c.row, c.column, c.value) for row in ws for c in row if c.value is not None])
        for ws in made.worksheets
    ]
    ours, bare = _medians(lambda: workbook([sheet]), lambda: _bare(cells), rounds)
    return _line("Excel", sheet, ours, bare, EXCEL_GOAL)


def _bare(cells: list[tuple[str, list[tuple[int, int, Any]]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, values in cells:
        ws = book.create_sheet(title)
        for row, column, value in values:
            ws.cell(row, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _pdf(sheet: SheetData, rounds: int) -> dict[str, Any]:
    """From figures to PDF through the warm worker, beside WeasyPrint in this process on the finished HTML."""
    # Imported here alone: every other process of the application leaves WeasyPrint to its worker.
    from weasyprint import HTML

    html = form_document_html(sheet)
    ours, bare = _medians(lambda: render_pdf(form_document_html(sheet)), lambda: HTML(string=html).write_pdf(), rounds)
    return _line("PDF", sheet, ours, bare, PDF_GOAL)


def _medians(ours: Callable[[], object], bare: Callable[[], object], rounds: int) -> tuple[Any, Any]:
    """Seconds of both, taken in turns so that a busy machine slows both; the first turn only warms up."""
    times: list[list[Any]] = [[], []]
    for turn in range(rounds + 1):
        for place, work in enumerate((ours, bare)):
            start = time.perf_counter()
            work()
            if turn:
                times[place].append(time.perf_counter() - start)
    return statistics.median(times[0]), statistics.median(times[1])


def _line(paper: str, sheet: SheetData, ours: Any, bare: Any, goal: Any) -> dict[str, Any]:
    return {
        "name": f"{paper} {sheet.spec.id}",
        "ms": round(ours * 1000, 1),
        "bare_ms": round(bare * 1000, 1),
        "ratio": round(ours / bare, 2),
        "ratio_goal": goal,
    }
