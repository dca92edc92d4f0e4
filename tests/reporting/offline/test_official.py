"""The official Excel comes back: figures on the printed layout and in the list 数据 both count."""

import pytest

from reporting.models import Figure


def put(book, code, value) -> None:
    row = next(row for row in book["数据"].iter_rows(min_row=2) if row[0].value == code)
    row[3].value = value


def test_the_file_as_downloaded_changes_nothing(desk):
    assert desk.send(desk.official()).status_code == 302
    assert desk.stored() == {}


def test_a_changed_leaf_with_its_total_is_taken(desk):
    book = desk.official()
    put(book, "F2", 140)
    put(book, "F", 140)
    answer = desk.send(book)
    assert desk.changes(answer) == {"F2": ("0", "140")}
    assert desk.confirm(answer).status_code == 302
    assert list(Figure.objects.values_list("code", "number", "record_number")) == [("F2", 140, 0)]


def test_a_figure_typed_on_the_printed_layout_counts(desk):
    book = desk.official()
    book.worksheets[0]["E47"] = 140
    assert desk.changes(desk.send(book)) == {"F2": ("0", "140")}


def test_two_new_values_for_one_blank_are_a_fault(desk):
    book = desk.official()
    book.worksheets[0]["E47"] = 140
    put(book, "F2", 150)
    put(book, "F", None)
    assert [fault.replace(book.sheetnames[0], "表") for fault in desk.faults(desk.send(book))] == [
        "F2 在 表!E47 填的是 140，在 数据!D42 填的是 150，请改成一样。"
    ]


def test_an_empty_total_is_computed(desk):
    book = desk.official()
    put(book, "F2", 140)
    put(book, "F", None)
    desk.confirm(desk.send(book))
    page = desk.client.get(desk.url("submission_page"))
    assert page.context["cells"]["F"].text == "140"


def test_a_broken_printed_formula_is_refused_and_nothing_is_written(desk):
    book = desk.official()
    put(book, "G", 9)
    put(book, "B", "3.40")
    assert desk.faults(desk.send(book)) == ["B 应等于 B1+…+B6 = 1.60005，填的是 3.40。"]


def test_every_fault_is_told_at_once(desk):
    book = desk.official()
    put(book, "G", "三十")
    put(book, "H", -2)
    put(book, "F1", "=1+1")
    assert [words.split("：")[0] for words in desk.faults(desk.send(book))] == [
        "“数据”第 41 行",
        "“数据”第 44 行",
        "“数据”第 45 行",
    ]


def test_the_official_excel_of_another_form_is_told_in_one_sentence(desk):
    book = desk.official()
    for row in book["数据"].iter_rows(min_row=2):
        row[0].value = f"X{row[0].value}"
    book.remove(book.worksheets[0])
    assert [fault.split("，")[0] for fault in desk.faults(desk.send(book))] == ["这份 Excel 是另一张表的"]


@pytest.mark.parametrize("data", [b"PK no workbook", b"", b"\xd0\xcf\x11\xe0 old"])
def test_another_file_is_refused_in_words(desk, data):
    assert len(desk.faults(desk.send(data))) == 1
