"""The form under the fingers: arrows, Enter, a pasted column; and without any script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from reporting.models import Round
from tests.browser.desk import seat

pytestmark = pytest.mark.xdist_group("browser")

PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def school(world, people):
    return world.published.submission(people.school)


def focused(page) -> str:
    return page.evaluate("document.activeElement.id")


def test_arrows_and_enter_walk_and_a_pasted_column_fills(school, desk):
    page = desk("school_clerk").go("submission_page", school.pk).page
    page.locator("#c-E1").focus()
    walked = []
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Enter", "Shift+Enter"):
        page.keyboard.press(key)
        walked.append(focused(page))
    assert walked == ["c-E2", "c-E3", "c-E2", "c-E3", "c-E2"]
    page.locator("#c-F1").focus()
    page.evaluate(PASTE, "12\n34\n5\n")
    assert [page.locator(f"#c-{code}").input_value() for code in ("F1", "F2", "F3")] == ["12", "34", "5"]
    expect(page.locator("[data-save-state]").first).to_contain_text("有改动，尚未保存")


def test_tab_goes_from_cell_to_cell_and_labels_speak(school, desk):
    page = desk("school_clerk").go("submission_page", school.pk).page
    expect(page.locator("#c-D4")).to_have_attribute("aria-label", page.locator("#c-D4").get_attribute("aria-label"))
    assert "D4" in page.locator("#c-D4").get_attribute("aria-label")


def test_saving_and_handing_in_work_without_script(school, site, browser, album):
    clerk = seat(browser, site, album=album, script=False).log_in("school_clerk")
    clerk.go("submission_page", school.pk).type_at("c-", F2="30").press("保存").reads("台账 0，手填 30")
    clerk.press("保存并上报").reads("没有上报", "还没有说明原因")
    clerk.type_at("n-", F2="联欢会签到表在案").press("保存并上报").reads("已上报第 1 轮").shot("without-script")
    assert Round.objects.get(submission=school).receipt == "SX-2024-G2-01-01"
    assert clerk.complaints == []
    clerk.context.close()
