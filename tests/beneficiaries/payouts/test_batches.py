"""A payout batch: filled by households, names, pasted rows and amounts; then through four hands with control totals."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beneficiaries.actions import (
    add_households,
    add_recipients,
    add_signed_list,
    approve_batch,
    change_batch,
    change_payout,
    change_terms,
    delete_batch,
    drop_lines,
    open_batch,
    plan_batch,
    record_proxy,
    release_batch,
    return_batch,
    review_batch,
    set_amounts,
    set_threshold,
    settle_signed,
)
from beneficiaries.actions.batch_entries import BatchFaults, Recipient
from beneficiaries.actions.batch_steps import control
from beneficiaries.batches import paste
from beneficiaries.models import Dossier, Payout, PayoutBatch, PayoutLine, PayoutProxy
from beneficiaries.payouts import thresholds
from relief.lib import clock
from tests.beneficiaries.payouts.conftest import DAY, fresh, line, number_of, open_dossier
from unions.actions import grant_post
from unions.enums import Role
from unions.idempotency import new_key
from unions.models import AuditEvent, Person
from unions.policy import Refused, Stale

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"


def opened(till, **changes) -> PayoutBatch:
    given = {
        "by": till.cast.clerk,
        "union": till.cast.mill,
        "campaign": till.campaign,
        "title": "春节坚守岗位慰问",
        "relief_group": "festival_duty",
        "purpose": "relief_visit",
        "planned_on": DAY,
        "source": "own_union",
        "route": "cash",
        "amount": Decimal("150.00"),
    }
    return open_batch(**{**given, **changes})


def workers(count: int, first: int = 100) -> list[Recipient]:
    return [
        Recipient(name=f"魏建{'国民强伟军'[at % 5]}", id_number=number_of(first + at), line=at + 1)
        for at in range(count)
    ]


def now(batch: PayoutBatch) -> PayoutBatch:
    return PayoutBatch.objects.get(pk=batch.pk)


def step(run, by, batch, name: str) -> str:
    return run(by=by, batch=batch, seen=control(batch, name).token, key=new_key())


def approved(till, batch) -> PayoutBatch:
    step(plan_batch, till.cast.clerk, batch, "plan")
    step(review_batch, till.cast.reviewer, batch, "review")
    step(approve_batch, till.cast.approver, batch, "approve")
    return batch


def signed_list() -> SimpleUploadedFile:
    return SimpleUploadedFile("签收表.pdf", PDF, content_type="application/pdf")


def states(batch) -> list[str]:
    return sorted(batch.payouts.values_list("state", flat=True))


def test_a_batch_goes_through_four_hands_and_is_paid_from_the_signed_list(till):
    cast, batch = till.cast, opened(till)
    add_recipients(by=cast.clerk, batch=batch, recipients=workers(3))
    approved(till, batch)
    rows = list(batch.payouts.order_by("pk"))
    record_proxy(by=cast.cashier, payout=rows[0], name="秦素云", relation="配偶", id_number=number_of(990))
    settle_signed(
        by=cast.cashier,
        batch=batch,
        signed=[rows[0].pk, rows[1].pk],
        paid_on=DAY,
        seen=control(batch, "settle").token,
        key=new_key(),
        upload=signed_list(),
    )
    assert states(batch) == ["approved", "paid", "paid"]
    assert [fresh(row).released_by for row in rows] == [cast.cashier, cast.cashier, None]
    assert PayoutProxy.objects.get().name == "秦素云"
    events = AuditEvent.objects.filter(object_type="beneficiaries.PayoutBatch", object_id=str(batch.pk))
    assert list(
        events.filter(act__startswith="payout.").order_by("pk").values_list("act", "detail__count", "detail__fen")
    ) == [
        ("payout.plan", 3, 45000),
        ("payout.review", 3, 45000),
        ("payout.approve", 3, 45000),
        ("payout.settle", 2, 30000),
    ]


def test_cash_is_not_settled_without_a_signed_list(till):
    batch = opened(till)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(1))
    approved(till, batch)
    given = {"signed": [batch.payouts.get().pk], "paid_on": DAY, "seen": control(batch, "settle").token}
    with pytest.raises(Refused, match="还没有上传签收表"):
        settle_signed(by=till.cast.cashier, batch=batch, key=new_key(), **given)
    add_signed_list(by=till.cast.cashier, batch=batch, upload=signed_list())
    settle_signed(by=till.cast.cashier, batch=batch, key=new_key(), **given)
    assert states(batch) == ["paid"]


def test_a_card_batch_is_released_whole(till):
    batch = opened(till, source="central", route="card", relief_group="dossier_holder", purpose="living")
    add_households(by=till.cast.clerk, batch=batch, dossiers=[till.dossier])
    assert (batch.payouts.get().household_index, batch.payouts.get().snapshot["members"]) == (till.dossier.id_index, 2)
    approved(till, batch)
    receipt = step(release_batch, till.cast.cashier, batch, "release")
    assert [(row.state, row.receipt) for row in batch.payouts.all()] == [("released", receipt)]


def test_households_that_are_there_are_not_added_again(till):
    batch = opened(till, relief_group="dossier_holder")
    other = open_dossier(till.cast.mill, till.cast.clerk, "潘玉玲", 2, gig_worker=True)
    assert add_households(by=till.cast.clerk, batch=batch, dossiers=[till.dossier]) == (1, 0)
    assert add_households(by=till.cast.clerk, batch=batch, dossiers=[till.dossier, other]) == (1, 1)
    assert list(batch.payouts.order_by("pk").values_list("dossier__name", "gig_worker")) == [
        ("唐志远", False),
        ("潘玉玲", True),
    ]


def test_households_sent_twice_are_added_once(till):
    batch, key = opened(till, relief_group="dossier_holder"), new_key()
    first = add_households(by=till.cast.clerk, batch=batch, dossiers=[till.dossier], key=key)
    again = add_households(by=till.cast.clerk, batch=batch, dossiers=[till.dossier], key=key)
    assert (first[0], again[0], batch.payouts.count()) == (1, 1, 1)


def test_a_household_of_another_union_is_refused(till):
    batch = opened(till)
    foreign = open_dossier(till.cast.school, till.cast.clerk, "唐二", 9)
    with pytest.raises(Refused, match="别的工会"):
        add_households(by=till.cast.clerk, batch=batch, dossiers=[foreign])


def test_all_faults_of_all_lines_at_once_and_nothing_written(till):
    batch = opened(till)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(1, first=300))
    wrong = [
        Recipient(name="魏建国", id_number=number_of(300), line=1),
        Recipient(name="", id_number=number_of(301), line=2),
        Recipient(name="魏建民", id_number=number_of(302)[:-1] + "A", line=3),
        Recipient(name="魏建强", id_number=number_of(303), amount=Decimal("-5"), line=4),
        Recipient(name="魏建强", id_number=number_of(303), line=5),
        Recipient(name="王五", id_number=till.dossier.id_number, line=6),
    ]
    with pytest.raises(BatchFaults) as told:
        add_recipients(by=till.cast.clerk, batch=batch, recipients=wrong)
    assert [at for at, _ in told.value.faults] == [1, 2, 3, 4, 5, 6]
    assert batch.payouts.count() == 1


def test_a_typed_number_of_an_own_household_is_paid_to_that_household(till):
    batch = opened(till, relief_group="dossier_holder")
    recipient = Recipient(name="唐志远", id_number=till.dossier.id_number, line=1)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=[recipient])
    assert (batch.payouts.get().dossier, batch.payouts.get().card_number) == (till.dossier, till.dossier.card_number)


def test_amounts_one_by_one_with_reasons(till):
    batch = opened(till)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(2))
    first, second = batch.payouts.order_by("pk")
    changed = set_amounts(
        by=till.cast.clerk,
        batch=batch,
        version=now(batch).version,
        amounts={first.pk: Decimal("200.00"), second.pk: Decimal("150.00")},
        reasons={first.pk: "加班", second.pk: ""},
    )
    assert changed == 1
    assert list(PayoutLine.objects.order_by("pk").values_list("amount", "payout__reason", "payout__version")) == [
        (Decimal("200.00"), "加班", 2),
        (Decimal("150.00"), "", 1),
    ]


def test_amounts_of_an_older_page_are_stale(till):
    batch = opened(till)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(1))
    with pytest.raises(Stale):
        set_amounts(by=till.cast.clerk, batch=batch, version=1, amounts={batch.payouts.get().pk: Decimal("200.00")})
    assert PayoutLine.objects.get().amount == Decimal("150.00")


def test_a_payout_with_two_lines_takes_no_amount_in_the_grid(till):
    batch = opened(till)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(1))
    payout = batch.payouts.get()
    change_payout(
        by=till.cast.clerk, payout=payout, version=1, campaign=till.campaign, planned_on=DAY, relief_group="festival_duty",
        purpose="relief_visit", recipient=payout.recipient, id_number=payout.id_number,
        lines=[line("own_union", "cash", "100.00"), line("own_union", "goods", "50.00", "大米")],
    )  # fmt: skip
    with pytest.raises(Refused, match="2 行款物"):
        set_amounts(by=till.cast.clerk, batch=batch, version=now(batch).version, amounts={payout.pk: Decimal("200.00")})
    assert fresh(payout).batch == batch


def test_a_line_moved_out_becomes_a_draft_of_its_own(till):
    batch = opened(till)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(3))
    first, second, third = batch.payouts.order_by("pk")
    drop_lines(by=till.cast.clerk, batch=batch, version=now(batch).version, payouts=[first.pk])
    drop_lines(by=till.cast.clerk, batch=batch, version=now(batch).version, payouts=[second.pk], keep=False)
    assert list(Payout.objects.order_by("pk").values_list("pk", "batch")) == [(first.pk, None), (third.pk, batch.pk)]


def test_an_empty_batch_can_be_deleted_and_a_filled_one_cannot(till):
    batch, other = opened(till), opened(till, title="另一批")
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(1))
    with pytest.raises(Refused, match="还有发放"):
        delete_batch(by=till.cast.clerk, batch=batch, version=now(batch).version)
    delete_batch(by=till.cast.clerk, batch=other, version=1)
    assert list(PayoutBatch.objects.all()) == [batch]


def test_another_day_goes_to_every_draft_unless_somebody_has_one_on_it(till):
    batch, other = opened(till), opened(till, title="另一批", planned_on=DAY + datetime.timedelta(days=1))
    for each in (batch, other):
        add_recipients(by=till.cast.clerk, batch=each, recipients=workers(1))
    given = {"by": till.cast.clerk, "batch": batch, "version": now(batch).version, "title": "改名", "amount": None}
    with pytest.raises(Refused, match="计划日期没有改"):
        change_batch(**given, planned_on=DAY + datetime.timedelta(days=1))
    change_batch(**given, planned_on=DAY + datetime.timedelta(days=2))
    assert (batch.payouts.get().planned_on, now(batch).title) == (DAY + datetime.timedelta(days=2), "改名")


def terms(till, batch, **changes):
    given = {
        "by": till.cast.clerk,
        "batch": batch,
        "version": now(batch).version,
        "purpose": "living",
        "source": "donation",
    }
    return change_terms(**{**given, **changes})


def test_purpose_and_source_of_all_lines_change_at_once(till):
    batch = opened(till)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(3))
    versions = list(batch.payouts.values_list("version", flat=True))
    assert terms(till, batch, by=till.cast.clerk) == 3
    assert (now(batch).purpose, now(batch).source) == ("living", "donation")
    assert set(batch.payouts.values_list("purpose", "lines__source")) == {("living", "donation")}
    assert list(batch.payouts.values_list("version", flat=True)) == [version + 1 for version in versions]
    event = AuditEvent.objects.get(act="batch.change")
    assert (event.detail["count"], event.money) == (3, True)
    with pytest.raises(Stale):
        terms(till, batch, version=1)
    with pytest.raises(Refused) as refusal:
        terms(till, batch, source="moon")
    assert refusal.value.reason == "用途或资金来源不在代码表里。"


def test_a_source_that_a_rule_refuses_changes_no_line_and_names_each(till):
    batch = opened(till, relief_group="dossier_holder", purpose="living", route="card")
    add_households(by=till.cast.clerk, batch=batch, dossiers=[till.dossier])
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(2))
    with pytest.raises(BatchFaults) as refusal:
        terms(till, batch, source="central")
    assert sorted({place for place, _ in refusal.value.faults}) == [2, 3]
    assert refusal.value.next_step == "请改选用途或来源，或先把这些行移出本批。"
    assert (now(batch).source, now(batch).version) == ("own_union", 3)
    assert set(batch.payouts.values_list("purpose", "lines__source")) == {("living", "own_union")}


def test_a_purpose_that_somebody_has_already_is_told_with_every_line(till):
    first, second = opened(till), opened(till, purpose="living", title="另一批")
    add_recipients(by=till.cast.clerk, batch=first, recipients=workers(3))
    add_recipients(by=till.cast.clerk, batch=second, recipients=workers(2))
    with pytest.raises(BatchFaults) as refusal:
        terms(till, first)
    told = "这个人在同一活动、同一天、同一用途已经有一笔发放，不能重复发放。"
    assert refusal.value.faults == [(1, told), (2, told)]
    assert set(first.payouts.values_list("purpose", flat=True)) == {"relief_visit"}


def test_the_terms_of_a_sealed_campaign_stay(till):
    batch = opened(till)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(1))
    type(till.campaign).objects.filter(pk=till.campaign.pk).update(closed_at=clock.db_now())
    with pytest.raises(Refused) as refusal:
        terms(till, now(batch))
    assert (refusal.value.reason, now(batch).purpose) == ("这个活动已经封存，不能再改发放。", "relief_visit")


def test_lines_sent_to_review_keep_their_terms(till):
    batch = opened(till)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(2))
    step(plan_batch, till.cast.clerk, batch, "plan")
    with pytest.raises(Refused) as refusal:
        terms(till, batch)
    assert refusal.value.reason == "批次里有 2 笔已经送审，不能一次改全部明细。"


def test_a_step_on_totals_that_were_not_shown_is_stale(till):
    batch = opened(till)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(1))
    seen = control(batch, "plan").token
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(1, first=200))
    with pytest.raises(Stale):
        plan_batch(by=till.cast.clerk, batch=batch, seen=seen, key=new_key())
    assert states(batch) == ["draft", "draft"]


def test_a_step_sent_twice_is_done_once(till):
    batch, key = opened(till), new_key()
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(2))
    seen = control(batch, "plan").token
    first = plan_batch(by=till.cast.clerk, batch=batch, seen=seen, key=key)
    assert plan_batch(by=till.cast.clerk, batch=batch, seen=seen, key=key) == first
    assert sorted(batch.payouts.values_list("version", flat=True)) == [2, 2]


def test_whoever_typed_into_a_batch_takes_no_later_step_in_it(till, cast):
    second = cast.reviewer
    grant_post(by=None, person=second, union=cast.mill, role=Role.ENTER)
    second = Person.objects.get(pk=second.pk)
    batch = opened(till)
    add_recipients(by=second, batch=batch, recipients=workers(1))
    set_amounts(
        by=cast.clerk, batch=batch, version=now(batch).version, amounts={batch.payouts.get().pk: Decimal("99.00")}
    )
    # a colleague in the post: else the review would move up to the county
    grant_post(by=None, person=cast.second_clerk, union=cast.mill, role=Role.REVIEW)
    step(plan_batch, cast.clerk, batch, "plan")
    with pytest.raises(Refused, match="您录入或修改过"):
        step(review_batch, second, batch, "review")


def test_single_lines_go_back_and_the_rest_goes_on(till):
    cast, batch = till.cast, opened(till)
    add_recipients(by=cast.clerk, batch=batch, recipients=workers(3))
    step(plan_batch, cast.clerk, batch, "plan")
    first = batch.payouts.order_by("pk").first()
    seen = control(batch, "return").token
    return_batch(by=cast.reviewer, batch=batch, seen=seen, reason="证件号与名册不符", only=[first.pk])
    assert (fresh(first).state, fresh(first).failure) == ("draft", "退回：证件号与名册不符")
    step(review_batch, cast.reviewer, batch, "review")
    assert [control(batch, name).count for name in ("plan", "review", "approve")] == [1, 0, 2]


def test_a_rule_stops_the_whole_batch_and_names_the_line(till):
    batch = opened(till, source="central", route="cash", relief_group="dossier_holder", purpose="living")
    add_households(by=till.cast.clerk, batch=batch, dossiers=[till.dossier])
    number = batch.payouts.get().number
    with pytest.raises(Refused, match=f"发放 {number}：中央财政.*不能发现金"):
        step(plan_batch, till.cast.clerk, batch, "plan")
    assert states(batch) == ["draft"]


def test_a_batch_above_the_threshold_is_approved_one_level_up(till, cast):
    set_threshold(
        by=cast.approver, union=cast.mill, per_payout=None, per_batch=Decimal("400.00"), origin="厂工会办法第六条",
        valid_from=datetime.date(2024, 1, 1),
    )  # fmt: skip
    batch = opened(till)
    add_recipients(by=cast.clerk, batch=batch, recipients=workers(3))
    step(plan_batch, cast.clerk, batch, "plan")
    step(review_batch, cast.reviewer, batch, "review")
    lines = batch.payouts.select_related("union").prefetch_related("lines")
    assert thresholds.sentences(list(lines), day=datetime.date(2024, 2, 1)) == [
        "本批合计 450.00 元，超过审批限额 400.00 元，由上一级审批。依据：厂工会办法第六条（" + cast.mill.called + "）。"
    ]
    with pytest.raises(Refused):
        step(approve_batch, cast.approver, batch, "approve")
    step(approve_batch, cast.county_approver, batch, "approve")
    assert states(batch) == ["approved"] * 3


def test_one_large_line_takes_its_batch_along_and_small_batches_stay(till, cast):
    set_threshold(
        by=cast.approver, union=cast.mill, per_payout=Decimal("160.00"), per_batch=None, origin="办法",
        valid_from=datetime.date(2024, 1, 1),
    )  # fmt: skip
    small, large = opened(till), opened(till, title="大额")
    add_recipients(by=cast.clerk, batch=small, recipients=workers(2))
    more = [Recipient(name="魏建国", id_number=number_of(700), amount=Decimal("161.00"), line=1)]
    add_recipients(by=cast.clerk, batch=large, recipients=[*workers(1, first=500), *more])
    for batch in (small, large):
        step(plan_batch, cast.clerk, batch, "plan")
    assert {row.approve_union for row in small.payouts.all()} == {cast.mill}
    assert {row.approve_union for row in large.payouts.all()} == {cast.county}


def test_no_step_of_a_batch_costs_a_query_per_line(till):
    few, many = opened(till), opened(till, title="多")
    costs = []
    for batch, recipients in ((few, workers(2, first=100)), (many, workers(40, first=300))):
        found = []
        for run in (
            lambda batch=batch, given=recipients: add_recipients(by=till.cast.clerk, batch=batch, recipients=given),
            lambda batch=batch: step(plan_batch, till.cast.clerk, batch, "plan"),
            lambda batch=batch: step(review_batch, till.cast.reviewer, batch, "review"),
            lambda batch=batch: step(approve_batch, till.cast.approver, batch, "approve"),
        ):
            with CaptureQueriesContext(connection) as queries:
                run()
            found.append(len(queries))
        costs.append(found)
    # a write may go in two pieces: 38 lines more cost at most two queries more
    assert [more - less <= 2 for less, more in zip(*costs, strict=True)] == [True] * 4


def test_households_cost_the_same_queries_for_any_number(till):
    homes = [open_dossier(till.cast.mill, till.cast.clerk, "潘玉玲", at) for at in range(10, 22)]
    few, many = opened(till, relief_group="dossier_holder"), opened(till, title="多", relief_group="dossier_holder")
    costs = []
    for batch, given in ((few, homes[:2]), (many, homes[2:])):
        wanted = list(Dossier.objects.filter(pk__in=[home.pk for home in given]).select_related("union"))
        with CaptureQueriesContext(connection) as queries:
            add_households(by=till.cast.clerk, batch=batch, dossiers=wanted)
            step(plan_batch, till.cast.clerk, batch, "plan")
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_pasted_rows_are_read_with_and_without_headings():
    number, card = number_of(5), "6222020000000000000"
    with_head, faults = paste.read(f"序号\t金额（元）\t姓名\t身份证号\t农民工\n1\t300\t魏建国\t{number}\t是\n")
    assert faults == []
    assert [(row.line, row.name, row.id_number, row.amount, row.traits) for row in with_head] == [
        (2, "魏建国", number, Decimal("300.00"), {"farmer_worker"})
    ]
    without, faults = paste.read(f"魏建国\t{card}\t{number}\t1,200.50\n欧阳建\t\t\t300\n")
    assert faults == []
    assert [(row.name, row.card_number, row.id_number, row.amount) for row in without] == [
        ("魏建国", card, number, Decimal("1200.50")),
        ("欧阳建", "", "", Decimal("300.00")),
    ]


def test_every_fault_of_a_paste_is_told_with_its_line():
    rows, faults = paste.read("姓名\t身份证号\t金额\t血型\n魏建国\t1.10105E+17\t三百\n\n\t\t200\n合计\t\t500\n")
    assert [at for at, _ in faults] == [1, 2, 2, 4]
    assert len(rows) == 2
