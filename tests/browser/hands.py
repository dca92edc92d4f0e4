"""Hands at the form designer: every click, key command, paste and typed field is one step, and the steps are counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@dataclass
class Hands:
    """What a person does on the designer's page."""

    page: Page
    steps: int = 0

    def ready(self) -> Hands:
        """The page has been built by its script."""
        expect(self.page.locator("#designer[data-ready]")).to_be_visible()
        return self

    # ------------------------------------------------------------ steps
    def click(self, spot: Locator | str, **how: object) -> Hands:
        self.steps += 1
        (self.page.locator(spot) if isinstance(spot, str) else spot).click(**how)
        return self

    def press(self, words: str, *, within: str = "#main") -> Hands:
        """Press the button with these words."""
        return self.click(self.page.locator(within).get_by_role("button", name=words, exact=True))

    def keys(self, *combinations: str) -> Hands:
        for each in combinations:
            self.steps += 1
            self.page.keyboard.press(each)
        return self

    def paste(self, text: str) -> Hands:
        self.steps += 1
        self.page.evaluate(PASTE, text)
        return self

    def write(self, label: str, text: str, *, within: str = "#main") -> Hands:
        """Type into the field with this label and leave it."""
        self.steps += 1
        field = self.page.locator(within).get_by_label(label, exact=True)
        field.fill(text)
        field.blur()
        return self

    def pick(self, label: str, value: str, *, within: str = "#main") -> Hands:
        self.steps += 1
        self.page.locator(within).get_by_label(label, exact=True).select_option(value)
        return self

    def tick(self, label: str, *, within: str = "#main") -> Hands:
        self.steps += 1
        self.page.locator(within).get_by_label(label, exact=True).check()
        return self

    def choose(self, words: str, *, within: str = "#designer-inspector") -> Hands:
        """One of several words side by side."""
        return self.click(self.page.locator(within).get_by_role("radio", name=words, exact=True))

    def type_in_cell(self, row: int, col: int, text: str) -> Hands:
        """Choose a cell, type, finish: the text is one step."""
        self.click(self.cell(row, col)).keys("Enter")
        self.steps += 1
        self.page.keyboard.insert_text(text)
        return self.keys("Enter")

    def drag(self, code: str, target: Locator, x: int | None = None) -> Hands:
        """Drag a blank with the mouse."""
        self.steps += 1
        box = target.bounding_box() or {"height": 20}
        place = {} if x is None else {"target_position": {"x": x, "y": box["height"] / 2}}
        self.chip(code).drag_to(target, **place)
        return self

    # ------------------------------------------------------------ eyes
    def cell(self, row: int, col: int) -> Locator:
        return self.page.locator(f'#designer-canvas td[data-row="{row}"][data-col="{col}"]')

    def chip(self, code: str) -> Locator:
        return self.page.locator(f'#designer-canvas .dz-chip[data-code="{code}"]')

    def text_of(self, row: int, col: int) -> str:
        """The text of a cell with its blanks in braces."""
        self.page.locator("#designer-canvas").wait_for()
        label = self.cell(row, col).get_attribute("aria-label") or ""
        return label.partition(" ")[2]

    def stands(self, row: int, col: int, text: str) -> Hands:
        """The cell comes to have this text, blanks in braces."""
        expect(self.cell(row, col)).to_have_attribute("aria-label", re.compile(rf"^\S+ {re.escape(text)}$"))
        return self

    def says(self, words: str) -> Hands:
        expect(self.page.locator("#designer-words")).to_contain_text(words)
        return self

    def saved(self) -> Hands:
        """The draft has saved itself."""
        expect(self.page.locator("#designer-state")).to_contain_text("自动保存")
        return self

    def sound(self) -> Hands:
        """Nothing stands in the way of 启用."""
        expect(self.page.locator("#designer-checks")).to_contain_text("没有问题，可以启用")
        expect(self.page.locator("#designer-why")).to_have_text("")
        return self
