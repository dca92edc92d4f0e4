"""Fixtures that every test may ask for."""

import gc
import os
import shutil

import pytest
from django.db import connections
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings as hypothesis_settings
from xdist.scheduler import LoadGroupScheduling

from tests import cast as named_cast
from tests.cast import cast  # noqa: F401 - the fixture
from tests.plugins import migrated
from unions import triggers

globals().update(named_cast.fixtures())

# With CI=true a missing tool is a failure, not a skip (set by ./test).
REQUIRE_ALL = os.environ.get("RELIEF_REQUIRE_ALL") == "1"

# No deadline for one example: a busy machine would fail what is only slow.
hypothesis_settings.register_profile("relief", deadline=None, print_blob=True)
hypothesis_settings.load_profile("relief")


def _tool(names: tuple[str, ...], package: str) -> str:
    """The path of the first program found; skips the test, or fails it when nothing may be left out."""
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    reason = f"needs {package}: apt-get install {package}"
    if REQUIRE_ALL:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The path of the machine's Chromium."""
    return _tool(("chromium", "chromium-browser", "google-chrome"), "chromium")


@pytest.fixture(scope="session")
def soffice_path() -> str:
    """The path of the machine's LibreOffice."""
    return _tool(("soffice", "libreoffice"), "libreoffice-calc-nogui")


@pytest.fixture(scope="session")
def pdftotext_path() -> str:
    """The path of poppler's pdftotext."""
    return _tool(("pdftotext",), "poppler-utils")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """The test database of this worker, from the kept copy where there is one."""
    with django_db_blocker.unblock(), migrated.copied() as there:
        made = setup_databases(verbosity=0, interactive=False, keepdb=there)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _emptying_takes_the_audit_triggers_off():
    """Let transactional tests empty the append-only audit table of a *test* database between two tests."""
    empty = TransactionTestCase._fixture_teardown

    def emptying(self):
        for alias in self._databases_names(include_mirrors=False):
            triggers.take_off(connections[alias])
        empty(self)
        for alias in self._databases_names(include_mirrors=False):
            triggers.put_on(connections[alias])

    TransactionTestCase._fixture_teardown = emptying
    yield
    TransactionTestCase._fixture_teardown = empty


# Files, papers and pages in a browser: what they ask of the database is asked of PostgreSQL by other tests (decision 0021).
ON_SQLITE_ONLY = (
    "tests/browser/",
    "tests/forms/test_outputs.py",
    "tests/forms/test_rounding.py",
    "tests/reporting/bundles/test_contents.py",
    "tests/reporting/bundles/test_names.py",
    "tests/reporting/designing/test_recognising.py",
    "tests/reporting/offline/test_hostile.py",
    "tests/reporting/offline/test_nothing_cut.py",
    "tests/reporting/offline/test_official.py",
    "tests/reporting/offline/test_roundtrip.py",
    "tests/reporting/offline/test_self_made.py",
    "tests/site/test_demo.py",
    "tests/site/test_template_variables.py",
    "tests/site/test_world_refusals.py",
)
# What asks for one of these, itself or through another fixture, meets the database.
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_setup"})


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--needing-database`, leave out what no second database can change; ./test has run it once already."""
    if not config.getoption("needing_database"):
        return
    needing = {item for item in items if needs_both(item)}
    config.hook.pytest_deselected(items=[item for item in items if item not in needing])
    items[:] = [item for item in items if item in needing]


def needs_both(item: pytest.Item) -> bool:
    """Whether the test is run on PostgreSQL, too."""
    once = item.nodeid.startswith(ON_SQLITE_ONLY) or item.get_closest_marker("sqlite_only") is not None
    return meets_database(item) and not once


def meets_database(item: pytest.Item) -> bool:
    """Whether the test has a database, by fixture or by mark; pytest-django blocks it for every other test."""
    asked = DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None


# What is imported and collected stays until the end: looking through it for garbage again and again takes a tenth of a run.
YOUNG_OBJECTS = 50_000


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave everything that is there before the first test out of the search for garbage, and search less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)


# pytest-xdist 3.8 writes the group of a test where pytest 9.2 no longer reads it: `--dist loadgroup` would group nothing.
TOGETHER = (
    "tests/browser/",
    "tests/site/test_demo.py",
    "tests/reporting/offline/test_roundtrip.py",
    "tests/reporting/offline/test_nothing_cut.py",
    "tests/site/test_world_loading.py",
    "tests/site/test_commands.py",
    "tests/reporting/designing/test_recognising.py",
)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """One worker for each of TOGETHER, whose tests share what is dear to make; every other test goes where there is room."""
    if config.getvalue("dist") != "loadgroup":
        return None

    class Together(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((start for start in TOGETHER if nodeid.startswith(start)), nodeid)

    return Together(config, log)
