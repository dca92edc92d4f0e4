"""Payouts taken along as Excel: masked as the page shows them, in full opened, each with all its lines."""

from decimal import Decimal

from relief.lib import xlsx
from tests.beneficiaries.payouts.conftest import line, number_of
from unions.actions import listings as actions
from unions.listings import listing_of

CARD = "6221260000000000"


def taken(cast, *, full):
    export = actions.ask_export(
        by=cast.clerk,
        union=cast.mill,
        listing=listing_of("payouts"),
        conditions={},
        full=full,
        purpose="报县总工会核对",
    )
    (sheet,) = xlsx.read_workbook(actions.take_export(by=cast.clerk, export=export)).sheets
    head, row = sheet.rows
    return {title: value for title, value in zip(head, row, strict=False) if value is not None}


def test_a_payout_stands_in_the_list_with_its_words_and_all_its_lines(cast, till):
    lines = [line("own_union", "cash", "150.00"), line("donation", "goods", "60.50", "大米")]
    payout = till.named(lines=lines, bank="测试银行青岬支行", card_number=CARD)
    masked = {
        "发放编号": payout.number,
        "发放工会": cast.mill.name,
        "出资工会": cast.mill.name,
        "姓名（遮蔽）": "魏*国",
        "对象类别": payout.get_relief_group_display(),
        "用途": payout.get_purpose_display(),
        "活动": "2024年元旦春节送温暖",
        "款物": "本级工会经费 现金 150.00；社会捐助 实物 大米 60.50",
        "金额或折价（元）": Decimal("210.5"),
        "计划发放日期": payout.planned_on,
        "状态": payout.get_state_display(),
    }
    assert taken(cast, full=False) == masked
    opened = {"姓名": "魏建国", "身份证号": number_of(50), "开户银行及支行": "测试银行青岬支行", "银行卡号": CARD}
    assert taken(cast, full=True) == masked | opened
