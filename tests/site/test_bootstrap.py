"""Filling an empty installation: with three administrators, or with a world file; and where the demo refuses."""

import json

import pytest
from django.test import override_settings

from tests.site.world import run, small_world
from unions.models import Account, Post, Union

pytestmark = pytest.mark.django_db


@pytest.fixture
def world_file(tmp_path):
    path = tmp_path / "world.json"
    path.write_text(json.dumps(small_world()), encoding="utf-8")
    return path


def test_bootstrap_loads_a_world(world_file):
    status, printed = run("bootstrap", "--world", str(world_file), "--json")
    told = json.loads(printed)
    assert (status, told["counts"]["payouts"], list(told["passwords"])) == (0, 5, ["p-second"])
    assert run("bootstrap", "--world", str(world_file))[0] == 2


def test_bootstrap_checks_a_world_without_writing(world_file):
    assert run("bootstrap", "--world", str(world_file), "--check") == (0, "")
    broken = small_world() | {"format": "?"}
    world_file.write_text(json.dumps(broken), encoding="utf-8")
    status, printed = run("bootstrap", "--world", str(world_file), "--check", "--json")
    assert (status, json.loads(printed)["path"], Union.objects.count()) == (1, "$.format", 0)


def test_bootstrap_says_what_is_wrong_with_the_file(tmp_path):
    assert run("bootstrap", "--world", str(tmp_path / "none.json"))[0] == 2
    (tmp_path / "text.json").write_text("{", encoding="utf-8")
    assert run("bootstrap", "--world", str(tmp_path / "text.json"))[0] == 2


def test_bootstrap_makes_three_administrators_with_one_time_passwords():
    status, printed = run("bootstrap", "--name", "云岭省总工会", "--json")
    passwords = json.loads(printed)["passwords"]
    assert (status, sorted(passwords)) == (0, ["audit", "security", "system"])
    for login, password in passwords.items():
        account = Account.objects.get(username=login)
        assert (account.check_password(password), account.must_change_password) == (True, True)
    assert set(Post.objects.values_list("role", flat=True)) == {"system", "security", "audit_admin"}
    assert run("bootstrap", "--name", "再来一次")[0] == 2


def test_bootstrap_needs_a_name_or_a_world():
    assert run("bootstrap")[0] == 2


def test_the_demo_refuses_outside_its_profile():
    with override_settings(RELIEF_DEMO=False):
        assert run("demo")[0] == 2
        assert run("demo", "--accounts")[0] == 2
    assert Union.objects.count() == 0
