"""资金规则: which rules hold at a union, from whom and since when, and new versions of them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from beneficiaries.actions.rules import confirm_rule, propose_rule, withdraw_rule
from beneficiaries.enums import RuleState
from beneficiaries.forms.rules import RuleForm, shown
from beneficiaries.funds.statement import BEGINNING
from beneficiaries.models import FundRule
from beneficiaries.payouts.rules_in_force import rows_in_force
from beneficiaries.rules.catalogue import CATALOGUE
from campaigns.enums import FundSource
from campaigns.models import Campaign
from campaigns.querysets import own_line
from campaigns.views.answers import show_refusal
from campaigns.views.entry import keyed
from relief.lib import clock
from unions.enums import Role
from unions.models import Person, Union
from unions.policy import Refused, can
from unions.web import current_union, page, person_of, whole_number

TONES = {"refuse": "bad", "warn": "warn", "hint": "info", "off": "neutral"}


@dataclass(frozen=True)
class RuleRow:
    """One version of a rule in words."""

    rule: FundRule
    label: str
    says: str
    values: list[str]
    sources: str
    where: str
    tone: str

    @property
    def always(self) -> bool:
        """Whether it holds since before anything that can be entered."""
        return self.rule.valid_from <= BEGINNING

    @property
    def issued(self) -> str:
        """Who issued it, and the year where it is known."""
        year = f"，{self.rule.issued_year} 年" if self.rule.issued_year else ""
        return f"{self.rule.issuer}{year}"


def row_of(rule: FundRule) -> RuleRow:
    """The version as pages show it."""
    kind = CATALOGUE[rule.key]
    sources = "、".join(FundSource(source).label for source in rule.sources) or "所有来源"
    if rule.campaign is not None:
        where = f"活动“{rule.campaign.title}”"
    else:
        where = f"{rule.scope.name}及下级" if rule.scope is not None else "随系统提供，所有工会"
    return RuleRow(rule, kind.label, kind.says, kind.words(rule.parameters), sources, where, TONES[rule.effect])


def _reach(person: Person):
    """Shipped rules, rules of the unions on the person's lines up and down, and of campaigns that reach the person."""
    line = {union_id for post in person.posts_now() for union_id in post.union.line_ids()}
    mine = Q(scope__in=line) | own_line(person, "scope__path")
    standing = Q(campaign=None) & (Q(scope=None) | mine)
    rows = FundRule.objects.filter(standing | Q(campaign__in=Campaign.objects.visible_to(person).values("pk")))
    return rows.select_related("scope", "campaign__issuer", "proposed_by", "decided_by")


@page("rule.read")
def fund_rules(request: HttpRequest) -> HttpResponse:
    """The rules that hold today at the current union, alone or under a campaign; what waits; what could be taken up."""
    person, union = person_of(request), current_union(request)
    campaigns = list(Campaign.objects.visible_to(person).published().filter(closed_at__isnull=True))
    wanted = whole_number(request.GET.get("campaign"))
    campaign = next((each for each in campaigns if each.pk == wanted), None)
    line, today = union.line_ids(), clock.today()
    known = list(_reach(person))
    held = rows_in_force(known, campaign and campaign.pk, today, line)
    order = list(CATALOGUE)
    held.sort(key=lambda rule: order.index(rule.key))
    keys = {rule.key for rule in held}
    context = {
        "union": union,
        "campaigns": campaigns,
        "campaign": campaign,
        "rows": [row_of(rule) for rule in held],
        "waiting": [row_of(rule) for rule in known if rule.state == RuleState.PROPOSED],
        "coming": [row_of(rule) for rule in known if _is_coming(rule, line, today)],
        "idle": [CATALOGUE[key] for key in order if key not in keys],
        "may_propose": bool(can(person, "rule.propose", union)),
        "tab": "rules",
    }
    return render(request, "beneficiaries/fund_rules.html", context)


def _is_coming(rule: FundRule, line: list[int], today: datetime.date) -> bool:
    here = rule.scope_id is None or rule.scope_id in line
    return rule.state == RuleState.CONFIRMED and rule.valid_from > today and here


@page("rule.propose", methods=("GET", "POST"))
def fund_rule_new(request: HttpRequest, key: str) -> HttpResponse:
    """A new version of a rule for the current union and below, or for one of its campaigns."""
    person, union = person_of(request), current_union(request, {Role.ORGANISE})
    if key not in CATALOGUE:
        raise Http404
    now, in_force = _now_at(person, union, key)
    form = keyed(request, RuleForm, key=key, union=union, initial=shown(now, union, clock.today()))
    if request.method == "POST" and form.is_valid():
        try:
            rule = propose_rule(by=person, union=union, key=key, **form.values())
        except Refused as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"已登记“{CATALOGUE[key].label}”第 {rule.version} 版，等另一个人确认后生效。")
            return redirect("fund_rule_detail", pk=rule.pk)
    context = {
        "form": form,
        "union": union,
        "kind": CATALOGUE[key],
        "now": row_of(now) if now else None,
        "in_force": in_force,
    }
    return render(request, "beneficiaries/fund_rule_new.html", context, status=422 if form.errors else 200)


def _now_at(person: Person, union: Union, key: str) -> tuple[FundRule | None, bool]:
    """The version whose values the form starts from, and whether it holds: else what the system brought as a sample."""
    known = list(_reach(person).filter(key=key))
    held = rows_in_force(known, None, clock.today(), union.line_ids())
    return (held[-1], True) if held else (next((rule for rule in known if rule.scope_id is None), None), False)


@page("rule.read")
def fund_rule_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One version with those before and after it; a waiting one can be confirmed here."""
    person = person_of(request)
    rule: FundRule = get_object_or_404(_reach(person), pk=pk)
    same = _reach(person).filter(key=rule.key, campaign=rule.campaign_id, scope=rule.scope_id).order_by("-version")
    versions = [row_of(each) for each in same]
    waiting = rule.state == RuleState.PROPOSED
    context: dict[str, Any] = {
        "row": row_of(rule),
        "kind": CATALOGUE[rule.key],
        "versions": versions,
        "may_confirm": can(person, "rule.confirm", rule) if waiting else None,
        "may_withdraw": can(person, "rule.withdraw", rule) if waiting else None,
    }
    return render(request, "beneficiaries/fund_rule_detail.html", context)


@page("rule.confirm", methods=("POST",))
def fund_rule_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a version take effect."""
    person = person_of(request)
    rule = confirm_rule(by=person, rule=get_object_or_404(_reach(person), pk=pk))
    messages.success(request, f"已确认，{rule.valid_from:%Y-%m-%d} 起生效。")
    return redirect("fund_rule_detail", pk=pk)


@page("rule.withdraw", methods=("POST",))
def fund_rule_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a proposed version aside."""
    person = person_of(request)
    withdraw_rule(by=person, rule=get_object_or_404(_reach(person), pk=pk))
    messages.success(request, "已撤回，这一版不生效。")
    return redirect("fund_rule_detail", pk=pk)
