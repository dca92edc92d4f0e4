"""The sheet of a form as a grid of merged cells, the one source of entry page, Excel and PDF."""

from reporting.layout.faults import layout_faults
from reporting.layout.grid import Grid, GridCell, GridRow, LineWords, grid, resolve
from reporting.layout.model import (
    ALIGNS,
    KINDS,
    ORIENTATIONS,
    STYLES,
    Cell,
    Layout,
    Line,
    Piece,
    Row,
    Run,
)
from reporting.layout.reading import read_layout

__all__ = [
    "ALIGNS",
    "KINDS",
    "ORIENTATIONS",
    "STYLES",
    "Cell",
    "Grid",
    "GridCell",
    "GridRow",
    "Layout",
    "Line",
    "LineWords",
    "Piece",
    "Row",
    "Run",
    "grid",
    "layout_faults",
    "read_layout",
    "resolve",
]
