"""Every blank of every shipped form is on the entry page, in the Excel and in the text of the PDF."""

import io
import subprocess

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from relief.lib.pdf import render_pdf
from reporting import formstore
from reporting.models import FormVersion
from reporting.outputs import SheetData
from reporting.outputs.excel import workbook
from reporting.outputs.sheet_html import form_document_html
from reporting.rounding import shown_texts
from tests.cast import log_in
from tests.forms.conftest import FORMS, all_different
from tests.forms.printed import FORMS as PRINTED
from tests.reporting.conftest import publish

HEAD = {"union": "望海市第三中学工会", "filer": "何晓芸", "phone": "0900-6620318", "date": "2024 年 2 月 22 日"}
BARE = str.maketrans("", "", " \n\t\f\u3000\u00a0")


@pytest.fixture
def filled(form) -> SheetData:
    return SheetData(form, all_different(form), HEAD)


def told(filled) -> dict[str, str]:
    """The text of each blank as printed; they are all different, so that one found is the one meant."""
    texts = shown_texts(filled.spec, filled.values)
    assert len(set(texts.values())) == len(texts)
    return texts


def test_every_blank_is_in_the_excel(filled):
    sheet = openpyxl.load_workbook(io.BytesIO(workbook([filled]))).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    found = {f"{cell.value:,.{2 if '.00' in cell.number_format else 0}f}" for cell in cells if cell.data_type == "n"}
    found |= {f"{cell.value.year}年{cell.value.month}月{cell.value.day}日" for cell in cells if cell.data_type == "d"}
    found |= {str(cell.value) for cell in cells if cell.data_type == "s"}
    totals = [item.code for item in filled.spec.formula_items]
    assert [code for code, text in told(filled).items() if text not in found and code not in totals] == []
    assert len([cell for cell in cells if cell.data_type == "f"]) >= len(totals)


def test_every_blank_is_in_the_text_of_the_pdf(filled, pdftotext_path, tmp_path):
    path = tmp_path / "form.pdf"
    path.write_bytes(render_pdf(form_document_html(filled)))
    run = subprocess.run([pdftotext_path, path, "-"], capture_output=True, check=True, text=True)
    printed = run.stdout.translate(BARE)
    assert run.stdout.count("\f") == 1
    assert [code for code, text in told(filled).items() if text.translate(BARE) not in printed] == []


@pytest.mark.django_db
def test_every_blank_is_on_the_entry_page(form, cast, mill):
    formstore.load_forms()
    version = FormVersion.objects.get(form_id=form.id, version=1)
    published = publish(cast, form_version=version, unions=[cast.city, cast.county, cast.mill])
    page = log_in(Client(), cast.clerk).get(reverse("submission_page", args=[published.submission(mill).pk]))
    html = page.content.decode()
    assert page.status_code == 200
    typed = {item.code for item in form.items if not item.is_formula}
    assert {code: html.count(f'id="c-{code}"') for code in form.codes} == dict.fromkeys(form.codes, 1)
    assert {code for code in form.codes if f'name="v-{code}"' in html} == typed


@pytest.mark.django_db
def test_loading_the_forms_stores_all_six():
    formstore.load_forms()
    assert sorted(FormVersion.objects.values_list("form_id", "version")) == sorted((form_id, 1) for form_id in PRINTED)
    assert sorted(path.stem for path in FORMS.glob("*.json")) == sorted(PRINTED)


@pytest.mark.django_db
def test_the_words_for_the_filler_are_on_the_entry_page(cast, mill):
    formstore.load_forms()
    version = FormVersion.objects.get(form_id="suzhou-2013", version=1)
    published = publish(cast, form_version=version, unions=[cast.city, cast.county, cast.mill])
    page = log_in(Client(), cast.clerk).get(reverse("submission_page", args=[published.submission(mill).pk]))
    html = page.content.decode()
    assert html.count("<dd>手填。可以参考在档家庭里的职工人数。本表中职工均包括农民工。</dd>") == 1
    assert html.count('title="手填。可以参考在档家庭里的职工人数。本表中职工均包括农民工。"') == 1
    assert html.count('<p class="sheet-note">注：本表中职工均包括农民工</p>') == 1
