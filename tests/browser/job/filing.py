"""The form from the records to the receipt, through two rounds, up four levels to 定稿, and every download."""

from __future__ import annotations

from playwright.sync_api import expect

from campaigns.models import Campaign
from reporting.models import Round, Submission

REPORT = "我校工会认真落实通知要求，两节期间走访困难职工和一线职工，款物全部实名发放。"
# What the records of this union come to: typed cells to the last 分, formulas as the paper prints them.
FILLED = {
    "A": "1",
    "B1": "0.60",
    "B3": "1.00",
    "B4": "0.50005",
    "B": "2.10",
    "C7": "1",
    "C10": "1",
    "C11": "1",
    "C": "3",
    "D7": "0.03",
    "D10": "0.018",
    "D11": "0.07205",
    "D": "0.12",
    "E2": "1",
    "E": "1",
    "F2": "42",
    "F": "42",
    "G": "7",
    "H": "3",
    "I": "1.85",
    "J1": "1",
    "J2": "0.03",
}


def submission(campaign: Campaign, union, kind: str = "form") -> Submission:
    return Submission.objects.get(deliverable__campaign=campaign, deliverable__kind=kind, union=union)


def shown(desk, *codes: str) -> dict[str, str]:
    """The figures on the open form by code."""
    found = {}
    for code in codes:
        cell = desk.page.locator(f"#c-{code}")
        typed = cell.evaluate("cell => cell.tagName") == "INPUT"
        found[code] = (cell.input_value() if typed else cell.inner_text()).strip()
    return found


def fill(desk, form: Submission) -> None:
    """The form has filled itself; one figure is typed over, first without, then with a reason; one is looked into."""
    clerk = desk("clerk").go("submission_page", form.pk)
    assert shown(clerk, *FILLED) == FILLED
    clerk.shot("form-filled", whole=True)
    clerk.type_at("c-", G="9").press("保存").reads("台账 7，手填 9", "还没有说明原因").shot("form-differs", whole=True)
    clerk.type_at("n-", G="另有2人自行乘车，已电话核实").press("保存").reads("台账 7，手填 9", "另有2人自行乘车").shot(
        "form-explained"
    )
    clerk.go("figure_page", form.pk, "D").reads("D11").follow("D11", within="#main")
    clerk.reads("FF-2024-000001", "720.50").shot("figure", whole=True)


def hand_in(desk, form: Submission) -> None:
    """The receipt, the frozen round, both downloads."""
    clerk = desk("clerk").go("submission_page", form.pk).press("保存并上报").reads("已上报第 1 轮")
    clerk.reads(Round.objects.get(submission=form).receipt).shot("receipt", whole=True)
    _downloads(clerk, form)


def report(desk, form: Submission, paper: bytes) -> None:
    """The written report: text and a file."""
    clerk = desk("clerk").go("submission_page", form.pk)
    clerk.page.locator("#file").set_input_files(
        {"name": "活动报告.pdf", "mimeType": "application/pdf", "buffer": paper}
    )
    clerk.press("上传").reads("活动报告.pdf").type_at("", report_text=REPORT).press("保存并上报")
    clerk.reads("已上报第 1 轮").shot("report-receipt")


def send_back(desk, form: Submission) -> None:
    """The county opens the review, pins a question to a cell and returns the form."""
    reviewer = desk("county_reviewer").open("/").shot("reviewer-first-page", whole=True)
    reviewer.go("review_page", form.pk).shot("review-waiting").press("开始审核").reads("给填报单位的话")
    reviewer.press("退回").reads("没有办理").shot("return-needs-reason")
    reviewer.page.locator('summary[aria-label="在 G 上钉意见"]').click()
    reviewer.page.locator('input[name="pin-G"]').fill("与车站记录不符，请核对")
    reviewer.type_at("", reason="返乡人次请核对后重报").shot("review-pinned", whole=True)
    reviewer.press("退回", within="#decision").reads("返乡人次请核对后重报")


def correct(desk, form: Submission) -> None:
    """The clerk reads why, goes back to the records' figure, and hands in the second round."""
    clerk = desk("clerk").open("/").shot("clerk-returned", whole=True)
    clerk.go("submission_page", form.pk).reads("返乡人次请核对后重报", "与车站记录不符").shot("returned", whole=True)
    clerk.press("改回 7").go("submission_page", form.pk)
    assert shown(clerk, "G") == {"G": "7"}
    clerk.press("保存并上报").reads("已上报第 2 轮").shot("second-round", whole=True)


def accept(desk, who: str, form: Submission, *, shot: str = "") -> None:
    reviewer = desk(who).go("review_page", form.pk).press("开始审核").reads("给填报单位的话")
    if shot:
        reviewer.shot(shot, whole=True)
    number = Round.objects.filter(submission=form).count()
    reviewer.press(f"接收第{number}轮")
    expect(reviewer.page.get_by_role("button", name=f"接收第{number}轮", exact=True)).to_have_count(0)
    form.refresh_from_db()
    assert form.state == "accepted"


def nil(desk, form: Submission) -> None:
    """A union where nothing happened says so in one step."""
    clerk = desk("museum_clerk").go("submission_page", form.pk)
    clerk.page.get_by_text("本单位本次没有发生：零报告").click()
    clerk.type_at("", nil="本单位本次没有发放").press("提交零报告").reads("零报告").shot("nil-report")


def hand_in_upwards(desk, who: str, form: Submission, *, missing: str = "") -> None:
    """A level above: the own row, the roll-up of accepted children, the missing ones explained, hand-in, downloads."""
    level = desk(who).go("submission_page", form.pk)
    if missing:
        level.press("保存并上报").reads("没有上报").shot(f"{who}-missing", whole=True)
        level.type_at("", missing_note=missing)
    level.shot(f"{who}-form", whole=True).press("保存并上报").reads("已上报第 1 轮")
    level.go("rollup_page", form.pk).shot(f"{who}-rollup", whole=True)
    level.go("history_page", form.pk).shot(f"{who}-receipt")
    _downloads(level, form)


def finalise(desk, form: Submission) -> None:
    """Nobody stands above the issuer: a second person closes; the one who handed in is told why not."""
    own = desk("province_clerk").go("review_page", form.pk)
    assert own.page.get_by_role("button", name="定稿").count() == 0
    desk("province_approver").go("review_page", form.pk).press("定稿").reads("定稿").shot("final", whole=True)
    form.refresh_from_db()
    assert (form.state, form.decided_by.name) == ("accepted", "祁望舒")


def _downloads(at, form: Submission) -> None:
    """The frozen round as Excel and PDF, from the page of the receipts."""
    at.go("history_page", form.pk)
    assert at.download('a[href*="form.xlsx"]').startswith(b"PK")
    assert at.download('a[href*="form.pdf"]').startswith(b"%PDF")
