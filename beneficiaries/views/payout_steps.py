"""One step for one or many payouts: what will be done is shown first, with control totals, then done at once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from beneficiaries import actions
from beneficiaries.bankfiles.facts import bank_part
from beneficiaries.enums import PayoutState
from beneficiaries.forms.payouts import StepForm
from beneficiaries.models import Payout
from beneficiaries.payouts.facts import by_bank, findings_of
from beneficiaries.payouts.rows import CHECKED, PayoutRow, route_rows, row
from beneficiaries.payouts.stages import return_act
from beneficiaries.rules import REFUSE, WARN, Finding
from beneficiaries.views.payout_list import WORDS
from relief.lib import clock
from unions.idempotency import new_key
from unions.models import Person
from unions.policy import Refused, can
from unions.web import page, person_of, whole_number

AT_MOST = 500
NEXT_STAGE = {
    "plan": "to_review",
    "review": "to_approve",
    "approve": "approved",
    "second": "approved",
    "release": "released",
    "settle": "paid",
    "return": "draft",
}
DONE = {
    "plan": "已送审",
    "review": "已审核",
    "approve": "已审批",
    "second": "已由第二人审批",
    "release": "已出账",
    "settle": "已登记发放",
    "return": "已退回",
}
KEYED: dict[str, Callable[..., str]] = {
    "plan": actions.plan_payouts,
    "review": actions.review_payouts,
    "approve": actions.approve_payouts,
    "second": actions.second_payouts,
    "release": actions.release_payouts,
}


@page("payout.read", methods=("GET", "POST"))
def payout_step(request: HttpRequest, step: str) -> HttpResponse:
    """Confirm (GET) and do (POST) a step; payouts come as `p=id` and go back as `p=id:version`."""
    if step not in WORDS:
        raise Http404
    person = person_of(request)
    seen = _seen(request)
    reach = Payout.objects.visible_to(person).select_related("union", "paid_from", "campaign", "dossier")
    payouts = list(reach.filter(pk__in=seen).prefetch_related("lines", "reversals").order_by("-planned_on", "-pk"))
    if len(payouts) != len(seen):
        raise Http404
    if request.method == "POST":
        amount = sum((line.amount for payout in payouts for line in payout.lines.all()), Decimal(0))
        form = StepForm(request.POST, step=step, total=(len(payouts), amount), today=clock.today())
        if form.is_valid():
            receipt = _do(step, person, [(payout, seen[payout.pk]) for payout in payouts], form)
            messages.success(request, f"{len(payouts)} 笔{DONE[step]}。" + (f"回执 {receipt}。" if receipt else ""))
            two = step == "approve" and any(payout.second_needed for payout in payouts)
            stage = "to_second" if two else NEXT_STAGE[step]
            return redirect(f"{reverse('payout_list')}?{urlencode({'stage': stage})}")
        return _confirm(request, step, payouts, form, seen)
    form = StepForm(step=step, today=clock.today(), initial={"request_key": new_key()})
    return _confirm(request, step, payouts, form, {payout.pk: payout.version for payout in payouts})


def _seen(request: HttpRequest) -> dict[int, int]:
    """Ids with the versions that were on the page."""
    given = (request.POST if request.method == "POST" else request.GET).getlist("p")
    if not given:
        raise Refused("没有选中任何发放。", "请回到列表，先勾选要办理的发放。", status=422)
    if len(given) > AT_MOST:
        raise Refused(f"一次最多办理 {AT_MOST} 笔。", "请分批办理。", status=422)
    seen = {}
    for text in given:
        pk, _, version = text.partition(":")
        if not whole_number(pk):
            raise Http404
        seen[whole_number(pk)] = whole_number(version)
    return seen


def _do(step: str, person: Person, pairs: list[tuple[Payout, int]], form: StepForm) -> str:
    key = form.cleaned_data["request_key"]
    if step == "return":
        actions.return_payouts(by=person, payouts=pairs, reason=form.cleaned_data["reason"])
        return ""
    if step == "settle":
        return actions.settle_payouts(by=person, payouts=pairs, paid_on=form.cleaned_data["paid_on"], key=key)
    return KEYED[step](by=person, payouts=pairs, key=key)


def _confirm(request, step: str, payouts: list[Payout], form: StepForm, seen: dict[int, int]) -> HttpResponse:
    findings = _findings(person_of(request), step, payouts)
    ready: list[tuple[PayoutRow, int]] = []
    stuck: list[tuple[PayoutRow, str]] = []
    person, going = person_of(request), []
    for payout in payouts:
        told = findings.get(payout.pk, [])
        shown, why = row(payout, told), _obstacle(person, step, payout, told)
        if why:
            stuck.append((shown, why))
        else:
            ready.append((shown, seen[payout.pk]))
            going.append(payout)
    context = {
        "step": step,
        "words": WORDS[step],
        "form": form,
        "ready": ready,
        "shown": [shown for shown, _ in ready],
        "stuck": stuck,
        "count": len(ready),
        "amount": sum((shown.amount for shown, _ in ready), Decimal(0)),
        "routes": route_rows(going),
        "bank_part": bank_part(going) if step == "release" else None,
    }
    return render(request, "beneficiaries/payout_step.html", context)


def _findings(person: Person, step: str, payouts: list[Payout]) -> dict[int, list[Finding]]:
    """What the rules say; the money of a payout that cannot take the step is not counted against the others."""
    able = [each for each in payouts if each.state in CHECKED and not _obstacle(person, step, each, [])]
    # only those whom this person may decide about: the act is asked in `_obstacle`
    elsewhere = step != "plan"
    alone = findings_of(able, today=clock.today(), together=False, elsewhere=elsewhere)
    going = [each for each in able if not _obstacle(person, step, each, alone[each.pk])]
    return alone | findings_of(going, today=clock.today(), elsewhere=elsewhere)


def _obstacle(person: Person, step: str, payout: Payout, findings: list[Finding]) -> str:
    """Why this payout cannot take the step now; empty when it can. The action asks everything again."""
    decision = can(person, _act(step, payout), payout)
    if not decision:
        return f"{decision.reason}{decision.next_step}"
    if step == "review" and payout.reviewed_by_id is not None:
        return "已经审核过，等待审批。"
    if step == "approve" and payout.reviewed_by_id is None:
        return "还没有审核，不能审批。"
    if step == "approve" and payout.approved_by_id is not None:
        return "已经有人审批，正等第二人审批。"
    if step == "settle" and payout.state == PayoutState.APPROVED and by_bank(payout):
        return "走银行，须先出账再登记已发放。"
    if step == "return":
        return ""
    for finding in findings:
        if finding.severity == REFUSE or (finding.severity == WARN and not payout.reason):
            return finding.sentence
    return ""


def _act(step: str, payout: Payout) -> str:
    if step != "return":
        return f"payout.{step}"
    return return_act(payout)
