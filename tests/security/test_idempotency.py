"""Requests that arrive twice (R-32): same key and body, same answer; another body is refused; no key, no act."""

from __future__ import annotations

import pytest

from unions import idempotency
from unions.models import IdempotencyKey
from unions.policy import Refused


def test_the_second_request_gets_the_receipt_of_the_first(clerk):
    row, new = idempotency.claim(by=clerk, act="made.up", key="k1", body=[1, "x"])
    idempotency.remember(row, "R-7")
    again, fresh = idempotency.claim(by=clerk, act="made.up", key="k1", body=[1, "x"])
    assert (new, fresh, again.receipt) == (True, False, "R-7")


def test_the_same_key_with_another_body_is_refused(clerk):
    idempotency.claim(by=clerk, act="made.up", key="k1", body=[1])
    with pytest.raises(Refused) as refusal:
        idempotency.claim(by=clerk, act="made.up", key="k1", body=[2])
    assert refusal.value.status == 422
    assert IdempotencyKey.objects.count() == 1


def test_a_missing_key_is_refused(clerk):
    with pytest.raises(Refused) as refusal:
        idempotency.claim(by=clerk, act="made.up", key="", body=[1])
    assert refusal.value.status == 422


def test_keys_of_two_people_and_two_acts_do_not_meet(clerk, reviewer):
    made = [
        idempotency.claim(by=person, act=act, key="k1", body=[person.pk])[1]
        for person in (clerk, reviewer)
        for act in ("made.up", "made.down")
    ]
    assert made == [True] * 4


def test_the_body_is_kept_as_a_keyed_digest_only(clerk):
    row, _ = idempotency.claim(by=clerk, act="made.up", key="k1", body={"id_number": "999901197606120013"})
    assert "999901197606120013" not in "".join(map(str, IdempotencyKey.objects.filter(pk=row.pk).values_list()[0]))
