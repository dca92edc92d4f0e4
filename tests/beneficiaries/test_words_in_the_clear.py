"""Reasons and opinions are read by many: an ID or card number is refused at every door where they are typed (R-13)."""

from decimal import Decimal

import pytest

from beneficiaries import actions
from beneficiaries.models import Dossier, Opinion, Payout, PayoutReversal, SubsistenceStandard
from relief.lib import clock
from tests.beneficiaries.households import assess, draft, number
from tests.beneficiaries.payouts.conftest import DAY, fresh, make_till
from tests.beneficiaries.payouts.test_steps import to_paid
from unions.policy import Refused

pytestmark = pytest.mark.django_db
TOLD = f"本人 {number(1971, 7)}，情况属实"


@pytest.fixture(autouse=True)
def standard(cast):
    return SubsistenceStandard.objects.create(union=cast.county, year=clock.today().year, monthly=Decimal("760.00"))


def said(refusal) -> str:
    """The sentence of a refusal, or of the one faulty field."""
    faults = getattr(refusal.value, "faults", None)
    return "、".join(faults.values()) if faults else refusal.value.reason


def test_an_opinion(cast):
    dossier = draft(cast.clerk, cast.mill)
    assess(cast.clerk, dossier)
    dossier = Dossier.objects.get(pk=dossier.pk)
    with pytest.raises(Refused) as refusal:
        actions.apply_dossier(by=cast.clerk, dossier=dossier, version=dossier.version, text=TOLD)
    assert (said(refusal), Opinion.objects.count()) == ("意见里有证件号或卡号一类的号码。", 0)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"override": "deep", "override_reason": TOLD}, "理由里有证件号或卡号一类的号码，请去掉。"),
        ({"exclusions": [], "exclusion_note": TOLD}, "核实情况里有证件号或卡号一类的号码，请去掉。"),
    ],
)
def test_why_an_assessment_is_decided_otherwise(cast, more, sentence):
    dossier = draft(cast.clerk, cast.mill)
    with pytest.raises(Refused) as refusal:
        assess(cast.clerk, dossier, **more)
    assert (said(refusal), dossier.assessments.count()) == (sentence, 0)


def test_the_remark_of_a_payout(cast):
    with pytest.raises(Refused) as refusal:
        make_till(cast).named(reason=TOLD)
    assert (said(refusal), Payout.objects.count()) == ("提醒说明里有证件号或卡号一类的号码。", 0)


def test_why_a_payout_is_taken_back(cast):
    payout = make_till(cast).named()
    to_paid(cast, payout)
    with pytest.raises(Refused) as refusal:
        actions.propose_reversal(by=cast.cashier, payout=fresh(payout), reversed_on=DAY, reason=TOLD)
    assert (said(refusal), PayoutReversal.objects.count()) == ("原因里有证件号或卡号一类的号码。", 0)
