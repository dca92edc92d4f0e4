"""Pasted text as records: tab-separated cells of a sheet, or plain lines; broken lines joined, stacked cells taken apart."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from reporting.designing.recognising.words import UNIT_AT_START, leading_marks, plain

MOST_CHARACTERS = 60_000
MOST_RECORDS = 400
MOST_OF_LINE = 1_000
_SKIPPED = re.compile(
    r"(填报单位|填表单位|报送单位|填报人|填表人|联系人|联系电话|电话|负责人|审核人|制表人|填报日期)\s*[（(:：]"
)
_DAY = re.compile(r"[\s\d　]*年[\s\d　]*月[\s\d　]*日\s*")
_TITLE = re.compile(r".{4,60}(统计表|汇总表|情况表|一览表|报表)")
# The blank itself may stand at the beginning of the line.
_GOES_ON = re.compile(rf"[\s　]*(?:[_＿]+|[（(][\s　]+[)）]|{{\w+}})?{UNIT_AT_START.pattern}\s*(?:[，,。；;：:]|$)")
_WIDE_GAP = re.compile(r"([^\S\n\r\t]{30})[^\S\n\r\t]+")
_ANNEX = re.compile(r"附件\s*\d*\s*[:：]?")


@dataclass(frozen=True)
class Record:
    """One line of the sheet: its cells from left to right, indentation kept."""

    cells: tuple[str, ...]

    @property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells if cell.strip()]


@dataclass
class Pasted:
    """The records of a text, and what stood around the table."""

    records: list[Record]
    title: str = ""
    footnotes: tuple[str, ...] = ()
    skipped: int = 0
    tabular: bool = False


def read_pasted(text: str) -> Pasted:
    """The records of pasted text; title, head lines and footnotes are told apart from the table."""
    rows = _joined(_records(plain(text[:MOST_CHARACTERS])))
    pasted = Pasted([], tabular="\t" in text)
    footnotes: list[str] = []
    for cells in rows:
        filled = [cell.strip() for cell in cells if cell.strip()]
        alone = filled[0] if len(filled) == 1 else ""
        if re.match(r"(注|说明|备注)\s*[:：]", alone):
            footnotes.append(alone)
        elif alone and _TITLE.fullmatch(alone) and not pasted.records and not pasted.title:
            pasted.title = re.sub(r"(?<=\d) +(?=年)", "", alone)
        elif _is_around(filled):
            pasted.skipped += 1
        else:
            pasted.records.append(Record(tuple(cells)))
    pasted.footnotes = tuple(footnotes)
    return pasted


def _is_around(filled: list[str]) -> bool:
    """Head lines that every form has: they are filled from the union and are no blanks."""
    return all(_SKIPPED.match(cell) or _DAY.fullmatch(cell) or _ANNEX.fullmatch(cell) for cell in filled)


def _records(text: str) -> list[list[str]]:
    # Long runs tell nothing and would make the patterns slow: a request must not be able to hold a worker.
    lines = re.sub(r"([_＿﹍(（)）=+…])\1{30,}", lambda run: run.group(1) * 30, text[:MOST_CHARACTERS])
    lines = _WIDE_GAP.sub(r"\1", lines)
    lines = "\n".join(line[:MOST_OF_LINE] for line in lines.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    if "\t" not in lines:
        return [[line] for line in lines.split("\n") if line.strip()][:MOST_RECORDS]
    balanced = lines.count('"') % 2 == 0
    reader = csv.reader(io.StringIO(lines), delimiter="\t", quoting=csv.QUOTE_MINIMAL if balanced else csv.QUOTE_NONE)
    rows = [row for row in reader if any(cell.strip() for cell in row)]
    return [part for row in rows for part in _apart(row)][:MOST_RECORDS]


def _apart(row: list[str]) -> list[list[str]]:
    """A record whose cells hold several lines: one record per letter where letters and sentences agree in number."""
    stacked = [[line for line in cell.split("\n") if line.strip()] for cell in row]
    heights = {len(lines) for lines in stacked if len(lines) > 1}
    if not heights:
        return [row]
    letters = [lines for lines in stacked if lines and all(_only_marks(line) for line in lines)]
    count = max(heights)
    if heights == {count} and any(len(lines) == count for lines in letters):
        return [
            [lines[number] if len(lines) == count else (lines[0] if lines and number == 0 else "") for lines in stacked]
            for number in range(count)
        ]
    return [["".join(lines) for lines in stacked]]


def _only_marks(text: str) -> bool:
    marks, rest = leading_marks(text)
    return bool(marks) and not rest.strip()


def _joined(rows: list[list[str]]) -> list[list[str]]:
    """A line that begins with a unit and its stop goes on with the sentence before it: it was broken while printing."""
    joined: list[list[str]] = []
    for row in rows:
        filled = [cell for cell in row if cell.strip()]
        before = next((cell for cell in reversed(joined[-1]) if cell.strip()), "") if joined else ""
        if len(filled) == 1 and _GOES_ON.match(filled[0]) and before and not re.search(r"[。；;：:]\s*$", before):
            place = max(number for number, cell in enumerate(joined[-1]) if cell.strip())
            gap = "" if filled[0][:1] in " 　" else "  "
            joined[-1][place] = joined[-1][place].rstrip() + gap + filled[0]
        else:
            joined.append(list(row))
    return joined
