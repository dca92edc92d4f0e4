"""A file is not merged into one that left after the page was opened."""

from __future__ import annotations

import pytest

from beneficiaries import actions
from beneficiaries.enums import ClosingReason
from beneficiaries.models import Dossier, DossierMerge
from tests.beneficiaries import households as made
from unions.policy import Stale

pytestmark = pytest.mark.django_db


def close(cast, dossier, reason, **more):
    return actions.close_dossier(
        by=cast.clerk, dossier=dossier, version=dossier.version, reason=reason, text="重复建档", **more
    )


def test_the_kept_file_must_still_stand_when_the_merge_is_written(cast, clerk, mill):
    kept = made.draft(clerk, mill)
    double = made.draft(clerk, mill, id_number=made.number(1980, 1))
    seen = Dossier.objects.get(pk=kept.pk)
    close(cast, kept, ClosingReason.MISTAKE)
    with pytest.raises(Stale):
        close(cast, double, ClosingReason.MERGED, kept=seen)
    assert DossierMerge.objects.count() == 0
