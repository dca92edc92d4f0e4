"""What a form is: items, relations, checks and layout, read from data and checked as a whole."""

from reporting.layout import Cell, Layout, Row
from reporting.spec.model import (
    Block,
    Check,
    CheckKind,
    FormSpec,
    Item,
    Relation,
    Severity,
    Source,
    SpecFault,
    Term,
)
from reporting.spec.reading import load_spec

__all__ = [
    "Block",
    "Cell",
    "Check",
    "CheckKind",
    "FormSpec",
    "Item",
    "Layout",
    "Relation",
    "Row",
    "Severity",
    "Source",
    "SpecFault",
    "Term",
    "load_spec",
]
