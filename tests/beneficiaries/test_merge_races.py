"""Two clerks merge two files into each other at once: one merge stands, the other is told, and neither waits for ever."""

from __future__ import annotations

import pytest

from beneficiaries import actions
from beneficiaries.enums import ClosingReason, DossierState
from beneficiaries.models import Dossier, DossierMerge
from tests.beneficiaries import households as made
from tests.beneficiaries.payouts.test_fund_races import at_once
from tests.cast import build

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
PAIRS = 6


def test_of_two_merges_in_opposite_directions_one_stands():
    cast = build()
    files = [made.draft(cast.clerk, cast.mill, id_number=made.number(1960 + at, 1)) for at in range(2 * PAIRS)]

    def merge(one: Dossier, other: Dossier):
        return lambda: actions.close_dossier(
            by=cast.clerk, dossier=one, version=one.version, reason=ClosingReason.MERGED, text="重复建档", kept=other
        )

    for one, other in zip(files[::2], files[1::2], strict=True):
        stood, told = at_once([merge(one, other), merge(other, one)])
        assert (len(stood), len(told)) == (1, 1)
    assert (DossierMerge.objects.count(), Dossier.objects.filter(state=DossierState.CLOSED).count()) == (PAIRS, PAIRS)
