"""What a grassroots union keeps: a household through its chain, money in, payouts to the end, visits, activities."""

from __future__ import annotations

import datetime

from beneficiaries.models import Dossier, Payout
from relief.lib import clock, idnumber

OPENED, PAID = "2024-01-08", "2024-01-16"
CARD = "6222020000000000000"


def number_of(born: datetime.date, sequence: int) -> str:
    """A made-up ID number with a valid check digit, of a region that does not exist."""
    return idnumber.make("999901", born, sequence)


HOLDER_ID = number_of(datetime.date(1978, 3, 5), 11)
WIFE_ID = number_of(datetime.date(1980, 7, 19), 22)
CHILD_ID = number_of(datetime.date(2013, 9, 2), 13)
GUARD_ID = number_of(datetime.date(1985, 11, 21), 17)
MODEL_ID = number_of(datetime.date(1990, 5, 8), 24)


def set_standard(desk) -> None:
    """The county registers what its households are measured by."""
    county = desk("county_clerk").go("standards").type(year=str(clock.today().year), monthly="780")
    county.press("登记标准").reads("780.00").shot("standard")


def open_dossier(desk) -> Dossier:
    """A household with wife and child; a wrong digit in an ID number is told at its field."""
    clerk = desk("clerk").go("dossier_list").shot("dossiers-empty").go("dossier_new")
    clerk.type(
        name="唐志远", id_number=HOLDER_ID, phone="09006620318", address="青岬县临江路9号", employer="青岬县第一中学"
    )
    clerk.type(
        health="终末期肾病", cause="illness", bank="云岭银行青岬支行", card_number=CARD, certificate="特困职工救助证"
    )
    clerk.press("再加一位成员")
    clerk.type_at("id_members-0-", relation="wife", name="秦素云", id_number=WIFE_ID[:-1] + "A", monthly_income="1800")
    clerk.type_at("id_members-1-", relation="daughter", name="唐小禾", id_number=CHILD_ID, role="学生")
    clerk.press("保存").shot("dossier-wrong-id", whole=True)
    clerk.type_at("id_members-0-", id_number=WIFE_ID).type(id_number=HOLDER_ID)
    clerk.press("保存").reads("已建立（草稿）").shot("dossier-draft", whole=True)
    return Dossier.objects.get()


def assess(desk, dossier: Dossier) -> None:
    clerk = desk("clerk").go("dossier_assess", dossier.pk)
    clerk.type(persons="3", yearly_income="54000", rigid_expenses="30000", job_cost="3600")
    clerk.shot("assessment-form").press("测算并保存").reads("666.67", "深度困难").shot("assessed", whole=True)


def walk_chain(desk, dossier: Dossier) -> None:
    """Applied, visited, posted by the clerks; reviewed and approved by two other persons."""
    clerk = desk("clerk").go("dossier_detail", dossier.pk)
    clerk.type_at("id_apply_", text="家庭困难，申请建档").press("提交申请").reads("已申请")
    clerk.type_at("id_visit_", on="2024-01-02", text="情况属实").press("登记入户").reads("已入户")
    clerk.type_at("id_post_", on="2024-01-02", until="2024-01-09").press("登记公示").reads("已公示").shot(
        "dossier-posted"
    )
    reviewer = desk("reviewer").go("dossier_detail", dossier.pk).shot("dossier-review", whole=True)
    reviewer.type_at("id_review_", text="材料齐全，同意").press("审核通过").reads("已审核")
    approver = desk("approver").go("dossier_detail", dossier.pk)
    approver.type_at("id_approve_", text="同意建档", opened_on=OPENED).press("审批通过，建档").reads("在档")
    clerk.go("dossier_detail", dossier.pk).reads("在档", "深度困难").shot("dossier-active", whole=True)


def raise_funds(desk) -> None:
    clerk = desk("clerk").go("funds").shot("funds-empty")
    for source, amount in (("central", "6000"), ("own_union", "10000"), ("donation", "5000.50")):
        clerk.go("funds_new").type(source=source, amount=amount, received_on="2024-01-05", voucher="记-012")
        campaign = clerk.page.locator("#id_campaign option", has_text="2024年元旦春节送温暖").get_attribute("value")
        clerk.type(campaign=campaign).page.locator(".form-actions .btn-primary, form button.btn-primary").first.click()
    clerk.go("funds").reads("中央财政", "5,000.50").shot("funds", whole=True)


def draft_payouts(desk) -> list[Payout]:
    """A household by card and goods, a front-line worker in cash, a model worker with goods."""
    clerk = desk("clerk").go("payout_new")
    household = clerk.page.locator("#id_dossier option", has_text="G1").get_attribute("value")
    clerk.type(dossier=household, relief_group="dossier_holder", purpose="living", planned_on=PAID)
    _line(clerk, 0, "central", "card", "600")
    _line(clerk, 1, "donation", "goods", "120.50", item="大米一袋")
    _save(clerk, "payout-household")
    for name, number, group, trait, rest in (
        ("魏建国", GUARD_ID, "festival_duty", "gig_worker", ("own_union", "cash", "300", "")),
        ("苏晚晴", MODEL_ID, "role_model", "model_worker", ("donation", "goods", "180", "棉被一床")),
    ):
        clerk.go("payout_new").type(
            recipient=name, id_number=number, relief_group=group, purpose="relief_visit", planned_on=PAID
        )
        clerk.page.locator(f'input[name=traits][value="{trait}"]').check()
        source, route, amount, item = rest
        _line(clerk, 0, source, route, amount, item=item)
        _save(clerk, f"payout-{group}")
    return list(Payout.objects.order_by("pk"))


def _line(clerk, place: int, source: str, route: str, amount: str, item: str = "") -> None:
    if not clerk.page.locator(f"#id_lines-{place}-source").count():
        clerk.press("加一行款物")
    clerk.type_at(f"id_lines-{place}-", source=source, route=route, amount=amount, item=item)


def _save(clerk, name: str) -> None:
    campaign = clerk.page.locator("#id_campaign option", has_text="2024年元旦春节送温暖").get_attribute("value")
    clerk.type(campaign=campaign).press("存为草稿").reads("草稿").shot(name, whole=True)


def pay(desk, payouts: list[Payout]) -> None:
    """Sent, reviewed, approved, released, paid: four persons, all of them others."""
    total = "1200.50"
    _step(desk("clerk"), "plan", "送审", payouts)
    _step(desk("reviewer"), "review", "审核通过", payouts)
    _step(desk("approver"), "approve", "审批", payouts, count="3", amount=total)
    _step(desk("cashier"), "release", "出账", payouts[:1], count="1", amount="720.50")
    _step(desk("cashier"), "settle", "登记已发放", payouts, paid_on=PAID)
    desk("clerk").go("payout_list", query="?stage=paid").reads("3 人次", "1,200.50").shot("paid", whole=True)


def _step(who, step: str, words: str, payouts: list[Payout], **fields: str) -> None:
    who.go("payout_list")
    for payout in payouts:
        who.page.locator(f'input[name=p][value="{payout.pk}"]').check()
    who.press(words).reads(f"{words}：{len(payouts)} 笔").type(**fields).shot(f"payouts-{step}", whole=True)
    who.press(f"{words} {len(payouts)} 笔").reads(f"{len(payouts)} 笔")


def visit_and_serve(desk) -> None:
    """A household and an enterprise visited; culture for members, a journey home, wages recovered."""
    clerk = desk("clerk").go("visit_household")
    household = clerk.page.locator("#id_dossier option", has_text="G1").get_attribute("value")
    clerk.type(dossier=household, visited_on=PAID, with_relief=True).press("保存").reads("唐")
    clerk.go("visit_enterprise").type(enterprise="青岬纸业有限公司", visited_on=PAID, in_difficulty=True)
    clerk.press("保存").shot("visits", whole=True)
    for kind, counts in (
        ("culture", {"contacts": "42"}),
        ("journey_home", {"contacts": "7"}),
        ("wage_recovery", {"contacts": "4", "farmer_contacts": "3", "amount": "26500", "farmer_amount": "18500"}),
    ):
        clerk.go("activity_new").type(kind=kind).press("下一步").type(held_on=PAID, **counts)
        clerk.page.locator("form .btn-primary").first.click()
    clerk.go("activities").shot("activities", whole=True)
