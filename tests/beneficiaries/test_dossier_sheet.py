"""困难职工档案表: what stands on it, who gets it in full, what is written down."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from beneficiaries import actions
from beneficiaries.models import SubsistenceStandard
from beneficiaries.sheets import dossier_sheet
from beneficiaries.sheets.content import COLUMNS
from relief.lib import clock
from tests.beneficiaries import households as made
from tests.beneficiaries.test_dossier_pages import MARKERS
from tests.cast import log_in
from unions.models import AuditEvent
from unions.policy import Refused


@pytest.fixture(autouse=True)
def standard(county):
    return SubsistenceStandard.objects.create(union=county, year=clock.today().year, monthly=Decimal("780"))


@pytest.fixture
def dossier(cast, clerk, mill):
    return made.draft(clerk, mill)


def words(sheet) -> str:
    return "\n".join(cell.text for row in sheet.rows for cell in row)


def look(by, dossier):
    actions.unmask(by=by, dossier=dossier, purpose="verify", reason="核对档案表")


def take(client, dossier, kind="xlsx", **typed):
    return client.post(reverse("dossier_sheet", args=[dossier.pk, kind]), typed)


def test_the_masked_sheet_holds_no_marker(clerk, dossier):
    made.assess(clerk, dossier)
    text = words(dossier_sheet(dossier, by=clerk, full=False))
    assert [marker for marker in MARKERS if marker in text] == []
    assert "未满14周岁成员 1 人，信息全部遮蔽" in text.split("\n")


def test_the_full_sheet_holds_the_household_and_the_sum(clerk, dossier):
    made.assess(clerk, dossier)
    text = words(dossier_sheet(dossier, by=clerk, full=True))
    assert [marker for marker in MARKERS if marker not in text] == []
    assert "（109,560.00 − 74,480.00）÷ 12 ÷ 4 = 730.83 元，低于低保标准 780.00 元，差 49.17 元，属深度困难。" in text


@pytest.mark.parametrize("full", [True, False])
def test_every_row_fills_the_grid(cast, dossier, full):
    active = made.walk(cast, dossier)
    taken: dict[int, int] = {}
    sheet = dossier_sheet(active, by=cast.clerk, full=full)
    for at, row in enumerate(sheet.rows):
        for cell in row:
            for down in range(cell.rows):
                taken[at + down] = taken.get(at + down, 0) + cell.span
    assert set(taken.values()) == {len(COLUMNS)}


def test_a_return_takes_the_opinions_of_its_round_off_the_sheet(cast, dossier):
    posted = made.walk(cast, dossier, until="posted")
    assert "与申报一致" in words(dossier_sheet(posted, by=cast.clerk, full=False))
    actions.return_dossier(by=cast.reviewer, dossier=posted, version=posted.version, reason="缺单位证明")
    posted.refresh_from_db()
    assert "与申报一致" not in words(dossier_sheet(posted, by=cast.clerk, full=False))


def test_the_workbook_is_text_on_one_page_width(client, clerk, dossier):
    made.assess(clerk, dossier)
    look(clerk, dossier)
    answer = take(log_in(client, clerk), dossier, full="1")
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = {cell.value: cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None}
    assert (answer.status_code, page["A1"].value, cells[made.HOLDER_ID], set(cells.values())) == (
        200,
        "困难职工档案表",
        "s",
        {"s"},
    )
    paper = page.page_setup
    assert (int(paper.paperSize), paper.fitToWidth, page.sheet_properties.pageSetUpPr.fitToPage) == (9, 1, True)


def test_the_pdf_comes_as_a_file_that_nobody_keeps(client, clerk, dossier):
    answer = take(log_in(client, clerk), dossier, "pdf")
    assert (answer.status_code, answer.content[:5], answer["Cache-Control"], answer["X-Content-Type-Options"]) == (
        200,
        b"%PDF-",
        "private, no-store",
        "nosniff",
    )


def test_in_full_only_after_the_household_was_opened_with_a_purpose(client, clerk, dossier):
    log_in(client, clerk)
    assert take(client, dossier, full="1").status_code == 409
    look(clerk, dossier)
    assert take(client, dossier, full="1").status_code == 200
    rows = AuditEvent.objects.filter(act="dossier.sheet", outcome="done").values_list("detail", flat=True)
    assert list(rows) == [{"kind": "xlsx", "full": True}]


def test_a_look_of_somebody_else_does_not_open_the_sheet(cast, dossier):
    look(cast.clerk, dossier)
    with pytest.raises(Refused):
        actions.take_sheet(by=cast.second_clerk, dossier=dossier, kind="pdf", full=True)
    actions.take_sheet(by=cast.second_clerk, dossier=dossier, kind="pdf", full=False)
    detail = AuditEvent.objects.filter(act="dossier.sheet", outcome="done").get().detail
    assert detail == {"kind": "pdf", "full": False}


def test_out_of_reach_and_unknown_kinds_are_not_there(client, stranger, clerk, dossier):
    assert take(log_in(client, stranger), dossier).status_code == 404
    assert take(log_in(client, clerk), dossier, "doc").status_code == 404
    assert not AuditEvent.objects.filter(act="dossier.sheet").exists()


def test_the_page_offers_the_full_sheet_only_in_full(client, clerk, dossier):
    log_in(client, clerk)
    masked = client.get(reverse("dossier_detail", args=[dossier.pk])).content.decode()
    typed = {"purpose": "verify", "reason": "核对档案表"}
    full = client.post(reverse("household_unmask", args=[dossier.pk]), typed).content.decode()
    assert [page.count("完整版 PDF") for page in (masked, full)] == [0, 1]
    assert [page.count("遮蔽版 PDF") for page in (masked, full)] == [1, 1]
