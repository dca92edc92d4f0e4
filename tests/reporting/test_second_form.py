"""The engine is no disguise for one form: a second form passes from entry page to roll-up without a line of its own."""

import datetime
import io
import json
import subprocess
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from beneficiaries.models import SubsistenceStandard
from campaigns import actions as campaign_actions
from campaigns.enums import ActivityKind, FundForm, FundSource
from reporting import actions, exports, formstore
from reporting.actions.filling import Typed
from reporting.figures import sheet_of
from reporting.models import Round, RoundKey
from reporting.values import Value
from tests.beneficiaries.households import assess, draft, number, walk
from tests.cast import log_in
from tests.reporting.conftest import Published, publish
from tests.reporting.test_main_job import accept, fresh, hand_in
from tests.reporting.test_pages import entry_data

FORM = Path(__file__).parent.parent / "fixtures" / "forms" / "mini.json"
DAY = datetime.date(2024, 1, 20)


@pytest.fixture
def mini(cast) -> Published:
    """The small form asked of county, mill and school."""
    version = formstore.store(json.loads(FORM.read_text(encoding="utf-8")))
    return publish(cast, form_version=version, unions=[cast.city, cast.county, cast.mill, cast.school])


@pytest.fixture
def recorded(cast, mini) -> Published:
    """Two households of the mill, one of them moved to the school; donations and culture at both."""
    opened = datetime.date(2023, 6, 12)
    SubsistenceStandard.objects.create(union=cast.city, year=2024, monthly=Decimal("780.00"))
    walk(cast, draft(cast.clerk, cast.mill), opened_on=opened)
    second = draft(cast.clerk, cast.mill, name="邓秋生", id_number=number(1970, 5))
    assess(cast.clerk, second, income="30000.00", rigid="0.00", persons=2)
    walk(cast, second, opened_on=opened)
    for by, union, amount in [(cast.clerk, cast.mill, "86.05"), (cast.school_clerk, cast.school, "1234567.89")]:
        campaign_actions.record_funds(
            by=by,
            union=union,
            campaign=mini.campaign,
            source=FundSource.DONATION,
            form=FundForm.CASH,
            amount=Decimal(amount),
            received_on=DAY,
        )
        campaign_actions.record_activity(
            by=by, union=union, campaign=mini.campaign, kind=ActivityKind.CULTURE, held_on=DAY, counts={"contacts": 3}
        )
    return mini


def fill(by, submission, events="1"):
    """Type what no record gives: other donations, voucher number, day, events."""
    return actions.save_figures(
        by=by,
        submission=submission,
        version=submission.version,
        typed={
            "02B": Typed(Value.of(5)),
            "02C": Typed(Value.word("=记-012")),
            "02D": Typed(Value.word("2024-01-10")),
            "05_1": Typed(Value.of(int(events))),
        },
    )


def test_two_blanks_in_one_sentence_and_a_text_are_entered_on_the_page(recorded, cast):
    submission = recorded.submission(cast.mill)
    client = log_in(Client(), cast.clerk)
    url = reverse("submission_page", args=[submission.pk])
    typed = {"v-02B": "0.05", "v-02C": "记-012", "v-02D": "2024年1月10日", "v-05_1": "2"}
    page = client.post(url, entry_data(client, submission) | typed)
    assert page.status_code == 302
    cells = client.get(url).context["cells"]
    shown = {code: cell.entry if cell.editable else cell.text for code, cell in cells.items()}
    assert shown == {
        "01A": "2",
        "01A1": "1",
        "02": "86.10",
        "02A": "86.05",
        "02B": "0.05",
        "02C": "记-012",
        "02D": "2024-01-10",
        "05": "3",
        "05_1": "2",
    }


def test_a_typed_and_explained_blank_that_breaks_a_relation_still_looks_failed(recorded, cast):
    """Two households are on record; three deep ones among them cannot be, whatever the note says."""
    submission = fill(cast.clerk, recorded.submission(cast.mill))
    typed = {"01A1": Typed(Value.of(3), note="名册另附")}
    actions.save_figures(by=cast.clerk, submission=submission, version=fresh(submission).version, typed=typed)
    page = log_in(Client(), cast.clerk).get(reverse("submission_page", args=[submission.pk]))
    cells = page.context["cells"]
    assert [finding.key for finding in cells["01A1"].refused] == ["subset:01A1:01A"]
    assert (cells["01A1"].look, cells["01A"].look) == ("failed", "failed")
    assert "跳到下一处" in page.content.decode()
    assert page.context["counts"]["next_code"] == "01A1"


def test_the_ge_check_asks_and_an_explanation_lets_it_pass(recorded, cast):
    submission = fill(cast.clerk, recorded.submission(cast.mill), events="4")
    assert [finding.key for finding in sheet_of(submission).blocking()] == ["served_per_event"]
    actions.explain_check(by=cast.clerk, submission=submission, key="served_per_event", text="四场均为线上直播")
    frozen = hand_in(cast.clerk, fresh(submission))
    assert [(row["key"], row["note"]) for row in frozen.findings] == [("served_per_event", "四场均为线上直播")]


def test_a_missing_text_item_stops_the_hand_in_with_its_sentence(recorded, cast):
    submission = recorded.submission(cast.mill)
    messages = [finding.message for finding in sheet_of(submission).blocking()]
    assert messages == [
        "“其他捐款”还没有填。没有发生请填 0；本单位不涉及请填“—”。",
        "“汇款凭证号”还没有填。请填写；没有请填“—”。",
        "“开展活动场次”还没有填。没有发生请填 0；本单位不涉及请填“—”。",
    ]


def test_households_stay_distinct_in_the_roll_up(recorded, cast):
    for by, union in [(cast.clerk, cast.mill), (cast.school_clerk, cast.school)]:
        submission = fill(by, recorded.submission(union))
        hand_in(by, submission)
        accept(cast.county_reviewer, submission)
    frozen = Round.objects.get(submission__union=cast.mill)
    first = RoundKey.objects.filter(round=frozen, code="01A").first()
    # The school froze one household that the mill froze too: the same key counts once.
    school = Round.objects.get(submission__union=cast.school)
    RoundKey.objects.create(round=school, code="01A", kind=first.kind, key=first.key)
    school.figures.filter(code="01A").update(number=1)
    sheet = sheet_of(recorded.submission(cast.county))
    assert sheet.consolidated["01A"] == Value.of(2)
    assert sheet.consolidated["02A"] == Value.of(8_605 + 123_456_789)
    assert sheet.consolidated["02C"] == Value.empty()


def test_excel_holds_sentences_live_sums_and_text_as_text(recorded, cast):
    submission = fill(cast.clerk, recorded.submission(cast.mill))
    hand_in(cast.clerk, submission)
    file = io.BytesIO(exports.form_document(fresh_full(recorded, cast), fmt="xlsx"))
    book, stored = openpyxl.load_workbook(file), openpyxl.load_workbook(file, data_only=True)
    words = [str(cell.value) for row in stored.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert [text for text in words if "其中深度困难家庭" in text] == [
        "建立档案的困难职工家庭 2 户，其中深度困难家庭 1 户。"
    ]
    figures = {row[0].value: row[3] for row in book["数据"].iter_rows(min_row=2)}
    assert (figures["01A"].value, figures["02C"].value, figures["02C"].data_type) == (2, "=记-012", "s")


def fresh_full(recorded, cast):
    return recorded.submission(cast.mill)


def test_the_pdf_holds_every_sentence(recorded, cast, tmp_path, pdftotext_path):
    submission = fill(cast.clerk, recorded.submission(cast.mill))
    hand_in(cast.clerk, submission)
    path = tmp_path / "mini.pdf"
    path.write_bytes(exports.form_document(fresh_full(recorded, cast), fmt="pdf"))
    said = subprocess.run(
        [pdftotext_path, "-layout", str(path), "-"], check=True, capture_output=True, text=True
    ).stdout
    flat = "".join(said.split())
    expected = [
        "建立档案的困难职工家庭2户，其中深度困难家庭1户。",
        "募捐总额86.10元02=02A+02B，其中：",
        "汇款凭证号=记-012，汇款日期2024年1月10日。",
        "服务职工3人次，开展活动1场次。",
        "（盖章）",
        "草稿",
    ]
    assert [sentence for sentence in expected if sentence not in flat] == []
