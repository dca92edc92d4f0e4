"""Workbooks made to hurt are refused with words, and nothing is written (security.md T1, T3, T4, M2)."""

import io
import zipfile

import openpyxl
import pytest

from relief.lib import xlsx
from reporting.outputs import SheetData
from reporting.outputs.excel import offline_workbook, placing_of
from reporting.spec import load_spec
from reporting.uploading.printed import read_printed
from reporting.values import Value
from tests.reporting.pure.conftest import read_form

FORM = "填报表"


def template_of(spec) -> bytes:
    """The template of a form with nothing filled in."""
    values = {code: Value.empty() for code in spec.codes}
    return offline_workbook(SheetData(spec, values, dict.fromkeys(("union", "filer", "phone", "date"), "")), [])


def repacked(data: bytes, **parts) -> bytes:
    """The workbook with the parts (`sheet1=…`) of its first sheet changed by the functions given."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            for part, change in parts.items():
                if name.endswith(f"{part}.xml"):
                    content = change(content)
            new.writestr(name, content)
    return out.getvalue()


def bytes_of(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bomb(data):
    """200 MB of spaces behind the sheet, a few hundred KB packed."""
    return repacked(data, sheet1=lambda xml: xml + b" " * (200 << 20))


def far(data):
    """One value in row 1,048,576."""
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return repacked(data, sheet1=lambda xml: xml.replace(b"</sheetData>", cell))


def entities(data):
    """A DOCTYPE that would expand."""
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    return repacked(data, sheet1=lambda xml: doctype + xml.removeprefix(b'<?xml version="1.0"?>'))


def twice(data):
    """The same part twice in the archive."""
    out = io.BytesIO(data)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
    return out.getvalue()


@pytest.mark.parametrize("harm", [bomb, far, entities, twice])
def test_a_hostile_workbook_is_refused_in_words(desk, harm):
    faults = desk.faults(desk.send(harm(bytes_of(desk.template()))))
    assert (len(faults), faults[0].endswith("。")) == (1, True)


def test_the_far_cell_is_named(desk):
    assert "XFD1048576" in desk.faults(desk.send(far(bytes_of(desk.template()))))[0]


def test_a_file_beyond_ten_megabytes_is_not_opened(desk):
    assert desk.faults(desk.send(b"x" * (10 * 1024 * 1024 + 1))) == [
        "没有选文件，或文件超过 10 MB。请选择填好的 Excel（.xlsx）。"
    ]


def test_a_formula_without_a_stored_result_is_no_empty_cell(desk):
    book = desk.template()
    book[FORM]["E47"] = '=HYPERLINK("http://x.invalid","1")'
    assert desk.faults(desk.send(book)) == ["“填报表”E47（F2 提供文化服务）是公式，请粘贴为数值后再上传。"]


def test_a_sentence_that_was_typed_over_is_told_where_its_blanks_are():
    mini = load_spec(read_form("tests/fixtures/forms/mini.json"))
    placing = placing_of(mini)
    book = openpyxl.load_workbook(io.BytesIO(template_of(mini)))
    book[FORM]["C7"] = "一日捐 5 元；"
    read = xlsx.read_workbook(bytes_of(book))
    assert read_printed(placing, read.sheet(FORM)).faults == [
        "“填报表”C7 的句子被直接改写。数字请填在右侧的空格里（02A 在 E7），句子会自动更新。"
    ]


def test_text_that_looks_like_a_formula_stays_text():
    mini = load_spec(read_form("tests/fixtures/forms/mini.json"))
    placing = placing_of(mini)
    book = openpyxl.load_workbook(io.BytesIO(template_of(mini)))
    cell = book[FORM]["E9"]
    cell.value, cell.data_type = "=1+1", "s"
    found = read_printed(placing, xlsx.read_workbook(bytes_of(book)).sheet(FORM))
    assert (found.faults, found.leaves["02C"].text) == ([], "=1+1")


def test_a_number_with_lost_digits_is_refused():
    mini = load_spec(read_form("tests/fixtures/forms/mini.json"))
    placing = placing_of(mini)
    book = openpyxl.load_workbook(io.BytesIO(template_of(mini)))
    book[FORM]["E9"] = 6222020200112233445
    assert read_printed(placing, xlsx.read_workbook(bytes_of(book)).sheet(FORM)).faults == [
        "“填报表”E9：“02C 汇款凭证号”的号码被 Excel 当成数字，超过 15 位的部分已经丢失。请把这一格设为文本后重填。"
    ]


def test_days_come_as_days_serials_or_words():
    mini = load_spec(read_form("tests/fixtures/forms/mini.json"))
    placing = placing_of(mini)
    for typed in (45301, "2024年1月10日", "2024.1.10", "20240110"):
        book = openpyxl.load_workbook(io.BytesIO(template_of(mini)))
        book[FORM]["F9"] = typed
        book[FORM]["F9"].number_format = "General"
        found = read_printed(placing, xlsx.read_workbook(bytes_of(book)).sheet(FORM))
        assert (found.faults, found.leaves["02D"].text) == ([], "2024-01-10")
