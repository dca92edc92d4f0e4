"""What was typed on the form of a file and is not saved: kept every few seconds, offered again, with rows added."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict

from beneficiaries import actions
from beneficiaries.forms.kept import boxes, said_in
from beneficiaries.models import Dossier, EntryDraft
from unions import idempotency
from unions.models import Union
from unions.web import person_of


@dataclass(frozen=True)
class Typed:
    """The values to show in the boxes instead of the stored ones; `kept_at` when they come from a draft."""

    head: dict[str, Any]
    rows: list[dict[str, Any]]
    kept_at: datetime.datetime | None = None


def answer(request: HttpRequest, union: Union, dossier: Dossier | None = None) -> HttpResponse | None:
    """The answer to keeping or dropping a draft; None for every other request."""
    if request.method != "POST":
        return None
    person = person_of(request)
    if "autosave" in request.POST:
        kept = actions.keep_draft(by=person, union=union, dossier=dossier, typed=boxes(request.POST))
        return render(request, "beneficiaries/_draft_state.html", {"kept_at": kept.saved_at})
    if "discard" in request.POST:
        actions.drop_draft(by=person, union=union, dossier=dossier)
        return redirect(request.path)
    return None


def typed(request: HttpRequest, union: Union, dossier: Dossier | None = None) -> Typed | None:
    """What the form shows without judging it: what was typed when a row was asked for, or the draft of this person."""
    if request.method == "POST":
        return Typed(*said_in(request.POST)) if "add_member" in request.POST else None
    row = EntryDraft.objects.visible_to(person_of(request)).filter(union=union, dossier=dossier).first()
    if row is None:
        return None
    body: Any = row.body
    key = (body.get("request_key") or [""])[-1]
    if dossier is None and idempotency.was_answered(by=person_of(request), act="dossier.open", key=key):
        # A keystroke that arrived after the save: this file has been opened already.
        return None
    return Typed(*said_in(MultiValueDict(body)), kept_at=row.saved_at)
