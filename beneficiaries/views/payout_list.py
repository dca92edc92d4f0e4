"""The list of payouts: by state, filtered, with totals and the step that the person may do for many at once."""

from __future__ import annotations

from decimal import Decimal

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from beneficiaries.forms.payouts import STAGES, PayoutFilter
from beneficiaries.models import Payout, PayoutLine
from beneficiaries.payouts.facts import findings_of
from beneficiaries.payouts.rows import CHECKED, row
from beneficiaries.payouts.stages import STAGE, with_reversal
from relief.lib import clock
from unions.models import Person
from unions.policy import may_anywhere
from unions.web import page, person_of

PER_PAGE = 50
STEPS: dict[str, tuple[str, ...]] = {
    "draft": ("plan",),
    "to_review": ("review", "return"),
    "to_approve": ("approve", "return"),
    "to_second": ("second", "return"),
    "approved": ("release", "settle", "return"),
    "released": ("settle",),
    "failed": ("release", "return"),
    "": ("plan", "review", "approve", "second", "release", "settle", "return"),
}
"""Which steps lie ahead of a stage; the list of all offers every one."""
ACTS_OF: dict[str, tuple[str, ...]] = {
    "plan": ("payout.plan",),
    "review": ("payout.review",),
    "approve": ("payout.approve",),
    "second": ("payout.second",),
    "release": ("payout.release",),
    "settle": ("payout.settle",),
    "return": ("payout.return_review", "payout.return_approve", "payout.return_second"),
}
WORDS = {
    "plan": "送审",
    "review": "审核通过",
    "approve": "审批",
    "second": "第二审批",
    "release": "出账",
    "settle": "登记已发放",
    "return": "退回",
}


@page("payout.read")
def payout_list(request: HttpRequest) -> HttpResponse:
    """Payouts the person may see, newest first."""
    person = person_of(request)
    filters = PayoutFilter(request.GET, person=person)
    narrowed = filters.narrowed(with_reversal(Payout.objects.visible_to(person)))
    chosen = narrowed.filter(STAGE[filters.current_stage]) if filters.current_stage else narrowed
    shown = Paginator(_for_listing(chosen), PER_PAGE).get_page(request.GET.get("page"))
    payouts = list(shown.object_list)
    findings = findings_of([each for each in payouts if each.state in CHECKED], today=clock.today(), together=False)
    return render(
        request,
        "beneficiaries/payout_list.html",
        {
            "filters": filters,
            "chips": _chips(narrowed, filters.current_stage),
            "page": shown,
            "rows": [row(payout, findings.get(payout.pk, ())) for payout in payouts],
            "total": totals(chosen),
            "steps": steps_for(person, filters.current_stage),
            "may_draft": may_anywhere(person, "payout.draft"),
            "filtered": bool(
                filters.current_stage or any(request.GET.get(name) for name in ("campaign", "group", "source"))
            ),
        },
    )


def steps_for(person: Person, stage: str) -> list[tuple[str, str]]:
    """Key and words of the steps the person may do to payouts of the stage."""
    return [
        (step, WORDS[step]) for step in STEPS.get(stage, ()) if any(may_anywhere(person, act) for act in ACTS_OF[step])
    ]


def totals(payouts: QuerySet[Payout]) -> dict[str, int | Decimal]:
    """人次, 人 and amount of the payouts; whoever has no number counts apart (D7)."""
    heads = payouts.aggregate(
        count=Count("pk"),
        known=Count("id_index", filter=~Q(id_index=""), distinct=True),
        unknown=Count("pk", filter=Q(id_index="")),
    )
    amount = PayoutLine.objects.filter(payout__in=payouts.order_by().values("pk")).aggregate(total=Sum("amount"))[
        "total"
    ]
    return {"count": heads["count"], "persons": heads["known"] + heads["unknown"], "amount": amount or Decimal(0)}


def _for_listing(payouts: QuerySet[Payout]) -> QuerySet[Payout]:
    return (
        payouts.select_related("union", "paid_from", "campaign", "dossier")
        .prefetch_related("lines", "reversals")
        .order_by("-planned_on", "-pk")
    )


def _chips(payouts: QuerySet[Payout], stage: str) -> list[dict[str, object]]:
    counts = payouts.aggregate(
        every=Count("pk"), **{name: Count("pk", filter=condition) for name, condition in STAGE.items()}
    )
    chips: list[dict[str, object]] = [{"key": "", "label": "全部", "count": counts["every"], "current": not stage}]
    for name, label in STAGES.items():
        chips.append({"key": name, "label": label, "count": counts[name], "current": name == stage})
    return chips
