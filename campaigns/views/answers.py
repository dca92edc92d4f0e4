"""How the pages of this app answer: a refused act at the form, a stale save with both values, a page of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from campaigns.forms.campaigns import Sentences
from unions.policy import Refused, Stale

PER_PAGE = 50


def show_refusal(form: Sentences, refusal: Refused, version: int | None = None) -> list[tuple[str, str, str]]:
    """Write the refusal into the form and return the differences of a stale save; a missing right is raised again.

    After a stale save the form carries the `version` stored now, so that saving once more keeps the typed values.
    """
    if refusal.status == 403:
        raise refusal
    form.add_error(None, f"{refusal.reason}{refusal.next_step}")
    if isinstance(refusal, Stale):
        form.saw(version)
        return refusal.differences
    return []


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any]) -> Page[Any]:
    """The asked page of a list; a page that is not there is the nearest one."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def posted_version(request: HttpRequest) -> int:
    """The version the page carried; 0 when it was no number: then nothing matches."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
