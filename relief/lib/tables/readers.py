"""How one cell is read: text, days, money, counts, words of a code list. Each reader raises `Unreadable`."""

from __future__ import annotations

import datetime
import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from relief.lib import idnumber
from relief.lib.money import MOST_TYPED, from_fen, parse_amount, to_fen
from relief.lib.tables.model import Unreadable, plain
from relief.lib.xlsx import MOST_DIGITS, Cell

_POWER = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_LETTER_E = re.compile("[EeＥｅ]")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]?0{1,2}:00(?::00(?:\.0+)?)?)?")
_BARE_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"\d{4}(?:[-/.]\d{1,2}|年\d{1,2}月?)")
_WHOLE = re.compile(r"(\d+|\d{1,3}(?:,\d{3})+)(?:\.0+)?(?:人次|人|名|户|个|场次|场|次|家|对|件|元)?")
_SERIALS = range(20_000, 80_000)
"""Excel's day numbers from 1954 to 2119: what lies outside is no day of this work."""
_EPOCH = datetime.date(1899, 12, 30)
AS_TEXT = "从原件重录；先把这一列设为“文本”"
DAY_TODO = "改成 2024-01-05 这样的日期"
MOST_ACCOUNT = (8, 30)
_YES = frozenset({"是", "有", "√", "✓", "✔", "y", "yes", "1", "true", "对"})
_NO = frozenset({"否", "无", "没有", "×", "x", "n", "no", "0", "false", "不是", "-", "/"})
MOST_COUNT = 2_147_483_647


def text(most: int) -> Callable[[Cell], str]:
    """Reads text of at most so many characters; numbers that Excel has cut are refused, never guessed."""

    def read(cell: Cell) -> str:
        refuse_lost(cell)
        found = " ".join(str(cell).split())
        if len(found) > most:
            raise Unreadable(f"超过 {most} 个字。", f"缩短到 {most} 个字以内")
        # the same text is kept once, not a second time beside the cell
        return cell if found == cell and isinstance(cell, str) else found

    return read


def refuse_lost(cell: Cell) -> None:
    """Raise when a long number has lost its last digits: Excel keeps fifteen of them."""
    if isinstance(cell, str):
        if not _LETTER_E.search(cell):
            return
        bare = unicodedata.normalize("NFKC", cell).strip()
        if _POWER.fullmatch(bare):
            raise Unreadable("显示成科学计数法，后几位已丢失。", AS_TEXT)
    elif isinstance(cell, int | Decimal) and not isinstance(cell, bool) and len(str(abs(int(cell)))) > MOST_DIGITS:
        raise Unreadable("Excel 只留 15 位数字，后面的成了 0，原号已丢失，不能推算。", AS_TEXT)


def day(cell: Cell) -> datetime.date:
    """The day a cell means: a date, an Excel day number, or text of any kind people write."""
    if isinstance(cell, datetime.datetime):
        return cell.date()
    if isinstance(cell, datetime.date):
        return cell
    if isinstance(cell, int) and not isinstance(cell, bool) and cell in _SERIALS:
        return _EPOCH + datetime.timedelta(days=cell)
    bare = re.sub(r"(?<=\D)\s+(?=\d+日?$)|\s+(?=[年月日])", "", unicodedata.normalize("NFKC", str(cell)).strip())
    bare = re.sub(r"(?<=[年月])\s+", "", bare)
    found = _DAY.fullmatch(bare) or _BARE_DAY.fullmatch(bare)
    if found:
        return _real_day(*(int(part) for part in found.groups()))
    if _MONTH.fullmatch(bare):
        raise Unreadable("只有年月，没有日。", DAY_TODO)
    raise Unreadable("不是日期。", DAY_TODO)


def _real_day(year: int, month: int, number: int) -> datetime.date:
    if not 1900 <= year <= 2100 or not 1 <= month <= 12:
        raise Unreadable("没有这个年份或月份。", "改成真实的日期")
    last = monthrange(year, month)[1]
    if not 1 <= number <= last:
        raise Unreadable(f"没有这一天。{month}月最后一天是 {last} 日。", "改成真实的日期")
    return datetime.date(year, month, number)


def money(cell: Cell) -> Decimal:
    """An amount in 元, to the 分; the stored value counts, not what the cell shows."""
    if isinstance(cell, str):
        try:
            return parse_amount(cell)
        except ValueError:
            says = "带有“万”字。" if "万" in cell else "不是金额。"
            raise Unreadable(says, "只写数字，单位是元，例如 1234.56") from None
    if isinstance(cell, bool) or not isinstance(cell, int | Decimal):
        raise Unreadable("不是金额。", "只写数字，单位是元，例如 1234.56")
    refuse_lost(cell)
    refuse_large(cell)
    try:
        return from_fen(to_fen(cell))
    except ValueError:
        raise Unreadable("金额细于 1 分（单元格可能只显示两位小数）。", "改成最多两位小数") from None


def refuse_large(amount: Decimal | int) -> None:
    """Raise when nobody can mean so much money: it would break the sums of everybody above."""
    if not -MOST_TYPED <= amount <= MOST_TYPED:
        raise Unreadable("金额太大。", "检查小数点和位数，单位是元")


def whole(cell: Cell) -> int:
    """A count: 0 or a positive whole number."""
    if isinstance(cell, str):
        found = _WHOLE.fullmatch(plain(cell))
        if not found:
            raise Unreadable("不是整数。", "只写 0 或正整数，例如 12")
        number = int(found.group(1).replace(",", ""))
    elif isinstance(cell, bool) or not isinstance(cell, int | Decimal) or cell != int(cell) or cell < 0:
        raise Unreadable("不是 0 或正整数。", "只写 0 或正整数，例如 12")
    else:
        number = int(cell)
    if number > MOST_COUNT:
        raise Unreadable("数太大。", "检查是否多写了位数")
    return number


def yes_no(cell: Cell) -> bool:
    """A mark: 是, 有, √, 1 and the like, or their contrary."""
    said = plain(cell)
    if said in _YES or said in _NO:
        return said in _YES
    raise Unreadable("不是“是”或“否”。", "填“是”或“否”，不填就是否")


def id_number(cell: Cell) -> str:
    """An identity number in its one written form; a wrong check character alone is left to the rules of the list."""
    refuse_lost(cell)
    found = idnumber.normalise(str(cell))
    fault = idnumber.fault(found)
    if fault and not fault.startswith("身份证号的最后一位"):
        raise Unreadable(*split(fault))
    return found


def account(cell: Cell) -> str:
    """A card or account number, digits only; whether it is a card is asked by the rules."""
    refuse_lost(cell)
    found = idnumber.normalise_card(str(cell))
    if not found.isascii() or not found.isdecimal():
        raise Unreadable("账号里有不是数字的字符。", "与卡面核对后重录")
    if not MOST_ACCOUNT[0] <= len(found) <= MOST_ACCOUNT[1]:
        raise Unreadable(f"账号是 {len(found)} 位，应在 8 至 30 位。", "与卡面或存折核对后重录")
    if found.endswith("000") and 16 <= len(found) <= 19 and idnumber.card_fault(found):
        raise Unreadable(*split(idnumber.card_fault(found) or ""))
    return found


def split(sentence: str) -> tuple[str, str]:
    """A sentence that ends with its advice as what is wrong and what to do.

    >>> split("身份证号应是 18 位，现在是 17 位，请与证件核对。")
    ('身份证号应是 18 位，现在是 17 位。', '请与证件核对')
    """
    says, comma, todo = sentence.rstrip("。").rpartition("，请")
    return (f"{says}。", f"请{todo}") if comma else (sentence, "改正后再上传")


def choice(words: Mapping[str, Any], what: str) -> Callable[[Cell], Any]:
    """Reads one word of a code list, old words included; an unknown one is answered with the nearest."""
    known = {plain(word): value for word, value in words.items()}
    # the first word of each value is the one in use; old words are taken, not offered
    offered = {value: word for word, value in reversed(list(words.items()))}

    met: dict[Cell, Any] = {}

    def read(cell: Cell) -> Any:
        # a long list says few words, but says them often
        if cell in met:
            return met[cell]
        said = plain(cell)
        if said in known:
            met[cell] = known[said]
            return known[said]
        near = get_close_matches(said, list(known), n=1, cutoff=0.5)
        hint = f"最接近的是“{offered[known[near[0]]]}”。" if near else ""
        raise Unreadable(f"不在{what}表里。{hint}", "从下拉选；词表在模板第 3 页")

    return read
