"""What a household had so far is found by an index, not by reading every payout of the province."""

from __future__ import annotations

import pytest
from django.db import connection

from beneficiaries.models import Payout

pytestmark = pytest.mark.django_db


def test_the_household_of_a_payout_leads_an_index():
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Payout._meta.db_table)
    led = [each["columns"] for each in found.values() if each["index"] and each["columns"][0] == "household_index"]
    assert led == [["household_index", "campaign_id"]]
