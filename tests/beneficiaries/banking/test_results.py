"""The bank's answer: columns in any order, every row with its line, all faults at once, nothing hostile read."""

import io
import zipfile
from decimal import Decimal

import pytest

from beneficiaries.banking import match, read_result, shipped
from relief.lib.xlsx import BadWorkbook
from tests.beneficiaries.banking.answers import CARDS, csv_file, transfer, xlsx

GENERIC = shipped()["generic"]
SENT = [transfer(1), transfer(2), transfer(3)]
HEAD = ["账号", "户名", "金额", "处理结果", "失败原因"]
GOOD = [
    HEAD,
    [CARDS[0], "唐志远", 300, "成功", None],
    [CARDS[1], "魏建国", 600, "失败", "户名与账号不符"],
    [CARDS[2], "孟广田", 900, "成功", None],
]
OUTCOMES = [(1, "paid", ""), (2, "failed", "户名与账号不符"), (3, "paid", "")]


def control(data: bytes, sent=SENT, layout=GENERIC):
    rows, table = read_result(data, layout)
    found = match(sent, rows)
    found.faults = [*table.faults, *found.faults]
    return found


def outcomes(found) -> list[tuple[int, str, str]]:
    return [(line.serial, line.outcome, line.reason) for line in found.lines]


def faults(found) -> list[tuple[int, str]]:
    return [(fault.row, fault.says) for fault in found.faults]


def test_a_result_closes_with_its_file():
    found = control(xlsx(GOOD))
    assert (outcomes(found), faults(found), found.missing) == (OUTCOMES, [], [])
    assert (found.returned, found.returned_amount, found.closes) == (3, Decimal("1800.00"), True)


@pytest.mark.parametrize("order", [[3, 4, 2, 1, 0], [0, 3, 4, 1, 2]], ids=["backwards", "mixed"])
def test_columns_are_found_in_any_order(order):
    assert outcomes(control(xlsx([[row[at] for at in order] for row in GOOD]))) == OUTCOMES


def test_headings_have_other_names_and_a_title_above():
    rows = [["代发结果明细"], ["收款人账号", "收款人姓名", "交易金额（元）", "交易状态", "返回信息"], *GOOD[1:]]
    assert outcomes(control(xlsx(rows))) == OUTCOMES


def test_the_headings_of_the_own_layout_are_known():
    rows = [["收款账号", "收款账号名称", "金额", "处理结果", "失败原因"], *GOOD[1:]]
    assert outcomes(control(xlsx(rows), layout=shipped()["icbc"])) == OUTCOMES


@pytest.mark.parametrize("separator", [",", "|", "\t", ";"])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig"])
def test_text_files_are_read_too(separator, encoding):
    rows = [["" if cell is None else cell for cell in row] for row in GOOD]
    assert outcomes(control(csv_file(rows, separator, encoding))) == OUTCOMES


def test_the_serial_number_alone_is_enough():
    rows = [["序号", "处理结果", "原因"], [1, "交易成功", ""], [2, "退汇", "账户已销户"], [3, "处理中", ""]]
    found = control(xlsx(rows))
    assert outcomes(found) == [(1, "paid", ""), (2, "failed", "账户已销户"), (3, "pending", "")]
    assert (found.count("paid"), found.count("failed"), found.count("pending")) == (1, 1, 1)


def test_the_own_number_comes_back_as_a_remark():
    rows = [["备注", "状态"], ["FF-2024-000003", "成功"], ["FF-2024-000001", "失败"]]
    found = control(xlsx(rows))
    assert outcomes(found) == [(1, "failed", "银行没有写明原因"), (3, "paid", "")]
    assert found.missing == [2]


def test_masked_accounts_and_names_are_matched():
    rows = [HEAD, ["6222***********0000", "唐*远", 300, "成功", None], ["622126******0000", "魏**", 600, "成功", None]]
    found = control(xlsx(rows))
    assert (outcomes(found), found.missing) == ([(1, "paid", ""), (2, "paid", "")], [3])


def test_a_missing_line_and_an_open_control_total_are_told():
    found = control(xlsx(GOOD[:3]))
    assert (found.missing, found.closes) == ([3], False)
    assert (found.declared, found.returned) == (3, 2)
    assert (found.declared_amount, found.returned_amount) == (Decimal("1800.00"), Decimal("900.00"))


def test_doubled_unknown_and_contradicting_rows_are_told_at_once():
    rows = [
        *GOOD,
        GOOD[1],
        ["6222020000000001111", "郑立新", 50, "成功", None],
        [CARDS[1], "魏建国", 601, "成功", None],
        [CARDS[1], "魏大国", 600, "成功", None],
        [CARDS[1], "魏建国", 600, "或许", None],
        [None, "魏建国", 600, "成功", None],
    ]
    found = control(xlsx(rows))
    assert faults(found) == [
        (9, "认不出是成功还是失败。"),
        (10, "没有账号、序号和编号，不知道是哪一笔。"),
        (5, "与第 2 行是同一笔，返回了两次。"),
        (6, "我们的文件里没有这一笔（账号尾号 1111）。"),
        (7, "金额不一致：回盘 601.00 元，报盘 600.00 元。"),
        (8, "户名与报盘不一致。"),
        (10, "我们的文件里没有这一笔。"),
    ]
    assert [secret for fault in found.faults for secret in (*CARDS, "魏建国") if secret in f"{fault}"] == []


def test_two_equal_payments_to_one_account_need_a_serial_number():
    twins = [transfer(1), transfer(2, account=CARDS[0], name="唐志远", amount=Decimal("300.00"))]
    rows = [HEAD, GOOD[1], [CARDS[0], "唐志远", 300, "失败", "账户状态异常"]]
    assert faults(control(xlsx(rows), twins)) == [(3, "同一账号有两笔相同的金额，结果不同，分不清是哪一笔。")]
    same = [HEAD, GOOD[1], GOOD[1]]
    assert outcomes(control(xlsx(same), twins)) == [(1, "paid", ""), (2, "paid", "")]
    numbered = [["序号", *HEAD], [2, *GOOD[1]], [1, CARDS[0], "唐志远", 300, "失败", "账户状态异常"]]
    found = control(xlsx(numbered), twins)
    assert (outcomes(found), faults(found)) == ([(1, "failed", "账户状态异常"), (2, "paid", "")], [])


def test_a_totals_row_that_lies_is_told():
    assert faults(control(xlsx([*GOOD, ["合计", None, 1800, None, None]]))) == []
    assert faults(control(xlsx([*GOOD, ["合计", None, 1900, None, None]]))) == [(5, "合计行的金额与各行相加不一致。")]


def test_destroyed_numbers_formulas_and_hidden_rows_are_told():
    def change(book):
        book.active["A2"] = 6222020000000000000
        book.active["D3"] = '=IF(1,"成功","")'
        book.active.row_dimensions[4].hidden = True

    assert faults(control(xlsx(GOOD, change))) == [
        (2, "Excel 只留 15 位数字，后面的成了 0，原号已丢失，不能推算。"),
        (3, "这里是公式，不是填写的值。"),
        (4, "这一行被隐藏或筛选掉了。"),
    ]


def test_a_file_without_an_outcome_is_no_result():
    found = control(xlsx([row[:3] for row in GOOD]))
    assert faults(found)[0] == (1, "没有“处理结果”这一列。")
    assert found.lines == []


def test_a_file_without_a_head_is_asked_for_again_at_the_bank():
    (fault,) = control(xlsx([["说明"], ["本月无代发"]])).faults
    assert (fault.says, fault.todo) == (
        "文件里认不出表头。",
        "表头要有：处理结果；请向银行重新要带表头的结果文件（.xlsx、.csv 或 .txt），不要手工改动",
    )


def test_a_reason_keeps_no_account_number():
    rows = [HEAD, [CARDS[0], "唐志远", 300, "失败", f"{CARDS[0]} 账户已冻结"]]
    assert outcomes(control(xlsx(rows))) == [(1, "failed", "…0000 账户已冻结")]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", b"0" * (300 << 20))
    return out.getvalue()


def far_cell() -> bytes:
    return xlsx(GOOD, lambda book: book.active.cell(1_048_000, 16_000, "x"))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的，请重新从银行下载结果文件。"),
        (
            b"\xd0\xcf\x11\xe0old",
            "这是旧格式的 .xls 或设有密码的文件，请在 Excel 或 WPS 里另存为不带密码的 .xlsx 后再上传。",
        ),
        (b"%PDF-1.7\n\x00\xff\xfe", "文件不是 Excel，也不是文本，请上传银行下载的 .xlsx、.csv 或 .txt 文件。"),
        ("账号,处理结果\n" * 5001, "文件超过 5,000 行，请分批下载结果文件。"),
        ("账号,处理结果\n" + "x" * 10_001, "有一行太长，不是银行的结果文件。"),
        ("账号" + ",处理结果" * 61, "超过 60 列，不是银行的结果文件。"),
    ],
    ids=["empty", "xls", "pdf", "long", "wide line", "many columns"],
)
def test_hostile_files_are_refused_with_a_sentence(data, sentence):
    with pytest.raises(BadWorkbook) as refusal:
        read_result(data.encode() if isinstance(data, str) else data, GENERIC)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("made", [bomb, far_cell, lambda: b"PK\x03\x04broken"], ids=["bomb", "far cell", "broken"])
def test_hostile_workbooks_die_in_the_guarded_reader(made):
    with pytest.raises(BadWorkbook):
        read_result(made(), GENERIC)
