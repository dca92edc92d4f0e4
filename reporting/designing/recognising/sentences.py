"""A printed sentence with blanks in it: its pieces, and for each blank label, unit and whether it is an 其中."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from reporting.designing.recognising.words import UNIT_AT_START, UNITS, Kind, kind_of, unit_in

_STOPS = r"，,。；;：:"
_UNIT = "|".join(map(re.escape, UNITS))
_BLANK = re.compile(
    r"\{(?P<code>[A-Za-z0-9_]{1,16})\}"
    r"|[_＿﹍](?:[\s　]*[_＿﹍])+|＿"
    r"|[（(][\s　]{1,}[)）](?=[\s　]*(?:" + _UNIT + r"))"
    # Only spaces were printed: they are a blank before a unit and its stop, or before 名 and the people.
    r"|(?<=[^\s　，,。；;])[\s　]+(?=(?:" + _UNIT + r")\s*(?:[，,。；;：:]|$))"
    r"|(?<=[\u4e00-\u9fff])[\s　]{2,}(?=名[\u4e00-\u9fff])"
)


@dataclass(eq=False)
class Blank:
    """A blank that was recognised; its code and parent are found later."""

    label: str
    kind: Kind
    given: str = ""
    within: bool = False
    apart: bool = False
    code: str = ""
    printed: str = ""
    measure: str = ""
    block: str = ""
    formula: str = ""
    printed_formula: str = ""
    parent: Blank | None = None

    @property
    def unit(self) -> str:
        return self.kind.unit


@dataclass
class Sentence:
    """Pieces in reading order (texts and blanks), the blanks alone, and whether a list follows (其中：)."""

    pieces: list[str | Blank] = field(default_factory=list)
    blanks: list[Blank] = field(default_factory=list)
    opens_list: bool = False


def has_blank(text: str) -> bool:
    """Whether the text holds a place to write in."""
    return _BLANK.search(text) is not None


def _blanks_of(text: str) -> list[re.Match[str]]:
    """The marks of blanks; the spaces between a mark and its unit are no second one."""
    found: list[re.Match[str]] = []
    for match in _BLANK.finditer(text):
        if match.group().strip(" 　") or not found or found[-1].end() != match.start():
            found.append(match)
    return found


def is_only_blank(text: str) -> str | None:
    """The code, or an empty text, of a cell that is nothing but a blank; None for any other cell."""
    match = _BLANK.fullmatch(text.strip())
    return None if match is None else (match.group("code") or "")


def read_sentence(text: str) -> Sentence:
    """The sentence with its blanks; the parents of 其中 blanks inside it are set."""
    texts, codes, last = [], [], 0
    for match in _blanks_of(text):
        texts.append(text[last : match.start()])
        codes.append(match.group("code") or "")
        last = match.end()
    texts.append(text[last:])
    sentence = Sentence(opens_list=re.search(r"其中\s*[:：]?\s*$", texts[-1]) is not None and bool(codes))
    reached = texts[0]
    for number, code in enumerate(codes):
        unit, rest = _unit_after(texts[number + 1])
        blank = _blank(reached, unit, rest, code)
        blank.apart = re.search("[；;。]", reached) is not None and not blank.within
        _pieces(sentence, texts[number], blank)
        reached = rest
    _text(sentence, texts[-1])
    _relate(sentence.blanks)
    return sentence


def _unit_after(text: str) -> tuple[str, str]:
    match = UNIT_AT_START.match(text)
    return (match.group(1), text[match.end() :]) if match else ("", text)


def _blank(before: str, unit: str, after: str, code: str) -> Blank:
    """The blank between what was printed before it and the words behind its unit."""
    segments = [segment.strip(" 　、") for segment in re.split(f"[{_STOPS}]", before)]
    spoken = [segment for segment in segments if segment]
    label = spoken[-1] if spoken else ""
    within = any(segment.startswith("其中") for segment in spoken)
    if label == "其中":
        label = ""
    behind = re.split(f"[{_STOPS}]|{_BLANK.pattern.replace('(?P<code>', '(?:')}", after, maxsplit=1)[0].strip(" 　、")
    if unit and behind:
        label = f"{label}__{unit}{behind}"
    bracketed, bare = unit_in(label)
    return Blank(label=bare or label, kind=kind_of(bare, unit or bracketed), given=code, within=within)


def _pieces(sentence: Sentence, text: str, blank: Blank) -> None:
    _text(sentence, text)
    sentence.pieces.append(blank)
    sentence.blanks.append(blank)


def _text(sentence: Sentence, text: str) -> None:
    """Printed text with single spaces; one stands before each blank so that the words do not stick to it."""
    words = re.sub(r"[\s　]+", " ", text)
    if words:
        sentence.pieces.append(words)


def _relate(blanks: list[Blank]) -> None:
    """Inside a sentence 其中 goes back to the nearest blank before it that counts the same, and goes on until the stop."""
    opened: int | None = None
    for number, blank in enumerate(blanks):
        if blank.within or blank.apart:
            opened = number if blank.within else None
        if opened is None:
            continue
        before = [other for other in blanks[:opened] if other.kind == blank.kind or _alike(other, blank)]
        if before:
            blank.parent = before[-1]
            blank.within = True


def _alike(one: Blank, other: Blank) -> bool:
    people = {"人", "名"}
    return one.unit in people and other.unit in people
