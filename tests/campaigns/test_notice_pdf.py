"""The notice on paper: GB/T 9704 measures, the text, the foot, the annex."""

import re
import subprocess

import pytest

from campaigns.models import Campaign, Notice
from campaigns.notices.pdf import CHARACTERS, LINES, notice_pdf
from campaigns.notices.text import joined, title_lines
from tests.campaigns.stage import NOTICE
from unions.models import Union

MM = 72 / 25.4
SENTENCE = "走访困难职工和节日值守岗位了解生产生活情况帮助解决急难愁盼问题不断提升职工生活品质"


def unsaved(**changed) -> Notice:
    """A notice that is in no database."""
    campaign = Campaign(issuer=Union(name="云岭省教科文卫体工会委员会"))
    return Notice(campaign=campaign, **{**NOTICE, **changed})


def run(pdftotext: str, tmp_path, notice: Notice, *options: str, **annex: str) -> str:
    path = tmp_path / "notice.pdf"
    path.write_bytes(notice_pdf(notice, **annex))
    return subprocess.run([pdftotext, *options, str(path), "-"], capture_output=True, text=True, check=True).stdout


def test_the_text_is_all_there_and_nothing_is_cut(pdftotext_path, tmp_path):
    said = re.sub(r"\s", "", run(pdftotext_path, tmp_path, unsaved(), "-layout"))
    parts = [
        "云岭省教科文卫体工会委员会文件",
        "云教工〔2023〕41号",
        "关于开展2024年送温暖活动的通知",
        "各市教育（科文卫体）工会，各直属基层工会：",
        "附件：2024年元旦春节期间各级工会送温暖统计表",
        "云岭省教科文卫体工会委员会2023年12月28日（联系人：保障工作部电话：0900-6611020）",
        "抄送：云岭省总工会保障工作部。",
        "云岭省教科文卫体工会委员会办公室2023年12月28日印发",
        "—1—",
    ]
    assert [part for part in parts if part not in said] == []


def words(pdftotext: str, tmp_path, notice: Notice) -> list[list[tuple[str, float, float, float]]]:
    """Per page (word, left, right, top) in mm."""
    box = run(pdftotext, tmp_path, notice, "-bbox")
    pages = re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', box, re.S)
    assert {(round(float(w) / MM), round(float(h) / MM)) for w, h, _ in pages} == {(210, 297)}
    pattern = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="[\d.]+">(.*?)</word>'
    return [
        [(word, float(x) / MM, float(end) / MM, float(y) / MM) for x, y, end, word in re.findall(pattern, page)]
        for *_, page in pages
    ]


def test_a_full_page_has_22_lines_of_28_characters_in_the_type_area(pdftotext_path, tmp_path):
    body = SENTENCE * 60
    second = words(pdftotext_path, tmp_path, unsaved(body=body))[1]
    lines = [word for word in second if word[0][0] in SENTENCE]
    assert len(lines) == LINES
    assert {len(word) for word, *_ in lines} == {CHARACTERS}
    assert {round(left, 1) for _, left, _, _ in lines} == {28.0}
    assert all(abs(right - 184) < 0.3 for _, _, right, _ in lines)
    steps = {round(below[3] - above[3], 2) for above, below in zip(lines, lines[1:], strict=False)}
    assert steps == {10.22}


def test_page_numbers_stand_outside(pdftotext_path, tmp_path):
    pages = words(pdftotext_path, tmp_path, unsaved(body=SENTENCE * 40))
    left = [next(word[1] for word in page if word[0] == "—") for page in pages[:2]]
    assert (left[0] > 150, left[1] < 40) == (True, True)


def test_the_foot_is_the_last_thing_even_after_an_annex(pdftotext_path, tmp_path):
    text = run(pdftotext_path, tmp_path, unsaved(), "-layout", annex_html="<p>附件1</p><p>统计表在此</p>")
    *before, last = text.rstrip("\f").split("\f")
    assert [page for page in before if "印发" in page or "统计表在此" in page] == []
    assert last.index("统计表在此") < last.index("印发")


def test_several_annexes_are_numbered_without_stops(pdftotext_path, tmp_path):
    said = run(pdftotext_path, tmp_path, unsaved(annexes=["甲表", "乙表"]), "-layout")
    assert re.search(r"附件：\s*1\.\s*甲表\s*\n\s*2\.\s*乙表\s*\n", said) is not None


def test_markup_in_the_text_stays_text(pdftotext_path, tmp_path):
    said = run(pdftotext_path, tmp_path, unsaved(body="<b>粗</b>&amp;"))
    assert "<b>粗</b>&amp;" in said


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("第一行没有\n写完。", "第一行没有写完。"),
        ("写完了。\n第二段。", "写完了。\n第二段。"),
        ("一、总体要求\n认真落实。", "一、总体要求\n认真落实。"),
        ("正文没有句号\n二、要求", "正文没有句号\n二、要求"),
        ("某某委员会\n2023年12月28日", "某某委员会\n2023年12月28日"),
        ("联系人：保障部\n电话：0900-6611020", "联系人：保障部\n电话：0900-6611020"),
        ("使用 2024 年 central 资金。", "使用2024年 central 资金。"),
        ("", ""),
    ],
)
def test_pasted_lines_are_joined(pasted, expected):
    assert joined(pasted) == expected


def test_joining_twice_changes_nothing():
    once = joined("各单位要广泛开展送温暖活\n\n动，结束。\n一、要求\n认真\n落实。")
    assert joined(once) == once


def test_a_title_without_the_issuer_stays_whole():
    assert title_lines("关于送温暖的通知", ["云岭省总工会"]) == ["关于送温暖的通知"]
