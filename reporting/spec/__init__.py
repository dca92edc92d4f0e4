"""What a form is: items, relations, checks and layout, read from data and checked as a whole."""

from reporting.layout import Cell, Layout, Row
from reporting.spec.examples import CAP, ExampleResult, Outside, check_holds, example_results
from reporting.spec.model import (
    Block,
    Check,
    CheckKind,
    Fault,
    FormSpec,
    Item,
    Relation,
    Severity,
    Source,
    SpecFault,
    Term,
)
from reporting.spec.reading import load_spec, read_spec, spec_findings

__all__ = [
    "CAP",
    "Block",
    "Cell",
    "Check",
    "CheckKind",
    "ExampleResult",
    "Fault",
    "FormSpec",
    "Item",
    "Layout",
    "Outside",
    "Relation",
    "Row",
    "Severity",
    "Source",
    "SpecFault",
    "Term",
    "check_holds",
    "example_results",
    "load_spec",
    "read_spec",
    "spec_findings",
]
