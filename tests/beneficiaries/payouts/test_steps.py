"""From draft to paid, by four persons (R-09), once (R-32, T6), and only what was approved (R-20)."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from beneficiaries import actions
from beneficiaries.enums import PayoutState
from beneficiaries.funds import balances
from beneficiaries.models import Payout, PayoutLine, PayoutReversal
from beneficiaries.payouts.seal import is_sealed, sealed_facts
from campaigns.models import Allocation
from relief.lib import clock, crypto
from tests.beneficiaries.payouts.conftest import DAY, fresh, line, number_of, open_dossier, pairs
from unions.models import AuditEvent
from unions.policy import Refused, Stale


def to_planned(cast, *payouts):
    actions.plan_payouts(by=cast.clerk, payouts=pairs(*payouts), key=f"plan-{payouts[0].pk}")


def to_reviewed(cast, *payouts):
    to_planned(cast, *payouts)
    actions.review_payouts(by=cast.reviewer, payouts=pairs(*payouts), key=f"review-{payouts[0].pk}")


def to_approved(cast, *payouts):
    to_reviewed(cast, *payouts)
    actions.approve_payouts(by=cast.approver, payouts=pairs(*payouts), key=f"approve-{payouts[0].pk}")


def to_released(cast, *payouts) -> str:
    to_approved(cast, *payouts)
    return actions.release_payouts(by=cast.cashier, payouts=pairs(*payouts), key=f"release-{payouts[0].pk}")


def to_paid(cast, *payouts, on=DAY):
    to_released(cast, *payouts)
    actions.settle_payouts(by=cast.cashier, payouts=pairs(*payouts), paid_on=on, key=f"settle-{payouts[0].pk}")


def test_a_card_payout_goes_through_four_hands(cast, till):
    payout = till.draft([line("central", "card", "300.00"), line("own_union", "goods", "80.00", "大米")])
    receipt = to_released(cast, payout)
    actions.settle_payouts(by=cast.cashier, payouts=pairs(payout), paid_on=DAY, key="k")
    paid = fresh(payout)
    assert (paid.state, paid.paid_on, paid.receipt) == (PayoutState.PAID, DAY, receipt)
    assert [paid.entered_by, paid.reviewed_by, paid.approved_by, paid.released_by] == [
        cast.clerk,
        cast.reviewer,
        cast.approver,
        cast.cashier,
    ]
    assert balances.paid([cast.mill.pk]) == {
        (cast.mill.pk, "central"): Decimal("300.00"),
        (cast.mill.pk, "own_union"): Decimal("80.00"),
    }
    assert balances.balances([cast.mill.pk])[cast.mill.pk]["central"].balance == Decimal("9700.00")


def test_planning_freezes_the_household(cast, till):
    payout = till.draft()
    to_planned(cast, payout)
    planned = fresh(payout)
    assert planned.snapshot == {"name": "唐志远", "class": "deep", "members": 2, "per_head": "750.00"}
    assert planned.household_index == till.dossier.id_index == planned.id_index
    assert [planned.review_union, planned.approve_union, planned.pay_union] == [cast.mill] * 3


@pytest.mark.parametrize(
    ("born", "traits", "expected"),
    [(1980, ["farmer_worker"], True), (1979, ["farmer_worker"], False), (1990, [], False)],
)
def test_new_generation_follows_from_the_birth_year(cast, till, born, traits, expected):
    payout = till.named(id_number=number_of(7, born), traits=traits)
    to_planned(cast, payout)
    assert fresh(payout).new_generation is expected


def test_a_missing_role_moves_up(cast, till):
    payout = till.draft(
        by=cast.museum_clerk,
        union=cast.museum,
        dossier=None,
        recipient="石小军",
        id_number=number_of(9),
        lines=[line("own_union", "cash", "100.00")],
        relief_group="festival_duty",
        purpose="relief_visit",
        reason="会费 2 月到账",
    )
    actions.plan_payouts(by=cast.museum_clerk, payouts=pairs(payout), key="k")
    planned = fresh(payout)
    assert [planned.review_union, planned.approve_union, planned.pay_union] == [cast.city] * 3


def test_cash_is_paid_by_the_signed_list(cast, till):
    payout = till.named()
    to_approved(cast, payout)
    actions.settle_payouts(by=cast.cashier, payouts=pairs(payout), paid_on=DAY, key="k")
    assert (fresh(payout).state, fresh(payout).released_by) == (PayoutState.PAID, cast.cashier)


def test_a_card_payout_cannot_skip_the_bank(cast, till):
    payout = till.draft()
    to_approved(cast, payout)
    with pytest.raises(Refused) as refusal:
        actions.settle_payouts(by=cast.cashier, payouts=pairs(payout), paid_on=DAY, key="k")
    assert refusal.value.reason == f"发放 {payout.number} 走银行，须先出账再登记已发放。"


def test_a_future_day_is_refused(cast, till):
    payout = till.named()
    to_approved(cast, payout)
    tomorrow = clock.today() + datetime.timedelta(days=1)
    with pytest.raises(Refused) as refusal:
        actions.settle_payouts(by=cast.cashier, payouts=pairs(payout), paid_on=tomorrow, key="k")
    assert refusal.value.reason == f"发放日期 {tomorrow:%Y-%m-%d} 在今天之后。"
    assert fresh(payout).state == PayoutState.APPROVED


def test_a_failed_payout_is_released_again(cast, till):
    payout = till.draft()
    first = to_released(cast, payout)
    actions.fail_payout(by=cast.cashier, payout=fresh(payout), reason="户名与账号不符")
    assert (fresh(payout).state, fresh(payout).failure) == (PayoutState.FAILED, "户名与账号不符")
    second = actions.release_payouts(by=cast.cashier, payouts=pairs(payout), key="again")
    assert (fresh(payout).state, fresh(payout).receipt) == (PayoutState.RELEASED, second)
    assert first != second


def test_a_return_starts_the_chain_anew(cast, till):
    payout = till.draft()
    to_reviewed(cast, payout)
    actions.return_payouts(by=cast.approver, payouts=pairs(payout), reason="卡号与存折不符")
    back = fresh(payout)
    assert (back.state, back.reviewed_by, back.failure) == (PayoutState.DRAFT, None, "退回：卡号与存折不符")


def test_a_return_keeps_what_the_bank_said(cast, till):
    payout = till.draft()
    to_released(cast, payout)
    actions.fail_payout(by=cast.cashier, payout=fresh(payout), reason="账户已销户")
    actions.return_payouts(by=cast.approver, payouts=pairs(payout), reason="请核对账号")
    assert fresh(payout).failure == "退回：请核对账号（银行：账户已销户）"


def test_a_return_needs_a_reason(cast, till):
    payout = till.draft()
    to_planned(cast, payout)
    with pytest.raises(Refused) as refusal:
        actions.return_payouts(by=cast.reviewer, payouts=pairs(payout), reason=" ")
    assert refusal.value.reason == "退回须写明原因（110 字以内）。"


def test_approval_needs_a_review(cast, till):
    payout = till.draft()
    to_planned(cast, payout)
    with pytest.raises(Refused) as refusal:
        actions.approve_payouts(by=cast.approver, payouts=pairs(payout), key="k")
    assert refusal.value.reason == f"发放 {payout.number} 还没有审核，不能审批。"


def test_nobody_takes_two_steps(cast, till):
    for key in ("reviewer", "approver", "cashier"):
        person = getattr(cast, key)
        for role in ("enter", "review", "approve", "pay"):
            if not person.holds({role}, cast.mill.pk):
                person.posts.create(union=cast.mill, role=role, granted_at=clock.db_now())
        del person.__dict__["_posts_now"]
    payout = till.draft(by=cast.reviewer)
    actions.plan_payouts(by=cast.clerk, payouts=pairs(payout), key="a")
    other = "必须由另一个人办理（不相容岗位分离）。"
    with pytest.raises(Refused) as refusal:
        actions.review_payouts(by=cast.reviewer, payouts=pairs(payout), key="b")
    assert refusal.value.reason == f"您已经办过这一件的前一步，“审核”{other}"
    actions.review_payouts(by=cast.approver, payouts=pairs(payout), key="c")
    for person in (cast.reviewer, cast.approver):
        with pytest.raises(Refused) as refusal:
            actions.approve_payouts(by=person, payouts=pairs(payout), key="d")
        assert refusal.value.reason == f"您已经办过这一件的前一步，“审批”{other}"


def test_whoever_typed_before_a_takeover_does_not_review(cast, till):
    cast.second_clerk.posts.create(union=cast.mill, role="review", granted_at=clock.db_now())
    cast.second_clerk.__dict__.pop("_posts_now", None)
    payout = till.draft(by=cast.second_clerk)
    actions.change_payout(
        by=cast.clerk,
        payout=payout,
        version=1,
        campaign=till.campaign,
        planned_on=DAY,
        relief_group="dossier_holder",
        purpose="medical",
        lines=[line("central", "card", "301.00")],
        dossier=till.dossier,
    )
    actions.plan_payouts(by=cast.clerk, payouts=pairs(payout), key="a")
    with pytest.raises(Refused) as refusal:
        actions.review_payouts(by=cast.second_clerk, payouts=pairs(payout), key="b")
    assert refusal.value.reason == f"发放 {payout.number} 是您录入或修改过的，必须由另一个人办理（不相容岗位分离）。"


def test_the_database_refuses_one_person_in_two_steps(cast, till):
    payout = till.draft()
    for values in ({"reviewed_by": cast.clerk}, {"approved_by": cast.clerk}, {"released_by": cast.clerk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Payout.objects.filter(pk=payout.pk).update(**values)


def test_the_same_key_gets_the_same_receipt(cast, till):
    payout = till.draft()
    to_approved(cast, payout)
    seen = pairs(payout)
    first = actions.release_payouts(by=cast.cashier, payouts=seen, key="one")
    assert actions.release_payouts(by=cast.cashier, payouts=seen, key="one") == first
    assert AuditEvent.objects.filter(act="payout.release").count() == 1
    other = till.named()
    with pytest.raises(Refused) as refusal:
        actions.release_payouts(by=cast.cashier, payouts=pairs(other), key="one")
    assert refusal.value.status == 422
    with pytest.raises(Refused) as refusal:
        actions.release_payouts(by=cast.cashier, payouts=seen, key="")
    assert refusal.value.status == 422


def test_a_version_not_seen_is_not_approved(cast, till):
    payout = till.draft()
    seen = pairs(payout)
    Payout.objects.filter(pk=payout.pk).update(version=2)
    with pytest.raises(Stale) as refusal:
        actions.plan_payouts(by=cast.clerk, payouts=seen, key="k")
    assert refusal.value.differences == [(payout.number, "第 2 版", "第 1 版")]


def test_a_bulk_act_is_all_or_nothing(cast, till):
    good, bad = till.named(1), till.draft([line("central", "cash", "2000.00")], dossier=till.dossier)
    with pytest.raises(Refused):
        actions.plan_payouts(by=cast.clerk, payouts=pairs(good, bad), key="k")
    assert {fresh(good).state, fresh(bad).state} == {PayoutState.DRAFT}


def test_a_bulk_act_leaves_one_audit_row(cast, till):
    payouts = [till.named(sequence) for sequence in (1, 2, 3)]
    to_approved(cast, *payouts)
    event = AuditEvent.objects.get(act="payout.approve")
    numbers = [payout.number for payout in payouts]
    assert (event.money, event.detail["count"], event.detail["fen"]) == (True, 3, 45000)
    assert (event.detail["numbers"], len(event.after_digest)) == (numbers, 64)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda payout: PayoutLine.objects.filter(payout=payout).update(amount=Decimal("3000.00")),
        lambda payout: PayoutLine.objects.filter(payout=payout).update(source="donation"),
        lambda payout: Payout.objects.filter(pk=payout.pk).update(recipient="别人"),
        lambda payout: Payout.objects.filter(pk=payout.pk).update(disabled=True),
        lambda payout: Payout.objects.filter(pk=payout.pk).update(approved_mac=""),
        lambda payout: rewrite(payout, bank="东海银行"),
        lambda payout: rewrite(payout, bank=""),
        lambda payout: PayoutLine.objects.create(
            payout=payout, source="donation", route="card", amount=Decimal("1.00")
        ),
    ],
)
def test_an_altered_payout_is_not_released(cast, till, tamper):
    payout = till.draft()
    to_approved(cast, payout)
    tamper(payout)
    with pytest.raises(Refused) as refusal:
        actions.release_payouts(by=cast.cashier, payouts=pairs(payout), key="k")
    assert refusal.value.reason == f"完整性异常：发放 {payout.number} 的内容与审批时不一致，已停止办理。"
    assert fresh(payout).state == PayoutState.APPROVED


def test_a_bank_filled_in_after_approval_is_found(cast, till):
    payout = till.named(7)
    assert payout.bank == ""
    to_approved(cast, payout)
    rewrite(payout, bank="东海银行")
    assert is_sealed(fresh(payout)) is False


def test_a_seal_of_before_holds_for_what_it_covered(cast, till):
    payout = till.draft()
    to_approved(cast, payout)
    now = fresh(payout)
    facts = {name: value for name, value in sealed_facts(now).items() if name not in ("seal", "bank")}
    Payout.objects.filter(pk=payout.pk).update(approved_mac=crypto.mac(facts))
    actions.release_payouts(by=cast.cashier, payouts=pairs(payout), key="k")
    assert fresh(payout).state == PayoutState.RELEASED
    Payout.objects.filter(pk=payout.pk).update(recipient="别人")
    assert is_sealed(fresh(payout)) is False


def rewrite(payout, **values):
    """Write sealed columns the way somebody with the key and the database would."""
    row = fresh(payout)
    held = {name: crypto.sealed(row, name, value) for name, value in values.items()}
    Payout.objects.filter(pk=payout.pk).update(**held)


def test_paying_twice_is_refused_in_words(cast, till):
    till.draft()
    with pytest.raises(Refused) as refusal:
        till.draft()
    assert refusal.value.reason == (
        "同一个人在同一活动、同一天、同一用途已经有一笔发放（2024-01-16，医疗救助），不能重复发放。"
    )


def test_a_request_key_gives_one_draft(cast, till):
    assert till.named(key="k") == till.named(key="k")
    assert Payout.objects.count() == 1


def test_a_stale_change_shows_both_values(cast, till):
    payout = till.draft()
    Payout.objects.filter(pk=payout.pk).update(version=2, purpose="living")
    with pytest.raises(Stale) as refusal:
        actions.change_payout(
            by=cast.clerk,
            payout=payout,
            version=1,
            campaign=till.campaign,
            planned_on=DAY,
            relief_group="dossier_holder",
            purpose="medical",
            lines=[line("central", "card", "300.00")],
            dossier=till.dossier,
        )
    assert refusal.value.differences == [("用途", "生活救助", "医疗救助")]


def test_a_draft_can_be_deleted_and_a_planned_one_not(cast, till):
    draft, planned = till.named(1), till.named(2)
    actions.delete_draft(by=cast.clerk, payout=draft, version=1)
    to_planned(cast, planned)
    with pytest.raises(Refused):
        actions.delete_draft(by=cast.clerk, payout=fresh(planned), version=2)
    assert list(Payout.objects.all()) == [planned]


def test_money_of_the_county_writes_an_allocation(cast, till):
    payout = till.draft(paid_from=cast.county, reason="县里 2 月补足")
    to_approved(cast, payout)
    assert fresh(payout).pay_union == cast.county
    actions.release_payouts(by=cast.county_cashier, payouts=pairs(payout), key="a")
    actions.settle_payouts(by=cast.county_cashier, payouts=pairs(payout), paid_on=DAY, key="b")
    row = Allocation.objects.get()
    assert (row.giver, row.receiver, row.source, row.amount, row.payout_ref, row.allocated_on) == (
        cast.county,
        cast.mill,
        "central",
        Decimal("300.00"),
        payout.number,
        DAY,
    )
    reversal = actions.propose_reversal(
        by=cast.county_cashier, payout=fresh(payout), reversed_on=DAY, reason="重复发放"
    )
    actions.confirm_reversal(by=cast.approver, reversal=reversal)
    assert sum(Allocation.objects.values_list("amount", flat=True)) == Decimal("0.00")


def test_a_reversal_takes_two_persons(cast, till):
    payout = till.named()
    to_paid(cast, payout)
    reversal = actions.propose_reversal(by=cast.cashier, payout=fresh(payout), reversed_on=DAY, reason="重复发放")
    assert Payout.objects.counted().count() == 1
    with pytest.raises(Refused):
        actions.confirm_reversal(by=cast.cashier, reversal=reversal)
    actions.confirm_reversal(by=cast.approver, reversal=reversal)
    assert Payout.objects.counted().count() == 0
    with pytest.raises(Refused) as refusal:
        actions.confirm_reversal(by=cast.approver, reversal=PayoutReversal.objects.get())
    assert refusal.value.reason == "这笔冲正已经确认过。"
    with pytest.raises(Refused) as refusal:
        actions.propose_reversal(by=cast.cashier, payout=fresh(payout), reversed_on=DAY, reason="再来一次")
    assert refusal.value.reason == "这一笔已经有冲正记录，不能再提一次。"


def test_a_dossier_of_another_union_is_refused(cast, till):
    theirs = open_dossier(cast.school, cast.school_clerk, "秦岚", 30)
    with pytest.raises(Refused) as refusal:
        till.draft(dossier=theirs)
    assert refusal.value.reason == "这户档案不在本工会。"


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "还没有填写款物。"),
        ([line("own_union", "cash", "0")], "第 1 行款物的金额须大于 0，现在是 0.00 元。"),
        ([line("own_union", "cash", "1.005")], "第 1 行款物：金额最多写到分（两位小数）。"),
        ([line("own_union", "goods", "80")], "第 1 行款物是实物，还没有写物品名称。"),
        ([line("own_dues", "cash", "80")], "第 1 行款物的资金来源或方式不在代码表里。"),
    ],
)
def test_bad_lines_are_refused_in_words(cast, till, lines, sentence):
    with pytest.raises(Refused) as refusal:
        till.named(lines=lines)
    assert refusal.value.reason == sentence
