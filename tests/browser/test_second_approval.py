"""A threshold that asks for two approvers, in a real browser: set, hit, approved once, refused to the same hand, approved again, paid."""

from __future__ import annotations

import pytest

from beneficiaries.models import PayoutBatch
from tests.beneficiaries.payouts.conftest import number_of
from tests.browser.desk import PHONE, seat
from tests.browser.test_batches import PAID, _open, _step

pytestmark = pytest.mark.xdist_group("browser")

ROWS = "\n".join(["姓名\t身份证号", *(f"魏建{name}\t{number_of(640 + at)}" for at, name in enumerate("国民"))])


def test_a_large_batch_needs_a_second_and_different_approver(people, world, desk, browser, site, album):
    clerk, approver, above = desk("clerk"), desk("approver"), desk("county_approver")
    approver.go("threshold_list").type(per_payout="0", way="second").press("保存限额")
    approver.reads("限额要大于 0", "这一项必须填写").shot("threshold-faults", whole=True)
    approver.type(per_payout="200", way="second", origin="厂工会办法第八条", valid_from="2024-01-01").press("保存限额")
    approver.reads("审批限额已保存", "再由第二人审批").shot("threshold", whole=True)

    batch = _open(
        clerk, "春节困难补助", relief_group="festival_duty", purpose="relief_visit", source="own_union", route="cash",
        amount="300",
    )  # fmt: skip
    clerk.go("batch_paste_rows", batch.pk).type(text=ROWS).press("检查粘贴的行").press("写入 2 行").reads("600.00")
    _step(clerk, batch, "送审", 2, "600", "two-plan")
    _step(desk("reviewer"), batch, "审核通过", 2, "600", "two-review")
    _step(approver, batch, "审批", 2, "600", "two-first")
    assert set(batch.payouts.values_list("state", flat=True)) == {"planned"}

    approver.go("batch_step", batch.pk, "second").reads("这一步不能由您办理")
    cashier = desk("cashier").go("batch_step", batch.pk, "settle").reads("没有等这一步的行")
    above.go("batch_detail", batch.pk).follow("第二审批 2 笔").type(count="2", amount="599").press("第二审批 2 笔")
    above.reads("与系统合计不一致").type(amount="600").shot("two-second", whole=True).press("第二审批 2 笔")
    above.reads("2 笔已由第二人审批", "回执", people.approver.name, people.county_approver.name)
    above.shot("two-approved", whole=True)
    phone = seat(browser, site, album=album, size=PHONE).log_in("county_approver").go("batch_detail", batch.pk)
    assert phone.reads("第二审批").page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    phone.context.close()

    pdf = {"name": "签收表.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"}
    cashier.go("batch_step", batch.pk, "settle").type(count="2", amount="600", paid_on=PAID)
    cashier.page.set_input_files("#id_upload", pdf)
    cashier.press("登记签收").reads("2 笔已登记签收")
    rows = PayoutBatch.objects.get(pk=batch.pk).payouts.all()
    assert {(row.state, row.approved_by_id, row.second_by_id) for row in rows} == {
        ("paid", people.approver.pk, people.county_approver.pk)
    }
