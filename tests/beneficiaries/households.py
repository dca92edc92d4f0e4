"""Made-up households for the tests: numbers of region 9999xx belong to nobody."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from beneficiaries import actions
from beneficiaries.models import Dossier
from relief.lib import idnumber
from unions.models import Union

PHONE, ADDRESS, CARD, BANK = "13900550826", "青岬县临江路十七弄暗号三栋", "6221260000000000", "青岬农商行暗号支行"
HEALTH, CHILD, WIFE = "终末期肾病", "唐小满", "薛腊梅"
OTHER_CONTACT, CAUSE_NOTE, PLACE = "0999-76543210", "透析暗号每周三次", "青岬暗号纺织厂"


def number(year: int, seq: int) -> str:
    """A valid ID number of a person born on 12 June of the year; odd `seq` is a man."""
    return idnumber.make("999901", datetime.date(year, 6, 12), seq)


HOLDER_ID, WIFE_ID, CHILD_ID = number(1976, 1), number(1978, 2), number(2019, 3)


def fields(**changed: Any) -> dict[str, Any]:
    """What the clerk types about the householder."""
    typed = {
        "name": "唐志远",
        "id_number": HOLDER_ID,
        "phone": PHONE,
        "address": ADDRESS,
        "employer": "青岬县第一中学",
        "work_status": "on_post",
        "health": HEALTH,
        "cause": "illness",
        "bank": BANK,
        "card_number": CARD,
        "level": "county",
        "other_contact": OTHER_CONTACT,
        "cause_note": CAUSE_NOTE,
    }
    return typed | changed


def family() -> list[dict[str, Any]]:
    """Wife and a child under fourteen."""
    return [
        {
            "relation": "wife",
            "name": WIFE,
            "id_number": WIFE_ID,
            "monthly_income": "2100.00",
            "health": "糖尿病",
            "role": "在岗",
            "place": PLACE,
        },
        {"relation": "daughter", "name": CHILD, "id_number": number(2019, 4), "health": "良好", "role": "小学"},
    ]


def draft(by, union: Union, **changed: Any) -> Dossier:
    """A draft with its family."""
    return actions.open_dossier(by=by, union=union, fields=fields(**changed), members=family() if not changed else [])


def assess(by, dossier: Dossier, income: str = "109560.00", rigid: str = "74480.00", persons: int = 4, **more: Any):
    """An assessment that makes the household deep."""
    return actions.assess(
        by=by, dossier=dossier, persons=persons, yearly_income=Decimal(income), rigid_expenses=Decimal(rigid), **more
    )


def walk(cast, dossier: Dossier, until: str = "active", opened_on: datetime.date | None = None) -> Dossier:
    """The dossier of the mill moved along its chain to a state, each step by the right person."""
    if not dossier.hardship_class:
        assess(cast.clerk, dossier)
    dossier = Dossier.objects.get(pk=dossier.pk)
    return walk_on(
        cast,
        actions.apply_dossier(by=cast.clerk, dossier=dossier, version=dossier.version, text="家庭入不敷出"),
        until,
        opened_on,
    )


def walk_on(cast, dossier: Dossier, until: str = "active", opened_on: datetime.date | None = None) -> Dossier:
    """An applied dossier of the mill moved on to a state."""
    steps = {
        "visited": lambda d: actions.visit_dossier(
            by=cast.second_clerk, dossier=d, version=d.version, text="与申报一致"
        ),
        "posted": lambda d: actions.post_dossier(by=cast.clerk, dossier=d, version=d.version, text="无异议"),
        "reviewed": lambda d: actions.review_dossier(by=cast.reviewer, dossier=d, version=d.version, text="同意上报"),
        "active": lambda d: actions.approve_dossier(
            by=cast.approver, dossier=d, version=d.version, text="同意建档", opened_on=opened_on
        ),
    }
    for step in steps.values():
        if dossier.state == until:
            break
        dossier = step(dossier)
    return dossier
