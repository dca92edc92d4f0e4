import datetime
import io
import subprocess
from decimal import Decimal

import openpyxl
import pytest

from reporting.formulas import compute
from reporting.outputs import SheetData
from reporting.outputs.excel import offline_workbook, workbook
from reporting.spec import load_spec
from reporting.values import Value
from tests.reporting.pure.conftest import read_form
from tests.reporting.pure.test_sheet_html import FOOT, HEAD


@pytest.fixture
def filed(shaanxi, school):
    return SheetData(shaanxi, school, HEAD, footer=FOOT, origins={"A": "手填", "B": "公式", "B1": "台账"})


def opened(*sheets):
    return openpyxl.load_workbook(io.BytesIO(workbook(sheets)))


def test_the_first_sheet_is_the_printed_layout(filed):
    sheet = opened(filed).worksheets[0]
    assert [sheet.cell(row, 1).value for row in range(1, 8)] == [
        "2024年元旦春节期间各级工会送温暖统计表",
        "填报单位: 望海市第三中学工会",
        "填报人: 何晓芸",
        "电话: 0900-6620318",
        "2024 年 2 月 22 日",
        "编号",
        "1",
    ]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A1:E1", "B6:D6", "A8:A14", "A15:A38", "C17:C18", "C52:C53", "C8:D8"} <= merged
    assert (sheet.print_area, sheet.print_title_rows) == ("'统计表'!$A$1:$E$56", "$6:$6")
    # One page wide and high is what fitToPage means when neither number is written.
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.paperSize) == (True, 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, None)
    assert sheet["A56"].value == FOOT


def test_totals_are_live_and_lines_are_exact_numbers(filed):
    sheet = opened(filed).worksheets[0]
    assert [sheet[f"E{row}"].value for row in range(7, 16)] == [
        "—",
        "=SUM(E9:E14)",
        0,
        0,
        1.6,
        0.86,
        1,
        0,
        "=SUM(E17,E19,E21,E23,E25,E27,E29,E31,E33,E35,E37)",
    ]
    assert [sheet[cell].number_format for cell in ("E7", "E8", "E15")] == ["@", "#,##0.00", "#,##0"]
    assert sheet["E39"].value == "=SUM(E40:E44)"


def test_the_frame_is_heavier_outside(filed):
    sheet = opened(filed).worksheets[0]
    sides = [sheet["A6"].border.top, sheet["A6"].border.left, sheet["E55"].border.bottom, sheet["E55"].border.right]
    assert [side.style for side in sides] == ["medium"] * 4
    assert (sheet["C20"].border.right.style, sheet["B20"].border.bottom.style) == ("thin", "thin")


def test_the_second_sheet_lists_the_figures(filed, shaanxi):
    sheet = opened(filed)["数据"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("代码", "项目", "单位", "数值", "状态", "来源")
    assert rows[1:4] == [
        ("A", "走访企业", "家", "—", "不适用", "手填"),
        ("B", "筹集慰问款物总额", "万元", 3.46, "已填", "公式"),
        ("B1", "中央财政", "万元", 0, "已填", "台账"),
    ]
    assert [row[0] for row in rows[1:]] == list(shaanxi.codes)


def test_not_filled_zero_and_not_applicable_stay_apart(shaanxi):
    values = compute(shaanxi, {"F1": Value.of(0), "G": Value.na(), "E1": Value.na()})
    book = opened(SheetData(shaanxi, values, HEAD, mark="草稿"))
    sheet = book.worksheets[0]
    found = {code: sheet[f"E{row}"].value for code, row in (("F", 45), ("F1", 46), ("F2", 47), ("G", 49), ("H", 50))}
    assert found == {"F": "=SUM(E46:E48)", "F1": 0, "F2": None, "G": "—", "H": None}
    assert sheet["E39"].value == '=IF(COUNT(E40,E41,E42,E43,E44)=0,"",SUM(E40:E44))'
    assert sheet["A56"].value == "草稿"
    figures = {row[0]: row[3:5] for row in book["数据"].iter_rows(values_only=True)}
    assert (figures["F2"], figures["F1"], figures["G"]) == ((None, "未填"), (0, "已填"), ("—", "不适用"))


def test_text_never_becomes_a_formula(mini_raw, mini_values):
    cells = mini_raw["layout"]["rows"]
    cells[5]["cells"][1]["content"] = [{"blank": "02C"}]
    cells[4]["cells"][1]["content"] = ["其他捐款 ", {"blank": "02B"}, " 元；", {"blank": "02D"}]
    mini_raw["title"] = "=1+1"
    mini = load_spec(mini_raw)
    book = opened(SheetData(mini, mini_values, HEAD, footer="=2+2"))
    written = [cell for sheet in book for row in sheet for cell in row if str(cell.value or "").startswith("=")]
    assert [cell.value for cell in written if cell.data_type == "s"] == [
        "=1+1",
        "=HYPERLINK(1)",
        "=2+2",
        "=HYPERLINK(1)",
    ]
    # The formulas are those of the layout: sentences over their blanks, and the total.
    assert {cell.value[:4] for cell in written if cell.data_type == "f"} == {
        '="建立',
        '="募捐',
        '="一日',
        '="服务',
        '="其他',
        "=SUM",
    }


def test_blanks_inside_sentences_are_filled_in(mini, mini_values):
    data = io.BytesIO(workbook([SheetData(mini, mini_values, HEAD)]))
    sheet = openpyxl.load_workbook(data, data_only=True).worksheets[0]
    assert [sheet.cell(row, col).value for row, col in ((5, 3), (6, 2), (9, 3), (10, 3), (11, 1))] == [
        "建立档案的困难职工家庭 1,200 户，其中深度困难家庭 ____ 户。",
        "募捐总额 123,457.28 元  02=02A+02B，其中：",
        "汇款凭证号 =HYPERLINK(1)，汇款日期 2024年1月10日。",
        "服务职工 0 人次，开展活动 — 场次。",
        "注：本表中职工均包括农民工。",
    ]


def test_a_sentence_takes_over_what_is_filled_in_beside_it(mini, mini_values):
    sheet = opened(SheetData(mini, mini_values, HEAD)).worksheets[0]
    assert [sheet[cell].value for cell in ("E3", "F3", "E5", "F5", "E6", "E7", "E9", "F9")] == [
        "本行第1空",
        "本行第2空",
        1200,
        None,
        "=SUM(E7:E8)",
        123456.78,
        "=HYPERLINK(1)",
        datetime.datetime(2024, 1, 10),
    ]
    assert (sheet["E9"].data_type, sheet.print_area) == ("s", "'统计表'!$A$1:$C$11")
    assert sheet["C7"].value == '="一日捐 "&IF(E7="","____",IF(ISNUMBER(E7),TEXT(E7,"#,##0.00"),E7))&" 元；"'


def test_several_sheets_share_a_workbook(filed, mini, mini_values):
    book = opened(filed, SheetData(mini, mini_values, HEAD, name="小样/表"))
    assert book.sheetnames == ["统计表", "小样 表", "数据", "数据2"]


def test_a_form_that_sums_rounded_lines_does_so_in_excel(school):
    spec = load_spec(read_form("fixtures/forms/shaanxi-2024.json") | {"rounding": "sum_of_rounded"})
    sheet = opened(SheetData(spec, school, HEAD)).worksheets[0]
    assert sheet["E45"].value == "=SUM(ROUND(N(E46),0),ROUND(N(E47),0),ROUND(N(E48),0))"


def test_a_formula_that_is_no_sum_is_written_in_excels_words():
    raw = read_form("fixtures/forms/shaanxi-2024.json")
    f = next(item for item in raw["items"] if item["code"] == "F")
    f["formula"] = "F1 + max(F2, F3) - 1"
    raw["relations"] = []
    spec = load_spec(raw)
    values = compute(spec, {"F1": Value.of(5), "F2": Value.of(3), "F3": Value.of(4)})
    sheet = opened(SheetData(spec, values, HEAD)).worksheets[0]
    assert (values["F"], sheet["E45"].value) == (Value.of(8), "=N(E46)+MAX(N(E47),N(E48))-1")


@pytest.mark.libreoffice
def test_libreoffice_recalculates_the_same_totals(shaanxi, soffice_path, tmp_path):
    leaves = {code: Value.of(number * 7_777_777 + 5_000) for number, code in enumerate(shaanxi.leaves, 1)}
    values = compute(shaanxi, leaves | {"C3": Value.na(), "D5": Value.empty()})
    # Written once more by openpyxl, which drops the stored results: LibreOffice has to compute them.
    openpyxl.load_workbook(io.BytesIO(workbook([SheetData(shaanxi, values, HEAD)]))).save(tmp_path / "in.xlsx")
    subprocess.run(
        [
            soffice_path,
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            tmp_path / "out",
            tmp_path / "in.xlsx",
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    book = openpyxl.load_workbook(tmp_path / "out" / "in.xlsx", data_only=True)
    sheet, listed = book.worksheets
    recalculated = {sheet[f"B{row}"].value: sheet[f"E{row}"].value for row in range(7, 56)}
    figures = {row[0]: row[3] for row in listed.iter_rows(min_row=2, values_only=True)}
    assert {code: round(Decimal(str(recalculated[code])), 6) for code in "BD"} == {
        code: Decimal(values[code].number).scaleb(-6) for code in "BD"
    }
    assert {code: recalculated[code] for code in "CEF"} == {code: values[code].number for code in "CEF"}
    assert {code: round(Decimal(str(recalculated[code])) + 0, 2) for code in "BD"} == {
        code: Decimal(str(figures[code])).quantize(Decimal("0.01")) for code in "BD"
    }


def test_no_check_of_a_large_template_is_longer_than_excel_takes(mini_raw):
    codes = [f"Z{n}" for n in range(400)]
    plain = {"unit": "人", "kind": "number", "over_children": "sum"}
    rows = [codes[at : at + 20] for at in range(0, 400, 20)]
    cells = [{"cells": [{"col": col, "content": [{"blank": code}]} for col, code in enumerate(row)]} for row in rows]
    large = mini_raw | {
        "blocks": [],
        "checks": [],
        "items": [{"code": code, "label": code, **plain} for code in codes],
        "relations": [{"child": code, "parent": "Z0", "kind": "partition"} for code in codes[1:]],
        "layout": {"columns": [{"width": 5}] * 20, "rows": cells},
    }
    spec = load_spec(large)
    empty = {code: Value.empty() for code in codes}
    content = offline_workbook(SheetData(spec, empty, {"union": "", "filer": "", "phone": "", "date": ""}), [])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    formulas = [str(cell.value) for row in sheet for cell in row if cell.data_type == "f"]
    assert [(len(words), words.count(",")) for words in formulas if len(words) > 8192 or words.count(",") > 254] == []
    assert [words for words in formulas if "太长" in words][0].endswith('&"：太长，上传后由系统检查。"')
    assert sum("格必填的还没有填" in words for words in formulas) == 2
