"""Workbooks: bombs are refused in a child process, values come out exact, text never becomes a formula."""

import io
import subprocess
import sys
import time
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter

from relief.lib import xlsx
from relief.lib.xlsx import (
    FORM,
    LIST,
    BadWorkbook,
    Column,
    Profile,
    csv_text,
    located,
    put_formula,
    put_number,
    put_text,
    read_csv_text,
    read_workbook,
    stream_table,
)

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "'=1", "http://x", "007", "1.5"]
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def crafted(sheet, **changed):
    """A sound workbook in which the sheet, and parts of xl/ named by keyword, are written by an attacker."""
    whole, out = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(whole) as book:
        book.add_worksheet("表").write_string(0, 0, "文字")
    with zipfile.ZipFile(whole) as sound, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as crafted:
        for name in sound.namelist():
            part = name.removeprefix("xl/").removesuffix(".xml")
            content = sheet if part == "worksheets/sheet1" else sound.read(name)
            crafted.writestr(name, changed.get(part, content))
    return out.getvalue()


def cells(*texts):
    return SHEET.format(f"<row r='1'>{''.join(texts)}</row>")


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def refusal(data, profile=FORM):
    with pytest.raises(BadWorkbook) as refused:
        read_workbook(data, profile)
    return str(refused.value)


def test_values_come_out_exact():
    book = openpyxl.Workbook()
    ws = book.active
    ws.append(["姓名", 300, 12.5, 0.1 + 0.2, True, date(2024, 2, 22), datetime(2024, 2, 22, 9, 5), None, "尾"])
    (sheet,) = read_workbook(saved(book)).sheets
    row = [
        "姓名",
        300,
        Decimal("12.5"),
        Decimal("0.3"),
        True,
        date(2024, 2, 22),
        datetime(2024, 2, 22, 9, 5),
        None,
        "尾",
    ]
    assert sheet.rows == [row]
    assert [type(value) for value in sheet.rows[0]] == [type(value) for value in row]


def test_dates_before_the_clock_changes_of_shanghai_are_days():
    """T7: seven midnights of the forties do not exist in Asia/Shanghai."""
    book = openpyxl.Workbook()
    book.active.append([date(1940, 6, 1), date(1949, 5, 1)])
    assert read_workbook(saved(book)).sheets[0].rows == [[date(1940, 6, 1), date(1949, 5, 1)]]


def test_the_rest_of_the_sheet_is_reported():
    book = openpyxl.Workbook()
    ws = book.active
    ws["B2"], ws["C3"], ws["D4"] = "=1+1", "=B2*2", "#REF!"
    ws["D4"].data_type = "e"
    ws["B5"] = "末"
    ws.merge_cells("A6:C6")
    ws.row_dimensions[3].hidden = True
    ws.column_dimensions["E"].hidden = True
    book.create_sheet("隐").sheet_state = "hidden"
    sheet, hidden = read_workbook(saved(book)).sheets
    assert (sheet.formulas, sheet.errors, sheet.merged) == ({"B2", "C3"}, {"D4": "#REF!"}, ("A6:C6",))
    assert (sheet.hidden_rows, sheet.hidden_columns) == ((3,), ((5, 5),))
    assert (sheet.cell(5, 2), sheet.cell(99, 1), sheet.cell(1, 99), list(located(sheet))) == (
        "末",
        None,
        None,
        [("B5", "末")],
    )
    assert (sheet.visible, hidden.name, hidden.visible, hidden.rows) == (True, "隐", False, [])


def test_rows_stay_where_they_are():
    book = openpyxl.Workbook()
    book.active["C4"] = "x"
    assert read_workbook(saved(book)).sheets[0].rows == [[], [], [], [None, None, "x"]]


def test_a_lost_id_number_is_seen_as_lost():
    book = openpyxl.Workbook()
    book.active.append([110105194912310021])
    assert str(read_workbook(saved(book)).sheets[0].rows[0][0]) == "1.1010519491231E+17"


def test_a_bomb_stops_at_the_limit():
    """T1: 100 KB of xlsx would take 326 MB."""
    bomb = crafted(cells("<c><v>1</v></c>"), sharedStrings=b"<sst>" + b" " * (100 << 20) + b"</sst>")
    assert len(bomb) < 150_000
    begun = time.monotonic()
    assert refusal(bomb) == "文件解开后超过 64 MB，请删去多余的内容后重新保存。"
    assert time.monotonic() - begun < 5


def test_a_lying_bomb_stops_as_well():
    content = b"<sst>" + b" " * (100 << 20) + b"</sst>"
    bomb = crafted(cells("<c><v>1</v></c>"), sharedStrings=content)
    lying = bomb.replace(len(content).to_bytes(4, "little"), (4096).to_bytes(4, "little"))
    assert lying != bomb
    assert refusal(lying) == "文件解开后超过 64 MB，请删去多余的内容后重新保存。"


def test_names_entries_and_passwords_of_the_zip_are_checked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(2001):
            archive.writestr(f"{number}.xml", "")
    assert refusal(out.getvalue()) == "文件内部的部件超过 2000 个，请删去不用的工作表和图片后重新保存。"
    out = io.BytesIO(crafted(cells()))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("XL/Workbook.xml", "")
    assert refusal(out.getvalue()) == "文件内部有同名的部件，不是正常保存出来的，请重新保存后再上传。"
    locked = bytearray(crafted(cells()))
    at = locked.find(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert refusal(bytes(locked)) == "文件设有密码，请去掉密码后再上传。"


@pytest.mark.parametrize(
    ("place", "shown"),
    [("XFD1048576", "XFD1048576"), ("A5001", "A5001"), ("BI1", "BI1"), ("A1000000", "A1000000")],
)
def test_one_far_cell_is_named(place, shown):
    """T3: python-calamine asks for 550 GB and aborts, openpyxl takes hours."""
    begun = time.monotonic()
    assert refusal(crafted(cells("<c r='A1'><v>1</v></c>", f"<c r='{place}'><v>1</v></c>"))) == (
        f"工作表“表”的 {shown} 格有内容，超出了 5000 行 60 列的范围，请删去这一格及其后的行列，或拆成几个文件。"
    )
    assert time.monotonic() - begun < 5


def test_an_empty_far_cell_does_no_harm():
    sheet = crafted(cells("<c r='A1'><v>1</v></c>", "<c r='XFD1048576' s='0'/>", "<c r='XFC1048576' t='str'/>"))
    assert read_workbook(sheet).sheets[0].rows == [[1]]


def test_a_false_dimension_does_no_harm():
    sheet = cells("<c r='A1'><v>1</v></c>").replace("<sheetData>", "<dimension ref='A1:XFD1048576'/><sheetData>")
    assert read_workbook(crafted(sheet)).sheets[0].rows == [[1]]


@pytest.mark.parametrize("place", ["sheet", "strings", "theme"])
def test_a_document_type_is_refused(place):
    """Entities: billion laughs and files of the server."""
    door = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    sheet = cells("<c r='A1'><v>1</v></c>")
    bad = {
        "sheet": crafted(door + sheet),
        "strings": crafted(sheet, sharedStrings=door + "<sst>&b;</sst>"),
        "theme": crafted(sheet, styles=door + "<styleSheet/>"),
    }[place]
    assert refusal(bad) == {
        "sheet": "工作表“表”含有不允许的声明（DOCTYPE），请用 Excel 或 WPS 重新保存后再上传。",
    }.get(place, "文件内部含有不允许的声明（DOCTYPE），不是正常保存出来的，请重新保存后再上传。")


def test_too_many_values_are_refused():
    sheet = cells(*["<c r='A1'><v>1</v></c>"] * 41)
    small = Profile(rows=4, columns=10, unpacked=1 << 20, seconds=20)
    assert refusal(crafted(sheet), small) == "工作表“表”的内容超过 40 格，请拆成几个文件。"


def test_one_long_text_used_often_is_refused():
    strings = f"<sst><si><t>{'长' * 32_000}</t></si></sst>"
    row = "".join(f"<row r='{number}'><c r='A{number}' t='s'><v>0</v></c></row>" for number in range(1, 4001))
    assert refusal(crafted(SHEET.format(row), sharedStrings=strings)) in (
        "工作表“表”的 A2098 格文字太多，请删短后重新保存。",
        "文件太大，内存不够，请删去多余的内容或拆成几个文件。",
    )


@pytest.mark.parametrize("data", [b"", b"PK", b"hello", b"\xd0\xcf\x11\xe0" + bytes(512)])
def test_what_is_no_workbook_gets_a_sentence(data):
    old = "这是旧格式（.xls）或设有密码的文件，请去掉密码，另存为 .xlsx 后再上传。"
    damaged = "文件已损坏，打不开，请用 Excel、WPS 或 Word 重新保存后再上传。"
    assert refusal(data) == (old if data[:1] == b"\xd0" else damaged)


@pytest.mark.parametrize("cut", [10, 200, 500])
def test_a_cut_workbook_gets_a_sentence(cut):
    data = saved(openpyxl.Workbook())
    assert refusal(data[:-cut])[-1] == "。"


@pytest.mark.parametrize(
    "sheet",
    ["<worksheet>", "<worksheet/>", "no xml", cells("<c r='??'><v>1</v></c>"), cells("<c r='A1' t='s'><v>7</v></c>")],
)
def test_strange_sheets_never_break_out(sheet):
    try:
        answer = read_workbook(crafted(sheet)).sheets[0].rows
    except BadWorkbook as refused:
        answer = str(refused)[-1]
    assert answer in ([], "。")


def test_a_reader_that_dies_or_hangs_is_a_sentence(monkeypatch):
    monkeypatch.setattr(xlsx, "Child", lambda module: CHILD("tests.lib.dying"))
    assert refusal(b"die") == "文件内容异常，读取程序已停止，请用 Excel 或 WPS 重新保存后再上传。"
    assert refusal(b"eat") == "文件内容异常，读取程序已停止，请用 Excel 或 WPS 重新保存后再上传。"
    quick = Profile(rows=1, columns=1, unpacked=1, seconds=1)
    assert refusal(b"hang", quick) == "文件读了 1 秒还没有读完，请删去多余的内容或拆成几个文件。"


CHILD = xlsx.Child


def test_openpyxl_runs_with_defusedxml_or_not_at_all():
    asked = subprocess.run(
        [sys.executable, "-c", "import relief.lib.xlsx"],
        env={"OPENPYXL_DEFUSEDXML": "False", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.stderr.splitlines()[-1].rpartition("ImproperlyConfigured: ")[2] == (
        "openpyxl runs without defusedxml: install it and unset OPENPYXL_DEFUSEDXML"
    )


def test_text_stays_text_in_a_filled_layout():
    """T4: a string that starts with = would become a live formula."""
    book = openpyxl.Workbook()
    for row, text in enumerate(FORMULAS, 1):
        put_text(book.active, row, 1, text)
    put_number(book.active, 1, 2, Decimal("1234.50"))
    put_number(book.active, 2, 2, None)
    put_formula(book.active, 3, 2, "=B1*2")
    found = read_workbook(saved(book)).sheets[0]
    assert [row[0] for row in found.rows] == FORMULAS
    assert (found.formulas, found.cell(1, 2), found.cell(2, 2)) == ({"B3"}, Decimal("1234.5"), None)


def test_text_stays_text_in_a_streamed_table():
    columns = [Column("文字"), Column("金额", "number"), Column("日期", "date")]
    data = stream_table(columns, ([text, Decimal("0.10"), date(2024, 2, 22)] for text in FORMULAS))
    found = read_workbook(data, LIST).sheets[0]
    assert found.rows == [["文字", "金额", "日期"], *([text, Decimal("0.1"), date(2024, 2, 22)] for text in FORMULAS)]
    assert found.formulas == frozenset()


def test_empty_is_not_zero_and_control_characters_are_dropped():
    data = stream_table([Column("a"), Column("b", "number")], [[None, None], ["x\x00\x0by", 0]])
    assert read_workbook(data).sheets[0].rows == [["a", "b"], [], ["xy", 0]]


def test_what_a_cell_cannot_hold_is_an_error_not_a_loss():
    ws = openpyxl.Workbook().active
    for refuse in (
        lambda: put_text(ws, 1, 1, "长" * 32_768),
        lambda: put_number(ws, 1, 1, 1234567890123456),
        lambda: put_number(ws, 1, 1, Decimal("NaN")),
        lambda: put_formula(ws, 1, 1, "SUM(A1)"),
        lambda: stream_table([Column("a")], [["长" * 32_768]]),
    ):
        with pytest.raises(ValueError):
            refuse()
    with pytest.raises(TypeError):
        put_number(ws, 1, 1, 0.5)


@pytest.mark.parametrize("text", [*FORMULAS, "", "'", "''", "\r", "唐志远"], ids=repr)
def test_csv_guards_come_off_again(text):
    guarded = csv_text(text)
    assert guarded[:1] not in tuple("=+-@\t\r")
    assert read_csv_text(guarded) == text
