"""What a world may not do is refused with its place in the file, and then nothing is written."""

from datetime import date, timedelta

import pytest

from beneficiaries.models import DossierPeriod, Payout
from campaigns.models import Addressee
from relief.site.world import loader
from relief.site.world.loading.cast import WorldRefused
from tests.site.conftest import NOW
from tests.site.world import small_world
from unions.models import AuditEvent, Person, Union

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return small_world()


def test_a_moved_household_is_paid_by_its_keeper_of_the_day(world):
    world["unions"].append({"code": "G2", "name": "石浔二中工会", "kind": "grassroots", "parent": "K1"})
    world["persons"].append(
        {"login": "g2-enter", "name": "甲", "password": "x", "posts": [{"union": "G2", "role": "enter"}]}
    )
    world["campaigns"][0]["addressees"] = ["K1", "G1"]
    world["households"][0]["history"] = [{"on": "2024-01-20", "event": "transfer", "to": "G2"}]
    later = {**world["payouts"][0], "key": "F6", "union": "G2", "purpose": "living", "planned_on": "2024-01-20"}
    world["payouts"].append(
        later | {"paid_on": "2024-01-21", "lines": [{"source": "donation", "route": "card", "amount": "20.00"}]}
    )
    loader.load_world(world, NOW)
    paid = Payout.objects.filter(recipient="唐志远").order_by("planned_on").values_list("union__code", "state")
    assert list(paid) == [("G1", "paid"), ("G2", "paid")]
    spans = DossierPeriod.objects.filter(dossier__name="唐志远", state="active").order_by("valid_from")
    assert list(spans.values_list("union__code", "valid_from")) == [
        ("G1", date(2023, 6, 12)),
        ("G2", date(2024, 1, 20)),
    ]


def test_a_refused_step_names_its_place_and_leaves_nothing(world):
    world["payouts"][1]["lines"] = [{"source": "central", "route": "cash", "amount": "10.00"}]
    with pytest.raises(WorldRefused) as refusal:
        loader.load_world(world, NOW)
    assert refusal.value.faults[0].split(":")[0] == "$.payouts[0]、$.payouts[1]、$.payouts[3]…"
    assert (Union.objects.count(), Person.objects.count(), AuditEvent.objects.count()) == (0, 0, 0)


def test_a_hand_in_after_the_last_instant_is_refused(world):
    world["campaigns"][0]["deliverables"][0] |= {"due": "-6d", "late_until": "-6d", "leads": {}}
    with pytest.raises(WorldRefused) as refusal:
        loader.load_world(world, NOW)
    assert refusal.value.faults[0].startswith("$.filings[0]: 已过迟报截止")


def test_a_short_deadline_counts_in_seconds(world):
    world["campaigns"][0]["deliverables"][0] |= {"due": "+60s", "leads": {}}
    loader.load_world(world, NOW)
    assert {row.due_at for row in Addressee.objects.all()} == {NOW + timedelta(seconds=60)}


def test_a_world_with_faults_is_not_begun(world):
    world["unions"][0]["kind"] = "planet"
    world["format"] = ""
    with pytest.raises(WorldRefused) as refusal:
        loader.load_world(world, NOW)
    assert [fault.split(":")[0] for fault in refusal.value.faults] == ["$.format", "$.unions[0].kind"]
    assert Union.objects.count() == 0
