"""Codes of recognised blanks: the printed ones, those that follow from numbering, and proposals for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from string import ascii_uppercase

from reporting.designing.recognising.rows import Row
from reporting.designing.recognising.sentences import Blank
from reporting.designing.recognising.words import Mark


def find_blocks(rows: Sequence[Row]) -> None:
    """Give each row its block: the last number or 一、 printed before it. A number before every line is no block."""
    numbered = [row for row in rows if row.mark("block")]
    lettered = any(row.mark("letter", "code") for row in rows)
    running = not lettered and len(numbered) == len(rows)
    block = ""
    for row in rows:
        mark = row.mark("block", "part")
        if mark is not None and not running:
            block = mark.text
        row.block = block
        for blank in row.blanks:
            blank.block = block


def find_bases(rows: Sequence[Row]) -> None:
    """Give each row the code that its printed marks make: B1 as printed, 01（A）as 01A, 1. as 01, its （1） as 01_1."""
    above = ""
    for row in rows:
        row.base = _base(row, above)
        if row.base and not row.mark("sub"):
            above = row.base
        part = row.mark("block", "part")
        if row.is_heading and part is not None:
            above = f"{part.number:02d}" if part.sort == "block" else _letter_of(row)


def _base(row: Row, above: str) -> str:
    if row.is_heading:
        return ""
    code, letter, sub = row.mark("code"), row.mark("letter"), row.mark("sub")
    if code is not None:
        return code.text
    if letter is not None:
        block = row.block if row.block.isdigit() else ""
        return f"{block}{letter.text.upper()}"
    if sub is not None and sub.number:
        return f"{above}_{sub.number}" if above else f"{sub.number:02d}"
    dotted, item, counted = row.mark("dotted"), row.mark("item"), row.mark("item", "block")
    if dotted is not None:
        first, *rest = dotted.text.replace("．", ".").split(".")
        return "_".join([f"{_letter_of(row)}{first}" if _letter_of(row) else f"{int(first):02d}", *rest])
    if _letter_of(row) and (item is not None or row.mark("part")):
        return f"{_letter_of(row)}{item.number if item is not None else ''}"
    if counted is not None and counted.number:
        return f"{counted.number:02d}"
    named = [formula.left for formula in row.formulas if formula.left[:1].isalpha()]
    return named[0] if len(named) == 1 else ""


def _letter_of(row: Row) -> str:
    """A for the lines under 一、, B for those under 二、; nothing where blocks are not numbered so."""
    number = Mark("part", row.block).number if row.block and not row.block.isdigit() else 0
    return ascii_uppercase[number - 1] if 0 < number <= len(ascii_uppercase) else ""


class Codes:
    """Hands out codes that neither the form nor the proposal uses yet; the same text always gives the same codes."""

    def __init__(self, used: Iterable[str]) -> None:
        self.used = set(used)
        self.changed: list[tuple[str, str]] = []
        self.further = 0
        self.tried: dict[str, int] = {}

    def give(self, rows: Sequence[Row]) -> None:
        """Set the code of every blank, in reading order, wholes before their parts."""
        group = ""
        for row in rows:
            if not row.base and row.main is not None and row.main.parent is None:
                group = group if row.follows else self.letter()
            for number, blank in enumerate(row.blanks):
                self.name(blank, self._wanted(row, blank, number, group))

    def name(self, blank: Blank, wanted: str) -> None:
        """Give the blank the wanted code, or one like it where that is taken."""
        blank.code = self._free(wanted, blank.block)
        self.used.add(blank.code)

    def _wanted(self, row: Row, blank: Blank, number: int, group: str) -> str:
        if blank.given:
            return blank.given
        if row.base:
            return _next(row.base, number)
        if blank.parent is not None and blank.parent.code:
            return self._counted(blank.parent.code)
        if blank.measure:
            return self._counted(group)
        return _next(group, number)

    def _counted(self, stem: str) -> str:
        return next(code for number in range(1, 10_000) if (code := _next(stem, number)) not in self.used)

    def letter(self) -> str:
        """A letter with which no code begins yet, then X1, X2…"""
        begun = {code[:1] for code in self.used}
        free = next((letter for letter in ascii_uppercase if letter not in begun), None)
        if free is not None:
            return free
        self.further = next(number for number in count(self.further + 1) if f"X{number}" not in self.used)
        return f"X{self.further}"

    def _free(self, wanted: str, block: str) -> str:
        code = wanted[:16]
        if code not in self.used:
            return code
        free = f"{int(block):02d}{code}" if block.isdecimal() else code
        if free in self.used:
            free = self._numbered(code[:11])
        self.changed.append((code, free))
        return free

    def _numbered(self, stem: str) -> str:
        """The stem with the next number that is free; numbers that were tried before are not tried again."""
        self.tried[stem] = next(n for n in count(self.tried.get(stem, 1) + 1) if f"{stem}_{n}" not in self.used)
        return f"{stem}_{self.tried[stem]}"


def _next(stem: str, number: int) -> str:
    """The code of a further blank: 01A → 01A1, 09 → 09_1, B1 → B1_1."""
    if not number:
        return stem
    return f"{stem}{number}" if stem[-1:].isalpha() else f"{stem}_{number}"
