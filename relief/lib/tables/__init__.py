"""Lists that people make in Excel: find the columns, read the cells, say every fault at once with its place."""

from relief.lib.tables.heads import DEEPEST, Head, find_head
from relief.lib.tables.marking import marked_copy
from relief.lib.tables.model import Fault, Field, Row, Table, Told, Unreadable, repeated, told_once
from relief.lib.tables.reading import read_table
from relief.lib.tables.template import blank_workbook

__all__ = [
    "DEEPEST",
    "Fault",
    "Field",
    "Head",
    "Row",
    "Table",
    "Told",
    "Unreadable",
    "blank_workbook",
    "find_head",
    "marked_copy",
    "read_table",
    "repeated",
    "told_once",
]
