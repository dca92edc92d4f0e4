"""Every address stands in the table, and every role meets there what the table says (R-10, R-11, D16)."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from tests.cast import CAST
from tests.guards import crawl, world
from tests.guards.access_table import ADMINS, BUSINESS, EVERYBODY, PEOPLE, ROWS, Row
from tests.guards.sources import ROOT
from tests.security import markers
from unions.policy import ACTS
from unions.web import page

BY_NAME = {row.name: row for row in ROWS}


def without_act(patterns) -> list[str]:
    """Addresses whose view has no act, an unknown act, or no methods."""
    found = []
    for route, pattern in patterns:
        act, methods = getattr(pattern.callback, "act", None), getattr(pattern.callback, "methods", None)
        if act is None or methods is None:
            found.append(f"{route} has no act")
        elif act != "public" and ACTS.get(act) is None:
            found.append(f"{route} has the unknown act {act}")
    return found


def outside(patterns) -> list[str]:
    """Addresses that the table does not know, rows without an address, methods that differ."""
    names = {pattern.name: pattern for _, pattern in patterns}
    found = [f"{name} is not in tests/guards/access_table.py" for name in names if name not in BY_NAME]
    found += [f"{name} has no address" for name in BY_NAME if name not in names]
    return found + [
        f"{name} answers {' '.join(pattern.callback.methods)}"
        for name, pattern in names.items()
        if name in BY_NAME and " ".join(pattern.callback.methods) != BY_NAME[name].methods
    ]


def test_every_address_has_an_act():
    assert without_act(crawl.addresses()) == []


def test_every_address_stands_in_the_table():
    assert outside(crawl.addresses()) == []


def test_addresses_carry_only_ids_and_codes():
    """Never personal data in an address: numbers, slugs, codes of blanks and formats."""
    kinds = {kind for route, _ in crawl.addresses() for kind in re.findall(r"<(\w+):", route)}
    names = {name for route, _ in crawl.addresses() for name in re.findall(r":(\w+)>", route)}
    assert kinds - {"int", "slug", "str"} == set()
    known = "pk number key step code fmt file comment kind attachment attachment_id union_id invoice".split()
    assert names - set(known) == set()


def test_no_role_is_left_out_of_the_crawl():
    """For each role somebody inside and somebody outside walks, besides the three administrators."""
    roles = {role for name, _, *posts in CAST if name in PEOPLE for _, role in posts}
    assert sorted(roles) == sorted({role for _, _, *posts in CAST for _, role in posts})
    assert sorted(PEOPLE) == sorted(set(f"{BUSINESS} {ADMINS}".split()))


def test_the_printed_table_is_the_present_one():
    """docs/access.md is what `manage.py list_urls --table` prints."""
    out = StringIO()
    call_command("list_urls", "--table", stdout=out)
    assert (ROOT / "docs" / "access.md").read_text(encoding="utf-8") == out.getvalue()


def test_every_role_meets_what_the_table_says(cast):
    """Each page × each role: shown, refused, or not there; no marker beyond its fence (NI1); reading changes nothing."""
    here = world.build(cast)
    before, wrong = crawl.dump(), []
    for name in ("anonymous", *PEOPLE):
        client = crawl.client_of(cast, name)
        for row in ROWS:
            if not crawl.walks(row, name):
                continue
            answer = client.get(crawl.url_of(here, row))
            if answer.status_code not in crawl.expected(row, name):
                wrong.append(f"{name} GET {row.name}: {answer.status_code}, not {crawl.expected(row, name)}")
            wrong += markers.told_too_much(name, row, answer)
    assert "\n".join(wrong) == ""
    assert crawl.changed(before, crawl.dump()) == []


def test_what_is_out_of_reach_looks_like_what_does_not_exist(cast):
    """404 with the same bytes, but for the request id, whether the row exists or not (D16)."""
    here = world.build(cast)
    wrong = []
    for name in ("school_clerk", "stranger", "county_reviewer"):
        client = crawl.client_of(cast, name)
        nowhere = crawl.bare(client.get("/dossiers/999999/"))
        for row in ROWS:
            if "GET" not in row.methods.split() or crawl.expected(row, name) != (404,):
                continue
            real = client.get(crawl.url_of(here, row))
            if (real.status_code, crawl.bare(real)) != (404, nowhere):
                wrong.append(f"{name} {row.name}: {real.status_code}")
    assert "\n".join(wrong) == ""


def test_a_post_without_rights_changes_nothing(cast):
    """Refused with the status of the table; audit, login session and throttle aside, no row differs (NI2)."""
    here = world.build(cast)
    before, wrong = crawl.dump(), []
    for name in ("anonymous", *PEOPLE):
        client = crawl.client_of(cast, name)
        for row in ROWS:
            if not crawl.posts(row, name):
                continue
            answer = client.post(crawl.url_of(here, row))
            if answer.status_code not in crawl.refusal(row, name):
                wrong.append(f"{name} POST {row.name}: {answer.status_code}, not {crawl.refusal(row, name)}")
            wrong += markers.told_too_much(name, row, answer)
        after = crawl.dump()
        wrong += [f"{name} changed {label}" for label in crawl.changed(before, after)]
        before = after
    assert "\n".join(wrong) == ""


def test_every_post_needs_its_token(cast):
    """CSRF on every POST, login and logout included (R-05)."""
    here = world.build(cast)
    wrong = []
    client = crawl.client_of(cast, "clerk", checks=True)
    for row in ROWS:
        if "POST" in row.methods.split():
            status = client.post(crawl.url_of(here, row)).status_code
            if status != 403:
                wrong.append(f"{row.name}: {status}")
    assert "\n".join(wrong) == ""


def test_a_view_without_act_is_seen():
    @page("made.up")
    def unknown(request):
        return HttpResponse()

    patterns = [("bare/", path("bare/", lambda request: HttpResponse())), ("made/", path("made/", unknown))]
    assert without_act(patterns) == ["bare/ has no act", "made/ has the unknown act made.up"]


def test_an_address_outside_the_table_is_seen():
    @page("home", methods=("POST",))
    def view(request):
        return HttpResponse()

    known = [item for item in crawl.addresses() if item[1].name != "password"]
    more = [("new/", path("new/", view, name="new_page")), ("password/", path("password/", view, name="password"))]
    assert sorted(set(outside([*known, *more])) - set(outside(crawl.addresses()))) == [
        "new_page is not in tests/guards/access_table.py",
        "password answers POST",
    ]


@pytest.mark.django_db
def test_a_page_that_lets_somebody_in_is_seen(cast):
    """The crawl compares: a row that says otherwise differs from what the site answers."""
    client = crawl.client_of(cast, "clerk")
    row = Row("audit_trail", "GET", EVERYBODY)
    assert client.get("/audit/").status_code not in crawl.expected(row, "clerk")


def test_a_changed_row_is_seen(cast):
    before = crawl.dump()
    type(cast.mill).objects.filter(pk=cast.mill.pk).update(phone="0900-1")
    assert crawl.changed(before, crawl.dump()) == ["unions.Union"]


def test_anonymous_is_sent_to_the_login(db):
    answer = Client().get("/dossiers/7/")
    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/dossiers/7/")
