"""The profile of ./run: the demo with known passwords, without TLS, answering on this machine only."""

import os
from datetime import timedelta

from django.core.exceptions import ImproperlyConfigured

from relief import keys
from relief.settings.base import *  # noqa: F403
from relief.settings.base import RELIEF_KEYS_FILE, flag

try:
    RELIEF_KEYS = keys.load(RELIEF_KEYS_FILE)
except keys.KeysRefused as refusal:
    raise ImproperlyConfigured(str(refusal)) from None
SECRET_KEY = RELIEF_KEYS["django_secret"]

DEBUG = flag("RELIEF_DEBUG")
# Loopback names only: this profile has no TLS and known passwords.
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
RELIEF_DEMO = not flag("RELIEF_NO_DEMO")

try:
    RELIEF_CLOCK_OFFSET = timedelta(seconds=int(os.environ.get("RELIEF_CLOCK_OFFSET") or 0))
except ValueError:
    raise ImproperlyConfigured("RELIEF_CLOCK_OFFSET must be a whole number of seconds.") from None
