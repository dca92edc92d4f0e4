"""What the pages of the ledger share: a list that is narrowed, a row that is typed in, a row that is taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from campaigns.forms.ledger import ReversalForm
from campaigns.views.answers import show_refusal
from relief.lib import clock
from unions.enums import Role
from unions.idempotency import new_key
from unions.models import Union
from unions.policy import Refused, require
from unions.web import person_of

ENTER = {Role.ENTER}
FIELDS = "components/_fields.html"
REVERSE = "冲销这一笔"
REVERSED = "已冲销。原记录保留，冲销另列一行。"


@dataclass(frozen=True)
class Entry:
    """One page on which a row is typed: at which union, under which title, and the list it comes from and leads to."""

    union: Union
    title: str
    back: str
    submit: str = "登记"
    about: str = ""
    back_args: tuple[int, ...] = ()

    @property
    def back_url(self) -> str:
        return reverse(self.back, args=self.back_args)


def marked(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each row with whether it was reversed."""
    return rows.annotate(reversed=Exists(rows.model._default_manager.filter(reverses=OuterRef("pk"))))


def keyed(request: HttpRequest, form_class: Any, **scope: Any) -> Any:
    """The form with a fresh request key, bound when something was posted."""
    initial = {"request_key": new_key(), **scope.pop("initial", {})}
    return form_class(request.POST or None, request.FILES or None, initial=initial, **scope)


def typed(request: HttpRequest, form: Any, entry: Entry, write: Callable[[dict[str, Any]], str]) -> HttpResponse:
    """The page of the form; when `write` took the values, the list with the sentence that it gave back."""
    if request.method == "POST" and form.is_valid():
        try:
            said = write(form.values())
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, said)
            return redirect(entry.back_url)
    files = any(isinstance(field, forms.FileField) for field in form.fields.values())
    context = {"form": form, "entry": entry, "files": files, "fields": getattr(form, "fields_template", FIELDS)}
    return render(request, "campaigns/ledger_form.html", context, status=422 if form.errors else 200)


def taken_back(
    request: HttpRequest, row: Any, act: str, entry: Entry, undo: Callable[..., Any], form_class: Any = ReversalForm
) -> HttpResponse:
    """The page that takes one visible row back; `undo` gets the values of the form."""
    require(person_of(request), act, row)
    form = keyed(request, form_class, initial={"reversed_on": clock.today()})

    def write(values: dict[str, Any]) -> str:
        undo(**values)
        return REVERSED

    return typed(request, form, entry, write)
