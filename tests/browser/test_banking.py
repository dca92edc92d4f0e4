"""Release → bank file → the bank's answer with two failures → retry → paid, as the cashier does it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from beneficiaries.actions.banking import make_bank_files
from beneficiaries.banking import shipped
from beneficiaries.enums import PayoutState
from beneficiaries.models import BankFile, Payout
from relief.lib.xlsx import read_workbook
from tests.beneficiaries.banking.answers import xlsx
from tests.beneficiaries.payouts.conftest import line, number_of
from tests.beneficiaries.payouts.test_steps import to_approved, to_released
from tests.browser.desk import DESK, PHONE

pytestmark = pytest.mark.xdist_group("browser")

CARDS = ("6222020000000000000", "6221260000000000", "6222029999000011118")
NAMES = ("魏建国", "孟广田", "秦怀远", "罗素云", "贺长青")


@pytest.fixture(scope="module")
def approved(world, people) -> list[Payout]:
    """Five card payouts that wait for the cashier."""
    payouts = [
        world.till.named(
            60 + at,
            [line("own_union", "card", f"{100 * (at + 1)}.00")],
            recipient=name,
            id_number=number_of(60 + at),
            card_number=CARDS[at % 3],
            bank="云岭银行青岬支行",
        )
        for at, name in enumerate(NAMES)
    ]
    to_approved(people, *payouts)
    return payouts


@pytest.fixture(scope="module")
def filed(world, people) -> BankFile:
    """One more payout, released and in a bank file before anybody sits down."""
    payout = world.till.named(90, [line("own_union", "card", "80.00")], recipient="郑立新", card_number=CARDS[2])
    to_released(people, payout)
    given = {"payouts": [payout], "layout": shipped()["generic"], "count": 1, "total": Decimal("80.00")}
    (made,) = make_bank_files(by=people.cashier, key="filed", **given)
    return made


def answered(data: bytes, failed: dict[str, str]) -> bytes:
    """The bank's file of results: our own rows with an outcome, as a bank sends them back."""
    head, *rows = read_workbook(data).sheets[0].rows
    said = [[*row, "失败" if row[2] in failed else "成功", failed.get(row[2])] for row in rows]
    return xlsx([[*head, "处理结果", "失败原因"], *said])


def taken(seat) -> bytes:
    """What the download button gives."""
    with seat.page.expect_download() as download:
        seat.press("下载文件")
    return download.value.path().read_bytes()


def give_answer(seat, data: bytes) -> None:
    seat.page.set_input_files("#id_file", {"name": "结果.xlsx", "mimeType": "application/octet-stream", "buffer": data})
    seat.press("读入并核对")


def test_from_the_release_to_the_last_paid_line(desk, people, approved, filed):
    cashier = desk("cashier")
    cashier.open("/payouts/step/release/?" + "&".join(f"p={each.pk}" for each in approved))
    cashier.type(count="5", amount="1500.00").press("出账 5 笔")
    cashier.go("bank_file_list").reads("不在批次里", "1,500.00").shot("waiting").follow("做银行文件")
    cashier.reads("5", "通用（账号、户名、金额）").shot("look", whole=True).press("做 1 份文件")
    cashier.reads("待下载", "报盘").shot("made", whole=True)
    first = BankFile.objects.exclude(pk=filed.pk).get()
    data = taken(cashier)
    cashier.go("bank_file", first.pk).reads("下载", "1 次")
    give_answer(cashier, answered(data, {"孟广田": "账户已销户", "罗素云": "户名与账号不符"}))
    cashier.reads("登记到账", "登记失败", "账户已销户", "户名与账号不符").shot("result", whole=True)
    assert [Payout.objects.get(pk=each.pk).state for each in approved] == [PayoutState.RELEASED] * 5
    cashier.press("登记结果").reads("已登记：到账 3 笔，失败 2 笔。", "失败的怎么办").shot("recorded", whole=True)
    cashier.follow("重新出账 2 笔").type(count="2", amount="600.00").press("出账 2 笔")
    cashier.go("bank_file_list").follow("做银行文件").press("做 1 份文件")
    second = BankFile.objects.order_by("-pk").first()
    assert (second.pk != first.pk, second.count) == (True, 2)
    data = taken(cashier)
    cashier.go("bank_file", second.pk)
    give_answer(cashier, answered(data, {}))
    cashier.press("登记结果").reads("已登记：到账 2 笔，失败 0 笔。")
    assert [Payout.objects.get(pk=each.pk).state for each in approved] == [PayoutState.PAID] * 5
    cashier.go("bank_file_list").reads("已了结", "没有等着做文件的发放").shot("list")


def test_the_pages_fit_a_phone(desk, filed):
    cashier = desk("cashier")
    cashier.page.set_viewport_size(PHONE)
    for name, args in (
        ("bank_file_list", ()),
        ("bank_file", (filed.pk,)),
        ("bank_profile_list", ()),
        ("bank_profile_new", ("icbc",)),
    ):
        cashier.go(name, *args).shot(f"phone-{name}", whole=True)
        width = cashier.page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
        assert (name, width) == (name, PHONE["width"])
    cashier.page.set_viewport_size(DESK)


def test_an_own_layout_is_tried_and_saved(desk, filed):
    cashier = desk("cashier").go("bank_profile_list").follow("复制 工商银行 批量汇款")
    for at, word in ((1, "工行青岬支行"), (2, "1234567890123456789"), (3, "青岬县第一中学工会")):
        cashier.page.get_by_label(f"第 {at} 列的固定值").fill(word)
    cashier.press("试写").reads("工行青岬支行", "样例甲").shot("layout", whole=True)
    cashier.type(title="我们的工行方案").press("保存方案").reads("已保存")
    cashier.go("bank_profile_list").reads("我们的工行方案").shot("layouts", whole=True)
    expect(cashier.page.locator("h1")).to_have_text("银行文件方案")


def test_a_stranger_to_the_fund_is_told_nothing(desk, filed):
    other = desk("county_cashier")
    answer = other.page.goto(f"{other.base}/banking/{filed.pk}/")
    assert answer is not None
    assert answer.status == 404
    assert "FF-" not in other.text("body")
