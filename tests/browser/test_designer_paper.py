"""The paper of the designer as a whole: what is done beside its cells."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.sheets import SENTENCES
from tests.browser.test_designer import new_form

pytestmark = pytest.mark.xdist_group("browser")


def test_a_click_beside_the_cells_is_enough_to_paste_a_sheet(people, desk):
    """The empty paper says: click this paper, then Ctrl+V."""
    hands = new_form(desk, "care-2027", "职工关爱行动统计表")
    hands.click("#designer-canvas .dz-empty p").paste(SENTENCES)
    expect(hands.page.locator("#designer-paste")).to_contain_text("9 个空")
