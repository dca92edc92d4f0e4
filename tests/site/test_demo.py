"""The demo as a whole: it loads, every state is there, nearly every blank speaks, and its records are sound."""

import json

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from campaigns.models import Campaign
from reporting.exports import as_json, document
from reporting.models import Round, Submission
from tests.oracle import oracle
from tests.oracle.test_oracle import (
    differences,
    exported,
    exported_by_oracle,
    figures_of_oracle,
    figures_of_product,
    printed_by_oracle,
    printed_by_product,
    sheets_of_product,
)
from tests.site.world import run
from unions.models import AuditEvent

MAIN = "sx-2024"
# One worker loads the demo once, and everything that is said of it is said there.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(RELIEF_DEMO=True):
            assert run("demo")[0] == 0
            yield
        transaction.set_rollback(True)


def test_filings_stand_at_every_point(demo):
    """Not started is a draft that nobody saved."""
    filings = Submission.objects.filter(deliverable__key="form", deliverable__campaign__code=MAIN)
    states = set(filings.values_list("state", flat=True))
    assert states == {"draft", "submitted", "in_review", "returned", "accepted"}
    drafts = filings.filter(state="draft")
    assert (drafts.filter(saved_at=None).exists(), drafts.filter(saved_at__isnull=False).exists()) == (True, True)
    rounds = Round.objects.filter(submission__in=filings)
    assert (rounds.filter(late=True).exists(), rounds.filter(nil=True).exists(), rounds.filter(number=2).count()) == (
        True,
        True,
        2,
    )


def test_every_blank_of_the_province_speaks(demo):
    submission = Submission.objects.get(deliverable__key="form", union__code="P")
    figures = as_json(document(submission))["figures"]
    assert (len(figures), [code for code, figure in figures.items() if not figure["value"]]) == (49, [])


def test_every_blank_at_every_level_is_what_the_oracle_reckons(demo, tmp_path):
    world = json.loads((settings.BASE_DIR / "fixtures/demo/world.json").read_text(encoding="utf-8"))
    # the oracle has its own tables of the form of 2024; the earlier campaigns are looked at below
    world["campaigns"] = [campaign for campaign in world["campaigns"] if campaign["code"] == MAIN]
    sheets = sheets_of_product()
    product = {place: row for place, row in figures_of_product(sheets).items() if place[0] == MAIN}
    assert differences(product, figures_of_oracle(world)) == []
    printed = {place: row for place, row in printed_by_product(sheets).items() if place[0] == "form"}
    assert differences(printed, printed_by_oracle(world)) == []
    for place, filing in oracle.compute(world).items():
        for part in ("own", "consolidated"):
            assert exported(tmp_path, place, "shaanxi-2024", "--part", part) == exported_by_oracle(filing, part)


EARLIER = {
    "sz-2013": [("summary", "report", ""), ("table", "form", "suzhou-2013")],
    "jz-2019": [
        ("narrative", "report", ""),
        ("campaign-table", "form", "jiaozuo-2019-campaign"),
        ("centre-table", "form", "jiaozuo-2018-centre"),
    ],
    "sh-2019": [("table", "form", "shanghai-2019"), ("summary", "report", "")],
    "js-2020": [
        ("drive", "form", "jinshan-2020-donation"),
        ("slip", "file", ""),
        ("remittance", "file", ""),
        ("work-summary", "report", ""),
    ],
}


@pytest.mark.parametrize("code", EARLIER)
def test_every_notice_is_published_with_its_deliverables(demo, code):
    campaign = Campaign.objects.get(code=code)
    assert campaign.notices.get().state == "published"
    asked = campaign.deliverables.select_related("form_link__form_version")
    assert [(each.key, each.kind, form_of(each)) for each in asked] == EARLIER[code]


def form_of(deliverable):
    return deliverable.form_link.form_version.form_id if deliverable.kind == "form" else ""


def test_the_drive_of_2020_is_a_list_of_units(demo):
    """Donations by body from the records, the slip typed in: three units accepted, one sent back, one not begun."""
    filings = Submission.objects.filter(deliverable__key="drive", addressee__reports_to__isnull=False)
    assert dict(filings.values_list("union__code", "state")) == {
        "G01": "accepted",
        "G02": "accepted",
        "G03": "returned",
        "G04": "accepted",
        "G05": "draft",
        "G06": "draft",
    }
    figures = as_json(document(filings.get(union__code="G02")))["figures"]
    asked = ("J0", "J1A", "J1B", "J5A", "J5B", "J6A", "J6B", "J7")
    assert [figures[code]["value"] for code in asked] == [128, 110, 5500, 33, 660.2, 118, 9340.2, "HK2020-02"]


def test_the_year_before_is_a_period_of_its_own(demo):
    """000 counts 2018 beside 2019, 002 asks for the whole of 2018."""
    filings = Submission.objects.select_related("deliverable")
    campus = filings.get(deliverable__campaign__code="sh-2019", deliverable__key="table", union__code="D1")
    counted = as_json(document(campus))["figures"]
    assert [figure["value"] for figure in counted.values()] == [2, 0.18, 5.9, 1, 1, 0.18]
    centre = as_json(document(filings.get(deliverable__key="centre-table", union__code="C3A")))["figures"]
    assert [centre[code]["value"] for code in ("P01", "P02", "P23", "P25")] == [2, 6, 5, 63]


def test_nothing_in_it_was_changed_behind_the_application(demo):
    assert run("verify", "--json") == (0, "")


def test_a_second_start_loads_nothing(demo):
    events = AuditEvent.objects.count()
    with override_settings(RELIEF_DEMO=True):
        assert run("demo") == (0, "")
    assert AuditEvent.objects.count() == events


def test_the_main_accounts_are_told(demo):
    with override_settings(RELIEF_DEMO=True):
        rows = json.loads(run("demo", "--accounts", "--json")[1])
    roles = {row["role"] for row in rows}
    assert roles == {"填报", "审核", "审批", "出纳", "活动管理", "经审", "系统管理", "安全管理", "审计管理"}
