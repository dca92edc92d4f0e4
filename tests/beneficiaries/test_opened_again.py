"""A page that was sent long ago and comes again, after its file went to another union, is told so."""

from __future__ import annotations

import pytest

from beneficiaries import actions
from beneficiaries.models import Dossier
from tests.beneficiaries import households as made
from unions.policy import Refused

pytestmark = pytest.mark.django_db


def test_a_page_whose_file_moved_on_opens_nothing(cast):
    given = {"by": cast.clerk, "union": cast.mill, "fields": made.fields(), "members": made.family(), "key": "one-page"}
    opened = actions.open_dossier(**given)
    assert actions.open_dossier(**given) == opened
    Dossier.objects.filter(pk=opened.pk).update(union=cast.museum)
    with pytest.raises(Refused) as refused:
        actions.open_dossier(**given)
    assert refused.value.reason == f"这一页已经建过档案 {opened.number}，它现在不由您所在的工会保管。"
    assert Dossier.objects.count() == 1
