"""Donation drives and remittances: what is refused, what a reversal does, what the pages ask and show."""

import base64
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import actions
from campaigns.models import Donation, FundsRaised, Remittance
from campaigns.verifiers import donation_reversals
from tests.campaigns.stage import day, make_published
from tests.campaigns.test_campaign_pages import text_of
from tests.campaigns.test_ledger import tomorrow
from tests.campaigns.test_notices import acts, refusal
from tests.cast import log_in
from unions import attachments
from unions.idempotency import new_key
from unions.models import AuditEvent

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
GIVEN = {"one_day": (40, Decimal("2000.00")), "red_cross": (30, Decimal("900.50")), "": (45, Decimal(0))}


def give(cast, given=None, **changed) -> list[Donation]:
    values = {"by": cast.clerk, "union": cast.mill, "campaign": None, "kind": "joint", "donated_on": day("2024-01-05")}
    return actions.record_donations(given=given or GIVEN, **{**values, **changed})


def give_one(cast, campaign=None) -> Donation:
    return give(cast, {"red_cross": (3, Decimal("90"))}, campaign=campaign)[0]


def remit(cast, **changed) -> Remittance:
    values = {
        "by": cast.clerk,
        "union": cast.mill,
        "campaign": None,
        "remitted_on": day("2024-01-08"),
        "amount": Decimal("2900.50"),
        "slip_number": "HK-0108",
    }
    return actions.record_remittance(**{**values, **changed})


def slip(name: str = "回单.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG, content_type="image/png")


# ---------------------------------------------------------------- acts


def test_a_drive_is_recorded_by_body_with_one_audit_row(cast):
    rows = give(cast)
    assert [(row.body, row.donors, row.amount) for row in rows] == [
        ("one_day", 40, Decimal("2000.00")),
        ("red_cross", 30, Decimal("900.50")),
        ("", 45, Decimal("0.00")),
    ]
    event = AuditEvent.objects.get(act="donation.record")
    assert (event.money, event.union, event.detail) == (True, cast.mill, {"rows": 3})


def test_donations_do_not_enter_the_funds(cast):
    """D30: only a row of its own would bring them in."""
    give(cast)
    assert FundsRaised.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"moon": (1, Decimal(1))}, "接收机构不在列表里。"),
        ({"one_day": (0, Decimal(0))}, "工会一日捐的捐款人数和金额不能都是 0，也不能是负数。"),
        ({"one_day": (-1, Decimal(5))}, "工会一日捐的捐款人数和金额不能都是 0，也不能是负数。"),
        ({"": (5, Decimal(5))}, "各机构合计只记捐款人数，不记金额。"),
        (
            {"one_day": (40, Decimal(1)), "red_cross": (30, Decimal(1)), "": (71, Decimal(0))},
            "捐款总人数 71 应在 40 与 70 之间：一人向几个机构捐款只算一人。",
        ),
        (
            {"one_day": (40, Decimal(1)), "": (39, Decimal(0))},
            "捐款总人数 39 应在 40 与 40 之间：一人向几个机构捐款只算一人。",
        ),
    ],
)
def test_bad_donations_are_named(cast, given, expected):
    assert refusal(lambda: give(cast, given)) == expected
    assert (Donation.objects.count(), acts()) == (0, [])


def test_an_unknown_kind_a_day_to_come_and_another_union_are_refused(cast):
    later = tomorrow()
    assert refusal(lambda: give(cast, kind="raffle")) == "募捐种类不在列表里。"
    assert (
        refusal(lambda: give(cast, donated_on=later)) == f"捐款日期{later.year}年{later.month}月{later.day}日还没有到。"
    )
    assert refusal(lambda: give(cast, by=cast.county_clerk)) == (
        "“登记捐款”由青岬县第一中学工会的填报办理，您在该工会没有这个岗位。"
    )


def test_the_same_drive_twice_is_one(cast):
    key = new_key()
    first, second = give(cast, key=key), give(cast, key=key)
    assert ([row.pk for row in first], Donation.objects.count()) == ([row.pk for row in second], 3)


def test_donors_and_money_go_back_together(cast):
    row = give_one(cast)
    back = actions.reverse_donation(by=cast.clerk, donation=row, reason="多记一笔", reversed_on=day("2024-01-06"))
    assert (back.body, back.donors, back.amount, back.donated_on, back.reverses) == (
        "red_cross",
        -3,
        Decimal("-90.00"),
        day("2024-01-06"),
        row,
    )
    assert (Donation.objects.not_reversed().count(), list(donation_reversals())) == (0, [])
    again = lambda: actions.reverse_donation(  # noqa: E731
        by=cast.clerk, donation=row, reason="再", reversed_on=day("2024-01-06")
    )
    assert refusal(again) == "这一笔已经冲销过了。"
    early = lambda: actions.reverse_donation(  # noqa: E731
        by=cast.clerk, donation=row, reason="再", reversed_on=day("2024-01-04")
    )
    assert refusal(early) == "冲销日期早于捐款日期。"


def test_a_forged_reversal_is_found(cast):
    row, sent = give_one(cast), remit(cast)
    back = actions.reverse_donation(by=cast.clerk, donation=row, reason="错", reversed_on=day("2024-01-06"))
    returned = actions.reverse_remittance(by=cast.clerk, remittance=sent, reason="退汇", reversed_on=day("2024-01-09"))
    Donation.objects.filter(pk=back.pk).update(donors=-2, body="one_day")
    Remittance.objects.filter(pk=returned.pk).update(amount=Decimal("-1"))
    assert [(finding.row, finding.message) for finding in donation_reversals()] == [
        (str(back.pk), "冲销与原记录的工会、募捐种类或接收机构不符"),
        (str(back.pk), "冲销人数与原记录不符"),
        (str(returned.pk), "冲销金额与原记录不符"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [{"body": "", "amount": Decimal(5)}, {"donors": -1}, {"donors": 0, "amount": Decimal(0)}, {"kind": "raffle"}],
)
def test_the_database_keeps_donations_sound(cast, wrong):
    row = give_one(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Donation.objects.filter(pk=row.pk).update(**wrong)


def test_a_remittance_keeps_its_slip(cast):
    row = remit(cast, slip=slip())
    assert [(kept.filename, kept.kind) for kept in attachments.of(row)] == [("回单.png", "slip")]
    assert refusal(lambda: remit(cast, amount=Decimal(0))) == "汇款金额要大于 0。"
    assert refusal(lambda: remit(cast, slip_number=" ")) == "汇款凭证号没有填。"
    evil = SimpleUploadedFile("slip.exe", b"MZ\x90", content_type="application/pdf")
    with pytest.raises(Exception, match="exe"):
        remit(cast, slip=evil)
    assert Remittance.objects.count() == 1


# ---------------------------------------------------------------- pages


def test_a_drive_is_typed_on_one_page_and_entered_once(client, cast):
    log_in(client, cast.clerk)
    form = client.get(reverse("donation_new")).context["form"]
    assert [label for label, _, _ in form.lines()] == [
        "工会一日捐",
        "红十字会",
        "慈善基金会",
        "老年基金会",
        "拥军优属基金会",
        "其他机构",
    ]
    values = {
        "kind": "joint",
        "donated_on": "2024-01-05",
        "donors_one_day": "40",
        "amount_one_day": "2,000",
        "donors_red_cross": "30",
        "amount_red_cross": "900.50",
        "all_donors": "45",
        "request_key": form["request_key"].value(),
    }
    for _ in range(2):
        assert client.post(reverse("donation_new"), values).url == reverse("donations")
    shown = client.get(reverse("donations"))
    assert [(row.body, row.donors, row.amount) for row in shown.context["page"]] == [
        ("", 45, Decimal("0.00")),
        ("red_cross", 30, Decimal("900.50")),
        ("one_day", 40, Decimal("2000.00")),
    ]
    assert shown.context["total"] == Decimal("2900.50")
    only = client.get(reverse("donations"), {"code": "-"})
    assert [row.donors for row in only.context["page"]] == [45]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"kind": ""}, {"kind": ["请选择募捐种类。"]}),
        ({"donors_one_day": "四十"}, {"donors_one_day": ["请填整数，例如 12。"]}),
        ({"amount_one_day": "1.234"}, {"amount_one_day": ["金额最多写到分（两位小数）。"]}),
        (
            {"donors_one_day": "", "amount_one_day": ""},
            {"__all__": ["没有填写任何捐款。请至少填写一个接收机构的捐款人数和金额。"]},
        ),
    ],
)
def test_bad_entries_are_named_at_the_field(client, cast, changed, expected):
    log_in(client, cast.clerk)
    values = {"kind": "joint", "donated_on": "2024-01-05", "donors_one_day": "4", "amount_one_day": "20"}
    answer = client.post(reverse("donation_new"), {**values, "request_key": new_key(), **changed})
    assert (answer.status_code, answer.context["form"].errors) == (422, expected)
    assert Donation.objects.count() == 0


def test_a_remittance_is_typed_its_slip_follows_and_goes_back(client, cast):
    log_in(client, cast.clerk)
    values = {"amount": "2900.50", "remitted_on": "2024-01-08", "slip_number": "HK-0108", "request_key": new_key()}
    assert client.post(reverse("remittance_new"), values).url == reverse("remittances")
    row = Remittance.objects.get()
    add = reverse("remittance_slip_add", args=[row.pk])
    assert client.post(add, {"request_key": new_key()}).context["form"].errors == {"slip": ["请选择要上传的单据。"]}
    assert client.post(add, {"slip": slip()}).url == reverse("remittances")
    (line,) = client.get(reverse("remittances")).context["rows"]
    (kept,) = line["slips"]
    answer = client.get(reverse("remittance_slip", args=[row.pk, kept.pk]))
    assert (answer.status_code, b"".join(answer) if answer.streaming else answer.content) == (200, PNG)
    event = AuditEvent.objects.get(act="remittance.slip_read")
    assert (event.person, event.detail) == (cast.clerk, {"attachment": kept.pk})
    back = {"reason": "退汇", "reversed_on": "2024-01-09", "request_key": new_key()}
    assert client.post(reverse("remittance_reverse", args=[row.pk]), back).url == reverse("remittances")
    assert client.get(reverse("remittances")).context["total"] == Decimal("0.00")


def test_donations_of_others_are_not_there(client, cast):
    row, sent = give_one(cast), remit(cast, slip=slip())
    kept = attachments.of(sent).get()
    log_in(client, cast.stranger)
    assert "还没有捐款记录" in text_of(client.get(reverse("donations")))
    assert "还没有汇款记录" in text_of(client.get(reverse("remittances")))
    assert [
        client.get(reverse("donation_reverse", args=[row.pk])).status_code,
        client.get(reverse("remittance_slip", args=[sent.pk, kept.pk])).status_code,
    ] == [404, 404]
    log_in(client, cast.county_reviewer)
    assert client.get(reverse("remittance_slip", args=[sent.pk, kept.pk])).status_code == 200
    assert client.get(reverse("remittance_slip_add", args=[sent.pk])).status_code == 403


def test_the_lists_are_narrowed(client, cast):
    give(cast)
    log_in(client, cast.auditor)
    shown = client.get(reverse("donations"), {"code": "one_day"})
    assert [row.body for row in shown.context["page"]] == ["one_day"]
    assert "没有符合条件的汇款" in text_of(client.get(reverse("remittances"), {"first": "2024-01-01"}))


@pytest.mark.parametrize(("name", "make"), [("donations", give_one), ("remittances", remit)])
def test_every_list_costs_the_same_for_one_and_for_three(client, cast, name, make):
    campaign = make_published(cast).campaign
    log_in(client, cast.county_clerk)
    make(cast, campaign=campaign)
    with CaptureQueriesContext(connection) as one:
        client.get(reverse(name))
    make(cast, campaign=campaign)
    make(cast, campaign=campaign)
    with CaptureQueriesContext(connection) as three:
        assert client.get(reverse(name)).context["page"].paginator.count == 3
    assert len(three) == len(one)
