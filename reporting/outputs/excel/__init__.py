"""The official Excel: the printed layout with live formulas, and the figures as a plain list behind it."""

from reporting.outputs.excel.book import workbook
from reporting.outputs.excel.figures import DATA_HEADS, DATA_SHEET, STATE_WORDS
from reporting.outputs.excel.formats import number_format
from reporting.outputs.excel.placing import Placing, placing_of
from reporting.outputs.excel.template import offline_workbook

__all__ = [
    "DATA_HEADS",
    "DATA_SHEET",
    "STATE_WORDS",
    "Placing",
    "number_format",
    "offline_workbook",
    "placing_of",
    "workbook",
]
