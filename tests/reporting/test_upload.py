"""A filled Excel comes back: taken whole, or refused with every fault in words."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reporting.models import Figure
from tests.cast import log_in
from tests.reporting.test_main_job import fresh, helped_home, raise_funds


@pytest.fixture
def clerks(published, cast, mill, clerk):
    """The clerk's client and the mill's submission with 1.60005 万元 of own dues and 7 journeys home."""
    raise_funds(clerk, mill, published.campaign, "16000.50")
    helped_home(clerk, mill, published.campaign, 7)
    return log_in(Client(), clerk), published.submission(mill)


def downloaded(client, submission) -> openpyxl.Workbook:
    answer = client.get(reverse("form_export", args=[submission.pk, "xlsx"]), {"live": "1", "part": "own"})
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def send(client, submission, book, version=None):
    stream = io.BytesIO()
    book.save(stream)
    data = {"version": version or fresh(submission).version, "file": SimpleUploadedFile("form.xlsx", stream.getvalue())}
    return client.post(reverse("figures_upload", args=[submission.pk]), data)


def put(book, code, value) -> None:
    row = next(row for row in book["数据"].iter_rows(min_row=2) if row[0].value == code)
    row[3].value = value


def test_the_file_as_downloaded_changes_nothing(clerks):
    client, submission = clerks
    assert send(client, submission, downloaded(client, submission)).status_code == 302
    assert Figure.objects.count() == 0


def test_a_changed_leaf_with_its_total_is_taken(clerks):
    client, submission = clerks
    book = downloaded(client, submission)
    put(book, "F2", 140)
    put(book, "F", 140)
    assert send(client, submission, book).status_code == 302
    assert list(Figure.objects.values_list("code", "number", "record_number")) == [("F2", 140, 0)]


def test_an_empty_total_is_computed(clerks):
    client, submission = clerks
    book = downloaded(client, submission)
    put(book, "F2", 140)
    put(book, "F", None)
    assert send(client, submission, book).status_code == 302
    page = client.get(reverse("submission_page", args=[submission.pk]))
    assert page.context["cells"]["F"].text == "140"


def test_a_broken_printed_formula_is_refused_and_nothing_is_written(clerks):
    client, submission = clerks
    book = downloaded(client, submission)
    put(book, "G", 9)
    put(book, "B", "3.40")
    page = send(client, submission, book)
    assert page.status_code == 422
    assert page.context["upload_faults"] == ["B 应等于 B1+…+B6 = 1.60，填的是 3.40。"]
    assert Figure.objects.count() == 0


def test_every_fault_is_told_at_once(clerks):
    client, submission = clerks
    book = downloaded(client, submission)
    put(book, "G", "三十")
    put(book, "H", -2)
    put(book, "F1", "=1+1")
    page = send(client, submission, book)
    assert [words.split("：")[0] for words in page.context["upload_faults"]] == [
        "“数据”第 41 行",
        "“数据”第 44 行",
        "“数据”第 45 行",
    ]
    assert Figure.objects.count() == 0


def test_another_file_is_refused_in_words(clerks):
    client, submission = clerks
    page = client.post(
        reverse("figures_upload", args=[submission.pk]),
        {"version": 1, "file": SimpleUploadedFile("form.xlsx", b"PK no workbook")},
    )
    assert (page.status_code, len(page.context["upload_faults"])) == (422, 1)


def test_a_stale_upload_is_refused(clerks):
    client, submission = clerks
    book = downloaded(client, submission)
    put(book, "F2", 140)
    put(book, "F", 140)
    assert send(client, submission, book, version=99).status_code == 409
    assert Figure.objects.count() == 0
