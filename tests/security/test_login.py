"""Login: one answer for all failures, throttled, sessions that end, no way off the site (R-01, R-03, R-05, R-38)."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from relief.settings import base
from tests.cast import PASSWORD, log_in
from unions.models import Account, AuditEvent, Post


def try_login(client: Client, name: str, password: str, **more: str):
    return client.post("/login/", {"username": name, "password": password, **more})


def alike(response, name: str) -> bytes:
    """The page without what must differ: token, request id, the name typed."""
    body = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", response.content)
    body = re.sub(rb'"X-CSRFToken": "[^"]+"', b"", body)
    return body.replace(name.encode(), b"").replace(response["X-Request-Id"].encode(), b"")


def test_unknown_and_wrong_get_the_same_answer(cast):
    wrong, unknown = try_login(Client(), "clerk", "wrong"), try_login(Client(REMOTE_ADDR="10.0.0.2"), "nobody", "wrong")
    assert (wrong.status_code, alike(wrong, "clerk")) == (unknown.status_code, alike(unknown, "nobody"))


def test_a_right_password_lets_in_and_is_recorded(cast, clerk):
    answer = try_login(Client(), "clerk", PASSWORD, next="/dossiers/")
    assert (answer.status_code, answer["Location"]) == (302, "/dossiers/")
    assert AuditEvent.objects.filter(act="session.login", outcome="done", person=clerk).count() == 1


def test_a_name_is_one_name_in_any_case_and_width(cast):
    answer = try_login(Client(), "ＣＬＥＲＫ", PASSWORD, next="/dossiers/")
    assert answer.status_code == 302


def test_five_failures_lock_the_account(cast):
    client = Client()
    codes = [try_login(client, "clerk", "wrong").status_code for _ in range(5)]
    locked = try_login(client, "clerk", PASSWORD)
    assert codes[:4] == [200] * 4
    assert locked.status_code in (403, 429)
    assert "_auth_user_id" not in client.session
    assert "15" in locked.content.decode()


def test_a_locked_name_does_not_lock_the_others_from_elsewhere(cast):
    """The lock must not shut a union out on deadline day (R-03)."""
    for _ in range(5):
        try_login(Client(REMOTE_ADDR="10.0.0.9"), "clerk", "wrong")
    assert try_login(Client(REMOTE_ADDR="10.0.0.3"), "reviewer", PASSWORD, next="/dossiers/").status_code == 302


def test_a_disabled_account_loses_its_session(cast, clerk):
    client = log_in(Client(), clerk)
    assert client.get("/dossiers/").status_code == 200
    Account.objects.filter(person=clerk).update(is_active=False)
    answer = client.get("/dossiers/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/dossiers/")
    assert try_login(Client(), "clerk", PASSWORD).status_code == 200


def test_a_form_sent_after_the_session_leads_back_to_its_page(cast):
    """Logging in must not end on an address that only takes forms, and what was lost is said."""
    client = Client(headers={"referer": "http://testserver/dossiers/checks/?year=2026"})
    answer = client.post("/dossiers/checks/draw/", {"year": "2026"})
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/dossiers/checks/%3Fyear%3D2026")
    assert "登录已经过期，刚才提交的内容没有保存。" in client.get(answer["Location"]).content.decode()


def test_a_form_from_elsewhere_leads_to_the_first_page(cast):
    client = Client(headers={"referer": "http://elsewhere.example/dossiers/"})
    assert client.post("/dossiers/checks/draw/")["Location"] == "/login/?next=/"


def test_an_address_of_forms_says_so_to_who_opens_it(cast, clerk):
    answer = log_in(Client(), clerk).get("/dossiers/checks/draw/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "这个地址只接收表单的提交，不能直接打开" in answer.content.decode()


def test_a_revoked_post_counts_no_longer_at_the_next_request(cast, clerk):
    client = log_in(Client(), clerk)
    Post.objects.filter(person=clerk).update(revoked_at="2024-01-01T00:00:00Z")
    assert client.get("/dossiers/").status_code == 403


def test_a_new_password_ends_the_other_sessions(cast, clerk):
    here, there = log_in(Client(), clerk), log_in(Client(), clerk)
    new = "Another-Long-Word-77"
    answer = here.post("/password/", {"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 302
    assert (here.get("/dossiers/").status_code, there.get("/dossiers/").status_code) == (200, 302)


def test_the_session_gets_a_new_key_at_login(cast):
    client = Client()
    client.get("/login/")
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = session.session_key
    try_login(client, "clerk", PASSWORD, next="/dossiers/")
    assert client.session.session_key != session.session_key


def test_logout_ends_the_session_on_the_server(cast, clerk):
    client = log_in(Client(), clerk)
    key = client.session.session_key
    answer = client.post("/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    thief = Client()
    thief.cookies["sessionid"] = key
    assert thief.get("/dossiers/").status_code == 302


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "http:///x.example",
    ],
)
def test_next_stays_on_the_site(cast, target):
    from_form = try_login(Client(), "clerk", PASSWORD, next=target)
    from_address = Client().post(f"/login/?next={target}", {"username": "clerk", "password": PASSWORD})
    assert (from_form["Location"], from_address["Location"]) == ("/", "/")


@pytest.mark.parametrize("referer", ["http://testserver//elsewhere.example/", "http://elsewhere.example/testserver/"])
def test_the_way_back_from_a_refusal_stays_on_the_site(cast, clerk, referer):
    page = log_in(Client(), clerk).get("/system/", headers={"referer": referer})
    assert (page.status_code, page.context["back"]) == (403, "/")


def test_somebody_elses_post_cannot_be_chosen(cast, clerk, reviewer):
    client = log_in(Client(), clerk)
    other, own = Post.objects.get(person=reviewer), Post.objects.get(person=clerk)
    assert client.post("/post/", {"post": other.pk}).status_code == 404
    assert "post" not in client.session
    assert client.post("/post/", {"post": own.pk}).status_code == 302
    assert client.session["post"] == own.pk


@pytest.mark.parametrize("sent", ["", "abc", "²", "-1", "9" * 40, "9" * 5000])
def test_what_is_no_number_is_nobodys_post(cast, clerk, sent):
    """A sent id is taken apart in one place; what int() would choke on is not found, never an error page."""
    assert log_in(Client(), clerk).post("/post/", {"post": sent}).status_code == 404


def test_a_nul_character_is_refused_before_the_database_sees_it(cast, clerk):
    """PostgreSQL ends in an error on it, SQLite takes it: both refuse."""
    assert log_in(Client(), clerk).get("/unions/", {"q": "a\0b"}).status_code == 422


def test_a_post_switch_gives_no_rights_of_the_other_post(cast, clerk):
    """Working in one post does not widen what is visible: scope comes from all posts in force, nothing else."""
    client = log_in(Client(), clerk)
    session = client.session
    session["post"] = 999_999
    session.save()
    assert client.get("/dossiers/").status_code == 200
    assert client.get("/system/").status_code == 403


def test_passwords_are_hashed_with_argon2_outside_of_tests():
    assert base.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"


def test_login_needs_its_token(cast):
    client = Client(enforce_csrf_checks=True)
    assert try_login(client, "clerk", PASSWORD).status_code == 403
