"""Fixtures that every test may ask for."""

import os
import shutil

import pytest

# With CI=true a missing tool is a failure, not a skip (set by ./test).
REQUIRE_ALL = os.environ.get("RELIEF_REQUIRE_ALL") == "1"


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
