import re
import subprocess

import pytest

from relief.lib.pdf import render_pdf
from reporting.formulas import compute
from reporting.outputs import SheetData, footer_text, head_lines, notes
from reporting.outputs.sheet_html import Explanation, form_document_html
from reporting.values import Value
from tests.reporting.pure.test_spec import GROUPS, LABELS

HEAD = {"union": "望海市第三中学工会", "filer": "何晓芸", "phone": "0900-6620318", "date": "2024 年 2 月 22 日"}
FOOT = footer_text(check_code="7K3M-9QXD", receipt="YL2024-0312-01", round_number=1, handed_in="2024-02-22 16:08")


@pytest.fixture
def filed(shaanxi, school):
    return SheetData(shaanxi, school, HEAD, footer=FOOT)


@pytest.fixture
def enormous(shaanxi):
    """Eight digits of 万元 in every line, a gap by rounding, a long name: the widest sheet there may be."""
    leaves = {
        code: Value.of(12_345_678_903_333_33 // 100 if shaanxi.item(code).kind == "money" else 12_345_678)
        for code in shaanxi.leaves
    }
    head = HEAD | {"union": "云岭省松原岭市教育科学文化卫生体育工会委员会第一中等职业技术学校工会委员会"}
    return SheetData(shaanxi, compute(shaanxi, leaves), head, mark="草稿")


def lines(sheet, pdftotext_path, tmp_path, *options):
    """The text of the sheet's PDF, spaces left out, page by page."""
    path = tmp_path / "sheet.pdf"
    path.write_bytes(render_pdf(form_document_html(sheet)))
    run = subprocess.run([pdftotext_path, *options, path, "-"], capture_output=True, check=True, text=True)
    return [re.sub(r"\s", "", page) for page in run.stdout.split("\f")[:-1]]


def test_the_head_is_filled_as_printed(filed):
    assert head_lines(filed) == [
        ["填报单位: 望海市第三中学工会"],
        ["填报人: 何晓芸"],
        ["电话: 0900-6620318"],
        ["2024 年 2 月 22 日"],
    ]


def test_head_parts_are_spread_and_the_seal_has_its_place(mini, mini_values):
    sheet = SheetData(mini, mini_values, HEAD | {"date": ""})
    assert head_lines(sheet) == [
        ["填报单位：望海市第三中学工会（盖章）", "　　年　　月　　日"],
        ["填报人: 何晓芸", "联系电话：0900-6620318"],
    ]


def test_the_document_has_all_49_rows_with_their_values(filed, shaanxi):
    html = form_document_html(filed)
    assert html.count('class="sheet-row sheet-row-465"') == 49
    values = re.findall(r'<td class="sheet-value[^>]*>.*?<span class="sheet-value">(.*?)</span>', html, re.DOTALL)
    assert len(values) == 49
    assert values[:8] == ["—", "3.46", "0.00", "0.00", "1.60", "0.86", "1.00", "0.00"]


def test_names_are_escaped_and_nothing_is_loaded(shaanxi, school):
    html = form_document_html(SheetData(shaanxi, school, HEAD | {"union": "<img src=x>"}))
    assert (html.count("<img"), html.count("&lt;img src=x&gt;"), html.count("url(")) == (0, 1, 0)


def test_a_draft_says_so_instead_of_a_check_code(shaanxi, school):
    html = form_document_html(SheetData(shaanxi, school, HEAD, mark="草稿"))
    assert (html.count("草稿"), html.count("校验码")) == (2, 0)


def test_a_hand_in_that_nobody_accepted_yet_is_marked_and_still_matches_its_receipt(shaanxi, school):
    html = form_document_html(SheetData(shaanxi, school, HEAD, mark="草稿", footer=FOOT))
    assert (html.count("草稿"), html.count("7K3M-9QXD"), html.count("YL2024-0312-01")) == (2, 1, 1)


def test_explanations_follow_on_their_own_page(filed, pdftotext_path, tmp_path):
    path = tmp_path / "sheet.pdf"
    explanation = Explanation("D、B", "D 发放 4.20 万元，多于 B 筹集 3.46 万元。", "本期收到上级拨入 1.50 万元。")
    path.write_bytes(render_pdf(form_document_html(filed, explanations=[explanation])))
    run = subprocess.run([pdftotext_path, "-f", "2", path, "-"], capture_output=True, check=True, text=True)
    text = re.sub(r"\s", "", run.stdout)
    assert [text.count(word) for word in ("核实说明", "本期收到上级拨入1.50万元。", "第2页共2页")] == [1, 1, 1]


def test_the_pdf_is_one_page_with_every_label_and_value(filed, pdftotext_path, tmp_path):
    (page,) = lines(filed, pdftotext_path, tmp_path)
    single = [label for label in LABELS.values() if " / " not in label]
    assert [label for label in single if label.replace(" ", "") not in page] == []
    assert (page.count("慰问对象(人次)"), page.count("发放款物(万元)")) == (13, 13)
    assert [page.count(word) for word in ("校验码7K3M-9QXD", "回执YL2024-0312-01", "第1页共1页")] == [1, 1, 1]


def test_the_group_labels_are_whole_in_their_column(filed, pdftotext_path, tmp_path):
    # The column of the group labels alone, in points: 43 mm to 132 mm from the left edge.
    (page,) = lines(filed, pdftotext_path, tmp_path, "-x", "121", "-y", "0", "-W", "254", "-H", "842")
    assert [label for label in (*GROUPS, "慰问新就业形态劳动者", "慰问残疾职工") if label not in page] == []


def test_eight_digits_are_not_cut_and_still_fit_one_page(enormous, pdftotext_path, tmp_path):
    (page,) = lines(enormous, pdftotext_path, tmp_path)
    assert (page.count("12,345,678.90"), page.count("74,074,073.42"), page.count("135,802,467.94")) == (20, 1, 1)
    assert notes(enormous) == ["注：合计先相加后四舍五入；B 各行相加为 74,074,073.40，D 各行相加为 135,802,467.90。"]
    assert page.count(notes(enormous)[0].replace(" ", "")) == 1


def test_a_form_of_sentences_prints_its_blanks_inside_them(mini, mini_values, pdftotext_path, tmp_path):
    (page,) = lines(SheetData(mini, mini_values, HEAD, footer=FOOT), pdftotext_path, tmp_path, "-layout")
    sentences = (
        "建立档案的困难职工家庭1,200户，其中深度困难家庭户。",
        "募捐总额123,457.28元02=02A+02B，其中：",
        "汇款凭证号=HYPERLINK(1)，汇款日期2024年1月10日。",
        "服务职工0人次，开展活动—场次。",
        "注：本表中职工均包括农民工。",
    )
    assert [page.count(sentence) for sentence in sentences] == [1] * len(sentences)
