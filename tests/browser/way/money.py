"""Money in, two batches out: by card through the bank with two failures, and by hand against signatures."""

from __future__ import annotations

import io

import openpyxl

from tests.beneficiaries.banking.answers import xlsx
from tests.browser.way.cases import HOUSEHOLDS, card_of
from tests.browser.way.people import Crowd, Walker, day, number_of

CARDS, HANDS = "困难职工生活救助（第一批）", "春节坚守岗位职工慰问"
RAISED = (("central", "5000"), ("own_union", "3000"), ("donation", "1000.50"))
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
DUTY = "\n".join(
    ["姓名\t身份证号\t金额（元）\t新就业形态劳动者"]
    + [f"魏建{name}\t{number_of(601 + 2 * at)}\t{300 + at}\t{'否' if at else '是'}" for at, name in enumerate("国民")]
)


def raise_funds(who: Crowd) -> None:
    """What came in, from three sources."""
    clerk = who("school_clerk").menu("资金台账").reads("还没有筹集记录").shot("no-funds", whole=True)
    for at, (source, amount) in enumerate(RAISED):
        clerk.walk("登记筹集").type(source=source, amount=amount, received_on=day(10), voucher=f"记-{at + 1:03d}")
        clerk.choose("campaign", "送温暖").shot("funds-new").press("登记")
    clerk.reads("中央财政", "9,000.50").shot("funds", whole=True)


def open_batch(clerk: Walker, title: str, **values: str) -> Walker:
    clerk.menu("慰问发放").walk("批次", "开立批次")
    clerk.type(title=title, planned_on=day(), **values).choose("campaign", "送温暖")
    return clerk.shot("batch-new", whole=True).press("开立批次").reads("还没有发放对象")


def fill_by_card(who: Crowd) -> None:
    """Households by filter, one more pasted and found by its number, and rice for one of them."""
    clerk = open_batch(
        who("school_clerk"), CARDS, relief_group="dossier_holder", purpose="living", source="central", route="card",
        amount="600",
    )  # fmt: skip
    clerk.shot("batch-empty", whole=True).walk("从档案选户").type(hardship_class="deep").press("筛选")
    clerk.shot("batch-households", whole=True)
    clerk.page.get_by_label("全部符合条件的").check()
    clerk.press("加入本批").reads("已加入 3 户").walk("填写或从 Excel 粘贴")
    one = HOUSEHOLDS[3]
    clerk.type(text=f"姓名\t身份证号\t金额\n{one.name}\t{one.id_number}\t四百").press("检查粘贴的行").reads("不是金额")
    clerk.type(text=f"姓名\t身份证号\t金额\n{one.name}\t{one.id_number}\t400").press("检查粘贴的行").reads("检查通过")
    clerk.shot("batch-pasted", whole=True).press("写入 1 行").reads("已写入 1 行")
    clerk.row(HOUSEHOLDS[0].masked).get_by_role("link").first.click()
    clerk.press("加一行款物").type_at("id_lines-1-", source="donation", route="goods", amount="120.50", item="大米一袋")
    clerk.press("保存并检查").reads("880.00").shot("batch-line", whole=True).walk("回到批次")
    clerk.reads("大米一袋", "720.50").shot("batch-by-card", whole=True)


def fill_by_hand(who: Crowd) -> None:
    """Two workers on duty, pasted: one gets money, one a quilt instead; both sign for it."""
    clerk = open_batch(
        who("school_clerk"), HANDS, relief_group="festival_duty", purpose="relief_visit", source="own_union",
        route="cash", amount="300",
    )  # fmt: skip
    clerk.walk("填写或从 Excel 粘贴").type(text=DUTY).press("检查粘贴的行").press("写入 2 行").reads("已写入 2 行")
    clerk.row("魏*民").get_by_role("link").first.click()
    clerk.type_at("id_lines-0-", source="donation", route="goods", amount="180", item="棉被一床").press("保存并检查")
    clerk.walk("回到批次").reads("棉被一床", "180.00").shot("batch-by-hand", whole=True)


def step(who: Walker, title: str, words: str, count: int, amount: str, *, shot: str = "") -> Walker:
    """One hop of a batch: found in the list, checked against the totals of the paper, confirmed with a receipt."""
    who.menu("慰问发放").walk("批次").enter(title).walk(f"{words} {count} 笔").type(count=str(count), amount=amount)
    if shot:
        who.shot(shot, whole=True)
    return who.press(f"{words} {count} 笔").reads(f"{count} 笔已", "回执")


def decide(who: Crowd, title: str, count: int, amount: str) -> None:
    """Sent by the enterer, reviewed at the school, approved at the county: three persons."""
    step(who("school_clerk"), title, "送审", count, amount, shot="batch-plan")
    step(who("school_reviewer"), title, "审核通过", count, amount, shot="batch-review")
    step(who("county_approver"), title, "审批", count, amount, shot="batch-approve")


def release(who: Crowd, count: int, amount: str) -> Walker:
    """Released only with the right totals."""
    cashier = who("school_cashier")
    cashier.menu("慰问发放").walk("批次").enter(CARDS).walk(f"出账 {count} 笔").type(count=str(count), amount="1")
    cashier.press(f"出账 {count} 笔").reads("不一致").shot("release-wrong-totals", whole=True)
    return cashier.type(count=str(count), amount=amount).press(f"出账 {count} 笔").reads("回执")


def file_of(cashier: Walker, *, shot: str = "") -> list[list[object]]:
    """The bank file made, taken to the bank, and read as the bank does."""
    cashier.walk("生成银行文件").press("做 1 份文件").reads("待下载")
    if shot:
        cashier.shot(shot, whole=True)
    data = cashier.taken("下载文件")
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)]


def lines_of(rows: list[list[object]]) -> list[tuple[object, object, object]]:
    """(card, name, amount) of each line of a bank file."""
    head, *lines = rows
    at = [head.index(title) for title in ("账号", "户名", "金额")]
    return [(line[at[0]], line[at[1]], line[at[2]]) for line in lines]


def answer(cashier: Walker, rows: list[list[object]], failed: dict[str, str]) -> None:
    """The bank's answer: its own rows with an outcome; looked at first, then recorded."""
    head, *lines = rows
    at = head.index("户名")
    said = [[*line, "失败" if line[at] in failed else "成功", failed.get(str(line[at]))] for line in lines]
    cashier.give("file", "结果.xlsx", xlsx([[*head, "处理结果", "失败原因"], *said])).press("读入并核对")
    cashier.reads("还什么都没有登记", *failed.values()).shot("bank-result", whole=True).press("登记结果")
    cashier.reads(f"到账 {len(said) - len(failed)} 笔，失败 {len(failed)} 笔")


WRONG, CLOSED = HOUSEHOLDS[1], HOUSEHOLDS[2]
PAID = list(zip(HOUSEHOLDS, (600, 600, 600, 400), strict=True))
CORRECTED = [(card_of(90 + at), one.name, 600) for at, one in enumerate((WRONG, CLOSED))]
FAILED = {WRONG.name: "户名与账号不符", CLOSED.name: "账户已销户"}


def correct(who: Crowd) -> None:
    """The approver sends the two failed lines back; the enterer writes the new card numbers."""
    approver = (
        who("county_approver").menu("慰问发放").walk("批次").enter(CARDS).shot("batch-failed", whole=True).walk("退回")
    )
    for household in (WRONG, CLOSED):
        approver.row(household.masked).get_by_role("checkbox").check()
    approver.type(reason="银行退回，请核对账号").shot("batch-return", whole=True).press("退回勾选的行").reads(
        "2 笔已退回"
    )
    clerk = who("school_clerk")
    for at, household in enumerate((WRONG, CLOSED)):
        clerk.menu("慰问发放").walk("批次").enter(CARDS).reads(FAILED[household.name])
        clerk.row(household.masked).get_by_role("link").first.click()
        clerk.reads(f"退回：银行退回，请核对账号（银行：{FAILED[household.name]}）").type(
            card_number=card_of(90 + at)
        ).press("保存并检查").walk("回到批次")
    clerk.shot("batch-corrected", whole=True)


def sign(who: Crowd) -> None:
    """The cashier prints the sign list, notes who collected for somebody, and records the signatures."""
    cashier = who("school_cashier").menu("慰问发放").walk("批次").enter(HANDS)
    paper = cashier.page.locator("form.batch-papers p").filter(has_text="签收表")
    with cashier.page.expect_download() as download:
        paper.get_by_role("button", name="PDF", exact=True).click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    cashier.walk("登记签收 2 笔").row("魏*国").get_by_role("link", name="登记代领").click()
    cashier.type(name="秦素云", relation="配偶", id_number=number_of(771)).shot("proxy").press("登记代领")
    cashier.reads("配偶代领").type(count="2", amount="480", paid_on=day()).give(
        "upload", "签收表.pdf", PDF, "application/pdf"
    )
    cashier.shot("batch-sign", whole=True).press("登记签收").reads("2 笔已登记签收").shot("batch-signed", whole=True)
