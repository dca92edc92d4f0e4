"""The template that is filled in offline: what it holds, what comes back, what is refused."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from reporting.enums import FigureState
from reporting.formstore import store
from reporting.models import FormVersion
from tests.cast import log_in
from tests.reporting.conftest import publish
from tests.reporting.offline.conftest import Desk

FORM, ABOUT = "填报表", "填报信息"


def test_only_the_blanks_are_open(desk):
    sheet = desk.template()[FORM]
    opened = {cell.coordinate for row in sheet for cell in row if not cell.protection.locked}
    spec = desk.submission.deliverable.form_link.form_version.spec
    leaves = [item["code"] for item in spec["items"] if not item["formula"]]
    assert (sheet.protection.sheet, sheet.protection.password, len(opened)) == (True, None, len(leaves))
    assert {"E7", "E8", "E9", "E49", "C7", "A1"} & opened == {"E7", "E9", "E49"}


def test_it_is_prefilled_and_computes_by_itself(desk):
    sheet = desk.template()[FORM]
    assert (sheet["E11"].value, sheet["E49"].value, sheet["E8"].value) == (1.60005, 7, "=SUM(E9:E14)")
    rule = next(rule for rule in sheet.data_validations.dataValidation if "E9" in str(rule.sqref))
    assert rule.formula1 == 'OR(E9="—",AND(ISNUMBER(E9),N(E9)>=0,ROUND(N(E9),6)=N(E9)))'
    assert rule.error == "“B1 中央财政”要填不小于 0 的数，最多 6 位小数；没有发生填 0，不涉及填“—”。"


def test_unchanged_it_changes_nothing(desk):
    answer = desk.send(desk.template())
    assert (answer.status_code, answer.url, desk.stored()) == (302, desk.url("submission_page"), {})


def test_what_was_filled_in_is_shown_first_and_written_after_the_yes(desk):
    book = desk.template()
    book[FORM]["E47"], book[FORM]["E49"], book[FORM]["E9"] = "１，２３４", "—", 2.5
    answer = desk.send(book)
    assert desk.changes(answer) == {"B1": ("0.00", "2.50"), "F2": ("0", "1234"), "G": ("7", "—")}
    assert [change.where for change in answer.context["changes"]] == ["填报表!E9", "填报表!E47", "填报表!E49"]
    assert desk.stored() == {}
    assert desk.confirm(answer).status_code == 302
    assert desk.stored() == {"B1": 2_500_000, "F2": 1234, "G": FigureState.NA}


def test_the_same_yes_twice_writes_once_and_a_late_one_nothing(desk):
    book = desk.template()
    book[FORM]["E47"] = 5
    first = desk.send(book)
    book[FORM]["E47"] = 6
    second = desk.send(book)
    assert (desk.confirm(first).status_code, desk.confirm(first).status_code) == (302, 302)
    late = desk.confirm(second)
    assert (late.status_code, late.context["upload_faults"][1][:7]) == (409, "文件没有写入。")
    assert desk.stored() == {"F2": 5}


def test_the_sealed_changes_open_for_their_own_filing_and_person_only(desk, cast, published):
    book = desk.template()
    book[FORM]["E47"] = 5
    sealed = desk.send(book).context["sealed"]
    altered = desk.client.post(desk.url("figures_take"), {"sealed": sealed[:-6] + "AAAAA="})
    other = log_in(Client(), cast.county_clerk)
    foreign = reverse("figures_take", args=[published.submission(cast.county).pk])
    assert (altered.status_code, other.post(foreign, {"sealed": sealed}).status_code) == (422, 422)
    assert desk.stored() == {}


def test_every_fault_is_told_at_once_with_sheet_and_cell(desk):
    book = desk.template()
    sheet = book[FORM]
    sheet["E9"], sheet["E11"], sheet["E47"], sheet["E49"] = "=1+1", "三万", -2, datetime.date(2024, 1, 2)
    sheet["E50"], sheet["E51"] = 1.5, "#REF!"
    sheet["E51"].data_type = "e"
    assert desk.faults(desk.send(book)) == [
        "“填报表”E9（B1 中央财政）是公式，请粘贴为数值后再上传。",
        "“填报表”E11：“B3 工会经费”要填数字，填的是“三万”。没有发生请填 0，不涉及请填“—”。",
        "“填报表”E47：“F2 提供文化服务”不能填负数，填的是“-2”。",
        "“填报表”E49：“G 元旦春节期间共帮助农民工平安返乡”被 Excel 当成了日期（2024-01-02），请把这一格设为常规格式后重填。",
        "“填报表”E50：“H 帮助农民工追讨欠薪”按人次计，只能填整数，填的是“1.5”。",
        "“填报表”E51（I 帮助农民工追讨欠薪金额）是错误值 #REF!，请改成数值后再上传。",
    ]


def test_hidden_rows_and_merged_blanks_are_refused(desk):
    book = desk.template()
    sheet = book[FORM]
    sheet.row_dimensions[11].hidden = True
    sheet.merge_cells("E46:E47")
    faults = desk.faults(desk.send(book))
    assert faults[:2] == [
        "“填报表”第 11 行被隐藏，看不到里面的数。请取消隐藏，核对后再上传。",
        "“填报表”E46:E47 被合并，盖住了 F1 的格子。请取消合并，或重新下载 Excel 填写。",
    ]


@pytest.mark.parametrize(
    "edit", [lambda ws: ws.delete_rows(12), lambda ws: ws.insert_rows(10), lambda ws: ws.insert_cols(2)]
)
def test_a_moved_layout_is_refused_with_the_first_places(desk, edit):
    book = desk.template()
    edit(book[FORM])
    fault = desk.faults(desk.send(book))[0]
    assert ("版面" in fault, "请回到填报页重新下载 Excel" in fault) == (True, True)


def test_a_changed_label_is_refused(desk):
    book = desk.template()
    book[FORM]["C11"] = "工会经费（元）"
    assert desk.faults(desk.send(book))[0].startswith(
        "“填报表”的版面被改动（删行、插行、移动或改了文字）：C11 应是“工会经费(万元)”，现在是“工会经费（元）”。"
    )


def test_an_altered_identity_is_refused(desk):
    book = desk.template()
    about = book[ABOUT]
    row = next(row for row in about.iter_rows() if row[0].value == "填报编号")
    row[1].value = str(int(row[1].value) + 1)
    assert desk.faults(desk.send(book))[0].startswith("文件的“填报信息”被改动过")


def test_a_foreign_unions_template_is_refused(desk, cast, published):
    other = log_in(Client(), cast.county_clerk)
    foreign = other.get(reverse("form_template", args=[published.submission(cast.county).pk])).content
    fault = desk.faults(desk.send(foreign))[0]
    assert fault == (
        f"这份文件是工会 {cast.county.code} 在活动 sx-2024 里的填报表，不是您单位的。请使用在本单位填报页下载的 Excel。"
    )


def test_the_general_place_finds_the_filing(desk, django_assert_max_num_queries):
    book = desk.template()
    book[FORM]["E47"] = 9
    answer = desk.send(book, reverse("form_upload"), submission="0")
    assert (desk.changes(answer), answer.context["submission"].pk) == ({"F2": ("0", "9")}, desk.submission.pk)
    with django_assert_max_num_queries(14):
        page = desk.client.get(reverse("form_upload"))
    assert [row.pk for row in page.context["forms"]] == [desk.submission.pk]


def test_an_old_version_without_a_map_is_told_to_download_again(desk):
    book = desk.template()
    version = desk.submission.deliverable.form_link.form_version
    raw = version.spec | {"version": 2}
    FormVersion.objects.filter(pk=version.pk).update(version=2, spec=raw, digest="changed")
    assert desk.faults(desk.send(book)) == [
        "这份文件是第 1 版的表样，现在用的是第 2 版。请重新下载 Excel，把数字填进去再上传。"
    ]


def test_an_old_version_with_a_map_is_carried_over(cast, mill, clerk, shaanxi):
    published = publish(cast, form_version=shaanxi, unions=[mill])
    desk = Desk(log_in(Client(), clerk), published.submission(mill))
    book = desk.template()
    book[FORM]["E47"] = 9
    raw = shaanxi.spec | {"version": 2, "items": [item | {"last_year": item["code"]} for item in shaanxi.spec["items"]]}
    newer = store(raw)
    published.form.form_link.__class__.objects.filter(deliverable=published.form).update(form_version=newer)
    answer = desk.send(book)
    assert desk.changes(answer) == {"F2": ("0", "9")}
    assert answer.context["notes"] == ["这是表样第 1 版的模板，已按代码对应到第 2 版。"]
