"""The pages of money and activities."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import actions
from campaigns.models import Activity, Allocation, FundsRaised
from tests.campaigns.stage import day, make_published
from tests.campaigns.test_campaign_pages import text_of
from tests.campaigns.test_ledger import allocate, raise_funds, record, tomorrow
from tests.cast import log_in
from tests.guards.world import PDF
from unions import attachments
from unions.idempotency import new_key
from unions.models import AuditEvent

FUNDS = {"source": "own_union", "form": "cash", "amount": "16,000", "received_on": "2024-01-05", "voucher": "记-012"}


def test_funds_are_entered_once_even_when_sent_twice(client, cast):
    log_in(client, cast.clerk)
    page = client.get(reverse("funds_new"))
    values = {**FUNDS, "request_key": page.context["form"]["request_key"].value()}
    for _ in range(2):
        assert client.post(reverse("funds_new"), values).url == reverse("funds")
    row = FundsRaised.objects.get()
    assert (row.amount, row.union) == (Decimal("16000.00"), cast.mill)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"amount": "一万"}, {"amount": ["“一万”带有“万”字，请换算成元再填，例如 1.2万元 写成 12000。"]}),
        ({"source": ""}, {"source": ["请选择资金来源。"]}),
        ({"amount": ""}, {"amount": ["请填写金额（元）。"]}),
        ({"received_on": "2024-02-30"}, {"received_on": ["不是日期，请写成 2024-02-24 这样。"]}),
        ({"request_key": ""}, {"__all__": ["页面缺少请求编号，没有写入。请刷新页面后再提交一次。"]}),
        ({"amount": "0"}, {"__all__": ["金额要大于 0。要冲减已登记的一笔，请在那一笔上点“冲销”。"]}),
    ],
)
def test_bad_funds_are_named_at_the_field(client, cast, changed, expected):
    log_in(client, cast.clerk)
    answer = client.post(reverse("funds_new"), {**FUNDS, "request_key": new_key(), **changed})
    assert (answer.status_code, answer.context["form"].errors) == (422, expected)
    assert FundsRaised.objects.count() == 0


def test_tomorrow_is_refused_at_the_field(client, cast):
    log_in(client, cast.clerk)
    later = tomorrow()
    answer = client.post(reverse("funds_new"), {**FUNDS, "request_key": new_key(), "received_on": later.isoformat()})
    (said,) = answer.context["form"].errors["received_on"]
    assert said.startswith(f"{later.isoformat()} 还没有到，今天是 ")


def test_a_row_is_reversed_with_a_reason(client, cast):
    row = raise_funds(cast)
    log_in(client, cast.clerk)
    url = reverse("funds_reverse", args=[row.pk])
    page = client.get(url)
    values = {
        "reason": "金额录错",
        "reversed_on": "2024-01-06",
        "request_key": page.context["form"]["request_key"].value(),
    }
    assert client.post(url, values).url == reverse("funds")
    shown = client.get(reverse("funds"))
    assert (shown.context["total"], text_of(shown).count("−16,000.00")) == (Decimal("0.00"), 1)
    assert [(each.reverses_id, each.reversed) for each in shown.context["page"]] == [(row.pk, False), (None, True)]


def test_money_of_others_is_not_there(client, cast):
    row, down = raise_funds(cast), allocate(cast)
    log_in(client, cast.stranger)
    assert "还没有筹集记录" in text_of(client.get(reverse("funds")))
    assert [
        client.get(reverse("funds_reverse", args=[row.pk])).status_code,
        client.get(reverse("allocation_reverse", args=[down.pk])).status_code,
    ] == [404, 404]
    log_in(client, cast.county_clerk)
    assert client.get(reverse("funds_reverse", args=[row.pk])).status_code == 403


def test_administrators_do_not_read_the_ledger(client, cast):
    log_in(client, cast.system_admin)
    assert client.get(reverse("funds")).status_code == 403


def test_the_lists_are_narrowed(client, cast):
    raise_funds(cast)
    raise_funds(cast, source="donation", received_on=day("2024-02-01"))
    log_in(client, cast.auditor)
    shown = client.get(reverse("funds"), {"code": "donation"})
    assert [row.source for row in shown.context["page"]] == ["donation"]
    shown = client.get(reverse("funds"), {"first": "2024-01-01", "last": "2024-01-31"})
    assert [row.source for row in shown.context["page"]] == ["own_union"]
    shown = client.get(reverse("funds"), {"first": "昨天", "code": "donation"})
    assert ([row.source for row in shown.context["page"]], "这一项没有用来筛选。" in text_of(shown)) == (
        ["donation"],
        True,
    )
    assert "没有符合条件的筹集" in text_of(client.get(reverse("funds"), {"code": "central"}))


def test_an_allocation_is_entered_and_reversed(client, cast):
    raise_funds(cast, by=cast.county_clerk, union=cast.county, source="central")
    log_in(client, cast.county_clerk)
    values = {"receiver": cast.mill.pk, "source": "central", "amount": "15000", "allocated_on": "2024-01-08"}
    assert client.post(reverse("allocation_new"), {**values, "request_key": new_key()}).url == reverse("allocations")
    wrong = client.post(reverse("allocation_new"), {**values, "receiver": cast.museum.pk, "request_key": new_key()})
    assert wrong.status_code == 422
    row = Allocation.objects.get()
    url = reverse("allocation_reverse", args=[row.pk])
    client.post(url, {"reversed_on": "2024-01-09", "request_key": new_key()})
    shown = client.get(reverse("allocations"))
    assert [(each.amount, each.origin) for each in shown.context["page"]] == [
        (Decimal("-15000.00"), "reversal"),
        (Decimal("15000.00"), "typed"),
    ]
    assert shown.context["reversed_ids"] == {row.pk}


def test_a_receipt_is_confirmed_where_the_money_arrives(client, cast):
    row = allocate(cast)
    url = reverse("allocation_confirm", args=[row.pk])
    log_in(client, cast.county_clerk)
    assert "在途" in text_of(client.get(reverse("allocations")))
    assert client.get(url).status_code == 403
    log_in(client, cast.cashier)
    assert f'href="{url}"' in client.get(reverse("allocations")).content.decode()
    values = {"confirmed_on": "2024-01-09", "request_key": client.get(url).context["form"]["request_key"].value()}
    early = client.post(url, {**values, "confirmed_on": "2024-01-07", "request_key": new_key()})
    assert early.context["form"].errors["__all__"] == ["收到日期早于拨付日期。请把收到日期改到拨付当天或以后。"]
    for _ in range(2):
        assert client.post(url, values).url == reverse("allocations")
    shown = client.get(reverse("allocations"))
    assert [(each.confirmed_on, each.confirmed_by) for each in shown.context["page"]] == [
        (day("2024-01-09"), cast.cashier)
    ]


def test_money_goes_back_up(client, cast):
    row = allocate(cast)
    actions.confirm_allocation(by=cast.cashier, allocation=row, confirmed_on=day("2024-01-09"))
    log_in(client, cast.clerk)
    form = client.get(reverse("allocation_return")).context["form"]
    assert [union.code for union in form.fields["receiver"].queryset] == ["K1", "C1", "P"]
    values = {
        "receiver": cast.county.pk,
        "source": "central",
        "amount": "4000",
        "allocated_on": "2024-01-11",
        "note": "余款退回",
        "request_key": new_key(),
    }
    more = client.post(reverse("allocation_return"), {**values, "amount": "15000.01", "request_key": new_key()})
    assert more.context["form"].errors["__all__"] == [
        "青岬县第一中学工会的中央财政可用 15,000.00 元，要退回 15,000.01 元，少 0.01 元。"
        "请减少金额；已审批未发放的款也算已用。"
    ]
    assert client.post(reverse("allocation_return"), values).url == reverse("allocations")
    assert [(each.kind, each.note) for each in client.get(reverse("allocations")).context["page"]] == [
        ("return", "余款退回"),
        ("grant", ""),
    ]


def test_a_voucher_is_kept_with_the_row(client, cast):
    row = raise_funds(cast)
    log_in(client, cast.clerk)
    url = reverse("funds_voucher_add", args=[row.pk])
    scan = SimpleUploadedFile("进账单.pdf", PDF, content_type="application/pdf")
    assert client.post(url, {"upload": scan, "request_key": new_key()}).url == reverse("funds")
    (kept,) = attachments.of(row)
    got = client.get(reverse("funds_voucher", args=[row.pk, kept.pk]))
    assert (b"".join(got) if got.streaming else got.content) == PDF
    assert AuditEvent.objects.get(act="funds.voucher_read").detail == {"attachment": kept.pk}
    again = SimpleUploadedFile("二.pdf", PDF, content_type="application/pdf")
    both = client.post(reverse("funds_new"), {**FUNDS, "request_key": new_key(), "scan": again})
    assert (both.status_code, FundsRaised.objects.count()) == (302, 2)
    assert attachments.of(FundsRaised.objects.latest("pk")).get().filename == "二.pdf"


def test_balances_are_shown_by_source(client, cast):
    raise_funds(cast)
    allocate(cast)
    log_in(client, cast.clerk)
    page = client.get(reverse("fund_balances"))
    assert [(row["source"], row["free"], row["on_the_way"]) for row in page.context["rows"]] == [
        ("中央财政", Decimal("0.00"), Decimal("15000.00")),
        ("本级工会经费", Decimal("16000.00"), Decimal("0.00")),
    ]
    assert page.context["total"]["free"] == Decimal("16000.00")
    log_in(client, cast.stranger)
    assert "还没有资金" in text_of(client.get(reverse("fund_balances")))


def test_the_kind_of_an_activity_decides_what_is_asked(client, cast):
    log_in(client, cast.clerk)
    assert list(client.get(reverse("activity_new")).context["form"].fields) == ["kind"]
    wrong = client.get(reverse("activity_new"), {"kind": "party"})
    assert wrong.status_code == 422
    url = reverse("activity_new") + "?kind=wage_recovery"
    form = client.get(url).context["form"]
    assert form.measures == ("persons", "contacts", "amount", "farmer_persons", "farmer_contacts", "farmer_amount")
    values = {
        "held_on": "2024-01-20",
        "persons": "3",
        "amount": "12000.00",
        "farmer_persons": "4",
        "request_key": new_key(),
    }
    answer = client.post(url, values)
    assert answer.context["form"].errors == {"farmer_persons": ["不能超过人数 3，请改正其中一个。"]}
    assert client.post(url, {**values, "farmer_persons": "2"}).url == reverse("activities")
    row = Activity.objects.get()
    assert (row.persons, row.farmer_persons, row.amount) == (3, 2, Decimal("12000.00"))


def test_an_empty_activity_is_refused(client, cast):
    log_in(client, cast.clerk)
    answer = client.post(reverse("activity_new") + "?kind=culture", {"held_on": "2024-01-20", "request_key": new_key()})
    assert answer.context["form"].errors == {
        "contacts": ["没有填写任何数，请至少填写一项：人次、其中新生代农民工人次。"]
    }


def test_a_stale_activity_shows_both_values_and_can_be_repeated(client, cast):
    row = record(cast, kind="culture", counts={"contacts": 5})
    actions.change_activity(by=cast.second_clerk, activity=row, version=1, held_on=row.held_on, counts={"contacts": 6})
    log_in(client, cast.clerk)
    url = reverse("activity_change", args=[row.pk])
    answer = client.post(url, {"held_on": "2024-01-20", "contacts": "7", "version": "1"})
    assert (answer.status_code, answer.context["differences"]) == (422, [("人次", "6", "7")])
    again = {"held_on": "2024-01-20", "contacts": "7", "version": answer.context["form"]["version"].value()}
    assert client.post(url, again).url == reverse("activities")
    assert Activity.objects.get().contacts == 7


def test_those_above_read_an_activity_but_do_not_change_it(client, cast):
    row = record(cast, kind="culture", counts={"contacts": 5})
    log_in(client, cast.county_reviewer)
    url = reverse("activity_change", args=[row.pk])
    assert "人次 5" in text_of(client.get(url))
    assert client.post(url, {"held_on": "2024-01-20", "contacts": "7", "version": "1"}).status_code == 403
    log_in(client, cast.stranger)
    assert client.get(url).status_code == 404
    log_in(client, cast.clerk)
    client.post(reverse("activity_void", args=[row.pk]), {"version": "1"})
    assert "已作废" in text_of(client.get(url))


@pytest.mark.parametrize(
    ("name", "make"),
    [("funds", raise_funds), ("allocations", allocate), ("activities", record)],
)
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
