"""The bytes of a bank batch file: accounts as text, amounts with two places, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from beneficiaries.banking.layouts import Layout
from beneficiaries.banking.transfers import Transfer
from relief.lib import idnumber, xlsx

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "txt": "text/plain",
}


def rows_of(layout: Layout, transfers: Sequence[Transfer]) -> Iterator[list[Any]]:
    """The values of each line in the order of the columns: amounts Decimal, serial numbers int, all else text."""
    for each in transfers:
        yield [_value(each, column.field, column.fixed) for column in layout.columns]


def render(layout: Layout, transfers: Sequence[Transfer]) -> bytes:
    """The file; check `layout_faults` and `line_faults` before. `ValueError` for what the encoding cannot say."""
    if layout.kind == "xlsx":
        columns = [
            xlsx.Column(column.head, _KIND.get(column.field, "text"), column.width, _FORMAT.get(column.field, "0"))
            for column in layout.columns
        ]
        return xlsx.stream_table(columns, rows_of(layout, transfers), layout.sheet)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=layout.separator, lineterminator="\r\n", **_quoting(layout))
    if layout.headed:
        writer.writerow([column.head for column in layout.columns])
    for row in rows_of(layout, transfers):
        writer.writerow([_text(value, layout.kind) for value in row])
    return out.getvalue().encode(
        "utf-8-sig" if layout.encoding == "utf-8" and layout.kind == "csv" else layout.encoding
    )


_KIND = {"amount": "number", "serial": "number"}
_FORMAT = {"amount": "0.00", "serial": "0"}


def _quoting(layout: Layout) -> dict[str, Any]:
    # a bank reads a text file as it stands: quotes would become part of the value
    return {"quoting": csv.QUOTE_NONE, "quotechar": None} if layout.kind == "txt" else {"quoting": csv.QUOTE_MINIMAL}


def _value(each: Transfer, field: str, fixed: str) -> Any:
    if not field:
        return fixed
    if field == "account":
        return idnumber.normalise_card(each.account)
    value = getattr(each, field)
    return value.strip() if isinstance(value, str) else value


def _text(value: Any, kind: str) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, int):
        return str(value)
    return xlsx.csv_text(value) if kind == "csv" else value
