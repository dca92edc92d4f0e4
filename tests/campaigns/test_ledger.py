"""Funds, allocations and activities: what is refused, what is summed, what a second request does."""

import datetime
import importlib
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from campaigns import actions
from campaigns.balances import Balance, balances
from campaigns.enums import ACTIVITY_MEASURES, ActivityKind
from campaigns.models import Activity, Allocation, FundsRaised
from campaigns.verifiers import allocation_reversals, funds_reversals
from relief.lib import clock
from tests.campaigns.stage import day
from tests.campaigns.test_notices import acts, refusal
from unions.idempotency import new_key
from unions.models import AuditEvent, Post
from unions.policy import Stale


def raise_funds(cast, **changed) -> FundsRaised:
    values = {
        "by": cast.clerk,
        "union": cast.mill,
        "campaign": None,
        "source": "own_union",
        "form": "cash",
        "amount": Decimal("16000.00"),
        "received_on": day("2024-01-05"),
        "voucher": "记-012",
    }
    return actions.record_funds(**{**values, **changed})


def allocate(cast, **changed) -> Allocation:
    """What the county hands down; it has just as much of it before."""
    amount, source = changed.get("amount", Decimal("15000")), changed.get("source", "central")
    if amount > 0:
        FundsRaised.objects.create(
            union=cast.county, source=source, amount=amount, received_on=day("2024-01-02"), entered_by=cast.county_clerk,
            entered_at=clock.db_now(),
        )  # fmt: skip
    values = {
        "by": cast.county_clerk,
        "giver": cast.county,
        "receiver": cast.mill,
        "campaign": None,
        "source": "central",
        "amount": Decimal("15000"),
        "allocated_on": day("2024-01-08"),
    }
    return actions.record_allocation(**{**values, **changed})


def record(cast, kind="wage_recovery", counts=None, **changed) -> Activity:
    counts = counts or {"persons": 3, "contacts": 3, "amount": Decimal("12000"), "farmer_persons": 2}
    values = {"by": cast.clerk, "union": cast.mill, "campaign": None, "kind": kind, "held_on": day("2024-01-20")}
    return actions.record_activity(counts=counts, **{**values, **changed})


def tomorrow() -> datetime.date:
    return clock.today() + datetime.timedelta(days=1)


# ---------------------------------------------------------------- funds


def test_funds_are_recorded_with_one_audit_row_marked_money(cast):
    row = raise_funds(cast)
    assert (row.amount, row.union, row.entered_by) == (Decimal("16000.00"), cast.mill, cast.clerk)
    event = AuditEvent.objects.get(act="funds.record")
    assert (event.money, event.union, event.object_id) == (True, cast.mill, str(row.pk))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"source": "lottery"}, "资金来源不在列表里。"),
        ({"form": "gold"}, "形式不在列表里。"),
        ({"amount": Decimal(0)}, "金额要大于 0。"),
        ({"amount": Decimal("-5")}, "金额要大于 0。"),
    ],
)
def test_bad_funds_are_named(cast, changed, expected):
    assert refusal(lambda: raise_funds(cast, **changed)) == expected
    assert (FundsRaised.objects.count(), acts()) == (0, [])


def test_tomorrow_is_refused(cast):
    later = tomorrow()
    said = f"{later.year}年{later.month}月{later.day}日还没有到。"
    assert refusal(lambda: raise_funds(cast, received_on=later)) == f"到账日期{said}"
    assert refusal(lambda: allocate(cast, allocated_on=later)) == f"拨付日期{said}"
    assert refusal(lambda: record(cast, held_on=later)) == f"日期{said}"


def test_only_the_own_union_enters(cast):
    assert refusal(lambda: raise_funds(cast, by=cast.county_clerk)) == (
        "“登记筹集”由青岬县第一中学工会的填报办理，您在该工会没有这个岗位。"
    )
    assert refusal(lambda: raise_funds(cast, by=cast.reviewer)) == (
        "“登记筹集”由青岬县第一中学工会的填报办理，您在该工会没有这个岗位。"
    )


def test_the_same_request_twice_is_one_row(cast):
    key = new_key()
    first, second = raise_funds(cast, key=key), raise_funds(cast, key=key)
    assert (first.pk, FundsRaised.objects.count(), acts()) == (second.pk, 1, ["funds.record"])
    assert refusal(lambda: raise_funds(cast, key=key, amount=Decimal(1))) == (
        "同一个请求编号提交了两份不同的内容，第二份没有写入。"
    )
    assert refusal(lambda: raise_funds(cast, key="")) == "页面缺少请求编号，没有写入。"


def test_a_reversal_is_a_row_of_its_own(cast):
    row = raise_funds(cast)
    key = new_key()
    back = actions.reverse_funds(by=cast.clerk, funds=row, reason="金额录错", reversed_on=day("2024-01-06"), key=key)
    again = actions.reverse_funds(by=cast.clerk, funds=row, reason="金额录错", reversed_on=day("2024-01-06"), key=key)
    assert (back.pk, back.amount, back.note, back.reverses) == (again.pk, Decimal("-16000.00"), "金额录错", row)
    assert FundsRaised.objects.not_reversed().count() == 0
    assert list(funds_reversals()) == []
    reverse = actions.reverse_funds
    assert refusal(lambda: reverse(by=cast.clerk, funds=row, reason="再", reversed_on=day("2024-01-06"))) == (
        "这一笔已经冲销过了。"
    )
    assert refusal(lambda: reverse(by=cast.clerk, funds=back, reason="再", reversed_on=day("2024-01-06"))) == (
        "这一笔本身就是冲销，不能再冲销。"
    )


def test_a_reversal_needs_a_reason_and_a_day_after_the_row(cast):
    row = raise_funds(cast)
    reverse = actions.reverse_funds
    assert refusal(lambda: reverse(by=cast.clerk, funds=row, reason=" ", reversed_on=day("2024-01-06"))) == (
        "冲销原因没有填。"
    )
    assert refusal(lambda: reverse(by=cast.clerk, funds=row, reason="错", reversed_on=day("2024-01-04"))) == (
        "冲销日期早于到账日期。"
    )


def test_a_forged_reversal_is_found(cast):
    row = raise_funds(cast)
    back = actions.reverse_funds(by=cast.clerk, funds=row, reason="错", reversed_on=day("2024-01-06"))
    FundsRaised.objects.filter(pk=back.pk).update(amount=Decimal("-1"))
    assert [(finding.row, finding.message) for finding in funds_reversals()] == [(str(back.pk), "冲销金额与原记录不符")]


# ---------------------------------------------------------------- allocations, balances


def test_allocations_go_down_only(cast):
    assert (
        refusal(lambda: allocate(cast, receiver=cast.museum)) == "望海市博物馆工会不是青岬县教育工会的下级，不能拨付。"
    )
    assert refusal(lambda: allocate(cast, receiver=cast.county)) == "青岬县教育工会不是青岬县教育工会的下级，不能拨付。"
    assert refusal(lambda: allocate(cast, by=cast.clerk)) == (
        "“登记拨付”由青岬县教育工会的填报办理，您在该工会没有这个岗位。"
    )


def test_an_allocation_of_a_payout_asks_neither_role_nor_direction(cast):
    row = allocate(cast, by=cast.cashier, giver=cast.mill, receiver=cast.school, amount=Decimal("-3"), payout_ref="F1")
    assert (row.amount, row.payout_ref) == (Decimal("-3.00"), "F1")


def test_an_allocation_is_reversed_once(cast):
    row = allocate(cast)
    back = actions.reverse_allocation(by=cast.county_clerk, allocation=row, reversed_on=day("2024-01-09"))
    assert (back.amount, back.reverses, back.payout_ref) == (Decimal("-15000.00"), row, "")
    assert not Allocation.objects.not_reversed().exists()
    reverse = actions.reverse_allocation
    assert refusal(lambda: reverse(by=cast.county_clerk, allocation=row, reversed_on=day("2024-01-09"))) == (
        "这一笔已经冲销过了。"
    )
    assert refusal(lambda: reverse(by=cast.county_clerk, allocation=back, reversed_on=day("2024-01-09"))) == (
        "这一笔不是手工登记的拨付，不能在这里冲销。"
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.filter(pk=allocate(cast).pk).update(amount=Decimal("-1"), reverses=row)


def test_a_wrong_reversal_of_an_allocation_is_named(cast):
    row = allocate(cast)
    back = actions.reverse_allocation(by=cast.county_clerk, allocation=row, reversed_on=day("2024-01-09"))
    assert [*allocation_reversals()] == []
    Allocation.objects.filter(pk=back.pk).update(amount=Decimal("-14999.99"))
    assert [(finding.row, finding.message) for finding in allocation_reversals()] == [
        (str(back.pk), "冲销金额与原记录不符")
    ]


def test_reversals_that_said_their_row_in_words_become_links(cast):
    row = allocate(cast)
    back = actions.reverse_allocation(by=cast.county_clerk, allocation=row, reversed_on=day("2024-01-09"))
    migration = importlib.import_module("campaigns.migrations.0008_reversals_of_allocations")
    migration.say(apps, None)
    said = Allocation.objects.get(pk=back.pk)
    assert (said.payout_ref, said.reverses) == (f"冲销 {row.pk}", None)
    migration.link(apps, None)
    linked = Allocation.objects.get(pk=back.pk)
    assert (linked.payout_ref, linked.reverses) == ("", row)


def test_balances_sum_by_union_and_source(cast, django_assert_num_queries):
    raise_funds(cast)
    raise_funds(cast, source="donation", amount=Decimal("0.01"))
    wrong = raise_funds(cast, amount=Decimal("7"))
    actions.reverse_funds(by=cast.clerk, funds=wrong, reason="错", reversed_on=day("2024-01-06"))
    allocate(cast)
    with django_assert_num_queries(3):
        found = balances([cast.mill.pk, cast.county.pk, cast.school.pk])
    assert found == {
        cast.mill.pk: {
            "own_union": Balance(raised=Decimal("16000.00")),
            "donation": Balance(raised=Decimal("0.01")),
            "central": Balance(on_the_way=Decimal("15000.00")),
        },
        cast.county.pk: {"central": Balance(raised=Decimal("15000.00"), allocated_out=Decimal("15000.00"))},
    }
    assert found[cast.county.pk]["central"].available == Decimal("0.00")
    assert found[cast.mill.pk]["central"].available == Decimal("0.00")


# ---------------------------------------------------------------- receipts, returns, nothing below zero


def test_the_receiver_confirms_the_day_the_money_arrived(cast):
    row = allocate(cast)
    confirm = actions.confirm_allocation
    assert refusal(lambda: confirm(by=cast.clerk, allocation=row, confirmed_on=day("2024-01-07"))) == (
        "收到日期早于拨付日期。"
    )
    assert refusal(lambda: confirm(by=cast.county_clerk, allocation=row, confirmed_on=day("2024-01-09"))) == (
        "“确认收到拨款”由青岬县第一中学工会的填报、出纳办理，您在该工会没有这个岗位。"
    )
    key = new_key()
    done = confirm(by=cast.cashier, allocation=row, confirmed_on=day("2024-01-09"), key=key)
    again = confirm(by=cast.cashier, allocation=row, confirmed_on=day("2024-01-09"), key=key)
    assert (done.pk, done.confirmed_on, done.confirmed_by) == (again.pk, day("2024-01-09"), cast.cashier)
    assert balances([cast.mill.pk])[cast.mill.pk]["central"] == Balance(allocated_in=Decimal("15000.00"))
    event = AuditEvent.objects.get(act="allocation.confirm")
    assert (event.money, event.union, event.object_id) == (True, cast.mill, str(row.pk))
    with pytest.raises(Stale):
        confirm(by=cast.clerk, allocation=row, confirmed_on=day("2024-01-10"))


def test_what_was_confirmed_comes_back_by_a_return(cast):
    row = allocate(cast)
    actions.confirm_allocation(by=cast.clerk, allocation=row, confirmed_on=day("2024-01-09"))
    reverse = actions.reverse_allocation
    assert refusal(lambda: reverse(by=cast.county_clerk, allocation=row, reversed_on=day("2024-01-10"))) == (
        "青岬县第一中学工会已确认收到这一笔，不能冲销。"
    )
    back = give_back(cast, Decimal("4000"))
    assert (balances([cast.mill.pk])[cast.mill.pk]["central"].available, back.kind) == (Decimal("11000.00"), "return")
    assert balances([cast.county.pk])[cast.county.pk]["central"].available == Decimal("0.00")
    actions.confirm_allocation(by=cast.county_clerk, allocation=back, confirmed_on=day("2024-01-12"))
    assert balances([cast.county.pk])[cast.county.pk]["central"].available == Decimal("4000.00")


def give_back(cast, amount: Decimal, **changed) -> Allocation:
    values = {
        "by": cast.clerk,
        "giver": cast.mill,
        "receiver": cast.county,
        "campaign": None,
        "source": "central",
        "amount": amount,
        "allocated_on": day("2024-01-11"),
    }
    return actions.return_funds(**{**values, **changed})


def test_nothing_is_given_that_is_not_there(cast):
    allocate(cast)
    assert refusal(lambda: give_back(cast, Decimal("0.01"))) == (
        "青岬县第一中学工会的中央财政可用 0.00 元，要退回 0.01 元，少 0.01 元。"
    )
    assert refusal(lambda: give_back(cast, Decimal("1"), receiver=cast.museum)) == (
        "望海市博物馆工会不是青岬县第一中学工会的上级，不能退回。"
    )
    more = {"by": cast.county_clerk, "giver": cast.county, "receiver": cast.mill, "campaign": None, "source": "central"}
    assert refusal(
        lambda: actions.record_allocation(amount=Decimal("0.01"), allocated_on=day("2024-01-08"), **more)
    ) == ("青岬县教育工会的中央财政可用 0.00 元，要拨付 0.01 元，少 0.01 元。")
    spent = FundsRaised.objects.get(union=cast.county)
    assert refusal(
        lambda: actions.reverse_funds(
            by=cast.county_clerk, funds=spent, reason="金额录错", reversed_on=day("2024-01-09")
        )
    ) == ("青岬县教育工会的中央财政可用 0.00 元，要冲销 15,000.00 元，少 15,000.00 元。")


def test_a_reversed_allocation_is_not_confirmed(cast):
    row = allocate(cast)
    actions.reverse_allocation(by=cast.county_clerk, allocation=row, reversed_on=day("2024-01-09"))
    confirm = actions.confirm_allocation
    assert refusal(lambda: confirm(by=cast.clerk, allocation=row, confirmed_on=day("2024-01-10"))) == (
        "这一笔已由拨出工会冲销，不用确认。"
    )
    assert balances([cast.mill.pk])[cast.mill.pk]["central"].on_the_way == Decimal("0.00")
    assert balances([cast.county.pk])[cast.county.pk]["central"].available == Decimal("15000.00")


def test_a_union_without_anybody_to_confirm_has_the_money_at_once(cast):
    Post.objects.filter(union=cast.mill).update(revoked_at=clock.db_now())
    row = allocate(cast)
    assert (row.confirmed_on, row.confirmed_by) == (row.allocated_on, cast.county_clerk)
    actions.reverse_allocation(by=cast.county_clerk, allocation=row, reversed_on=day("2024-01-09"))
    assert balances([cast.county.pk])[cast.county.pk]["central"].available == Decimal("15000.00")


# ---------------------------------------------------------------- activities


def test_every_kind_records_its_measures_and_no_other(cast):
    for kind in ActivityKind.values:
        counts = dict.fromkeys(ACTIVITY_MEASURES[kind], 2)
        row = record(cast, kind=kind, counts=counts)
        assert {name: getattr(row, name) for name in counts} == counts
    assert Activity.objects.count() == len(ActivityKind.values)


@pytest.mark.parametrize(
    ("kind", "counts", "expected"),
    [
        ("party", {"contacts": 1}, "类别不在列表里。"),
        ("culture", {"amount": 1}, "“文化服务”不记金额（元）。"),
        ("culture", {"contacts": 0, "amount": 0}, "没有填写任何数。"),
        ("culture", {"contacts": -1}, "人次不能小于 0。"),
        ("culture", {"contacts": 3_000_000_000}, "人次太大。"),
        ("culture", {"contacts": 1, "new_contacts": 2}, "其中新生代农民工人次 2 大于人次 1。"),
        ("wage_recovery", {"persons": 1, "farmer_persons": 2}, "其中农民工人数 2 大于人数 1。"),
    ],
)
def test_bad_counts_are_named(cast, kind, counts, expected):
    assert refusal(lambda: record(cast, kind=kind, counts=counts)) == expected


def test_a_stale_change_shows_both_values(cast):
    row = record(cast, kind="culture", counts={"contacts": 5})
    change = actions.change_activity
    change(by=cast.clerk, activity=row, version=1, held_on=row.held_on, counts={"contacts": 6})
    with pytest.raises(Stale) as caught:
        change(by=cast.second_clerk, activity=row, version=1, held_on=row.held_on, counts={"contacts": 7})
    assert caught.value.differences == [("人次", "6", "7")]


def test_a_void_record_stays_and_is_not_changed(cast):
    row = record(cast)
    actions.void_activity(by=cast.clerk, activity=row, version=1)
    assert row.voided_at is not None
    change = actions.change_activity
    assert refusal(
        lambda: change(by=cast.clerk, activity=row, version=2, held_on=row.held_on, counts={"persons": 1})
    ) == ("这条记录已经作废，不能再改。")
    assert acts() == ["activity.record", "activity.void"]


def test_the_same_activity_request_twice_is_one_row(cast):
    key = new_key()
    assert record(cast, key=key).pk == record(cast, key=key).pk
    assert Activity.objects.count() == 1
