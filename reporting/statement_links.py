"""From a check that sets money paid against money raised to the statement of funds that explains it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from django.urls import reverse

from reporting.auditing import table_of
from reporting.models import Submission
from reporting.spec import FormSpec

TABLES = {"funds", "lines"}
"""What a check must name for the statement to explain it: something raised and something paid."""


def statement_url(spec: FormSpec, codes: Iterable[str], submission: Submission) -> str:
    """The address of 收支结余 of the filing's union and period; nothing when the blanks are about something else."""
    if not {table_of(spec.item(code)) for code in codes} >= TABLES:
        return ""
    asked = submission.deliverable
    days = {"first": asked.period_from.isoformat(), "last": asked.period_to.isoformat()}
    return f"{reverse('fund_statement')}?{urlencode({'union': submission.union_id, **days})}"
