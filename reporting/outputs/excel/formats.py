"""Formats of a workbook, each made once: fonts, borders, number formats, locks."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from reporting.spec import Item

# Character sets keep a Chinese face where the named one is not installed.
FACES = {
    "title": {"font_name": "方正小标宋简体", "font_size": 18, "bold": True},
    "head": {"font_name": "SimSun", "font_size": 9.5, "bold": True},
    "body": {"font_name": "SimSun", "font_size": 9.5},
    "small": {"font_name": "SimSun", "font_size": 9},
    "side": {"font_name": "SimSun", "font_size": 9, "font_color": "#57606A"},
}
OPEN = {"bg_color": "#FFFDE7", "locked": False}
BESIDE = {"border": 1, "border_color": "#8C959F", "bg_color": "#FFFDE7"}
DAY_FORMAT = 'yyyy"年"m"月"d"日"'
THIN, THICK = 1, 2


class Formats:
    """Hands out the formats of one workbook; asking twice for the same gives the same."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self._made: dict[tuple[Any, ...], Format] = {}

    def of(self, face: str, align: str = "left", number: str = "@", **more: Any) -> Format:
        """The format with this face, alignment and number format; `more` are further properties."""
        key = (face, align, number, *sorted(more.items()))
        found = self._made.get(key)
        if found is None:
            properties = {"align": align, "valign": "vcenter", "num_format": number, "font_charset": 134}
            fits = {"shrink": True} if number not in ("@", DAY_FORMAT) else {"text_wrap": align != "right"}
            found = self._made[key] = self.book.add_format(FACES[face] | {"font_family": 1} | properties | fits | more)
        return found


def number_format(item: Item) -> str:
    """The Excel format that shows the item's places, grouped; text for text, the printed day for days."""
    if item.kind == "date":
        return DAY_FORMAT
    if not item.is_numeric:
        return "@"
    return "#,##0" + ("." + "0" * item.places if item.places else "")
