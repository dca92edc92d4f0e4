"""The profile of the tests: fixed keys, a fast password hasher, and undefined template variables that fail."""

import base64
import hashlib
import os
import tempfile
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

from relief import keys

# A private place per run, made by the early plugin and shared by its workers; base makes its folders below it.
TEST_DIR = Path(os.environ.get("RELIEF_TEST_DIR") or tempfile.gettempdir(), f"relief-test-{os.getuid()}")
os.environ["RELIEF_VAR_DIR"] = str(TEST_DIR / os.environ.get("PYTEST_XDIST_WORKER", "main"))

from relief.settings import base  # noqa: E402
from relief.settings.base import *  # noqa: E402, F403
from relief.settings.database import from_url  # noqa: E402


def _fixed_key(name: str) -> str:
    return base64.b64encode(hashlib.sha256(f"test key {name}".encode()).digest()).decode()


# The same every time, so that a failure can be repeated; two of each kind, so that rotation is always in play.
RELIEF_KEYS = keys.parse(
    {
        "django_secret": "only for tests, the same in every run, worth nothing",
        "field": {"k0": _fixed_key("field k0"), "k1": _fixed_key("field k1")},
        "field_current": "k1",
        "index": {"1": _fixed_key("index 1")},
        "index_current": 1,
        "mac": {"m1": _fixed_key("mac m1")},
        "mac_current": "m1",
        "digest": _fixed_key("digest"),
        "count": _fixed_key("count"),
    },
    "the test settings",
)
SECRET_KEY = RELIEF_KEYS["django_secret"]


class UndefinedVariable(str):
    """Makes `{{ missing }}` fail instead of printing nothing.

    Django substitutes the name into string_if_invalid when it contains "%s", and prints the string itself when an
    attribute failed silently; both ways end here. `{% if missing %}` and `|default` inside an `if` stay allowed.
    """

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, variable: object) -> NoReturn:  # type: ignore[override]
        raise AssertionError(f"Undefined variable in a template: {variable}")

    def __html__(self) -> NoReturn:
        raise AssertionError("A variable in a template failed silently.")


TEMPLATES = deepcopy(base.TEMPLATES)
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("undefined")  # type: ignore[index]

# Set by tests/plugins/postgres.py; a file and not memory, because tests with threads need several connections.
DATABASES = {"default": from_url(os.environ.get("RELIEF_TEST_DATABASE", ""), RELIEF_VAR_DIR / "relief.sqlite3")}  # noqa: F405
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(RELIEF_VAR_DIR / "test.sqlite3")}  # noqa: F405

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
RELIEF_CLOCK_OFFSET = timedelta(0)
# Argon2 takes 160 ms and 100 MiB a check.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = {
    **base.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files come from the finders: no collectstatic before the tests.
MIDDLEWARE = [name for name in base.MIDDLEWARE if not name.startswith("whitenoise.")]
