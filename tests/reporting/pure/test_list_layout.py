"""One line per unit under one head: the same layout for a filing, a superior's list and its total."""

import copy
import datetime
import io

import openpyxl
import pytest
from django.template.loader import render_to_string

from reporting.formulas import compute
from reporting.layout import LineWords, grid
from reporting.outputs import SheetData, SheetLine, sheet_grid
from reporting.outputs.excel import workbook
from reporting.spec import SpecFault, load_spec
from reporting.values import Value
from tests.reporting.pure.conftest import read_form

HEAD = {"union": "望海市教育工会", "filer": "何晓芸", "phone": "0900-6620318", "date": ""}


@pytest.fixture
def donation_raw():
    return copy.deepcopy(read_form("tests/fixtures/forms/donation-list.json"))


@pytest.fixture
def donation(donation_raw):
    return load_spec(donation_raw)


@pytest.fixture
def plain():
    return load_spec(read_form("tests/fixtures/forms/plain-list.json"))


def school_values(spec, staff, one, other):
    numbers = {"J0": staff, "J1A": 3, "J1B": one, "J2A": 2, "J2B": other, "J6A": 4}
    leaves = {code: Value.of(number) for code, number in numbers.items()}
    return compute(spec, leaves | {"J7": Value.word("2020-0115"), "J8": Value.word("2020-01-09")})


def superior(spec):
    """A superior with an own row, one school and one that is missing."""
    one, two = school_values(spec, 80, 120_050, 30_000), school_values(spec, 90, 200_000, 10_050)
    sums = school_values(spec, 170, 320_050, 40_050)
    lines = (SheetLine("市教育工会（本级）", one), SheetLine("第一中学工会", two), SheetLine("第二中学工会", None))
    return SheetData(spec, sums, HEAD, lines=lines)


def texts(row):
    return ["".join(f"[{p.code}]" if p.is_blank else p.text for p in placed.content) for placed in row.cells]


def test_a_filing_prints_one_line_with_its_number_and_name(donation):
    rows = grid(donation, union="望海市第三中学工会").rows
    assert (len(rows), [row.is_head for row in rows]) == (3, [True, True, False])
    assert texts(rows[2])[:3] == ["1", "望海市第三中学工会", "[J0]"]
    assert [placed.style for placed in rows[2].cells][2:] == ["value"] * 7 + ["label"] * 2


def test_every_cell_knows_the_words_above_it(donation):
    line = grid(donation).rows[2]
    assert [placed.head for placed in line.cells][2:6] == [
        "教职工人数（人）",
        "区总工会“工会一日捐”：捐款人数",
        "区总工会“工会一日捐”：捐款金额（元）",
        "区红十字会“千万人帮万家”：捐款人数",
    ]


def test_a_superior_prints_own_row_children_and_the_total(donation):
    rows = sheet_grid(superior(donation)).rows_of_body
    assert [texts(row)[:5] for row in rows] == [
        ["1", "市教育工会（本级）", "80", "3", "1,200.50"],
        ["2", "第一中学工会", "90", "3", "2,000.00"],
        ["3", "第二中学工会", "未报", "", ""],
        ["", "合计", "[J0]", "[J1A]", "[J1B]"],
    ]
    assert texts(rows[3])[-2:] == ["", ""]
    assert [(row.line, row.is_total) for row in rows] == [(0, False), (1, False), (2, False), (None, True)]


def test_a_list_without_a_column_for_the_unit_gets_one_where_units_are_listed(plain):
    assert texts(grid(plain).rows[1]) == ["1", "[S1]", "[S2]", "[S3]"]
    listed = grid(plain, [LineWords("第一中学工会", {"S1": "3", "S2": "0.50", "S3": "0.00"})])
    assert [texts(row) for row in listed.rows] == [
        ["序号", "单位", "受助人数", "帮困金额\n（万元）", "一日捐筹措资金"],
        ["1", "第一中学工会", "3", "0.50", "0.00"],
        ["", "合计", "[S1]", "[S2]", "[S3]"],
    ]
    assert abs(listed.total_width - grid(plain).total_width) < 1


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda layout: layout.pop("line"), "一单位一行的版面要写明单位的那一行（line）。"),
        (lambda layout: layout["line"]["cells"].pop(0), "版面的单位行第 1 列没有单元格。"),
        (lambda layout: layout["line"]["cells"][3].update(colspan=2), "版面的单位行第 5 列的单元格和别的单元格重叠。"),
        (lambda layout: layout.update(kind="pile"), "版面的种类“pile”只能是 sheet（一张表）或 list（一单位一行）。"),
        (lambda layout: layout["rows"][1]["cells"][0].update(style="label"), "一单位一行的版面，单位行以上只能是表头"),
        (lambda layout: layout["line"]["cells"][2].update(content=[]), "项目“J0”在版面里没有空格。"),
    ],
)
def test_what_is_wrong_with_a_list_is_said(donation_raw, change, fault):
    change(donation_raw["layout"])
    with pytest.raises(SpecFault) as refused:
        load_spec(donation_raw)
    assert [said for said in refused.value.faults if said.startswith(fault)] != []


def test_the_page_shows_units_as_text_and_the_total_as_blanks(donation):
    cells = {item.code: {"text": f"[{item.code}]"} for item in donation.items}
    html = render_to_string(
        "reporting/_sheet.html",
        {
            "grid": sheet_grid(superior(donation)),
            "cells": cells,
            "cell_template": "reporting/_sheet_text.html",
            "margin_template": "",
        },
    )
    assert (html.count("[J1B]"), html.count("1,200.50"), html.count("未报"), html.count("[J7]")) == (1, 1, 1, 0)
    assert html.count('data-label="教职工人数（人）"') == 4


def opened(sheet):
    return openpyxl.load_workbook(io.BytesIO(workbook([sheet]))).worksheets[0]


def test_excel_lists_numbers_and_sums_them_live(donation):
    sheet = opened(superior(donation))
    assert [[cell.value for cell in row[:6]] for row in sheet["A6:F9"]] == [
        ["1", "市教育工会（本级）", 80, 3, 1200.5, 2],
        ["2", "第一中学工会", 90, 3, 2000, 2],
        ["3", "第二中学工会", "未报", None, None, None],
        [None, "合计", "=SUM(C6:C8)", 3, "=SUM(E6:E8)", 2],
    ]
    assert (sheet.print_title_rows, sheet.page_setup.orientation) == ("$4:$5", "landscape")
    assert sheet["H9"].value == 4


def test_excel_of_a_filing_computes_its_own_line(donation):
    values = school_values(donation, 80, 120_050, 30_000)
    sheet = opened(SheetData(donation, values, HEAD | {"union": "第三中学工会"}))
    assert [sheet[cell].value for cell in ("A6", "B6", "C6", "I6", "J6")] == [
        "1",
        "第三中学工会",
        80,
        "=SUM(E6,G6)",
        "2020-0115",
    ]
    assert sheet["K6"].value == datetime.datetime(2020, 1, 9)
