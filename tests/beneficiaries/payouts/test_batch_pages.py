"""The pages of payout batches: filling, steps, papers; what they show and what they keep."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries import signlists
from beneficiaries.actions import add_households, add_recipients, plan_batch, record_proxy, return_batch
from beneficiaries.actions.banking import make_bank_files
from beneficiaries.actions.batch_entries import Recipient
from beneficiaries.actions.batch_steps import control, release_batch
from beneficiaries.bankfiles.facts import bank_part
from beneficiaries.banking import shipped
from beneficiaries.models import ApprovalThreshold, GoodsInvoice, Payout, PayoutBatch, PayoutProxy
from tests.beneficiaries.payouts.conftest import number_of, open_dossier
from tests.beneficiaries.payouts.test_batches import approved, opened, signed_list, workers
from tests.cast import log_in
from unions.idempotency import new_key
from unions.listings import listing_of


@pytest.fixture
def clerk_page(client, till):
    return log_in(client, till.cast.clerk)


def url(name: str, batch, **more) -> str:
    return reverse(name, kwargs={"pk": batch.pk, **more})


def test_an_empty_list_says_what_to_do(clerk_page, till):
    assert "还没有批次" in clerk_page.get("/payouts/batches/").content.decode()


def test_a_batch_is_opened_from_the_page(clerk_page, till):
    answer = clerk_page.post(
        "/payouts/batches/new/",
        {
            "title": "一线职工慰问", "relief_group": "festival_duty", "purpose": "relief_visit",
            "planned_on": "2024-01-16", "source": "own_union", "paid_from": till.cast.mill.pk, "route": "goods",
            "item": "大米", "amount": "80", "request_key": new_key(),
        },
    )  # fmt: skip
    batch = PayoutBatch.objects.get()
    assert (answer.status_code, batch.item, batch.amount) == (302, "大米", Decimal("80.00"))
    assert "还没有发放对象" in clerk_page.get(url("batch_detail", batch)).content.decode()


def test_all_lines_change_on_the_page_or_none_with_every_fault(clerk_page, till):
    batch = opened(till)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(2))
    page = clerk_page.get(url("batch_detail", batch)).content.decode()
    assert page.count("改全部明细的用途和来源") == 1
    given = {"purpose": "living", "version": PayoutBatch.objects.get().version}
    refused = clerk_page.post(url("batch_terms", batch), {**given, "source": "central"})
    assert (refused.status_code, refused.content.decode().count("明细没有改")) == (422, 1)
    assert clerk_page.post(url("batch_terms", batch), {**given, "source": "moon"}).status_code == 422
    answer = clerk_page.post(url("batch_terms", batch), {**given, "source": "donation"}, follow=True)
    assert answer.content.decode().count("批次和 2 笔明细的用途、资金来源已改。") == 1


def test_all_households_of_the_filter_are_taken_not_only_the_page(clerk_page, till):
    for at in range(2, 60):
        open_dossier(till.cast.mill, till.cast.clerk, "潘玉玲", at)
    batch = opened(till, relief_group="dossier_holder")
    page = clerk_page.get(url("batch_households", batch) + "?hardship_class=deep")
    assert (page.context["page"].paginator.count, len(page.context["rows"])) == (59, 50)
    clerk_page.post(
        url("batch_households", batch) + "?hardship_class=deep",
        {"all": "1", "seen": page.context["seen"], "request_key": new_key()},
    )
    assert batch.payouts.count() == 59


def test_the_filters_leave_the_households_that_fit(clerk_page, till):
    open_dossier(till.cast.mill, till.cast.clerk, "潘玉玲", 2, certificate="低保证", gig_worker=True)
    batch = opened(till, relief_group="dossier_holder")
    add_households(by=till.cast.clerk, batch=opened(till, title="另一批"), dossiers=[till.dossier])
    shown = {
        query: [row[0].number for row in clerk_page.get(f"{url('batch_households', batch)}?{query}").context["rows"]]
        for query in ("certificate=低保证", "trait=gig_worker", "helped=campaign", "helped=never", "hardship_class=x")
    }
    both = ["G1-0001", "G1-0002"]
    assert shown == {
        "certificate=低保证": ["G1-0002"],
        "trait=gig_worker": ["G1-0002"],
        "helped=campaign": ["G1-0002"],
        "helped=never": both,
        "hardship_class=x": both,
    }


def test_pasted_rows_are_looked_at_first_and_kept_on_a_fault(clerk_page, till):
    batch = opened(till)
    text = f"姓名\t身份证号\t金额\n魏建国\t{number_of(5)}\t300\n魏建民\t123\t三百"
    answer = clerk_page.post(url("batch_paste_rows", batch), {"text": text, "do": "paste-write"})
    assert (answer.status_code, batch.payouts.count()) == (422, 0)
    assert [at for at, _ in answer.context["faults"]] == [3, 3]
    assert answer.context["form"]["text"].value() == text
    good = text.rsplit("\n", 1)[0]
    looked = clerk_page.post(url("batch_paste_rows", batch), {"text": good, "do": "paste-check"})
    assert (looked.status_code, batch.payouts.count()) == (200, 0)
    assert clerk_page.post(url("batch_paste_rows", batch), {"text": good, "do": "paste-write"}).status_code == 302
    assert list(batch.payouts.values_list("recipient", "lines__amount")) == [("魏建国", Decimal("300.00"))]


def test_typed_rows_are_written_and_what_was_pasted_stays(clerk_page, till):
    batch = opened(till)
    answer = clerk_page.post(
        url("batch_paste_rows", batch),
        {"name-0": "魏建国", "id_number-0": number_of(5), "text": "潘玉玲\t300", "do": "typed-write"},
    )
    assert (answer.status_code, answer.context["form"]["text"].value()) == (200, "潘玉玲\t300")
    assert list(batch.payouts.values_list("recipient", flat=True)) == ["魏建国"]


def test_a_wrong_amount_in_the_grid_loses_nothing(clerk_page, till):
    batch = opened(till)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(2))
    first, second = batch.payouts.order_by("pk")
    answer = clerk_page.post(
        url("batch_amounts", batch),
        {"version": "2", f"amount-{first.pk}": "三百", f"amount-{second.pk}": "222", f"reason-{second.pk}": "加班"},
    )
    grid = [(amount, reason, bool(fault)) for _, amount, reason, fault in answer.context["grid"]]
    assert (answer.status_code, grid) == (422, [("三百", "", True), ("222", "加班", False)])


def test_one_amount_per_member_for_a_class(clerk_page, till):
    batch = opened(till, relief_group="dossier_holder")
    add_households(by=till.cast.clerk, batch=batch, dossiers=[till.dossier])
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(1))
    clerk_page.post(
        url("batch_amounts", batch), {"version": "3", "for": "all", "amount": "100", "only": "deep", "per": "member"}
    )
    assert list(batch.payouts.order_by("pk").values_list("lines__amount", flat=True)) == [
        Decimal("200.00"),
        Decimal("150.00"),
    ]


def test_control_totals_are_typed_at_each_hop_and_must_agree(clerk_page, till):
    batch = opened(till)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(2))
    given = {"seen": control(batch, "plan").token, "request_key": new_key(), "count": "2"}
    wrong = clerk_page.post(url("batch_step", batch, step="plan"), {**given, "amount": "299"})
    assert list(wrong.context["form"].errors) == ["amount"]
    assert clerk_page.post(url("batch_step", batch, step="plan"), {**given, "amount": "300"}).status_code == 302
    assert set(batch.payouts.values_list("state", flat=True)) == {"planned"}


def test_the_page_says_which_lines_came_back_and_why(clerk_page, till):
    batch = opened(till)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(3))
    plan_batch(by=till.cast.clerk, batch=batch, seen=control(batch, "plan").token, key="p")
    rows, page = list(batch.payouts.order_by("pk")), url("batch_detail", batch)
    for only, told in (([rows[1].pk], "第 2 行退回：户名不符"), ([rows[0].pk, rows[2].pk], "退回：户名不符")):
        seen = control(batch, "return").token
        return_batch(by=till.cast.reviewer, batch=batch, seen=seen, reason="户名不符", only=only)
        assert clerk_page.get(page).context["returned"] == told


def test_signing_off_takes_the_ticked_lines(client, till):
    batch = opened(till)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(2))
    approved(till, batch)
    first, _ = batch.payouts.order_by("pk")
    cashier = log_in(client, till.cast.cashier)
    cashier.post(f"/payouts/{first.pk}/proxy/", {"name": "秦素云", "relation": "配偶", "id_number": number_of(77)})
    given = {"seen": control(batch, "settle").token, "request_key": new_key(), "paid_on": "2024-01-16", "p": [first.pk]}
    wrong = cashier.post(url("batch_step", batch, step="settle"), {**given, "count": "2", "amount": "300"})
    assert sorted(wrong.context["form"].errors) == ["amount", "count"]
    cashier.post(
        url("batch_step", batch, step="settle"), {**given, "count": "1", "amount": "150", "upload": signed_list()}
    )
    assert list(batch.payouts.order_by("pk").values_list("state", flat=True)) == ["paid", "approved"]
    assert PayoutProxy.objects.get().payout == first


def test_the_lists_are_masked_and_the_cashier_of_an_approved_batch_gets_them_in_full(client, till):
    batch = opened(till)
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(2))
    number = batch.payouts.order_by("pk").first().id_number
    cashier = log_in(client, till.cast.cashier)
    paper = url("batch_paper", batch, key="sign", kind="xlsx")
    step_one = cashier.post(paper, {"full": "1"})
    assert step_one.status_code in (404, 409)
    approved(till, batch)
    sheets = [cashier.post(paper, given).content for given in ({}, {"full": "1"})]
    cells = [openpyxl.load_workbook(io.BytesIO(data)).active["D4"].value for data in sheets]
    assert cells == [f"···{number[-4:]}", number]
    assert log_in(client, till.cast.clerk).post(paper, {"full": "1"}).status_code == 403


def test_the_sheet_has_the_columns_of_the_trade_and_totals_in_figures_and_capitals(till):
    batch = opened(till, route="goods", item="大米")
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(3))
    approved(till, batch)
    record_proxy(
        by=till.cast.cashier, payout=batch.payouts.order_by("pk").first(), name="秦素云", relation="配偶",
        id_number=number_of(77),
    )  # fmt: skip
    sheet = signlists.payout_list(batch, paper="sign", by=till.cast.cashier, full=False)
    page = openpyxl.load_workbook(io.BytesIO(signlists.list_file(sheet, "xlsx"))).active
    assert [cell.value for cell in page[3]] == [
        "序号", "单位", "姓名", "身份证号", "困难类别/对象类别", "金额（元）", "物品及折价", "领款人签字", "代领人（关系、身份证号）", "备注",
    ]  # fmt: skip
    assert (page["A7"].value, page["F7"].value) == ("合计 3 人次　大写：人民币肆佰伍拾元整", 450)
    assert page["I4"].value.startswith("秦*云（配偶）") is True
    assert (page.page_setup.orientation, page.print_title_rows) == ("landscape", "$3:$3")
    assert sheet.by_class == "春节坚守岗位职工 3 人次 450.00 元"


def test_the_payout_list_sums_by_class_what_the_form_counts(till):
    batch = opened(till, source="central", route="card", relief_group="dossier_holder", purpose="living")
    add_households(by=till.cast.clerk, batch=batch, dossiers=[till.dossier])
    sheet = signlists.payout_list(batch, paper="list", by=till.cast.clerk, full=False)
    assert (sheet.by_class, sheet.figures, sheet.rows[0][5]) == ("深度困难 1 人次 150.00 元", "150.00", "2")
    assert signlists.payout_list(batch, paper="sign", by=till.cast.clerk, full=False).rows == []


def test_page_paper_and_file_carry_one_check_code(client, till):
    batch = opened(till, source="central", route="card", relief_group="dossier_holder", purpose="living")
    add_households(by=till.cast.clerk, batch=batch, dossiers=[till.dossier])
    approved(till, batch)
    cashier = log_in(client, till.cast.cashier)
    (payout,) = batch.payouts.all()
    part = bank_part([payout])
    pages = [url("batch_step", batch, step="release"), f"{reverse('payout_step', args=['release'])}?p={payout.pk}"]
    assert [cashier.get(page).content.decode().count(part.code) for page in pages] == [1, 1]
    release_batch(by=till.cast.cashier, batch=batch, seen=control(batch, "release").token, key="r")
    (made,) = make_bank_files(
        by=till.cast.cashier, payouts=list(batch.payouts.all()), layout=shipped()["generic"], count=1,
        total=Decimal("150.00"), key="f", batch=batch,
    )  # fmt: skip
    assert made.check_code == part.code
    sheet = signlists.payout_list(batch, paper="list", by=till.cast.clerk, full=False)
    assert sheet.bank == (
        f"银行代发 1 笔 150.00 元，核对码 {part.code}",
        f"银行文件 {made.number}：1 笔 150.00 元，核对码 {part.code}",
    )
    page = openpyxl.load_workbook(io.BytesIO(signlists.list_file(sheet, "xlsx"))).active
    assert [page[f"A{row}"].value for row in (7, 8)] == list(sheet.bank)
    assert signlists.payout_list(batch, paper="sign", by=till.cast.clerk, full=False).bank == ()


def test_an_invoice_of_the_goods_is_kept_with_its_scan(clerk_page, till):
    batch = opened(till, route="goods", item="大米")
    add_recipients(by=till.cast.clerk, batch=batch, recipients=workers(1))
    clerk_page.post(
        url("batch_invoice", batch),
        {"number": "24537000000012345678", "issued_on": "2024-01-10", "amount": "150", "upload": signed_list()},
    )
    assert GoodsInvoice.objects.get().amount == Decimal("150.00")
    assert "24537000000012345678" in clerk_page.get(url("batch_detail", batch)).content.decode()


def test_a_threshold_is_set_by_an_approver_and_ended(client, till):
    approver = log_in(client, till.cast.approver)
    approver.post("/payouts/thresholds/", {"per_batch": "5000", "origin": "办法第六条", "valid_from": "2024-01-01"})
    page = approver.get("/payouts/thresholds/")
    ((row, may_end),) = page.context["rows"]
    approver.post(f"/payouts/thresholds/{row.pk}/end/")
    row.refresh_from_db()
    assert (may_end, row.valid_to is None) == (True, False)


def test_every_fault_of_a_threshold_is_told_in_one_round(client, till):
    approver = log_in(client, till.cast.approver)
    for given, told in (
        ({"way": "second"}, ["__all__", "origin", "valid_from"]),
        ({"per_payout": "0", "per_batch": "-1"}, ["origin", "per_batch", "per_payout", "valid_from"]),
        ({"per_payout": "很多"}, ["origin", "per_payout", "valid_from"]),
    ):
        page = approver.post("/payouts/thresholds/", given)
        assert sorted(page.context["form"].errors) == told
    assert ApprovalThreshold.objects.count() == 0


def test_the_pages_cost_the_same_queries_for_one_line_and_three(clerk_page, till):
    few, many = opened(till), opened(till, title="多")
    add_recipients(by=till.cast.clerk, batch=few, recipients=workers(1))
    add_recipients(by=till.cast.clerk, batch=many, recipients=workers(3, first=300))
    costs = []
    for batch in (few, many):
        for address in (url("batch_detail", batch), url("batch_step", batch, step="plan")):
            clerk_page.get(address)
            with CaptureQueriesContext(connection) as queries:
                clerk_page.get(address)
            costs.append(len(queries))
    assert costs[:2] == costs[2:]


def test_the_list_costs_the_same_queries_for_one_batch_and_three(clerk_page, till):
    costs = []
    for more in (1, 2):
        for _ in range(more):
            batch = opened(till)
            recipient = Recipient(name="魏建国", id_number=number_of(400 + Payout.objects.count()), line=1)
            add_recipients(by=till.cast.clerk, batch=batch, recipients=[recipient])
        clerk_page.get("/payouts/batches/")
        with CaptureQueriesContext(connection) as queries:
            clerk_page.get("/payouts/batches/")
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_households_page_costs_the_same_queries_for_one_and_three(clerk_page, till):
    batch, costs = opened(till, relief_group="dossier_holder"), []
    for _ in range(2):
        clerk_page.get(url("batch_households", batch))
        with CaptureQueriesContext(connection) as queries:
            clerk_page.get(url("batch_households", batch))
        costs.append(len(queries))
        for at in (7, 8):
            open_dossier(till.cast.mill, till.cast.clerk, "潘玉玲", at + 10 * len(costs))
    assert costs[0] == costs[1]


def test_the_list_of_batches_goes_out_with_counts_and_sums(till):
    first, second = opened(till), opened(till, title="第二批")
    add_recipients(by=till.cast.clerk, batch=first, recipients=workers(2))
    add_recipients(by=till.cast.clerk, batch=second, recipients=workers(3, first=300))
    listing = listing_of("batches")
    wanted = [field for field in listing.fields if field.title in ("批次名称", "笔数", "金额或折价（元）", "状态")]
    costs = []
    for rows in (listing.rows(till.cast.clerk, {})[:1], listing.rows(till.cast.clerk, {})):
        with CaptureQueriesContext(connection) as queries:
            told = [tuple(field.read(row) for field in wanted) for row in rows]
        costs.append(len(queries))
    assert told == [("第二批", 3, Decimal("450.00"), "3 草稿"), ("春节坚守岗位慰问", 2, Decimal("300.00"), "2 草稿")]
    assert costs[0] == costs[1]
