"""Donations from Excel: check, yes, all or nothing, and the same file again."""

import io
from decimal import Decimal

import openpyxl
from django.urls import reverse

from campaigns.models import Donation
from tests.campaigns.drive import open_drive
from tests.campaigns.importing.desk import checked, confirmed, counts
from tests.campaigns.test_campaign_pages import text_of
from tests.cast import log_in
from unions.enums import JobState
from unions.models import AuditEvent

HEAD = ["捐款日期", "募捐", "接收机构", "捐款人数", "捐款金额（元）", "凭证号"]
CROSS = ["2024-01-05", "2024年联合募捐", "红十字会", 20, 900.5, "记-1"]
OVER_ALL = ["2024-01-05", "2024年联合募捐", "各机构合计（不重复人数）", 20, None, "记-1"]


def test_a_file_is_written_into_the_drive_and_recognised_again(cast):
    drive = open_drive(cast)
    job = checked(cast.clerk, cast.mill, "donations", HEAD, CROSS, OVER_ALL)
    assert (counts(job)["new"], job.outcome["report"]["amount"], Donation.objects.count()) == (2, "900.50", 0)
    job = confirmed(cast.clerk, job)
    rows = Donation.objects.order_by("pk").values_list("drive", "kind", "body", "donors", "amount", "voucher")
    assert (job.state, list(rows)) == (
        JobState.DONE,
        [
            (drive.pk, "joint", "red_cross", 20, Decimal("900.50"), "记-1"),
            (drive.pk, "joint", "", 20, Decimal("0.00"), "记-1"),
        ],
    )
    assert AuditEvent.objects.filter(act="donation.import", outcome="done").count() == 1
    again = checked(cast.clerk, cast.mill, "donations", HEAD, CROSS, OVER_ALL)
    assert counts(again) == {"seen": 2, "new": 0, "changed": 0, "same": 2, "wrong": 0, "faults": 0}


def test_one_bad_row_writes_nothing(cast):
    open_drive(cast)
    job = checked(cast.clerk, cast.mill, "donations", HEAD, CROSS, [*CROSS[:2], "老年基金会", 3, 30, ""])
    assert (counts(job)["wrong"], Donation.objects.count()) == (1, 0)
    assert job.outcome["report"]["told"][0]["says"] == "“2024年联合募捐”不向老年基金会捐款。"


def test_the_template_offers_the_drives_of_the_union(client, cast):
    open_drive(cast)
    log_in(client, cast.clerk)
    assert "认得的列" in text_of(client.get(reverse("import_new", args=["donations"])))
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("import_template", args=["donations"])).content))
    words = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"2024年联合募捐", "各机构合计（不重复人数）", "捐款人数"} <= words
