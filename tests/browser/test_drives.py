"""A drive in a real browser: opened above, collected and remitted below, sent back, handed in again, confirmed, the rest kept."""

from __future__ import annotations

from decimal import Decimal

import pytest

from campaigns.models import Drive, FundsRaised, Remittance
from campaigns.standings import standing
from tests.browser.desk import PHONE, seat

pytestmark = pytest.mark.xdist_group("browser")

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def test_a_drive_from_opening_to_the_last_yuan(people, world, desk, browser, site):
    above, below, cashier = desk("county_clerk"), desk("clerk"), desk("county_cashier")
    above.go("drives").reads("还没有募捐").go("drive_new")
    above.type(
        title="2024年工会一日捐", kind="one_day_donation", year="2024", starts_on="2024-01-02", ends_on="2024-01-20",
        account_by="2024-01-31",
    )  # fmt: skip
    for body in ("one_day", "red_cross"):
        above.page.locator(f'input[name=bodies][value="{body}"]').check()
    above.page.locator("#id_keeps").check()
    above.shot("drive-new", whole=True).press("发起").reads("已发起“2024年工会一日捐”")
    drive = Drive.objects.get()

    below.go("drive", drive.pk).reads("还没有登记捐款").follow("登记捐款")
    below.type(donated_on="2024-01-05", donors_one_day="40", amount_one_day="2000", donors_red_cross="30")
    below.type(amount_red_cross="900.50", all_donors="45").press("登记").reads("2,900.50")
    below.follow("登记汇款").type(amount="2000", remitted_on="2024-01-08", slip_number="HK-0108")
    below.page.set_input_files("#id_slip", {"name": "回单.pdf", "mimeType": "application/pdf", "buffer": PDF})
    below.press("登记").reads("待确认", "回单.pdf").shot("drive-union", whole=True)

    cashier.go("drive", drive.pk).reads("900.50", "待确认").shot("drive", whole=True).follow("本单位捐款").follow(
        "退回"
    )
    cashier.type(reason="账户没有收到").press("退回汇款").reads("已退回")
    below.go("drive", drive.pk).reads("账户没有收到").press("重新报送").reads("已重新报送")
    cashier.go("drive_union", drive.pk, people.county.pk).follow("确认到账").type(arrived_on="2024-01-09")
    cashier.press("确认到账").reads("已确认到账 2,000.00 元")

    below.go("drive_retain", drive.pk).type(amount="900.51", retained_on="2024-01-10").press("登记")
    below.reads("手中只有 900.50 元").type(amount="900.50").press("登记").reads("已留存 900.50 元", "0.00")
    phone = seat(browser, site, size=PHONE, script=False).log_in("clerk").go("drive", drive.pk).reads("还在手中")
    assert phone.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert Remittance.objects.get().state == "confirmed"
    assert (FundsRaised.objects.get(drive=drive).amount, standing(people.mill, drive).left) == (
        Decimal("900.50"),
        Decimal("0.00"),
    )
