"""Chromium, one for all browser tests, and desks in front of a live server with threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.desk import Album, Desk, seat

# No sandbox: the tests may run as root. The rest keeps Chromium from talking to anybody.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here drives a browser; one worker runs them all, one after the other."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; the ORM is called from it, between two waits, never inside one.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = playwright.chromium.launch(executable_path=chromium_path, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def album(tmp_path: Path) -> Album:
    """Where pictures go: RELIEF_SCREENSHOTS when set, else the test's own folder."""
    folder = Path(os.environ.get("RELIEF_SCREENSHOTS") or tmp_path / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return Album(folder)


@pytest.fixture
def desk(browser: Browser, live_server, album: Album) -> Iterator[Callable[..., Desk]]:
    """`desk("clerk")`: that member of the cast, logged in; a second call gives the same desk."""
    taken: dict[str, Desk] = {}

    def sit(username: str, **how) -> Desk:
        if username not in taken:
            taken[username] = seat(browser, live_server.url, album=album, **how).log_in(username)
        return taken[username]

    yield sit
    complaints = [each for one in taken.values() for each in one.complaints]
    for one in taken.values():
        one.context.close()
    assert complaints == []
