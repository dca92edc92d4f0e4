"""How commands end (D27): 0 clean, 1 findings, 2 could not run."""

from __future__ import annotations

import sys
from typing import NoReturn

from django.core.management.base import CommandError

CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2


def refuse(sentence: str) -> NoReturn:
    """End with 2 and a sentence on the error output."""
    raise CommandError(sentence, returncode=COULD_NOT_RUN)


def found() -> NoReturn:
    """End with 1: the findings are written already."""
    sys.exit(FINDINGS)
