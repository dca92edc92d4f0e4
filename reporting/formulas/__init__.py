"""Formulas of forms: a safe grammar on exact numbers, and the computing of every formula blank."""

from reporting.formulas.computing import compute
from reporting.formulas.grammar import Formula, FormulaFault, compile_formula

__all__ = ["Formula", "FormulaFault", "compile_formula", "compute"]
