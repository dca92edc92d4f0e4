"""The form of the campaign: what its cells show is what the rows of the database add up to, here and one level above."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from playwright.sync_api import expect

from beneficiaries.models import Payout, PayoutReversal
from campaigns.models import FundsRaised
from tests.browser.job.filing import shown
from tests.browser.way.money import CARDS
from tests.browser.way.people import Crowd, Walker
from unions.models import Union

FORM = "送温暖统计表"
GROUPS = {"festival_duty": "7", "dossier_holder": "11"}
SOURCES = {"central": "B1", "own_union": "B3", "donation": "B4"}


def ledger(union: Union) -> dict[str, Decimal]:
    """C, D and B by plain sums over the rows of the union: contacts, and 万元 with totals rounded as the paper prints them."""
    found: Counter[str] = Counter()
    back = set(PayoutReversal.objects.filter(confirmed_at__isnull=False).values_list("payout_id", flat=True))
    for payout in Payout.objects.filter(union=union, state="paid").exclude(pk__in=back).prefetch_related("lines"):
        found[f"C{GROUPS[payout.relief_group]}"] += 1
        found[f"D{GROUPS[payout.relief_group]}"] += sum(int(line.amount * 100) for line in payout.lines.all())
    for row in FundsRaised.objects.filter(union=union):
        found[SOURCES[row.source]] += int(row.amount * 100)
    parts = {code: Decimal(sum_) / (1 if code[0] == "C" else 1_000_000) for code, sum_ in found.items()}
    totals = {total: sum(part for code, part in parts.items() if code[0] == total) for total in "BCD"}
    return parts | {total: printed(Decimal(amount)) for total, amount in totals.items()}


def printed(figure: Decimal) -> Decimal:
    """A figure as the paper prints it."""
    return figure.quantize(Decimal("0.01"), ROUND_HALF_UP)


def read(page: Walker, codes) -> dict[str, Decimal]:
    return {code: Decimal(text) for code, text in shown(page, *codes).items()}


def compare(who: Crowd, union: Union) -> dict[str, Decimal]:
    """The enterer finds the form filled with the ledger's figures and looks into one."""
    clerk = who("school_clerk").todo(FORM).shot("form", whole=True)
    told = ledger(union)
    assert (read(clerk, told), sorted(told)) == (told, ["B", "B1", "B3", "B4", "C", "C11", "C7", "D", "D11", "D7"])
    row = clerk.page.locator("tr").filter(has=clerk.page.locator("#c-D11"))
    row.get_by_role("link", name="台账").click()
    clerk.shot("figure", whole=True)
    return told


def look_behind(who: Crowd) -> None:
    """A click on a figure leads to the records it counts, and from there to the payout and its batch."""
    clerk = who("school_clerk").walk("回到表上").reads("发放款物总计")
    clerk.page.locator("tr").filter(has=clerk.page.locator("#c-D")).get_by_role("link", name="自动计算").click()
    clerk.walk("D11").reads("FF-").walk("FF-").reads("已发放", CARDS[:2])


def send_up(who: Crowd) -> None:
    """Handed in by the enterer; the county's reviewer accepts it."""
    who("school_clerk").todo(FORM).press("保存并上报").reads("已上报第 1 轮").shot("receipt", whole=True)
    reviewer = who("county_reviewer").walk("审核").press("开始审核").reads("给填报单位的话")
    reviewer.shot("review", whole=True).press("接收第1轮").reads("接收")


def roll_up(who: Crowd, union: Union, told: dict[str, Decimal]) -> None:
    """The county's roll-up shows the same figures, in the column of the school and in the total."""
    county = who("county_clerk").menu("统计报表").enter(FORM).walk("汇总表").shot("roll-up", whole=True)
    for code, figure in told.items():
        for place in ("合计", union.called):
            link = county.page.locator(f'table.matrix a[title="{code} {place}"]')
            assert (code, place, Decimal(link.inner_text())) == (code, place, printed(figure))
    county.page.locator(f'table.matrix a[title="D {union.called}"]').click()
    expect(county.page.locator("#main")).to_contain_text("D11")
    county.shot("roll-up-figure", whole=True)
