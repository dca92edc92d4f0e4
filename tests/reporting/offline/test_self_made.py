"""A sheet that somebody made: mapped on a screen, looked at, confirmed."""

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import log_in


@pytest.fixture
def own_sheet(desk):
    """Three schools on one list; the mill's line is the second."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["单位", "F2", "工会经费（元）", "说不清的数"])
    sheet.append(["别的工会", 1, 100, 5])
    sheet.append([desk.submission.addressee.union_name, 140, 20_000, 8])
    return book


def posted(page, **changes):
    """What the mapping screen sends when nothing is changed on it."""
    data = {"sealed": page.context["sealed"], "record": page.context["record"]}
    for line in page.context["lines"]:
        data[f"code-{line['number']}"] = line["code"]
        data[f"unit-{line['number']}"] = line["unit"]
    return data | changes


def test_heads_are_shown_with_their_guess_and_the_own_line(desk, own_sheet):
    page = desk.send(own_sheet)
    assert [(line["head"].head, line["code"], line["unit"], line["sample"]) for line in page.context["lines"]] == [
        ("单位", "", "", desk.submission.addressee.union_name),
        ("F2", "F2", "", "140"),
        ("工会经费（元）", "B3", "元", "20000"),
        ("说不清的数", "", "", "8"),
    ]
    assert (page.context["record"], "只取本单位自己的一行" in page.content.decode()) == (1, True)


def test_the_corrected_mapping_is_shown_and_written_after_the_yes(desk, own_sheet):
    page = desk.send(own_sheet)
    answer = desk.client.post(desk.url("figures_map"), posted(page, **{"code-3": "G"}))
    assert desk.changes(answer) == {"B3": ("1.60005", "2.00"), "F2": ("0", "140"), "G": ("7", "8")}
    assert desk.stored() == {}
    assert desk.confirm(answer).status_code == 302
    assert desk.stored() == {"B3": 2_000_000, "F2": 140, "G": 8}


def test_faults_are_told_on_the_screen_and_what_was_chosen_stays(desk, own_sheet):
    own_sheet.active["D3"] = "很多"
    page = desk.send(own_sheet)
    again = desk.client.post(desk.url("figures_map"), posted(page, **{"code-3": "G", "code-1": "B"}))
    assert (again.status_code, again.context["upload_faults"]) == (
        422,
        [
            "“Sheet”B3：“B”不是可以填的格子。",
            "“Sheet”D3：“G 元旦春节期间共帮助农民工平安返乡”要填数字，填的是“很多”。没有发生请填 0，不涉及请填“—”。",
        ],
    )
    assert again.context["lines"][3]["code"] == "G"


def test_the_general_place_asks_which_form_a_self_made_sheet_is_for(desk, own_sheet):
    first = desk.send(own_sheet, reverse("form_upload"), submission="0")
    assert (first.status_code, first.context["upload_faults"][0][:14]) == (422, "文件里没有本系统的标识，认不")
    page = desk.send(own_sheet, reverse("form_upload"), submission=str(desk.submission.pk))
    assert page.context["recognised"] == 2


def test_a_sheet_without_heads_of_the_form_is_refused_with_the_next_step(desk):
    book = openpyxl.Workbook()
    book.active.append(["甲", "乙"])
    assert desk.faults(desk.send(book))[0].startswith("文件里认不出这张表")


def test_another_filings_clerk_cannot_fill_in_here(desk, own_sheet, cast):
    stranger = log_in(Client(), cast.county_clerk)
    desk.client = stranger
    assert (desk.send(own_sheet).status_code, stranger.get(desk.url("form_template")).status_code) == (403, 403)
