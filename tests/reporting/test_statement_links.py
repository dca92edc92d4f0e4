"""A check that sets money paid against money raised leads to the statement of the same union and days."""

import datetime

import pytest

from campaigns.models import Deliverable
from reporting.models import Submission
from reporting.spec import load_spec
from reporting.statement_links import statement_url
from tests.reporting.pure.conftest import read_form

FILING = Submission(
    union_id=7,
    deliverable=Deliverable(period_from=datetime.date(2023, 12, 28), period_to=datetime.date(2024, 2, 24)),
)


@pytest.mark.parametrize(
    ("form", "codes", "url"),
    [
        ("shaanxi-2024", ["D", "B"], "/funds/statement/?union=7&first=2023-12-28&last=2024-02-24"),
        ("suzhou-2013", ["06", "05"], "/funds/statement/?union=7&first=2023-12-28&last=2024-02-24"),
        ("shaanxi-2024", ["D"], ""),
        ("shaanxi-2024", ["C1", "C"], ""),
    ],
)
def test_only_paid_against_raised_leads_there(form, codes, url):
    spec = load_spec(read_form(f"fixtures/forms/{form}.json"))
    assert statement_url(spec, codes, FILING) == url
