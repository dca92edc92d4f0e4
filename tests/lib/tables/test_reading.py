"""A whole sheet: heads in any place, rows that are none, and every fault with its place."""

import datetime
import io
from decimal import Decimal

import openpyxl
import pytest

from relief.lib.tables import Told, blank_workbook, marked_copy, told_once
from relief.lib.xlsx import LIST, read_workbook
from tests.lib.tables.sheets import FIELDS, GOOD, HEAD, table, values, workbook

DAY = datetime.date(2024, 1, 5)


def said(found):
    return [(fault.sheet, fault.row, fault.column, fault.tail, fault.says) for fault in found.faults]


def test_columns_are_found_in_any_order_under_any_name():
    found = table(["序号", "日期", "补助 金额", "凭证号", "* 来 源"], [1, "2024.1.5", "３００", "记-1", "工会经费"])
    assert values(found, "source", "amount", "received_on", "voucher") == [
        ("own_union", Decimal("300.00"), DAY, "记-1")
    ]
    assert found.faults == []
    assert found.mapping == [
        ("筹集", "* 来 源", "资金来源"),
        ("筹集", "补助 金额", "金额"),
        ("筹集", "日期", "到账日期"),
        ("筹集", "凭证号", "凭证号"),
        ("筹集", "序号", ""),
    ]
    assert found.notes == ["全角字符 1 处，已换算", "文本日期 1 处，已换算"]


def test_titles_above_the_head_are_no_data():
    found = table(["2024年筹集台账"], ["单位：青岬县第一中学工会"], HEAD, GOOD)
    assert len(found.rows) == 1
    assert found.notes[0] == "“筹集”的表头在第 3 行，上面的标题没有当作数据"


def test_a_head_of_two_merged_rows_is_put_together():
    def merge(book):
        ws = book.active
        ws.merge_cells("A1:A2")
        ws.merge_cells("B1:B2")
        ws.merge_cells("C1:C2")
        ws.merge_cells("D1:E1")

    found = table(
        ["来源", "金额", "日期", "其中农民工", None], [None, None, None, "人数", "备注"], [*GOOD[:3], 7], change=merge
    )
    assert values(found, "source", "persons") == [("central", 7)]
    assert found.notes[0] == "“筹集”的表头是两行，已合起来认"


def test_ten_thousands_are_converted_and_said():
    found = table(["资金来源", "金额（万元）", "到账日期"], ["中央财政", Decimal("1.2"), "2024-01-05"])
    assert (values(found, "amount"), found.notes[0]) == (
        [(Decimal("12000.00"),)],
        "“筹集”的“金额（万元）”已从万元换算成元",
    )


def test_rows_that_are_no_data_are_counted():
    found = table(HEAD, GOOD, [" ", None, "　", None], ["合 计", 350, None, None])
    assert (len(found.rows), found.seen) == (1, 1)
    assert found.notes == ["合计行 1 行，不当作数据", "看似有内容的空白行 1 行，略过", "文本日期 1 处，已换算"]
    assert found.totals == [("筹集", 4, "金额（元）", Decimal("350.00"), Decimal("300.00"))]


def test_all_faults_of_a_row_are_told_at_once():
    found = table(HEAD, ["中央专项", "三百", "2024.2.31", "1.2E+18"], GOOD)
    assert said(found) == [
        ("筹集", 2, 1, "中央专项", "不在资金来源表里。最接近的是“中央财政”。"),
        ("筹集", 2, 2, "三百", "不是金额。"),
        ("筹集", 2, 3, "2024.2.31", "没有这一天。2月最后一天是 29 日。"),
        ("筹集", 2, 4, "1.2E+18", "显示成科学计数法，后几位已丢失。"),
    ]
    assert [row.row for row in found.rows] == [3]


def test_the_same_fault_is_told_once_with_its_rows():
    found = table(HEAD, *[["中央财政", None, "2024-01-05", ""]] * 25)
    (told,) = told_once(found.faults)
    assert told == Told("筹集", "B", "金额（元）", tuple(range(2, 22)), 25, "", "没有填金额。", "填入金额")


def test_formulas_are_refused_by_name():
    found = table(HEAD, ["中央财政", "=1+1", "2024-01-05", ""])
    assert said(found) == [("筹集", 2, 2, "", "这里是公式，不是填写的值。")]


def test_a_row_of_nothing_but_a_formula_is_no_blank_row():
    found = table(HEAD, GOOD, [None, "=1+1", None, None])
    assert [fault.row for fault in found.faults] == [3, 3, 3]


def test_error_cells_are_named():
    def spoil(book):
        book.active["B2"].data_type = "e"

    found = table(HEAD, ["中央财政", "#REF!", "2024-01-05", ""], change=spoil)
    assert said(found) == [("筹集", 2, 2, "#REF!", "公式引用已失效（#REF!），单元格里没有数。")]


def test_hidden_rows_are_named():
    def hide(book):
        book.active.row_dimensions[3].hidden = True

    found = table(HEAD, GOOD, GOOD, change=hide)
    assert said(found) == [("筹集", 3, 0, "", "这一行被隐藏或筛选掉了。")]


def test_a_hidden_sheet_is_named():
    def hide(book):
        book.create_sheet("旧表").append(HEAD)
        book["旧表"].sheet_state = "hidden"

    assert said(table(HEAD, GOOD, change=hide)) == [("旧表", 0, 0, "", "工作表被隐藏。")]


def test_all_sheets_are_read_and_foreign_ones_are_said():
    def more(book):
        for row in (HEAD, GOOD):
            book.create_sheet("第二页").append(row) if row is HEAD else book["第二页"].append(row)
        book.create_sheet("联系方式").append(["姓名", "电话"])

    found = table(HEAD, GOOD, change=more)
    assert [(row.sheet, row.row) for row in found.rows] == [("筹集", 2), ("第二页", 2)]
    assert found.notes[0] == "工作表“联系方式”里没有认得出的表头，没有读"


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        (["资金来源", "金额", "凭证号"], ("筹集", 1, 0, "", "没有“到账日期”这一列。")),
        (["资金来源", "金额", "到账日期", "补助金额"], ("筹集", 1, 4, "", "有两列是同一项，不知道该用哪一列。")),
        (["姓名", "电话"], ("", 0, 0, "", "文件里认不出表头。")),
    ],
)
def test_a_wrong_head_is_said(head, fault):
    assert said(table(head))[0] == fault


def test_the_template_comes_back_readable_and_offers_the_words():
    blank = blank_workbook("筹集", FIELDS)
    book = openpyxl.load_workbook(io.BytesIO(blank))
    assert book.sheetnames == ["筹集", "填写说明", "词表"]
    (rule,) = book["筹集"].data_validations.dataValidation
    assert (rule.formula1, str(rule.sqref)) == ("词表!$A$2:$A$3", "A2:A2001")
    assert [cell.value for cell in book["词表"]["A"]] == ["资金来源", "中央财政", "本级工会经费"]
    from_template = read_workbook(blank, LIST)
    assert [sheet.name for sheet in from_template.sheets] == ["筹集", "填写说明", "词表"]


def test_the_own_file_comes_back_coloured_with_words():
    data = workbook(
        HEAD,
        GOOD,
        ["=中央", "三百", "2024-01-05", ""],
        change=lambda book: setattr(book.active["A3"], "data_type", "s"),
    )
    found = table(HEAD, GOOD, ["中央专项", "三百", "2024-01-05", ""])
    copy, coloured = marked_copy(data, found.faults)
    ws = openpyxl.load_workbook(io.BytesIO(copy)).active
    assert (coloured, ws["B3"].fill.start_color.rgb, ws["B2"].fill.fill_type) == (True, "FFFFC7CE", None)
    assert [cell.value for cell in ws["E"]] == [
        None,
        "检查结果",
        "资金来源：不在资金来源表里。最接近的是“中央财政”。从下拉选；词表在模板第 3 页。\n金额（元）：不是金额。只写数字，单位是元，例如 1234.56。",
    ]


def test_a_file_that_cannot_be_coloured_gives_a_list():
    copy, coloured = marked_copy(b"no workbook", table(HEAD, ["中央财政", "三百", "2024-01-05", ""]).faults)
    ws = openpyxl.load_workbook(io.BytesIO(copy)).active
    assert (coloured, [cell.value for cell in ws[2]]) == (
        False,
        ["筹集", 2, "B 金额（元）", "三百", "不是金额。", "只写数字，单位是元，例如 1234.56"],
    )
