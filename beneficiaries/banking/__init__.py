"""Bank batch files: layouts as data, writing them, and reading what the bank sends back. Pure: no request, no database."""

from beneficiaries.banking.comparing import differences
from beneficiaries.banking.faults import LineFault, line_faults
from beneficiaries.banking.layouts import Column, Layout, from_json, layout_faults, shipped, to_json
from beneficiaries.banking.matching import Control, Matched, match
from beneficiaries.banking.returned import ReturnedRow, read_result
from beneficiaries.banking.transfers import Transfer, parts, sample_transfers
from beneficiaries.banking.writing import CONTENT_TYPES, render, rows_of

__all__ = [
    "CONTENT_TYPES",
    "Column",
    "Control",
    "Layout",
    "LineFault",
    "Matched",
    "ReturnedRow",
    "Transfer",
    "differences",
    "from_json",
    "layout_faults",
    "line_faults",
    "match",
    "parts",
    "read_result",
    "render",
    "rows_of",
    "sample_transfers",
    "shipped",
    "to_json",
]
