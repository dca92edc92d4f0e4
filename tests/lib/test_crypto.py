"""Sealing, blind indexes, digests and MACs."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured

from relief.lib.crypto import (
    Tampered,
    blind_index,
    canonical_json,
    count_key,
    index_generation,
    key_id_of,
    keyed_digest,
    mac,
    mac_ok,
    new_row_key,
    open_bytes,
    open_text,
    seal_bytes,
    seal_text,
)
from relief.lib.crypto.fields import Sealed

NUMBER = "11010519491231002X"
RECORD = {"金额": Decimal("300.00"), "at": datetime(2024, 2, 22, 16, tzinfo=UTC), "on": date(2024, 2, 22), "n": 1}


def test_files_open_in_their_place_only():
    data = bytes(range(256)) * 40
    shut = seal_bytes(data, "attachment|7")
    assert (open_bytes(shut, "attachment|7"), key_id_of(shut), data in shut) == (data, "k1", False)
    for place, content in (("attachment|8", shut), ("attachment|7", shut[:-1]), ("attachment|7", b"plain"), ("", b"")):
        with pytest.raises(Tampered):
            open_bytes(content, place)


def test_text_is_sealed_as_text():
    shut = seal_text("尿毒症", "place")
    assert (open_text(shut, "place"), key_id_of(shut)) == ("尿毒症", "k1")
    assert shut != seal_text("尿毒症", "place")


def test_no_key_no_clear_text(settings):
    settings.RELIEF_KEYS = {**settings.RELIEF_KEYS, "field": {"k1": b"short"}}
    with pytest.raises(ImproperlyConfigured):
        seal_text("尿毒症", "place")
    settings.RELIEF_KEYS = None
    for ask in (lambda: seal_text("x", "p"), lambda: blind_index("x", "p"), lambda: mac({}), lambda: keyed_digest(1)):
        with pytest.raises(ImproperlyConfigured):
            ask()


def test_row_keys_are_32_hex_digits_and_differ():
    first, second = new_row_key(), new_row_key()
    assert (len(first), int(first, 16) >= 0, first == second) == (32, True, False)


def test_equal_numbers_have_one_index_however_written():
    index = blind_index(NUMBER, "id_number")
    assert len(index) == 64
    assert {blind_index(text, "id_number") for text in (" 11010519491231002x", "110105491231002")} == {index}
    assert blind_index("6222 0200", "card") == blind_index("62220200", "card")
    assert blind_index("Ａbc", "login") == blind_index("abc ", "login")
    assert blind_index("", "id_number") == blind_index(None, "id_number") == ""


def test_purposes_and_generations_are_apart(settings):
    settings.RELIEF_KEYS = {**settings.RELIEF_KEYS, "index": {1: b"i" * 32, 2: b"j" * 32}, "index_current": 2}
    assert index_generation() == 2
    assert blind_index(NUMBER, "id_number") == blind_index(NUMBER, "id_number", generation=2)
    distinct = {blind_index(NUMBER, purpose, generation) for purpose in ("id_number", "card") for generation in (1, 2)}
    assert len(distinct) == 4


def test_a_mac_holds_for_the_record_and_for_no_other():
    proof = mac(RECORD)
    assert proof[:3] == "m1:"
    assert mac_ok({**RECORD, "金额": Decimal("300")}, proof) is True
    assert mac_ok(dict(reversed(RECORD.items())), proof) is True
    assert mac_ok({**RECORD, "at": RECORD["at"].astimezone(timezone(timedelta(hours=8)))}, proof) is True
    changed = [{**RECORD, "金额": Decimal("300.01")}, {**RECORD, "n": 2}, {**RECORD, "new": None}, {}]
    assert [mac_ok(record, proof) for record in changed] == [False] * 4
    wrong = ["", None, "m1:", "m2:" + proof[3:], proof[3:], proof[:-1], "m1:元"]
    assert [mac_ok(RECORD, text) for text in wrong] == [False] * 7


def test_an_old_mac_key_still_proves(settings):
    proof = mac(RECORD)
    keys = settings.RELIEF_KEYS
    settings.RELIEF_KEYS = {**keys, "mac": {**keys["mac"], "m2": b"n" * 32}, "mac_current": "m2"}
    assert (mac_ok(RECORD, proof), mac(RECORD)[:3]) == (True, "m2:")


def test_digests_depend_on_the_key(settings):
    before = keyed_digest(NUMBER)
    settings.RELIEF_KEYS = {**settings.RELIEF_KEYS, "digest": b"e" * 32}
    assert (len(before), keyed_digest(NUMBER) == before) == (64, False)


def test_count_keys_are_apart_by_campaign_and_one_inside_it():
    first, second = b"a" * 32, b"b" * 32
    assert count_key(first, NUMBER) == count_key(first, "110105491231002")
    assert count_key(first, NUMBER) != count_key(second, NUMBER)
    assert count_key(first, "payout-1-12") != count_key(first, "payout-11-2")
    for secret, value in ((b"short", NUMBER), (first, " ")):
        with pytest.raises(ValueError):
            count_key(secret, value)


def test_canonical_json_has_one_text_for_one_value():
    assert canonical_json(RECORD) == ('{"at":"2024-02-22T16:00:00.000000+00:00","n":1,"on":"2024-02-22","金额":"300"}')
    assert json.loads(canonical_json([True, None, -3, Decimal("-0.00"), Decimal("1E+3")])) == [
        True,
        None,
        -3,
        "0",
        "1000",
    ]


@pytest.mark.parametrize("value", [0.5, {1}, b"x", {1: 2}, datetime(2024, 1, 1), Decimal("NaN"), Sealed("k1:x")])
def test_canonical_json_refuses_what_has_no_one_text(value):
    with pytest.raises((TypeError, ValueError)):
        canonical_json({"value": value} if not isinstance(value, dict) else value)
