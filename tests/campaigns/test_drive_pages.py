"""The pages of a drive: opening it, the overview of those above, the page of one union, confirming, exports."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import actions
from campaigns.models import Donation, Drive, FundsRaised, Remittance
from tests.campaigns.drive import collect, confirm, keep, open_drive, remit
from tests.campaigns.stage import day
from tests.campaigns.test_campaign_pages import text_of
from tests.cast import log_in
from unions.idempotency import new_key
from unions.listings import listing_of

ASKED = {
    "title": "2024年工会一日捐", "kind": "one_day_donation", "year": "2024", "bodies": ["one_day"],
    "starts_on": "2024-01-02", "ends_on": "2024-01-20", "account_by": "2024-01-31", "keeps": "on",
}  # fmt: skip


def test_a_drive_is_opened_changed_closed_and_opened_again(client, cast):
    log_in(client, cast.county_clerk)
    values = {**ASKED, "request_key": new_key()}
    for _ in range(2):
        assert client.post(reverse("drive_new"), values).url == reverse("drives")
    drive = Drive.objects.get()
    assert (drive.issuer, drive.keeps, drive.asked) == (cast.county, True, [("one_day", "工会一日捐")])
    change = reverse("drive_change", args=[drive.pk])
    assert client.get(change).context["form"].initial["title"] == "2024年工会一日捐"
    answer = client.post(change, {**values, "version": "1", "title": "一日捐", "ends_on": "2024-01-01"})
    assert answer.context["form"].errors == {"ends_on": ["捐款截止早于捐款开始，请改正其中一个。"]}
    assert client.post(change, {**values, "version": "1", "title": "一日捐"}).url == reverse("drive", args=[drive.pk])
    late = client.post(change, {**values, "version": "1", "title": "再改"})
    assert (late.status_code, Drive.objects.get().title) == (422, "一日捐")
    client.post(reverse("drive_close", args=[drive.pk]), {"version": "2"})
    assert Drive.objects.get().state == "closed"
    assert "已结束" in text_of(client.get(reverse("drive", args=[drive.pk])))
    client.post(reverse("drive_reopen", args=[drive.pk]), {"version": "3"})
    assert Drive.objects.get().state == "open"


def test_a_remittance_from_its_own_tab_may_name_an_open_drive(client, cast):
    drive, closed = open_drive(cast), open_drive(cast, title="去年的")
    actions.close_drive(by=cast.county_clerk, drive=closed, version=1)
    open_drive(cast, by=cast.museum_clerk, issuer=cast.museum, title="别家的")
    collect(cast, drive)
    log_in(client, cast.clerk)
    address = reverse("remittance_new")
    assert [each.pk for each in client.get(address).context["form"].fields["drive"].queryset] == [drive.pk]
    values = {"amount": "600", "remitted_on": "2024-01-08", "slip_number": "HK-1", "request_key": new_key()}
    assert client.post(address, {**values, "drive": drive.pk}).url == reverse("remittances")
    row = Remittance.objects.get()
    assert (row.drive, row.amount) == (drive, Decimal("600.00"))
    refused = client.post(address, {**values, "request_key": new_key(), "drive": closed.pk})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["drive"])


def test_where_no_drive_is_open_none_is_asked_for(client, cast):
    log_in(client, cast.clerk)
    assert "drive" not in client.get(reverse("remittance_new")).context["form"].fields


def test_every_fault_of_a_remittance_is_told_in_one_round(client, cast):
    drive = open_drive(cast)
    collect(cast, drive)
    keep(cast, drive, "900.00")
    log_in(client, cast.clerk)
    given = {
        "drive": drive.pk, "amount": "0", "remitted_on": "2024-01-01", "slip_number": "",
        "slip": SimpleUploadedFile("回单.exe", b"MZ"), "request_key": new_key(),
    }  # fmt: skip
    errors = client.post(reverse("remittance_new"), given).context["form"].errors
    assert {name: len(told) for name, told in errors.items()} == {
        "amount": 1, "remitted_on": 1, "slip_number": 1, "slip": 1,
    }  # fmt: skip
    assert errors["remitted_on"] == ["早于捐款开始的日期，请写2024-01-02或以后的日期。"]
    many = {**given, "amount": "600", "slip": SimpleUploadedFile("回单.exe", b"MZ")}
    assert client.post(reverse("remittance_new"), many).context["form"].errors["amount"] == [
        f"{cast.mill.name}已留存 900.00 元，手中只剩 100.00 元，要汇出 600.00 元。"
        "请减少金额，或先在筹集里冲销留存的那一笔。"
    ]
    assert Remittance.objects.count() == 0


def test_the_grassroots_records_sends_and_keeps_from_its_own_page(client, cast):
    drive = open_drive(cast)
    log_in(client, cast.clerk)
    own = reverse("drive_union", args=[drive.pk, cast.mill.pk])
    assert client.get(reverse("drive", args=[drive.pk])).url == own
    assert "还没有登记捐款" in text_of(client.get(own))
    give = f"{reverse('donation_new')}?drive={drive.pk}"
    form = client.get(give).context["form"]
    assert [label for label, _, _ in form.lines()] == ["工会一日捐", "红十字会"]
    values = {
        "donated_on": "2024-01-05",
        "donors_red_cross": "20",
        "amount_red_cross": "1000",
        "request_key": new_key(),
    }
    assert client.post(give, values).url == own
    send = {"amount": "600", "remitted_on": "2024-01-08", "slip_number": "HK-1", "request_key": new_key()}
    assert client.post(f"{reverse('remittance_new')}?drive={drive.pk}", send).url == own
    hold = {"amount": "400", "retained_on": "2024-01-10", "request_key": new_key()}
    assert client.post(reverse("drive_retain", args=[drive.pk]), hold).url == own
    shown = client.get(own)
    assert (shown.context["standing"].left, shown.context["bodies"]) == (
        Decimal("0.00"), [("工会一日捐", 0, Decimal(0)), ("红十字会", 20, Decimal("1000.00"))],
    )  # fmt: skip
    assert "由青岬县教育工会" in text_of(shown)
    assert "募捐留存" in text_of(client.get(reverse("funds")))
    assert FundsRaised.objects.get().drive == drive


def test_those_above_see_who_stands_where_and_confirm(client, cast):
    drive = open_drive(cast)
    collect(cast, drive)
    row = remit(cast, drive)
    log_in(client, cast.county_cashier)
    shown = client.get(reverse("drive", args=[drive.pk]))
    assert [(each.code, each.left, each.waiting) for each in shown.context["page"]] == [
        ("G1", Decimal("400.00"), 1),
        ("G2", Decimal("0.00"), 0),
    ]
    assert "400.00" in text_of(shown)
    for status, codes in {"none": ["G2"], "waiting": ["G1"], "even": [], "left": ["G1"], "moon": ["G1", "G2"]}.items():
        found = client.get(reverse("drive", args=[drive.pk]), {"status": status})
        assert [each.code for each in found.context["page"]] == codes
    own = reverse("drive_union", args=[drive.pk, cast.county.pk])
    assert "确认到账" in text_of(client.get(own))
    values = {"arrived_on": "2024-01-09", "version": "1", "request_key": new_key()}
    assert client.post(reverse("remittance_confirm", args=[row.pk]), values).url == own
    assert Remittance.objects.get().state == "confirmed"
    assert client.post(reverse("remittance_confirm", args=[row.pk]), values).status_code == 409
    back = {"reason": "", "version": "2"}
    answer = client.post(reverse("remittance_return", args=[row.pk]), back)
    assert answer.context["form"].errors == {"reason": ["请填写退回原因。"]}
    assert client.post(reverse("remittance_return", args=[row.pk]), {**back, "reason": "金额不符"}).url == own
    log_in(client, cast.clerk)
    assert "金额不符" in text_of(client.get(reverse("drive_union", args=[drive.pk, cast.mill.pk])))
    again = client.post(reverse("remittance_resubmit", args=[row.pk]), {"version": "3"})
    assert again.url == reverse("drive_union", args=[drive.pk, cast.mill.pk])
    assert Remittance.objects.get().state == "waiting"


def test_a_drive_of_others_is_not_there(client, cast):
    drive = open_drive(cast)
    log_in(client, cast.stranger)
    assert "还没有募捐" in text_of(client.get(reverse("drives")))
    assert [
        client.get(reverse("drive", args=[drive.pk])).status_code,
        client.get(f"{reverse('donation_new')}?drive={drive.pk}").status_code,
        client.get(reverse("drive_union", args=[drive.pk, cast.mill.pk])).status_code,
    ] == [404, 404, 404]
    log_in(client, cast.school_clerk)
    assert client.get(reverse("drive_union", args=[drive.pk, cast.mill.pk])).status_code == 404


def test_the_lists_of_drives_are_narrowed(client, cast):
    open_drive(cast)
    log_in(client, cast.county_clerk)
    assert client.get(reverse("drives"), {"year": "2024", "state": "open"}).context["page"].paginator.count == 1
    assert "没有符合条件的募捐" in text_of(client.get(reverse("drives"), {"state": "closed"}))
    drive = Drive.objects.get()
    assert "没有这种情况的单位" in text_of(client.get(reverse("drive", args=[drive.pk]), {"status": "returned"}))


def test_the_lists_come_out_as_shown(cast):
    drive = open_drive(cast)
    collect(cast, drive)
    given = {"drive": str(drive.pk), "status": "left"}
    listing = listing_of("drive_unions")
    (row,) = listing.rows(cast.county_clerk, given)
    assert [field.read(row) for field in listing.fields][:4] == ["2024年联合募捐", "G1", "青岬县第一中学工会", 0]
    assert list(listing.rows(cast.stranger, given)) == []
    assert listing.words(listing.asked(given)) == f"募捐：{drive.pk}；情况：捐款与汇款有差额"
    (row,) = listing_of("drives").rows(cast.clerk, {"state": "open"})
    assert [field.read(row) for field in listing_of("drives").fields][4] == "工会一日捐、红十字会"


def more(cast, drive, at):
    """Another day of donations, another remittance that the county confirmed, another retained row."""
    collect(cast, drive, donated_on=day(f"2024-01-{at:02}"))
    confirm(cast, remit(cast, drive, "10.00"))
    remit(cast, drive, "10.00")
    keep(cast, drive, "10.00")


@pytest.mark.parametrize("name", ["drives", "drive", "drive_union", "remittances", "donations", "funds"])
def test_every_page_costs_the_same_for_one_and_for_three(client, cast, name):
    drive = open_drive(cast)
    args = {"drive": [drive.pk], "drive_union": [drive.pk, cast.mill.pk]}.get(name, [])
    log_in(client, cast.county_clerk)
    more(cast, drive, 5)
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(name, args=args))
    for at in (6, 7):
        more(cast, drive, at)
        open_drive(cast, title=f"另一次{at}")
        collect(cast, drive, by=cast.school_clerk, union=cast.school, donated_on=day(f"2024-01-{at:02}"))
    with CaptureQueriesContext(connection) as three:
        assert client.get(reverse(name, args=args)).status_code == 200
    assert len(three) == len(one)
    assert Donation.objects.count() == 5


def test_a_retained_row_goes_back_on_the_page_of_the_funds(client, cast):
    drive = open_drive(cast)
    collect(cast, drive)
    row = keep(cast, drive)
    log_in(client, cast.clerk)
    values = {"reason": "改为汇出", "reversed_on": "2024-01-11", "request_key": new_key()}
    assert client.post(reverse("funds_reverse", args=[row.pk]), values).url == reverse("funds")
    assert actions.record_remittance(
        by=cast.clerk, union=cast.mill, campaign=None, drive=drive, amount=Decimal(1000), slip_number="HK",
        remitted_on=day("2024-01-12"),
    ).drive == drive  # fmt: skip
