"""The first page names each batch once to whoever does its next step, and what lies at the bank to the cashier."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries import actions
from beneficiaries.actions.banking import keep_result, make_bank_files
from beneficiaries.actions.batch_entries import Recipient
from beneficiaries.bankfiles.facts import examined
from beneficiaries.banking import shipped
from relief.lib import clock
from reporting import todos
from reporting.todos import batches
from tests.beneficiaries.payouts.conftest import CARD, make_till, number_of
from tests.beneficiaries.payouts.test_batches import opened, step


@pytest.fixture
def till(cast):
    return make_till(cast)


def by_card(till, title="一线职工慰问", first=100):
    batch = opened(till, title=title, route="card")
    people = [
        Recipient(name=f"魏建{name}", id_number=number_of(first + at), bank="云岭银行", card_number=CARD, line=at)
        for at, name in enumerate("国民")
    ]
    actions.add_recipients(by=till.cast.clerk, batch=batch, recipients=people)
    return batch


def told(person) -> list[tuple[str, str]]:
    now = clock.db_now()
    found = [*todos.payouts(person, now), *batches.batches(person, now), *batches.bank(person)]
    return [(todo.title, todo.verb) for todo in found]


def test_a_batch_walks_from_first_page_to_first_page(till, cast):
    batch = by_card(till)
    assert told(cast.clerk) == [("批次待送审：一线职工慰问", "继续制单")]
    step(actions.plan_batch, cast.clerk, batch, "plan")
    assert (told(cast.clerk), told(cast.reviewer)) == ([], [("批次待审核：一线职工慰问", "核对并审核")])
    step(actions.review_batch, cast.reviewer, batch, "review")
    assert (told(cast.reviewer), told(cast.approver)) == ([], [("批次待审批：一线职工慰问", "核对并审批")])
    step(actions.approve_batch, cast.approver, batch, "approve")
    assert (told(cast.approver), told(cast.cashier)) == ([], [("批次待发放：一线职工慰问", "去发放")])
    step(actions.release_batch, cast.cashier, batch, "release")
    assert told(cast.cashier) == [("待做银行文件 2 笔", "做银行文件")]


def test_the_bank_s_answer_is_read_then_recorded(till, cast):
    batch = by_card(till)
    for run, by, name in (
        (actions.plan_batch, cast.clerk, "plan"),
        (actions.review_batch, cast.reviewer, "review"),
        (actions.approve_batch, cast.approver, "approve"),
        (actions.release_batch, cast.cashier, "release"),
    ):
        step(run, by, batch, name)
    rows = list(batch.payouts.order_by("pk"))
    (file,) = make_bank_files(
        by=cast.cashier, payouts=rows, layout=shipped()["generic"], count=2, total=Decimal("300.00"), key="f", batch=batch
    )  # fmt: skip
    assert told(cast.cashier) == [("银行回盘待读入", "读入银行结果")]
    data = "序号,处理结果\r\n1,成功\r\n2,成功".encode("gb18030")
    keep_result(by=cast.cashier, bank_file=file, data=data, control=examined(file, data)[0])
    assert told(cast.cashier) == [("银行结果待登记", "核对并登记")]


def test_single_payouts_are_told_apart_from_batches(till, cast):
    by_card(till)
    till.named()
    assert told(cast.clerk) == [("待送审 1 笔", "继续制单"), ("批次待送审：一线职工慰问", "继续制单")]


def test_the_todo_leads_to_its_batch_and_the_page_says_the_day(till, cast):
    batch = by_card(till)
    (todo,) = batches.batches(cast.clerk, clock.db_now())
    assert (todo.url, todo.text) == (
        reverse("batch_detail", args=[batch.pk]), f"{batch.number}，2 笔，计划 2024年1月16日",
    )  # fmt: skip


def test_more_batches_cost_no_more_queries(till, cast):
    costs = []
    # who somebody is is read once
    told(cast.clerk), told(cast.cashier)
    for first in (100, 200, 300):
        by_card(till, title=f"第{first}批", first=first)
        with CaptureQueriesContext(connection) as queries:
            told(cast.clerk)
            told(cast.cashier)
        costs.append(len(queries))
    assert costs[0] == costs[2]
