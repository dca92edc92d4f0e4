"""A filled sheet as every writer takes it: figures, head, foot and notes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from reporting.layout import Grid, LineWords, grid
from reporting.rounding import rounding_gaps, shown_texts
from reporting.spec.model import FormSpec
from reporting.values import Value

_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
OPEN_DATE = "　　年　　月　　日"
SEAL = "（盖章）"


@dataclass(frozen=True)
class SheetLine:
    """One unit's line on a superior's list; no values stand for a unit without an accepted round (未报)."""

    union: str
    values: Mapping[str, Value] | None


@dataclass(frozen=True)
class SheetData:
    """A form with its figures, the head `union`, `filer`, `phone`, `date`, and what stands in the foot.

    `mark` is 草稿 on what was not accepted; `origins` says in words where each figure comes from. A superior's list has
    the `lines` of its units, and `values` are then those of the total line.
    """

    spec: FormSpec
    values: Mapping[str, Value]
    head: Mapping[str, str]
    mark: str | None = None
    footer: str = ""
    title: str = ""
    origins: Mapping[str, str] = field(default_factory=dict)
    name: str = "统计表"
    lines: tuple[SheetLine, ...] = ()

    @property
    def heading(self) -> str:
        return self.title or self.spec.title

    @property
    def foot(self) -> str:
        """The mark, and beside it what a hand-in has already: its check code and receipt."""
        return "　　".join(words for words in (self.mark, self.footer) if words)


def sheet_grid(sheet: SheetData) -> Grid:
    """The grid of a filled sheet; a list has its own line, or the lines of the units and the total."""
    words = [LineWords(line.union, line_texts(sheet.spec, line)) for line in sheet.lines]
    return grid(sheet.spec, words, sheet.head.get("union") or "")


def line_texts(spec: FormSpec, line: SheetLine) -> dict[str, str] | None:
    """The printed texts of one unit's line; nothing for a unit that is missing."""
    if line.values is None:
        return None
    return shown_texts(spec, {code: line.values.get(code, Value.empty()) for code in spec.codes})


def footer_text(*, check_code: str, receipt: str, round_number: int, handed_in: str) -> str:
    """The foot of a sheet that was handed in."""
    return f"校验码 {check_code}　　回执 {receipt}　　第 {round_number} 次上报　{handed_in}"


def head_lines(sheet: SheetData) -> list[list[str]]:
    """The lines above the table, filled in; a line has one text, or several that are spread over its width."""
    return [_head_groups(sheet, line) for line in sheet.spec.head]


def _head_groups(sheet: SheetData, line: tuple[str, ...]) -> list[str]:
    groups: list[str] = []
    for part in line:
        text = _PLACEHOLDER.sub(lambda match: _head_word(sheet, match.group(1)), part)
        if groups and part.startswith("{") and groups[-1].rstrip().endswith((":", "：")):
            gap = " " if groups[-1].endswith(":") else ""
            groups[-1] += gap + text
        else:
            groups.append(text)
    return groups


def _head_word(sheet: SheetData, word: str) -> str:
    text = sheet.head.get(word) or ""
    if word == "date":
        return text or OPEN_DATE
    return text + SEAL if word == "union" and sheet.spec.layout.seal else text


def notes(sheet: SheetData) -> list[str]:
    """The printed footnotes, and one about lines that do not add up because each was rounded."""
    gaps = rounding_gaps(sheet.spec, sheet.values)
    lines = list(sheet.spec.layout.footnotes)
    if gaps:
        told = "，".join(f"{gap.code} 各行相加为 {gap.parts:,f}" for gap in gaps)
        lines.append(f"注：合计先相加后四舍五入；{told}。")
    return lines
