"""The three ways on the form of a file when a person stands in another union's file (C4): shown, and asked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from beneficiaries import actions
from beneficiaries.dossiers import duplicates, intake
from beneficiaries.forms.dossier_entry import DossierForm
from beneficiaries.models import Dossier
from relief.lib import idnumber
from unions import audit
from unions.models import Union
from unions.policy import Refused
from unions.web import person_of

FIELD, CLAIM, ASK = "held_reason", "claim", "ask"


def claim_of(request: HttpRequest) -> str | None:
    """The reason of a claim when its button was pressed; None when the form is saved as usual."""
    return request.POST.get(FIELD, "")[:400] if request.POST.get("held") == CLAIM else None


def asks(request: HttpRequest) -> bool:
    """Whether the button that asks for the file was pressed."""
    return request.POST.get("held") == ASK


def ask(
    request: HttpRequest, union: Union, form: DossierForm, members: Any, own: Dossier | None = None
) -> HttpResponse | None:
    """Ask for the files of the typed persons and go to the list of requests; None when that was not asked, or the form comes back."""
    if not asks(request) or not (form.is_valid() & members.is_valid()):
        return None
    people = [form.typed(), *[row for _, row in members.rows()]]
    persons = {
        idnumber.normalise(str(row["id_number"])): str(
            row.get("name") or (own.name if own and row is people[0] else "")
        )
        for row in people
        if idnumber.is_valid(str(row.get("id_number") or ""))
    }
    try:
        actions.ask_transfer(
            by=person_of(request), union=union, persons=persons, own=own, reason=request.POST.get(FIELD, "")
        )
    except intake.Faults as faults:
        form.add_error(None, "；".join(faults.errors.values()))
        return None
    except Refused as refusal:
        if refusal.act != duplicates.ACT:
            raise
        audit.record_refusal(act=refusal.act, by=person_of(request), obj=None, reason=refusal.reason)
        form.add_error(None, refusal.reason + refusal.next_step)
        return None
    messages.success(request, "申请已提交，对方工会的填报员会在待办里看到；答复也在这一页。")
    return redirect("dossier_requests")


def shown(request: HttpRequest, form: DossierForm) -> dict[str, Any]:
    """What the template needs: the holding unions of the last try, and the reason that was typed."""
    held, here = getattr(form, "held", None), getattr(form, "held_here", [])
    own = Dossier.objects.visible_to(person_of(request)).filter(pk__in=here) if here else []
    pressed = request.POST.get("held") in (CLAIM, ASK)
    return {
        "held": held or [],
        "held_here": [(row.pk, row.number, row.get_state_display()) for row in own],
        "held_open": bool(held or here) or (pressed and bool(form.errors)),
        "held_reason": request.POST.get(FIELD, "")[:400],
        "probes_left": duplicates.probes_left(person_of(request)) if held else None,
    }
