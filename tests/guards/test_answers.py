"""Every answer: the content policy, a request id, never stored by a cache, no inline code (R-25, R-36, R-38)."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.guards import crawl, world
from tests.guards.access_table import ROWS

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# The designer shows the PDF of its draft in a frame: one page that frames, one answer that is framed.
FRAMING = {"designer_page": {"frame-src": "'self'"}, "designer_pdf": {"frame-ancestors": "'self'"}}
INLINE = re.compile(
    r"<style\b|<script(?![^>]*(?:\bsrc=|\btype=\"application/json\"))[^>]*>|<[^>]+\s(?:style|on[a-z]+)\s*=|(?:href|src|action)=[\"']?javascript:",
    re.I,
)
FOREIGN = re.compile(r"<(?:script|link|img|iframe|source|form)[^>]*\s(?:src|href|action)=[\"']?(?:https?:)?//", re.I)


def policy(response: HttpResponse) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in response.get("Content-Security-Policy", "").split(";")]
    return {name: value for name, _, value in parts if name}


def faults(response: HttpResponse, name: str = "") -> list[str]:
    """What is wrong with one answer."""
    found = []
    download = "attachment" in response.get("Content-Disposition", "")
    framing = FRAMING.get(name, {}) if response.status_code == 200 else {}
    if policy(response) != POLICY | framing and not (download and policy(response).get("default-src") == "'none'"):
        found.append("policy")
    frames = "SAMEORIGIN" if "frame-ancestors" in framing else "DENY"
    if not download and response.get("X-Frame-Options") != frames:
        found.append("frames")
    if not response.get("X-Request-Id"):
        found.append("no request id")
    directives = {part.strip() for part in response.get("Cache-Control", "").split(",")}
    if not {"private", "no-store"} <= directives:
        found.append(f"may be stored: {response.get('Cache-Control')}")
    if response.get("X-Content-Type-Options") != "nosniff":
        found.append("may be sniffed")
    if response.get("Content-Type", "").startswith("text/html"):
        text = response.content.decode()
        found += [f"inline: {hit.group()[:60]}" for hit in INLINE.finditer(text)]
        found += [f"foreign: {hit.group()[:60]}" for hit in FOREIGN.finditer(text)]
    return found


@pytest.mark.parametrize("name", ["anonymous", "clerk", "organiser", "county_reviewer", "audit_admin"])
def test_every_answer_is_private_and_without_inline_code(cast, name):
    here = world.build(cast)
    client = crawl.client_of(cast, name)
    wrong = {}
    for row in ROWS:
        if "GET" not in row.methods.split():
            continue
        found = faults(client.get(crawl.url_of(here, row)), row.name)
        if found:
            wrong[row.name] = found
    assert wrong == {}


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere/", 404), ("/login/", 200), ("/logout/", 302), ("/dossiers/%00/", 404)]
)
def test_error_pages_keep_to_it(db, path, status):
    answer = Client().get(path)
    assert (answer.status_code, faults(answer)) == (status, [])


def test_an_error_page_says_nothing_of_the_inside(cast):
    """The request id, and neither stack nor SQL nor path nor setting (R-38)."""
    answer = crawl.client_of(cast, "clerk").get("/dossiers/999999/")
    text = answer.content.decode()
    assert answer["X-Request-Id"] in text
    assert [
        word for word in ("Traceback", "SELECT", "DoesNotExist", "/work/", "settings", "django") if word in text
    ] == []


def test_too_many_fields_get_their_own_page(cast):
    """1,000 fields at most, and a page that says so (T9)."""
    client = crawl.client_of(cast, "clerk")
    answer = client.post("/password/", {f"f{number}": "" for number in range(1100)})
    assert (answer.status_code, faults(answer)) == (400, [])


def test_inline_code_is_seen():
    page = HttpResponse(
        '<p style="x"><script>1</script><a onclick=1 href="javascript:1"><script src="//e.example/x"></script>'
    )
    assert [line.split(":")[0] for line in faults(page)] == [
        "policy",
        "frames",
        "no request id",
        "may be stored",
        "may be sniffed",
        "inline",
        "inline",
        "inline",
        "inline",
        "foreign",
    ]


def test_a_looser_policy_is_seen():
    page = HttpResponse("ok")
    page["X-Request-Id"], page["Cache-Control"], page["X-Content-Type-Options"] = "a", "private, no-store", "nosniff"
    page["X-Frame-Options"] = "DENY"
    page["Content-Security-Policy"] = "; ".join(f"{name} {value}" for name, value in POLICY.items())
    assert faults(page) == []
    page["Content-Security-Policy"] += "; script-src-elem 'unsafe-inline'"
    assert faults(page) == ["policy"]
