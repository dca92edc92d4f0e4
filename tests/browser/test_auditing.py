"""The auditor's way in a real browser: from the first page to the gaps, to the lines, from a filed B to its voucher, to Excel."""

from __future__ import annotations

import pytest

from beneficiaries.models import Payout
from reporting import actions
from reporting.models import Submission
from tests.beneficiaries.payouts.conftest import DAY, line, number_of
from tests.browser.desk import PHONE, seat
from unions.enums import Role
from unions.idempotency import new_key

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def audited(people, world) -> Submission:
    """Two payouts of the mill without their papers, and the mill's form handed in."""
    people.person("mill_auditor", "余慎独", ("mill", Role.AUDIT))
    for sequence, lines in enumerate(
        (
            [line("own_union", "cash", "150.00")],
            [line("central", "card", "300.00"), line("own_union", "goods", "80.00", "米")],
        )
    ):
        payout = world.till.named(880 + sequence, lines=lines, id_number=number_of(880 + sequence))
        Payout.objects.filter(pk=payout.pk).update(state="paid", paid_on=DAY)
    filing = world.published.submission(people.mill)
    actions.hand_in(by=people.clerk, submission=filing, version=filing.version, key=new_key())
    return filing


def test_an_auditor_above_goes_from_the_figure_to_the_line(audited, desk):
    auditor = desk("auditor").go("home").reads("经审查账")
    auditor.follow("进入").reads("困难帮扶资金", "送温暖资金", "9,700.00", "9,770.00").shot("audit-desk", whole=True)
    auditor.follow("现金、实物没有签收表").reads("2 笔 · 230.00 元", "没有上传签收表").shot("audit-gaps", whole=True)
    assert "魏" not in auditor.text()
    auditor.go("audit_desk").type(money="hardship").press("查看").follow("300.00").reads(
        "发放逐笔", "300.00 元", "没有银行文件"
    )
    auditor.go("audit_filings").reads("530.00").shot("audit-filings", whole=True)
    auditor.follow("530.00").reads("D 发放款物总计", "台账现在", "没有发票").shot("audit-figure", whole=True)
    auditor.go("audit_filings").follow("20,000.00").reads("没有凭证号", "没有凭证原件")


def test_the_gaps_go_to_excel_through_the_gate(audited, desk):
    auditor = desk("auditor").go("audit_desk").follow("导出疑点")
    auditor.page.locator("[name=purpose]").first.fill("2024 年送温暖资金专项审计")
    auditor.press("申请导出").reads("经审疑点").shot("audit-export", whole=True)
    with auditor.page.expect_download() as found:
        auditor.page.get_by_role("button", name="下载 Excel").click()
    assert found.value.suggested_filename.startswith("经审疑点")


def test_the_auditor_of_the_union_sees_masked_names_on_a_phone(audited, browser, site, album):
    auditor = seat(browser, site, album=album, size=PHONE, script=False).log_in("mill_auditor")
    auditor.go("audit_lines", "paid", query="?year=2024").reads("魏*国", "没有签收表").shot("audit-phone", whole=True)
    assert auditor.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    auditor.page.locator("tbody a").first.click()
    auditor.reads("魏*国")
    assert "魏建国" not in auditor.text()
    auditor.context.close()
