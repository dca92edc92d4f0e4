"""Templates: every one is used, none carries inline code, and an undefined variable fails."""

from __future__ import annotations

import re

import pytest
from django.template import engines

from tests.guards.sources import ROOT, python_files

TEMPLATES = ROOT / "templates"
# Opened by the server's own machinery, by settings or by Django itself.
NAMED_ELSEWHERE = {"unions/locked.html": "AXES_LOCKOUT_TEMPLATE"}
# Printed by WeasyPrint, never sent to a browser: no CSP there, and their sheets and annex are rendered by our own templates.
PRINTED = {
    "beneficiaries/dossier_sheet.html",
    "beneficiaries/payout_list_sheet.html",
    "beneficiaries/public_list_paper.html",
    "campaigns/notice_pdf.html",
    "reporting/_sheet_document.html",
    "reporting/bundle_receipt.html",
    "unions/password_letters.html",
}
INLINE = re.compile(r"<style\b|<script(?![^>]*\bsrc=)|\sstyle\s*=|\son[a-z]+\s*=|javascript:", re.IGNORECASE)
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)
# A filter that switches escaping off turns a name into markup.
UNESCAPED = re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off")


def templates() -> dict[str, str]:
    return {str(p.relative_to(TEMPLATES)): p.read_text(encoding="utf-8") for p in sorted(TEMPLATES.rglob("*.*"))}


def shown() -> dict[str, str]:
    """The templates of pages: all but the printed ones."""
    return {name: text for name, text in templates().items() if name not in PRINTED}


def unused(pages: dict[str, str], code: list[str]) -> list[str]:
    """Templates that nothing names: neither code nor another template."""
    lonely = []
    for name in pages:
        stem = name.removesuffix(".html")
        others = [text for other, text in pages.items() if other != name]
        if not any(name in text or f"{stem}." in text for text in [*code, *others]):
            lonely.append(name)
    return sorted(set(lonely) - set(NAMED_ELSEWHERE))


def inline(pages: dict[str, str]) -> list[str]:
    """Scripts, styles and handlers that the CSP would switch off (D24)."""
    found = []
    for name, text in pages.items():
        bare = COMMENT.sub("", text)
        found += [
            f"{name}:{bare.count(chr(10), 0, hit.end()) + 1} {hit.group().strip()}" for hit in INLINE.finditer(bare)
        ]
    return found


def foreign(pages: dict[str, str]) -> list[str]:
    """Assets from elsewhere: every script, sheet, font and picture is local (R-36)."""
    pattern = re.compile(r"<(?:script|link|img|iframe|form)[^>]*(?:src|href|action)=[\"'](?:https?:)?//", re.IGNORECASE)
    return [name for name, text in pages.items() if pattern.search(text)]


def unescaped(pages: dict[str, str]) -> list[str]:
    return [
        f"{name} {hit.group()}" for name, text in pages.items() for hit in UNESCAPED.finditer(COMMENT.sub("", text))
    ]


def posts_without_token(pages: dict[str, str]) -> list[str]:
    """Forms that post without their CSRF token."""
    pattern = re.compile(r"<form\b[^>]*method=[\"']?post[^>]*>(.*?)</form>", re.IGNORECASE | re.DOTALL)
    return [name for name, text in pages.items() for body in pattern.findall(text) if "csrf_token" not in body]


def test_every_template_is_used():
    assert unused(templates(), [file.text for file in python_files()]) == []


def test_no_inline_code():
    assert inline(shown()) == []


def test_no_foreign_assets():
    assert foreign(templates()) == []


def test_nothing_is_marked_safe():
    assert unescaped(shown()) == []


def test_every_form_that_posts_carries_its_token():
    assert posts_without_token(templates()) == []


def test_every_template_compiles():
    for name in templates():
        if name.endswith(".html"):
            engines["django"].get_template(name)


def test_an_undefined_variable_fails():
    page = engines["django"].from_string("<p>{{ misspelt }}</p>")
    with pytest.raises(AssertionError) as failure:
        page.render({})
    assert str(failure.value) == "Undefined variable in a template: misspelt"


def test_an_unused_template_is_seen():
    pages = {"unions/old.html": "", "unions/login.html": "{% include 'unions/_part.html' %}", "unions/_part.html": ""}
    assert unused(pages, ['render(request, "unions/login.html")']) == ["unions/old.html"]


def test_inline_code_is_seen():
    pages = {
        "a.html": '<p\n style="color:red">',
        "b.html": "<script>x()</script>",
        "c.html": '<a onclick="x()">',
        "d.html": '<script src="/x.js" defer></script>{# style="" #}',
        "e.html": '<a href="javascript:x()">',
    }
    assert inline(pages) == ["a.html:2 style=", "b.html:1 <script", "c.html:1 onclick=", "e.html:1 javascript:"]


def test_a_foreign_asset_is_seen():
    pages = {
        "a.html": '<link rel="stylesheet" href="https://elsewhere.example/x.css">',
        "b.html": '<script src="//x.example">',
    }
    assert foreign(pages) == ["a.html", "b.html"]


def test_unescaped_text_is_seen():
    assert unescaped({"a.html": "{{ name|safe }}", "b.html": "{% autoescape off %}"}) == [
        "a.html |safe",
        "b.html {% autoescape off",
    ]


def test_a_form_without_token_is_seen():
    pages = {"a.html": '<form method="post"><input></form>', "b.html": '<form method="post">{% csrf_token %}</form>'}
    assert posts_without_token(pages) == ["a.html"]
