"""The words of a notice: pasted lines joined again, and the text as the blocks of the official layout. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

CHINESE = r"一二三四五六七八九十"
FIRST = re.compile(rf"[{CHINESE}]+、")
SECOND = re.compile(rf"（[{CHINESE}]+）")
NUMBERED = re.compile(
    rf"([{CHINESE}]+、|[（(][{CHINESE}\d]+[）)]|\d+[.．、]|[①-⑳]|第[{CHINESE}\d]+[章条]|附件|附[：:])"
)
LABELLED = re.compile(r"(联\s*系\s*人|电\s*话|邮\s*箱|地\s*址|邮\s*编)[：:]")
DATED = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日$")
SENTENCE_END = "。！？：；…”’」』）!?:;)"
LONGEST_HEADING = 40


def joined(text: str) -> str:
    """Pasted text with one line per paragraph: lines broken in mid-sentence are joined, stray spaces taken out.

    >>> joined("广泛开展送温暖活\\n\\n动，突出示范作用。\\n二、 活动时间\\n从即日起至 2024 年春节后。")
    '广泛开展送温暖活动，突出示范作用。\\n二、活动时间\\n从即日起至2024年春节后。'
    """
    found: list[str] = []
    for line in filter(None, (_unspaced(each) for each in text.splitlines())):
        if found and _goes_on(found[-1], line):
            found[-1] += line
        else:
            found.append(line)
    return "\n".join(found)


def _unspaced(line: str) -> str:
    """The line without the blanks that word processors leave between Chinese characters and figures."""
    bare = re.sub(r"[\t\u00a0\u3000 ]+", " ", line).strip()
    wide = r"[\u2e80-\u9fff\uff00-\uffef，。、；：（）《》“”〔〕]"
    return re.sub(rf"(?<={wide}) (?={wide}|\d)|(?<=\d) (?={wide})", "", bare)


def _goes_on(line: str, following: str) -> bool:
    if line[-1] in SENTENCE_END or is_heading(line) or DATED.fullmatch(line):
        return False
    return not (NUMBERED.match(following) or LABELLED.match(following) or DATED.fullmatch(following))


def is_heading(line: str) -> bool:
    """A numbered line of its own, without a full stop."""
    return bool(NUMBERED.match(line)) and len(line) <= LONGEST_HEADING and "。" not in line


@dataclass(frozen=True)
class Block:
    """One paragraph: `level` 1 is set in 黑体, of level 2 the `head` in 楷体, the rest in 仿宋."""

    level: int
    head: str
    rest: str = ""


def blocks(body: str) -> list[Block]:
    """The paragraphs of the body with their headings told apart (GB/T 9704, domain.md 5).

    >>> blocks("一、总体要求\\n（一）走访调研。了解情况。\\n1.走访。")
    [Block(level=1, head='一、总体要求', rest=''), Block(level=2, head='（一）走访调研。', rest='了解情况。'), \
Block(level=0, head='', rest='1.走访。')]
    """
    return [_block(line.strip()) for line in body.splitlines() if line.strip()]


def _block(line: str) -> Block:
    if FIRST.match(line) and is_heading(line):
        return Block(1, line)
    if SECOND.match(line):
        head, stop, rest = line.partition("。")
        return Block(2, head + stop, rest)
    return Block(0, "", line)


def title_lines(title: str, signatories: list[str]) -> list[str]:
    """The title with a break after the issuer's name, so that the words of the name stay together.

    >>> title_lines("云岭省总工会关于开展送温暖活动的通知", ["云岭省总工会"])
    ['云岭省总工会', '关于开展送温暖活动的通知']
    """
    for name in signatories:
        if title.startswith(name) and len(title) > len(name):
            return [name, title.removeprefix(name)]
    return [title]


def chinese_date(day: date) -> str:
    """2023年12月28日, as documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def width(text: str) -> float:
    """The width in characters: Chinese ones 1, figures and Latin letters a half."""
    return sum(0.5 if char.isascii() else 1 for char in text)


def with_colon(salutation: str) -> str:
    """主送机关 with its full-width colon at the end."""
    bare = salutation.strip().rstrip("：:")
    return f"{bare}：" if bare else ""


def in_brackets(contact: str) -> str:
    """附注 in its round brackets; empty stays empty."""
    bare = contact.strip()
    if not bare or bare.startswith("（"):
        return bare
    return f"（{bare}）"
