"""The chain of a dossier: who does which step, what is refused, and in which words."""

import datetime
from decimal import Decimal

import pytest

from beneficiaries import actions, intake, periods
from beneficiaries.enums import DossierState, HardshipClass
from beneficiaries.models import Dossier, DossierPeriod, FieldChange, Opinion, SubsistenceStandard
from relief.lib import clock
from tests.beneficiaries import households as made
from unions import actions as union_actions
from unions.enums import Role
from unions.models import AuditEvent
from unions.policy import Refused, Stale


@pytest.fixture(autouse=True)
def standard(county):
    return SubsistenceStandard.objects.create(union=county, year=clock.today().year, monthly=Decimal("780"))


@pytest.fixture
def dossier(cast, clerk, mill):
    return made.draft(clerk, mill)


def test_a_file_becomes_active_through_five_persons(cast, dossier):
    active = made.walk(cast, dossier, opened_on=clock.today() - datetime.timedelta(days=3))
    assert active.state == DossierState.ACTIVE
    assert active.hardship_class == HardshipClass.DEEP
    assert active.number == "G1-0001"
    assert active.opened_on == clock.today() - datetime.timedelta(days=3)
    assert active.review_due_on == active.opened_on.replace(year=active.opened_on.year + 1)
    assert [(o.step, o.person.name) for o in Opinion.objects.filter(dossier=active)] == [
        ("apply", "何晓芸"),
        ("visit", "郑立新"),
        ("post", "何晓芸"),
        ("review", "姜若水"),
        ("approve", "沈国平"),
    ]
    assert list(AuditEvent.objects.filter(object_type="beneficiaries.Dossier", object_id=str(active.pk)).values_list("act", flat=True)) == [
        "dossier.open",
        "dossier.assess",
        "dossier.apply",
        "dossier.visit",
        "dossier.post",
        "dossier.review",
        "dossier.approve",
    ]
