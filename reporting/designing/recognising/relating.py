"""Which blank is part of which, as 其中 says: inside sentences, line by line, and through lists that 其中： opens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reporting.designing.recognising.rows import Row
from reporting.designing.recognising.sentences import Blank
from reporting.designing.recognising.words import same_class

Edge = tuple[Blank, Blank, str]
_REST = re.compile(r"其[他它]")
_TOTAL = re.compile(r"合计|总计|小计")


class _List:
    """A list that 其中： opened: it takes the lines that follow until its block, its unit or its indentation ends.

    `by_line`: the 其中： stands before its own first part; else it ends the line of the whole.
    """

    def __init__(self, opener: Row, parent: Blank, *, by_line: bool) -> None:
        self.opener, self.parent, self.by_line = opener, parent, by_line
        self.ended = False

    def goes_on(self, row: Row) -> bool:
        """Whether the line may still belong to the list."""
        if self.ended or row.block != self.opener.block:
            return False
        if not self.by_line:
            return True
        # The other parts stand as far in as the first one, are numbered like it, and count the same.
        alike = bool(row.base) == bool(self.opener.base) and _stem(row.base) == _stem(self.opener.base)
        fits = row.main is None or same_class(row.main.unit, self.parent.unit)
        return alike and fits and row.indent >= self.opener.indent and not _TOTAL.match(row.label)

    def edge_to(self, row: Row) -> Iterator[Edge]:
        """The line's first blank as a part, where it counts the same and has no whole yet."""
        blank = row.main
        if blank is not None and blank.parent is None and same_class(blank.unit, self.parent.unit):
            take_over(blank, self.parent)
            yield blank, self.parent, "list"


def find_parents(rows: Sequence[Row], before: Sequence[Row]) -> list[Edge]:
    """(part, whole, kind) for every 其中 of the rows; `before` are the lines of the form that stand above them."""
    edges: list[Edge] = []
    above, lists = list(before), list[_List]()
    for row in rows:
        edges += [(blank, blank.parent, "subset") for blank in row.blanks if blank.parent is not None]
        lists = [opened for opened in lists if opened.goes_on(row)]
        if row.within:
            told = {id(other.main) for other in above if other.formulas}
            for blank, parent, kind in list(_of_line(row, above)):
                # Where a formula is printed, it names the parts; this line is one more cut through the same whole.
                kind = "subset" if id(parent) in told else kind
                edges.append((blank, parent, kind))
                if kind == "list" and not any(opened.parent is parent for opened in lists):
                    lists.append(_List(row, parent, by_line=True))
        else:
            edges += [edge for opened in reversed(lists) for edge in opened.edge_to(row)]
        for opened in lists:
            opened.ended = row.closes or (opened.by_line and _REST.match(row.label) is not None)
        if row.opens_list and row.main is not None:
            lists.append(_List(row, row.main, by_line=False))
        above.append(row)
    return _with_kinds(edges)


def take_over(blank: Blank, whole: Blank) -> None:
    """Make the blank a part of the whole; without a unit of its own it counts like the whole."""
    blank.parent = whole
    if blank.kind.kind == "number" and not blank.unit:
        blank.kind = whole.kind


def _of_line(row: Row, above: Sequence[Row]) -> Iterator[Edge]:
    """The edges of a line that begins with 其中."""
    for blank in row.blanks if not row.is_sentence else row.blanks[:1]:
        parent = _parent(row, blank, above) if blank.parent is None else None
        if parent is not None:
            take_over(blank, parent)
            yield blank, parent, "list" if row.colon else "subset"


def _parent(row: Row, blank: Blank, above: Sequence[Row]) -> Blank | None:
    """The whole of a line: by its code, else the line further left, else the last line that is no 其中 itself."""
    fitting = [
        (other, found) for other in reversed(above) for found in other.blanks[:1] if same_class(found.unit, blank.unit)
    ]
    by_code = [
        pair for pair in fitting if pair[0].base and pair[0].base != row.base and _begins(row.base, pair[0].base)
    ]
    if by_code:
        return max(by_code, key=lambda pair: len(pair[0].base))[1]
    here = [pair for pair in fitting if pair[0].block == row.block] or fitting
    left = next((pair for pair in here if pair[0].indent < row.indent), None)
    if left is not None and left[0].within:
        return left[1]
    wholes = [(other, found) for other, found in here if not (other.within or found.within or found.parent)]
    named = {code for other in above for formula in other.formulas for code in re.findall(r"\w+", formula.right)}
    return next((found for other, found in wholes if other.base not in named), wholes[0][1] if wholes else None)


def _begins(code: str, stem: str) -> bool:
    return bool(code) and code.startswith(stem)


def _stem(code: str) -> str:
    return re.sub(r"\d+$", "", code)


def _with_kinds(edges: list[Edge]) -> list[Edge]:
    """A list that ends in 其他 is complete: its lines add up to the whole. Any other 其中 is a part among others."""
    last = {id(parent): child for child, parent, kind in edges if kind == "list"}
    return [
        (child, parent, ("partition" if _REST.search(last[id(parent)].label) else "subset") if kind == "list" else kind)
        for child, parent, kind in edges
    ]
