"""The profile for real use. It refuses to start, naming everything that is missing, weak or open (R-16)."""

import os
import stat
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from relief import keys
from relief.settings.base import *  # noqa: F403
from relief.settings.base import DATABASES, RELIEF_FILES_DIR, RELIEF_KEYS_FILE, RELIEF_VAR_DIR, flag

ALLOWED_HOSTS = [host.strip() for host in os.environ.get("RELIEF_ALLOWED_HOSTS", "").split(",") if host.strip()]


def _open_paths() -> list[str]:
    """A sentence for every private path that other users of the machine may enter or read."""
    paths = [RELIEF_VAR_DIR, RELIEF_FILES_DIR]
    if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        paths.append(Path(DATABASES["default"]["NAME"]))
    return [
        f"{path} is open to other users: run `chmod go-rwx {path}`."
        for path in paths
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


def _problems() -> list[str]:
    """Everything that forbids a start, one sentence each."""
    found = _open_paths()
    if not ALLOWED_HOSTS:
        found.append("RELIEF_ALLOWED_HOSTS is empty: set it to the host names of this site, separated by commas.")
    if any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
        found.append("RELIEF_ALLOWED_HOSTS has a wildcard: name each host.")
    # Set at all is enough: a forgotten offset would move every deadline.
    found += [
        f"{name} is set: it belongs to development and tests."
        for name in ("RELIEF_CLOCK_OFFSET", "RELIEF_DEBUG", "RELIEF_DEMO")
        if os.environ.get(name, "") != ""
    ]
    return found


problems = _problems()
try:
    RELIEF_KEYS = keys.load(RELIEF_KEYS_FILE)
except keys.KeysRefused as refusal:
    problems.append(str(refusal))
if problems:
    raise ImproperlyConfigured("The application does not start:\n" + "\n".join(f"- {line}" for line in problems))

SECRET_KEY = RELIEF_KEYS["django_secret"]

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sid"
CSRF_COOKIE_NAME = "__Host-csrf"
# Only where the web server in front is ours and sets this header itself on every request.
if flag("RELIEF_BEHIND_TLS_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
