"""A published campaign, active dossiers and money in the till: what a payout needs."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.utils import timezone

from beneficiaries.actions import draft_payout
from beneficiaries.enums import DossierState, HardshipClass
from beneficiaries.models import Assessment, ClassRule, Dossier, DossierPeriod, Member, Payout
from campaigns.models import Campaign, FundsRaised
from relief.lib import clock, crypto, idnumber

OPENED = datetime.date(2023, 6, 12)
DAY = datetime.date(2024, 1, 16)
CARD = "6222020000000000000"


def number_of(sequence: int, year: int = 1975) -> str:
    return idnumber.make("999901", datetime.date(year, 3, 5), sequence)


def open_dossier(
    union, by, name="唐志远", sequence=1, *, state=DossierState.ACTIVE, opened_on=OPENED, **more
) -> Dossier:
    """A household as the approval leaves it; written straight, because this part does not test the chain."""
    number = number_of(sequence, more.pop("born", 1975))
    now = timezone.now()
    dossier = Dossier.objects.create(
        union=union,
        number=f"{union.code}-{sequence:04d}",
        state=state,
        name=name,
        sex="male",
        id_number=number,
        id_index=crypto.blind_index(number, "id_number"),
        cause="illness",
        hardship_class=HardshipClass.DEEP,
        opened_on=opened_on,
        approved_at=now,
        entered_by=by,
        entered_at=now,
        changed_at=now,
        **{"bank": "云岭银行青岬支行", "card_number": CARD, **more},
    )
    DossierPeriod.objects.create(dossier=dossier, union=union, state=state, valid_from=opened_on or DAY)
    return dossier


@dataclass
class Till:
    """The usual payout of the tests, with what to change by keyword."""

    cast: object
    campaign: Campaign
    dossier: Dossier

    def draft(self, lines=None, **changes) -> Payout:
        given = {
            "by": self.cast.clerk,
            "union": self.cast.mill,
            "campaign": self.campaign,
            "planned_on": DAY,
            "relief_group": "dossier_holder",
            "purpose": "medical",
            "dossier": self.dossier,
            "lines": lines if lines is not None else [line("central", "card", "300.00")],
        }
        return draft_payout(**{**given, **changes})

    def named(self, sequence=50, lines=None, **changes) -> Payout:
        """A front-line worker without a dossier, paid in cash from own dues."""
        return self.draft(
            lines if lines is not None else [line("own_union", "cash", "150.00")],
            **{
                "dossier": None,
                "recipient": "魏建国",
                "id_number": number_of(sequence),
                "relief_group": "festival_duty",
                "purpose": "relief_visit",
                **changes,
            },
        )


def line(source: str, route: str, amount: str, item: str = "") -> dict:
    return {"source": source, "route": route, "amount": Decimal(amount), "item": item}


def raise_funds(union, by, source="own_union", amount="10000.00", campaign=None) -> FundsRaised:
    return FundsRaised.objects.create(
        union=union,
        campaign=campaign,
        source=source,
        amount=Decimal(amount),
        received_on=datetime.date(2024, 1, 5),
        entered_by=by,
        entered_at=timezone.now(),
    )


def make_till(cast) -> Till:
    campaign = Campaign.objects.create(
        code="sx-2024",
        title="2024年元旦春节送温暖",
        issuer=cast.province,
        year=2024,
        starts_on=datetime.date(2023, 12, 28),
        ends_on=datetime.date(2024, 2, 24),
        count_secret="s" * 32,
        published_at=clock.db_now(),
        created_by=cast.organiser,
        created_at=clock.db_now(),
    )
    for source in ("central", "province", "own_union", "donation"):
        raise_funds(cast.mill, cast.clerk, source)
    dossier = open_dossier(cast.mill, cast.clerk)
    Member.objects.create(dossier=dossier, relation="wife", name="秦素云")
    rule = ClassRule.objects.first()
    if rule is not None:
        Assessment.objects.create(
            dossier=dossier,
            rule=rule,
            persons=2,
            yearly_income=Decimal("18000.00"),
            standard=Decimal("780.00"),
            per_head=Decimal("750.00"),
            result=HardshipClass.DEEP,
            assessed_by=cast.clerk,
            assessed_at=clock.db_now(),
        )
    return Till(cast, campaign, dossier)


@pytest.fixture
def till(cast) -> Till:
    return make_till(cast)


def fresh(payout: Payout) -> Payout:
    return Payout.objects.get(pk=payout.pk)


def pairs(*payouts: Payout) -> list[tuple[Payout, int]]:
    """Each payout with the version it has now: what a page just opened would send."""
    return [(now, now.version) for now in (fresh(payout) for payout in payouts)]
