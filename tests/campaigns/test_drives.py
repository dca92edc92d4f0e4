"""Drives: what is asked, what a union has in hand, who confirms a remittance, and the one way into the own funds (D30)."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from campaigns import actions
from campaigns.balances import free
from campaigns.models import Donation, Drive, FundsRaised, Remittance
from campaigns.standings import standing, totals, unions_in, with_standing
from campaigns.verifiers import donation_reversals, funds_reversals, retained_donations
from relief.lib import clock
from tests.campaigns.drive import collect, confirm, keep, open_drive, remit
from tests.campaigns.stage import day
from tests.campaigns.test_notices import refusal
from unions.actions import grant_post
from unions.enums import Role
from unions.idempotency import new_key
from unions.models import AuditEvent, Post
from unions.policy import Refused, Stale


def stands(union, drive):
    row = standing(union, drive)
    return tuple(
        str(getattr(row, name)) for name in ("collected", "received", "remitted", "confirmed", "retained", "left")
    )


# ---------------------------------------------------------------- the drive


def test_a_drive_is_opened_once_and_audited(cast):
    key = new_key()
    drive = open_drive(cast, key=key, bodies=["red_cross", "one_day"])
    assert open_drive(cast, key=key, bodies=["red_cross", "one_day"]) == drive
    assert (drive.state, drive.bodies, drive.receiver) == ("open", ["one_day", "red_cross"], None)
    assert AuditEvent.objects.get(act="drive.open").union == cast.county
    assert refusal(lambda: open_drive(cast)) == "本年度已有“2024年联合募捐”。"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"title": " "}, "募捐名称没有填。"),
        ({"bodies": []}, "接收机构没有选，或不在列表里。"),
        ({"bodies": ["moon"]}, "接收机构没有选，或不在列表里。"),
        ({"kind": "raffle"}, "募捐种类不在列表里。"),
        ({"ends_on": day("2024-01-01")}, "日期的先后不对。"),
        ({"account_by": day("2024-01-19")}, "日期的先后不对。"),
    ],
)
def test_what_a_drive_must_say(cast, changed, expected):
    assert refusal(lambda: open_drive(cast, **changed)) == expected
    assert Drive.objects.count() == 0


def test_the_named_receiver_belongs_to_the_issuer(cast):
    assert (
        refusal(lambda: open_drive(cast, receiver=cast.museum))
        == "望海市博物馆工会不在青岬县教育工会范围内，不能确认汇款。"
    )
    assert refusal(lambda: open_drive(cast, by=cast.clerk)) == (
        "“发起募捐”由青岬县教育工会的填报、活动管理办理，您在该工会没有这个岗位。"
    )


def test_a_drive_reaches_those_below_and_those_above(cast):
    drive = open_drive(cast)
    seen = {key for key, person in cast.people.items() if Drive.objects.visible_to(person).filter(pk=drive.pk).exists()}
    assert {"clerk", "school_clerk", "county_cashier", "city_reviewer", "province_clerk", "auditor"} <= seen
    assert seen & {"museum_clerk", "stranger", "system_admin", "security_admin", "audit_admin"} == set()


def test_a_change_keeps_what_was_given_for(cast):
    drive = open_drive(cast)
    collect(cast, drive)
    asked = {
        "by": cast.county_clerk, "drive": drive, "version": 1, "title": "改名", "starts_on": drive.starts_on,
        "ends_on": drive.ends_on, "account_by": day("2024-02-05"),
    }  # fmt: skip
    assert refusal(lambda: actions.change_drive(bodies=["one_day"], **asked)) == "红十字会已有捐款登记，不能去掉。"
    changed = actions.change_drive(bodies=["red_cross", "other"], **asked)
    assert (changed.title, changed.account_by, changed.version) == ("改名", day("2024-02-05"), 2)
    with pytest.raises(Stale):
        actions.change_drive(bodies=["red_cross"], **asked)


def test_a_closed_drive_takes_nothing_until_it_is_opened_again(cast):
    drive = open_drive(cast)
    collect(cast, drive)
    sent = remit(cast, drive)
    closed = actions.close_drive(by=cast.county_clerk, drive=drive, version=1)
    told = "“2024年联合募捐”已结束，不能再登记。"
    assert [refusal(lambda act=act: act(cast, closed)) for act in (collect, remit, keep)] == [told] * 3
    assert confirm(cast, sent).state == "confirmed"
    with pytest.raises(Refused):
        actions.close_drive(by=cast.county_clerk, drive=closed, version=2)
    again = actions.reopen_drive(by=cast.county_clerk, drive=closed, version=2)
    assert collect(cast, again, donated_on=day("2024-01-06")).drive == again


# ---------------------------------------------------------------- donations and remittances


def test_a_donation_of_a_drive_has_its_kind_and_keeps_to_its_days_and_bodies(cast):
    drive = open_drive(cast)
    row = collect(cast, drive)
    assert (row.kind, row.drive, row.campaign) == ("joint", drive, None)
    assert refusal(lambda: collect(cast, drive, given={"charity_fund": (1, Decimal(5))})) == (
        "“2024年联合募捐”不向慈善基金会捐款。"
    )
    assert refusal(lambda: collect(cast, drive, donated_on=day("2024-02-01"))) == (
        "捐款日期不在“2024年联合募捐”的2024-01-02至2024-01-31之内。"
    )
    outside = lambda: collect(cast, drive, by=cast.museum_clerk, union=cast.museum)  # noqa: E731
    assert refusal(outside) == "望海市博物馆工会不在“2024年联合募捐”的范围内。"


def test_a_remittance_waits_for_another_person_above(cast):
    row = remit(cast, None)
    assert (row.state, row.confirms_at) == ("waiting", cast.county)
    assert refusal(lambda: confirm(cast, row, by=cast.clerk)) == (
        "“确认到账”由青岬县教育工会的填报、出纳办理，您在该工会没有这个岗位。"
    )
    assert refusal(lambda: confirm(cast, row, arrived_on=day("2024-01-07"))) == "到账日期早于汇款日期。"
    done = confirm(cast, row)
    assert (done.state, done.decided_by, done.arrived_on, done.version) == (
        "confirmed", cast.county_cashier, day("2024-01-09"), 2,
    )  # fmt: skip
    event = AuditEvent.objects.get(act="remittance.confirm")
    assert (event.union, event.money) == (cast.county, True)
    assert refusal(lambda: confirm(cast, done)) == "当前状态是“已确认”，不能“确认到账”。"
    with pytest.raises(Stale):
        confirm(cast, row)


def test_who_entered_it_does_not_confirm_it(cast):
    grant_post(by=None, person=cast.clerk, union=cast.county, role=Role.ENTER)
    row = remit(cast, None)
    assert refusal(lambda: confirm(cast, row, by=cast.clerk)) == (
        "您已经办过这一件的前一步，“确认到账”必须由另一个人办理（不相容岗位分离）。"
    )


def test_the_drive_names_who_confirms_and_an_empty_post_moves_up(cast):
    named = open_drive(cast, receiver=cast.school)
    assert remit(cast, named).confirms_at == cast.school
    other = remit(cast, named, by=cast.school_clerk, union=cast.school)
    assert other.confirms_at == cast.county
    own = remit(cast, named, by=cast.county_clerk, union=cast.county)
    assert own.confirms_at == cast.county
    Post.objects.filter(union=cast.county, role__in=["enter", "pay"]).update(revoked_at=clock.db_now())
    assert remit(cast, None).confirms_at == cast.city


def test_a_returned_remittance_does_not_count_until_it_is_handed_in_again(cast):
    drive = open_drive(cast)
    collect(cast, drive)
    row = remit(cast, drive)
    back = lambda reason, row=row: actions.return_remittance(  # noqa: E731
        by=cast.county_clerk, remittance=row, version=row.version, reason=reason
    )
    assert refusal(lambda: back(" ")) == "退回原因没有填。"
    returned = back("账户没有收到")
    assert (returned.state, returned.returned_reason) == ("returned", "账户没有收到")
    assert stands(cast.mill, drive) == ("1000.00", "0.00", "0.00", "0.00", "0.00", "1000.00")
    again = actions.resubmit_remittance(by=cast.clerk, remittance=returned, version=returned.version)
    assert confirm(cast, again).returned_reason == ""
    assert stands(cast.mill, drive) == ("1000.00", "0.00", "600.00", "600.00", "0.00", "400.00")
    assert stands(cast.county, drive) == ("0.00", "600.00", "0.00", "0.00", "0.00", "600.00")


def test_a_confirmed_remittance_is_taken_back_only_after_it_was_sent_back(cast):
    row = confirm(cast, remit(cast, None))
    undo = lambda row: actions.reverse_remittance(  # noqa: E731
        by=cast.clerk, remittance=row, reason="退汇", reversed_on=day("2024-01-10")
    )
    assert refusal(lambda: undo(row)) == "青岬县教育工会已确认收到这一笔，不能冲销。"
    back = actions.return_remittance(by=cast.county_clerk, remittance=row, version=2, reason="退汇")
    taken = undo(back)
    assert (taken.state, taken.confirms_at, taken.amount) == ("", None, Decimal("-600.00"))
    assert refusal(lambda: actions.resubmit_remittance(by=cast.clerk, remittance=back, version=3)) == (
        "这一笔已经冲销，不用办理。"
    )
    assert (Remittance.objects.standing().count(), list(donation_reversals())) == (0, [])


# ---------------------------------------------------------------- what is kept (D30)


def test_donations_enter_the_funds_only_by_a_retained_row(cast):
    drive = open_drive(cast)
    collect(cast, drive)
    remit(cast, drive)
    assert (FundsRaised.objects.count(), free([cast.mill.pk])) == (0, {})
    assert refusal(lambda: keep(cast, drive, "400.01")) == (
        "要留存 400.01 元，手中只有 400.00 元（捐款 + 收到下级 − 汇出 − 已留存）。"
    )
    key = new_key()
    row = keep(cast, drive, key=key)
    assert keep(cast, drive, key=key) == row
    assert (row.drive, row.source, row.form) == (drive, "donation", "cash")
    assert free([cast.mill.pk]) == {(cast.mill.pk, "donation"): Decimal("400.00")}
    assert stands(cast.mill, drive) == ("1000.00", "0.00", "600.00", "0.00", "400.00", "0.00")
    assert Donation.objects.count() == 1


def test_what_is_kept_is_not_sent_on_and_not_taken_back_behind_it(cast):
    drive = open_drive(cast)
    given = collect(cast, drive)
    row = keep(cast, drive)
    told = "青岬县第一中学工会已留存 400.00 元，手中只剩 600.00 元，"
    assert refusal(lambda: remit(cast, drive, "600.01")) == f"{told}要汇出 600.01 元。"
    undo = lambda: actions.reverse_donation(  # noqa: E731
        by=cast.clerk, donation=given, reason="错", reversed_on=day("2024-01-11")
    )
    assert refusal(undo) == f"{told}要冲销 1,000.00 元。"
    actions.reverse_funds(by=cast.clerk, funds=row, reason="改为汇出", reversed_on=day("2024-01-11"))
    assert stands(cast.mill, drive)[4:] == ("0.00", "1000.00")
    assert (undo().amount, list(funds_reversals())) == (Decimal("-1000.00"), [])


def test_a_receipt_that_was_kept_is_not_sent_back(cast):
    drive = open_drive(cast)
    collect(cast, drive)
    row = confirm(cast, remit(cast, drive))
    keep(cast, drive, "500.00", by=cast.county_clerk, union=cast.county)
    assert (
        refusal(lambda: actions.return_remittance(by=cast.county_cashier, remittance=row, version=2, reason="错"))
        == "青岬县教育工会已留存 500.00 元，手中只剩 100.00 元，要退回 600.00 元。"
    )


def test_a_drive_that_allows_no_keeping(cast):
    drive = open_drive(cast, keeps=False)
    collect(cast, drive)
    assert refusal(lambda: keep(cast, drive)) == "“2024年联合募捐”不允许留存，捐款应全部汇出。"


def test_more_kept_than_in_hand_is_found(cast):
    drive = open_drive(cast)
    collect(cast, drive)
    row = keep(cast, drive)
    assert list(retained_donations()) == []
    FundsRaised.objects.filter(pk=row.pk).update(amount=Decimal("1000.01"))
    assert [(found.row, found.message) for found in retained_donations()] == [
        (str(drive.pk), "G1 留存的多于手中的捐款")
    ]


@pytest.mark.parametrize("wrong", [{"source": "own_union"}, {"form": "goods"}])
def test_the_database_keeps_retained_money_donated(cast, wrong):
    drive = open_drive(cast)
    collect(cast, drive)
    row = keep(cast, drive)
    with pytest.raises(IntegrityError), transaction.atomic():
        FundsRaised.objects.filter(pk=row.pk).update(**wrong)


def test_a_confirmation_needs_somebody(cast):
    row = remit(cast, None)
    for wrong in ({"state": "confirmed"}, {"state": "returned"}, {"confirms_at": None}, {"state": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Remittance.objects.filter(pk=row.pk).update(**wrong)


# ---------------------------------------------------------------- the overview


def test_the_sums_over_all_unions(cast):
    drive = open_drive(cast)
    collect(cast, drive)
    confirm(cast, remit(cast, drive))
    keep(cast, drive, "100.00")
    collect(cast, drive, "250.50", by=cast.school_clerk, union=cast.school)
    rows = with_standing(unions_in(drive, cast.county_clerk), drive)
    assert [(row.code, row.collected, row.left) for row in rows] == [
        ("G1", Decimal("1000.00"), Decimal("300.00")),
        ("G2", Decimal("250.50"), Decimal("250.50")),
        ("K1", Decimal("0.00"), Decimal("600.00")),
    ]
    sums = totals(rows)
    assert (sums["collected"], sums["remitted"], sums["retained"], sums["left"]) == (
        Decimal("1250.50"), Decimal("600.00"), Decimal("100.00"), Decimal("1150.50"),
    )  # fmt: skip
    assert (sums["unions"], sums["recorded"], sums["sent"], sums["settled"]) == (2, 2, 1, 1)
    assert [row.code for row in unions_in(drive, cast.clerk)] == ["G1"]
