"""One cell: what is read, and the sentence about what cannot be."""

import datetime
from decimal import Decimal

import pytest

from relief.lib.tables import readers as read
from relief.lib.tables.model import Unreadable

NEW_YEAR = datetime.date(2024, 1, 5)


@pytest.mark.parametrize(
    "cell",
    [
        NEW_YEAR,
        datetime.datetime(2024, 1, 5, 9, 30),
        45296,
        20240105,
        "20240105",
        "2024-01-05",
        "2024-1-5",
        "2024/1/5",
        "2024.1.5",
        "2024年1月5日",
        "2024年01月05日",
        "２０２４年１月５日",
        "2024 年 1 月 5 日",
        " 2024-01-05 ",
        "2024-01-05 00:00:00",
    ],
)
def test_a_day_is_read_as_people_write_it(cell):
    assert read.day(cell) == NEW_YEAR


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("2024.2.31", "没有这一天。2月最后一天是 29 日。"),
        ("2023年2月29日", "没有这一天。2月最后一天是 28 日。"),
        ("2024.13.1", "没有这个年份或月份。"),
        ("0024-01-01", "没有这个年份或月份。"),
        ("2024.1", "只有年月，没有日。"),
        (Decimal("2009.7"), "只有年月，没有日。"),
        ("2009年7月", "只有年月，没有日。"),
        ("春节前", "不是日期。"),
        (12, "不是日期。"),
        (True, "不是日期。"),
    ],
)
def test_what_is_no_day_is_said(cell, says):
    with pytest.raises(Unreadable) as fault:
        read.day(cell)
    assert fault.value.says == says


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (300, "300.00"),
        (Decimal("0.5"), "0.50"),
        ("１，２３４.５元", "1234.50"),
        ("￥1,680.32", "1680.32"),
        ("300", "300.00"),
    ],
)
def test_money_is_read(cell, amount):
    assert read.money(cell) == Decimal(amount)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (Decimal("300.005"), "金额细于 1 分（单元格可能只显示两位小数）。"),
        ("1.2万元", "带有“万”字。"),
        ("现金", "不是金额。"),
        (True, "不是金额。"),
        (NEW_YEAR, "不是金额。"),
        (1234567890123450000, "Excel 只留 15 位数字，后面的成了 0，原号已丢失，不能推算。"),
    ],
)
def test_what_is_no_money_is_said(cell, says):
    with pytest.raises(Unreadable) as fault:
        read.money(cell)
    assert fault.value.says == says


@pytest.mark.parametrize(
    ("cell", "number"), [(12, 12), (Decimal("12.0"), 12), ("１２人次", 12), ("1,200", 1200), (0, 0)]
)
def test_a_count_is_read(cell, number):
    assert read.whole(cell) == number


@pytest.mark.parametrize("cell", [-1, Decimal("1.5"), "十二", "-3", True, 2**31, "1e3"])
def test_what_is_no_count_is_refused(cell):
    with pytest.raises(Unreadable):
        read.whole(cell)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("1.23E+17", "显示成科学计数法，后几位已丢失。"),
        ("１.２３Ｅ+１７", "显示成科学计数法，后几位已丢失。"),
        (6222020000000000, "Excel 只留 15 位数字，后面的成了 0，原号已丢失，不能推算。"),
        (Decimal("1.2345E+17"), "Excel 只留 15 位数字，后面的成了 0，原号已丢失，不能推算。"),
        ("一" * 6, "超过 5 个字。"),
    ],
)
def test_lost_digits_are_called_lost(cell, says):
    with pytest.raises(Unreadable) as fault:
        read.text(5)(cell)
    assert fault.value.says == says


def test_a_word_of_a_list_is_read_and_a_near_one_named():
    source = read.choice({"中央财政": "central", "工会经费": "own_union"}, "资金来源")
    assert [source(word) for word in ("中央财政", " 中央 财政 ", "工会经费")] == ["central", "central", "own_union"]
    with pytest.raises(Unreadable) as fault:
        source("中央专项")
    assert fault.value.says == "不在资金来源表里。最接近的是“中央财政”。"
    with pytest.raises(Unreadable) as fault:
        source("xyz")
    assert fault.value.says == "不在资金来源表里。"
