"""The official printed sheet as one complete HTML document, for the PDF worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.template.loader import render_to_string

from reporting.outputs.sheet import SheetData, head_lines, notes, sheet_grid
from reporting.rounding import shown_texts

BORDER = Decimal("0.2")
PAPER_WIDTH = {"portrait": 210, "landscape": 297}


@dataclass(frozen=True)
class Explanation:
    """Why a check that asks may stand: the codes, what the check said, what the union answered."""

    codes: str
    finding: str
    answer: str


@dataclass(frozen=True)
class _Printed:
    text: str


def form_document_html(sheet: SheetData, *, explanations: Sequence[Explanation] = ()) -> str:
    """A whole HTML document: the sheet on A4 and, where there are explanations, a page 核实说明 behind it."""
    spec = sheet.spec
    resolved = sheet_grid(sheet)
    side = (PAPER_WIDTH[spec.layout.orientation] - resolved.total_width) / 2
    heights = sorted({row.height for row in resolved.rows if row.height is not None})
    context = {
        "title": sheet.heading,
        "head_lines": head_lines(sheet),
        "notes": notes(sheet),
        "foot": sheet.foot,
        "mark": sheet.mark or "",
        "orientation": spec.layout.orientation,
        "side": max(side, 10),
        # On the cells, less their border: WeasyPrint would stretch a row of fixed height under a merged cell.
        "heights": [(int(height * 100), height - BORDER) for height in heights],
        "grid": resolved,
        "cells": {code: _Printed(text) for code, text in shown_texts(spec, sheet.values).items()},
        "cell_template": "reporting/_sheet_text.html",
        "margin_template": "",
        "explanations": explanations,
    }
    return render_to_string("reporting/_sheet_document.html", context)
