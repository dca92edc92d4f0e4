"""What `manage.py verify` checks about bank files; findings name files, never people."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from beneficiaries.models import BankFile
from unions.registry import Finding, register_verifier

TABLE = BankFile._meta.db_table
CHUNK = 500


def register() -> None:
    """Add the checks; called once when Django starts."""
    register_verifier("bank_file_totals", bank_file_totals)


def bank_file_totals() -> Iterator[Finding]:
    """Count and sum of a bank file are those of its lines (NL3)."""
    files = BankFile.objects.prefetch_related("lines").order_by("pk")
    for bank_file in files.iterator(chunk_size=CHUNK):
        lines = bank_file.lines.all()
        if (len(lines), sum((line.amount for line in lines), Decimal(0))) != (bank_file.count, bank_file.total):
            yield Finding("bank_file_totals", TABLE, bank_file.number, "银行文件的笔数或金额与它的各行不符")
