"""A union that collected nothing says so (报 0): once, by name, withdrawn by the first donation, seen by those above."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from campaigns import actions
from campaigns.actions.importing import add_donations
from campaigns.models import Donation, NothingCollected
from campaigns.standings import narrowed, standing, totals, unions_in, with_standing
from campaigns.verifiers import nothing_collected
from relief.lib import clock
from tests.campaigns.drive import collect, open_drive
from tests.campaigns.stage import day
from tests.campaigns.test_campaign_pages import text_of
from tests.campaigns.test_notices import refusal
from tests.cast import log_in
from unions.listings import listing_of
from unions.models import AuditEvent


def nothing(cast, drive, **changed):
    return actions.report_nothing(**{"by": cast.clerk, "union": cast.mill, "drive": drive, **changed})


def in_status(drive, person, status):
    return set(narrowed(with_standing(unions_in(drive, person), drive), status).values_list("code", flat=True))


def test_nothing_is_said_once_by_name_and_seen_above(cast):
    drive = open_drive(cast)
    row = nothing(cast, drive)
    assert (row.said_by, row.withdrawn_at, nothing(cast, drive)) == (cast.clerk, None, row)
    assert AuditEvent.objects.get(act="drive.zero").union == cast.mill
    above = cast.county_clerk
    assert in_status(drive, above, "zero") == {cast.mill.code}
    assert cast.mill.code not in in_status(drive, above, "none")
    total = totals(with_standing(unions_in(drive, above), drive))
    assert (total["recorded"], total["zeros"]) == (1, 1)
    assert standing(cast.school, drive).zero is False


def test_the_first_donation_withdraws_it(cast):
    drive = open_drive(cast)
    nothing(cast, drive)
    collect(cast, drive)
    row = NothingCollected.objects.get()
    assert (row.withdrawn_by, row.withdrawn_at is not None) == (cast.clerk, True)
    assert standing(cast.mill, drive).zero is False
    assert AuditEvent.objects.get(act="donation.record").detail["zero_withdrawn"] is True
    assert refusal(lambda: nothing(cast, drive)) == (f"{cast.mill.name}在“2024年联合募捐”里已经登记了捐款，不能报 0。")
    actions.reverse_donation(
        by=cast.clerk, donation=Donation.objects.get(), reversed_on=day("2024-01-06"), reason="登记错了"
    )
    assert nothing(cast, drive) != row
    assert list(nothing_collected()) == []


def test_donations_of_a_list_withdraw_it_too(cast):
    drive = open_drive(cast)
    nothing(cast, drive)
    values = {
        "campaign_id": None, "drive_id": drive.pk, "kind": "joint", "donated_on": day("2024-01-05"), "voucher": "",
        "note": "", "body": "red_cross", "donors": 2, "amount": 10,
    }  # fmt: skip
    add_donations(by=cast.clerk, union=cast.mill, rows=[values])
    assert standing(cast.mill, drive).zero is False
    assert [event.detail for event in AuditEvent.objects.filter(act="drive.zero")][1:] == [{"zero_withdrawn": 1}]


def test_it_is_taken_back_by_hand_once(cast):
    drive = open_drive(cast)
    nothing(cast, drive)
    back = lambda: actions.take_back_nothing(by=cast.clerk, union=cast.mill, drive=drive)  # noqa: E731
    back()
    assert NothingCollected.objects.get().withdrawn_by == cast.clerk
    assert refusal(back) == "已经撤回，或没有报过 0。"


def test_who_may_say_it_and_when(cast):
    drive = open_drive(cast)
    assert refusal(lambda: nothing(cast, drive, by=cast.reviewer)).startswith("“报送零捐款”由") is True
    assert refusal(lambda: nothing(cast, drive, by=cast.museum_clerk, union=cast.museum)) == (
        "望海市博物馆工会不在“2024年联合募捐”的范围内。"
    )
    soon = clock.today() + datetime.timedelta(days=3)
    later = open_drive(cast, title="下一次", starts_on=soon, ends_on=soon, account_by=soon)
    assert refusal(lambda: nothing(cast, later)) == f"捐款{soon.isoformat()}才开始，现在还不能报 0。"
    closed = actions.close_drive(by=cast.county_clerk, drive=drive, version=1)
    assert refusal(lambda: nothing(cast, closed)) == "“2024年联合募捐”已结束，不能再登记。"
    assert NothingCollected.objects.count() == 0


def test_the_database_keeps_one_word_per_union(cast):
    drive = open_drive(cast)
    row = nothing(cast, drive)
    with pytest.raises(IntegrityError), transaction.atomic():
        NothingCollected.objects.create(drive=drive, union=cast.mill, said_by=cast.clerk, said_at=row.said_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        NothingCollected.objects.filter(pk=row.pk).update(withdrawn_at=row.said_at)


def test_verify_names_a_zero_beside_donations(cast):
    drive = open_drive(cast)
    collect(cast, drive)
    row = NothingCollected.objects.create(drive=drive, union=cast.mill, said_by=cast.clerk, said_at=clock.db_now())
    assert [(each.check, each.row) for each in nothing_collected()] == [("nothing_collected", str(row.pk))]


def test_the_pages_say_it_take_it_back_and_export_it(client, cast):
    drive = open_drive(cast)
    log_in(client, cast.clerk)
    own, act = reverse("drive_union", args=[drive.pk, cast.mill.pk]), reverse("drive_nothing", args=[drive.pk])
    assert "没有收到捐款，报 0" in text_of(client.get(own))
    page = text_of(client.post(act, {"how": "zero"}, follow=True))
    assert [page.count(words) for words in ("没有收到捐款，报 0", "撤回报 0", cast.clerk.name + "于")] == [0, 1, 1]
    above = log_in(client, cast.county_clerk)
    page = text_of(above.get(reverse("drive", args=[drive.pk])))
    assert ("1 家报 0" in page, page.count("已报 0")) == (True, 2)
    listing = listing_of("drive_unions")
    rows = listing.rows(cast.county_clerk, {"drive": str(drive.pk), "status": "zero"})
    place = [field.title for field in listing.fields].index("报 0")
    assert [listing.fields[place].read(row) for row in rows] == ["已报 0"]
    log_in(client, cast.clerk).post(act, {"how": "back"})
    assert "没有收到捐款，报 0" in text_of(client.get(own))
