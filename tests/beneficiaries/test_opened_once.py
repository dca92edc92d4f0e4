"""Two clicks side by side open one file (R-32), with real threads and connections."""

from __future__ import annotations

import pytest

from beneficiaries import actions
from beneficiaries.models import Dossier
from tests.beneficiaries import households as made
from tests.beneficiaries.payouts.test_races import at_once
from tests.cast import build

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_clicks_side_by_side_open_one_file():
    cast = build()
    given = {"by": cast.clerk, "union": cast.mill, "fields": made.fields(), "members": made.family(), "key": "one-page"}
    answers, told = at_once(lambda n: actions.open_dossier(**given), many=4)
    numbers = list(Dossier.objects.values_list("number", flat=True))
    assert ([each.number for each in answers], told, len(numbers)) == (numbers * 4, [], 1)
