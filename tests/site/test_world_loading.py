"""A world is loaded through the same actions as the screens, at its own instants, whole or not at all."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from beneficiaries.models import Dossier, Payout
from campaigns.models import Acknowledgement, Addressee, Allocation, FundsRaised
from relief.lib import clock
from relief.site.world import loader
from relief.site.world.loading.cast import WorldRefused
from reporting.exports import as_json, document
from reporting.models import Round, Submission
from tests.site.conftest import NOW
from tests.site.world import small_world
from unions.models import Account, AuditEvent

pytestmark = pytest.mark.django_db


def figures(union: str) -> dict[str, object]:
    submission = Submission.objects.get(union__code=union)
    return {code: figure["value"] for code, figure in as_json(document(submission))["figures"].items()}


def test_counts_and_passwords_come_back(loaded):
    assert loaded.counts == {
        "persons": 14,
        "campaigns": 1,
        "households": 2,
        "payouts": 5,
        "funds": 4,
        "allocations": 1,
        "visits": 2,
        "activities": 1,
        "filings": 7,
        "unions": 3,
    }
    assert list(loaded.passwords) == ["p-second"]
    account = Account.objects.get(username="p-second")
    assert (account.check_password(loaded.passwords["p-second"]), account.must_change_password) == (True, True)
    assert Account.objects.get(username="g1-enter").must_change_password is False


def test_states_are_what_the_file_says(loaded):
    states = dict(Dossier.objects.values_list("name", "state"))
    assert states == {"唐志远": "active", "宋春兰": "posted"}
    assert sorted(Payout.objects.values_list("recipient", "state")) == sorted(
        [("唐志远", "paid"), ("何永福", "paid"), ("邓月娥", "paid"), ("叶国栋", "paid"), ("苏桂香", "planned")]
    )
    assert Payout.objects.filter(reversals__confirmed_at__isnull=False).get().recipient == "叶国栋"
    assert dict(Submission.objects.values_list("union__code", "state")) == {
        "P": "draft",
        "K1": "submitted",
        "G1": "accepted",
    }


def test_records_carry_the_time_of_their_own_day(loaded):
    dossier = Dossier.objects.get(name="唐志远")
    assert (dossier.opened_on, clock.day_of(dossier.approved_at)) == (date(2023, 6, 12), date(2023, 6, 12))
    assert clock.day_of(Payout.objects.get(recipient="唐志远").approved_at) == date(2024, 1, 16)
    rounds = Round.objects.filter(submission__union__code="G1").order_by("number")
    assert [frozen.handed_in_at for frozen in rounds] == [NOW - timedelta(days=5), NOW - timedelta(days=2)]
    due = Addressee.objects.get(union__code="G1").due_at
    assert due == clock.end_of_day(date(2024, 2, 24))


def test_every_step_was_done_by_another_person(loaded):
    for payout in Payout.objects.filter(state="paid"):
        people = [payout.entered_by_id, payout.reviewed_by_id, payout.approved_by_id, payout.released_by_id]
        assert len(set(people)) == 4


def test_money_of_another_union_leaves_an_allocation(loaded):
    rows = Allocation.objects.exclude(payout_ref="").values_list("giver__code", "receiver__code", "amount")
    assert list(rows) == [("K1", "G1", Decimal("300.50"))]


def test_a_reversed_receipt_is_two_rows(loaded):
    rows = FundsRaised.objects.filter(union__code="G1").order_by("pk").values_list("amount", flat=True)
    assert sorted(rows) == [Decimal("-70.00"), Decimal("70.00"), Decimal("5000.00")]


def test_figures_follow_the_counting_rules(loaded):
    """F1 medical with rice, F2 and F3 in cash; F4 was taken back, F5 is only planned."""
    own = figures("G1")
    picked = {code: own[code] for code in "A B B1 B3 C C7 C11 D E3 F2 K1".split()}
    assert {code: Decimal(str(value)) for code, value in picked.items()} == {
        "A": 0,
        "B": Decimal("0.5"),
        "B1": 0,
        "B3": Decimal("0.5"),
        "C": 3,
        "C7": 2,
        "C11": 1,
        "D": Decimal("0.22"),
        "E3": 1,
        "F2": 130,
        "K1": 1,
    }
    assert (figures("K1")["A"], figures("K1")["C"], figures("P")["C"]) == (1, 3, 0)


def test_one_event_tells_of_the_load(loaded):
    event = AuditEvent.objects.get(act="world.load")
    assert (event.detail["title"], event.detail["payouts"], event.at) == ("小世界", 5, NOW)


def test_acknowledgements_are_kept(loaded):
    assert list(Acknowledgement.objects.values_list("union__code", "at")) == [("K1", NOW - timedelta(days=19))]


def test_a_database_in_use_is_refused(loaded):
    with pytest.raises(WorldRefused) as refusal:
        loader.load_world(small_world(), NOW)
    assert refusal.value.faults == ("数据库不是空的：世界文件只能载入空库。请换一个空的数据库。",)
