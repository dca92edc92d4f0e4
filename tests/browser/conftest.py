"""Chromium, one for all browser tests, and desks in front of a live server with threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from beneficiaries.enums import DossierState
from reporting import formstore
from reporting.models import FormVersion
from tests.beneficiaries.payouts.conftest import DAY, Till, open_dossier, raise_funds
from tests.browser.desk import Album, Desk, seat
from tests.cast import Cast, build
from tests.reporting.conftest import publish
from unions import triggers

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


# First: pytest-django sorts by these marks in the same hook. The group of xdist stands in the modules.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here drives a browser on a real database."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True))


@pytest.fixture(scope="session")
def browser(chromium_path: str, django_db_setup) -> Iterator[Browser]:
    # Django has another connection object wherever an event loop runs: what the set-up noted on its own goes along.
    noted = connections["default"]._test_serialized_contents
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; the ORM is called from it, between two waits, never inside one.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        connections["default"]._test_serialized_contents = noted
        opened = playwright.chromium.launch(executable_path=chromium_path, args=QUIET)
        yield opened
        opened.close()
        # Nobody may be connected when the database is dropped.
        connections.close_all()


@pytest.fixture(scope="module")
def album() -> Album | None:
    """Where pictures of whole pages go: the folder RELIEF_SCREENSHOTS; no pictures are taken when nobody names one."""
    wanted = os.environ.get("RELIEF_SCREENSHOTS")
    if not wanted:
        return None
    folder = Path(wanted)
    folder.mkdir(parents=True, exist_ok=True)
    return Album(folder)


@pytest.fixture(scope="module")
def site(browser: Browser, django_db_setup, django_db_blocker) -> Iterator[str]:
    """The address of a live server with threads, on one database for all tests of a module; emptied at the end."""
    with django_db_blocker.unblock():
        server = LiveServer("127.0.0.1")
        try:
            yield server.url
        finally:
            server.stop()
            _empty()


def _empty() -> None:
    """Leave the database as the migrations made it."""
    triggers.take_off(connection)
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
    triggers.put_on(connection)
    connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
    # The rows come back with their ids; PostgreSQL would hand the same ids out once more.
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


@pytest.fixture
def _django_db_helper(site: str) -> None:
    """The database belongs to the module (`site`): the usual emptying after every single test is left out."""


@pytest.fixture(scope="module")
def people(site: str) -> Cast:
    """The named cast, once for the module."""
    return build()


@pytest.fixture(scope="module")
def world(people: Cast) -> SimpleNamespace:
    """The 2024 notice in force, money in the till, three households: in hand, opened too late, still a draft."""
    formstore.load_forms()
    form = FormVersion.objects.get(form_id="shaanxi-2024")
    unions = [people.city, people.county, people.mill, people.school, people.museum]
    published = publish(people, form_version=form, unions=unions)
    for source in ("central", "own_union"):
        raise_funds(people.mill, people.clerk, source, campaign=published.campaign)
    good = open_dossier(people.mill, people.clerk)
    return SimpleNamespace(
        published=published,
        good=good,
        late=open_dossier(people.mill, people.clerk, "钱满仓", 2, opened_on=DAY),
        draft=open_dossier(people.mill, people.clerk, "孙长顺", 3, state=DossierState.DRAFT, opened_on=None),
        till=Till(people, published.campaign, good),
    )


@pytest.fixture(scope="module")
def desks(browser: Browser, site: str, album: Album | None) -> Iterator[dict[str, Desk]]:
    taken: dict[str, Desk] = {}
    yield taken
    for one in taken.values():
        one.context.close()


@pytest.fixture
def desk(browser: Browser, site: str, album: Album | None, desks: dict[str, Desk]) -> Iterator[Callable[..., Desk]]:
    """`desk("clerk")`: that member of the cast, logged in; one browser profile each for the whole module."""

    def sit(username: str) -> Desk:
        if username not in desks:
            desks[username] = seat(browser, site, album=album).log_in(username)
        return desks[username]

    yield sit
    complaints = [each for one in desks.values() for each in one.complaints]
    for one in desks.values():
        one.complaints.clear()
    assert complaints == []
