"""A person at a browser: logs in, goes to pages, fills in, presses buttons, takes pictures."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import Error as PlaywrightError

from tests.cast import PASSWORD

DESK, PHONE = {"width": 1360, "height": 900}, {"width": 390, "height": 844}
# What Chromium says about an answer that is meant: a refusal, a form with errors.
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")

# Long, for a machine that is busy with other things: a wait ends as soon as what it waits for is there.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@dataclass
class Album:
    """Numbered pictures of a run, in one folder."""

    folder: Path
    taken: int = 0

    def keep(self, page: Page, name: str, *, whole: bool = False) -> None:
        """The window, or the whole page in a window as tall as it is, so that fixed bars stand at their ends."""
        self.taken += 1
        window = page.viewport_size or DESK
        if whole:
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": window["width"], "height": max(height, window["height"])})
        self._take(page, self.folder / f"{self.taken:02d}-{name}.png")
        if whole:
            page.set_viewport_size(window)

    @staticmethod
    def _take(page: Page, path: Path) -> None:
        """Pictures are for people and no check: a Chromium that cannot paint just now is asked again, then left."""
        for pause in (500, 2000, 0):
            try:
                page.screenshot(path=path, animations="disabled")
                return
            except PlaywrightError as fault:
                if "Unable to capture screenshot" not in str(fault):
                    raise
                page.wait_for_timeout(pause)
        sys.stderr.write(f"no picture {path.name}: Chromium could not paint the page\n")


@dataclass
class Desk:
    """One login in a browser of its own; `complaints` collects what the console or the CSP objected to."""

    context: BrowserContext
    base: str
    album: Album | None = None
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())

    def _listen(self, message) -> None:
        if message.type in ("error", "warning") and not EXPECTED.match(message.text):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def log_in(self, username: str, password: str = PASSWORD) -> Desk:
        self.page.goto(f"{self.base}{reverse('login')}")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", password)
        self.press("登录")
        return self

    def go(self, name: str, *args: object, query: str = "") -> Desk:
        """Open the page of a URL name."""
        return self.open(reverse(name, args=args) + query)

    def open(self, path: str) -> Desk:
        self.page.goto(f"{self.base}{path}")
        return self

    def press(self, words: str, *, within: str = "body") -> Desk:
        """Press the one button with these words."""
        self.page.locator(within).get_by_role("button", name=words, exact=True).click()
        return self

    def follow(self, words: str, *, within: str = "body") -> Desk:
        """Follow the first link with these words."""
        self.page.locator(within).get_by_role("link", name=words).first.click()
        return self

    def type(self, **fields: str | bool) -> Desk:
        """Fill in fields by the end of their id (`title` finds `#id_title`): text, choices and ticks."""
        return self.type_at("id_", **fields)

    def type_at(self, prefix: str, **fields: str | bool) -> Desk:
        """The same for fields whose ids begin with `prefix`."""
        for name, value in fields.items():
            box = self.page.locator(f"#{prefix}{name}")
            if isinstance(value, bool):
                box.set_checked(value)
            elif box.evaluate("box => box.tagName") == "SELECT":
                box.select_option(value)
            else:
                box.fill(value)
        return self

    def reads(self, *words: str) -> Desk:
        """The page, but for its menus, says each of these."""
        for each in words:
            expect(self.page.locator("#main")).to_contain_text(each)
        return self

    def text(self, selector: str = "#main") -> str:
        return self.page.locator(selector).inner_text()

    def shot(self, name: str, *, whole: bool = False) -> Desk:
        if self.album is not None:
            self.album.keep(self.page, name, whole=whole)
        return self

    def download(self, link: str) -> bytes:
        """What lies behind a download link, with the login of this desk."""
        target = self.page.locator(link).first.get_attribute("href") or ""
        answer = self.context.request.get(urljoin(self.page.url, target))
        expect(answer).to_be_ok()
        return answer.body()


def seat(browser: Browser, base: str, *, album: Album | None = None, size=None, script: bool = True) -> Desk:
    """A fresh browser profile at a desk."""
    context = browser.new_context(
        base_url=base, viewport=size or DESK, java_script_enabled=script, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    return Desk(context, base, album)
