"""Heads of a sheet that somebody made are found in any order, across or down, in either money unit."""

from decimal import Decimal

import pytest

from relief.lib.xlsx import Sheet, Workbook
from reporting.spec import load_spec
from reporting.uploading.mapping import Choice, guess, mapped
from reporting.values import Value
from tests.reporting.pure.conftest import read_form


@pytest.fixture(scope="module")
def shanghai():
    return load_spec(read_form("fixtures/forms/shanghai-2019.json"))


@pytest.fixture(scope="module")
def donation():
    return load_spec(read_form("tests/fixtures/forms/donation-list.json"))


def book(rows, **more):
    return Workbook([Sheet("Sheet1", rows, **more)])


def choice_of(found, **changes):
    codes = [changes.get(f.head, f.code) for f in found.fields]
    return Choice(found.record, tuple(codes), tuple(f.unit for f in found.fields))


def taken(spec, found, **changes):
    result = mapped(spec, found, choice_of(found, **changes))
    assert result.faults == []
    return {code: value.number for code, value in result.values.items()}


def test_a_blanks_own_label_names_it_though_others_print_the_same_words():
    """02A1, 03A1 and 04C2 print nearly the same, and 06B holds those words: only the label decides."""
    suzhou = load_spec(read_form("fixtures/forms/suzhou-2013.json"))
    heads = ["单位", "其中困难农民工", "当地困难职工总数", "其中新生代农民工", "政府拨款（元）"]
    found = guess(suzhou, book([heads, ["某校", 7, 31, 4, 12000]]), ["某校"])
    assert {f.head: f.code for f in found.fields if f.code} == {
        "其中困难农民工": "02A1",
        "当地困难职工总数": "02A",
        "政府拨款（元）": "05A",
    }


def test_columns_in_any_order_with_other_units(shanghai):
    found = guess(
        shanghai,
        book(
            [
                ["某某大学工会（盖章）"],
                [
                    "单位",
                    "慰问走访人数",
                    "帮困金额（元）",
                    "2019年春节送温暖帮困受助人数",
                    "2018年度帮困总金额(万元)",
                    "备注",
                ],
                ["某某大学工会", 35, Decimal("125000.5"), "１２０", 60, "无"],
            ]
        ),
        ["某某大学工会"],
    )
    assert {f.head: f.code for f in found.fields if f.code} == {
        "慰问走访人数": "S4",
        "帮困金额（元）": "S2",
        "2019年春节送温暖帮困受助人数": "S1",
        "2018年度帮困总金额(万元)": "S6",
    }
    assert taken(shanghai, found) == {"S1": 120, "S2": 12_500_050, "S4": 35, "S6": 60_000_000}


def test_codes_as_heads_are_enough(shanghai):
    found = guess(shanghai, book([["S3", "S1"], [Decimal("1.5"), 8]]), [])
    assert taken(shanghai, found) == {"S1": 8, "S3": 1_500_000}


def test_labels_down_with_units_in_their_own_column(shanghai):
    rows = [
        ["项目", "单位", "数量"],
        ["2018年度帮困总人数", "人", 40],
        ["2018年度帮困总金额", "元", 52_000],
        ["一日捐筹措资金", "万元", Decimal("3.2")],
    ]
    found = guess(shanghai, book(rows), [])
    assert [(f.code, f.unit, f.place) for f in found.fields if f.code] == [
        ("S5", "", "2"),
        ("S6", "元", "3"),
        ("S3", "万元", "4"),
    ]
    assert taken(shanghai, found) == {"S3": 3_200_000, "S5": 40, "S6": 5_200_000}


def test_merged_heads_in_two_rows_are_read_together(donation):
    one, other = "区总工会“工会一日捐”", "区红十字会“千万人帮万家”"
    rows = [
        ["单位", one, None, other, None],
        [None, "捐款人数", "捐款金额（元）", "捐款人数", "捐款金额（元）"],
        ["第一中学工会", 3, 100, 2, 50],
        ["第二中学工会", 4, 200, 3, 60],
        ["合计", 7, 300, 5, 110],
    ]
    found = guess(donation, book(rows, merged=("A1:A2", "B1:C1", "D1:E1")), ["第二中学工会"])
    assert [f.code for f in found.fields if f.code] == ["J1A", "J1B", "J2A", "J2B"]
    assert [(r.name, r.place) for r in found.records] == [("第一中学工会", "3"), ("第二中学工会", "4"), ("合计", "5")]
    assert taken(donation, found) == {"J1A": 4, "J1B": 20_000, "J2A": 3, "J2B": 6_000}


def test_formulas_and_error_values_are_faults_with_their_place(shanghai):
    rows = [["S1", "S3"], [5, None]]
    found = guess(shanghai, book(rows, formulas=frozenset({"A2"}), errors={"B2": "#REF!"}), [])
    assert mapped(shanghai, found, choice_of(found)).faults == [
        "“Sheet1”A2（S1 2019年春节送温暖帮困受助人数）是公式，请粘贴为数值后再上传。",
        "“Sheet1”B2（S3 一日捐筹措资金）是错误值 #REF!，请粘贴为数值后再上传。",
    ]


def test_a_blank_chosen_twice_is_a_fault(shanghai):
    found = guess(shanghai, book([["S1", "人数乙"], [5, 6]]), [])
    faults = mapped(shanghai, found, choice_of(found, 人数乙="S1")).faults
    assert faults == ["“S1”选了两次：“Sheet1”A2 和 “Sheet1”B2，请只留一处。"]


def test_hidden_rows_and_other_sheets_are_told(shanghai):
    two = Workbook([Sheet("甲", [["S1"], [5]], hidden_rows=(2,)), Sheet("乙", [["旧"]])])
    assert guess(shanghai, two, []).notes == (
        "只读了工作表“甲”；乙没有用。",
        "有 1 行是隐藏的（第 2 行等），请核对。",
    )


def test_a_sheet_without_any_head_of_the_form_is_not_guessed(shanghai):
    assert guess(shanghai, book([["姓名", "身份证号"], ["唐志远", "x"]]), []) is None


def test_a_value_equal_in_both_units_is_the_same(shanghai):
    found = guess(shanghai, book([["帮困金额（元）"], [10_000]]), [])
    assert mapped(shanghai, found, choice_of(found)).values == {"S2": Value.of(1_000_000)}


def test_the_own_line_is_offered_however_far_down_it_stands(shanghai):
    rows = [["单位", "S1"], *([f"第{n}小学工会", n] for n in range(300)), ["望海大学工会", 7]]
    found = guess(shanghai, book(rows), ["望海大学工会"])
    assert (len(found.records), found.record, found.records[60].name) == (61, 60, "望海大学工会")
    assert taken(shanghai, found) == {"S1": 7}


def test_a_long_text_is_no_head_and_only_the_first_sheets_are_looked_at(shanghai):
    code = shanghai.leaves[0]
    assert guess(shanghai, book([[code], [5]]), []) is not None
    assert guess(shanghai, book([["说明 " * 100 + code], [5]]), []) is None
    others = [Sheet(f"第{n}张", [["说明"]]) for n in range(20)]
    assert guess(shanghai, Workbook([*others, Sheet("表", [[code], [5]])]), []) is None
