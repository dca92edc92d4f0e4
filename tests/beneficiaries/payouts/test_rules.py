"""Each rule of domain.md 2.4: what it stops, in which words, and what it leaves alone."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.enums import FINANCE_PURPOSES, Purpose, Route
from beneficiaries.rules import CHECKS, HINT, REFUSE, WARN, DossierFacts, LineFacts, PayoutFacts, Rule, check
from campaigns.enums import FundSource

DAY = datetime.date(2024, 1, 16)
FINANCE = frozenset({"central", "province"})
NOTICE = "《通知》四（二）"
DOSSIER = DossierFacts("G1-0001", datetime.date(2023, 6, 12), True, "在档")
RULES = [
    Rule("dossier_required", REFUSE, f"{NOTICE}先建档、后帮扶", FINANCE),
    Rule("route_allowed", REFUSE, f"{NOTICE}通过银行卡发放", FINANCE, {"routes": ["card"]}),
    Rule("real_name", REFUSE, f"{NOTICE}实名制", FINANCE, {"others_wrong": WARN, "others_missing": HINT}),
    Rule("purpose_allowed", REFUSE, "六项用途", FINANCE, {"purposes": ["living", "medical"]}),
    Rule("banned_goods", REFUSE, "《通知》四（一）", frozenset(), {"words": ["购物卡"], "whole": ["烟", "酒"]}),
    Rule("card_number", WARN, "银行卡号校验规则", frozenset(), {"missing": HINT}),
    Rule("funds_cover", WARN, "资金足额使用要求"),
    Rule("same_household", WARN, "防止重复救助"),
]


def of(*lines: LineFacts, **more) -> PayoutFacts:
    available = {source: Decimal(100_000) for source in FundSource.values}
    return PayoutFacts(
        **{"day": DAY, "purpose": "medical", "lines": lines, "dossier": DOSSIER, "available": available, **more}
    )


def money(source="central", route="card", amount="300.00", item="") -> LineFacts:
    return LineFacts(source, route, Decimal(amount), item)


def said(facts: PayoutFacts) -> list[tuple[str, str, str]]:
    return [(finding.severity, finding.sentence, finding.field) for finding in check(facts, RULES)]


def test_a_payout_by_the_rules_passes():
    assert said(of(money(), money("own_union", "goods", "80", "大米"))) == []


@pytest.mark.parametrize(
    ("facts", "sentence", "field"),
    [
        (
            of(money(route="cash")),
            f"中央财政资金只能通过银行卡发放，不能发现金。依据：{NOTICE}通过银行卡发放。",
            "lines-0-route",
        ),
        (
            of(money("own_union", "cash"), money("province", "passbook")),
            f"省财政资金只能通过银行卡发放，不能发存折。依据：{NOTICE}通过银行卡发放。",
            "lines-1-route",
        ),
        (
            of(money(), dossier=None),
            f"中央财政资金先建档、后帮扶：这一笔没有选职工档案。依据：{NOTICE}先建档、后帮扶。",
            "dossier",
        ),
        (
            of(money(), dossier=replace(DOSSIER, active=False, state="已审核")),
            f"中央财政资金先建档、后帮扶：档案 G1-0001 是“已审核”，发放时须已在档。依据：{NOTICE}先建档、后帮扶。",
            "dossier",
        ),
        (
            of(money(), dossier=replace(DOSSIER, opened_on=DAY)),
            "中央财政资金先建档、后帮扶：档案 G1-0001 的建档日期（2024年1月16日）须早于发放日期（2024年1月16日）。"
            f"依据：{NOTICE}先建档、后帮扶。",
            "planned_on",
        ),
        (
            of(money(), has_id=False),
            f"中央财政资金实行实名制：没有填写身份证号。依据：{NOTICE}实名制。",
            "id_number",
        ),
        (of(money(), id_fault="末位不对。"), f"中央财政资金实行实名制：末位不对。依据：{NOTICE}实名制。", "id_number"),
        (
            of(money(), purpose=Purpose.RELIEF_VISIT),
            "中央财政资金只能用于生活救助、医疗救助，不能用于“慰问”。依据：六项用途。",
            "purpose",
        ),
        (
            of(money("own_union", "goods", "100", "超市购物卡")),
            "“超市购物卡”在禁购清单内，不能作慰问品。依据：《通知》四（一）。",
            "lines-0-item",
        ),
    ],
)
def test_what_is_refused_says_why(facts, sentence, field):
    assert said(facts) == [(REFUSE, sentence, field)]


@pytest.mark.parametrize(
    ("facts", "severity", "sentence"),
    [
        (of(money("own_union", "cash"), id_fault="末位不对。"), WARN, f"证件号有误：末位不对。依据：{NOTICE}实名制。"),
        (
            of(money("own_union", "cash"), has_id=False),
            HINT,
            f"没有身份证号：按单独一人统计，可能重复。依据：{NOTICE}实名制。",
        ),
        (of(money("own_union"), card_fault="卡号末位不符。"), WARN, "卡号末位不符。依据：银行卡号校验规则。"),
        (of(money("own_union"), has_card=False), HINT, "没有银行卡号，出账前请补上。依据：银行卡号校验规则。"),
        (
            of(money("employer", "cash", "900"), available={"employer": Decimal("800.00")}),
            WARN,
            "行政拨付可用 800.00 元，这一笔要 900.00 元，少 100.00 元：减少金额，或写明何时补足。依据：资金足额使用要求。",
        ),
        (
            of(money(), others=("青岬县实验小学工会",)),
            WARN,
            "同一户在本活动、同一用途已由青岬县实验小学工会登记发放，请先与对方核对。依据：防止重复救助。",
        ),
    ],
)
def test_what_is_warned_of_says_why(facts, severity, sentence):
    assert [(each[0], each[1]) for each in said(facts)] == [(severity, sentence)]


@pytest.mark.parametrize("item", ["酒精", "烟台苹果", "大米、食用油", "购物袋", "消毒酒精2瓶"])
def test_harmless_goods_pass(item):
    assert said(of(money("own_union", "goods", "50", item))) == []


@pytest.mark.parametrize("item", ["酒", "酒2瓶", "大米、烟", "购 物 卡", "油和酒", "ＶＩＰ购物卡"])
def test_banned_goods_are_seen_in_disguise(item):
    assert [each[0] for each in said(of(money("own_union", "goods", "50", item)))] == [REFUSE]


def test_a_passbook_has_no_check_digit():
    assert said(of(money("own_union", "passbook"), card_fault="卡号末位不符。")) == []


def test_the_caps_bind_when_an_issuer_adopts_them():
    caps = [
        Rule("cap_per_contact", WARN, "市工会标准", frozenset(), {"yuan": "3000.00"}),
        Rule("cap_per_year", WARN, "市工会标准", frozenset(), {"yuan": "6000.00"}),
        Rule("cap_living", REFUSE, "20号文", FINANCE, {"months": 12}),
    ]
    facts = of(
        money(amount="3000.01"),
        year_total={"central": Decimal("3000.00")},
        purpose="living",
        standard=Decimal("250.00"),
    )
    assert [finding.sentence for finding in check(facts, caps)] == [
        "生活救助每户每年不超过 12 个月低保标准（3,000.00 元），加本次是 3,000.01 元。依据：20号文。",
        "本次 3,000.01 元，超过每人次 3,000.00 元。依据：市工会标准。",
        "本年已领 3,000.00 元，加本次 6,000.01 元，超过每人每年 6,000.00 元。依据：市工会标准。",
    ]
    at_the_cap = of(
        money(amount="3000.00"),
        year_total={"central": Decimal("3000.00")},
        purpose="living",
        standard=Decimal("250.00"),
    )
    assert check(at_the_cap, caps) == []


def test_an_unknown_key_is_an_error():
    with pytest.raises(KeyError):
        check(of(money()), [Rule("no_such_rule", REFUSE, "")])


lines = st.builds(
    LineFacts,
    st.sampled_from(FundSource.values),
    st.sampled_from(Route.values),
    st.decimals("0.01", "99999", places=2),
    st.sampled_from(["", "大米", "购物卡", "酒", "棉被"]),
)
payouts = st.builds(
    of,
    lines,
    lines,
    purpose=st.sampled_from(Purpose.values),
    has_id=st.booleans(),
    id_fault=st.sampled_from(["", "末位不对。"]),
    dossier=st.sampled_from([None, DOSSIER, replace(DOSSIER, active=False), replace(DOSSIER, opened_on=DAY)]),
)


@given(payouts)
def test_finance_money_passes_only_when_every_condition_holds(facts):
    """The law of 四（二）, written again without the product's checks."""
    bound = [line for line in facts.lines if line.source in FINANCE]
    lawful = all(line.route == "card" for line in bound) and (
        not bound
        or (
            facts.dossier is not None
            and facts.dossier.active
            and facts.dossier.opened_on < facts.day
            and facts.has_id
            and not facts.id_fault
            and facts.purpose in {"living", "medical"}
        )
    )
    banned = any(line.item in {"购物卡", "酒"} for line in facts.lines)
    refused = any(finding.severity == REFUSE for finding in check(facts, RULES))
    assert refused == (not lawful or banned)


@given(payouts)
def test_every_finding_names_its_rule_and_a_field_of_the_page(facts):
    for finding in check(facts, RULES):
        origins = [rule.origin for rule in RULES if rule.key == finding.key]
        assert finding.sentence.endswith(f"依据：{origins[0]}。")
        assert finding.field.split("-")[0] in {
            "dossier",
            "planned_on",
            "purpose",
            "id_number",
            "card_number",
            "union_member",
            "self_paid",
            "lines",
            "reason",
        }
        assert finding.key in CHECKS


def test_the_six_purposes_do_not_include_a_plain_gift():
    assert Purpose.RELIEF_VISIT not in FINANCE_PURPOSES
