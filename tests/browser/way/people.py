"""Who walks the way, and the links and buttons they walk by."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Locator, Page, expect

from relief.lib import clock, idnumber
from reporting import formstore
from reporting.models import FormVersion
from tests.browser.desk import DESK, Album, Desk, seat
from tests.cast import PASSWORD, Cast
from tests.reporting.conftest import Published, publish
from unions.enums import Role

STAFF = (
    ("school_visitor", "华予晴", Role.ENTER),
    ("school_reviewer", "季怀瑾", Role.REVIEW),
    ("school_cashier", "郭亦凡", Role.PAY),
)
"""Beside the enterer of the cast; the school has no approver of its own, so the county approves."""


def staffed(people: Cast) -> Published:
    """The school with its people, and the 2024 form owed about today."""
    for key, name, role in STAFF:
        people.person(key, name, ("school", role))
    formstore.load_forms()
    form, today = FormVersion.objects.get(form_id="shaanxi-2024"), clock.today()
    around = (today - datetime.timedelta(days=40), today + datetime.timedelta(days=40))
    return publish(people, form_version=form, unions=[people.city, people.county, people.school], period=around)


def day(ago: int = 0) -> str:
    return (clock.today() - datetime.timedelta(days=ago)).isoformat()


def number_of(sequence: int, year: int = 1978) -> str:
    """A made-up ID number with a valid check digit, of a region that does not exist."""
    return idnumber.make("999901", datetime.date(year, 3, 5), sequence)


@dataclass
class Walker(Desk):
    """A person who knows no addresses: after the login there are only links, buttons and boxes."""

    def menu(self, words: str) -> Walker:
        """An entry of the main menu; on a phone it is opened first."""
        fold = self.page.locator("details.shell-menu > summary")
        if fold.is_visible():
            fold.click()
        entry = self.page.locator("header.shell nav:visible").get_by_role("link", name=words, exact=True)
        self._follow(entry)
        return self

    def walk(self, *words: str, among: Locator | Page | None = None) -> Walker:
        """Follow one link after the other, each by how its words begin."""
        for each in words:
            place = among or self.page.locator("#main, .bottom-bar")
            self._follow(place.get_by_role("link", name=re.compile(rf"^\s*{re.escape(each)}")).first)
        return self

    def _follow(self, link: Locator) -> None:
        """Click it and wait for where it leads: what is measured next must not be the page that was left."""
        with self.page.expect_navigation():
            link.click()

    def row(self, *words: str) -> Locator:
        """The one table row or list entry that says all of these."""
        found = self.page.locator("#main tbody tr, #main ul.rows > li")
        for each in words:
            found = found.filter(has_text=each)
        expect(found).to_have_count(1)
        return found

    def enter(self, *words: str) -> Walker:
        """Open what the row is about: its first link."""
        self._follow(self.row(*words).get_by_role("link").first)
        return self

    def todo(self, words: str) -> Walker:
        """Go to the first page and take up the thing to do that says these words."""
        self._follow(self.page.locator("a.brand"))
        self._follow(self.page.locator("#todo ul.rows > li").filter(has_text=words).first.get_by_role("link"))
        return self

    def choose(self, name: str, words: str) -> Walker:
        """Take the option of a list box whose words contain these."""
        box = self.page.locator(f"#id_{name}")
        return self.type(**{name: box.locator("option", has_text=words).first.get_attribute("value") or ""})

    def give(self, box: str, name: str, data: bytes, kind: str = "application/octet-stream") -> Walker:
        self.page.set_input_files(f"#id_{box}", {"name": name, "mimeType": kind, "buffer": data})
        return self

    def taken(self, words: str) -> bytes:
        """The file that a button or link gives."""
        with self.page.expect_download() as download:
            self.page.locator("#main").get_by_text(words, exact=True).first.click()
        return download.value.path().read_bytes()

    def fits(self) -> Walker:
        """Nothing of the page stands out of the window."""
        width = self.page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
        assert (self.page.url, width) == (self.page.url, (self.page.viewport_size or DESK)["width"])
        return self


@dataclass
class Crowd:
    """Everybody's own browser, opened at the first need."""

    browser: Browser
    base: str
    album: Album | None
    seated: dict[str, Walker] = field(default_factory=dict)

    def __call__(self, username: str, *, size: dict | None = None) -> Walker:
        if username not in self.seated:
            context = seat(self.browser, self.base, size=size).context
            context.pages[0].close()
            walker = Walker(context, self.base, self.album)
            walker.log_in(username, PASSWORD)
            self.seated[username] = walker
        return self.seated[username]

    def leave(self) -> list[str]:
        """Close all browsers; what their consoles complained about."""
        for walker in self.seated.values():
            walker.context.close()
        return [each for walker in self.seated.values() for each in walker.complaints]


Who = Callable[..., Walker]
