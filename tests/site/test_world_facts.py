"""What the later forms count, as a world file brings it: drives, slips, help centres, certificates, second periods."""

from datetime import date
from decimal import Decimal

from django.db.models import Sum

from beneficiaries.models import Dossier
from campaigns.models import Deliverable, Donation, Remittance
from relief.site.world import loader
from tests.site.conftest import NOW
from tests.site.world import small_world
from unions.models import UnionHeadcount


def test_a_drive_its_slip_and_the_other_new_facts_are_loaded(db):
    world = small_world()
    world["unions"][2]["headcounts"] = [{"year": 2023, "workers": 40, "help_centres": 2}]
    world["households"][0]["certificate"] = "特困职工救助证"
    world["campaigns"][0]["deliverables"][0]["second_period"] = ["2023-01-01", "2023-12-31"]
    drive = {"union": "G1", "kind": "joint", "donated_on": "2024-01-05"}
    world["donations"] = [
        {**drive, "body": "red_cross", "donors": 30, "amount": "900.50"},
        {**drive, "body": "one_day", "donors": 5, "amount": "50.00", "reversed": True},
        {**drive, "donors": 31},
    ]
    world["remittances"] = [{"union": "G1", "remitted_on": "2024-01-09", "amount": "900.50", "slip_number": "HK-1"}]
    loader.load_world(world, now=NOW)
    rows = Donation.objects.filter(reverses=None, reversal=None).order_by("pk")
    assert [(row.body, row.donors, row.amount) for row in rows] == [
        ("red_cross", 30, Decimal("900.50")),
        ("", 31, Decimal("0.00")),
    ]
    assert Donation.objects.aggregate(Sum("amount"))["amount__sum"] == Decimal("900.50")
    assert Remittance.objects.get().slip_number == "HK-1"
    assert UnionHeadcount.objects.get(union__code="G1").help_centres == 2
    dossier = Dossier.objects.get(name="唐志远")
    assert (dossier.certificate, dossier.cause_class) == ("特困职工救助证", "sudden")
    assert Deliverable.objects.get(second_from=date(2023, 1, 1)).second_to == date(2023, 12, 31)
