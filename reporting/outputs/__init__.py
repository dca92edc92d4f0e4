"""Official outputs of a form: one description of a filled sheet, several writers."""

from reporting.outputs.sheet import SheetData, SheetLine, footer_text, head_lines, notes, sheet_grid

__all__ = ["SheetData", "SheetLine", "footer_text", "head_lines", "notes", "sheet_grid"]
