"""No figure of a shipped form is cut on paper, be it 0 or eight digits, in Excel printed by LibreOffice or in the PDF."""

import re
import subprocess

import pytest

from relief.lib.pdf import render_pdf
from reporting.formulas import compute
from reporting.outputs import SheetData, SheetLine, footer_text
from reporting.outputs.excel import workbook
from reporting.outputs.sheet_html import form_document_html
from reporting.rounding import shown_texts
from reporting.spec import load_spec
from reporting.values import Value
from tests.reporting.pure.conftest import ROOT, read_form

HEAD = {
    "union": "云岭省松原岭市教育科学文化卫生体育工会委员会",
    "filer": "何晓芸",
    "phone": "0900-6620318",
    "date": "2024 年 2 月 22 日",
}
FOOT = footer_text(check_code="7K3M-9QXD", receipt="YL2024-0312-01", round_number=1, handed_in="2024-02-22 16:08")
FORMS = sorted(path.stem for path in (ROOT / "fixtures" / "forms").glob("*.json"))
LARGEST = {"万元": 99_999_999_990_000, "元": 9_999_999_999}


def sheet_of(form, way):
    """The form with 0 or with 99,999,999(.99) in every leaf; lists with three units, one of them missing."""
    spec = load_spec(read_form(f"fixtures/forms/{form}.json"))
    leaves = {}
    for code in spec.leaves:
        item = spec.item(code)
        if item.is_numeric:
            leaves[code] = Value.of(LARGEST.get(item.unit, 99_999_999) if way == "large" else 0)
        else:
            leaves[code] = Value.word("2020-01-09" if item.kind == "date" else "20200115-8888")
    values = compute(spec, leaves)
    units = (("第一中学工会", values), ("第二中学工会", None), ("第三中学工会", values))
    lines = tuple(SheetLine(*unit) for unit in units) if spec.layout.is_list and way == "large" else ()
    return SheetData(spec, values, HEAD, footer=FOOT, lines=lines, name=form)


def words(pdf, pdftotext_path):
    run = subprocess.run([pdftotext_path, "-raw", pdf, "-"], capture_output=True, check=True, text=True)
    return re.sub(r"\s", "", run.stdout)


def wanted(sheet):
    """How often each number has to be on the paper."""
    texts = [text for code, text in shown_texts(sheet.spec, sheet.values).items() if sheet.spec.item(code).is_numeric]
    times = 1 + sum(1 for line in sheet.lines if line.values is not None)
    return {text: texts.count(text) * times for text in set(texts) if len(text) > 2}


@pytest.fixture(scope="module")
def printed(soffice_path, tmp_path_factory):
    """{(form, way): PDF of the Excel}, all printed by one start of LibreOffice."""
    folder = tmp_path_factory.mktemp("printed")
    for form in FORMS:
        for way in ("zero", "large"):
            (folder / f"{form}-{way}.xlsx").write_bytes(workbook([sheet_of(form, way)], figures=False))
    command = [soffice_path, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", folder, *sorted(folder.glob("*.xlsx"))], check=True, capture_output=True, timeout=280
    )
    return {(form, way): folder / f"{form}-{way}.pdf" for form in FORMS for way in ("zero", "large")}


@pytest.mark.libreoffice
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("way", ["zero", "large"])
def test_excel_prints_every_number_whole(printed, pdftotext_path, form, way):
    sheet = sheet_of(form, way)
    text = words(printed[form, way], pdftotext_path)
    assert {number: text.count(number) >= times for number, times in wanted(sheet).items()} == dict.fromkeys(
        wanted(sheet), True
    )
    assert ("###" in text, "7K3M-9QXD" in text, "YL2024-0312-01" in text) == (False, True, True)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("way", ["zero", "large"])
def test_the_pdf_prints_every_number_whole(pdftotext_path, tmp_path, form, way):
    sheet = sheet_of(form, way)
    (tmp_path / "sheet.pdf").write_bytes(render_pdf(form_document_html(sheet)))
    text = words(tmp_path / "sheet.pdf", pdftotext_path)
    assert {number: text.count(number) >= times for number, times in wanted(sheet).items()} == dict.fromkeys(
        wanted(sheet), True
    )
    assert ("7K3M-9QXD" in text, "YL2024-0312-01" in text) == (True, True)
