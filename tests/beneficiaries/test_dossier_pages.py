"""Pages of dossiers: what each person sees, what never leaves masked, what a wrong entry is told."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from beneficiaries.models import SubsistenceStandard
from relief.lib import clock
from tests.beneficiaries import households as made
from tests.cast import log_in

MARKERS = [
    made.HOLDER_ID,
    made.WIFE_ID,
    made.number(2019, 4),
    made.PHONE,
    made.ADDRESS,
    made.CARD,
    made.BANK,
    made.HEALTH,
    made.CHILD,
    made.WIFE,
    "唐志远",
]


@pytest.fixture(autouse=True)
def standard(county):
    return SubsistenceStandard.objects.create(union=county, year=clock.today().year, monthly=Decimal("780"))


@pytest.fixture
def dossier(cast, clerk, mill):
    return made.draft(clerk, mill)


def shown(client: Client, person, name: str, *args) -> str:
    """The page as the person gets it."""
    answer = log_in(client, person).get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    "page", ["dossier_list", "dossier_detail", "dossier_edit", "dossier_assess", "visit_household"]
)
def test_no_marker_leaves_a_masked_page(client, clerk, dossier, page):
    made.assess(clerk, dossier)
    args = [] if page in ("dossier_list", "visit_household") else [dossier.pk]
    text = shown(client, clerk, page, *args)
    # the edit form shows the name (class L3) and lists every illness to choose from, none of them chosen
    allowed = {"唐志远", made.HEALTH} if page == "dossier_edit" else set()
    assert [marker for marker in MARKERS if marker in text and marker not in allowed] == []
    assert f'value="{made.HEALTH}" selected' not in text
