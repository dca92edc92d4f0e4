"""Numbers that name a person or an account: identity card, bank card, credit code; and how they are masked.

A sentence that tells a fault never repeats the number (it would end in logs). GB 11643-1999, GB 32100-2015.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta

from stdnum import luhn
from stdnum.cn import ric, uscc

_LENGTH = 18
_MASK_CARD = "*" * 12
_OLD_NUMBER = re.compile(r"\d{15}", re.ASCII)
_NUMBER = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)
_GAPS = re.compile(r"[\s\-‐–—]")
_EXCEL_POWER = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_CREDIT_ALPHABET = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")


def normalise(text: str | None) -> str:
    """The number in its one written form: 18 half-width characters, 15-digit numbers converted.

    What is no identity number comes back without spaces, otherwise as it was.

    >>> normalise(" １１０１０５ 19491231 002ｘ "), normalise("11010519491231002×"), normalise("110105491231002")
    ('11010519491231002X', '11010519491231002X', '11010519491231002X')
    """
    bare = _bare(text)
    if len(bare) == _LENGTH and bare[-1] in "×*":
        bare = bare[:-1] + "X"
    return to_18(bare) if _OLD_NUMBER.fullmatch(bare) and _date(f"19{bare[6:12]}") else bare


def to_18(text15: str) -> str:
    """The 18-character form of an old 15-digit number (persons born in the 20th century).

    >>> to_18("110105491231002")
    '11010519491231002X'
    """
    body = f"{text15[:6]}19{text15[6:]}"
    return body + ric.calc_check_digit(body + "0")


def fault(text: str | None, on: date | None = None) -> str | None:
    """What is wrong with an identity number, in one Chinese sentence; None when it is valid.

    Divisions are not checked: abolished ones stay on people's cards. `on` is today's date in China.

    >>> fault("11010519491231002X"), fault("110105491231002")
    (None, None)
    >>> fault("110105194912310021")
    '身份证号的最后一位（校验码）不对，请与证件核对，多半是有一位抄错了。'
    >>> fault("11010519490231002X")
    '身份证号第 7 至 14 位不是一个日期，请与证件核对。'
    """
    bare = normalise(text)
    if not bare:
        return "请填写身份证号。"
    if _EXCEL_POWER.fullmatch(bare):
        return "身份证号被 Excel 变成了科学计数，后几位已经丢失，请把该列设为文本后重新填写。"
    if len(bare) != _LENGTH:
        if _OLD_NUMBER.fullmatch(bare):
            return "15 位身份证号的第 7 至 12 位不是一个日期，请与证件核对。"
        return f"身份证号应是 18 位（旧证 15 位），现在是 {len(bare)} 位，请与证件核对。"
    if not _NUMBER.fullmatch(bare):
        return "身份证号前 17 位只能是数字且不以 0 开头，最后一位是数字或 X，请与证件核对。"
    born = _date(bare[6:14])
    if born is None:
        return "身份证号第 7 至 14 位不是一个日期，请与证件核对。"
    if born > (on or _today()) or born.year < 1880:
        return "身份证号里的出生日期不可能，请与证件核对。"
    if ric.calc_check_digit(bare) == bare[-1]:
        return None
    if bare.endswith("000"):
        return "身份证号末三位是 000 且校验不符，多半被 Excel 丢了后三位，请把该列设为文本后重新填写。"
    return "身份证号的最后一位（校验码）不对，请与证件核对，多半是有一位抄错了。"


def is_valid(text: str | None) -> bool:
    """True when the identity number has no fault."""
    return fault(text) is None


def birth_date(text: str) -> date | None:
    """The birth date in an identity number; None when there is none.

    >>> birth_date("11010519491231002X")
    datetime.date(1949, 12, 31)
    """
    bare = normalise(text)
    return _date(bare[6:14]) if len(bare) == _LENGTH else None


def sex(text: str) -> str | None:
    """'男' or '女' by the 17th character; None when there is none.

    >>> sex("11010519491231002X"), sex("110105491231001")
    ('女', '男')
    """
    bare = normalise(text)
    if len(bare) != _LENGTH or not bare[16].isdecimal():
        return None
    return "男" if int(bare[16]) % 2 else "女"


def make(region: str, birth: date, seq: int) -> str:
    """A number with a right check character, for the demo and for tests (region 9999xx is nobody's).

    >>> make("110105", date(1949, 12, 31), 2)
    '11010519491231002X'
    """
    if not re.fullmatch(r"[1-9]\d{5}", region, re.ASCII) or not 0 <= seq <= 999:
        raise ValueError("region is 6 digits, seq 0 to 999")
    body = f"{region}{birth:%Y%m%d}{seq:03}"
    return body + ric.calc_check_digit(body + "0")


def mask(text: str | None) -> str:
    """First and last four characters, always 18 long; for holders of the case only (security.md T5, R-30).

    >>> mask("310101198001010021"), mask("not a number"), mask("")
    ('3101**********0021', '******************', '')
    """
    bare = normalise(text)
    if not bare:
        return ""
    return f"{bare[:4]}{'*' * 10}{bare[-4:]}" if len(bare) == _LENGTH else "*" * _LENGTH


def last4(text: str | None) -> str:
    """The last four characters, for lists; stars when the number is too short to show any.

    >>> last4("310101198001010021"), last4("1234")
    ('0021', '****')
    """
    return _tail(normalise(text))


def normalise_card(text: str | None) -> str:
    """A card or account number without spaces and hyphens, half-width.

    >>> normalise_card("6222 0200-0000 ００００ 000")
    '6222020000000000000'
    """
    return _bare(text)


def card_fault(text: str | None) -> str | None:
    """What is wrong with a bank card number, in one Chinese sentence; None when it can be one.

    Passbooks and company accounts need not pass: ask only when the account is a card.

    >>> card_fault("6221260000000000"), card_fault("6222020000000000000")
    (None, None)
    >>> card_fault("6221260000000001")
    '银行卡号最后一位校验不符，请与卡面核对。'
    """
    bare = normalise_card(text)
    if not bare:
        return "请填写银行卡号。"
    if _EXCEL_POWER.fullmatch(bare):
        return "银行卡号被 Excel 变成了科学计数，后几位已经丢失，请把该列设为文本后重新填写。"
    if not bare.isascii() or not bare.isdecimal():
        return "银行卡号只能是数字，请与卡面核对。"
    if not 16 <= len(bare) <= 19:
        return f"银行卡号应是 16 至 19 位数字，现在是 {len(bare)} 位，请与卡面核对。"
    if luhn.is_valid(bare):
        return None
    if bare.endswith("000"):
        return "银行卡号末三位是 000 且校验不符，多半被 Excel 丢了后几位，请把该列设为文本后重新填写。"
    return "银行卡号最后一位校验不符，请与卡面核对。"


def mask_card(text: str | None) -> str:
    """The last four digits after twelve stars.

    >>> mask_card("6222020000000001234"), mask_card("12"), mask_card(None)
    ('************1234', '****************', '')
    """
    bare = normalise_card(text)
    return _MASK_CARD + _tail(bare) if bare else ""


def credit_code_fault(text: str | None) -> str | None:
    """What is odd about a 统一社会信用代码, in one Chinese sentence; None when it is right.

    Warn with it, never refuse: codes in use are said to fail their own check.

    >>> credit_code_fault("81000000MC0000001Y"), credit_code_fault("81000000MC00000110")
    (None, None)
    >>> credit_code_fault("81000000MC00000011")
    '统一社会信用代码的最后一位校验不符，请与证书核对。'
    """
    bare = _bare(text)
    if not bare:
        return "请填写统一社会信用代码。"
    if len(bare) != _LENGTH:
        return f"统一社会信用代码应是 18 位，现在是 {len(bare)} 位，请与证书核对。"
    if not _CREDIT_ALPHABET.issuperset(bare):
        return "统一社会信用代码里有不会出现的字符（不用 I、O、S、V、Z），请与证书核对。"
    if uscc.calc_check_digit(bare) != bare[-1]:
        return "统一社会信用代码的最后一位校验不符，请与证书核对。"
    return None


def mask_phone(text: str | None) -> str:
    """First three and last four digits of a mobile number; of other numbers the last four.

    >>> mask_phone("138 1234 5678"), mask_phone("029-87654321"), mask_phone("110"), mask_phone("")
    ('138****5678', '****4321', '****', '')
    """
    bare = _bare(text)
    if not bare:
        return ""
    if re.fullmatch(r"1\d{10}", bare, re.ASCII):
        return f"{bare[:3]}****{bare[-4:]}"
    return "****" + (bare[-4:] if len(bare) >= 8 else "")


def mask_name(text: str | None) -> str:
    """The name with its second character hidden.

    >>> mask_name("唐志远"), mask_name("李四"), mask_name("欧阳修远"), mask_name("阿"), mask_name(" ")
    ('唐*远', '李*', '欧*修远', '*', '')
    """
    bare = (text or "").strip()
    if len(bare) < 2:
        return "*" if bare else ""
    return f"{bare[0]}*{bare[2:]}"


def _bare(text: str | None) -> str:
    if text and text.isascii() and text.isalnum():
        return text.upper()
    return _GAPS.sub("", unicodedata.normalize("NFKC", text or "")).upper()


def _tail(bare: str) -> str:
    return bare[-4:] if len(bare) >= 8 else "****"


def _date(digits: str) -> date | None:
    if len(digits) != 8 or not digits.isascii() or not digits.isdecimal():
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _today() -> date:
    # China has no summer time now: UTC+8, without asking the database
    return (datetime.now(UTC) + timedelta(hours=8)).date()


_LONG_NUMBER = re.compile(r"(?<![0-9])(?:[0-9]{17}[0-9Xx]|[0-9]{15,19})(?![0-9])")


def contains_number(text: str | None) -> bool:
    """Whether a free text holds what looks like an identity or card number: it has no place in remarks.

    >>> contains_number("户主 11010519491231002X 重复"), contains_number("2024-02-24 共 300.00 元")
    (True, False)
    """
    plain = unicodedata.normalize("NFKC", text or "").replace(" ", "")
    return _LONG_NUMBER.search(plain) is not None
