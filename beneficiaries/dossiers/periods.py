"""The history of a dossier by days: state, class and keeper, half-open [valid_from, valid_to) (D8)."""

from __future__ import annotations

import datetime

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Least

from beneficiaries.enums import DossierState
from beneficiaries.models import Dossier, DossierPeriod
from unions.policy import Refused

FIXED = (DossierState.ACTIVE, DossierState.OUT_OF_HARDSHIP, DossierState.CLOSED)
"""States whose first day is evidence: a later change cannot begin before it."""


def on_day(day: datetime.date) -> QuerySet[DossierPeriod]:
    """The period of every dossier that held on the day: at most one per dossier."""
    return DossierPeriod.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


def begin(dossier: Dossier, day: datetime.date) -> DossierPeriod:
    """Write the first period of a new dossier."""
    return DossierPeriod.objects.create(
        dossier=dossier,
        union=dossier.union,
        state=dossier.state,
        hardship_class=dossier.hardship_class,
        valid_from=day,
    )


def turn(dossier: Dossier, day: datetime.date, *, act: str) -> DossierPeriod:
    """Close the open period on the day and open one with the dossier's present state, class and keeper.

    A paper date may lie before steps recorded later: those periods shrink to nothing on that day and stay as rows.
    """
    fixed = (
        DossierPeriod.objects.filter(dossier=dossier, state__in=FIXED, valid_from__gt=day)
        .order_by("valid_from")
        .first()
    )
    if fixed is not None:
        raise Refused(
            f"日期不能早于“{fixed.get_state_display()}”的起始日 {fixed.valid_from}。",
            "请核对日期后再办理。",
            status=422,
            act=act,
            obj=dossier,
        )
    rows = DossierPeriod.objects.filter(dossier=dossier)
    rows.filter(valid_to__isnull=True).update(valid_to=day, valid_from=Least("valid_from", Value(day)))
    rows.filter(valid_to__gt=day).update(valid_to=day, valid_from=Least("valid_from", Value(day)))
    return begin(dossier, day)
