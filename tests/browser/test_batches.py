"""A batch in a real browser, one role after the other: filled, sent, reviewed, approved, released or signed for, counted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from beneficiaries.models import PayoutBatch, PayoutLine
from tests.beneficiaries.payouts.conftest import number_of
from tests.browser.desk import PHONE, seat
from tests.browser.job import filing

pytestmark = pytest.mark.xdist_group("browser")

PAID = "2024-01-16"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PASTED = "\n".join(
    ["姓名\t身份证号\t金额（元）\t新就业形态劳动者"]
    + [
        f"魏建{name}\t{number_of(600 + at)}\t{300 + at}\t{'是' if at == 0 else '否'}"
        for at, name in enumerate("国民强")
    ]
)


def _open(clerk, title: str, **fields: str) -> PayoutBatch:
    clerk.go("batch_list").go("batch_new")
    campaign = clerk.page.locator("#id_campaign option", has_text="送温暖").first.get_attribute("value")
    clerk.type(title=title, campaign=campaign, planned_on=PAID, **fields)
    clerk.shot("batch-new", whole=True).press("开立批次").reads("还没有发放对象").shot("batch-empty", whole=True)
    return PayoutBatch.objects.order_by("-pk")[0]


def _step(who, batch: PayoutBatch, words: str, count: int, amount: str, shot: str) -> None:
    """Each hop asks for the totals of the paper list."""
    who.go("batch_detail", batch.pk).follow(f"{words} {count} 笔")
    who.type(count=str(count), amount=amount).shot(f"batch-{shot}", whole=True)
    who.press(f"{words} {count} 笔").reads(f"{count} 笔已", "回执")


def test_a_batch_of_pasted_workers_goes_to_the_signed_list_and_a_card_batch_to_the_bank(people, world, desk):
    clerk = desk("clerk")
    goods = _open(
        clerk, "春节坚守岗位职工慰问", relief_group="festival_duty", purpose="relief_visit", source="own_union",
        route="cash", amount="300",
    )  # fmt: skip
    clerk.go("batch_paste_rows", goods.pk).type(text=PASTED.replace("301", "三百"))
    clerk.press("检查粘贴的行").reads("第 3 行", "不是金额").shot("batch-paste-faults", whole=True)
    clerk.type(text=PASTED).press("检查粘贴的行").reads("检查通过", "903.00").shot("batch-paste", whole=True)
    clerk.press("写入 3 行").reads("已写入 3 行", "903.00").shot("batch-filled", whole=True)
    second = clerk.page.locator('input[name^="amount-"]').nth(1)
    second.fill("350")
    second.press("Enter")
    clerk.press("保存金额和说明").reads("改动 1 笔", "952.00")
    _step(clerk, goods, "送审", 3, "952", "plan")
    _step(desk("reviewer"), goods, "审核通过", 3, "952", "review")
    _step(desk("approver"), goods, "审批", 3, "952", "approve")

    cashier = desk("cashier")
    first = goods.payouts.order_by("pk")[0]
    cashier.go("payout_proxy", first.pk).type(name="秦素云", relation="配偶", id_number=number_of(771))
    cashier.press("登记代领").reads("配偶代领")
    last = goods.payouts.order_by("pk")[2]
    cashier.page.locator(f'input[name=p][value="{last.pk}"]').uncheck()
    cashier.type(count="2", amount="650", paid_on=PAID)
    cashier.page.set_input_files("#id_upload", {"name": "签收表.pdf", "mimeType": "application/pdf", "buffer": PDF})
    cashier.shot("batch-settle", whole=True).press("登记签收").reads("2 笔已登记签收").shot("batch-signed", whole=True)

    card = _open(
        clerk, "深度困难职工生活救助", relief_group="dossier_holder", purpose="living", source="central", route="card",
        amount="600",
    )  # fmt: skip
    clerk.go("batch_households", card.pk, query="?hardship_class=deep").shot("batch-households", whole=True)
    clerk.page.locator(f'input[name=d][value="{world.good.pk}"]').check()
    clerk.press("加入本批").reads("已加入 1 户")
    _step(clerk, card, "送审", 1, "600", "plan-card")
    _step(desk("reviewer"), card, "审核通过", 1, "600", "review-card")
    _step(desk("approver"), card, "审批", 1, "600", "approve-card")
    _step(cashier, card, "出账", 1, "600", "release")
    cashier.go("batch_detail", card.pk).follow("生成银行文件").reads(card.number)
    cashier.go("payout_step", "settle", query=f"?p={card.payouts.get().pk}").type(paid_on=PAID)
    cashier.press("登记已发放 1 笔").reads("1 笔已登记发放")

    paid = PayoutLine.objects.filter(payout__state="paid")
    assert sum(line.amount for line in paid) == Decimal("1250.00")
    _figures_equal_the_ledger(desk, people, world)


FIGURES = {
    "B1": "1.00",
    "B3": "1.00",
    "B": "2.00",
    "C7": "2",
    "C11": "1",
    "C": "3",
    "D7": "0.065",
    "D11": "0.06",
    "D": "0.13",
    "J1": "1",
    "J2": "0.03",
}
"""What the ledger of this test comes to in 万元: 650 元 signed for by two, 600 元 by card, 10,000 元 in each of two tills."""


def _figures_equal_the_ledger(desk, people, world) -> None:
    form = filing.submission(world.published.campaign, people.mill)
    clerk = desk("clerk").go("submission_page", form.pk).shot("batch-figures", whole=True)
    assert filing.shown(clerk, *FIGURES) == FIGURES


def test_a_batch_fits_a_phone(people, world, desk, browser, site, album):
    phone = seat(browser, site, album=album, size=PHONE).log_in("clerk")
    batch = PayoutBatch.objects.order_by("pk")[0]
    for name, args in (
        ("batch_list", []),
        ("batch_detail", [batch.pk]),
        ("batch_new", []),
        ("batch_paste_rows", [batch.pk]),
    ):
        phone.go(name, *args).shot(f"phone-{name}", whole=True)
        width = phone.page.evaluate("document.documentElement.scrollWidth")
        assert (name, width) == (name, PHONE["width"])
    phone.context.close()
