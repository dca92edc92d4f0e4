"""Result files of made-up banks, for the tests of reading and of the pages."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import openpyxl

from beneficiaries.banking import Transfer

CARDS = ("6222020000000000000", "6221260000000000", "6222029999000011118")


def transfer(serial: int = 1, **more: Any) -> Transfer:
    given = {
        "serial": serial,
        "number": f"FF-2024-{serial:06d}",
        "account": CARDS[(serial - 1) % 3],
        "name": ("唐志远", "魏建国", "孟广田")[(serial - 1) % 3],
        "amount": Decimal("300.00") * serial,
        "bank": "云岭银行青岬支行",
    }
    return Transfer(**{**given, **more})


def xlsx(rows: Iterable[Sequence[Any]], change=None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_file(rows: Iterable[Sequence[Any]], separator: str = ",", encoding: str = "gb18030") -> bytes:
    return "\r\n".join(separator.join(map(str, row)) for row in rows).encode(encoding)
