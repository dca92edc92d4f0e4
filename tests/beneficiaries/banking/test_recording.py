"""The bank's answer recorded: one transaction, each line once, contradictions told and left alone, retry to the end."""

from decimal import Decimal

import pytest

from beneficiaries import actions
from beneficiaries.actions.banking import copy_bank_file
from beneficiaries.bankfiles.facts import examined, planned, seen_digest
from beneficiaries.enums import PayoutState
from beneficiaries.models import BankResult, Payout
from beneficiaries.verifiers.payouts import payout_seal
from tests.beneficiaries.banking.answers import xlsx
from tests.beneficiaries.banking.conftest import DAY, release_again
from tests.beneficiaries.payouts.conftest import fresh, line, pairs
from unions.models import AuditEvent
from unions.policy import Refused, Stale

CLOSED = "账户已销户"


def states(*payouts: Payout) -> list[tuple[str, str]]:
    return [(now.state, now.failure) for now in map(fresh, payouts)]


def test_what_succeeded_is_paid_and_what_failed_waits(desk):
    payouts = desk.released(5)
    (made,) = desk.file(payouts)
    result = desk.read(made, desk.answer(made, {2: CLOSED, 4: "户名与账号不符"}))
    assert states(*payouts) == [("released", "")] * 5
    assert desk.record(result) == {"settle": 3, "fail": 2, "same": 0, "contrary": 0, "open": 0}
    assert states(*payouts) == [
        ("paid", ""),
        ("failed", CLOSED),
        ("paid", ""),
        ("failed", "户名与账号不符"),
        ("paid", ""),
    ]
    assert {fresh(payouts[0]).paid_on, fresh(payouts[2]).paid_on} == {DAY}


def test_one_act_is_one_audit_row_with_control_totals(desk):
    (made,) = desk.file(desk.released(3))
    desk.record(desk.read(made, desk.answer(made, {2: CLOSED})))
    rows = {event.act: event.detail for event in AuditEvent.objects.filter(money=True).order_by("pk")}
    assert (rows["payout.settle"]["count"], rows["payout.settle"]["fen"]) == (2, 40000)
    assert (rows["payout.fail"]["count"], rows["payout.fail"]["fen"]) == (1, 20000)
    recorded = rows["bank.record_result"]
    assert [recorded[name] for name in ("settle", "fail", "fen", "paid_on")] == [2, 1, 40000, "2024-01-16"]
    assert AuditEvent.objects.filter(act="payout.fail").count() == 1


def test_the_same_file_again_is_recognised(desk):
    (made,) = desk.file(desk.released(2))
    data = desk.answer(made, {})
    result = desk.read(made, data)
    desk.record(result)
    assert desk.read(made, data) == result
    assert (BankResult.objects.count(), AuditEvent.objects.filter(act="bank.read_result").count()) == (1, 1)
    with pytest.raises(Refused) as refusal:
        desk.record(BankResult.objects.get(), key="second")
    assert refusal.value.reason == "这份结果已经登记过，没有重复登记。"


def test_lines_left_out_need_a_yes_and_come_later(desk):
    payouts = desk.released(3)
    (made,) = desk.file(payouts)
    result = desk.read(made, desk.answer(made, {}, leave=(3,)))
    with pytest.raises(Refused) as refusal:
        desk.record(result)
    assert (refusal.value.status, refusal.value.reason) == (422, "有 1 笔没有结果，没有登记。")
    assert states(*payouts) == [("released", "")] * 3
    assert desk.record(result, partial=True)["open"] == 1
    whole = desk.read(made, desk.answer(made, {}))
    assert desk.record(whole, key="later") == {"settle": 1, "fail": 0, "same": 2, "contrary": 0, "open": 0}
    assert states(*payouts) == [("paid", "")] * 3


def test_a_payout_that_moved_meanwhile_stops_the_recording(cast, desk):
    payouts = desk.released(2)
    (made,) = desk.file(payouts)
    result = desk.read(made, desk.answer(made, {}))
    seen = seen_digest(result, planned(result))
    actions.fail_payout(by=cast.cashier, payout=fresh(payouts[0]), reason=CLOSED)
    with pytest.raises(Stale):
        desk.record(result, seen=seen)
    assert states(*payouts) == [("failed", CLOSED), ("released", "")]
    assert BankResult.objects.get().applied_at is None


def test_a_refusal_of_one_line_leaves_all_as_they_were(desk):
    """Somebody changed an approved payout behind the application: the whole answer waits."""
    payouts = desk.released(2)
    (made,) = desk.file(payouts)
    result = desk.read(made, desk.answer(made, {1: CLOSED}))
    payouts[1].lines.update(amount=Decimal("999.00"))
    with pytest.raises(Refused) as refusal:
        desk.record(result)
    assert refusal.value.reason.startswith("完整性异常：")
    assert states(*payouts) == [("released", ""), ("released", "")]


def test_a_contradiction_is_told_and_left_alone(desk):
    payouts = desk.released(2)
    (made,) = desk.file(payouts)
    desk.record(desk.read(made, desk.answer(made, {2: CLOSED})))
    later = desk.read(made, desk.answer(made, {1: "退汇"}))
    assert [(each.effect, each.note) for each in planned(later)] == [
        ("contrary", "系统里已登记到账；款真的退回了，请对这一笔提出冲正"),
        ("contrary", "系统里已登记失败；确已到账的，请勿重新出账，向银行核实"),
    ]
    with pytest.raises(Refused) as refusal:
        desk.record(later, key="later")
    assert refusal.value.reason == "这份结果里没有要登记的。"
    assert states(*payouts) == [("paid", ""), ("failed", CLOSED)]


def test_a_late_success_of_a_line_released_again_warns_of_a_second_payment(desk):
    payouts = desk.released(2)
    (made,) = desk.file(payouts)
    desk.record(desk.read(made, desk.answer(made, {2: CLOSED})))
    release_again(desk, payouts[1])
    late = desk.read(made, desk.answer(made, {}))
    assert [(each.effect, each.note) for each in planned(late)] == [
        ("same", "以前已登记到账"),
        ("contrary", "这一笔已退回重办，银行却说第一次已付：请先停办，防止付两次"),
    ]


def test_a_failed_line_is_released_again_and_paid(cast, desk):
    payouts = desk.released(3)
    (made,) = desk.file(payouts)
    desk.record(desk.read(made, desk.answer(made, {3: "余额不足"})))
    release_again(desk, payouts[2])
    (again,) = desk.file([fresh(payouts[2])], key="second")
    desk.record(desk.read(again, desk.answer(again, {})), key="second")
    assert states(*payouts) == [("paid", "")] * 3
    assert list(payout_seal()) == []


def test_a_corrected_account_goes_through_all_hands_again(cast, desk):
    """R-09: a new account is typed by the enterer and reviewed, approved and released anew."""
    (payout,) = desk.released(1)
    (made,) = desk.file([payout])
    desk.record(desk.read(made, desk.answer(made, {1: CLOSED})))
    actions.return_payouts(by=cast.approver, payouts=pairs(payout), reason="账号已销户，请向本人要新账号")
    draft = fresh(payout)
    actions.change_payout(
        by=cast.clerk, payout=draft, version=draft.version, campaign=draft.campaign, planned_on=draft.planned_on,
        relief_group=draft.relief_group, purpose=draft.purpose, recipient=draft.recipient, id_number=draft.id_number,
        bank=draft.bank, card_number="6221260000000000", lines=[line("own_union", "card", "100.00")],
    )  # fmt: skip
    for act, by in (
        (actions.plan_payouts, cast.clerk),
        (actions.review_payouts, cast.reviewer),
        (actions.approve_payouts, cast.approver),
        (actions.release_payouts, cast.cashier),
    ):
        act(by=by, payouts=pairs(payout), key="second")
    (again,) = desk.file([fresh(payout)], key="second")
    desk.record(desk.read(again, desk.answer(again, {})), key="second")
    assert states(payout) == [(PayoutState.PAID, "")]


def test_the_answer_to_a_copy_counts_once(cast, desk):
    payouts = desk.released(2)
    (made,) = desk.file(payouts)
    copy = copy_bank_file(by=cast.cashier, bank_file=made, reason="网银没有收到", key="copy")
    desk.record(desk.read(copy, desk.answer(copy, {})))
    original = desk.read(made, desk.answer(made, {}))
    assert [each.effect for each in planned(original)] == ["same", "same"]


def test_only_the_payer_records(cast, desk):
    (made,) = desk.file(desk.released(1))
    result = desk.read(made, desk.answer(made, {}))
    for person in (cast.clerk, cast.approver, cast.county_cashier):
        with pytest.raises(Refused) as refusal:
            desk.record(result, by=person)
        assert refusal.value.status == 403


def test_a_faulty_answer_is_not_kept(desk):
    (made,) = desk.file(desk.released(1))
    control, _ = examined(made, xlsx([["账号", "处理结果"], ["6222020000000001111", "成功"]]))
    assert len(control.faults) == 1
    with pytest.raises(Refused):
        desk.read(made, xlsx([["账号", "处理结果"], ["6222020000000001111", "成功"]]))
    assert BankResult.objects.count() == 0


def test_no_account_number_is_kept_with_the_answer_or_in_the_audit(desk):
    payouts = desk.released(2)
    (made,) = desk.file(payouts)
    desk.record(desk.read(made, desk.answer(made, {1: f"{payouts[0].card_number} 已冻结"})))
    kept = [str(BankResult.objects.get().outcomes), fresh(payouts[0]).failure]
    kept += [str(event.detail) for event in AuditEvent.objects.all()]
    assert [text for text in kept if payouts[0].card_number in text] == []
    assert fresh(payouts[0]).failure == "…0000 已冻结"
