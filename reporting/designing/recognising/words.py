"""Words of printed forms: units, what kind of value a label means, numbering marks, printed formulas."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

UNITS = tuple(
    sorted(
        "万元 元 亿元 千元 家 人 人次 户 户次 对 件 场次 场 次 个 张 列 节 辆 艘 架 名 份 项 篇 部 台 套 批 条 处 所 间 床 吨 只 箱 袋"
        " 册 本 期 班 班次 车次 趟 天 小时 课时 例 起 宗 笔 支 组 座 公里 千克 公斤 亩 % ％".split(),
        key=len,
        reverse=True,
    )
)
MONEY = frozenset({"万元", "元"})
UNIT_AT_START = re.compile(f"[ 　]*({'|'.join(map(re.escape, UNITS))})")
_BRACKETS = re.compile(r"[（(［\[【]\s*(?:计量|金额)?(?:单位[:：])?\s*([^()（）\[\]［］【】]{1,8}?)\s*[)）\]］】]")
# A label that names its unit by its last word: 人数 is counted in 人.
_ENDINGS = (
    ("人次", "人次"),
    ("人数", "人"),
    ("户次", "户次"),
    ("户数", "户"),
    ("家数", "家"),
    ("件数", "件"),
    ("场次", "场次"),
    ("场数", "场"),
    ("次数", "次"),
    ("个数", "个"),
    ("张数", "张"),
    ("企业数", "家"),
    ("单位数", "家"),
    ("家庭", "户"),
)
_MONEY_WORDS = re.compile(r"(金额|款物|资金|经费|总额|款项|补助款|善款|捐款|费用)(总[计额])?$")
_RATE_WORDS = re.compile(r"(比例|比率|率|占比)$")
_DATE_WORDS = re.compile(r"日期$|时间$")
_TEXT_WORDS = re.compile(r"(凭证号|编号|文号|号码|姓名|名称|备注|说明|地址|账号)$")
_PEOPLE = frozenset({"人", "名"})


@dataclass(frozen=True)
class Kind:
    """What a blank takes: number, money, text or date; its unit and places."""

    kind: str
    unit: str
    places: int


def plain(text: str) -> str:
    """The text without the signs that copying leaves behind: zero-width, private-use, hard spaces."""
    kept = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cf", "Co", "Cs"))
    return kept.replace("\xa0", " ").replace("\u2003", "　").replace("\u2002", " ")


def unit_in(label: str) -> tuple[str, str]:
    """The unit printed in the last brackets that hold one, and the label without it.

    >>> unit_in("购买车（船）票(张)"), unit_in("走访企业（家）"), unit_in("会议（活动）")
    (('张', '购买车（船）票'), ('家', '走访企业'), ('', '会议（活动）'))
    """
    for match in reversed(list(_BRACKETS.finditer(label))):
        word = unicodedata.normalize("NFKC", match.group(1))
        if word in UNITS:
            return word, (label[: match.start()] + label[match.end() :]).strip(" 　:：")
    return "", label.strip(" 　:：")


def units_in(label: str) -> tuple[list[str], str]:
    """Several units in one pair of brackets, and the label without them: 慰问职工（人次/万元）."""
    for match in _BRACKETS.finditer(label):
        words = [word for word in re.split(r"[/／、，,]", unicodedata.normalize("NFKC", match.group(1))) if word]
        if len(words) > 1 and all(word in UNITS for word in words):
            return words, (label[: match.start()] + label[match.end() :]).strip(" 　:：")
    return [], label


def kind_of(label: str, unit: str, money_unit: str = "万元") -> Kind:
    """The kind by the printed unit, else by the label's last word; the unit stays empty when nothing tells it."""
    word = unit or _unit_of_words(label, money_unit)
    if word in MONEY:
        return Kind("money", word, 2)
    if word:
        return Kind("number", unicodedata.normalize("NFKC", word), 2 if word in ("%", "％") else 0)
    bare = label.rstrip(" 　:：")
    if _DATE_WORDS.search(bare):
        return Kind("date", "", 0)
    if _TEXT_WORDS.search(bare):
        return Kind("text", "", 0)
    return Kind("number", "", 0)


def _unit_of_words(label: str, money_unit: str) -> str:
    bare = label.rstrip(" 　:：")
    for ending, unit in _ENDINGS:
        if bare.endswith(ending):
            return unit
    if _MONEY_WORDS.search(bare):
        return money_unit
    return "%" if _RATE_WORDS.search(bare) else ""


def same_class(one: str, other: str) -> bool:
    """Whether two units count the same thing, so that one number may be part of the other; no unit fits to any."""
    return (
        not (one and other)
        or one == other
        or (one in _PEOPLE and other in _PEOPLE)
        or (one in MONEY and other in MONEY)
    )


CHINESE_DIGITS = "〇一二三四五六七八九十"
_MARKS = (
    ("letter", re.compile(r"[（(]\s*([A-Za-z])\s*[)）]")),
    ("sub", re.compile(r"[（(]\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[)）]")),
    ("part", re.compile(r"([一二三四五六七八九十]{1,3})\s*[、.．]")),
    ("sub", re.compile(r"([①-⑳])")),
    ("dotted", re.compile(r"(\d{1,2}(?:[.．]\d{1,2})+)[.．、]?(?=[\s　\u4e00-\u9fff]|$)")),
    ("item", re.compile(r"(\d{1,2})(?:[、．]|\.(?!\d))")),
    ("code", re.compile(r"([A-Z]{1,3}\d{0,3}(?:_\d{1,2})?|\d{2}[A-Z]\d{0,2}|\d{2}_\d{1,2})(?=[\s　.、．:：]|$)")),
    ("block", re.compile(r"(\d{1,2})(?=[\s　]|$)")),
)


@dataclass(frozen=True)
class Mark:
    """One printed mark before a label: `letter` （A）, `sub` （1）, `part` 一、, `item` 1., `code` B1, `block` 01."""

    sort: str
    text: str

    @property
    def number(self) -> int:
        """The number of a counted mark, 0 for letters and codes."""
        return int(self.text) if self.text.isascii() and self.text.isdigit() else _chinese_number(self.text)


def _chinese_number(text: str) -> int:
    """The number in Chinese digits below 100, or of a circled digit.

    >>> [_chinese_number(text) for text in ("三", "十", "十二", "二十", "三十四", "②")]
    [3, 10, 12, 20, 34, 2]
    """
    if len(text) == 1 and "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return CHINESE_DIGITS.index(text) if len(text) == 1 and text in CHINESE_DIGITS else 0
    return (CHINESE_DIGITS.index(tens) if tens else 1) * 10 + (CHINESE_DIGITS.index(ones) if ones else 0)


def leading_marks(text: str) -> tuple[list[Mark], str]:
    """The marks at the start of the text and what follows them, its own indentation kept.

    >>> marks, rest = leading_marks("01 （A） 当地职工总数")
    >>> [(mark.sort, mark.text) for mark in marks], rest
    ([('block', '01'), ('letter', 'A')], '当地职工总数')
    """
    marks: list[Mark] = []
    rest = text
    while True:
        bare = rest.lstrip(" 　")
        found = next(
            ((sort, match) for sort, pattern in _MARKS for match in [pattern.match(bare)] if match), (None, None)
        )
        sort, match = found
        if sort is None or match is None or (sort in ("part", "item", "dotted") and marks and marks[-1].sort == sort):
            return marks, bare if marks else rest
        word = match.group(1)
        marks.append(Mark(sort, word if "①" <= word <= "⑳" else unicodedata.normalize("NFKC", word)))
        rest = bare[match.end() :].lstrip(".、．:：")


_SIDE = r"[A-Za-z0-9_{}+\-*/×÷＋－＊／()（）…\. 　]"
_CODE = r"(?:[A-Za-z]{1,3}\d{0,3}[A-Za-z]?\d{0,2}(?:_\d{1,2})?|\d{1,2}[A-Za-z]?\d{0,2}(?:_\d{1,2})?)"
_FORMULA = re.compile(rf"[$＄]?\s*[（(]?\s*({_CODE})?\s*[=＝]\s*({_CODE}{_SIDE}*[A-Za-z0-9)）])\s*[)）]?\s*[$＄]?")


# (4)=(5)+(6), 3栏=1栏+2栏: lines are named by their numbers.
_PART = r"(?:[（(]\s*\d{1,2}\s*[)）]|\d{1,2}[栏行])"
_BY_LINES = re.compile(rf"{_PART}\s*[=＝]\s*{_PART}(?:\s*[+＋\-－]\s*{_PART})+")


@dataclass(frozen=True)
class PrintedFormula:
    """A formula as printed: whose it is (empty: the blank it stands beside), what it says, its text."""

    left: str
    right: str
    text: str


def formulas_in(text: str) -> tuple[list[PrintedFormula], str]:
    """The printed formulas of a cell and the cell's text without them.

    >>> found, rest = formulas_in("筹集总额(万元) $B=B1+B2+…+B6$")
    >>> found[0].left, found[0].right, rest
    ('B', 'B1+B2+B3+B4+B5+B6', '筹集总额(万元)')
    """
    found = []
    for match in _BY_LINES.finditer(text):
        left, right = re.split("[=＝]", re.sub(r"[（()）栏行\s]", "", match.group()))
        found.append((match.span(), PrintedFormula(left, _in_grammar(right), match.group())))
    for match in [] if found else _FORMULA.finditer(text):
        right = _in_grammar(match.group(2))
        if re.search(r"[+\-*/]", right):
            printed = match.group().strip(" 　$＄")
            opened = printed.startswith(("(", "（")) and printed.endswith((")", "）"))
            found.append(
                (match.span(), PrintedFormula(match.group(1) or "", right, printed[1:-1] if opened else printed))
            )
    rest = text
    for (start, end), _ in reversed(found):
        rest = f"{rest[:start].rstrip(' 　')}{rest[end:]}"
    return [formula for _, formula in found], rest


# Bounded, so that a long row of digits is not cut in every possible way.
_RUN = re.compile(r"(?<![A-Za-z0-9_])([A-Za-z0-9_]{0,12}?)(\d{1,4})\+~+\+\1(\d{1,4})(?!\d)")


def _in_grammar(text: str) -> str:
    words = unicodedata.normalize("NFKC", text.replace("…", "~")).replace("×", "*").replace("÷", "/")
    words = re.sub(r"[\s]|\.{3,}", lambda match: "~" if match.group().startswith(".") else "", words)
    if words.count("(") < words.count(")"):
        words = words.rstrip(")")
    return _RUN.sub(_run, words)


def _run(match: re.Match[str]) -> str:
    """`B2+~+B6` as `B2+B3+B4+B5+B6`."""
    stem, first, last = match.group(1), int(match.group(2)), int(match.group(3))
    return "+".join(f"{stem}{number}" for number in range(first, min(last, first + 60) + 1))
