"""The ways out of a file: 脱困 and 注销, the offer to another union, and asking anew."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from beneficiaries import actions
from beneficiaries.actions import leaving
from beneficiaries.forms.dossiers import ReasonForm
from beneficiaries.forms.leaving import CloseForm, OfferForm
from beneficiaries.models import Dossier
from beneficiaries.views.dossiers import load
from relief.lib import clock, idnumber
from unions.policy import can
from unions.web import page, person_of


@page("dossier.close", methods=("GET", "POST"))
def dossier_close(request: HttpRequest, pk: int) -> HttpResponse:
    """脱困 or 注销, with reason and day."""
    person = person_of(request)
    dossier = load(person, pk)
    initial = {"version": dossier.version, "on": clock.today()}
    form = CloseForm(request.POST or None, person=person, dossier=dossier, initial=initial)
    if request.method == "POST" and form.is_valid():
        closed = actions.close_dossier(by=person, dossier=dossier, **form.cleaned_data)
        messages.success(request, f"档案 {dossier.number} 现在是“{closed.get_state_display()}”。")
        return redirect("dossier_detail", pk=pk)
    return _leaving_page(request, dossier, form, "dossier.close", "脱困、注销", "办理退出")


@page("dossier.transfer", methods=("GET", "POST"))
def dossier_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer the file to another union, which has to accept it."""
    person = person_of(request)
    dossier = load(person, pk)
    form = OfferForm(request.POST or None, union=dossier.union, initial={"version": dossier.version})
    if request.method == "POST" and form.is_valid():
        move = actions.offer_dossier(by=person, dossier=dossier, **form.cleaned_data)
        messages.success(request, f"已请{move.to_union.called}接收；对方同意以后档案才转过去，现在仍由本工会保管。")
        return redirect("dossier_requests")
    return _leaving_page(request, dossier, form, "dossier.transfer", "转到别的工会", "请对方接收")


@page("dossier.reopen", methods=("GET", "POST"))
def dossier_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask anew for a household that left (返困)."""
    person = person_of(request)
    dossier = load(person, pk)
    form = ReasonForm(request.POST or None, initial={"version": dossier.version})
    if request.method == "POST" and form.is_valid():
        actions.reopen_dossier(by=person, dossier=dossier, **form.cleaned_data)
        messages.success(request, f"档案 {dossier.number} 已回到草稿，请重新评估后提交申请。")
        return redirect("dossier_detail", pk=pk)
    return _leaving_page(request, dossier, form, "dossier.reopen", "重新申请（返困）", "回到草稿")


def _leaving_page(
    request: HttpRequest, dossier: Dossier, form: ReasonForm, act: str, title: str, button: str
) -> HttpResponse:
    under_way, drafts = leaving.open_payouts(dossier) if act != "dossier.reopen" else (0, 0)
    context = {
        "form": form,
        "pk": dossier.pk,
        "number": dossier.number,
        "masked_name": idnumber.mask_name(dossier.name),
        "state": dossier.state,
        "title": title,
        "button": button,
        "under_way": under_way,
        "drafts": drafts,
        "decision": can(person_of(request), act, dossier),
    }
    return render(request, "beneficiaries/dossier_leave.html", context, status=422 if form.is_bound else 200)
