"""Printed comparisons (A≥B, C1+C2<=C) as checks with a passing and a failing example."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.designing.recognising.sentences import Blank

_CODE = r"(?:[A-Za-z]{1,3}\d{0,3}(?:_\d{1,2})?|\d{1,2}[A-Za-z]\d{0,2}(?:_\d{1,2})?|\d{1,2}_\d{1,2})"
_SUM = rf"{_CODE}(?:\s*[+＋]\s*{_CODE}){{0,20}}+"  # bounded, without a way back: the text is anybody's
_RULE = re.compile(
    rf"[$＄（(]?\s*(?<![A-Za-z0-9_])({_SUM})?\s*(>=|<=|≥|≤|≧|≦|＞=|＜=|[><＞＜])\s*({_SUM})(?![A-Za-z0-9_])\s*[)）$＄]?"
)
_SIGNS = {"≥": ">=", "≧": ">=", "≤": "<=", "≦": "<="}
_WORDS = {">=": "应不少于", ">": "应大于", "<=": "应不多于", "<": "应小于"}
# What the left side is, and what it is wrongly, when every code on the right side is 10.
_EXAMPLES = {">=": (0, -1), ">": (1, 0), "<=": (0, 1), "<": (-1, 0)}
_EACH = 10


@dataclass(frozen=True)
class PrintedRule:
    """A comparison as printed; `left` is empty where it speaks of the blank it stands beside."""

    left: str
    sign: str
    right: str
    text: str


def rules_in(text: str) -> tuple[list[PrintedRule], str]:
    """The printed comparisons of a cell and the cell's text without them.

    >>> found, rest = rules_in("走访企业（家）（A≥B+C）")
    >>> found[0].left, found[0].sign, found[0].right, rest
    ('A', '>=', 'B+C', '走访企业（家）')
    """
    if not re.search("[><≥≤≧≦＞＜]", text):
        return [], text
    found, rest = [], text
    for match in reversed(list(_RULE.finditer(text))):
        left, sign, right = (unicodedata.normalize("NFKC", part or "") for part in match.groups())
        plain = (re.sub(r"\s", "", side) for side in (left, right))
        printed = match.group().strip(" 　$＄（()）")
        found.append(PrintedRule(next(plain), _SIGNS.get(sign, sign), next(plain), printed))
        rest = f"{rest[: match.start()].rstrip(' 　')}{rest[match.end() :]}"
    return found[::-1], rest


def checks_of(
    ruled: Iterable[tuple[PrintedRule, Blank | None]], blanks: Mapping[str, Blank], taken: Iterable[str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """The checks that the printed comparisons are, and notes on those that could not be taken over."""
    checks, notes, used = [], [], set(taken)
    for rule, beside in ruled:
        left = rule.left.split("+") if rule.left else [beside.code] if beside is not None else []
        right = rule.right.split("+")
        if not _comparable([*left, *right], blanks) or not left:
            notes.append(f"印的规则“{rule.text}”没有采用：里面的代码或单位对不上。")
            continue
        key = next(name for number in range(1, 10_000) if (name := f"P{number:02d}") not in used)
        used.add(key)
        checks.append(_check(key, left, rule.sign, right, blanks))
    return checks, notes


def _comparable(codes: Sequence[str], blanks: Mapping[str, Blank]) -> bool:
    known = [blanks[code] for code in codes if code in blanks]
    kinds = {blank.kind.kind for blank in known}
    return len(known) == len(codes) == len(set(codes)) and len(kinds) == 1 and kinds <= {"number", "money"}


def _check(key: str, left: list[str], sign: str, right: list[str], blanks: Mapping[str, Blank]) -> dict[str, Any]:
    said = [" 加 ".join(f"{code} {blanks[code].label}（{{{code}}}）" for code in side) for side in (left, right)]
    good, bad = (_example(left, right, beyond, blanks) for beyond in _EXAMPLES[sign])
    return {
        "key": key,
        "kind": "within",
        "severity": "ask",
        "items": [*left, *right],
        "expression": f"{'+'.join(left)} {sign} {'+'.join(right)}",
        "message": f"{said[0]}{_WORDS[sign]}{said[1]}，请核实。",
        "passing": [good],
        "failing": [bad],
    }


def _example(left: list[str], right: list[str], beyond: int, blanks: Mapping[str, Blank]) -> dict[str, Any]:
    values = {**dict.fromkeys(left, 0), left[0]: _EACH * len(right) + beyond, **dict.fromkeys(right, _EACH)}
    return {code: f"{value}.00" if blanks[code].kind.kind == "money" else value for code, value in values.items()}
