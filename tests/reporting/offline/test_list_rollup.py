"""A superior's list on page, in Excel and in PDF: own row, children with an accepted round, the missing, the total."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reporting import actions, exports, formstore
from reporting.actions.filling import Typed
from reporting.models import FormVersion, Submission
from reporting.values import Value
from tests.cast import log_in
from tests.reporting.conftest import publish
from tests.reporting.pure.conftest import read_form
from tests.reporting.test_main_job import accept, fresh, hand_in

MILL = {"J0": 80, "J1A": 5, "J1B": 50_050, "J2A": 2, "J2B": 10_000, "J6A": 6}
COUNTY = {"J0": 20, "J1A": 1, "J1B": 1_000, "J2A": 1, "J2B": 2_000, "J6A": 2}


def fill(person, submission, numbers):
    typed = {code: Typed(Value.of(number)) for code, number in numbers.items()}
    typed |= {"J7": Typed(Value.word("2020-01")), "J8": Typed(Value.word("2020-01-09"))}
    actions.save_figures(by=person, submission=submission, version=fresh(submission).version, typed=typed)


@pytest.fixture
def county(cast, db):
    """The county's filing: own row typed, the mill accepted, the school missing."""
    formstore.store(read_form("tests/fixtures/forms/donation-list.json"))
    version = FormVersion.objects.get(form_id="donation-list")
    published = publish(cast, form_version=version, unions=[cast.city, cast.county, cast.mill, cast.school])
    fill(cast.clerk, published.submission(cast.mill), MILL)
    hand_in(cast.clerk, published.submission(cast.mill))
    accept(cast.county_reviewer, published.submission(cast.mill))
    fill(cast.county_clerk, published.submission(cast.county), COUNTY)
    return published.submission(cast.county)


def rows(data: bytes, width=7):
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return [[cell.value for cell in row[:width]] for row in sheet["A6:G9"]]


def expected(cast):
    return [
        ["1", f"{cast.county.name}（本级）", 20, 1, 10, 1, 20],
        ["2", cast.mill.name, 80, 5, 500.5, 2, 100],
        ["3", cast.school.name, "未报", None, None, None, None],
        [None, "合计", "=SUM(C6:C8)", "=SUM(D6:D8)", "=SUM(E6:E8)", "=SUM(F6:F8)", "=SUM(G6:G8)"],
    ]


def test_the_live_export_lists_the_units_and_sums_them(county, cast):
    assert rows(exports.form_document(county, fmt="xlsx", person=cast.county_clerk)) == expected(cast)


def test_the_handed_in_round_keeps_its_lines(county, cast):
    actions.save_missing_note(
        by=cast.county_clerk, submission=county, version=fresh(county).version, text="学校放假，节后补报"
    )
    hand_in(cast.county_clerk, fresh(county))
    assert rows(exports.form_document(fresh(county), fmt="xlsx")) == expected(cast)
    page = log_in(Client(), cast.city_reviewer).get(reverse("review_page", args=[county.pk]))
    lines = [row for row in page.context["grid"].rows if row.line is not None or row.is_total]
    assert ["".join(piece.text for piece in row.cells[1].content) for row in lines] == [
        row[1] for row in expected(cast)
    ]
    assert lines[-1].codes == ("J0", "J1A", "J1B", "J2A", "J2B", "J6A", "J6B")


def test_the_own_part_is_one_line(county, cast):
    doc = exports.document(county, part="own", person=cast.county_clerk)
    assert doc.sheet().lines == ()


def test_the_entry_page_of_a_superior_shows_its_own_line(county, cast):
    page = log_in(Client(), cast.county_clerk).get(reverse("submission_page", args=[county.pk]))
    body = page.context["grid"].rows_of_body
    assert ([row.line for row in body], body[0].cells[1].cell.text) == ([0], cast.county.name)


def test_the_lines_cost_the_same_queries_for_one_unit_and_for_two(county, cast):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            exports.document(fresh(county), person=cast.county_clerk).sheet()
        return len(caught)

    one = queries()
    school = Submission.objects.get(deliverable=county.deliverable, union=cast.school)
    fill(cast.school_clerk, school, MILL)
    hand_in(cast.school_clerk, school)
    accept(cast.county_reviewer, school)
    assert queries() == one
