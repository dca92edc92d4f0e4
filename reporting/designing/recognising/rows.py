"""One record of a sheet understood: its marks, label and measure, its blanks; or a heading, or the heads of columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from reporting.designing.recognising.lines import Record
from reporting.designing.recognising.ruling import PrintedRule, rules_in
from reporting.designing.recognising.sentences import Blank, has_blank, is_only_blank, read_sentence
from reporting.designing.recognising.words import (
    UNITS,
    Mark,
    PrintedFormula,
    formulas_in,
    kind_of,
    leading_marks,
    unit_in,
    units_in,
)

HEADS = frozenset(
    "编号 序号 代码 项目 合计 总计 单位 计量单位 数量 金额 备注 指标 指标名称 项目名称 内容 行次 行号 类别 名称 填报数 本期 数值 填报内容 数据".split()
)
_WITHIN = re.compile(r"其中\s*([:：]?)\s*")
_NUMBER = re.compile(r"[-—–/×]|[\d,，]+(\.\d+)?")


@dataclass
class Row:
    """What one record says."""

    marks: list[Mark] = field(default_factory=list)
    label: str = ""
    measure: str = ""
    unit: str = ""
    printed: str = ""
    pieces: list[str | Blank] = field(default_factory=list)
    blanks: list[Blank] = field(default_factory=list)
    formulas: list[PrintedFormula] = field(default_factory=list)
    rules: list[PrintedRule] = field(default_factory=list)
    indent: int = 0
    within: bool = False
    colon: bool = False
    opens_list: bool = False
    is_sentence: bool = False
    closes: bool = False
    block: str = ""
    base: str = ""
    follows: bool = False
    """Whether the label is that of the row above: the second measure of a pair."""

    @property
    def main(self) -> Blank | None:
        return self.blanks[0] if self.blanks else None

    @property
    def is_heading(self) -> bool:
        return not self.blanks

    def mark(self, *sorts: str) -> Mark | None:
        """The last mark of one of the sorts."""
        return next((mark for mark in reversed(self.marks) if mark.sort in sorts), None)


@dataclass
class _Cells:
    """The cells of a record told apart."""

    marks: list[Mark] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    formulas: list[PrintedFormula] = field(default_factory=list)
    rules: list[PrintedRule] = field(default_factory=list)
    unit: str = ""
    given: str | None = None
    indent: int = 0
    within: bool = False


def is_head(record: Record) -> bool:
    """Whether the record is the head of the columns."""
    words = [re.sub(r"[\s　]", "", unit_in(cell)[1]) for cell in record.filled]
    return len(words) > 1 and all(word in HEADS for word in words)


def read_row(record: Record, money_unit: str, measures: frozenset[str] = frozenset()) -> Row:
    """The row of one record; without texts it holds only marks, which belong to what comes next.

    `measures` are those seen above: a lone text that is one of them goes with the label above.
    """
    cells = _told_apart(record)
    row = Row(marks=cells.marks, formulas=cells.formulas, indent=cells.indent, within=cells.within, colon=cells.within)
    row.rules = cells.rules
    if not cells.texts:
        return row
    sentence = next((text for text in cells.texts if has_blank(text)), None)
    if sentence is not None and (len(cells.texts) == 1 or not unit_in(cells.texts[0])[0]):
        return _sentence_row(row, cells, "".join(cells.texts))
    return _label_row(row, cells, money_unit, measures)


def _told_apart(record: Record) -> _Cells:
    cells = _Cells()
    for place, cell in enumerate(record.cells):
        text = cell.strip(" 　")
        if not text:
            continue
        only = is_only_blank(text)
        if only is not None and cells.texts:
            cells.given = only
        elif text in UNITS and cells.texts:
            cells.unit = text
        elif cells.texts and not cells.marks and _is_code(text):
            # Words to the left of the code are the name of the block.
            cells.marks = [Mark("block", "".join(cells.texts)), *leading_marks(text)[0]]
            cells.texts = []
        elif cells.texts and (_NUMBER.fullmatch(text) or text in HEADS):
            continue
        elif _WITHIN.fullmatch(text):
            cells.within = True
        else:
            _text_cell(cells, cell, place)
    return cells


def _is_code(text: str) -> bool:
    marks, rest = leading_marks(text)
    return not rest and [mark.sort for mark in marks] in (["code"], ["letter"])


def _text_cell(cells: _Cells, cell: str, place: int) -> None:
    rules, unruled = rules_in(cell)
    formulas, rest = formulas_in(unruled)
    cells.rules += rules
    cells.formulas += formulas
    marks, words = leading_marks(rest) if not cells.texts else ([], rest)
    cells.marks += marks
    if words.strip(" 　"):
        if not cells.texts:
            cells.indent = place * 2 + _width(rest if not marks else "")
        cells.texts.append(words.strip(" 　"))


def _width(text: str) -> int:
    """How far the text is set in, in half characters."""
    return sum(2 if sign == "　" else 1 for sign in text[: len(text) - len(text.lstrip(" 　"))])


def _sentence_row(row: Row, cells: _Cells, text: str) -> Row:
    sentence = read_sentence(text)
    row.is_sentence, row.pieces, row.blanks = True, sentence.pieces, sentence.blanks
    row.opens_list, row.printed = sentence.opens_list, text
    row.within = bool(row.blanks) and row.blanks[0].within
    row.label = row.blanks[0].label if row.blanks else text
    row.closes = text.rstrip().endswith("。")
    return row


def _label_row(row: Row, cells: _Cells, money_unit: str, measures: frozenset[str]) -> Row:
    label, measure = _label_and_measure(cells.texts)
    if not measure and label in measures:
        label, measure = "", label
    found = _WITHIN.match(label)
    if found:
        row.within, row.colon = True, bool(found.group(1))
    row.printed, row.measure, row.follows = label, measure, bool(measure) and not label
    row.label = label[found.end() :] if found else label
    counted = measure or row.label
    units, bare = units_in(counted)
    if len(units) > 1:
        row.label = bare if not measure else row.label
        row.blanks = [_blank(bare, unit, money_unit, measure=_called(unit)) for unit in units]
        return row
    unit, bare = unit_in(counted)
    row.unit = unit or cells.unit
    if not measure:
        row.label = bare
    told = kind_of(bare, row.unit, money_unit)
    # A code or an 其中 makes a blank, too; its unit is then that of its whole.
    if told.unit or told.kind != "number" or cells.given is not None or measure or row.within or row.mark("code"):
        row.blanks = [_blank(bare, unit or cells.unit, money_unit, measure=measure, given=cells.given or "")]
    row.opens_list = re.search(r"其中\s*[:：]\s*$", label) is not None and bool(row.blanks)
    return row


def _called(unit: str) -> str:
    """A measure for one of several units in one pair of brackets."""
    word = {"万元": "金额", "元": "金额", "人": "人数", "户": "户数", "家": "家数"}.get(unit, "")
    return f"{word}({unit})" if word else unit


def _blank(bare: str, unit: str, money_unit: str, *, measure: str = "", given: str = "") -> Blank:
    return Blank(label=bare, kind=kind_of(bare, unit, money_unit), given=given, measure=measure)


def _label_and_measure(texts: list[str]) -> tuple[str, str]:
    """The words of the item, and the measure beside them where the sheet has both."""
    if len(texts) > 1:
        return texts[0], texts[1]
    text = texts[0]
    for gap in (r"\s*[/／]\s+", r"[ 　]+"):
        parts = re.split(gap, text)
        if len(parts) > 1:
            label, measure = text[: text.rindex(parts[-1])].rstrip(" 　/／"), parts[-1]
            unit, bare = unit_in(measure)
            if unit and bare and label and not unit_in(label)[0] and len(measure) <= 16:
                return label, measure
    return text, ""
