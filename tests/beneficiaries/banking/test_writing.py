"""Bank files as written: text cells, two places, encodings; and what stops a line before anything is written."""

from dataclasses import replace
from decimal import Decimal

import pytest

from beneficiaries.banking import Column, line_faults, parts, render, shipped
from relief.lib.xlsx import read_workbook
from tests.beneficiaries.banking.answers import transfer
from tests.beneficiaries.banking.test_layouts import THREE, layout


def said(form, *transfers) -> list[tuple[int, str, bool]]:
    return [(fault.serial, fault.says, fault.warning) for fault in line_faults(form, transfers)]


def test_accounts_are_text_and_amounts_are_numbers():
    (sheet,) = read_workbook(render(shipped()["generic"], [transfer(1), transfer(2)])).sheets
    assert sheet.rows == [
        ["序号", "账号", "户名", "金额", "备注"],
        [1, "6222020000000000000", "唐志远", 300, "FF-2024-000001"],
        [2, "6221260000000000", "魏建国", 600, "FF-2024-000002"],
    ]
    assert sheet.formulas == frozenset()


def test_fixed_values_fill_their_columns():
    icbc = shipped()["icbc"]
    filled = {"付款账号开户行": "工行青岬支行", "付款账号": "1234567890123456789", "付款账号名称": "青岬县教育工会"}
    form = replace(icbc, columns=tuple(replace(c, fixed=filled.get(c.head, c.fixed)) for c in icbc.columns))
    (sheet,) = read_workbook(render(form, [transfer(phone="13900000001")])).sheets
    assert sheet.rows[1] == [
        "工行青岬支行",
        "1234567890123456789",
        "青岬县教育工会",
        "云岭银行青岬支行",
        None,
        None,
        "6222020000000000000",
        "唐志远",
        300,
        "拨款",
        "FF-2024-000001",
        "13900000001",
    ]


def test_a_text_file_of_the_bank_of_china_has_no_head_and_its_own_encoding():
    data = render(shipped()["boc_salary"], [transfer(1, amount=Decimal("0.50"))])
    assert data.decode("gb18030") == "6222020000000000000|唐志远|0.50|||FF-2024-000001\r\n"


def test_a_csv_file_says_its_encoding():
    form = layout(kind="csv")
    assert render(form, [transfer()]) == "账号,户名,金额\r\n6222020000000000000,唐志远,300.00\r\n".encode("utf-8-sig")
    assert render(replace(form, encoding="gb18030"), [transfer()]).decode("gb18030").startswith("账号,户名")


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+1", "-1"])
def test_no_text_becomes_a_formula(text):
    form = layout(columns=(*THREE, Column("备注", fixed=text)))
    (sheet,) = read_workbook(render(form, [transfer()])).sheets
    assert (sheet.rows[1][3], sheet.formulas) == (text, frozenset())
    assert render(replace(form, kind="csv"), [transfer()]).decode("utf-8-sig").splitlines()[1].endswith(f",'{text}")


def test_files_are_cut_at_the_most_lines():
    cut = parts([transfer(n) for n in range(1, 104)], 50)
    assert [len(part) for part in cut] == [50, 50, 3]
    assert [part[0].serial for part in cut] == [1, 1, 1]
    assert [part[0].number for part in cut] == ["FF-2024-000001", "FF-2024-000051", "FF-2024-000101"]


def test_every_fault_of_every_line_is_said_at_once():
    lines = [
        transfer(1, account=""),
        transfer(2, account="62220200000", card=True),
        transfer(3, account="6222AB"),
        transfer(4, name="", amount=Decimal(0)),
        transfer(5, name="很长" * 16),
        transfer(6, name="=cmd|' /C calc'!A0"),
        transfer(7, amount=Decimal("1.005")),
        transfer(8, amount=Decimal("-3.00")),
    ]
    assert said(shipped()["generic"], *lines) == [
        (1, "没有收款账号。", False),
        (2, "银行卡号应是 16 至 19 位数字，现在是 11 位，银行可能退回。", True),
        (3, "账号不是 8 至 32 位数字。", False),
        (4, "没有户名。", False),
        (4, "金额须大于 0。", False),
        (5, "户名 32 个字，这家银行最多收 30 个字。", False),
        (6, "户名里有银行不收的符号。", False),
        (7, "金额的小数超过两位。", False),
        (8, "金额须大于 0。", False),
    ]


def test_the_check_digit_only_warns():
    assert said(shipped()["generic"], transfer(account="6222020000000000001")) == [
        (1, "银行卡号最后一位校验不符，银行可能退回。", True)
    ]
    assert said(shipped()["generic"], transfer(account="6222020000000000001", card=False)) == []


def test_a_bank_that_takes_its_own_accounts_only():
    city = replace(shipped()["city_bank"], own_bank="云岭银行、云岭商行")
    lines = [transfer(1), transfer(2, bank="工商银行青岬支行"), transfer(3, bank="")]
    assert said(city, *lines) == [
        (2, "开户行不是本行，这个方案只收本行账户。", False),
        (3, "没有登记开户行，看不出是不是本行账户。", False),
    ]


def test_a_branch_is_needed_where_the_layout_has_its_column():
    form = shipped()["union_sheet"]
    assert said(form, transfer(1, bank=""), transfer(2, bank="工商银行"), transfer(3)) == [
        (1, "没有开户行及支行，这一列必填。", False),
        (2, "开户行没有写到支行，跨行时银行可能退回。", True),
    ]
    assert said(shipped()["generic"], transfer(1, bank="")) == []


def test_a_text_file_has_no_separator_inside():
    form = replace(shipped()["boc_salary"], columns=(*shipped()["boc_salary"].columns, Column("单位", "union")))
    assert said(form, transfer(1, name="唐|志远", union="一|二")) == [
        (1, "户名里有文件的分隔符。", False),
        (1, "“单位”里有换行或分隔符。", False),
    ]


def test_nothing_of_a_person_is_in_a_fault_or_in_the_words_of_a_line():
    line = transfer(1, account="6222020000000000001", name="=唐志远", bank="云岭银行", phone="13900000001")
    told = repr(line) + "".join(f"{f.says}{f.todo}" for f in line_faults(shipped()["union_sheet"], [line]))
    assert [secret for secret in ("0000001", "唐志远", "云岭银行", "13900000001") if secret in told] == []
