"""The key file: made once, private, and refused with a sentence when something is wrong with it."""

import json
import stat
from pathlib import Path

import pytest

from relief import keys


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "keys.json"
    keys.create(path)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(keys.KeysRefused) as caught:
        keys.load(path)
    return str(caught.value)


def rewrite(path: Path, **changes: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_new_file_is_private_and_loads(key_file):
    loaded = keys.load(key_file)

    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert (loaded["field_current"], loaded["index_current"], loaded["mac_current"]) == ("k1", 1, "m1")
    assert [len(key) for key in (loaded["field"]["k1"], loaded["index"][1], loaded["mac"]["m1"])] == [32, 32, 32]
    assert (len(loaded["digest"]), len(loaded["count"])) == (32, 32)


def test_an_existing_file_is_never_overwritten(key_file):
    before = key_file.read_bytes()

    assert keys.main(["--create", str(key_file)]) == 2
    assert key_file.read_bytes() == before


def test_check_says_whether_a_file_can_be_used(key_file):
    assert keys.main(["--check", str(key_file)]) == 0
    assert keys.main(["--check", str(key_file.with_name("other.json"))]) == 2


def test_a_missing_file_is_refused_with_the_next_step(tmp_path):
    path = tmp_path / "keys.json"

    assert refusal(path) == (
        f"The key file {path} is missing. A new installation makes one with "
        f"`python -m relief.keys --create {path}`; an existing one restores its own copy."
    )


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_open_to_others_is_refused(key_file, mode):
    key_file.chmod(mode)

    assert refusal(key_file) == f"The key file {key_file} is open to other users. Run `chmod 600 {key_file}`."


def test_a_file_that_lacks_a_key_is_refused(key_file):
    held = json.loads(key_file.read_text())
    del held["mac"], held["count"]
    key_file.write_text(json.dumps(held))

    assert refusal(key_file) == f"The key file {key_file} lacks: count, mac. Restore it from your own copy."


@pytest.mark.parametrize("weak", ["", "c2hvcnQ=", "A" * 43 + "=", 5, None])
def test_a_weak_key_is_refused_without_quoting_it(key_file, weak):
    rewrite(key_file, digest=weak)

    assert refusal(key_file) == f"digest in {key_file} is not a random key of 32 bytes in base64."


def test_a_short_secret_is_refused(key_file):
    rewrite(key_file, django_secret="short")

    assert refusal(key_file) == f"django_secret in {key_file} is shorter than 50 characters."


def test_one_key_for_two_purposes_is_refused(key_file):
    rewrite(key_file, count=json.loads(key_file.read_text())["digest"])

    assert refusal(key_file) == f"Two keys in {key_file} are the same; each purpose needs its own."


def test_a_current_key_that_is_not_there_is_refused(key_file):
    rewrite(key_file, field_current="k9")

    assert refusal(key_file) == f"field_current in {key_file} names a key that is not in field."


def test_a_file_that_is_no_json_is_refused(key_file):
    key_file.write_text("not json")

    assert refusal(key_file) == f"The key file {key_file} cannot be read as JSON. Restore it from your own copy."
