"""Reading one word of a list, whatever version it comes from: forms and imports ask here and nowhere else."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from beneficiaries.codes.lists import LISTS

PRESENT, OLD, ASK, FREE, UNKNOWN, EMPTY = "present", "old", "ask", "free", "unknown", "empty"
MOST_FREE = 40


@dataclass(frozen=True)
class Reading:
    """What a word means today: its value ("" when nobody can say), how it was found, and a sentence where one is due."""

    value: str
    how: str
    sentence: str = ""

    @property
    def known(self) -> bool:
        """Whether the value can be written."""
        return self.how in (PRESENT, OLD, FREE, EMPTY)


def read(key: str, word: object) -> Reading:
    """The present value of a word of the list `key`; full-width signs, blanks and numbering in front do not matter.

    >>> read("health", " 尿毒症 ")
    Reading(value='终末期肾病', how='old', sentence='“尿毒症”现在叫“终末期肾病”。')
    >>> read("work_status", "下（待）岗").value, read("housing", "自购房").how
    ('laid_off', 'ask')
    """
    made, bare = LISTS[key], _bare(word)
    if not bare:
        return Reading("", EMPTY)
    present, old, ask = _index(key)
    if bare in present:
        return Reading(present[bare], PRESENT)
    if bare in old:
        value = old[bare]
        return Reading(value, OLD, f"“{str(word).strip()}”现在叫“{dict(made.values)[value]}”。")
    if bare in ask:
        return Reading("", ASK, f"这是旧的说法。{ask[bare]}")
    if made.open and len(bare) <= MOST_FREE:
        return Reading(str(word).strip(), FREE)
    said = "、".join(made.words[:8]) + ("等" if len(made.words) > 8 else "")
    return Reading("", UNKNOWN, f"不在“{made.title}”的可选范围里，请从列表里选择：{said}。")


def value_of(key: str, word: object) -> str:
    """The value of a word, "" when it cannot be told."""
    return read(key, word).value


@cache
def _index(key: str) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """(present words and values, old words with a successor, old words without), all in the bare spelling."""
    made = LISTS[key]
    present = {_bare(value): value for value, _ in made.values} | {_bare(word): value for value, word in made.values}
    old = {_bare(word): value for word, value in made.aliases.items()}
    ask = {_bare(word): sentence for word, sentence in made.ask.items()}
    return present, old, ask


def _bare(word: object) -> str:
    """The word as it is compared: half-width, no blanks, one kind of stops, brackets and slashes, no number in front."""
    text = unicodedata.normalize("NFKC", str(word or "")).strip()
    text = re.sub(r"^[0-9]{1,2}[.、:\s]+", "", text)
    return re.sub(r"[\s、,;]", "", text).casefold()
