"""The rules page: who reads which rules, how a new version is typed, looked at a second time, and takes effect."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beneficiaries.actions.rules import confirm_rule, propose_rule, withdraw_rule
from beneficiaries.enums import RuleState
from beneficiaries.models import FundRule
from beneficiaries.payouts.facts import findings_of, for_checking
from relief.lib import clock
from tests.beneficiaries.payouts.conftest import line
from tests.campaigns.test_campaign_pages import text_of
from tests.campaigns.test_notices import refusal
from tests.cast import log_in
from unions.actions import create_person, grant_post
from unions.enums import Role
from unions.idempotency import new_key
from unions.models import AuditEvent, Person


def propose(cast, **changed) -> FundRule:
    values = {
        "by": cast.organiser,
        "union": cast.province,
        "key": "cap_per_contact",
        "campaign": None,
        "effect": "warn",
        "sources": [],
        "parameters": {"yuan": "200.00"},
        "origin": "工发〔2024〕5号第八条",
        "issuer": "云岭省总工会",
        "issued_year": 2024,
        "valid_from": clock.today(),
    }
    return propose_rule(**{**values, **changed})


def typed(**changed) -> dict[str, object]:
    return {
        "effect": "warn",
        "value_yuan": "200",
        "origin": "工发〔2024〕5号第八条",
        "issuer": "云岭省总工会",
        "issued_year": "2024",
        "valid_from": clock.today().isoformat(),
        "request_key": new_key(),
        **changed,
    }


def test_a_version_takes_effect_after_the_second_look(client, cast, till):
    log_in(client, cast.organiser)
    url = reverse("fund_rule_new", args=["cap_per_contact"])
    values = typed(request_key=client.get(url).context["form"]["request_key"].value())
    answers = {client.post(url, values).url for _ in range(2)}
    rule = FundRule.objects.get(key="cap_per_contact", scope=cast.province)
    assert answers == {reverse("fund_rule_detail", args=[rule.pk])}
    assert (rule.parameters, rule.state, rule.version) == ({"yuan": "200.00"}, RuleState.PROPOSED, 1)
    today = clock.today()
    payout = till.named(planned_on=today, lines=[line("own_union", "cash", "200.01")])
    assert told(payout) == ["sign_off"]
    own = client.post(reverse("fund_rule_confirm", args=[rule.pk]))
    assert own.status_code == 403
    log_in(client, cast.second_organiser)
    assert client.post(reverse("fund_rule_confirm", args=[rule.pk])).status_code == 302
    assert told(payout) == ["cap_per_contact", "sign_off"]
    assert [event.act for event in AuditEvent.objects.filter(act__startswith="rule.", outcome="done")] == [
        "rule.propose",
        "rule.confirm",
    ]


def told(payout) -> list[str]:
    rows = list(for_checking().filter(pk=payout.pk))
    return [finding.key for finding in findings_of(rows, today=clock.today())[payout.pk]]


def test_everybody_with_payouts_reads_what_binds_the_own_union(client, cast):
    confirm_rule(by=cast.second_organiser, rule=propose(cast))
    log_in(client, cast.clerk)
    shown = text_of(client.get(reverse("fund_rules")))
    assert [word in shown for word in ("先建档、后帮扶", "每人次限额", "云岭省总工会", "工发〔2024〕5号第八条")] == [
        True
    ] * 4
    rows = {row.label: row for row in client.get(reverse("fund_rules")).context["rows"]}
    assert (rows["每人次限额"].values, rows["每人次限额"].issued) == (["限额：200.00 元"], "云岭省总工会，2024 年")
    assert rows["先建档、后帮扶"].sources == "中央财政、省财政"
    assert client.get(reverse("fund_rule_new", args=["cap_per_contact"])).status_code == 403
    log_in(client, cast.system_admin)
    assert client.get(reverse("fund_rules")).status_code == 403


def test_what_came_with_the_system_has_no_first_day(client, cast):
    log_in(client, cast.clerk)
    page = client.get(reverse("fund_rules"))
    assert {row.always for row in page.context["rows"]} == {True}
    assert ("一直有效" in text_of(page), "2000年" in text_of(page)) == (True, False)


def test_another_county_does_not_see_what_binds_only_this_one(client, cast):
    hand = create_person(by=None, name="楚云开")
    grant_post(by=None, person=hand, union=cast.county, role=Role.ORGANISE)
    rule = propose(cast, by=Person.objects.get(pk=hand.pk), union=cast.county)
    for person, status in ((cast.clerk, 200), (cast.organiser, 200), (cast.stranger, 404), (cast.museum_clerk, 404)):
        log_in(client, person)
        assert client.get(reverse("fund_rule_detail", args=[rule.pk])).status_code == status


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"origin": " "}, "依据和发布单位都要填。"),
        ({"issued_year": 1900}, "发布年份 1900 不对。"),
        ({"valid_from": datetime.date(2020, 1, 1)}, "生效日期早于今天。"),
        ({"effect": "scold"}, "规则、效力或资金来源不在列表里。"),
        ({"key": "route_allowed", "effect": "warn"}, "“发放方式”保护中央财政和省财政资金，不能放松。"),
        (
            {"key": "real_name", "effect": "refuse", "sources": ["central"]},
            "“实名制”保护中央财政和省财政资金，不能放松。",
        ),
    ],
)
def test_what_is_wrong_is_named(cast, changed, expected):
    assert refusal(lambda: propose(cast, **changed)) == expected
    assert FundRule.objects.filter(state=RuleState.PROPOSED).count() == 0


def test_a_version_is_never_edited_and_one_waits_at_a_time(cast):
    first = confirm_rule(by=cast.province_approver, rule=propose(cast))
    second = propose(cast, parameters={"yuan": "500.00"})
    assert (second.version, FundRule.objects.get(pk=first.pk).parameters) == (2, {"yuan": "200.00"})
    assert refusal(lambda: propose(cast)) == "这条规则已有一版在等确认。"
    withdraw_rule(by=cast.organiser, rule=second)
    third = propose(cast, effect="off")
    assert (
        third.version,
        refusal(lambda: confirm_rule(by=cast.second_organiser, rule=FundRule.objects.get(pk=second.pk))),
    ) == (
        3,
        "当前状态是“未采用”，不能“确认资金规则”。",
    )


def test_the_form_reads_words_amounts_and_lists(client, cast):
    log_in(client, cast.organiser)
    goods = reverse("fund_rule_new", args=["banned_goods"])
    assert "购物卡" in client.get(goods).context["form"]["value_words"].value()
    posted = client.post(goods, typed(effect="refuse", value_words="购物卡、 加油卡\n名酒，", value_whole="酒"))
    assert posted.status_code == 302
    rule = FundRule.objects.get(key="banned_goods", scope=cast.province)
    assert rule.parameters == {"words": ["购物卡", "加油卡", "名酒"], "whole": ["酒"]}
    by_purpose = reverse("fund_rule_new", args=["cap_per_purpose"])
    assert client.post(by_purpose, typed(value_purposes_living="5,000", value_purposes_study="")).status_code == 302
    rule = FundRule.objects.get(key="cap_per_purpose", scope=cast.province)
    assert rule.parameters == {"purposes": {"living": "5000.00"}}
    missing = client.post(reverse("fund_rule_new", args=["cap_per_contact"]), typed(value_yuan="", origin=""))
    assert (missing.status_code, sorted(missing.context["form"].errors)) == (422, ["origin", "value_yuan"])
    assert client.get(reverse("fund_rule_new", args=["no_such_rule"])).status_code == 404


def test_a_campaign_of_the_union_gets_its_own_version(client, cast, till):
    log_in(client, cast.organiser)
    url = reverse("fund_rule_new", args=["route_allowed"])
    values = typed(effect="refuse", sources=["central", "province"], value_routes=["card", "passbook"])
    assert client.post(url, {**values, "campaign": till.campaign.pk}).status_code == 302
    rule = FundRule.objects.get(campaign=till.campaign)
    assert (rule.scope, rule.place) == (None, cast.province)
    confirm_rule(by=cast.second_organiser, rule=rule)
    log_in(client, cast.clerk)
    rows = client.get(reverse("fund_rules"), {"campaign": till.campaign.pk}).context["rows"]
    assert [row.values for row in rows if row.rule.key == "route_allowed"] in (
        [["可用方式：银行卡"]],
        [["可用方式：银行卡、存折"]],
    )


def test_the_page_asks_no_more_for_more_rules(client, cast):
    confirm_rule(by=cast.second_organiser, rule=propose(cast))
    log_in(client, cast.clerk)
    counts = []
    for key in ("cap_per_year", "cap_per_household"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("fund_rules"))
        counts.append(len(queries))
        confirm_rule(by=cast.second_organiser, rule=propose(cast, key=key))
        propose(cast, key=key, parameters={"yuan": str(Decimal(100))})
    assert counts[0] == counts[1]
