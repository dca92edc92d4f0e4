"""困难职工档案表: the file of a household as an official A4 sheet, as PDF and as Excel from one layout."""

from beneficiaries.sheets.content import Cell, Sheet, dossier_sheet
from beneficiaries.sheets.files import KINDS, sheet_file

__all__ = ["KINDS", "Cell", "Sheet", "dossier_sheet", "sheet_file"]
