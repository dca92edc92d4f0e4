"""Money: integer 分 in the database, `Decimal` 元 in Python, 万元 only where a person reads it.

Sums are made in 分 and converted once, at the end. The published figures of domain.md 4.4 show why:

>>> lines = ("1746070 2930000 500000 3600000 8477210 10105260 600000 12140154 9050760.99 719270 206090").split()
>>> fen = sum(to_fen(Decimal(line)) for line in lines)
>>> from_fen(fen), wan_yuan(fen), wan_yuan(fen, 1), wan_yuan(fen, 0)
(Decimal('50074814.99'), Decimal('5007.48'), Decimal('5007.5'), Decimal('5007'))
>>> [str(sum(wan_yuan(to_fen(Decimal(line)), places) for line in lines)) for places in (2, 1, 0)]
['5007.50', '5007.4', '5009']
>>> fen += to_fen(Decimal("20292496.30"))
>>> from_fen(fen), wan_yuan(fen), wan_yuan(fen, 1)
(Decimal('70367311.29'), Decimal('7036.73'), Decimal('7036.7'))
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models

FEN = Decimal("0.01")
MOST_FEN = 2**63 - 1
MOST_TYPED = Decimal(100_000_000_000)
"""The largest amount that is taken from people and files: SQLite still sums a million of them, a spreadsheet shows them."""
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)

_PLAIN = re.compile(r"[-−]?(\d+(\.\d*)?|\.\d+)")
_COMMAS = re.compile(r"[-−]?\d{1,3}(,\d{3})+(\.\d*)?")
_UNIT_WORDS = re.compile(r"^(人民币|RMB|¥)+|(元|圆)?(整|正)?$", re.IGNORECASE)


def to_fen(yuan: Decimal | int) -> int:
    """An amount in 元 as whole 分; `ValueError` when it is finer than 1 分 or too large to store.

    >>> to_fen(Decimal("300.50"))
    30050
    """
    return _whole(yuan, 100, "金额最多写到分（两位小数）。")


def from_fen(fen: int) -> Decimal:
    """Whole 分 as an amount in 元 with two places.

    >>> from_fen(-5)
    Decimal('-0.05')
    """
    return _EXACT.divide(Decimal(fen), Decimal(100)).quantize(FEN, context=_EXACT)


def wan_yuan(fen: int, places: int = 2) -> Decimal:
    """Whole 分 as 万元, rounded half up once.

    >>> wan_yuan(48_000_00, 1), wan_yuan(480_00), wan_yuan(50_00)
    (Decimal('4.8'), Decimal('0.05'), Decimal('0.01'))
    """
    return rounded(_EXACT.divide(Decimal(fen), Decimal(1_000_000)), places)


def from_wan(wan: Decimal | int) -> int:
    """An amount in 万元 as whole 分; `ValueError` when it is finer than 1 分.

    >>> from_wan(Decimal("5007.48"))
    5007480000
    """
    return _whole(wan, 1_000_000, "万元数最多写到六位小数（1 分 = 0.000001 万元）。")


def rounded(value: Decimal | int, places: int) -> Decimal:
    """The number with so many decimals, half away from zero.

    >>> rounded(Decimal("0.125"), 2), rounded(Decimal("-2.5"), 0)
    (Decimal('0.13'), Decimal('-3'))
    """
    return Decimal(value).quantize(Decimal(1).scaleb(-places), context=_EXACT)


def grouped(value: Decimal | int | None, places: int | None = None) -> str:
    """A number with thousands commas and a true minus sign; without `places` its own decimals are kept.

    >>> grouped(Decimal("1234567.89")), grouped(-1234), grouped(Decimal("0.5"), 2), grouped(None)
    ('1,234,567.89', '−1,234', '0.50', '')
    """
    if value is None:
        return ""
    if not isinstance(value, Decimal | int):
        raise TypeError(f"grouped() takes Decimal or int, not {type(value).__name__}")
    number = Decimal(value) if places is None else rounded(value, places)
    if number == 0:
        number = abs(number)
    return f"{number:,f}".replace("-", "−")


def parse_amount(text: str) -> Decimal:
    """What a person typed as an amount in 元; `ValueError` with a Chinese sentence when it is none.

    Full-width digits, thousands commas, spaces, 元 and ￥ are read.

    >>> parse_amount("￥１,２３４.５ 元"), parse_amount("-300"), parse_amount("1 680.32元")
    (Decimal('1234.50'), Decimal('-300.00'), Decimal('1680.32'))
    >>> parse_amount("1,23")
    Traceback (most recent call last):
    ValueError: “1,23”里的逗号位置不对，请写成 1234.56 或 1,234.56。
    """
    shown = text.strip()[:30]
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if "万" in bare:
        raise ValueError(f"“{shown}”带有“万”字，请换算成元再填，例如 1.2万元 写成 12000。")
    bare = _UNIT_WORDS.sub("", bare)
    if not bare:
        raise ValueError("请填写金额，单位是元，例如 1234.56。")
    if "," in bare and not _COMMAS.fullmatch(bare):
        raise ValueError(f"“{shown}”里的逗号位置不对，请写成 1234.56 或 1,234.56。")
    bare = bare.replace(",", "")
    if not _PLAIN.fullmatch(bare) or not bare.isascii() and "−" not in bare:
        raise ValueError(f"“{shown}”不是金额，请只写数字，单位是元，例如 1234.56。")
    return typed(Decimal(bare.replace("−", "-")))


def typed(yuan: Decimal | int) -> Decimal:
    """An amount that came from a person or a file, with two places; `ValueError` when it is too large to be meant.

    >>> typed(300), typed(Decimal("12.5"))
    (Decimal('300.00'), Decimal('12.50'))
    """
    amount = from_fen(to_fen(yuan))
    if abs(amount) > MOST_TYPED:
        raise ValueError("金额太大，请检查小数点和位数。")
    return amount


def capitals(yuan: Decimal | int) -> str:
    """An amount in 元 in the capital numerals that vouchers ask for.

    >>> capitals(Decimal("1680.32")), capitals(Decimal("107000.53")), capitals(Decimal("16409.02"))
    ('壹仟陆佰捌拾元叁角贰分', '壹拾万柒仟元伍角叁分', '壹万陆仟肆佰零玖元零贰分')
    >>> capitals(300), capitals(Decimal("0.05")), capitals(Decimal("6.10")), capitals(0)
    ('叁佰元整', '伍分', '陆元壹角整', '零元整')
    >>> capitals(100_000_000), capitals(1_0001_0000), capitals(1_0000_0000_0010), capitals(-20)
    ('壹亿元整', '壹亿零壹万元整', '壹万亿零壹拾元整', '负贰拾元整')
    """
    fen = to_fen(yuan)
    whole, jiao, cent = abs(fen) // 100, abs(fen) // 10 % 10, abs(fen) % 10
    said = "负" if fen < 0 else ""
    if whole or not fen:
        said += _capital_number(whole) + "元"
    if not jiao and not cent:
        return said + "整"
    if jiao:
        said += _DIGITS[jiao] + "角"
    elif whole:
        said += "零"
    return said + (_DIGITS[cent] + "分" if cent else "整")


_DIGITS = "零壹贰叁肆伍陆柒捌玖"


def _capital_number(number: int) -> str:
    """A whole number; each unit splits it into what stands before the unit and what after."""
    for size, unit in ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾")):
        if number >= size:
            before, after = divmod(number, size)
            # a gap between two written digits is said once, as 零
            gap = "零" if 0 < after < size // 10 else ""
            return _capital_number(before) + unit + (gap + _capital_number(after) if after else "")
    return _DIGITS[number]


def _whole(value: Decimal | int, factor: int, finer: str) -> int:
    if not isinstance(value, Decimal | int) or isinstance(value, bool):
        raise TypeError(f"money is Decimal or int, not {type(value).__name__}")
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError("金额不是一个数。")
    if abs(number) > MOST_FEN // factor:
        raise ValueError("金额太大，请检查小数点和位数。")
    # at most 17 digits before the point and 30 after it: the product is exact in 60
    if int(number.as_tuple().exponent) < -30:
        raise ValueError(finer)
    fen = _EXACT.multiply(number, Decimal(factor))
    if fen != int(fen):
        raise ValueError(finer)
    return int(fen)


class MoneyFormField(forms.Field):
    """A text box for an amount in 元, read by `parse_amount`, shown as `1234.50`."""

    widget = forms.TextInput
    default_error_messages = {"required": "请填写金额，单位是元。"}

    def __init__(self, *, min_value: Decimal | int | None = None, **kwargs):
        super().__init__(**kwargs)
        if min_value is not None:
            sentence = f"金额不能小于 {grouped(Decimal(min_value), 2)} 元。"
            self.validators.append(MinValueValidator(Decimal(min_value), sentence))

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value):
        return f"{value:.2f}" if isinstance(value, Decimal) else value

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, str) and not value.strip():
            return None
        try:
            return parse_amount(value) if isinstance(value, str) else typed(value)
        except ValueError as fault:
            raise ValidationError(str(fault), code="invalid") from None


if TYPE_CHECKING:
    from django.db.models.expressions import Combinable


class MoneyField(models.BigIntegerField):
    """An amount: a column of whole 分, in Python a `Decimal` of 元 with two places.

    `Sum`, `Min`, `Max`, `Coalesce(Sum(…), 0)` give 元 as well. Arithmetic between expressions
    (`F("a") + F("b")`) gives 分 unless wrapped in `ExpressionWrapper(…, output_field=MoneyField())`, and a number
    in it must be `Value(amount, output_field=MoneyField())`: Django lets no field choose that. `Avg` is not for money.
    """

    description = "金额（元，存为分）"

    if TYPE_CHECKING:
        # What the type checker reads: Decimal comes out, anything that names an amount goes in.
        _pyi_private_set_type: Decimal | int | str | Combinable  # type: ignore[assignment]
        _pyi_private_get_type: Decimal  # type: ignore[assignment]
        _pyi_lookup_exact_type: Decimal | int | str  # type: ignore[assignment]

    @property
    def validators(self):
        # the range of the column is kept by to_fen(); the inherited one would compare 元 with a limit of 分
        return [*self.default_validators, *self._validators]

    def from_db_value(self, value, expression, connection):
        return None if value is None else from_fen(int(value))

    def to_python(self, value):
        if value is None or value == "":
            return None
        try:
            return from_fen(to_fen(Decimal(value) if isinstance(value, str) else value))
        except DecimalException:
            raise ValidationError("金额不是一个数，请写成 1234.56 这样。", code="invalid") from None
        except ValueError as fault:
            raise ValidationError(str(fault), code="invalid") from None

    def get_prep_value(self, value):
        if hasattr(value, "resolve_expression"):
            return value
        amount = self.to_python(value)
        return None if amount is None else to_fen(amount)

    def pre_save(self, model_instance, add):
        value = getattr(model_instance, self.attname)
        if value is not None and not hasattr(value, "resolve_expression"):
            # so that an amount reads the same before and after it was loaded again
            value = self.to_python(value)
            setattr(model_instance, self.attname, value)
        return value

    def value_to_string(self, obj):
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs):
        # past BigIntegerField, which would add the limits of the column in 分
        return models.Field.formfield(self, **{"form_class": MoneyFormField, **kwargs})
