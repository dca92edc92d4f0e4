"""Making bank files: only what is released, once per release, by the payer, on record; copies are told apart."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from beneficiaries import actions
from beneficiaries.actions.banking import copy_bank_file, make_bank_files, take_bank_file
from beneficiaries.actions.batch_entries import Recipient
from beneficiaries.actions.batch_steps import control
from beneficiaries.bankfiles.facts import waiting
from beneficiaries.banking import shipped
from beneficiaries.models import BankFile, BankFileLine, Payout, PayoutBatch
from beneficiaries.verifiers.banking import bank_file_totals
from relief.lib.xlsx import read_workbook
from tests.beneficiaries.banking.answers import CARDS
from tests.beneficiaries.banking.conftest import GENERIC, release_again
from tests.beneficiaries.payouts.conftest import fresh, line, number_of, pairs
from tests.beneficiaries.payouts.test_batches import opened
from tests.beneficiaries.payouts.test_steps import to_approved, to_released
from unions.models import AuditEvent
from unions.policy import Refused


def test_a_file_takes_the_released_lines_and_leaves_an_audit_row(cast, desk):
    payouts = desk.released(3)
    (made,) = desk.file(payouts)
    assert (made.count, made.total, made.part, made.of_parts) == (3, Decimal("600.00"), 1, 1)
    assert (made.union, made.paid_from, made.made_by) == (cast.mill, cast.mill, cast.cashier)
    assert [(each.serial, each.payout, each.amount, each.release) for each in made.lines.all()] == [
        (at, payout, Decimal(100 * at), payout.receipt) for at, payout in enumerate(payouts, 1)
    ]
    event = AuditEvent.objects.get(act="bank.make")
    assert (event.detail["count"], event.detail["fen"], event.money) == (3, 60000, True)
    assert event.detail["numbers"] == [payout.number for payout in payouts]
    assert list(waiting(cast.cashier)) == []
    assert list(bank_file_totals()) == []


def test_the_bytes_hold_the_accounts_and_every_download_is_on_record(cast, desk):
    (made,) = desk.file(desk.released(2))
    (sheet,) = read_workbook(take_bank_file(by=cast.cashier, bank_file=made)).sheets
    assert [row[1:4] for row in sheet.rows] == [
        ["账号", "户名", "金额"],
        ["6222020000000000000", "魏建国", 100],
        ["6221260000000000", "孟广田", 200],
    ]
    take_bank_file(by=cast.cashier, bank_file=made)
    assert BankFile.objects.get().taken == 2
    assert AuditEvent.objects.filter(act="bank.take").count() == 2


def test_only_the_part_that_goes_through_the_bank_is_in_the_file(desk):
    lines = [line("own_union", "card", "100.00"), line("donation", "card", "50.00"), line("own_union", "cash", "30.00")]
    payout = desk.till.named(70, lines, card_number="6222020000000000000")
    to_released(desk.cast, payout)
    (made,) = make_bank_files(
        by=desk.cast.cashier, payouts=[payout], layout=GENERIC, count=1, total=Decimal("150.00"), key="k"
    )
    assert (made.count, made.total) == (1, Decimal("150.00"))


def test_a_bank_that_takes_fifty_lines_gets_two_files(desk):
    layout = replace(GENERIC, max_lines=2)
    files = desk.file(desk.released(3), layout)
    assert [(each.part, each.of_parts, each.count, each.total) for each in files] == [
        (1, 2, 2, Decimal("300.00")),
        (2, 2, 1, Decimal("300.00")),
    ]
    assert [each.number[-2:] for each in files] == ["-1", "-2"]


def test_one_request_twice_is_one_file(desk):
    payouts = desk.released(2)
    assert desk.file(payouts) == desk.file(payouts)
    assert BankFile.objects.count() == 1


def test_the_same_lines_are_not_filed_twice(desk):
    payouts = desk.released(2)
    desk.file(payouts)
    with pytest.raises(Refused) as refusal:
        desk.file(payouts, key="another")
    assert refusal.value.reason == "这几笔里有的已经做过银行文件，没有再做。同一笔再交给银行一次，可能付两次。"
    assert BankFile.objects.count() == 1


def test_the_database_keeps_one_file_per_release(desk):
    (made,) = desk.file(desk.released(1))
    held = made.lines.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        BankFileLine.objects.create(
            bank_file=made, payout=held.payout, serial=2, release=held.release, amount=held.amount
        )


def test_a_copy_says_why_and_is_marked(cast, desk):
    (made,) = desk.file(desk.released(2))
    with pytest.raises(Refused) as refusal:
        copy_bank_file(by=cast.cashier, bank_file=made, reason=" ", key="k")
    assert refusal.value.reason == "再做一份须写明原因（120 字以内）。"
    copy = copy_bank_file(by=cast.cashier, bank_file=made, reason="网银没有收到", key="k")
    assert (copy.copy_of, copy.count, copy.reason) == (made, 2, "网银没有收到")
    assert AuditEvent.objects.get(act="bank.copy").detail["of"] == made.number
    assert copy_bank_file(by=cast.cashier, bank_file=made, reason="网银没有收到", key="k") == copy


def test_only_released_lines_go_into_a_file(cast, desk):
    approved = desk.till.named(71, [line("own_union", "card", "100.00")], card_number="6222020000000000000")
    to_approved(cast, approved)
    with pytest.raises(Refused) as refusal:
        make_bank_files(by=cast.cashier, payouts=[approved], layout=GENERIC, count=1, total=Decimal("100.00"), key="k")
    assert refusal.value.reason == "当前状态是“已审批”，不能“做银行文件”。"


def test_nobody_but_the_payer_makes_or_takes_a_file(cast, desk):
    payouts = desk.released(1)
    for person in (cast.clerk, cast.reviewer, cast.approver, cast.county_cashier):
        with pytest.raises(Refused) as refusal:
            make_bank_files(by=person, payouts=payouts, layout=GENERIC, count=1, total=Decimal("100.00"), key="k")
        assert refusal.value.status == 403
    (made,) = desk.file(payouts)
    with pytest.raises(Refused):
        take_bank_file(by=cast.county_cashier, bank_file=made)


def test_the_control_totals_of_the_page_are_asked_again(cast, desk):
    payouts = desk.released(2)
    with pytest.raises(Refused) as refusal:
        make_bank_files(by=cast.cashier, payouts=payouts, layout=GENERIC, count=2, total=Decimal("299.00"), key="k")
    assert refusal.value.reason == "打开页面之后，这些发放有了变化，没有做文件。"


def test_a_fault_in_one_line_stops_all_of_them(desk):
    payouts = [*desk.released(2), *desk.released(1, start=80, bank="", card_number="6222020000000000000")]
    with pytest.raises(Refused) as refusal:
        desk.file(payouts, shipped()["union_sheet"])
    assert refusal.value.reason == f"发放 {payouts[2].number}：没有开户行及支行，这一列必填。"
    assert BankFile.objects.count() == 0


def test_a_layout_that_is_not_filled_in_writes_nothing(desk):
    with pytest.raises(Refused) as refusal:
        desk.file(desk.released(1), shipped()["icbc"])
    assert refusal.value.status == 422
    assert refusal.value.reason.startswith("方案“工商银行 批量汇款”还不能用：")


def test_an_altered_account_never_reaches_the_bank(desk):
    """Somebody with the database swaps the sealed card numbers of two payouts: neither opens any more."""
    payouts = desk.released(1)
    Payout.objects.filter(pk=payouts[0].pk).update(recipient="别人")
    with pytest.raises(Refused) as refusal:
        desk.file(payouts)
    assert refusal.value.reason.startswith("完整性异常：")


def test_a_file_with_a_result_is_not_given_out_again(cast, desk):
    payouts = desk.released(2)
    (made,) = desk.file(payouts)
    actions.fail_payout(by=cast.cashier, payout=fresh(payouts[0]), reason="户名不符")
    with pytest.raises(Refused) as refusal:
        take_bank_file(by=cast.cashier, bank_file=made)
    assert refusal.value.reason == "这份文件里有 1 笔已有结果或已退回重办，不能再下载。"


def test_a_payout_released_again_waits_for_a_new_file(cast, desk):
    payouts = desk.released(2)
    desk.file(payouts)
    actions.fail_payout(by=cast.cashier, payout=fresh(payouts[0]), reason="余额不足")
    release_again(desk, payouts[0])
    assert list(waiting(cast.cashier)) == [payouts[0]]
    (again,) = desk.file([fresh(payouts[0])], key="second")
    assert [each.release for each in again.lines.all()] == [fresh(payouts[0]).receipt]


def test_a_payout_that_was_in_a_file_stays_on_record(cast, desk):
    """Returned to the draft it may be corrected, not deleted: the file names it."""
    payouts = desk.released(1)
    desk.file(payouts)
    actions.fail_payout(by=cast.cashier, payout=fresh(payouts[0]), reason="账号已销户")
    actions.return_payouts(by=cast.approver, payouts=pairs(payouts[0]), reason="账号要改")
    draft = fresh(payouts[0])
    with pytest.raises(Refused) as refusal:
        actions.delete_draft(by=cast.clerk, payout=draft, version=draft.version)
    assert refusal.value.reason == f"发放 {draft.number} 出过银行文件，不能删除。"


def test_a_batch_goes_to_the_bank_as_a_whole(cast, desk):
    """Its file names it, its lines stay when it is emptied, and a batch that was at the bank stays, too."""
    batch = opened(desk.till, route="card", amount=Decimal("150.00"))
    people = [
        Recipient(name=name, id_number=number_of(90 + at), card_number=card, bank="云岭银行青岬支行")
        for at, (name, card) in enumerate((("魏建国", CARDS[0]), ("孟广田", CARDS[1])))
    ]
    actions.add_recipients(by=cast.clerk, batch=batch, recipients=people)
    for act, by, step in (
        (actions.plan_batch, cast.clerk, "plan"),
        (actions.review_batch, cast.reviewer, "review"),
        (actions.approve_batch, cast.approver, "approve"),
        (actions.release_batch, cast.cashier, "release"),
    ):
        act(by=by, batch=batch, seen=control(batch, step).token, key=step)
    payouts = list(waiting(cast.cashier).order_by("number"))
    (made,) = make_bank_files(
        by=cast.cashier, payouts=payouts, layout=GENERIC, count=2, total=Decimal("300.00"), key="k", batch=batch
    )
    assert (made.batch, made.count, made.total) == (batch, 2, Decimal("300.00"))
    for payout in payouts:
        actions.fail_payout(by=cast.cashier, payout=fresh(payout), reason="账户已销户")
    actions.return_payouts(by=cast.approver, payouts=pairs(*payouts), reason="账号要改")
    version = PayoutBatch.objects.get().version
    with pytest.raises(Refused) as refusal:
        actions.drop_lines(by=cast.clerk, batch=batch, version=version, payouts=[payouts[0].pk], keep=False)
    assert refusal.value.reason == "选中的行里有出过银行文件的，不能删除。"
    actions.drop_lines(by=cast.clerk, batch=batch, version=version, payouts=[payout.pk for payout in payouts])
    with pytest.raises(Refused) as refusal:
        actions.delete_batch(by=cast.clerk, batch=batch, version=PayoutBatch.objects.get().version)
    assert refusal.value.reason == "批次出过银行文件，不能删除。"
