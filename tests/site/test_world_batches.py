"""Batches of a world file: each comes to stand where the file says, through the same steps as by hand."""

import pytest

from beneficiaries.models import BankFile, Payout, PayoutBatch
from relief.site.world import schema
from relief.site.world.demo import batches, tree
from relief.site.world.loader import load_world
from unions import attachments
from unions.models import AuditEvent

STOOD = {
    "B1": ["draft"] * 3,
    "B2": ["planned"] * 3,
    "B3": ["planned"] * 2,
    "B4": ["approved"] * 2,
    "B5": ["released"] * 3,
    "B6": ["paid", "failed", "paid"],
    "B7": ["paid", "paid", "approved"],
    "B8": ["planned"] * 2,
    "B9": ["planned"] * 2,
}


def world_of_batches():
    """The tree and the people of the demo with nothing in it but its batches."""
    heads, lines, dues = batches.batches()
    return {
        "format": schema.FORMAT,
        "unions": tree.unions({}),
        "persons": tree.persons(),
        "thresholds": batches.thresholds(),
        "batches": heads,
        "payouts": lines,
        "funds": dues,
    }


@pytest.fixture
def loaded(db):
    load_world(world_of_batches())
    return dict(zip(STOOD, PayoutBatch.objects.order_by("planned_on"), strict=True))


def test_every_batch_of_the_demo_comes_to_where_the_file_says(loaded):
    found = {key: list(batch.payouts.order_by("pk").values_list("state", flat=True)) for key, batch in loaded.items()}
    assert found == STOOD
    assert list(BankFile.objects.order_by("pk").values_list("batch", "count", "taken")) == [
        (loaded["B5"].pk, 3, 0),
        (loaded["B6"].pk, 3, 0),
    ]
    assert Payout.objects.get(state="failed").failure == "户名与账号不符"
    assert attachments.of(loaded["B7"]).get().kind == "signed_list"
    reviewed = {key: batch.payouts.filter(reviewed_by__isnull=False).count() for key, batch in loaded.items()}
    assert [key for key, count in reviewed.items() if count] == ["B3", "B4", "B5", "B6", "B7", "B9"]
    second = loaded["B9"].payouts.select_related("second_union", "approved_by").first()
    assert (second.second_needed, second.second_union.code, second.second_by) == (True, "P", None)
    assert AuditEvent.objects.filter(act="batch.open").count() == 9


def test_a_payout_that_does_not_fit_its_batch_is_told():
    world = world_of_batches()
    world["payouts"][0] |= {"group": "seconded", "state": "paid", "paid_on": "2024-02-26"}
    world["payouts"][3]["lines"][0]["source"] = "donation"
    world["payouts"][6]["batch"] = "B99"
    world["batches"][3]["item"] = ""
    assert [fault.path for fault in schema.faults(world)] == [
        "$.payouts[6].batch",
        "$.batches[3].item",
        "$.payouts[0].group",
        "$.payouts[0].state",
        "$.payouts[3].lines",
        "$.payouts[8].lines",
        "$.payouts[9].lines",
    ]
