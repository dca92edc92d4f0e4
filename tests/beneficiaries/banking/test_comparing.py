"""A bank file held against what was made: any cell changed after the download is found, in every kind of file."""

import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from beneficiaries.bankfiles.facts import check_code
from beneficiaries.banking import differences, render, shipped
from relief.lib.xlsx import BadWorkbook
from tests.beneficiaries.banking.answers import transfer

GENERIC, CSV = shipped()["generic"], shipped()["city_bank"]
SENT = [transfer(1), transfer(2), transfer(3, name="欧阳·古丽", amount=Decimal("820.50"))]


def changed(data: bytes, change) -> bytes:
    """The workbook after somebody opened it, changed it and saved it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def told(data: bytes, layout=GENERIC) -> list[tuple[int, str, str, str]]:
    return [(fault.row, fault.head, fault.tail, fault.says) for fault in differences(layout, SENT, data)]


@pytest.mark.parametrize("key", ["generic", "icbc_short", "boc_salary", "bocom", "abc", "city_bank", "union_sheet"])
def test_a_file_as_it_was_made_is_the_same(key):
    layout = shipped()[key]
    assert told(render(layout, SENT), layout) == []


def test_a_file_that_was_only_saved_anew_is_the_same():
    assert told(changed(render(GENERIC, SENT), lambda page: None)) == []


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("B3", "6222020000009999", (3, "账号", "…9999", "与系统里的不一致。")),
        ("C3", "魏大国", (3, "户名", "…", "与系统里的不一致。")),
        ("D3", 601, (3, "金额", "601", "与系统里的不一致。")),
        ("D3", 600.01, (3, "金额", "600.01", "与系统里的不一致。")),
        ("D3", None, (3, "金额", "", "与系统里的不一致。")),
        ("D3", "六百", (3, "金额", "六百", "与系统里的不一致。")),
        ("F3", "另付", (3, "", "另付", "多出这一格。")),
    ],
)
def test_one_changed_cell_is_named(cell, value, expected):
    assert told(changed(render(GENERIC, SENT), lambda page: page.__setitem__(cell, value))) == [expected]


def test_rows_taken_out_and_put_in_are_named():
    assert told(changed(render(GENERIC, SENT), lambda page: page.delete_rows(4))) == [(4, "", "", "少了这一行。")]
    more = changed(render(GENERIC, SENT), lambda page: page.append([4, "6222020000001111", "郑立新", 50, ""]))
    assert told(more) == [(5, "", "", "多出这一行，系统里没有。")]


def test_a_formula_and_a_second_sheet_are_named():
    def change(page):
        page["D3"] = "=300*2"
        page.parent.create_sheet("又一张")["A1"] = "另付"

    assert {says for _, _, _, says in told(changed(render(GENERIC, SENT), change))} == {
        "多出一张工作表。", "D3 是公式，不是填写的值。", "与系统里的不一致。",
    }  # fmt: skip


def test_a_changed_text_file_is_found_too():
    layout = shipped()["boc_salary"]
    data = render(layout, SENT).decode("gb18030").replace("600.00", "6000.00").encode("gb18030")
    assert told(data, layout) == [(2, "金额", "6000.00", "与系统里的不一致。")]


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0", b"%PDF-1.7\x00\xff\xfe", b"PK\x03\x04broken"])
def test_what_is_no_bank_file_is_refused_with_a_sentence(data):
    with pytest.raises(BadWorkbook):
        differences(GENERIC, SENT, data)


def test_the_check_code_stands_for_accounts_names_and_amounts_in_any_order():
    code = check_code(SENT)
    assert (len(code), code.count("-"), check_code([])) == (14, 2, "")
    assert check_code(list(reversed(SENT))) == code
    assert check_code([replace(each, serial=each.serial + 7, account=f" {each.account}") for each in SENT]) == code
    others = [
        [replace(SENT[0], account="6222020000009999"), *SENT[1:]],
        [replace(SENT[0], name="唐志达"), *SENT[1:]],
        [replace(SENT[0], amount=Decimal("300.01")), *SENT[1:]],
        SENT[:2],
        [*SENT, SENT[0]],
    ]
    assert len({code, *map(check_code, others)}) == 6


def test_a_cell_too_long_for_a_bank_file_is_told_not_broken():
    with pytest.raises(BadWorkbook, match="不是这里做的银行文件"):
        told(b'"' + b"6" * 200_000, CSV)


@pytest.mark.parametrize("written", ["６００.00", "6_00.00", "6e2", " 600.00元"])
def test_an_amount_written_otherwise_is_not_the_same(written):
    data = render(CSV, SENT).decode("gb18030").replace("600.00", written, 1).encode("gb18030")
    assert [fault[3] for fault in told(data, CSV)] == ["与系统里的不一致。"]
