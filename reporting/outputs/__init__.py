"""Official outputs of a form: one description of a filled sheet, several writers."""

from reporting.outputs.sheet import SheetData, footer_text, head_lines, notes

__all__ = ["SheetData", "footer_text", "head_lines", "notes"]
