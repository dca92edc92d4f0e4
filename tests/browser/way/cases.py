"""Four households from the standard to the active file: apply, visit by phone, publish, review, approve at the county."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from playwright.sync_api import Page, expect
from stdnum import luhn

from relief.lib import clock
from tests.browser.desk import PHONE
from tests.browser.way.people import Crowd, day, number_of

BANK = "云岭银行青岬支行"
TITLE = "2024年困难职工建档公示（第一批）"


def card_of(sequence: int) -> str:
    """A made-up card number that passes the bank's own check."""
    bare = f"622202000000{sequence:06d}"
    return bare + luhn.calc_check_digit(bare)


@dataclass(frozen=True)
class Household:
    """A made-up household: who, and what two persons have and must spend in a year."""

    name: str
    masked: str
    sequence: int
    income: str
    expenses: str
    word: str

    @property
    def id_number(self) -> str:
        return number_of(self.sequence)

    @property
    def card(self) -> str:
        return card_of(self.sequence)


HOUSEHOLDS = (
    Household("唐志远", "唐*远", 11, "30000", "12000", "深度困难"),
    Household("孟广田", "孟*田", 13, "28000", "12000", "深度困难"),
    Household("罗广云", "罗*云", 15, "26000", "12000", "深度困难"),
    Household("秦怀远", "秦*远", 17, "36000", "6000", "相对困难"),
)


def set_standard(who: Crowd) -> None:
    """The county registers what its households are measured by."""
    county = who("county_clerk").menu("职工档案").walk("低保标准")
    county.type(year=str(clock.today().year), monthly="780").press("登记标准").reads("780.00")


def apply_for_all(who: Crowd) -> None:
    """The school's enterer opens, assesses and hands in four households, one after the other."""
    clerk = who("school_clerk").menu("职工档案").reads("还没有档案").shot("no-files", whole=True)
    for at, household in enumerate(HOUSEHOLDS):
        clerk.menu("职工档案").walk("新建档案")
        clerk.type(name=household.name, id_number=household.id_number, employer="青岬县实验小学", cause="illness")
        clerk.type(bank=BANK, card_number=household.card, phone="09006620318")
        clerk.type_at("id_members-0-", relation="wife", name="秦素", id_number=number_of(household.sequence * 10))
        if not at:
            clerk.shot("file-new", whole=True)
        clerk.press("保存").reads("已建立（草稿）").walk("做困难评估")
        clerk.type(persons="2", yearly_income=household.income, rigid_expenses=household.expenses)
        clerk.press("测算并保存").reads(household.word)
        if not at:
            clerk.shot("file-assessed", whole=True)
        clerk.type_at("id_apply_", text="家庭困难，申请建档", amount="600").press("提交申请").reads("已申请")
    clerk.menu("职工档案").reads("共 4 户").shot("files-applied", whole=True)


def plan_round(who: Crowd) -> None:
    """A colleague with a phone plans today's round."""
    phone = who("school_visitor", size=PHONE)
    phone.fits().shot("phone-home", whole=True).menu("走访")
    phone.fits().walk("今天的走访").fits().shot("phone-nothing-planned", whole=True).walk("排一条线路")
    phone.type(planned_on=day(), route="第 1 路 校区南片", leader="华予晴")
    for household in HOUSEHOLDS:
        phone.page.get_by_label(household.masked).check()
    phone.fits().shot("phone-plan", whole=True).press("排好").reads("走访 4 家，完成 0 家").shot(
        "phone-today", whole=True
    )


def visit_by_phone(who: Crowd) -> None:
    """Every household visited writes its note on the phone, and takes its step of the chain there."""
    phone = who("school_visitor")
    for at, _ in enumerate(HOUSEHOLDS, 1):
        phone.walk("写走访记录").type(note="住房紧张，情况属实").choose("campaign", "送温暖")
        phone.page.get_by_label("见到本人").check()
        phone.fits().shot("phone-visit", whole=at == 1).press("保存并去下一家").reads(f"完成 {at} 家")
    phone.shot("phone-done", whole=True)
    for at, household in enumerate(HOUSEHOLDS):
        phone.menu("走访").walk("今天的走访")
        phone.row(household.masked).get_by_role("link", name="档案").click()
        phone.type_at("id_visit_", on=day(), text="情况属实", amount="600").fits()
        phone.shot("phone-step", whole=not at).press("登记入户").reads("已入户")


def publish(who: Crowd) -> str:
    """The enterer draws up the list, the county's approver publishes it; the public address."""
    clerk = who("school_clerk").todo("待公示").walk("拟公示名单")
    until = clock.today() + datetime.timedelta(days=9)
    clerk.type(title=TITLE, starts_on=day(), ends_on=until.isoformat(), contact="青岬县教育工会，0900-6611000")
    for household in HOUSEHOLDS:
        clerk.page.get_by_label(household.masked).check()
    clerk.shot("list-new", whole=True).press("拟好，交审批人发布").reads("等发布").shot("list-drawn", whole=True)
    approver = who("county_approver").shot("approver-home", whole=True).todo(TITLE).press("发布").reads("公开链接")
    address = approver.shot("list-published", whole=True).page.locator("#main a.mono").inner_text()
    clerk.todo("公示已发布").press("把 4 户登记为已公示").reads("没有异议").shot("list-posted", whole=True)
    return address


def read_in_public(page: Page, address: str) -> None:
    """Anybody reads the list without a login: masked names, union and class, and nothing else."""
    page.goto(address)
    expect(page.locator("h1")).to_have_text(TITLE)
    assert page.locator("thead th").all_inner_texts() == ["序号", "姓名", "单位", "类别"]
    rows = [row.locator("td").all_inner_texts() for row in page.locator("tbody tr").all()]
    words = [[str(at), one.masked, "青岬县实验小学工会", one.word] for at, one in enumerate(HOUSEHOLDS, 1)]
    assert rows == words
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    told = page.content()
    secrets = [
        word for one in HOUSEHOLDS for word in (one.name, one.id_number, one.id_number[-4:], one.card, "09006620318")
    ]
    assert [word for word in secrets if word in told] == []


def decide(who: Crowd) -> None:
    """The school's reviewer passes all four; the county approves each with an opinion and an amount."""
    reviewer = who("school_reviewer").shot("reviewer-home", whole=True)
    for at, household in enumerate(HOUSEHOLDS):
        reviewer.todo("待审核").enter(household.masked).shot("file-to-review", whole=not at)
        reviewer.type_at("id_review_", text="材料齐全，同意", amount="600").press("审核通过").reads("已审核")
    approver = who("county_approver")
    for at, household in enumerate(HOUSEHOLDS):
        approver.todo("待审批建档").enter(household.masked).shot("file-to-approve", whole=not at)
        approver.type_at("id_approve_", text="同意建档", amount="600", opened_on=day(20))
        approver.press("审批通过，建档").reads("在档")
    approver.shot("file-active", whole=True)
    who("school_clerk").menu("职工档案").walk("在档").reads("共 4 户").shot("files-active", whole=True)
