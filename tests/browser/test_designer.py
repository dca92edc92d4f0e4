"""Forms built in the browser alone: few steps, odd shapes, undo, two people at once, and nothing faulty comes into use."""

from __future__ import annotations

import datetime
import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Route, expect

from campaigns import actions as campaign_actions
from campaigns.enums import CampaignKind, DeliverableKind
from relief.lib import clock
from reporting import actions, designing
from reporting.models import FormDraft, FormVersion, Round, Submission
from tests.browser.desk import DESK, PHONE
from tests.browser.hands import Hands
from tests.browser.sheets import CARE, CROSS, SENTENCES
from tests.browser.test_pages import WIDEST, grave_findings

pytestmark = pytest.mark.xdist_group("browser")

DAY = datetime.timedelta(days=1)


def new_form(desk, form_id: str, title: str) -> Hands:
    """A blank form, begun on the list of drafts; the two fields and the button are steps too."""
    page = desk("organiser").go("designer_list").page
    blank = page.locator("#new-blank")
    blank.get_by_label("表名").fill(title)
    blank.get_by_label("表样代码").fill(form_id)
    blank.get_by_role("button", name="建立空白草稿").click()
    return Hands(page, steps=3).ready()


def begin(desk, people, form_id: str, *rows: dict, items: tuple[dict, ...] = ()) -> tuple[Hands, FormDraft]:
    """A small draft that is there already, opened."""
    raw = designing.blank_form(form_id, "小样表", 2027)
    raw["items"] = list(items)
    raw["layout"]["rows"] += rows
    draft = actions.create_draft(by=people.organiser, union=people.province, raw=raw)
    return Hands(desk("organiser").go("designer_page", draft.pk).page).ready(), draft


def item(code: str, label: str, unit: str = "人次", **more: object) -> dict:
    money = unit in ("元", "万元")
    return {
        "code": code,
        "label": label,
        "unit": unit,
        "places": 2 if money else 0,
        "kind": "money" if money else "number",
        "over_children": "sum",
        **more,
    }


def row(number: str, *content: object, value: str = "") -> dict:
    """One line of the usual five columns: 编号, 代码, 项目 over two, 合计."""
    return {
        "cells": [
            {"col": 0, "style": "no", "content": [number]},
            {"col": 1, "style": "code", "content": []},
            {"col": 2, "colspan": 2, "style": "label", "content": list(content)},
            {"col": 4, "style": "value", "content": [{"blank": value}] if value else []},
        ]
    }


TWO = (item("A", "走访"), item("B", "其中农民工"))
TWO_ROWS = (row("1", "走访（人次）", value="A"), row("2", "其中农民工（人次）", value="B"))


def enable(hands: Hands, form_id: str) -> FormVersion:
    """Press 启用 and land on the page of the version."""
    hands.sound().press("启用第1版")
    hands.page.wait_for_url("**/forms/*/")
    return FormVersion.objects.get(form_id=form_id)


# ---------------------------------------------------------------- a: seventy blanks in few steps
def test_an_unseen_sheet_of_seventy_blanks_takes_few_steps(people, desk):
    """Title, blocks, units, 其中 and five formulas come with the paste; sources and two checks are added."""
    hands = new_form(desk, "care-2027", "职工关爱行动统计表")
    hands.click(hands.cell(0, 0)).paste(CARE)
    dialog = "#designer-paste"
    expect(hands.page.locator(dialog)).to_contain_text("70 个空")
    desk("organiser").shot("designer-paste")
    hands.press("加入 70 个空", within=dialog)
    expect(hands.page.locator("#designer-title")).to_have_text("2027年职工关爱行动统计表")
    _sources(hands)
    _checks(hands)
    expect(hands.page.locator("#designer-preview")).to_contain_text("三种输出用同一份版面")
    desk("organiser").shot("designer-seventy", whole=True)
    version = enable(hands, "care-2027")
    assert (len(version.spec["items"]), sum(1 for each in version.spec["items"] if each["formula"])) == (70, 5)
    assert [len(version.spec[part]) for part in ("blocks", "checks")] == [13, 2]
    assert by_code(version, "C1")["source"] == {
        "terms": [{"measure": "payouts.contacts", "where": {"group": ["dossier_holder"]}}]
    }
    assert hands.steps <= 3 * 70, f"{hands.steps} steps for 70 blanks"


def by_code(version: FormVersion, code: str) -> dict:
    return next(each for each in version.spec["items"] if each["code"] == code)


def _sources(hands: Hands) -> None:
    """Eight groups from the payouts by one act, each narrowed to its group of people; the same for the money."""
    for first, last, measure in (("C1", "C8", "payouts.contacts"), ("D1", "D8", "payouts.amount")):
        hands.click(hands.chip(first).locator("xpath=ancestor::td"))
        hands.click(hands.chip(last).locator("xpath=ancestor::td"), modifiers=["Shift"], position={"x": 4, "y": 4})
        hands.choose("台账").pick("第 1 项数什么", measure)
    hands.click(hands.chip("C1")).click('[data-key="fgroup"] summary').click('[data-key="w0groupdossier_holder"]')


def _checks(hands: Hands) -> None:
    for expression, words in (("A >= A1", "走访企业应不少于其中"), ("K4 >= K3", "志愿服务人次应不少于志愿者")):
        hands.press("+ 新检查").write("算式（成立为对）", expression, within="#designer-checks")
        hands.write("提示语，{代码} 处填数", f"{words}，请核实。", within="#designer-checks")
        hands.press("收起", within="#designer-checks")


# ---------------------------------------------------------------- b: two odd forms, built, chosen, filled, handed in
def test_two_odd_forms_go_from_the_designer_to_the_receipt(people, desk):
    """A two-way table with 其中 at two depths and a check with >=, and a form of sentences with three blanks each."""
    forms = {"cross": _build_cross(desk), "three": _build_sentences(desk)}
    check = forms["cross"].spec["checks"][0]
    assert (check["expression"], len(check["passing"]), len(check["failing"])) == ("A2 >= A1", 1, 1)
    edges = {(edge["child"], edge["parent"]) for edge in forms["cross"].spec["relations"]}
    assert edges == {(f"{row}{n}", f"{whole}{n}") for row, whole in ("BA", "CB", "DA") for n in "123"}
    campaign = _campaign(people)
    _choose_and_publish(desk, campaign, forms)
    for key, figures in FILLED.items():
        _fill_and_hand_in(desk, _filing(campaign, people.mill, key), *figures)
    rounds = Round.objects.filter(submission__deliverable__campaign=campaign).values_list("number", flat=True)
    assert list(rounds) == [1, 1]


def _filing(campaign, union, key: str) -> Submission:
    return Submission.objects.get(deliverable__campaign=campaign, deliverable__key=key, union=union)


def _build_cross(desk) -> FormVersion:
    hands = new_form(desk, "cross-2027", "交叉统计表")
    hands.click(hands.cell(0, 0)).paste(CROSS)
    for column in "123":
        hands.pick(f"C{column} 与 A{column} 的关系", "", within="#designer-paste")
    hands.press("加入 12 个空", within="#designer-paste")
    for column in "123":
        hands.click(hands.chip(f"C{column}")).pick("加一条关系：属于哪个空", f"B{column}")
        hands.pick(f"C{column} 属于 B{column} 的关系", "subset")
    hands.press("+ 新检查").write("算式（成立为对）", "A2 >= A1", within="#designer-checks")
    hands.write("提示语，{代码} 处填数", "人次 {A2} 应不少于户数 {A1}，请核实。", within="#designer-checks")
    desk("organiser").shot("designer-cross", whole=True)
    return enable(hands, "cross-2027")


def _build_sentences(desk) -> FormVersion:
    """Three sentences are pasted, a fourth is typed into a new row."""
    hands = new_form(desk, "sentences-2027", "三空一句统计表")
    hands.click(hands.cell(0, 0)).paste(SENTENCES).press("加入 9 个空", within="#designer-paste")
    hands.click(hands.chip("2A")).click(hands.page.locator("#designer-tools summary", has_text="插入行")).press(
        "在下面加一行"
    )
    hands.type_in_cell(4, 1, "（B）").type_in_cell(4, 2, "招募志愿者 __ 人，开展服务 __ 场次，其中节日期间 __ 场次。")
    desk("organiser").shot("designer-sentences", whole=True)
    return enable(hands, "sentences-2027")


def _choose_and_publish(desk, campaign, forms: dict[str, FormVersion]) -> None:
    organiser = desk("organiser").go("campaign_forms", campaign.pk)
    chosen = organiser.page.locator("select[name^=form-]")
    for place, version in enumerate(forms.values()):
        chosen.nth(place).select_option(str(version.pk))
    organiser.press("保存表样").go("campaign_preview", campaign.pk).press("提请确认").reads("已提请确认")
    desk("second_organiser").go("campaign_preview", campaign.pk).press("确认发布给 1 家单位")


def _fill_and_hand_in(desk, submission, filled: dict[str, str], wrong: dict[str, str], sentence: str) -> None:
    """A figure that the form's own relations refuse is told; the right one goes in."""
    clerk = desk("clerk").go("submission_page", submission.pk)
    clerk.type_at("c-", **filled | wrong).press("保存并上报").reads("没有上报", sentence)
    clerk.type_at("c-", **filled).press("保存并上报").reads("已上报第 1 轮")
    clerk.shot(f"designer-filed-{submission.deliverable.key}", whole=True)


def _campaign(people):
    now = clock.db_now()
    campaign = campaign_actions.create_campaign(
        by=people.organiser,
        issuer=people.province,
        code="odd-2027",
        title="2027年关爱行动",
        year=2027,
        kind=CampaignKind.TWO_FESTIVALS,
        starts_on=datetime.date(2027, 1, 1),
        ends_on=datetime.date(2027, 2, 28),
    )
    for key, title in (("cross", "交叉统计表"), ("three", "三空一句统计表")):
        campaign_actions.set_deliverable(
            by=people.organiser,
            campaign=campaign,
            key=key,
            kind=DeliverableKind.FORM,
            title=title,
            required=True,
            period_from=campaign.starts_on,
            period_to=campaign.ends_on,
            opens_at=now - DAY,
            due_at=now + 10 * DAY,
            late_until=None,
            edit_until=now + 20 * DAY,
            visible_until=now + 700 * DAY,
            leads={"grassroots": 0},
        )
    campaign_actions.select_addressees(by=people.organiser, campaign=campaign, unions=[people.mill])
    fields = {"title": "关于开展2027年关爱行动的通知", "salutation": "各单位：", "body": "现将有关事项通知如下。"}
    fields |= {"issued_on": clock.today(), "signatories": [people.province.name]}
    campaign_actions.save_notice(by=people.organiser, campaign=campaign, version=None, fields=fields)
    return campaign


CELLS = [f"{row}{column}" for row in "ABCD" for column in "123"]
SENTENCE_CELLS = "1A 1A1 1A2 1B 1B1 1B2 2A 2A1 2A2 2B 2B1 2B2".split()
FILLED = {
    "cross": (
        dict(zip(CELLS, "9 12 3.5 6 8 2.5 2 3 1.25 1 1 0.5".split(), strict=True)),
        {"C2": "9"},
        "C2",
    ),
    "three": (
        dict(zip(SENTENCE_CELLS, "2 31 1.86 8 3 2400 1 5 7.5 20 6 4".split(), strict=True)),
        {"1B1": "9"},
        "1B1",
    ),
}


def test_a_pasted_row_of_heads_is_a_list_of_unions(people, desk):
    """The one row opens the dialog on an empty form; the list has its line, its total and no fault."""
    hands = new_form(desk, "heads-2027", "送温暖统计清单")
    hands.click(hands.cell(0, 0)).paste("序号\t受助人数\t帮困金额（万元）\t慰问走访人数")
    hands.press("加入 3 个空", within="#designer-paste").sound().saved()
    layout = FormDraft.objects.get(form_id="heads-2027").spec["layout"]
    assert (layout["kind"], layout["total"], len(layout["rows"])) == ("list", {"label": "合计"}, 1)
    assert [cell["content"] for cell in layout["line"]["cells"]][:2] == [[{"field": "no"}], [{"blank": "A1"}]]


# ---------------------------------------------------------------- c: the tools
def test_labels_become_blanks_while_one_types(people, desk):
    """Each label with its unit makes a blank in the value cell; 其中 and a printed comparison are read, codes are printed.

    The network is slow: the first answer comes when all is typed and 保存草稿 was pressed, and nothing is lost by it.
    """
    hands, draft = begin(desk, people, "typed-2027")
    held: list[Route] = []
    hands.page.route(re.compile("/recognise"), lambda route: route.continue_() if held else held.append(route))
    hands.click(hands.page.get_by_role("button", name="加一行", exact=True))
    hands.click(hands.cell(1, 2)).keys("Enter")
    for label in ("走访企业（家）", "其中：困难企业（家）", "筹集款物（万元）", "停产企业（家） ≤A"):
        hands.page.keyboard.insert_text(label)
        hands.keys("Control+Enter", "Enter")
    hands.keys("Escape")
    expect(hands.page.locator("#designer-outline")).to_contain_text("停产企业")
    hands.press("保存草稿")
    held[0].continue_()
    expect(hands.page.locator("#designer-state")).to_contain_text(re.compile(r"\d 已保存"))
    draft.refresh_from_db()
    assert [(each["label"], each["unit"]) for each in draft.spec["items"]] == [
        ("走访企业", "家"),
        ("困难企业", "家"),
        ("筹集款物", "万元"),
        ("停产企业", "家"),
    ]
    first, second, _, last = (each["code"] for each in draft.spec["items"])
    assert [check["expression"] for check in draft.spec["checks"]] == [f"{last} <= {first}"]
    assert draft.spec["relations"] == [{"child": second, "parent": first, "kind": "subset"}]
    hands.stands(1, 1, first).stands(1, 4, f"{{{first}}}")


def test_everything_can_be_undone(people, desk):
    """Merge, split, rows, columns, typing, moving: each a step back and forth."""
    hands, draft = begin(desk, people, "undo-2027", *TWO_ROWS, items=TWO)
    before = hands.text_of(1, 2)
    hands.click(hands.cell(1, 0)).click(hands.cell(2, 0), modifiers=["Shift"]).press("合并", within="#designer-tools")
    expect(hands.cell(1, 0)).to_have_attribute("rowspan", "2")
    hands.press("拆分", within="#designer-tools")
    expect(hands.cell(2, 0)).to_have_attribute("rowspan", "1")
    hands.type_in_cell(1, 2, "，其中困难企业 __ 家")
    hands.says("新建 1 个空").stands(1, 2, "走访（人次），其中困难企业 {12} 家")
    hands.click(hands.chip("A")).press("拿起", within="#designer-inspector").click(hands.cell(2, 2)).press("放到这里")
    hands.stands(2, 2, "其中农民工（人次）{A}")
    hands.keys(*["Control+z"] * 4)
    hands.stands(1, 2, before)
    expect(hands.cell(1, 0)).to_have_attribute("rowspan", "1")
    hands.keys(*["Control+y"] * 2).says("已重做：拆分")
    hands.keys("Control+y").stands(1, 2, "走访（人次），其中困难企业 {12} 家").saved()
    draft.refresh_from_db()
    assert [each["code"] for each in draft.spec["items"]] == ["A", "B", "12"]


def test_a_blank_is_dragged_into_a_sentence(people, desk):
    """With the mouse into the middle of the words, then on by keys, sign by sign."""
    hands, _ = begin(desk, people, "drag-2027", *TWO_ROWS, items=TWO)
    words = hands.cell(2, 2).locator(".dz-text")
    box = words.bounding_box()
    hands.drag("A", words, x=round(box["width"] * 5.5 / 9)).says("空格 A 已放到 C3")
    head, _, tail = hands.text_of(2, 2).partition("{A}")
    assert (head + tail, bool(head), bool(tail)) == ("其中农民工（人次）", True, True)
    hands.keys("Alt+ArrowLeft")
    hands.stands(2, 2, f"{head[:-1]}{{A}}{head[-1]}{tail}").stands(1, 4, "空单元格")


def test_two_people_lose_nothing(people, desk):
    """A stale save shows both; mine wins when chosen, theirs when chosen, and mine can still be had by undo."""
    hands, draft = begin(desk, people, "stale-2027", *TWO_ROWS, items=TWO)
    inspector = "#designer-inspector"

    def theirs(label: str) -> None:
        draft.refresh_from_db()
        spec = {**draft.spec, "items": [{**draft.spec["items"][0], "label": label}, *draft.spec["items"][1:]]}
        actions.save_draft(by=people.second_organiser, draft=draft, version=draft.version, raw=spec)

    theirs("对方改的名称")
    hands.click(hands.chip("B")).write("名称", "我改的名称", within=inspector)
    dialog = hands.page.locator("#designer-stale")
    expect(dialog).to_contain_text("贺明川 也改了这份草稿")
    expect(dialog).to_contain_text("B 名称：其中农民工 → 我改的名称")
    expect(dialog).to_contain_text("A 名称：走访 → 对方改的名称")
    desk("organiser").shot("designer-stale")
    with hands.page.expect_download() as mine:
        hands.press("下载我的", within="#designer-stale")
    assert json.loads(mine.value.path().read_text())["items"][1]["label"] == "我改的名称"
    hands.press("用我的", within="#designer-stale")
    expect(hands.page.locator("#designer-state")).to_contain_text("已保存")
    draft.refresh_from_db()
    assert [each["label"] for each in draft.spec["items"]] == ["走访", "我改的名称"]
    theirs("对方又改的")
    hands.write("名称", "我又改的", within=inspector).press("用对方的", within="#designer-stale")
    expect(hands.page.locator("#designer-outline")).to_contain_text("对方又改的")
    hands.click(hands.cell(1, 2)).keys("Control+z")
    expect(hands.page.locator("#designer-outline")).to_contain_text("我又改的")


def test_an_expired_login_keeps_the_draft(people, desk):
    """What could not be saved stays on this computer and comes back after the login."""
    hands, draft = begin(desk, people, "expired-2027", *TWO_ROWS, items=TWO)
    organiser = desk("organiser")
    organiser.context.clear_cookies()
    hands.click(hands.chip("A")).write("名称", "走访一线职工", within="#designer-inspector")
    expect(hands.page.locator("#designer-state")).to_contain_text("登录已过期")
    organiser.log_in("organiser").go("designer_page", draft.pk)
    expect(hands.page.locator("#designer-kept")).to_contain_text("没有存上的改动")
    hands.press("恢复").saved()
    draft.refresh_from_db()
    assert draft.spec["items"][0]["label"] == "走访一线职工"


def test_a_counter_example_that_slips_through_blocks_enabling(people, desk):
    """The check forgets a blank; the page says so, 启用 stays shut, and the repaired expression opens it."""
    three = (*TWO, item("C", "其中新就业形态劳动者"))
    rows = (*TWO_ROWS, row("3", "其中新就业形态劳动者（人次）", value="C"))
    hands, _ = begin(desk, people, "slip-2027", *rows, items=three)
    hands.press("+ 新检查").write("算式（成立为对）", "B <= A", within="#designer-checks").sound()
    hands.write("反例，应拦住 第 1 例", "A=10，B=6，C=6", within="#designer-checks")
    checks = hands.page.locator("#designer-checks")
    expect(checks).to_contain_text("K01 的反例没有拦住")
    expect(hands.page.locator("#designer-enable")).to_have_attribute("aria-disabled", "true")
    desk("organiser").shot("designer-slip", whole=True)
    hands.click("#designer-enable", force=True).says("改正后才能启用")
    assert not FormVersion.objects.filter(form_id="slip-2027").exists()
    hands.press("采用", within="#designer-checks").sound()
    expect(checks).to_contain_text("B+C <= A")


def test_previews_show_the_three_outputs(people, desk):
    hands, _ = begin(desk, people, "shown-2027", *TWO_ROWS, items=TWO)
    preview = hands.page.locator("#designer-preview")
    expect(preview.get_by_label("A 走访")).to_be_visible()
    hands.click(preview.get_by_role("tab", name="Excel"))
    expect(preview.locator(".excel-grid")).to_contain_text("走访（人次）")
    hands.click(preview.get_by_role("tab", name="PDF"))
    frame = preview.locator("iframe")
    expect(frame).to_have_attribute("title", "小样表 PDF 预览")
    first = frame.get_attribute("src")
    assert [preview.get_by_role("link", name=f"{word} PDF").get_attribute("href") for word in ("打开", "下载")] == [
        first.removesuffix("#view=FitH")
    ] * 2
    hands.click(hands.chip("A")).write("名称", "走访一线职工", within="#designer-inspector").saved()
    expect(frame).not_to_have_attribute("src", first)


def test_the_designer_is_accessible_and_opens_on_a_phone(people, desk):
    """No serious finding of axe with an inspector full of fields; a phone is told to take a wider screen."""
    hands, _ = begin(desk, people, "axe-2027", *TWO_ROWS, items=TWO)
    hands.click(hands.chip("A")).choose("台账")
    expect(hands.page.locator("#designer-inspector")).to_contain_text("统计期")
    page = hands.page
    assert grave_findings(Axe(), page) == []
    page.set_viewport_size(PHONE)
    expect(page.get_by_text("设计表样请用宽屏")).to_be_visible()
    desk("organiser").shot("designer-phone")
    width, beyond = page.evaluate(WIDEST)
    page.set_viewport_size(DESK)
    assert width <= PHONE["width"], beyond
