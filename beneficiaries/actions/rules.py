"""New versions of the rules about money: proposed by one person, looked at by another, in force from their day on."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from beneficiaries.enums import RuleEffect, RuleState
from beneficiaries.models import FundRule
from beneficiaries.rules.catalogue import CATALOGUE, weaker
from campaigns.actions.ledger import claim, refuse_sealed, remember
from campaigns.enums import FundSource
from campaigns.models import Campaign
from relief.lib import clock
from unions import audit
from unions.models import Person, Union
from unions.policy import Refused, require

FIRST_YEAR = 1949


def propose_rule(
    *,
    by: Person,
    union: Union,
    key: str,
    campaign: Campaign | None,
    effect: str,
    sources: Sequence[str],
    parameters: Mapping[str, Any],
    origin: str,
    issuer: str,
    issued_year: int,
    valid_from: datetime.date,
    request_key: str | None = None,
) -> FundRule:
    """The next version of a rule for the union and everything below it, or for one campaign that the union issues.

    It waits for a second person; versions of before are not touched.
    """
    require(by, "rule.propose", union)
    _check(union, key, campaign, effect, sources, origin, issuer, issued_year, valid_from)
    values = {
        "key": key,
        "campaign_id": campaign and campaign.pk,
        "scope_id": None if campaign else union.pk,
        "effect": effect,
        "sources": sorted(sources),
        "parameters": dict(parameters),
        "origin": origin.strip(),
        "issuer": issuer.strip(),
        "issued_year": issued_year,
        "valid_from": valid_from,
    }
    with transaction.atomic():
        claimed, receipt = claim(by, "rule.propose", request_key, {"union": union.pk, **values})
        if receipt:
            return FundRule.objects.get(pk=receipt)
        row = _inserted(by, values)
        remember(claimed, row.pk)
        audit.record(
            act="rule.propose", by=by, union=union, obj=row, fields=values, after=values, money=True,
            detail={"key": key, "version": row.version, "effect": effect},
        )  # fmt: skip
    return row


def confirm_rule(*, by: Person, rule: FundRule) -> FundRule:
    """Let the version take effect from its day on; somebody else than who proposed it."""
    return _decide(by, rule, "rule.confirm", RuleState.CONFIRMED)


def withdraw_rule(*, by: Person, rule: FundRule) -> FundRule:
    """Leave the proposal aside; it stays in the history as not taken up."""
    return _decide(by, rule, "rule.withdraw", RuleState.WITHDRAWN)


def _decide(by: Person, rule: FundRule, act: str, state: str) -> FundRule:
    require(by, act, rule)
    with transaction.atomic():
        waiting = FundRule.objects.filter(pk=rule.pk, state=RuleState.PROPOSED)
        if waiting.update(state=state, decided_by=by, decided_at=clock.db_now()) != 1:
            raise Refused("这一版刚刚已由别人办理。", "请刷新页面查看结果。", act=act, obj=rule)
        audit.record(
            act=act, by=by, union=rule.place, obj=rule, fields=["state"], after={"state": state}, money=True,
            detail={"key": rule.key, "version": rule.version},
        )  # fmt: skip
    return FundRule.objects.get(pk=rule.pk)


def _check(
    union: Union,
    key: str,
    campaign: Campaign | None,
    effect: str,
    sources: Sequence[str],
    origin: str,
    issuer: str,
    issued_year: int,
    valid_from: datetime.date,
) -> None:
    today = clock.today()
    if key not in CATALOGUE or effect not in RuleEffect.values or not set(sources) <= set(FundSource.values):
        raise _wrong("规则、效力或资金来源不在列表里。", "请从列表中重新选择。")
    if not origin.strip() or not issuer.strip():
        raise _wrong("依据和发布单位都要填。", "例如依据“工发〔2024〕5号第八条”，发布单位“青岬县总工会”。")
    if not FIRST_YEAR <= issued_year <= today.year:
        raise _wrong(f"发布年份 {issued_year} 不对。", f"请填 {FIRST_YEAR} 到 {today.year} 之间的年份。")
    if valid_from < today:
        raise _wrong("生效日期早于今天。", "规则不改变已经办完的发放，请从今天或以后生效。")
    if campaign is not None and campaign.issuer_id != union.pk:
        raise _wrong("只能给本工会发起的活动定规则。", "请改选本工会的活动，或不选活动。")
    refuse_sealed(campaign)
    if weaker(key, effect, list(sources)):
        raise _wrong(
            f"“{CATALOGUE[key].label}”保护中央财政和省财政资金，不能放松。",
            "效力请选“拒绝”，资金来源里保留中央财政和省财政。",
        )


def _inserted(by: Person, values: dict[str, Any]) -> FundRule:
    place = {name: values[name] for name in ("key", "campaign_id", "scope_id")}
    versions = FundRule.objects.filter(**place)
    if versions.filter(state=RuleState.PROPOSED).exists():
        raise _wrong("这条规则已有一版在等确认。", "请先确认或撤回那一版。", status=409)
    version = (versions.aggregate(Max("version"))["version__max"] or 0) + 1
    try:
        with transaction.atomic():
            return FundRule.objects.create(
                **values, version=version, state=RuleState.PROPOSED, proposed_by=by, proposed_at=clock.db_now()
            )
    except IntegrityError:
        raise _wrong("别人刚刚也登记了一版。", "请刷新页面后再看。", status=409) from None


def _wrong(reason: str, next_step: str, *, status: int = 422) -> Refused:
    return Refused(reason, next_step, act="rule.propose", status=status)
