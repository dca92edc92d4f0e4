"""结对帮扶, the amount each level suggests, the evidence a file must hold, and the page of all changes."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries import actions
from beneficiaries.actions.evidence import NEEDED, needed_for
from beneficiaries.dossiers import page as dossier_page
from beneficiaries.dossiers.intake import Faults
from beneficiaries.models import FieldChange, Opinion, Pairing, SubsistenceStandard
from beneficiaries.sheets import dossier_sheet
from relief.lib import clock
from tests.beneficiaries import households as made
from tests.cast import log_in
from unions.policy import Refused

DAY = datetime.date(2024, 1, 8)


@pytest.fixture(autouse=True)
def standard(county):
    return SubsistenceStandard.objects.create(union=county, year=clock.today().year, monthly=Decimal("780"))


@pytest.fixture
def dossier(clerk, mill):
    return made.draft(clerk, mill)


def pair(by, dossier, helper="周结对", **more):
    return actions.pair_household(by=by, dossier=dossier, helper=helper, valid_from=DAY, **more)


def test_a_pairing_is_begun_ended_and_kept(clerk, dossier):
    row = pair(clerk, dossier, unit="县总工会 副主席")
    actions.end_pairing(by=clerk, pairing=row, valid_to=datetime.date(2024, 9, 1), why="工作调动")
    row.refresh_from_db()
    assert (row.helper, row.valid_to, row.ended_why) == ("周结对", datetime.date(2024, 9, 1), "工作调动")
    said = FieldChange.objects.filter(dossier=dossier, field="结对帮扶").order_by("pk").values_list("old", "new")
    assert list(said) == [("（空）", "周结对，2024-01-08 起"), ("周结对，2024-01-08 起", "2024-09-01 结束")]


def test_wrong_pairings_are_told_what_to_do(cast, dossier):
    row = pair(cast.clerk, dossier)
    with pytest.raises(Faults) as faults:
        pair(cast.clerk, dossier, phone="call")
    assert faults.value.errors == {
        "helper": "这个人已经和本户结对；要改日期，请先结束原来的一条。",
        "phone": "电话应是 7 至 20 位数字，可以带区号和横线，请核对。",
    }
    with pytest.raises(Faults) as faults:
        actions.end_pairing(by=cast.clerk, pairing=row, valid_to=datetime.date(2023, 1, 1), why="")
    assert sorted(faults.value.errors) == ["valid_to", "why"]
    with pytest.raises(Refused):
        pair(cast.school_clerk, dossier, helper="外人")


def test_the_pages_of_pairings(client, clerk, dossier):
    url = reverse("dossier_pairings", args=[dossier.pk])
    empty = log_in(client, clerk).get(url).content.decode()
    assert "还没有结对" in empty
    assert client.post(url, {"helper": "周结对", "valid_from": "2024-01-08"}).status_code == 302
    row = Pairing.objects.get()
    page = client.get(reverse("dossier_detail", args=[dossier.pk]))
    assert [one.helper for one in page.context["pairings"]] == ["周结对"]
    end = reverse("pairing_end", args=[dossier.pk, row.pk])
    assert client.post(end, {"valid_to": "2024-01-01", "why": "错"}).status_code == 422
    assert client.post(end, {"valid_to": "2024-02-01", "why": "已脱困"}).status_code == 302
    assert client.get(reverse("dossier_detail", args=[dossier.pk])).context["pairings"] == []


def queries(client, url) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", ["dossier_pairings", "dossier_changes", "dossier_detail"])
def test_three_rows_ask_no_more_than_one(client, clerk, dossier, name):
    url = reverse(name, args=[dossier.pk])
    pair(clerk, dossier)
    log_in(client, clerk).get(url)
    one = queries(client, url)
    for helper in ("甲干部", "乙干部"):
        pair(clerk, dossier, helper=helper)
    assert queries(client, url) == one


def test_every_change_stands_on_one_page_in_a_sentence(client, clerk, dossier):
    known = [{"id": member.pk} for member in dossier.members.all()]
    actions.save_dossier(
        by=clerk,
        dossier=dossier,
        version=dossier.version,
        fields={"employer": "新单位"},
        members=known,
        reason="调动",
    )
    page = log_in(client, clerk).get(reverse("dossier_changes", args=[dossier.pk])).content.decode()
    assert "<b>工作单位</b>：从“青岬县第一中学”改为“新单位”" in page
    assert "调动" in page


def test_each_level_keeps_its_own_amount(client, cast, dossier):
    made.assess(cast.clerk, dossier)
    dossier.refresh_from_db()
    moved = actions.apply_dossier(by=cast.clerk, dossier=dossier, version=dossier.version, amount=Decimal("3000"))
    moved = actions.visit_dossier(by=cast.second_clerk, dossier=moved, version=moved.version, amount=Decimal("2500"))
    moved = actions.post_dossier(by=cast.clerk, dossier=moved, version=moved.version)
    moved = actions.review_dossier(by=cast.reviewer, dossier=moved, version=moved.version, amount=Decimal("2000.50"))
    amounts = Opinion.objects.filter(dossier=dossier).values_list("step", "amount")
    assert list(amounts) == [
        ("apply", Decimal("3000")),
        ("visit", Decimal("2500")),
        ("post", None),
        ("review", Decimal("2000.50")),
    ]
    proposed = dossier_page.next_step(moved, cast.approver)
    assert proposed is not None
    assert proposed.form["amount"].value() == "2000.50"
    page = log_in(client, cast.clerk).get(reverse("dossier_detail", args=[dossier.pk])).content.decode()
    assert "审核</td>" in page
    assert "2,000.50" in page
    words = "\n".join(cell.text for row in dossier_sheet(moved, by=cast.clerk, full=False).rows for cell in row)
    assert "建议 2,000.50 元。审核\n" in words


def test_a_wrong_amount_is_refused(cast, dossier):
    made.assess(cast.clerk, dossier)
    dossier.refresh_from_db()
    for amount in ("-1", "1000001"):
        with pytest.raises(Refused):
            actions.apply_dossier(by=cast.clerk, dossier=dossier, version=dossier.version, amount=Decimal(amount))
    assert not Opinion.objects.exists()


def test_the_evidence_a_file_must_hold_follows_from_its_cause(clerk, mill):
    ill = made.draft(clerk, mill)
    school = made.draft(
        clerk, mill, id_number=made.number(1981, 7), name="别人", cause="schooling", farmer_worker=True, health="良好"
    )
    assert needed_for(ill) - set(NEEDED) == {"诊断证明", "医院单据"}
    assert needed_for(school) - set(NEEDED) == {"学籍和缴费证明", "劳动合同"}
